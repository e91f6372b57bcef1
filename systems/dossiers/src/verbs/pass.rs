//! Passing on: the step is done, the next one opens for the post that is to do it.

use crate::dossier;
use crate::due;
use crate::event::{self, EventKind, NewEvent};
use crate::procedure::step::Step;
use crate::status::Status;
use crate::verbs::{Acting, InHand, audit, begin_if_waiting, manner, words};
use directory::{PostKind, UnitTree};
use records::{Holder, NewTask, task};
use serde_json::json;
use store::{Reader, Tx};
use types::{Error, Id, Result};

/// Who gets the next step, with a note and a draft for them.
#[derive(Debug, Clone, Default)]
pub struct Pass {
    /// The post; the best match when none is chosen.
    pub to: Option<Id>,
    pub note: Option<String>,
    /// A draft or another document, so that the next one sees what there is to review or sign.
    pub file: Option<Id>,
}

/// Passes the dossier to the next step of its process.
pub fn pass(tx: &mut Tx<'_>, acting: &Acting, pass: &Pass) -> Result<()> {
    let note = words::some_lines("note", pass.note.as_deref())?;
    let InHand { mut dossier, task: held } = acting.take_up(tx)?;
    if !dossier.status.clock_runs() {
        return Err(Error::conflict(format!(
            "Hồ sơ đang ở trạng thái «{}»; hãy bấm «Tiếp tục giải quyết» trước khi chuyển.",
            dossier.status.title()
        )));
    }
    let next = acting.step_after(&held.step).ok_or_else(|| {
        Error::conflict("Đây là bước cuối. Hãy đính kèm kết quả và bấm «Hoàn thành» thay vì chuyển tiếp.")
    })?;
    begin_if_waiting(tx, &mut dossier, &held.step)?;
    let post = choose_post(tx, (&acting.tree, dossier.unit), (next, &acting.definition.field.code), pass.to)?;
    task::close(tx, held.id, "passed")?;
    let at = tx.at();
    let case = dossier.case.as_deref();
    let due_at = due::step_due(&acting.definition, case, next, &acting.calendar, (at, dossier.due_at))?;
    let holder = Holder::Post(post);
    let new = NewTask { record: dossier.id, step: &next.code, title: &next.title, unit: dossier.unit, holder, due_at };
    task::open_as(tx, &new, manner())?;
    let event = NewEvent {
        from_step: Some(&held.step),
        to_step: Some(&next.code),
        to_post: Some(post),
        text: note.as_deref(),
        file: pass.file,
        ..NewEvent::default()
    };
    event::add(tx, dossier.id, EventKind::Passed, &event)?;
    dossier::set_status(tx, &dossier, Status::InProgress)?;
    audit(
        tx,
        "dossiers.pass",
        &dossier,
        json!({ "from": held.step, "to": next.code, "post": post, "file": pass.file }),
    )?;
    tx.publish("dossiers.moved.v1", dossier.id, &json!({ "id": dossier.id, "step": next.code }))
}

/// The kind of post in the directory's words.
pub fn kind_of(step: &Step) -> Result<PostKind> {
    PostKind::of(step.post.code()).ok_or_else(|| Error::internal(format!("no post kind {}", step.post.code())))
}

/// Lets what [`choose_post`] asks go with the next question.
pub(crate) fn foresee_post(reader: &mut Reader<'_>, (tree, unit): (&UnitTree, Id), step: &Step) -> Result<()> {
    directory::post::foresee_candidates(reader, tree, (unit, kind_of(step)?));
    Ok(())
}

/// The chosen post when it may do the step, otherwise the best match; none at all is the administrator's to mend.
pub(crate) fn choose_post(
    reader: &mut Reader<'_>,
    (tree, unit): (&UnitTree, Id),
    (step, field): (&Step, &str),
    chosen: Option<Id>,
) -> Result<Id> {
    let candidates = directory::post::candidates(reader, tree, (unit, kind_of(step)?), field)?;
    match chosen {
        Some(id) if candidates.iter().any(|post| post.id == id) => Ok(id),
        Some(_) => Err(Error::invalid("to", format!("Người được chọn không làm được bước «{}».", step.title))),
        None => candidates.first().map(|post| post.id).ok_or_else(|| {
            Error::conflict(format!(
                "Đơn vị chưa có vị trí «{}» cho bước «{}». Hãy nhờ quản trị thêm vị trí rồi thử lại.",
                step.post.label(),
                step.title
            ))
        }),
    }
}
