//! Finishing: the last step attaches the result; the clock ends here, and the counter gets it to deliver.

use crate::due;
use crate::event::{self, EventKind, NewEvent};
use crate::status::Status;
use crate::verbs::{Acting, DELIVERY, InHand, audit, begin_if_waiting, check_move, end_clock, pass};
use records::{Holder, NewTask, task};
use serde_json::json;
use store::{Tx, params};
use types::{Error, Id, Result};

/// The result that the last step attaches.
#[derive(Debug, Clone)]
pub struct Finish {
    pub name: String,
    /// Number and symbol, if it has one.
    pub number: Option<String>,
    pub file: Id,
    pub note: Option<String>,
}

/// Finishes the dossier with its result.
pub fn finish(tx: &mut Tx<'_>, acting: &Acting, result: &Finish) -> Result<()> {
    let InHand { mut dossier, task: held } = acting.take_up(tx)?;
    check_move(&dossier, Status::Finished)?;
    if acting.step_after(&held.step).is_some() {
        return Err(Error::conflict(
            "Hồ sơ chưa đến bước cuối. Hãy chuyển tiếp theo quy trình; kết quả được đính kèm ở bước cuối.",
        ));
    }
    begin_if_waiting(tx, &mut dossier, &held.step)?;
    let result_id = tx.id()?;
    tx.exec(
        "INSERT INTO dossier_result (id, dossier_id, name, number, file_id) VALUES ($1, $2, $3, $4, $5)",
        params![result_id, dossier.id, &result.name, result.number.clone(), result.file],
    )?;
    let outcome = due::outcome(&acting.calendar, &dossier, tx.at())?;
    task::close(tx, held.id, "finished")?;
    end_clock(tx, &dossier, Status::Finished, outcome)?;
    let holder = counter_of(tx, acting, &dossier)?;
    let delivery = NewTask {
        record: dossier.id,
        step: DELIVERY,
        title: "Trả kết quả cho công dân",
        unit: dossier.unit,
        holder,
        due_at: dossier.due_at.max(tx.at()),
    };
    task::open(tx, &delivery)?;
    let event = NewEvent {
        from_step: Some(&held.step),
        to_step: Some(DELIVERY),
        text: result.note.as_deref(),
        file: Some(result.file),
        ..NewEvent::default()
    };
    event::add(tx, dossier.id, EventKind::Finished, &event)?;
    audit(
        tx,
        "dossiers.finish",
        &dossier,
        json!({ "outcome": outcome, "file": result.file, "number": result.number }),
    )?;
    tx.publish("dossiers.finished.v1", dossier.id, &json!({ "id": dossier.id, "outcome": outcome }))
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
