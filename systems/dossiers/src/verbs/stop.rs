//! Stops: the clock stands still while the party completes papers or pays; then the due time moves.

use crate::counting;
use crate::dossier::{self, Dossier};
use crate::due;
use crate::event::{self, EventKind, NewEvent, Particulars};
use crate::own_form;
use crate::status::Status;
use crate::verbs::{Acting, InHand, audit, begin_if_waiting, check_move, moment, words};
use records::{Pace, task};
use serde_json::json;
use store::{Tx, params};
use types::{Error, Result};

/// Stops the clock: `SupplementRequested` or `PaymentRequested`, with what the party has to do.
pub fn begin(tx: &mut Tx<'_>, acting: &Acting, status: Status, reason: &str) -> Result<()> {
    let reason = words::lines("reason", reason)?;
    if reason.is_empty() {
        return Err(Error::invalid("reason", "Hãy ghi rõ giấy tờ cần bổ sung hoặc khoản phải nộp để công dân biết."));
    }
    let InHand { mut dossier, task: held } = acting.take_up(tx)?;
    begin_if_waiting(tx, &mut dossier, &held.step)?;
    check_move(&dossier, status)?;
    let (id, at) = (tx.id()?, moment(tx, &dossier)?);
    tx.exec(
        "INSERT INTO dossier_stop (id, dossier_id, status, from_at, reason) VALUES ($1, $2, $3, $4, $5)",
        params![id, dossier.id, status.number(), at, &reason],
    )?;
    dossier::set_status(tx, &dossier, status)?;
    task::set_pace(tx, held.id, Pace::Paused)?;
    counting::clock_stopped(tx, &dossier, at)?;
    let kind =
        if status == Status::PaymentRequested { EventKind::PaymentRequested } else { EventKind::SupplementRequested };
    let due_then = Particulars::Due { due_at: dossier.due_at };
    let event = NewEvent {
        from_step: Some(&held.step),
        text: Some(&reason),
        particulars: Some(&due_then),
        ..NewEvent::default()
    };
    event::add(tx, dossier.id, kind, &event)?;
    audit(tx, "dossiers.stop-clock", &dossier, json!({ "status": status.number(), "step": held.step }))?;
    tx.publish("dossiers.clock-stopped.v1", dossier.id, &json!({ "id": dossier.id, "status": status.number() }))
}

/// Lets the clock run again; the due time moves by exactly the working time of the stop.
pub fn resume(tx: &mut Tx<'_>, acting: &Acting, note: Option<&str>) -> Result<()> {
    let in_hand = acting.take_up(tx)?;
    run_again(tx, acting, in_hand, note)
}

/// The same for whoever may let it run: the holder of the step, or the counter that got what was asked for.
pub(crate) fn run_again(tx: &mut Tx<'_>, acting: &Acting, in_hand: InHand, note: Option<&str>) -> Result<()> {
    let note = words::some_lines("note", note)?;
    let InHand { dossier, task: held } = in_hand;
    if !dossier.status.is_stop() {
        return Err(Error::conflict("Hồ sơ không ở trạng thái dừng tính thời gian nên không có gì để tiếp tục."));
    }
    let at = moment(tx, &dossier)?;
    tx.exec("UPDATE dossier_stop SET to_at = $1 WHERE dossier_id = $2 AND to_at IS NULL", params![at, dossier.id])?;
    let stops = due::ended_stops(&dossier::stops(tx, dossier.id)?, at);
    let due_at = due::after_stop(&acting.definition, &acting.calendar, &dossier, &stops)?;
    tx.exec(
        "UPDATE dossier SET status = $1, due_at = $2, due_day = $3, revision = revision + 1 WHERE id = $4",
        params![Status::InProgress.number(), due_at, due_at.day(), dossier.id],
    )?;
    let dossier = Dossier { due_at, status: Status::InProgress, ..dossier };
    counting::clock_runs_again(tx, &dossier, at)?;
    task::set_pace(tx, held.id, Pace::Running)?;
    if let Some(stop) = stops.last() {
        let due_at = due::step_due_after(&acting.calendar, held.due_at, *stop, dossier.due_at)?;
        task::move_due(tx, held.id, due_at)?;
    }
    event::add(
        tx,
        dossier.id,
        EventKind::Resumed,
        &NewEvent { from_step: Some(&held.step), text: note.as_deref(), ..NewEvent::default() },
    )?;
    own_form::settle(tx, dossier.id)?;
    audit(tx, "dossiers.resume-clock", &dossier, json!({ "due": dossier.due_at.rfc3339() }))?;
    tx.publish("dossiers.due-moved.v1", dossier.id, &json!({ "id": dossier.id, "due": dossier.due_at }))
}
