//! What can be done with a dossier. Each verb locks it, checks the move, changes it, and writes task, event, count,
//! audit and outbox in the one transaction it is given.

pub mod apologise;
pub mod correct_form;
pub mod deliver;
pub mod end;
pub mod finish;
pub mod note;
pub mod pass;
pub mod reassign;
pub mod receive;
pub mod replace;
pub mod send_back;
pub mod send_form;
pub mod stop;
pub mod submit;
pub mod supplement;
pub(crate) mod words;

use crate::counting;
use crate::dossier::{self, Dossier, span};
use crate::event::{self, EventKind, NewEvent};
use crate::procedure::Definition;
use crate::procedure::step::Step;
use crate::status::Status;
use calendar::WorkingCalendar;
use directory::UnitTree;
use records::{Manner, OpenTask, task};
use std::sync::Arc;
use store::{AuditEntry, Tx, params};
use types::{Error, Id, Result, Timestamp};

/// The step key of the task that waits with a finished dossier at the counter.
pub const DELIVERY: &str = "tra-ket-qua";

/// What every verb on an existing dossier is given, drawn before the write begins.
#[derive(Clone)]
pub struct Acting {
    pub code: String,
    /// The state that the actor saw; none when a program acts on whatever there is.
    pub revision: Option<i64>,
    pub officer: Id,
    /// Posts that the officer holds or stands in for.
    pub posts: Vec<Id>,
    pub definition: Arc<Definition>,
    pub calendar: Arc<WorkingCalendar>,
    pub tree: Arc<UnitTree>,
}

/// A dossier in the hands of the acting officer.
pub(crate) struct InHand {
    pub dossier: Dossier,
    pub task: OpenTask,
}

impl Acting {
    /// Locks the dossier and finds the open task that the actor holds.
    pub(crate) fn take_up(&self, tx: &mut Tx<'_>) -> Result<InHand> {
        let InHand { dossier, task } = self.reach(tx)?;
        if !task.waits_for(&self.posts, self.officer) {
            return Err(Error::forbidden(format!(
                "Bước «{}» không phải việc của ông/bà. Hãy xem dòng thời gian của hồ sơ để biết ai đang giữ.",
                task.title
            )));
        }
        Ok(InHand { dossier, task })
    }

    /// Locks the dossier and finds its open task, whoever holds it. What may be done with it then hangs on a permission
    /// for the dossier's unit, which the caller has checked.
    pub(crate) fn reach(&self, tx: &mut Tx<'_>) -> Result<InHand> {
        let dossier = dossier::lock(tx, &self.code, self.revision)?;
        let task = task::open_of(tx, dossier.id)?.ok_or_else(|| {
            Error::conflict(format!("Hồ sơ đã ở trạng thái «{}», không còn việc nào đang chờ.", dossier.status.title()))
        })?;
        Ok(InHand { dossier, task })
    }

    /// The place of a step in the process.
    pub(crate) fn step_index(&self, code: &str) -> Option<usize> {
        self.definition.steps.iter().position(|step| step.code == code)
    }

    /// The step after `code`, if it is not the last.
    pub fn step_after(&self, code: &str) -> Option<&Step> {
        self.step_index(code).and_then(|i| self.definition.steps.get(i + 1))
    }
}

/// The command's moment, but never before what was recorded already: a clock that was set back strands no dossier and
/// leaves no time that ends before it begins. The audit keeps what the clock said.
pub(crate) fn moment(tx: &mut Tx<'_>, dossier: &Dossier) -> Result<Timestamp> {
    let (stop,): (Option<Timestamp>,) =
        tx.one("SELECT max(COALESCE(to_at, from_at)) FROM dossier_stop WHERE dossier_id = $1", params![dossier.id])?;
    let known = [Some(dossier.received_at), dossier.ended_at, stop];
    Ok(known.into_iter().flatten().fold(tx.at(), Timestamp::max))
}

/// How the task of a step is opened: each can be done for many at once, the last where its results were sealed here.
pub(crate) fn manner() -> Manner<'static> {
    Manner { batch: Some(crate::desk::BATCH_PAGE), ..Manner::default() }
}

/// A move's check as an error.
pub(crate) fn check_move(dossier: &Dossier, to: Status) -> Result<()> {
    dossier.status.check_move(to).map_err(Error::conflict)
}

/// The first act on a received dossier takes it over: status 4.
pub(crate) fn begin_if_waiting(tx: &mut Tx<'_>, dossier: &mut Dossier, step: &str) -> Result<()> {
    if dossier.status == Status::Received {
        dossier::set_status(tx, dossier, Status::InProgress)?;
        dossier.status = Status::InProgress;
        dossier.revision += 1;
        event::add(tx, dossier.id, EventKind::Taken, &NewEvent { from_step: Some(step), ..NewEvent::default() })?;
    }
    Ok(())
}

/// Writes the audit entry of a verb; `detail` holds no personal data.
pub(crate) fn audit(tx: &mut Tx<'_>, action: &str, dossier: &Dossier, detail: serde_json::Value) -> Result<()> {
    tx.audit(&AuditEntry { action, entity: "dossier", entity_id: dossier.id, unit: Some(dossier.unit), detail })
}

/// Ends the dossier's clock: outcome, counts, and the overdue count taken back.
pub(crate) fn end_clock(
    tx: &mut Tx<'_>,
    dossier: &Dossier,
    (status, outcome): (Status, &str),
    at: Timestamp,
) -> Result<()> {
    tx.exec(
        "UPDATE dossier SET status = $1, ended_at = $2, ended_day = $3, outcome = $4, span = $5, revision = revision + 1
         WHERE id = $6",
        params![status.number(), at, at.day(), outcome, span(dossier.received_at.day(), at.day()), dossier.id],
    )?;
    counting::ended(tx, dossier, outcome, at)
}
