//! Documents that go their own way: on a record of their own, first to whoever signs, then to the post that seals. Whatever the
//! record that they are about does meanwhile, they wait where they are; its system takes them back when it has to.

use super::{Document, NewDocument, Role, State, enter_as};
use crate::DOCUMENT;
use crate::look::Spot;
use records::{Holder, NewRecord, NewTask, record, task};
use store::{Reader, Tx, params};
use types::{Error, Id, Result, Timestamp};

/// The step of whoever signs, and of the post that seals.
const SIGN_STEP: &str = "ky";
const SEAL_STEP: &str = "dong-dau";
/// How often one thing can be sent to be signed.
const SENT_MAX: usize = 50;

/// A document to be sent.
#[derive(Debug, Clone)]
pub struct Sent<'a> {
    /// The code of its record; a number is put behind it when it was sent before.
    pub code: &'a str,
    /// One line about what it belongs to.
    pub subject: &'a str,
    /// The page of that; none where whoever signs or seals may not see it, who then come to the document's own page.
    pub link: Option<&'a str>,
    pub restricted: bool,
    /// The agency in whose name it is signed.
    pub unit: Id,
    pub title: &'a str,
    /// With its places, see [`crate::look::keep_labels`].
    pub file: Id,
    pub spot: Spot,
    /// The person whose name stands on it, and who alone signs it.
    pub signs: Id,
    /// The post whose title stands there, which that person has to hold when signing.
    pub signs_in: Id,
    /// The post that seals.
    pub seals: Id,
    /// When it is to be signed and sealed.
    pub due_at: Timestamp,
}

/// Sends a document to be signed.
///
/// # Errors
/// As [`super::enter`].
pub fn send(tx: &mut Tx<'_>, sent: &Sent<'_>) -> Result<Id> {
    let Sent { subject, link, restricted, unit, title, file, spot, .. } = *sent;
    let code = free_code(tx, sent.code)?;
    let id = tx.id()?;
    let own_page = format!("{DOCUMENT}/{id}");
    let link = link.unwrap_or(&own_page);
    let record =
        record::enter(tx, &NewRecord { kind: "signed-form", code: &code, title: subject, unit, link, restricted })?;
    enter_as(tx, id, &NewDocument { record, unit, title, role: Role::Main, file, spot, kept: None })?;
    tx.exec(
        "UPDATE signing_document SET sign_post_id = $1, seal_post_id = $2 WHERE id = $3",
        params![sent.signs_in, sent.seals, id],
    )?;
    let task = NewTask {
        record,
        step: SIGN_STEP,
        title: &format!("Ký: {title}"),
        unit,
        holder: Holder::Officer(sent.signs),
        due_at: sent.due_at,
    };
    task::open(tx, &task)?;
    Ok(id)
}

/// The code itself, or with the next number behind it.
fn free_code(reader: &mut Reader<'_>, code: &str) -> Result<String> {
    for n in 1..=SENT_MAX {
        let numbered = if n == 1 { code.to_owned() } else { format!("{code}-{n}") };
        if record::by_code(reader, "signed-form", &numbered)?.is_none() {
            return Ok(numbered);
        }
    }
    Err(Error::conflict(format!("Giấy tờ này đã trình ký {SENT_MAX} lần; hãy in ra ký tay.")))
}

/// It was signed or sealed: whoever did it is done, and the next one has it. Others' documents go with their records.
pub(super) fn went_on(tx: &mut Tx<'_>, document: &Document, state: State) -> Result<()> {
    let Some(seals) = seal_post(tx, document)? else { return Ok(()) };
    let Some(held) = task::open_of(tx, document.record)? else { return Ok(()) };
    task::close(tx, held.id, if state == State::Signed { "signed" } else { "sealed" })?;
    if state == State::Signed {
        let task = NewTask {
            record: document.record,
            step: SEAL_STEP,
            title: &format!("Cho số, đóng dấu: {}", document.title),
            unit: document.unit,
            holder: Holder::Post(seals),
            due_at: held.due_at,
        };
        task::open(tx, &task)?;
    }
    Ok(())
}

/// It was taken back: nobody has anything to do with it any more.
pub(super) fn taken_back(tx: &mut Tx<'_>, document: &Document) -> Result<()> {
    if seal_post(tx, document)?.is_none() {
        return Ok(());
    }
    match task::open_of(tx, document.record)? {
        Some(held) => task::close(tx, held.id, "withdrawn"),
        None => Ok(()),
    }
}

/// The post that seals a document which goes its own way.
fn seal_post(reader: &mut Reader<'_>, document: &Document) -> Result<Option<Id>> {
    let (post,): (Option<Id>,) =
        reader.one("SELECT seal_post_id FROM signing_document WHERE id = $1", params![document.id])?;
    Ok(post)
}

/// The post in which a document that goes its own way is signed; none for others.
pub(super) fn sign_post(reader: &mut Reader<'_>, document: &Document) -> Result<Option<Id>> {
    let (post,): (Option<Id>,) =
        reader.one("SELECT sign_post_id FROM signing_document WHERE id = $1", params![document.id])?;
    Ok(post)
}

/// Whether the document goes its own way, so that the person whom it names signs it.
pub(crate) fn signed_by_name(reader: &mut Reader<'_>, document: &Document) -> Result<bool> {
    Ok(sign_post(reader, document)?.is_some())
}
