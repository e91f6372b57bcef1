//! What waits for somebody's signature: documents of records that are in that person's hands.

use super::{Document, State};
use crate::permissions::{SIGNATURES_SEAL, SIGNATURES_SIGN, SIGNATURES_SIGN_OWN};
use crate::signer::SignerKind;
use store::{Reader, in_list, params};
use types::{Error, Id, Result, Timestamp};
use web::Who;

/// The most documents that one page shows and one signing takes.
pub(crate) const LISTED_MAX: usize = 100;

/// A line of what waits.
#[derive(Debug, Clone)]
pub(crate) struct Waiting {
    pub document: Document,
    /// The record's code, one line about it, and its page.
    pub code: String,
    pub subject: String,
    pub link: String,
    pub due_at: Timestamp,
    /// The last signature has no timestamp yet: the next one has to wait for it.
    pub unstamped: bool,
    /// The page on which this step of the record is done for several at once.
    pub batch: Option<String>,
}

type Line = (Id, String, String, String, Timestamp, Option<Id>, Option<String>);

/// Documents in this person's hands that wait for a signature of this kind, the most urgent first: at most one more than
/// [`LISTED_MAX`]. Each post is an index range of its own: the cost grows with the open tasks of this person, and with nobody
/// else's.
pub(crate) fn waiting(reader: &mut Reader<'_>, who: &Who, kind: SignerKind) -> Result<Vec<Waiting>> {
    let officer = who.officer.as_ref().ok_or(Error::SignedOut)?.id;
    // One more tells that there are more.
    let limit = i64::try_from(LISTED_MAX + 1).unwrap_or(100);
    let mut params = params![State::before(kind).number(), limit, officer].to_vec();
    // Who may sign only what is their own sees nothing else here.
    let own_only = kind == SignerKind::Person && !who.may(&SIGNATURES_SIGN);
    let mut branches = vec![branch("officer_id", 3, if own_only { " AND d.seal_post_id IS NOT NULL" } else { "" })];
    for post in who.posts().filter(|post| post.permissions.contains(permission(kind))) {
        params.push(post.id.into());
        branches.push(branch("post_id", params.len(), ""));
    }
    let sql = format!(
        "SELECT w.id, r.code, r.title, r.link, w.due_at,
            (SELECT x.signature_id FROM document_signature s JOIN signature_wait x ON x.signature_id = s.id
             WHERE s.document_id = w.id AND x.wants = 'timestamp' LIMIT 1), w.batch
         FROM ({}) AS w JOIN record r ON r.id = w.record_id ORDER BY w.due_at, w.id LIMIT $2",
        branches.join(" UNION ALL ")
    );
    let lines: Vec<Line> = reader.all(&sql, &params)?;
    let ids: Vec<Id> = lines.iter().map(|(id, ..)| *id).collect();
    let documents = super::by_ids(reader, &ids)?;
    let line = |(id, code, subject, link, due_at, stamp, batch): Line| {
        let document = documents.iter().find(|document| document.id == id)?.clone();
        Some(Waiting { document, code, subject, link, due_at, unstamped: stamp.is_some(), batch })
    };
    Ok(lines.into_iter().filter_map(line).collect())
}

fn branch(column: &str, n: usize, which: &str) -> String {
    format!(
        "SELECT * FROM (SELECT d.id, d.record_id, t.due_at, t.batch FROM task t JOIN signing_document d ON d.record_id = t.record_id
         WHERE t.{column} = ${n} AND t.done_at IS NULL AND d.state = $1{which} ORDER BY t.pace, t.due_at, t.id LIMIT $2) AS b{n}"
    )
}

fn permission(kind: SignerKind) -> &'static str {
    match kind {
        SignerKind::Person => SIGNATURES_SIGN.name,
        SignerKind::Agency => SIGNATURES_SEAL.name,
    }
}

/// The post in which this person has the document's record in hand and may make a signature of this kind; or that it is
/// the person's own task. What goes its own way is signed by the person whom its task names, in the post that is printed on it.
///
/// # Errors
/// `NotFound` for a document that this person has not in hand, or may not sign; `Conflict` for one on which a post is printed
/// that this person holds no more.
pub(crate) fn in_hand(
    reader: &mut Reader<'_>,
    who: &Who,
    (document, kind): (&Document, SignerKind),
) -> Result<Option<Id>> {
    let officer = who.officer.as_ref().ok_or(Error::SignedOut)?.id;
    if kind == SignerKind::Person
        && let Some(post) = super::own_way::sign_post(reader, document)?
    {
        return own_in_hand(reader, (who, officer), (document, post)).map(|()| None);
    }
    let posts: Vec<Id> =
        who.posts().filter(|post| post.permissions.contains(permission(kind))).map(|post| post.id).collect();
    let open = records::task::open_of_all(reader, &[document.record])?;
    let held = open.iter().find(|task| task.waits_for(&posts, officer));
    let held = held.filter(|_| !posts.is_empty()).ok_or_else(|| Error::not_found("văn bản chờ ký"))?;
    // What waits for the person is signed for nobody else.
    Ok(held.post)
}

fn own_in_hand(reader: &mut Reader<'_>, (who, officer): (&Who, Id), (document, post): (&Document, Id)) -> Result<()> {
    let unknown = || Error::not_found("văn bản chờ ký");
    let open = records::task::open_of_all(reader, &[document.record])?;
    if !open.iter().any(|task| task.officer == Some(officer)) || !who.may(&SIGNATURES_SIGN_OWN) {
        return Err(unknown());
    }
    // A signature over the title of a post that the signer left would be a lie, and one in another's stead too.
    let held = who.posts().find(|held| held.id == post && !held.stand_in).ok_or_else(|| {
        Error::conflict(
            "Ông/bà không còn giữ chức vụ in dưới chữ ký của giấy tờ này nên không ký được. Hãy nhờ người trình rút về rồi trình lại.",
        )
    })?;
    if held.permissions.contains(SIGNATURES_SIGN_OWN.name) { Ok(()) } else { Err(unknown()) }
}

/// Of these documents, the records that are in this person's hands, each with the page on which its step is done for several
/// at once.
pub(crate) fn ways_on(reader: &mut Reader<'_>, who: &Who, documents: &[Id]) -> Result<Vec<(String, Id)>> {
    let officer = who.officer.as_ref().ok_or(Error::SignedOut)?.id;
    let posts = who.post_ids();
    let mut records: Vec<Id> = super::by_ids(reader, documents)?.iter().map(|document| document.record).collect();
    records.sort_unstable();
    records.dedup();
    let mut ways = Vec::new();
    for block in records.chunks(in_list::BLOCK) {
        let mut values = Vec::new();
        let list = in_list(1, block, &mut values);
        let sql = format!(
            "SELECT t.batch, t.record_id, t.post_id, t.officer_id FROM task t
             WHERE t.record_id IN ({list}) AND t.done_at IS NULL AND t.batch IS NOT NULL ORDER BY t.id"
        );
        let open: Vec<(String, Id, Option<Id>, Option<Id>)> = reader.all(&sql, &values)?;
        let own = |post: Option<Id>, person: Option<Id>| {
            person == Some(officer) || post.is_some_and(|post| posts.contains(&post))
        };
        ways.extend(
            open.into_iter()
                .filter(|(_, _, post, person)| own(*post, *person))
                .map(|(page, record, ..)| (page, record)),
        );
    }
    Ok(ways)
}
