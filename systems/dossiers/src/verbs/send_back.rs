//! Sending back: the step before does its work again, with a reason.

use crate::dossier::{self, Dossier};
use crate::due;
use crate::event::{self, EventKind, NewEvent};
use crate::procedure::step::Step;
use crate::status::Status;
use crate::verbs::{Acting, InHand, audit, begin_if_waiting, manner, pass, words};
use records::{Holder, NewTask, Task, task};
use serde_json::json;
use store::Tx;
use types::{Error, Result};

/// Sends the dossier back to the step before, to the post or person that did it.
pub fn send_back(tx: &mut Tx<'_>, acting: &Acting, reason: &str) -> Result<()> {
    let reason = words::lines("reason", reason)?;
    if reason.is_empty() {
        return Err(Error::invalid("reason", "Hãy ghi lý do trả lại để người nhận biết phải làm gì."));
    }
    let InHand { mut dossier, task: held } = acting.take_up(tx)?;
    if !dossier.status.clock_runs() {
        return Err(Error::conflict("Hồ sơ đang dừng tính thời gian; hãy tiếp tục giải quyết trước khi trả lại."));
    }
    let before = acting
        .step_index(&held.step)
        .and_then(|i| i.checked_sub(1))
        .and_then(|i| acting.definition.steps.get(i))
        .ok_or_else(|| Error::conflict("Đây là bước đầu tiên, không có bước trước để trả lại."))?;
    let did_it = last_at(&task::of_record(tx, dossier.id)?, &before.code)
        .ok_or_else(|| Error::conflict("Bước trước chưa ai làm trên hệ thống này nên không trả lại được."))?;
    let did_it = still_there(tx, acting, (&dossier, before), did_it)?;
    begin_if_waiting(tx, &mut dossier, &held.step)?;
    task::close(tx, held.id, "sent_back")?;
    let at = tx.at();
    let case = dossier.case.as_deref();
    let due_at = due::step_due(&acting.definition, case, before, &acting.calendar, (at, dossier.due_at))?;
    let new = NewTask {
        record: dossier.id,
        step: &before.code,
        title: &before.title,
        unit: dossier.unit,
        holder: did_it,
        due_at,
    };
    task::open_as(tx, &new, manner())?;
    let to_post = if let Holder::Post(post) = did_it { Some(post) } else { None };
    let event = NewEvent {
        from_step: Some(&held.step),
        to_step: Some(&before.code),
        to_post,
        text: Some(&reason),
        ..NewEvent::default()
    };
    event::add(tx, dossier.id, EventKind::SentBack, &event)?;
    dossier::set_status(tx, &dossier, Status::InProgress)?;
    audit(tx, "dossiers.send-back", &dossier, json!({ "from": held.step, "to": before.code }))?;
    tx.publish("dossiers.moved.v1", dossier.id, &json!({ "id": dossier.id, "step": before.code }))
}

/// The same post while it may do the step; a post that has ended since leaves it to the best match.
fn still_there(tx: &mut Tx<'_>, acting: &Acting, (dossier, step): (&Dossier, &Step), holder: Holder) -> Result<Holder> {
    let Holder::Post(post) = holder else { return Ok(holder) };
    let (unit, field) = (dossier.unit, acting.definition.field.code.as_str());
    let candidates = directory::post::candidates(tx, &acting.tree, (unit, pass::kind_of(step)?), field)?;
    if candidates.iter().any(|candidate| candidate.id == post) {
        return Ok(holder);
    }
    pass::choose_post(tx, (&acting.tree, unit), (step, field), None).map(Holder::Post)
}

fn last_at(tasks: &[Task], step: &str) -> Option<Holder> {
    let last = tasks.iter().rev().find(|task| task.step == step)?;
    last.post.map(Holder::Post).or(last.officer.map(Holder::Officer))
}
