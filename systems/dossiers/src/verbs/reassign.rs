//! Giving the open step to another post: its holder is gone, ill or overloaded, and the work must not wait for that.

use crate::dossier;
use crate::event::{self, EventKind, NewEvent};
use crate::procedure::step::Step;
use crate::verbs::{Acting, DELIVERY, InHand, audit, pass, words};
use directory::Post;
use records::{Holder, Manner, NewTask, task};
use serde_json::json;
use store::{Reader, Tx};
use types::{Error, Id, Result};

/// Closes the open task and opens the same step for the post `to`. The step keeps its due time: what one holder let pass
/// is not given back by naming another. The caller has checked that the actor may reassign in the dossier's unit.
pub fn reassign(tx: &mut Tx<'_>, acting: &Acting, to: Id, reason: &str) -> Result<()> {
    let reason = words::lines("reason", reason)?;
    if reason.is_empty() {
        return Err(Error::invalid("reason", "Hãy ghi lý do chuyển để người giữ trước và người nhận đều biết."));
    }
    let InHand { dossier, task: held } = acting.reach(tx)?;
    if held.post == Some(to) {
        return Err(Error::invalid("to", "Vị trí này đang giữ việc rồi. Hãy chọn vị trí khác."));
    }
    if !candidates(tx, acting, dossier.unit, &held.step)?.iter().any(|post| post.id == to) {
        return Err(Error::invalid("to", format!("Người được chọn không làm được bước «{}».", held.title)));
    }
    task::close(tx, held.id, "reassigned")?;
    let new = NewTask {
        record: dossier.id,
        step: &held.step,
        title: &held.title,
        unit: held.unit,
        holder: Holder::Post(to),
        due_at: held.due_at,
    };
    let (pace, batch) = task::manner_of(tx, held.id)?;
    task::open_as(tx, &new, Manner { pace, batch: batch.as_deref() })?;
    let event = NewEvent {
        from_step: Some(&held.step),
        to_step: Some(&held.step),
        to_post: Some(to),
        text: Some(&reason),
        ..NewEvent::default()
    };
    event::add(tx, dossier.id, EventKind::Reassigned, &event)?;
    dossier::set_status(tx, &dossier, dossier.status)?;
    audit(tx, "dossiers.reassign", &dossier, json!({ "step": held.step, "from": held.post, "to": to }))?;
    tx.publish("dossiers.moved.v1", dossier.id, &json!({ "id": dossier.id, "step": held.step }))
}

/// The posts that may do a step of a dossier of `unit`, the best match first; a result waits with the counter.
pub fn candidates(reader: &mut Reader<'_>, acting: &Acting, unit: Id, step: &str) -> Result<Vec<Post>> {
    let Some(step) = doer(acting, step) else { return Ok(Vec::new()) };
    let kind = pass::kind_of(step)?;
    directory::post::candidates(reader, &acting.tree, (unit, kind), &acting.definition.field.code)
}

/// The step whose kind of post does it: the first one for handing the result over.
fn doer<'a>(acting: &'a Acting, step: &str) -> Option<&'a Step> {
    let steps = &acting.definition.steps;
    if step == DELIVERY { steps.first() } else { steps.iter().find(|known| known.code == step) }
}
