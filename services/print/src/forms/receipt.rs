//! Form 01: giấy tiếp nhận hồ sơ và hẹn trả kết quả.

use super::{AgencyHead, ProcedureName};
use crate::{Asset, Job, Page, PrintError, Template, qr_svg};
use serde::{Deserialize, Serialize};
use types::Timestamp;

/// What form 01 says. Becomes a PDF by [`ReceiptData::job`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptData {
    /// Marks every page "BẢN DEMO – dữ liệu hư cấu".
    pub demo: bool,
    /// Which of the procedure's facts were not verified against an official source, in words ("quyết định công bố");
    /// the form names them, and says nothing when there are none.
    pub unverified: Vec<String>,
    /// Left head.
    pub head: AgencyHead,
    /// "Số", the whole of it, e.g. `0127/TNHS`.
    pub number: Option<String>,
    /// Place before the date ("địa danh"), e.g. "An Bình".
    pub place: String,
    /// Dossier code (mã hồ sơ).
    pub dossier_code: String,
    /// Full name of the counter that received ("bộ phận tiếp nhận và trả kết quả").
    pub counter: String,
    /// Whose dossier it is.
    pub party: Party,
    /// Who handed it in, where that is not the party.
    pub submitted_by: Option<String>,
    /// The procedure asked for ("nội dung yêu cầu giải quyết").
    pub procedure: ProcedureName,
    /// What is asked for in the party's own words, where that says more than the procedure's name.
    pub request: Option<String>,
    /// Papers received ("thành phần hồ sơ nộp gồm"); none for a procedure whose data the state already has.
    pub papers: Vec<ReceivedPaper>,
    /// Sets of the dossier ("số lượng hồ sơ").
    pub sets: u32,
    /// Time the procedure takes by law.
    pub processing_time: ProcessingTime,
    /// "Thời gian nhận hồ sơ".
    pub received_at: Timestamp,
    /// "Thời gian trả kết quả giải quyết hồ sơ".
    pub due_at: Timestamp,
    /// "Đăng ký nhận kết quả tại".
    pub delivery: Option<Delivery>,
    /// "Vào sổ theo dõi hồ sơ".
    pub register: Option<RegisterEntry>,
    /// How the party follows the dossier.
    pub tracking: Tracking,
    /// The counter officer who received.
    pub officer: String,
    /// Copies (liên) to print, one after the other; usually both.
    pub copies: Vec<Copy>,
}

/// A citizen or organisation on a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// Full name.
    pub name: String,
    /// Address as given.
    pub address: Option<String>,
    /// Telephone number as given.
    pub phone: Option<String>,
    /// E-mail address as given.
    pub email: Option<String>,
}

/// One paper of a received dossier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceivedPaper {
    /// The requirement it meets (thành phần hồ sơ).
    pub requirement: String,
    /// What kind of paper was handed in.
    pub form: PaperForm,
    /// How many.
    pub count: u32,
}

/// What kind of paper was handed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaperForm {
    /// Bản chính.
    Original,
    /// Bản sao có chứng thực.
    CertifiedCopy,
    /// Bản chụp, đối chiếu bản chính.
    PlainCopy,
    /// Tờ khai, mẫu đơn.
    Form,
    /// Bản điện tử.
    Electronic,
    /// The state already has it: khai thác từ cơ sở dữ liệu, not handed in.
    FromDatabase,
}

/// Time that a procedure takes by law.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "unit", content = "amount", rename_all = "snake_case")]
pub enum ProcessingTime {
    /// Ngày làm việc.
    WorkingDays(u32),
    /// Giờ làm việc.
    WorkingHours(u32),
    /// Ngày (calendar days).
    CalendarDays(u32),
    /// Tháng.
    Months(u32),
    /// Trong ngày làm việc.
    SameDay,
}

/// How and where the party takes the result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// The way chosen.
    pub way: DeliveryWay,
    /// Where: the counter's name, the postal address, the e-mail or account.
    pub at: Option<String>,
}

/// The three ways a result reaches a party.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryWay {
    /// Nhận trực tiếp.
    Counter,
    /// Qua dịch vụ bưu chính.
    Post,
    /// Bản điện tử.
    Online,
}

/// Where the dossier stands in the register of dossiers (form 07).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisterEntry {
    /// "Quyển số", e.g. `01/2026`.
    pub book: String,
    /// "Số thứ tự".
    pub ordinal: u32,
}

/// How the party follows the dossier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tracking {
    /// The unguessable link, printed as a QR code. Holds no personal data.
    pub link: String,
    /// Address of the look-up page as a person types it, e.g. `anbinh.gov.vn/tra-cuu`.
    pub page: String,
    /// Short code to type there with the dossier code.
    pub lookup_code: String,
}

/// One copy (liên) of the receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Copy {
    /// Liên 1: stays with the counter.
    Counter,
    /// Liên 2: goes to who handed the dossier in.
    Party,
    /// Neither: the counter officer signs the file itself, in a place that is kept for it.
    Electronic,
}

impl ReceiptData {
    /// The print job of this receipt, with the QR code of its tracking link.
    ///
    /// # Errors
    /// [`PrintError::QrTooLong`] when the link does not fit a QR code.
    pub fn job(&self, page: Page, made_at: Timestamp) -> Result<Job, PrintError> {
        let qr = qr_svg(&self.tracking.link)?;
        Ok(Job {
            template: Template::named("receipt"),
            ident: format!("{}/form-01", self.dossier_code),
            data: serde_json::to_value(self).map_err(|e| PrintError::Protocol(e.to_string()))?,
            assets: vec![Asset { name: "qr.svg".into(), bytes: qr.into_bytes() }],
            page,
            made_at,
        })
    }

    /// A receipt with every field filled and names long enough to wrap; fictional, and marked so.
    pub fn sample() -> Self {
        let at = |s: &str| s.parse().expect("a moment written in this file");
        let paper = |requirement: &str, form, count| ReceivedPaper { requirement: requirement.into(), form, count };
        Self {
            demo: true,
            unverified: vec!["giấy tờ «Văn bản ủy quyền»".into(), "quyết định công bố".into()],
            head: AgencyHead {
                superior: Some("Ủy ban nhân dân tỉnh Đắk Lắk".into()),
                agency: "Ủy ban nhân dân xã An Bình".into(),
                counter: Some("Trung tâm Phục vụ hành chính công".into()),
            },
            number: Some("0127/TNHS".into()),
            place: "An Bình".into(),
            dossier_code: "H15.50.05-261120-0027".into(),
            counter: "Trung tâm Phục vụ hành chính công xã An Bình".into(),
            party: Party {
                name: "Công Tằng Tôn Nữ Nguyễn Thị Mỹ Hạnh Uyên Phương".into(),
                address: Some(
                    "Số 12, ngõ 45, đường Nguyễn Thị Minh Khai, thôn Buôn Ea Khít, xã An Bình, tỉnh Đắk Lắk".into(),
                ),
                phone: Some("0905 123 456".into()),
                email: Some("myhanh.nguyen@vidu.vn".into()),
            },
            submitted_by: Some("Đặng Đình Ưởng".into()),
            procedure: ProcedureName {
                code: "1.001193".into(),
                title: "Đăng ký khai sinh kết hợp đăng ký nhận cha, mẹ, con có yếu tố nước ngoài tại khu vực biên giới"
                    .into(),
            },
            request: Some("Đăng ký khai sinh cho cháu Chẩu Thị Xuyến Chi".into()),
            papers: vec![
                paper("Tờ khai đăng ký khai sinh theo mẫu", PaperForm::Form, 1),
                paper("Giấy chứng sinh do cơ sở khám bệnh, chữa bệnh nơi trẻ em sinh ra cấp", PaperForm::Original, 1),
                paper("Giấy tờ chứng minh quan hệ cha con, mẹ con", PaperForm::CertifiedCopy, 2),
                paper("Văn bản ủy quyền thực hiện việc đăng ký khai sinh", PaperForm::PlainCopy, 1),
                paper("Giấy chứng nhận kết hôn của cha, mẹ", PaperForm::FromDatabase, 1),
            ],
            sets: 1,
            processing_time: ProcessingTime::WorkingDays(3),
            received_at: at("2026-11-20T14:05"),
            due_at: at("2026-11-26T14:05"),
            delivery: Some(Delivery {
                way: DeliveryWay::Counter,
                at: Some("Trung tâm Phục vụ hành chính công xã An Bình".into()),
            }),
            register: Some(RegisterEntry { book: "01/2026".into(), ordinal: 127 }),
            tracking: Tracking {
                link: "https://anbinh.vidu.vn/t/7Hq2mVx9KcTzP4wB".into(),
                page: "anbinh.vidu.vn/tra-cuu".into(),
                lookup_code: "K7QM".into(),
            },
            officer: "Lò Thị Mẩy".into(),
            copies: vec![Copy::Counter, Copy::Party],
        }
    }

    /// The same receipt with every optional field empty and one copy.
    pub fn sample_bare() -> Self {
        let full = Self::sample();
        Self {
            unverified: Vec::new(),
            head: AgencyHead { superior: None, counter: None, ..full.head },
            number: None,
            party: Party { name: "Lò Thị Mẩy".into(), address: None, phone: None, email: None },
            submitted_by: None,
            request: None,
            papers: vec![],
            processing_time: ProcessingTime::SameDay,
            delivery: None,
            register: None,
            copies: vec![Copy::Party],
            ..full
        }
    }
}
