//! What happens to a dossier next, and when: most are passed on in good time, some are sent back, stopped, forgotten.

use super::{History, Setting};
use crate::demo::life::{Life, Next, Received};
use crate::demo::plan::Moments;
use dossiers::procedure::step::{PostKind, Step};
use dossiers::sample::Chance;
use dossiers::verbs::DELIVERY;
use records::{Task, task};
use types::{Error, Result, Timestamp};

/// Working minutes of a day.
const DAY: i64 = 480;

impl History<'_> {
    /// Decides the next act and its moment; none when it will never come.
    pub(super) fn plan(&mut self, life: &mut Life, at: Timestamp) -> Result<Option<Timestamp>> {
        let dossier = life.received.clone().ok_or_else(|| Error::internal("a life without a dossier"))?;
        let Setting { calendar, .. } = self.setting(dossier.unit)?;
        let moments = Moments(&calendar);
        let (open, whole) = self.store.read_blocking(|reader| {
            let whole = dossiers::dossier::by_id(reader, dossier.id)?;
            Ok((task::open_of(reader, dossier.id)?, whole))
        })?;
        let (Some(open), Some(whole)) = (open, whole) else { return Ok(None) };
        let left = Left { step: moments.left(at, open.due_at)?, dossier: moments.left(at, whole.due_at)? };
        let minutes = match life.next {
            Next::AskSupplement | Next::AskPayment => after_a_stop(life),
            _ if open.step == DELIVERY => after_the_result(life, &dossier),
            _ => {
                let step = dossier.definition.steps.iter().position(|step| step.code == open.step);
                let step = step.ok_or_else(|| Error::internal(format!("no step {}", open.step)))?;
                let is_last = step + 1 == dossier.definition.steps.len();
                life.next = if is_last { Next::Finish } else { choose(life, &dossier.definition.steps[step]) };
                // Every act but a note takes the dossier over.
                life.taken |= life.next != Next::Note;
                Some(duration(life, &left))
            }
        };
        life.task = Some(open);
        minutes.map(|minutes| moments.after(&mut life.chance, at, minutes)).transpose()
    }

    /// The task that the last [`History::plan`] found.
    pub(super) fn task_of(life: &Life) -> Result<&Task> {
        life.task.as_ref().ok_or_else(|| Error::internal("an act without a task"))
    }
}

/// The holder of a step does one of these.
fn choose(life: &mut Life, step: &Step) -> Next {
    let chance = &mut life.chance;
    match step.post {
        PostKind::Specialist => {
            if !life.asked && chance.percent(6) {
                life.asked = true;
                Next::AskSupplement
            } else if !life.asked && chance.percent(2) {
                life.asked = true;
                Next::AskPayment
            } else if chance.percent(1) {
                Next::Withdraw
            } else if chance.percent(1) {
                Next::Stop
            } else if !life.taken && chance.percent(35) {
                life.taken = true;
                Next::Take
            } else if !life.noted && (life.slow || chance.percent(12)) {
                life.noted = true;
                Next::Note
            } else {
                Next::Pass
            }
        }
        PostKind::Head | PostKind::Leader if !life.sent_back && chance.percent(4) => {
            life.sent_back = true;
            Next::SendBack
        }
        _ => Next::Pass,
    }
}

/// Working minutes left.
struct Left {
    step: i64,
    dossier: i64,
}

/// Working minutes until the act. Who leaves a dossier lying about lets its own due time pass.
fn duration(life: &mut Life, left: &Left) -> i64 {
    let chance = &mut life.chance;
    match life.next {
        Next::Take => share(chance, left.step, (2, 20)),
        Next::Note => share(chance, left.step, (5, 40)),
        Next::Pass | Next::Finish if life.slow && chance.percent(50) => {
            life.slow = false;
            left.dossier + chance.between(40, 8 * DAY)
        }
        _ => share(chance, left.step, (8, 72)),
    }
}

fn share(chance: &mut Chance, left: i64, (least, most): (i64, i64)) -> i64 {
    (left * chance.between(least, most) / 100).max(chance.between(2, 9))
}

/// The party brings what is missing within days, withdraws, or is not heard of again.
fn after_a_stop(life: &mut Life) -> Option<i64> {
    life.next = if life.chance.percent(5) { Next::Withdraw } else { Next::Resume };
    (!life.chance.percent(10)).then(|| life.chance.between(DAY / 4, 5 * DAY))
}

/// The party comes for the result, or it is sent.
fn after_the_result(life: &mut Life, dossier: &Received) -> Option<i64> {
    life.next = Next::Deliver;
    if dossier.return_way != "counter" {
        return Some(life.chance.between(10, DAY / 2));
    }
    (!life.chance.percent(6)).then(|| life.chance.between(15, 3 * DAY))
}
