//! The way of a dossier through its steps, as its party may see it: what is done, where it waits and since when, by the
//! unit and post and never by a person's name.

use crate::dossier::Dossier;
use crate::procedure::Definition;
use crate::status::Status;
use crate::verbs::DELIVERY;
use directory::{Directory, UnitTree};
use records::Task;
use store::Reader;
use types::Result;
use ui::StepState;
use ui::format::short_moment;

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WayStep {
    pub title: String,
    pub state: StepState,
    pub detail: String,
}

/// The steps in order, the handing over of the result last.
pub(super) fn of(
    reader: &mut Reader<'_>,
    (directory, tree): (&Directory, &UnitTree),
    (dossier, definition): (&Dossier, &Definition),
    tasks: &[Task],
) -> Result<Vec<WayStep>> {
    let open = tasks.iter().rev().find(|task| task.done_at.is_none());
    let reached = reached(dossier, definition, tasks, open);
    let mut steps = Vec::new();
    let last = (DELIVERY, "Trả kết quả");
    let named = definition.steps.iter().map(|step| (step.code.as_str(), step.title.as_str()));
    for (place, (code, title)) in named.chain([last]).enumerate() {
        let (state, detail) = match (open, place) {
            (Some(task), _) if place == reached => {
                (StepState::Current, waits(reader, (directory, tree), dossier, task)?)
            }
            (_, _) if place < reached => (StepState::Done, done(dossier, tasks, (place, code))),
            _ => (StepState::Ahead, String::new()),
        };
        steps.push(WayStep { title: title.to_owned(), state, detail });
    }
    Ok(steps)
}

/// How many steps are behind: the place of the one that is at work.
fn reached(dossier: &Dossier, definition: &Definition, tasks: &[Task], open: Option<&Task>) -> usize {
    let place = |task: &Task| match task.step.as_str() {
        DELIVERY => Some(definition.steps.len()),
        code => definition.steps.iter().position(|step| step.code == code),
    };
    match open {
        Some(task) => place(task).unwrap_or(0),
        None if dossier.status == Status::Delivered => definition.steps.len() + 1,
        // Ended on the way: the step at which it ended was not finished.
        None => tasks.iter().filter_map(place).next_back().unwrap_or(0),
    }
}

fn done(dossier: &Dossier, tasks: &[Task], (place, code): (usize, &str)) -> String {
    let at = tasks.iter().rev().find(|task| task.step == code).and_then(|task| task.done_at);
    // A program receives without a counter's step of its own.
    let at = at.or_else(|| (place == 0).then_some(dossier.received_at));
    at.map(|at| format!("Xong {}", short_moment(at))).unwrap_or_default()
}

fn waits(
    reader: &mut Reader<'_>,
    (directory, tree): (&Directory, &UnitTree),
    dossier: &Dossier,
    task: &Task,
) -> Result<String> {
    let post = task.post.map(|id| directory.post(reader, id)).transpose()?.flatten();
    let who = match post {
        Some(post) => format!("{}, {}", post.title, tree.name(post.unit)),
        None => tree.name(task.unit).to_owned(),
    };
    let since = short_moment(task.opened_at);
    Ok(match dossier.status {
        Status::SupplementRequested => "Chờ ông/bà bổ sung giấy tờ".to_owned(),
        Status::PaymentRequested => "Chờ ông/bà nộp tiền".to_owned(),
        Status::Finished => format!("Kết quả ở {who} từ {since}"),
        _ => format!("Đang ở {who} từ {since}"),
    })
}
