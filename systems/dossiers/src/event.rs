//! The timeline of a dossier: what happened, by whom, on whose behalf, with which reason and file.

use store::{FromRow, Json, Reader, Row, Tx, params};
use types::{Id, Result, Timestamp};

/// What kind of thing happened; the word in the database is stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventKind {
    Received,
    Taken,
    Passed,
    SentBack,
    Noted,
    SupplementRequested,
    PaymentRequested,
    Resumed,
    Withdrawn,
    Stopped,
    Finished,
    Delivered,
    Reassigned,
    Supplemented,
    ResultReplaced,
    Submitted,
    Refused,
    Apologised,
    /// A form of our own that was sent to be signed was taken back.
    FormTakenBack,
    /// The words of a form of our own were put right.
    FormCorrected,
}

/// What the form about an event says beyond the event's own words.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum Particulars {
    /// An apology: who is at fault, when the result was due, and when it is to be had now.
    Apology {
        at_fault: String,
        due_at: Timestamp,
        new_due_at: Timestamp,
        /// It was written less than a working day before the result was due.
        #[serde(default)]
        late: bool,
    },
    /// A stop: fees that are given back, in đồng.
    Stop { refund: u64 },
    /// A receipt or a request: when the result was due then. A stop moves that later, and what was said stays said.
    Due { due_at: Timestamp },
    /// A correction: of which event, and what its form says beyond words now.
    Correction { event: Id, particulars: Option<Box<Particulars>> },
}

impl EventKind {
    const ALL: [(Self, &'static str, &'static str); 20] = [
        (Self::Received, "received", "Tiếp nhận hồ sơ"),
        (Self::Taken, "taken", "Nhận xử lý"),
        (Self::Passed, "passed", "Chuyển bước"),
        (Self::SentBack, "sent_back", "Trả lại bước trước"),
        (Self::Noted, "noted", "Ghi chú"),
        (Self::SupplementRequested, "supplement_requested", "Yêu cầu bổ sung giấy tờ, dừng tính thời gian"),
        (Self::PaymentRequested, "payment_requested", "Yêu cầu nghĩa vụ tài chính, dừng tính thời gian"),
        (Self::Resumed, "resumed", "Tiếp tục giải quyết"),
        (Self::Withdrawn, "withdrawn", "Công dân rút hồ sơ"),
        (Self::Stopped, "stopped", "Dừng giải quyết"),
        (Self::Finished, "finished", "Có kết quả"),
        (Self::Delivered, "delivered", "Trả kết quả"),
        (Self::Reassigned, "reassigned", "Chuyển người xử lý"),
        (Self::Supplemented, "supplemented", "Nhận giấy tờ bổ sung"),
        (Self::ResultReplaced, "result_replaced", "Thay tệp kết quả"),
        (Self::Submitted, "submitted", "Trình ký văn bản"),
        (Self::Refused, "refused", "Từ chối tiếp nhận hồ sơ"),
        (Self::Apologised, "apologised", "Xin lỗi và hẹn lại ngày trả kết quả"),
        (Self::FormTakenBack, "form_taken_back", "Rút giấy tờ đang trình ký"),
        (Self::FormCorrected, "form_corrected", "Sửa nội dung giấy tờ gửi công dân"),
    ];

    /// The word in the database and the API.
    pub fn code(self) -> &'static str {
        Self::ALL.iter().find(|(kind, ..)| *kind == self).map_or("", |(_, code, _)| code)
    }

    /// What people read.
    pub fn title(self) -> &'static str {
        Self::ALL.iter().find(|(kind, ..)| *kind == self).map_or("", |(.., title)| title)
    }

    fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known, _)| *known == code).map(|(kind, ..)| *kind)
    }
}

/// Something that is to be written down.
#[derive(Debug, Clone, Default)]
pub struct NewEvent<'a> {
    pub from_step: Option<&'a str>,
    pub to_step: Option<&'a str>,
    pub to_post: Option<Id>,
    /// The note or reason.
    pub text: Option<&'a str>,
    pub file: Option<Id>,
    pub particulars: Option<&'a Particulars>,
}

/// Writes an event of the acting officer at the command's moment.
pub fn add(tx: &mut Tx<'_>, dossier: Id, kind: EventKind, new: &NewEvent<'_>) -> Result<()> {
    let (id, at, actor) = (tx.id()?, tx.at(), tx.actor());
    tx.exec(
        "INSERT INTO dossier_event (id, dossier_id, at, kind, officer_id, on_behalf_of, from_step, to_step, to_post, text, file_id,
            particulars)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        params![
            id, dossier, at, kind.code(), actor.officer(), actor.on_behalf_of(), new.from_step, new.to_step, new.to_post,
            new.text, new.file, new.particulars.map(Json)
        ],
    )?;
    Ok(())
}

/// Something that happened.
#[derive(Debug, Clone)]
pub struct Event {
    pub id: Id,
    pub at: Timestamp,
    pub kind: EventKind,
    pub officer: Option<Id>,
    pub on_behalf_of: Option<Id>,
    pub from_step: Option<String>,
    pub to_step: Option<String>,
    pub to_post: Option<Id>,
    pub text: Option<String>,
    pub file: Option<Id>,
    pub particulars: Option<Particulars>,
    /// The form about it that was sent to be signed last.
    pub document: Option<Id>,
}

impl FromRow for Event {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let kind: String = row.get(1)?;
        Ok(Self {
            at: row.get(0)?,
            kind: EventKind::from_code(&kind)
                .ok_or_else(|| types::Error::internal(format!("an event of unknown kind {kind}")))?,
            officer: row.get(2)?,
            on_behalf_of: row.get(3)?,
            from_step: row.get(4)?,
            to_step: row.get(5)?,
            to_post: row.get(6)?,
            text: row.get(7)?,
            file: row.get(8)?,
            id: row.get(9)?,
            particulars: row.get::<Option<Json<Particulars>>>(10)?.map(|Json(particulars)| particulars),
            document: row.get(11)?,
        })
    }
}

impl Event {
    /// An apology that was written too late.
    pub fn is_late(&self) -> bool {
        matches!(self.particulars, Some(Particulars::Apology { late: true, .. }))
    }
}

const COLUMNS: &str =
    "at, kind, officer_id, on_behalf_of, from_step, to_step, to_post, text, file_id, id, particulars, document_id";

/// The timeline, oldest first.
pub fn of_dossier(reader: &mut Reader<'_>, dossier: Id) -> Result<Vec<Event>> {
    reader.all(&format!("SELECT {COLUMNS} FROM dossier_event WHERE dossier_id = $1 ORDER BY id"), params![dossier])
}

/// Notes which document its form became.
pub fn set_document(tx: &mut Tx<'_>, event: Id, document: Id) -> Result<()> {
    tx.exec("UPDATE dossier_event SET document_id = $1 WHERE id = $2", params![document, event])
}
