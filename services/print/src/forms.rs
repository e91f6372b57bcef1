//! The data of the official forms (Annex I of Circular 03/2025/TT-VPCP; form II.06 of Circular 01/2020/TT-VPCP), typed, so that a system fills fields and
//! never writes a template. Empty optional fields print as the dotted line that the paper form has there.
//!
//! [`CertificateRequestsData`] is no form but a list of facts; [`Stamp`] is no form but the look of a signature (Decree 30/2020/NĐ-CP).
//!
//! Names in JSON are the names of the fields here; moments are RFC 3339 with Viet Nam's offset. A province that
//! changes a template relies on them, so a field is added, never renamed.

mod certificate_requests;
mod control_sheet;
mod figures;
mod letter;
mod receipt;
mod stamp;

pub use certificate_requests::{CertificateRequestsData, NamedCertificate, RequestLine, RequestSheet};
pub use control_sheet::{
    ControlSheetData, CountedDay, DayKind, DueTimeExplained, HandOver, Holder, Outcome, Stop, StopEffect,
};
pub use figures::{FIGURES_COLUMNS, FiguresData, FiguresRow};
pub use letter::{Letter, LetterData, Signatory};
pub use receipt::{
    Copy, Delivery, DeliveryWay, PaperForm, Party, ProcessingTime, ReceiptData, ReceivedPaper, RegisterEntry, Tracking,
};
pub use stamp::{
    AgencySeal, AttachmentLines, COMMUNE_SEAL_MM, CopyForm, CopyLines, DatePicture, NumberPicture, PersonSignature,
    Picture, PictureError, Stamp, StampImage, StampKind,
};

use serde::{Deserialize, Serialize};

/// The left head of a form. Names are written as in a sentence; the template puts them in capitals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgencyHead {
    /// The superior agency (cơ quan chủ quản), e.g. "Ủy ban nhân dân tỉnh Đắk Lắk"; not every agency prints one.
    pub superior: Option<String>,
    /// The agency in whose name the form is issued.
    pub agency: String,
    /// The counter (trung tâm phục vụ hành chính công, bộ phận một cửa), printed below the agency.
    pub counter: Option<String>,
}

/// A procedure (thủ tục hành chính) as the forms name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProcedureName {
    /// Code in the national catalogue, `1.001193` style.
    pub code: String,
    /// Full official name.
    pub title: String,
}
