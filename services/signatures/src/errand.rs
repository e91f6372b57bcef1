//! Documents that are out: to be signed with a key at somebody's own desk, where this server never sees it.

use crate::document;
use ::signing::tool::Errand;
use store::{AuditEntry, FromRow, Reader, Row, Tx, in_list, params};
use types::{Day, Error, Id, Result, Timestamp};

/// Characters of a reason that are kept.
const TOLD_MAX: usize = 500;
/// So long after the end of its passes an errand is kept, so that its page still tells what came of it.
const KEPT_SECONDS: i64 = 24 * 3600;

/// A document that is out, or came back.
#[derive(Debug, Clone)]
pub(crate) struct SentOut {
    pub document: Id,
    pub signer: Id,
    /// Who sent it out, and signs it.
    pub officer: Id,
    /// What was sent out.
    pub file: Id,
    /// The document's revision then.
    pub revision: i64,
    /// Number and day that come with the agency's seal.
    pub numbered: Option<(String, Day)>,
    pub errand: Errand,
    /// SHA-256 of what came back and was taken.
    pub taken: Option<String>,
    /// Why what came back was not taken.
    pub told: Option<String>,
    /// The signature that was made of it.
    pub signature: Option<Id>,
}

impl FromRow for SentOut {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let (number, day): (Option<String>, Option<Day>) = (row.get(5)?, row.get(6)?);
        let errand: String = row.get(7)?;
        Ok(Self {
            document: row.get(0)?,
            signer: row.get(1)?,
            officer: row.get(2)?,
            file: row.get(3)?,
            revision: row.get(4)?,
            numbered: number.zip(day),
            errand: serde_json::from_str(&errand).map_err(Error::internal)?,
            told: row.get(8)?,
            signature: row.get(9)?,
            taken: row.get(10)?,
        })
    }
}

const COLUMNS: &str =
    "document_id, signer_id, officer_id, file_id, revision, number, numbered_on, errand, told, signature_id, taken";

/// A document to be sent out.
#[derive(Debug, Clone)]
pub(crate) struct NewErrand {
    pub document: Id,
    pub unit: Id,
    pub signer: Id,
    pub officer: Id,
    pub file: SentFile,
    pub revision: i64,
    pub numbered: Option<(String, Day)>,
    pub errand: Errand,
}

/// The file that is sent out.
#[derive(Debug, Clone)]
pub(crate) enum SentFile {
    /// The document's own.
    Own(Id),
    /// That with number and day in it.
    Numbered(files::Kept),
}

/// Sends a document out. An earlier sending by the same person is no longer good.
pub(crate) fn send_out(tx: &mut Tx<'_>, new: &NewErrand) -> Result<Id> {
    tx.lock("signing_document", new.document)?;
    if let Some(numbered) = &new.numbered {
        let at = tx.at();
        document::refuse_number_out(tx, (new.document, new.unit), (numbered, at))?;
    }
    tx.exec(
        "DELETE FROM signing_errand WHERE document_id = $1 AND officer_id = $2 AND signature_id IS NULL",
        params![new.document, new.officer],
    )?;
    let file = match &new.file {
        SentFile::Own(file) => *file,
        SentFile::Numbered(kept) => files::enter(tx, kept)?,
    };
    let id = tx.id()?;
    let (number, day) = new.numbered.clone().unzip();
    tx.exec(
        "INSERT INTO signing_errand (id, document_id, signer_id, officer_id, file_id, revision, number, numbered_on, errand, until)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        params![
            id,
            new.document,
            new.signer,
            new.officer,
            file,
            new.revision,
            number,
            day,
            serde_json::to_string(&new.errand).map_err(Error::internal)?,
            new.errand.until()
        ],
    )?;
    let detail = serde_json::json!({ "errand": id, "signer": new.signer, "number": new.numbered.as_ref().map(|(number, _)| number) });
    let (action, entity) = ("signatures.send-out", "signing_document");
    tx.audit(&AuditEntry { action, entity, entity_id: new.document, unit: Some(new.unit), detail })?;
    Ok(id)
}

/// The errand with this id.
pub(crate) fn by_id(reader: &mut Reader<'_>, id: Id) -> Result<Option<SentOut>> {
    reader.opt(&format!("SELECT {COLUMNS} FROM signing_errand WHERE id = $1"), params![id])
}

/// The same, kept from others until this write ends.
pub(crate) fn locked(tx: &mut Tx<'_>, id: Id) -> Result<Option<SentOut>> {
    tx.lock("signing_errand", id)?;
    by_id(tx, id)
}

/// The title of another document of the agency with which a number is out.
pub(crate) fn out_with(
    reader: &mut Reader<'_>,
    (document, unit): (Id, Id),
    ((number, day), at): (&(String, Day), Timestamp),
) -> Result<Option<String>> {
    let out: Option<(String,)> = reader.opt(
        "SELECT d.title FROM signing_errand e JOIN signing_document d ON d.id = e.document_id
         WHERE e.number = $1 AND e.document_id <> $2 AND d.unit_id = $3 AND substr(e.numbered_on, 1, 4) = $4
            AND e.signature_id IS NULL AND e.told IS NULL AND e.until > $5 LIMIT 1",
        params![number, document, unit, day.0.year().to_string(), at],
    )?;
    Ok(out.map(|(title,)| title))
}

/// Forgets errands that ended; answers how many.
pub(crate) fn forget(tx: &mut Tx<'_>) -> Result<u64> {
    let before = tx.at().plus_seconds(-KEPT_SECONDS);
    tx.exec_counted("DELETE FROM signing_errand WHERE until < $1", params![before])
}

/// Whether any errand is to be forgotten.
pub(crate) fn has_ended(reader: &mut Reader<'_>, now: Timestamp) -> Result<bool> {
    let before = now.plus_seconds(-KEPT_SECONDS);
    let ended: Option<(Id,)> =
        reader.opt("SELECT id FROM signing_errand WHERE until < $1 ORDER BY until LIMIT 1", params![before])?;
    Ok(ended.is_some())
}

/// Of these, the person's own.
pub(crate) fn own(reader: &mut Reader<'_>, ids: &[Id], officer: Id) -> Result<Vec<SentOut>> {
    let mut all: Vec<SentOut> = Vec::new();
    for block in ids.chunks(in_list::BLOCK) {
        let mut values = Vec::new();
        let list = in_list(1, block, &mut values);
        let sql = format!("SELECT {COLUMNS} FROM signing_errand WHERE id IN ({list}) ORDER BY id");
        all.extend(reader.all::<SentOut>(&sql, &values)?);
    }
    all.retain(|sent| sent.officer == officer);
    Ok(all)
}

/// Keeps what became of an errand's passes.
pub(crate) fn keep(tx: &mut Tx<'_>, id: Id, errand: &Errand) -> Result<()> {
    let errand = serde_json::to_string(errand).map_err(Error::internal)?;
    tx.exec("UPDATE signing_errand SET errand = $1 WHERE id = $2", params![errand, id])
}

/// Keeps why what came back was not taken.
pub(crate) fn refuse(tx: &mut Tx<'_>, id: Id, why: &str) -> Result<()> {
    let told: String = why.chars().take(TOLD_MAX).collect();
    tx.exec("UPDATE signing_errand SET told = $1 WHERE id = $2 AND signature_id IS NULL", params![told, id])
}

/// Keeps which signature it became, and the SHA-256 of what was taken.
///
/// # Errors
/// `Conflict` when the document was sent out anew meanwhile.
pub(crate) fn fulfil(tx: &mut Tx<'_>, id: Id, (signature, taken): (Id, &str)) -> Result<()> {
    let kept = tx.exec_counted(
        "UPDATE signing_errand SET signature_id = $1, taken = $2, told = NULL WHERE id = $3",
        params![signature, taken, id],
    )?;
    if kept == 1 {
        Ok(())
    } else {
        Err(Error::conflict("Văn bản vừa được gửi ký lại; bản này không còn dùng được."))
    }
}
