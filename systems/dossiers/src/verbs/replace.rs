//! A wrong result file is replaced before the party has it: the old row stays, marked, and the clock is not touched.

use crate::counting;
use crate::dossier;
use crate::event::{self, EventKind, NewEvent};
use crate::status::Status;
use crate::verbs::finish::{self, NewResult};
use crate::verbs::{Acting, InHand, audit, words};
use records::{Task, task};
use serde_json::json;
use store::{Tx, params};
use types::{Error, Id, Result};

/// Puts `new` into the place of the result `old`. The holder of the last step may do it, and the counter with which the
/// dossier waits.
pub fn replace(tx: &mut Tx<'_>, acting: &Acting, old: Id, new: &NewResult, reason: &str) -> Result<()> {
    let reason = words::lines("reason", reason)?;
    if reason.is_empty() {
        return Err(Error::invalid("reason", "Hãy ghi lý do thay tệp kết quả."));
    }
    let InHand { dossier, task: held } = acting.reach(tx)?;
    if dossier.status != Status::Finished {
        return Err(Error::conflict(format!(
            "Hồ sơ đang ở trạng thái «{}»; chỉ thay được tệp kết quả khi đã có kết quả và chưa trả cho công dân.",
            dossier.status.title()
        )));
    }
    let tasks = task::of_record(tx, dossier.id)?;
    if !held.waits_for(&acting.posts, acting.officer) && !did_last_step(acting, &tasks) {
        return Err(Error::forbidden("Chỉ người làm bước cuối hoặc bộ phận một cửa được thay tệp kết quả."));
    }
    let wrong = dossier::results(tx, dossier.id)?.into_iter().find(|result| result.id == old);
    let wrong =
        wrong.ok_or_else(|| Error::invalid("result", "Kết quả này không còn là bản đang trả. Hãy tải lại trang."))?;
    let added = finish::add(tx, dossier.id, new, Some(old))?;
    let at = tx.at();
    // Read with the very change: whoever looks whether results are signed takes no lock on the dossier.
    let (signed,): (Option<bool>,) =
        tx.one("UPDATE dossier_result SET replaced_at = $1 WHERE id = $2 RETURNING signed", params![at, old])?;
    if let (Some(true), Some(ended)) = (signed, dossier.ended_at) {
        counting::signed(tx, &counting::of(&dossier), ended.day(), -1)?;
    }
    dossier::set_status(tx, &dossier, dossier.status)?;
    let event =
        NewEvent { from_step: Some(&held.step), text: Some(&reason), file: Some(new.file), ..NewEvent::default() };
    event::add(tx, dossier.id, EventKind::ResultReplaced, &event)?;
    let detail = json!({ "old": old, "old_file": wrong.file, "new": added, "file": new.file, "number": new.number });
    audit(tx, "dossiers.replace-result", &dossier, detail)?;
    tx.publish("dossiers.result-replaced.v1", dossier.id, &json!({ "id": dossier.id, "old": old, "new": added }))
}

/// Whether the actor did the last step, or holds the post that did.
pub fn did_last_step(acting: &Acting, tasks: &[Task]) -> bool {
    let Some(last) = acting.definition.steps.last() else { return false };
    let did = tasks.iter().rev().find(|task| task.step == last.code && task.done_at.is_some());
    did.is_some_and(|task| task.waits_for(&acting.posts, acting.officer) || task.done_by == Some(acting.officer))
}
