//! Who may see and keep whose calendar: a permission holds for the unit of its post and all below; what lies elsewhere
//! is not there. The country's days are the top unit's to keep, and everybody's to see.

use directory::keepers::Shared;
use directory::{Directory, Unit, UnitTree};
use serde::Serialize;
use std::sync::Arc;
use store::{Command, Reader};
use types::{Error, Id, Result};
use web::{Ctx, Permission};

use crate::calendars::Calendars;
use crate::permissions::CALENDAR_KEEP;

/// Reads with the tree of today and the calendars at hand.
pub(super) async fn read<T, F>(ctx: &Ctx, work: F) -> Result<T>
where
    T: Send + 'static,
    F: FnOnce(&mut Reader<'_>, &Calendars, &Arc<UnitTree>) -> Result<T> + Send + 'static,
{
    let (directory, calendars) = (ctx.house.service::<Directory>(), ctx.house.service::<Calendars>());
    ctx.store()
        .read(move |reader| {
            let tree = directory.tree(reader)?;
            work(reader, &calendars, &tree)
        })
        .await
}

/// The tree as of today.
pub(super) async fn tree(ctx: &Ctx) -> Result<Arc<UnitTree>> {
    read(ctx, |_, _, tree| Ok(tree.clone())).await
}

/// Whether the officer may use `permission` in a unit.
pub(super) fn reaches(ctx: &Ctx, permission: &Permission, tree: &UnitTree, unit: Id) -> bool {
    ctx.who.may_in(permission, &tree.line_of_rights(unit))
}

/// The unit, for those who may; for others it is not there.
pub(super) fn unit_in<'t>(ctx: &Ctx, permission: &Permission, tree: &'t UnitTree, unit: Id) -> Result<&'t Unit> {
    let found = tree.get(unit).filter(|_| reaches(ctx, permission, tree, unit));
    found.ok_or_else(|| Error::not_found("đơn vị"))
}

/// The highest units in which the officer may use `permission`.
pub(super) fn tops(ctx: &Ctx, permission: &Permission, tree: &UnitTree) -> Vec<Id> {
    let all = ctx.who.units_with(permission);
    let inside = |unit: &Id| tree.line_of_rights(*unit).iter().skip(1).any(|above| all.contains(above));
    all.iter().copied().filter(|unit| !inside(unit)).collect()
}

/// The country's days are the same for all units of the house.
pub(super) const NATION: Shared =
    Shared { permission: &CALENDAR_KEEP, name: "ngày nghỉ cả nước", import: "calendar" };

/// The top units, for those who keep the country's days.
pub(super) async fn nation(ctx: &Ctx) -> Result<Vec<Id>> {
    let (tops, refusal) = read(ctx, |reader, _, tree| {
        let tops = NATION.tops(reader, tree)?;
        let refusal = NATION.refusal(tree, &tops);
        Ok((tops, refusal))
    })
    .await?;
    if NATION.kept_by(&ctx.who, &tops) { Ok(tops) } else { Err(Error::forbidden(refusal)) }
}

/// The command of a form about a unit, by the post that may: where it is another's, the audit says on whose behalf. It is
/// bound to what was asked, so that the same form with other content is refused.
pub(super) fn command(
    ctx: &Ctx,
    (verb, id, asked): (&'static str, &str, &impl Serialize),
    line: &[Id],
) -> Result<Command> {
    let may = ctx.who.posts().find(|post| post.permissions.contains(CALENDAR_KEEP.name) && line.contains(&post.unit));
    Ok(ctx.command(verb, id, may.map(|post| post.id))?.about(asked))
}
