//! Ending without a result: the party withdraws, or the agency stops with reasons.

use crate::event::{self, EventKind, NewEvent, Particulars};
use crate::own_form;
use crate::status::Status;
use crate::verbs::{Acting, InHand, audit, check_move, end_clock, moment, words};
use records::task;
use serde_json::json;
use store::{Tx, params};
use types::{Error, Result};

/// More đồng than any fee is.
const REFUND_MAX: u64 = 1_000_000_000;

/// Withdraws (7) or stops (8) the dossier, with a reason; by whoever holds the open step.
pub fn end(tx: &mut Tx<'_>, acting: &Acting, status: Status, reason: &str) -> Result<()> {
    end_by(tx, acting, (status, reason), (None, false))
}

/// Stops the dossier, with a reason and the fees that are given back, in đồng; by whoever holds the open step.
pub fn stop(tx: &mut Tx<'_>, acting: &Acting, reason: &str, refund: Option<u64>) -> Result<()> {
    check_refund(refund)?;
    let particulars = refund.map(|refund| Particulars::Stop { refund });
    end_by(tx, acting, (Status::Stopped, reason), (particulars.as_ref(), false))
}

/// An amount that is given back.
pub(crate) fn check_refund(refund: Option<u64>) -> Result<()> {
    if refund.is_some_and(|refund| !(1..=REFUND_MAX).contains(&refund)) {
        return Err(Error::invalid("refund", "Ghi số tiền hoàn trả bằng đồng, ví dụ 75000; không có thì để trống."));
    }
    Ok(())
}

/// The party withdraws at the counter, whoever holds the step. The caller has checked that the actor receives for the
/// dossier's unit.
pub fn withdraw_at_counter(tx: &mut Tx<'_>, acting: &Acting, reason: &str) -> Result<()> {
    end_by(tx, acting, (Status::Withdrawn, reason), (None, true))
}

fn end_by(
    tx: &mut Tx<'_>,
    acting: &Acting,
    (status, reason): (Status, &str),
    (particulars, at_counter): (Option<&Particulars>, bool),
) -> Result<()> {
    let reason = words::lines("reason", reason)?;
    if reason.is_empty() {
        return Err(Error::invalid("reason", "Hãy ghi lý do; lý do được thông báo cho công dân."));
    }
    let (kind, outcome) = match status {
        Status::Withdrawn => (EventKind::Withdrawn, "withdrawn"),
        Status::Stopped => (EventKind::Stopped, "stopped"),
        other => return Err(Error::internal(format!("a dossier cannot be ended as {other:?}"))),
    };
    let in_hand = if at_counter { acting.reach(tx)? } else { acting.take_up(tx)? };
    let InHand { dossier, task: held } = in_hand;
    check_move(&dossier, status)?;
    let at = moment(tx, &dossier)?;
    tx.exec("UPDATE dossier_stop SET to_at = $1 WHERE dossier_id = $2 AND to_at IS NULL", params![at, dossier.id])?;
    task::close(tx, held.id, outcome)?;
    end_clock(tx, &dossier, (status, outcome), at)?;
    event::add(
        tx,
        dossier.id,
        kind,
        &NewEvent { from_step: Some(&held.step), text: Some(&reason), particulars, ..NewEvent::default() },
    )?;
    own_form::settle(tx, dossier.id)?;
    audit(tx, "dossiers.end", &dossier, json!({ "status": status.number(), "at_counter": at_counter }))?;
    tx.publish("dossiers.ended.v1", dossier.id, &json!({ "id": dossier.id, "status": status.number() }))
}
