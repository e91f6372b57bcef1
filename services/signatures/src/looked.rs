//! Looks at the files of documents that are signed here: they are of a record, and so of a person.

use records::Task;
use records::look::{Look, Looks, What, Why};
use types::{Id, Result};
use web::Ctx;

/// What explains a look, with the step that it is.
pub(crate) type Reason = (Why, Option<String>);

/// Whoever opens a document holds its record, or has signed it.
pub(crate) fn why(held: Option<&Task>) -> Reason {
    held.map_or((Why::Done, None), |task| (Why::Step, Some(task.title.clone())))
}

/// Notes that whoever asks looks at a file of the record.
pub(crate) fn note(ctx: &Ctx, record: Id, what: What, (why, step): Reason) -> Result<()> {
    let officer = ctx.officer()?.id;
    let look = Look { at: ctx.now(), officer, record: Some(record), subject: None, what, why, step };
    ctx.house.service::<Looks>().note(look)
}
