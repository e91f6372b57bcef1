//! The pages of the machine's care. One screen, one file.

pub mod key;
pub mod look;
pub mod plan_form;
mod samples;

pub use samples::samples;

use directory::keepers::Shared;
use directory::{DIRECTORY_KEEP, Directory};
use store::Command;
use types::{Error, Result};
use ui::prelude::*;
use web::{Ctx, Fields};

/// The machine is one for all units that it serves.
const MACHINE: Shared = Shared { permission: &DIRECTORY_KEEP, name: "máy chủ", import: "" };

/// Who keeps the machine, in a sentence, when it is not this officer: whoever keeps one unit of several does not.
async fn kept_by_others(ctx: &Ctx) -> Result<Option<String>> {
    let (directory, who) = (ctx.house.service::<Directory>(), ctx.who.clone());
    let kept = ctx.store().read(move |reader| {
        let tree = directory.tree(reader)?;
        let tops = MACHINE.tops(reader, &tree)?;
        let names: Vec<&str> = tops.iter().map(|top| tree.name(*top)).collect();
        let sentence = format!("Máy chủ này do quản trị của {} trông coi.", names.join(", "));
        Ok((!MACHINE.kept_by(&who, &tops)).then_some(sentence))
    });
    kept.await
}

/// Refuses whoever does not keep the machine.
async fn keepers_only(ctx: &Ctx) -> Result<()> {
    match kept_by_others(ctx).await? {
        None => Ok(()),
        Some(sentence) => Err(Error::forbidden(sentence)),
    }
}

/// The command of a form here, by the post that keeps the machine.
fn command(ctx: &Ctx, verb: &'static str, fields: &Fields) -> Result<Command> {
    let may = ctx.who.posts().find(|post| post.permissions.contains(DIRECTORY_KEEP.name));
    Ok(ctx.command(verb, fields.text("command"), may.map(|post| post.id))?.about(&fields.0))
}

/// A form that was sent.
fn sent(fields: &Fields) -> FormState {
    let pairs =
        fields.0.iter().flat_map(|(name, values)| values.iter().map(move |value| (name.clone(), value.clone())));
    FormState::sent(Lang::Vi, pairs)
}
