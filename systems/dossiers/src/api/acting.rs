//! What a verb on an existing dossier is given when a program acts for an officer.

use crate::access;
use crate::services::Services;
use crate::verbs::Acting;
use records::Task;
use store::Reader;
use types::{Error, Id, Result};
use web::Who;

/// A verb's surroundings, and the post in which the officer acts.
pub(super) struct Ready {
    pub acting: Acting,
    /// The post for which the open task waits, if the officer holds it or stands in for it.
    pub post: Option<Id>,
    /// The unit that received the dossier.
    pub unit: Id,
}

/// Finds them; 404 for whom may not know of the dossier.
pub(super) fn ready(
    reader: &mut Reader<'_>,
    services: &Services,
    who: &Who,
    code: String,
    revision: Option<i64>,
) -> Result<Ready> {
    let officer = who.officer.as_ref().ok_or(Error::SignedOut)?.id;
    let tree = services.tree(reader)?;
    let (dossier, tasks) = access::visible_with_tasks(reader, who, &tree, &code)?;
    let definition = services.procedures.by_id(reader, dossier.procedure)?.definition;
    let calendar = services.calendar(reader, dossier.unit, &tree)?;
    let posts = who.post_ids();
    let open: Option<&Task> = tasks.iter().rev().find(|task| task.done_at.is_none());
    let post = open.and_then(|task| task.post).filter(|post| posts.contains(post));
    let unit = dossier.unit;
    Ok(Ready { unit, acting: Acting { code, revision, officer, posts, definition, calendar, tree }, post })
}
