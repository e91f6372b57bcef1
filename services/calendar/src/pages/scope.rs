//! Who may see and keep whose calendar: a permission holds for the unit of its post and all below; what lies elsewhere
//! is not there. The country's days are the top unit's to keep, and everybody's to see.

use directory::{Directory, Unit, UnitTree, keepers};
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

/// Whether the officer keeps the country's days: those do who keep calendars in every top unit ([`keepers::tops`]).
pub(super) fn keeps_nation(ctx: &Ctx, tops: &[Id]) -> bool {
    keepers::keeps_for_all(&ctx.who, &CALENDAR_KEEP, tops)
}

/// The top units, for those who keep the country's days.
pub(super) async fn nation(ctx: &Ctx) -> Result<Vec<Id>> {
    let (tops, names) = read(ctx, |reader, _, tree| {
        let tops = keepers::tops(reader, tree, &CALENDAR_KEEP)?;
        let names: Vec<String> = tops.iter().map(|top| tree.name(*top).to_owned()).collect();
        Ok((tops, names))
    })
    .await?;
    if keeps_nation(ctx, &tops) {
        return Ok(tops);
    }
    Err(Error::forbidden(match &names[..] {
        [top] => format!("Ngày nghỉ cả nước do quản trị của {top} nhập. Ông/bà hãy báo cho đơn vị đó."),
        _ => "Nhiều đơn vị ngang cấp dùng chung máy chủ này nên ngày nghỉ cả nước được nhập bằng lệnh: nhaviec import calendar".to_owned(),
    }))
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
