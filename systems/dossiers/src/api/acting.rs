//! What a verb on an existing dossier is given when a program acts for an officer.

use super::files;
use crate::access;
use crate::services::Services;
use crate::verbs::Acting;
use records::Task;
use store::{Command, Reader};
use types::{Error, Id, Result};
use web::{Ctx, Who};

/// A verb's surroundings.
pub(super) struct Ready {
    pub acting: Acting,
    /// In the post for which the open task waits, if the officer holds it or stands in for it.
    pub command: Command,
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
}

/// Finds them; nothing when the command was carried out before. 404 for whom may not know of the dossier.
pub(super) async fn ready(ctx: &Ctx, command: Command, asked: Asked) -> Result<Option<Ready>> {
    let (services, who) = (Services::of(&ctx.house), ctx.who.clone());
    ctx.store()
        .read(move |reader| {
            // Asked before the post is looked for, which may be another one by now.
            match store::command::answered(reader, &command)? {
                Some(()) => Ok(None),
                None => find(reader, (&services, &who), command, asked).map(Some),
            }
        })
        .await
}

fn find(reader: &mut Reader<'_>, (services, who): (&Services, &Who), command: Command, asked: Asked) -> Result<Ready> {
    let Asked { code, revision, used } = asked;
    let officer = who.officer.as_ref().ok_or(Error::SignedOut)?.id;
    let tree = services.tree(reader)?;
    let (dossier, tasks) = access::visible_with_tasks(reader, who, &tree, &code)?;
    let definition = services.procedures.by_id(reader, dossier.procedure)?.definition;
    let calendar = services.calendar(reader, dossier.unit, &tree)?;
    let posts = who.post_ids();
    let open: Option<&Task> = tasks.iter().rev().find(|task| task.done_at.is_none());
    let post = open.and_then(|task| task.post).filter(|post| posts.contains(post));
    let (unit, command) = (dossier.unit, command.by(who.actor(post)));
    files::check_own(reader, officer, used)?;
    Ok(Ready { unit, acting: Acting { code, revision, officer, posts, definition, calendar, tree }, command })
}
