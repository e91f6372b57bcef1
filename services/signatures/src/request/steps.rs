//! What is done with a request: each step from the state that the page showed, with who did it.

use super::{Ask, COLUMNS, Request, State};
use crate::signer::NewSigner;
use serde::Serialize;
use store::{AuditEntry, Tx, params};
use types::{Day, Error, Id, Result, Timestamp};

/// The most requests that go out with one document.
pub(crate) const SENT_MAX: usize = 200;

/// Says that it is right.
///
/// # Errors
/// `Conflict` when it changed since `revision`, or does not wait for that.
pub(crate) fn confirm(tx: &mut Tx<'_>, (id, revision): (Id, i64)) -> Result<()> {
    let request = locked(tx, (id, revision), &[State::Asked])?;
    step(tx, &request, State::Confirmed, "")
}

/// Says no, or passes on that the authority did.
///
/// # Errors
/// As [`confirm`].
pub(crate) fn refuse(tx: &mut Tx<'_>, (id, revision): (Id, i64), why: &str) -> Result<()> {
    let request = locked(tx, (id, revision), &[State::Asked, State::Confirmed, State::Sent])?;
    step(tx, &request, State::Refused, why)
}

/// Whoever asked needs it no more. What went out cannot be had back here.
///
/// # Errors
/// As [`confirm`].
pub(crate) fn take_back(tx: &mut Tx<'_>, (id, revision): (Id, i64)) -> Result<()> {
    let request = locked(tx, (id, revision), &[State::Asked, State::Confirmed])?;
    step(tx, &request, State::TakenBack, "")
}

/// The authority did what was asked; for a new certificate, it is used elsewhere than here.
///
/// # Errors
/// As [`confirm`].
pub(crate) fn close(tx: &mut Tx<'_>, (id, revision): (Id, i64), how: &str) -> Result<()> {
    let request = locked(tx, (id, revision), &[State::Sent])?;
    step(tx, &request, State::Done, how)
}

/// Requests that went out with one document of an agency.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Sending {
    /// Each with the revision that was on the page.
    pub requests: Vec<(Id, i64)>,
    pub number: String,
    pub day: Day,
}

/// Keeps with what they went out.
///
/// # Errors
/// As [`confirm`], for any of them: then none counts as sent.
pub(crate) fn send(tx: &mut Tx<'_>, sending: &Sending) -> Result<()> {
    for known in &sending.requests {
        let request = locked(tx, *known, &[State::Confirmed])?;
        tx.exec(
            "UPDATE certificate_request SET sent_number = $1, sent_on = $2 WHERE id = $3",
            params![&sending.number, sending.day, request.id],
        )?;
        step(tx, &request, State::Sent, &sending.number)?;
    }
    Ok(())
}

/// A certificate was entered: the request that it answers is done. That is the oldest one that was sent for the same person or
/// agency; a certificate that was here before answers none, and for one that was to live longer it must.
pub(crate) fn fulfil(tx: &mut Tx<'_>, new: &NewSigner, entered: Id) -> Result<()> {
    let certificate = &new.brought.certificate;
    let officer = new.officer.unwrap_or(Id(0));
    let before: Option<(Id,)> = tx.opt(
        "SELECT id FROM signer WHERE sha256 = $1 AND unit_id = $2 AND coalesce(officer_id, 0) = $3 AND id <> $4 LIMIT 1",
        params![certificate.sha256(), new.unit, officer, entered],
    )?;
    if before.is_some() {
        return Ok(());
    }
    let sql = format!(
        "SELECT {COLUMNS} FROM certificate_request WHERE unit_id = $1 AND state = $2 AND coalesce(officer_id, 0) = $3
         ORDER BY id LIMIT 50"
    );
    let waiting: Vec<Request> = tx.all(&sql, params![new.unit, State::Sent.number(), officer])?;
    for request in waiting.into_iter().filter(|r| r.kind == new.kind && r.ask.brings_certificate()) {
        let old: Option<(Timestamp,)> = match request.signer.filter(|_| request.ask == Ask::Renew) {
            Some(signer) => tx.opt("SELECT valid_to FROM signer WHERE id = $1", params![signer])?,
            None => None,
        };
        if old.is_some_and(|(until,)| certificate.not_after() <= until) {
            continue;
        }
        tx.lock("certificate_request", request.id)?;
        tx.exec("UPDATE certificate_request SET became_id = $1 WHERE id = $2", params![entered, request.id])?;
        return step(tx, &request, State::Done, "");
    }
    Ok(())
}

/// The request, kept from others until this write ends, if it is as the page showed it.
fn locked(tx: &mut Tx<'_>, (id, revision): (Id, i64), from: &[State]) -> Result<Request> {
    tx.lock("certificate_request", id)?;
    let request = super::by_id(tx, id)?.ok_or_else(|| Error::not_found("đề nghị"))?;
    if request.revision == revision && from.contains(&request.state) { Ok(request) } else { Err(outdated()) }
}

fn outdated() -> Error {
    Error::conflict("Đề nghị này vừa thay đổi. Ông/bà hãy tải lại trang để xem tình trạng mới rồi làm tiếp.")
}

fn step(tx: &mut Tx<'_>, request: &Request, state: State, note: &str) -> Result<()> {
    let (id, at) = (tx.id()?, tx.at());
    let by = tx.actor().officer().ok_or_else(|| Error::internal("a step is taken by an officer"))?;
    let changed = tx.exec_counted(
        "UPDATE certificate_request SET state = $1, revision = revision + 1 WHERE id = $2 AND revision = $3",
        params![state.number(), request.id, request.revision],
    )?;
    if changed == 0 {
        return Err(outdated());
    }
    if !state.is_open() {
        // The person's number was needed to ask, and for nothing after.
        tx.exec("UPDATE certificate_request SET identity = '', sealed_with = NULL WHERE id = $1", params![request.id])?;
    }
    tx.exec(
        "INSERT INTO certificate_request_step (id, request_id, state, at, officer_id, note)
         VALUES ($1, $2, $3, $4, $5, $6)",
        params![id, request.id, state.number(), at, by, note],
    )?;
    let action = match state {
        State::Asked => return Err(Error::internal("no step leads back to the beginning")),
        State::Confirmed => "signatures.confirm-request",
        State::Sent => "signatures.send-request",
        State::Done => "signatures.close-request",
        State::Refused => "signatures.refuse-request",
        State::TakenBack => "signatures.take-back-request",
    };
    let detail = serde_json::json!({ "ask": request.ask, "note": note });
    let entity = "certificate_request";
    tx.audit(&AuditEntry { action, entity, entity_id: request.id, unit: Some(request.unit), detail })
}
