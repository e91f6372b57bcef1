//! What a document is to others: one of its own, an attachment in a file of its own, or a copy. Attachments and copies carry
//! no person's signature: the agency's stands on them, in lines at the upper right (Decree 30/2020/NĐ-CP, Annex I).

use super::{COLUMNS, Document, NewDocument, State, tell};
use print::forms::CopyForm;
use std::collections::BTreeMap;
use store::{Reader, Tx, in_list, params};
use types::{Day, Error, Id, Result};

/// The most attachments of one document: as many as a record has documents.
const ATTACHMENTS_MAX: i64 = super::OF_RECORD_MAX;

/// What a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A document of its own: a person signs it, then the agency seals it.
    Main,
    /// An attachment of another document of the record (văn bản kèm theo): it carries that one's number and is sealed after it.
    Attachment {
        /// The document that it goes with.
        of: Id,
    },
    /// A copy that the agency makes (bản sao).
    Copy(CopyForm),
}

impl Role {
    /// As it is kept.
    pub fn code(self) -> &'static str {
        match self {
            Self::Main => "main",
            Self::Attachment { .. } => "attachment",
            Self::Copy(CopyForm::Full) => "copy-full",
            Self::Copy(CopyForm::Extract) => "copy-extract",
            Self::Copy(CopyForm::OfCopy) => "copy-of-copy",
        }
    }

    /// What people read.
    pub fn title(self) -> &'static str {
        match self {
            Self::Main => "Văn bản",
            Self::Attachment { .. } => "Văn bản kèm theo",
            Self::Copy(form) => form.title(),
        }
    }

    /// The title of a document with what it is, where it is none of its own.
    pub(crate) fn named(self, title: &str) -> String {
        match self {
            Self::Main => title.to_owned(),
            role => format!("{title} ({})", role.title().to_lowercase()),
        }
    }

    /// The document that it goes with.
    pub(super) fn main(self) -> Option<Id> {
        match self {
            Self::Attachment { of } => Some(of),
            Self::Main | Self::Copy(_) => None,
        }
    }

    /// The role with this code.
    ///
    /// # Errors
    /// `Invalid` with the field `role`.
    pub fn of(code: &str, main: Option<Id>) -> Result<Self> {
        let attachment = main.map(|of| Self::Attachment { of });
        let copies = CopyForm::ALL.into_iter().map(Self::Copy);
        let found = copies.chain([Self::Main]).chain(attachment).find(|role| role.code() == code);
        found.ok_or_else(|| Error::invalid("role", "Chọn loại văn bản."))
    }
}

/// Where a new document begins.
///
/// # Errors
/// `Invalid` with the field `role`.
pub(super) fn first_state(tx: &mut Tx<'_>, new: &NewDocument<'_>) -> Result<State> {
    let Role::Attachment { of } = new.role else {
        return Ok(if new.role == Role::Main { State::Drafted } else { State::Signed });
    };
    // Neither sealed nor taken back while this one is entered.
    tx.lock("signing_document", of)?;
    let main = super::by_id(tx, of)?.filter(|main| main.record == new.record && main.role == Role::Main);
    match main.map(|main| main.state) {
        Some(State::Drafted | State::Signed) => Ok(State::Attached),
        Some(State::Sealed) => Ok(State::Signed),
        Some(State::Withdrawn | State::Attached) | None => {
            Err(Error::invalid("role", "Văn bản chính không còn trong hồ sơ này. Hãy chọn lại."))
        }
    }
}

/// The attachments of a document that were not taken back.
pub(super) fn attachments(reader: &mut Reader<'_>, main: Id) -> Result<Vec<Document>> {
    let sql = format!("SELECT {COLUMNS} FROM signing_document WHERE main_id = $1 AND state <> 3 ORDER BY id LIMIT $2");
    reader.all(&sql, params![main, ATTACHMENTS_MAX])
}

/// The document is sealed: its attachments wait for the seal now, each of them with its number.
pub(super) fn release(tx: &mut Tx<'_>, document: &Document) -> Result<()> {
    for attachment in attachments(tx, document.id)? {
        if attachment.state != State::Attached {
            continue;
        }
        super::set(tx, &attachment, (State::Signed, attachment.file))?;
        let detail = serde_json::json!({ "record": attachment.record, "main": document.id });
        tell(tx, "signatures.release-attachment", (attachment.id, attachment.unit), detail)?;
    }
    Ok(())
}

/// The attachments of these documents that are neither sealed nor taken back.
pub(crate) fn open_attachments(reader: &mut Reader<'_>, documents: &[Id]) -> Result<Vec<Document>> {
    let mut all = Vec::new();
    for block in documents.chunks(in_list::BLOCK) {
        let mut values = Vec::new();
        let list = in_list(1, block, &mut values);
        let sql =
            format!("SELECT {COLUMNS} FROM signing_document WHERE main_id IN ({list}) AND state IN (1, 4) ORDER BY id");
        all.extend(reader.all::<Document>(&sql, &values)?);
    }
    Ok(all)
}

/// What these documents are.
pub(crate) fn roles(reader: &mut Reader<'_>, documents: &[Id]) -> Result<BTreeMap<Id, Role>> {
    Ok(super::by_ids(reader, documents)?.into_iter().map(|document| (document.id, document.role)).collect())
}

/// Number and day of the document with which an attachment goes.
pub(crate) fn number_of_main(reader: &mut Reader<'_>, document: &Document) -> Result<Option<(String, Day)>> {
    let Some(main) = document.role.main() else { return Ok(None) };
    let sql = "SELECT number, numbered_on FROM signing_document WHERE id = $1";
    let (number, day): (Option<String>, Option<Day>) = reader.one(sql, params![main])?;
    Ok(number.zip(day))
}
