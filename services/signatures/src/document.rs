//! Documents that are signed here: who still has to sign, which file is the last, and every signature made.
//!
//! A document belongs to a record. Whoever holds an open task of that record has the document in hand; whether that person
//! may sign it, or seal it for the agency, is a matter of rights.

mod numbers;
mod own_way;
mod placing;
mod role;
mod signature;
mod waiting;

pub(crate) use numbers::{next, refuse_number_out, refuse_twice};
pub(crate) use own_way::signed_by_name;
pub use own_way::{Sent, send};
pub(crate) use placing::{Placed, place};
pub use role::Role;
pub(crate) use role::{number_of_main, open_attachments, roles};
pub(crate) use signature::{Made, NewSignature, Seen, Want, add, seen, seen_columns, waive, want};
pub use signature::{Signature, of_document, unstamped};
pub(crate) use waiting::{LISTED_MAX, Waiting, in_hand, waiting, ways_on};

use crate::look::{Kept, Spot};
use crate::signer::SignerKind;
use store::{AuditEntry, FromRow, Reader, Row, Tx, in_list, params};
use types::{Day, Error, Id, Result, Timestamp};

/// Characters of a title.
pub const TITLE_MAX: usize = 300;
/// The most documents of one record.
const OF_RECORD_MAX: i64 = 20;

/// How far a document has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// It waits for a person's signature.
    Drafted,
    /// A person signed; the agency has not sealed it yet.
    Signed,
    /// Done: signed and sealed.
    Sealed,
    /// Taken back.
    Withdrawn,
    /// An attachment whose document is not sealed yet.
    Attached,
}

impl State {
    /// As it is kept.
    pub fn number(self) -> i64 {
        match self {
            Self::Drafted => 0,
            Self::Signed => 1,
            Self::Sealed => 2,
            Self::Withdrawn => 3,
            Self::Attached => 4,
        }
    }

    fn of(number: i64) -> Result<Self> {
        let all = [Self::Drafted, Self::Signed, Self::Sealed, Self::Withdrawn, Self::Attached];
        let found = all.into_iter().find(|state| state.number() == number);
        found.ok_or_else(|| Error::internal(format!("a document of state {number}")))
    }

    /// Who signs next.
    pub fn waits_for(self) -> Option<SignerKind> {
        match self {
            Self::Drafted => Some(SignerKind::Person),
            Self::Signed => Some(SignerKind::Agency),
            Self::Sealed | Self::Withdrawn | Self::Attached => None,
        }
    }

    /// The state in which a document waits for a signature of this kind.
    pub(crate) fn before(kind: SignerKind) -> Self {
        match kind {
            SignerKind::Person => Self::Drafted,
            SignerKind::Agency => Self::Signed,
        }
    }
}

/// A document.
#[derive(Debug, Clone)]
pub struct Document {
    pub id: Id,
    pub record: Id,
    /// The agency in whose name it is signed.
    pub unit: Id,
    pub title: String,
    /// The file as it was before anybody signed.
    pub first_file: Id,
    /// The file with the last signature.
    pub file: Id,
    pub role: Role,
    /// Where on its pages the person's signature is seen.
    pub spot: Spot,
    /// Where number and date were kept free, in the file that goes to be signed.
    pub kept: Option<Kept>,
    pub state: State,
    /// Number and symbol.
    pub number: Option<String>,
    /// The day that it carries.
    pub numbered_on: Option<Day>,
    pub added_at: Timestamp,
    /// When and why it was taken back.
    pub withdrawn: Option<(Timestamp, String)>,
    /// Changes with everything that is done to it.
    pub revision: i64,
}

impl Document {
    /// How far it has come, in a word, for people.
    pub fn standing(&self) -> &'static str {
        match (self.state, self.role) {
            (State::Drafted, _) => "Chờ ký",
            (State::Attached, _) => "Chờ văn bản chính",
            (State::Signed, Role::Main) => "Đã ký, chờ đóng dấu",
            (State::Signed, _) => "Chờ đóng dấu",
            (State::Sealed, Role::Main) => "Đã ký và đóng dấu",
            (State::Sealed, _) => "Đã đóng dấu",
            (State::Withdrawn, _) => "Đã rút",
        }
    }
}

impl FromRow for Document {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            record: row.get(1)?,
            unit: row.get(2)?,
            title: row.get(3)?,
            first_file: row.get(4)?,
            file: row.get(5)?,
            state: State::of(row.get(6)?)?,
            number: row.get(7)?,
            numbered_on: row.get(8)?,
            added_at: row.get(9)?,
            revision: row.get(10)?,
            spot: Spot::of(&row.get::<String>(11)?)?,
            withdrawn: row.get::<Option<Timestamp>>(12)?.zip(row.get(13)?),
            role: Role::of(&row.get::<String>(14)?, row.get(15)?)?,
            kept: row.get::<Option<String>>(16)?.as_deref().map(Kept::of).transpose()?,
        })
    }
}

const COLUMNS: &str =
    "id, record_id, unit_id, title, first_file_id, file_id, state, number, numbered_on, added_at, revision, spot,
    withdrawn_at, withdrawn_because, role, main_id, kept";

/// A document to be entered.
#[derive(Debug, Clone)]
pub struct NewDocument<'a> {
    pub record: Id,
    pub unit: Id,
    pub title: &'a str,
    pub role: Role,
    /// A PDF that can be signed: see [`crate::fit_to_sign`].
    pub file: Id,
    pub spot: Spot,
    /// The same file with places for number and date, and where they are: see [`crate::look::keep_places`].
    pub kept: Option<(Kept, Id)>,
}

/// Enters a document that waits for a signature: a person's, or the agency's at once where nobody else signs.
///
/// # Errors
/// `Invalid` without a title, or with the field `role` for an attachment of what is no document of the record; `Conflict`
/// when the record has too many.
pub fn enter(tx: &mut Tx<'_>, new: &NewDocument<'_>) -> Result<Id> {
    let id = tx.id()?;
    enter_as(tx, id, new)?;
    Ok(id)
}

/// The same under an id that was drawn before.
fn enter_as(tx: &mut Tx<'_>, id: Id, new: &NewDocument<'_>) -> Result<()> {
    let title = types::text::clean(new.title);
    if title.is_empty() || title.chars().count() > TITLE_MAX {
        return Err(Error::invalid("title", format!("Ghi tên văn bản, nhiều nhất {TITLE_MAX} chữ.")));
    }
    let (count,): (i64,) =
        tx.one("SELECT count(*) FROM signing_document WHERE record_id = $1 AND state <> 3", params![new.record])?;
    if count >= OF_RECORD_MAX {
        return Err(Error::conflict(format!("Một hồ sơ có nhiều nhất {OF_RECORD_MAX} văn bản trình ký.")));
    }
    let state = role::first_state(tx, new)?;
    let at = tx.at();
    let by = tx.actor().officer().ok_or_else(|| Error::internal("a document is entered by an officer"))?;
    let (kept, file) = new.kept.map_or((None, new.file), |(kept, file)| (Some(kept.code()), file));
    let (role, main) = (new.role.code(), new.role.main());
    tx.exec(
        "INSERT INTO signing_document (id, record_id, unit_id, title, role, main_id, first_file_id, file_id, state, added_at,
            added_by, revision, spot, kept)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1, $12, $13)",
        params![
            id,
            new.record,
            new.unit,
            &title,
            role,
            main,
            new.file,
            file,
            state.number(),
            at,
            by,
            new.spot.code().as_ref(),
            kept
        ],
    )?;
    let detail = serde_json::json!({ "record": new.record, "file": new.file, "role": role, "main": main });
    tell(tx, "signatures.enter-document", (id, new.unit), detail)
}

/// Takes back a document, with its attachments. A number that it has stays spent (Decree 30/2020/NĐ-CP,
/// 15).
///
/// # Errors
/// `Conflict` when it is taken back already.
pub fn withdraw(tx: &mut Tx<'_>, document: &Document, reason: &str) -> Result<()> {
    if document.state == State::Withdrawn {
        return Err(Error::conflict("Văn bản này đã được rút trước đó."));
    }
    set(tx, document, (State::Withdrawn, document.file))?;
    let (at, by) = (tx.at(), tx.actor().officer());
    tx.exec(
        "UPDATE signing_document SET withdrawn_at = $1, withdrawn_by = $2, withdrawn_because = $3 WHERE id = $4",
        params![at, by, reason, document.id],
    )?;
    tx.exec(
        "DELETE FROM signature_wait WHERE signature_id IN (SELECT id FROM document_signature WHERE document_id = $1)",
        params![document.id],
    )?;
    own_way::taken_back(tx, document)?;
    let detail = serde_json::json!({ "record": document.record });
    tell(tx, "signatures.withdraw-document", (document.id, document.unit), detail)?;
    for attachment in role::attachments(tx, document.id)? {
        withdraw(tx, &attachment, reason)?;
    }
    Ok(())
}

/// Puts a file in the place of the last one: the same document with a timestamp or with proof.
///
/// # Errors
/// `Conflict` when the document changed since its file was read.
pub(crate) fn complete(tx: &mut Tx<'_>, document: &Document, (file, what): (&files::Kept, &str)) -> Result<Id> {
    let id = files::enter(tx, file)?;
    set(tx, document, (document.state, id))?;
    let detail = serde_json::json!({ "record": document.record, "what": what, "hash": file.hash });
    tell(tx, "signatures.complete", (document.id, document.unit), detail)?;
    Ok(id)
}

/// Gives it its next state and file; somebody else's change in between is a conflict.
fn set(tx: &mut Tx<'_>, document: &Document, (state, file): (State, Id)) -> Result<()> {
    let changed = tx.exec_counted(
        "UPDATE signing_document SET state = $1, file_id = $2, revision = revision + 1 WHERE id = $3 AND revision = $4",
        params![state.number(), file, document.id, document.revision],
    )?;
    if changed == 1 { Ok(()) } else { Err(outdated()) }
}

pub(crate) fn outdated() -> Error {
    Error::conflict("Văn bản này vừa được người khác ký hoặc thay đổi. Ông/bà hãy tải lại trang.")
}

fn tell(tx: &mut Tx<'_>, action: &str, (id, unit): (Id, Id), detail: serde_json::Value) -> Result<()> {
    tx.audit(&AuditEntry { action, entity: "signing_document", entity_id: id, unit: Some(unit), detail })
}

/// The document with this id.
pub fn by_id(reader: &mut Reader<'_>, id: Id) -> Result<Option<Document>> {
    reader.opt(&format!("SELECT {COLUMNS} FROM signing_document WHERE id = $1"), params![id])
}

/// The documents with these ids, in no order.
pub fn by_ids(reader: &mut Reader<'_>, ids: &[Id]) -> Result<Vec<Document>> {
    let mut all = Vec::with_capacity(ids.len());
    for block in ids.chunks(in_list::BLOCK) {
        let mut values = Vec::new();
        let list = in_list(1, block, &mut values);
        all.extend(
            reader.all::<Document>(&format!("SELECT {COLUMNS} FROM signing_document WHERE id IN ({list})"), &values)?,
        );
    }
    Ok(all)
}

/// Whether a document of the record has this file, as it is or as it was brought.
pub fn has_file(reader: &mut Reader<'_>, record: Id, file: Id) -> Result<bool> {
    let found: Option<(Id,)> = reader.opt(
        "SELECT id FROM signing_document WHERE record_id = $1 AND (file_id = $2 OR first_file_id = $2) LIMIT 1",
        params![record, file],
    )?;
    Ok(found.is_some())
}

/// The documents of these records that were not taken back, oldest first.
pub fn of_records(reader: &mut Reader<'_>, records: &[Id]) -> Result<Vec<Document>> {
    let mut all = Vec::new();
    for block in records.chunks(in_list::BLOCK) {
        let mut values = Vec::new();
        let list = in_list(1, block, &mut values);
        let sql = format!(
            "SELECT {COLUMNS} FROM signing_document WHERE record_id IN ({list}) AND state <> 3 ORDER BY record_id, id"
        );
        all.extend(reader.all::<Document>(&sql, &values)?);
    }
    Ok(all)
}

/// The documents of a record that were not taken back, oldest first.
pub fn of_record(reader: &mut Reader<'_>, record: Id) -> Result<Vec<Document>> {
    let sql = format!("SELECT {COLUMNS} FROM signing_document WHERE record_id = $1 AND state <> 3 ORDER BY id");
    reader.all(&sql, params![record])
}
