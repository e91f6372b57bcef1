//! Finishing: the last step attaches the result; the clock ends here, and the counter gets it to deliver.

use crate::counting;
use crate::due;
use crate::event::{self, EventKind, NewEvent};
use crate::own_form;
use crate::status::Status;
use crate::verbs::{Acting, DELIVERY, InHand, audit, begin_if_waiting, check_move, end_clock, moment, pass, words};
use records::{Holder, Manner, NewTask, Pace, task};
use serde_json::json;
use store::{Tx, params};
use types::{Error, Id, Result};

/// The most results that one dossier has.
pub const RESULTS_MAX: usize = 20;

/// A result: a signed file with its name and number.
#[derive(Debug, Clone)]
pub struct NewResult {
    pub name: String,
    /// Number and symbol, if it has one.
    pub number: Option<String>,
    pub file: Id,
}

/// What the last step attaches.
#[derive(Debug, Clone)]
pub struct Finish {
    /// At least one.
    pub results: Vec<NewResult>,
    pub note: Option<String>,
}

/// Finishes the dossier with its results.
pub fn finish(tx: &mut Tx<'_>, acting: &Acting, done: &Finish) -> Result<()> {
    let first = done.results.first().ok_or_else(|| Error::invalid("file", "Hãy đính kèm ít nhất một tệp kết quả."))?;
    if done.results.len() > RESULTS_MAX {
        return Err(Error::invalid("file", format!("Một hồ sơ có nhiều nhất {RESULTS_MAX} tệp kết quả.")));
    }
    let note = words::some_lines("note", done.note.as_deref())?;
    let InHand { mut dossier, task: held } = acting.take_up(tx)?;
    check_move(&dossier, Status::Finished)?;
    if acting.step_after(&held.step).is_some() {
        return Err(Error::conflict(
            "Hồ sơ chưa đến bước cuối. Hãy chuyển tiếp theo quy trình; kết quả được đính kèm ở bước cuối.",
        ));
    }
    begin_if_waiting(tx, &mut dossier, &held.step)?;
    for result in &done.results {
        add(tx, dossier.id, result, None)?;
    }
    let at = moment(tx, &dossier)?;
    counting::results(tx, &counting::of(&dossier), at.day(), done.results.len())?;
    let outcome = due::outcome(&acting.calendar, &dossier, at)?;
    task::close(tx, held.id, "finished")?;
    end_clock(tx, &dossier, (Status::Finished, outcome), at)?;
    let holder = counter_of(tx, acting, &dossier)?;
    let delivery = NewTask {
        record: dossier.id,
        step: DELIVERY,
        title: "Trả kết quả cho công dân",
        unit: dossier.unit,
        holder,
        due_at: dossier.due_at.max(at),
    };
    task::open_as(tx, &delivery, Manner { pace: Pace::PickUp, batch: None })?;
    let event = NewEvent {
        from_step: Some(&held.step),
        to_step: Some(DELIVERY),
        text: note.as_deref(),
        file: Some(first.file),
        ..NewEvent::default()
    };
    event::add(tx, dossier.id, EventKind::Finished, &event)?;
    own_form::settle(tx, dossier.id)?;
    let results: Vec<_> = done.results.iter().map(|r| json!({ "file": r.file, "number": r.number })).collect();
    audit(tx, "dossiers.finish", &dossier, json!({ "outcome": outcome, "results": results }))?;
    tx.publish("dossiers.finished.v1", dossier.id, &json!({ "id": dossier.id, "outcome": outcome }))
}

/// Writes a result; `replaces` is the one whose place it takes.
pub(crate) fn add(tx: &mut Tx<'_>, dossier: Id, result: &NewResult, replaces: Option<Id>) -> Result<Id> {
    let name = words::line("name", &result.name)?;
    if name.is_empty() {
        return Err(Error::invalid("name", "Hãy ghi tên kết quả, ví dụ Giấy khai sinh."));
    }
    let number = result.number.as_deref().map(|number| words::line("number", number)).transpose()?;
    let number = number.filter(|number| !number.is_empty());
    let id = tx.id()?;
    tx.exec(
        "INSERT INTO dossier_result (id, dossier_id, name, number, file_id, replaces) VALUES ($1, $2, $3, $4, $5, $6)",
        params![id, dossier, &name, number, result.file, replaces],
    )?;
    Ok(id)
}

/// The counter that received it delivers it; if that post is gone, the unit's counter today.
fn counter_of(tx: &mut Tx<'_>, acting: &Acting, dossier: &crate::dossier::Dossier) -> Result<Holder> {
    let counter = acting.definition.steps.first().ok_or_else(|| Error::internal("a procedure without steps"))?;
    let candidates = directory::post::candidates(
        tx,
        &acting.tree,
        (dossier.unit, pass::kind_of(counter)?),
        &acting.definition.field.code,
    )?;
    let received = task::of_record(tx, dossier.id)?.into_iter().find(|task| task.step == counter.code);
    let same = received.as_ref().and_then(|task| task.post).filter(|id| candidates.iter().any(|post| post.id == *id));
    same.or_else(|| candidates.first().map(|post| post.id))
        .map(Holder::Post)
        .or_else(|| received.and_then(|task| task.officer).map(Holder::Officer))
        .ok_or_else(|| Error::conflict("Đơn vị chưa có vị trí «Một cửa» để trả kết quả. Hãy nhờ quản trị thêm vị trí."))
}
