//! What explains that somebody looks at a dossier, and the note that they did.

use crate::access;
use crate::citizen::kept_out::hide_numbers;
use crate::desk::Opened;
use crate::dossier::{self, Dossier};
use crate::{DOSSIERS_DELIVER, DOSSIERS_RECEIVE};
use directory::{Directory, UnitTree};
use records::Task;
use records::look::{Look, Looks, What, Why};
use types::{Id, Result};
use web::{Ctx, Who};

/// What of an officer's task explains a look, with the step that it is.
pub(crate) type Reason = (Why, Option<String>);

/// Why `who` looks at `dossier`. Nobody is asked: whoever has no part in it sees numbers masked, by a permission that was
/// given for overseeing.
pub(crate) fn why(who: &Who, tree: &UnitTree, dossier: &Dossier, tasks: &[Task]) -> Reason {
    let (me, posts) = (who.officer.as_ref().map(|officer| officer.id), who.post_ids());
    let newest = || tasks.iter().rev();
    let held = newest().find(|task| task.done_at.is_none() && me.is_some_and(|me| task.waits_for(&posts, me)));
    if let Some(task) = held {
        return (Why::Step, Some(task.title.clone()));
    }
    if let Some(task) = newest().find(|task| me.is_some() && task.done_by == me) {
        return (Why::Done, Some(task.title.clone()));
    }
    let at_counter = [&DOSSIERS_RECEIVE, &DOSSIERS_DELIVER]
        .into_iter()
        .any(|permission| access::granted(who, tree, permission, dossier.unit));
    (if at_counter { Why::Counter } else { Why::Oversight }, None)
}

/// Notes that whoever asks looks at an opened dossier.
pub(crate) fn note(ctx: &Ctx, opened: &Opened, what: What) -> Result<()> {
    note_why(ctx, opened.dossier.id, what, why(&ctx.who, &opened.tree, &opened.dossier, &opened.tasks))
}

/// The same where the reason is known.
pub(crate) fn note_why(ctx: &Ctx, record: Id, what: What, (why, step): Reason) -> Result<()> {
    let Some(officer) = ctx.who.officer.as_ref().map(|officer| officer.id) else { return Ok(()) };
    let look = Look { at: ctx.now(), officer, record: Some(record), subject: None, what, why, step };
    ctx.house.service::<Looks>().note(look)
}

/// Notes that whoever asks searches for a number, if what was typed is one.
pub(crate) fn note_search(ctx: &Ctx, typed: &str) -> Result<()> {
    match searched(ctx, typed) {
        Some(subject) => note_list(ctx, What::Search, (Some(subject), None)),
        None => Ok(()),
    }
}

/// Notes that whoever asks takes a list away as a file: once, with its conditions, and for the number if it was searched for.
pub(crate) fn note_export(ctx: &Ctx, typed: &str, conditions: &str) -> Result<()> {
    note_list(ctx, What::Export, (searched(ctx, typed), Some(hide_numbers(conditions))))
}

/// The mark of the number that was typed, if it is one.
fn searched(ctx: &Ctx, typed: &str) -> Option<String> {
    let number = crate::lists::number_typed(typed)?;
    Some(dossier::mark_of(&ctx.house.service::<Directory>().keys(), &number))
}

fn note_list(ctx: &Ctx, what: What, (subject, step): (Option<String>, Option<String>)) -> Result<()> {
    let Some(officer) = ctx.who.officer.as_ref().map(|officer| officer.id) else { return Ok(()) };
    let look = Look { at: ctx.now(), officer, record: None, subject, what, why: Why::Search, step };
    ctx.house.service::<Looks>().note(look)
}
