//! What a verb on an existing dossier is given when a program acts for an officer.

use super::files;
use crate::access;
use crate::services::Services;
use crate::verbs::Acting;
use records::Task;
use store::{Command, Reader};
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

/// What a program asks of an existing dossier.
pub(super) struct Asked {
    pub code: String,
    /// The state that was seen.
    pub revision: Option<i64>,
    /// Files that were uploaded before.
    pub used: Vec<Id>,
    /// The command as it is known by its key, whatever the post.
    pub known: Command,
}

/// Finds them; nothing when the command was carried out before. 404 for whom may not know of the dossier.
pub(super) fn ready(reader: &mut Reader<'_>, services: &Services, who: &Who, asked: Asked) -> Result<Option<Ready>> {
    let Asked { code, revision, used, known } = asked;
    if let Some(()) = store::command::answered(reader, &known)? {
        return Ok(None);
    }
    let officer = who.officer.as_ref().ok_or(Error::SignedOut)?.id;
    let tree = services.tree(reader)?;
    let (dossier, tasks) = access::visible_with_tasks(reader, who, &tree, &code)?;
    let definition = services.procedures.by_id(reader, dossier.procedure)?.definition;
    let calendar = services.calendar(reader, dossier.unit, &tree)?;
    let posts = who.post_ids();
    let open: Option<&Task> = tasks.iter().rev().find(|task| task.done_at.is_none());
    let post = open.and_then(|task| task.post).filter(|post| posts.contains(post));
    let unit = dossier.unit;
    files::check_own(reader, officer, used)?;
    Ok(Some(Ready { unit, acting: Acting { code, revision, officer, posts, definition, calendar, tree }, post }))
}
