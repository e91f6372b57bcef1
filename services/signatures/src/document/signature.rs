//! Signatures on a document, each with the timestamp that it has, waits for, or goes without.

use super::numbers::{refuse_number_out, refuse_twice};
use super::{Document, Role, State, outdated, set, tell};
use crate::signer::{Signer, SignerKind};
use std::collections::BTreeSet;
use store::{FromRow, Reader, Row, Tx, in_list, params};
use types::{Day, Error, Id, Result, Timestamp};
use web::Who;

/// A signature that was made.
#[derive(Debug, Clone)]
pub struct Signature {
    pub id: Id,
    pub document: Id,
    pub signer: Id,
    pub kind: SignerKind,
    pub officer: Id,
    pub at: Timestamp,
    /// The time that a timestamp authority vouches for.
    pub stamped_at: Option<Timestamp>,
    /// When and who let the document go on without one.
    pub waived_at: Option<Timestamp>,
    pub waived_by: Option<Id>,
    pub seen: Option<Seen>,
    /// It waits for its timestamp.
    pub waits: bool,
    /// How often what it still wants was asked for, and why it was not had the last time.
    pub tries: i64,
    pub told: Option<String>,
}

impl FromRow for Signature {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let kind: String = row.get(3)?;
        let (wants, tries): (Option<String>, Option<i64>) = (row.get(8)?, row.get(9)?);
        Ok(Self {
            id: row.get(0)?,
            document: row.get(1)?,
            signer: row.get(2)?,
            kind: SignerKind::of(&kind)?,
            officer: row.get(4)?,
            at: row.get(5)?,
            stamped_at: row.get(6)?,
            waived_at: row.get(7)?,
            waits: wants.as_deref() == Some(Want::Timestamp.code()),
            tries: tries.unwrap_or(0),
            told: row.get(10)?,
            seen: seen(row.get(11)?, row.get(12)?, row.get(13)?),
            waived_by: row.get(14)?,
        })
    }
}

/// What is still to be had from outside for a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Want {
    /// Its timestamp; nobody signs on before it is there or gone without.
    Timestamp,
    /// What proves it for years: certificates and their status.
    Evidence,
    /// Another timestamp over all, before the last one's certificate ends.
    Renewal,
}

impl Want {
    /// As it is kept.
    pub fn code(self) -> &'static str {
        match self {
            Self::Timestamp => "timestamp",
            Self::Evidence => "evidence",
            Self::Renewal => "renewal",
        }
    }

    /// The want with this code.
    pub fn of(code: &str) -> Result<Self> {
        let all = [Self::Timestamp, Self::Evidence, Self::Renewal];
        let found = all.into_iter().find(|want| want.code() == code);
        found.ok_or_else(|| Error::internal(format!("«{code}» is nothing that a signature wants")))
    }
}

/// Notes what is next to be had for a signature, from when on.
pub(crate) fn want(tx: &mut Tx<'_>, signature: Id, (want, from): (Want, Timestamp)) -> Result<()> {
    tx.exec(
        "INSERT INTO signature_wait (signature_id, wants, next_at, tries) VALUES ($1, $2, $3, 0)
         ON CONFLICT (signature_id) DO UPDATE SET wants = excluded.wants, next_at = excluded.next_at, tries = 0, told = NULL",
        params![signature, want.code(), from],
    )
}

/// As the columns for page, corners and picture have it.
pub(crate) fn seen_columns(seen: Option<Seen>) -> (Option<i64>, Option<String>, bool) {
    (
        seen.and_then(|seen| i64::try_from(seen.page).ok()),
        seen.map(|seen| seen.corners.map(|points| points.to_string()).join(" ")),
        seen.is_some_and(|seen| seen.pictured),
    )
}

/// Of these columns.
pub(crate) fn seen(page: Option<i64>, corners: Option<String>, pictured: bool) -> Option<Seen> {
    let corners: Vec<f32> = corners?.split(' ').filter_map(|points| points.parse().ok()).collect();
    Some(Seen { page: usize::try_from(page?).ok()?, corners: corners.try_into().ok()?, pictured })
}

/// The signatures of a document, oldest first.
pub fn of_document(reader: &mut Reader<'_>, document: Id) -> Result<Vec<Signature>> {
    reader.all(
        "SELECT s.id, s.document_id, s.signer_id, s.kind, s.officer_id, s.at, s.stamped_at, s.waived_at, w.wants, w.tries, w.told,
            s.page, s.corners, s.pictured, s.waived_by
         FROM document_signature s LEFT JOIN signature_wait w ON w.signature_id = s.id
         WHERE s.document_id = $1 ORDER BY s.id",
        params![document],
    )
}

/// Which of these documents have a signature that waits for its timestamp.
pub fn unstamped(reader: &mut Reader<'_>, documents: &[Id]) -> Result<BTreeSet<Id>> {
    let mut all = BTreeSet::new();
    for block in documents.chunks(in_list::BLOCK) {
        let mut values = params![Want::Timestamp.code()].to_vec();
        let list = in_list(2, block, &mut values);
        let sql = format!(
            "SELECT s.document_id FROM document_signature s JOIN signature_wait w ON w.signature_id = s.id
             WHERE s.document_id IN ({list}) AND w.wants = $1"
        );
        all.extend(reader.all::<(Id,)>(&sql, &values)?.into_iter().map(|(id,)| id));
    }
    Ok(all)
}

/// A signature to be entered, with the file that it made.
#[derive(Debug, Clone)]
pub(crate) struct NewSignature {
    pub document: Document,
    pub signer: Signer,
    /// Who signs.
    pub who: Who,
    /// The file that came out.
    pub file: files::Kept,
    /// The time that a timestamp vouches for that came with it.
    pub stamped_at: Option<Timestamp>,
    /// What is to be had for it first.
    pub wants: Option<Want>,
    /// Number and day that the agency gives with its seal.
    pub numbered: Option<(String, Day)>,
    /// Where it is seen.
    pub seen: Option<Seen>,
}

/// Where a signature is seen on its document.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Seen {
    /// From 0.
    pub page: usize,
    /// Left, bottom, right and top in points.
    pub corners: [f32; 4],
    /// As a picture, and not in words.
    pub pictured: bool,
}

/// What was entered.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize, PartialEq, Eq)]
pub(crate) struct Made {
    pub signature: Id,
    pub file: Id,
}

/// Enters a signature: the document goes on to its next state, with the new file.
///
/// # Errors
/// `Conflict` when the document changed meanwhile, or waits for another kind of signature.
pub(crate) fn add(tx: &mut Tx<'_>, new: &NewSignature) -> Result<Made> {
    let NewSignature { document, signer, .. } = new;
    if document.state.waits_for() != Some(signer.kind) {
        return Err(outdated());
    }
    // Both may have changed while the file was worked on.
    let used: Option<(Id,)> = tx.opt("SELECT id FROM signer WHERE id = $1 AND ended_at IS NULL", params![signer.id])?;
    if used.is_none() {
        return Err(Error::conflict("Chứng thư vừa được ngừng dùng. Chưa có gì được lưu."));
    }
    super::in_hand(tx, &new.who, (document, signer.kind))?;
    let state = match signer.kind {
        SignerKind::Person => State::Signed,
        SignerKind::Agency => State::Sealed,
    };
    let file = files::enter(tx, &new.file)?;
    set(tx, document, (state, file))?;
    // An attachment has its document's number, a copy that of what it was taken from.
    let numbered = new.numbered.as_ref().filter(|_| document.role == Role::Main);
    if let Some((number, day)) = numbered {
        refuse_twice(tx, document, (number, *day))?;
        let at = tx.at();
        refuse_number_out(tx, (document.id, document.unit), (&(number.clone(), *day), at))?;
        tx.exec(
            "UPDATE signing_document SET number = $1, numbered_on = $2 WHERE id = $3",
            params![number, *day, document.id],
        )?;
    }
    if state == State::Sealed {
        super::role::release(tx, document)?;
    }
    super::own_way::went_on(tx, document, state)?;
    let (id, at, actor) = (tx.id()?, tx.at(), tx.actor());
    let officer = actor.officer().ok_or_else(|| Error::internal("a document is signed by an officer"))?;
    let behalf = actor.on_behalf_of();
    let (page, corners, pictured) = seen_columns(new.seen);
    tx.exec(
        "INSERT INTO document_signature (id, document_id, signer_id, kind, officer_id, on_behalf_of, at, page, corners, pictured,
            stamped_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        params![
            id,
            document.id,
            signer.id,
            signer.kind.code(),
            officer,
            behalf,
            at,
            page,
            corners,
            pictured,
            new.stamped_at
        ],
    )?;
    if let Some(wants) = new.wants {
        want(tx, id, (wants, at))?;
    }
    let number = numbered.map(|(number, _)| number);
    let detail = serde_json::json!({
        "record": document.record, "kind": signer.kind, "certificate": signer.sha256, "hash": new.file.hash, "number": number,
    });
    tell(tx, "signatures.sign", (document.id, document.unit), detail)?;
    Ok(Made { signature: id, file })
}

/// Lets a document go on whose signature waits for a timestamp that cannot be had; it stays without one. Proof of a sealed
/// one is asked for all the same.
///
/// # Errors
/// `Conflict` when it does not wait any more, or a server is still to be asked for the first time.
pub(crate) fn waive(tx: &mut Tx<'_>, id: Id, has_server: bool) -> Result<()> {
    let document = super::by_id(tx, id)?.ok_or_else(|| Error::not_found("văn bản"))?;
    let signatures = of_document(tx, id)?;
    let waiting = signatures.iter().find(|signature| signature.waits);
    let Some(signature) = waiting.filter(|signature| signature.tries > 0 || !has_server) else {
        return Err(Error::conflict(
            "Chữ ký không còn chờ dấu thời gian, hoặc chưa xin lần nào. Chỉ bỏ qua được khi đã xin mà máy chủ không cấp.",
        ));
    };
    let (at, by) = (tx.at(), tx.actor().officer());
    match document.state {
        State::Sealed => want(tx, signature.id, (Want::Evidence, at))?,
        _ => tx.exec("DELETE FROM signature_wait WHERE signature_id = $1", params![signature.id])?,
    }
    tx.exec(
        "UPDATE document_signature SET waived_at = $1, waived_by = $2 WHERE id = $3",
        params![at, by, signature.id],
    )?;
    set(tx, &document, (document.state, document.file))?;
    let detail = serde_json::json!({ "record": document.record, "signature": signature.id });
    tell(tx, "signatures.waive-timestamp", (document.id, document.unit), detail)
}
