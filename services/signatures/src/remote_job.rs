//! What a remote service was asked to sign, until its key's owner has answered on a phone.

use crate::document::{Seen, seen, seen_columns};
use ::signing::Outline;
use ::signing::remote::Job;
use serde::de::DeserializeOwned;
use store::{AuditEntry, FromRow, Reader, Row, Tx, params};
use types::{Day, Error, Id, Result, Timestamp};

/// Characters of a reason that are kept.
const TOLD_MAX: usize = 500;
/// So long after its end a job is kept, so that its page still tells what came of it.
const KEPT_SECONDS: i64 = 24 * 3600;

/// A job with its documents apart.
#[derive(Debug, Clone)]
pub(crate) struct RemoteJob {
    pub id: Id,
    pub signer: Id,
    /// Who asked, and agrees on the phone.
    pub officer: Id,
    /// What the phone shows.
    pub description: String,
    pub job: Job,
    pub until: Timestamp,
    pub ended_at: Option<Timestamp>,
    /// Why it came to nothing.
    pub told: Option<String>,
}

impl FromRow for RemoteJob {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            signer: row.get(1)?,
            officer: row.get(2)?,
            description: row.get(3)?,
            job: read(&row.get::<String>(4)?)?,
            until: row.get(5)?,
            ended_at: row.get(6)?,
            told: row.get(7)?,
        })
    }
}

const COLUMNS: &str = "id, signer_id, officer_id, description, job, until, ended_at, told";

/// One of its documents.
#[derive(Debug, Clone)]
pub(crate) struct RemoteDocument {
    pub id: Id,
    /// As whoever asked read it.
    pub title: String,
    /// Nothing where it was not that person's to sign.
    pub document: Option<Id>,
    /// The file with an empty signature, and what puts the signature in; nothing where it could not be prepared.
    pub prepared: Option<(Id, Outline)>,
    /// The document's revision when it was prepared.
    pub revision: i64,
    /// Number and day that come with the agency's seal.
    pub numbered: Option<(String, Day)>,
    pub seen: Option<Seen>,
    /// Why it is not signed.
    pub told: Option<String>,
    pub signature: Option<Id>,
}

impl FromRow for RemoteDocument {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let (file, outline): (Option<Id>, Option<String>) = (row.get(2)?, row.get(3)?);
        let (number, day): (Option<String>, Option<Day>) = (row.get(5)?, row.get(6)?);
        Ok(Self {
            id: row.get(0)?,
            document: row.get(1)?,
            title: row.get(12)?,
            prepared: file.zip(outline).map(|(file, outline)| Ok::<_, Error>((file, read(&outline)?))).transpose()?,
            revision: row.get(4)?,
            numbered: number.zip(day),
            seen: seen(row.get(7)?, row.get(8)?, row.get(9)?),
            told: row.get(10)?,
            signature: row.get(11)?,
        })
    }
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(Error::internal)
}

fn written(value: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(Error::internal)
}

/// A document for which a signature is asked, or why none is.
#[derive(Debug, Clone)]
pub(crate) struct NewRemoteDocument {
    pub title: String,
    pub document: Option<Id>,
    pub unit: Id,
    pub prepared: std::result::Result<(files::Kept, Outline), String>,
    pub revision: i64,
    pub numbered: Option<(String, Day)>,
    pub seen: Option<Seen>,
}

/// A job to be entered before anybody is asked.
#[derive(Debug, Clone)]
pub(crate) struct NewRemoteJob {
    pub signer: Id,
    /// SHA-256 of its certificate.
    pub certificate: String,
    /// The unit of the certificate.
    pub unit: Id,
    pub officer: Id,
    pub description: String,
    pub job: Job,
    /// The job's own name, by which a form that was sent twice knows whose turn it is.
    pub reference: String,
    pub until: Timestamp,
    /// The first look for an answer; by then it was asked.
    pub next_at: Timestamp,
    pub documents: Vec<NewRemoteDocument>,
}

/// Enters a job; answers it with its own name.
///
/// # Errors
/// `Conflict` when the key is asked for something else.
pub(crate) fn enter(tx: &mut Tx<'_>, new: &NewRemoteJob) -> Result<(Id, String)> {
    // Two forms at once wait here for each other.
    tx.lock("signer", new.signer)?;
    if running(tx, &new.certificate)?.is_some() {
        return Err(is_running());
    }
    let (id, at) = (tx.id()?, tx.at());
    tx.exec(
        "INSERT INTO remote_job (id, signer_id, certificate, officer_id, description, job, asked_at, until, next_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        params![
            id,
            new.signer,
            &new.certificate,
            new.officer,
            &new.description,
            written(&new.job)?,
            at,
            new.until,
            new.next_at
        ],
    )?;
    for (place, document) in new.documents.iter().enumerate() {
        enter_document(tx, (id, i64::try_from(place).map_err(Error::internal)?), document)?;
    }
    let documents: Vec<Id> = new.documents.iter().filter_map(|document| document.document).collect();
    let detail = serde_json::json!({ "job": id, "documents": documents });
    let (action, entity) = ("signatures.ask-remotely", "signer");
    tx.audit(&AuditEntry { action, entity, entity_id: new.signer, unit: Some(new.unit), detail })?;
    Ok((id, new.reference.clone()))
}

fn enter_document(tx: &mut Tx<'_>, (job, place): (Id, i64), new: &NewRemoteDocument) -> Result<()> {
    let id = tx.id()?;
    let (file, outline, told) = match &new.prepared {
        Ok((kept, outline)) => {
            // One whose number went out meanwhile is not signed with the others; the service is asked for it all the same.
            let told = number_out(tx, new)?;
            (Some(files::enter(tx, kept)?), Some(written(outline)?), told)
        }
        Err(why) => (None, None, Some(short(why))),
    };
    let (number, day) = new.numbered.clone().unzip();
    let (page, corners, pictured) = seen_columns(new.seen);
    tx.exec(
        "INSERT INTO remote_document (id, job_id, place, document_id, file_id, outline, revision, number, numbered_on, page, corners,
            pictured, told, title)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        params![id, job, place, new.document, file, outline, new.revision, number, day, page, corners, pictured, told,
            short(&new.title)],
    )
}

fn number_out(tx: &mut Tx<'_>, new: &NewRemoteDocument) -> Result<Option<String>> {
    let Some((document, numbered)) = new.document.zip(new.numbered.as_ref()) else { return Ok(None) };
    let at = tx.at();
    match crate::document::refuse_number_out(tx, (document, new.unit), (numbered, at)) {
        Err(Error::Conflict(why)) => Ok(Some(short(&why))),
        other => other.map(|()| None),
    }
}

fn short(why: &str) -> String {
    why.chars().take(TOLD_MAX).collect()
}

/// What whoever asks meanwhile is told.
pub(crate) fn is_running() -> Error {
    Error::conflict(
        "Chứng thư này đang chờ xác nhận trên điện thoại cho một yêu cầu khác. Hãy xác nhận hoặc hủy yêu cầu đó, hoặc đợi ít phút.",
    )
}

/// The job for which the key of a certificate is asked now, and who asks.
pub(crate) fn running(reader: &mut Reader<'_>, certificate: &str) -> Result<Option<(Id, Id)>> {
    reader
        .opt("SELECT id, officer_id FROM remote_job WHERE certificate = $1 AND ended_at IS NULL", params![certificate])
}

/// The job with this id.
pub(crate) fn by_id(reader: &mut Reader<'_>, id: Id) -> Result<Option<RemoteJob>> {
    reader.opt(&format!("SELECT {COLUMNS} FROM remote_job WHERE id = $1"), params![id])
}

/// Its documents: those that are asked for in the order of the job, then the others.
pub(crate) fn documents(reader: &mut Reader<'_>, job: Id) -> Result<Vec<RemoteDocument>> {
    reader.all(
        "SELECT id, document_id, file_id, outline, revision, number, numbered_on, page, corners, pictured, told, signature_id, title
         FROM remote_document WHERE job_id = $1 ORDER BY place",
        params![job],
    )
}

/// The title of another document of the agency with which a number is at the service.
pub(crate) fn out_with(
    reader: &mut Reader<'_>,
    (document, unit): (Id, Id),
    (number, day): &(String, Day),
) -> Result<Option<String>> {
    let out: Option<(String,)> = reader.opt(
        "SELECT d.title FROM remote_document r JOIN remote_job j ON j.id = r.job_id JOIN signing_document d ON d.id = r.document_id
         WHERE r.number = $1 AND r.document_id <> $2 AND d.unit_id = $3 AND substr(r.numbered_on, 1, 4) = $4
            AND r.signature_id IS NULL AND r.told IS NULL AND j.ended_at IS NULL LIMIT 1",
        params![number, document, unit, day.0.year().to_string()],
    )?;
    Ok(out.map(|(title,)| title))
}

/// What is to be asked about now, with when it fell due.
pub(crate) fn due(reader: &mut Reader<'_>, now: Timestamp, most: usize) -> Result<Vec<(Id, Timestamp)>> {
    reader.all(
        "SELECT id, next_at FROM remote_job WHERE ended_at IS NULL AND next_at <= $1 ORDER BY next_at LIMIT $2",
        params![now, i64::try_from(most).map_err(Error::internal)?],
    )
}

/// Takes a job up until a moment; false when somebody else did, or it ended.
pub(crate) fn claim(tx: &mut Tx<'_>, id: Id, (next_at, until): (Timestamp, Timestamp)) -> Result<bool> {
    let taken = tx.exec_counted(
        "UPDATE remote_job SET next_at = $1 WHERE id = $2 AND next_at = $3 AND ended_at IS NULL",
        params![until, id, next_at],
    )?;
    Ok(taken == 1)
}

/// Keeps what the service answered, and when it is asked again; false when the job is not claimed until `claim` any more.
pub(crate) fn keep(tx: &mut Tx<'_>, (id, claim): (Id, Timestamp), (job, next_at): (&Job, Timestamp)) -> Result<bool> {
    let kept = tx.exec_counted(
        "UPDATE remote_job SET job = $1, next_at = $2 WHERE id = $3 AND next_at = $4 AND ended_at IS NULL",
        params![written(job)?, next_at, id, claim],
    )?;
    Ok(kept == 1)
}

/// Lets a job be that cannot be gone on with now: it is taken up again, and ended once its time is long over. Nothing is read of
/// it, for that may be what fails.
pub(crate) fn stumble(tx: &mut Tx<'_>, id: Id, (next_at, until_before): (Timestamp, Timestamp)) -> Result<()> {
    let over: Option<(Id,)> = tx.opt(
        "SELECT id FROM remote_job WHERE id = $1 AND until < $2 AND ended_at IS NULL",
        params![id, until_before],
    )?;
    if over.is_some() {
        return end(tx, id, Some("Yêu cầu ký không hoàn thành được do lỗi của hệ thống. Hãy gửi lại.")).map(drop);
    }
    tx.not_audited("a request is tried again");
    tx.exec("UPDATE remote_job SET next_at = $1 WHERE id = $2 AND ended_at IS NULL", params![next_at, id])
}

/// Ends a job, with the reason when it came to nothing; false when it ended before.
pub(crate) fn end(tx: &mut Tx<'_>, id: Id, told: Option<&str>) -> Result<bool> {
    let at = tx.at();
    let ended = tx.exec_counted(
        "UPDATE remote_job SET ended_at = $1, told = $2 WHERE id = $3 AND ended_at IS NULL",
        params![at, told.map(short), id],
    )?;
    if ended == 0 {
        tx.not_audited("it ended before");
        return Ok(false);
    }
    tell(tx, "signatures.end-remotely", (id, None), told)?;
    Ok(true)
}

/// Keeps why one of the documents of a job is not signed.
pub(crate) fn refuse(tx: &mut Tx<'_>, (job, id): (Id, Id), why: &str) -> Result<()> {
    tx.exec("UPDATE remote_document SET told = $1 WHERE id = $2 AND signature_id IS NULL", params![short(why), id])?;
    tell(tx, "signatures.refuse-remotely", (job, Some(id)), Some(why))
}

fn tell(tx: &mut Tx<'_>, action: &str, (job, one): (Id, Option<Id>), told: Option<&str>) -> Result<()> {
    let (signer, unit): (Id, Id) = tx.one(
        "SELECT s.id, s.unit_id FROM remote_job j JOIN signer s ON s.id = j.signer_id WHERE j.id = $1",
        params![job],
    )?;
    let document: Option<(Option<Id>,)> = match one {
        Some(one) => tx.opt("SELECT document_id FROM remote_document WHERE id = $1", params![one])?,
        None => None,
    };
    let document = document.and_then(|(document,)| document);
    let detail = serde_json::json!({ "job": job, "document": document, "why": told.map(short) });
    tx.audit(&AuditEntry { action, entity: "signer", entity_id: signer, unit: Some(unit), detail })
}

/// Keeps which signature one of the documents got.
///
/// # Errors
/// `Conflict` when its job ended meanwhile: whoever took it back signs nothing.
pub(crate) fn fulfil(tx: &mut Tx<'_>, id: Id, (job, signature): (Id, Id)) -> Result<()> {
    tx.lock("remote_job", job)?;
    let kept = tx.exec_counted(
        "UPDATE remote_document SET signature_id = $1 WHERE id = $2 AND signature_id IS NULL
            AND EXISTS (SELECT 1 FROM remote_job WHERE id = $3 AND ended_at IS NULL)",
        params![signature, id, job],
    )?;
    if kept == 1 { Ok(()) } else { Err(Error::conflict("Yêu cầu ký đã kết thúc trước đó.")) }
}

/// Whether any job is to be forgotten.
pub(crate) fn has_ended(reader: &mut Reader<'_>, now: Timestamp) -> Result<bool> {
    let before = now.plus_seconds(-KEPT_SECONDS);
    let ended: Option<(Id,)> = reader
        .opt("SELECT id FROM remote_job WHERE ended_at IS NOT NULL AND ended_at < $1 LIMIT 1", params![before])?;
    Ok(ended.is_some())
}

/// Forgets jobs that ended.
pub(crate) fn forget(tx: &mut Tx<'_>) -> Result<()> {
    let before = tx.at().plus_seconds(-KEPT_SECONDS);
    tx.exec(
        "DELETE FROM remote_document WHERE job_id IN
            (SELECT id FROM remote_job WHERE ended_at IS NOT NULL AND ended_at < $1)",
        params![before],
    )?;
    tx.exec("DELETE FROM remote_job WHERE ended_at IS NOT NULL AND ended_at < $1", params![before])
}
