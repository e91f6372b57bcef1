//! Who may see and keep what: a permission holds for the unit of its post and all below. What lies elsewhere is not there.

use crate::directory::Directory;
use crate::officer::{self, OfficerCard};
use crate::permissions::DIRECTORY_KEEP;
use crate::post::Post;
use crate::tree::UnitTree;
use crate::unit::Unit;
use std::sync::Arc;
use store::Reader;
use types::{Error, Id, Result};
use web::{Ctx, Permission};

/// Whether the officer may use `permission` in a unit.
pub(super) fn reaches(ctx: &Ctx, permission: &Permission, tree: &UnitTree, unit: Id) -> bool {
    ctx.who.may_in(permission, &tree.line_of_rights(unit))
}

/// The unit, for those who may; for others it is not there.
pub(super) fn unit_in<'t>(ctx: &Ctx, permission: &Permission, tree: &'t UnitTree, unit: Id) -> Result<&'t Unit> {
    let found = tree.get(unit).filter(|_| reaches(ctx, permission, tree, unit));
    found.ok_or_else(|| Error::not_found("đơn vị"))
}

/// All units in which the officer may use `permission`, each after the one above it; ended ones are left out.
pub(super) fn units_of(ctx: &Ctx, permission: &Permission, tree: &UnitTree) -> Vec<Id> {
    let mut units = Vec::new();
    for top in tops(ctx, permission, tree) {
        units.extend(tree.below(top));
    }
    units
}

/// The highest units in which the officer may use `permission`.
pub(super) fn tops(ctx: &Ctx, permission: &Permission, tree: &UnitTree) -> Vec<Id> {
    let all = ctx.who.units_with(permission);
    let inside = |unit: &Id| tree.line_of_rights(*unit).iter().skip(1).any(|above| all.contains(above));
    all.iter().copied().filter(|unit| !inside(unit)).collect()
}

/// The directory of this house.
pub(super) fn directory(ctx: &Ctx) -> Directory {
    ctx.house.service()
}

/// Reads with the tree at hand.
pub(super) async fn read<T, F>(ctx: &Ctx, work: F) -> Result<T>
where
    T: Send + 'static,
    F: FnOnce(&mut Reader<'_>, &Directory, &Arc<UnitTree>) -> Result<T> + Send + 'static,
{
    let directory = directory(ctx);
    ctx.store()
        .read(move |reader| {
            let tree = directory.tree(reader)?;
            work(reader, &directory, &tree)
        })
        .await
}

/// The tree as of today.
pub(super) async fn tree(ctx: &Ctx) -> Result<Arc<UnitTree>> {
    read(ctx, |_, _, tree| Ok(tree.clone())).await
}

/// An officer, for those who may use `permission` in the officer's unit.
pub(super) async fn officer_in(
    ctx: &Ctx,
    permission: &'static Permission,
    id: Id,
) -> Result<(OfficerCard, Arc<UnitTree>)> {
    let found = read(ctx, move |reader, _, tree| Ok((officer::card(reader, id)?, tree.clone()))).await?;
    match found {
        (Some(card), tree) if reaches(ctx, permission, &tree, card.unit) => Ok((card, tree)),
        _ => Err(Error::not_found("cán bộ")),
    }
}

/// An officer whose account the administrator may touch: it opens all the officer's posts, so all of them must lie in
/// units that the administrator keeps, and what they reach beyond those too. Otherwise a department's administrator could
/// become the commune's leader, or whoever reads its dossiers.
pub(super) async fn account_in(ctx: &Ctx, id: Id) -> Result<OfficerCard> {
    let (card, tree) = officer_in(ctx, &DIRECTORY_KEEP, id).await?;
    let now = ctx.now();
    let served = ctx.store().read(move |reader| officer::posts_served(reader, id, now)).await?;
    if served.iter().all(|(_, unit)| reaches(ctx, &DIRECTORY_KEEP, &tree, *unit)) {
        super::authority::check_posts(ctx, &tree, served).await?;
        return Ok(card);
    }
    Err(Error::forbidden(
        "Cán bộ này giữ vị trí ở đơn vị khác, ông/bà không quản lý được tài khoản. Hãy nhờ quản trị của đơn vị cấp trên.",
    ))
}

/// A post, for those who may use `permission` in the post's unit.
pub(super) async fn post_in(ctx: &Ctx, permission: &'static Permission, id: Id) -> Result<(Post, Arc<UnitTree>)> {
    let found = read(ctx, move |reader, directory, tree| Ok((directory.post(reader, id)?, tree.clone()))).await?;
    match found {
        (Some(post), tree) if reaches(ctx, permission, &tree, post.unit) => Ok((post, tree)),
        _ => Err(Error::not_found("vị trí")),
    }
}
