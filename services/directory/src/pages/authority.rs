//! What reaches a whole authority is handed out only by who keeps that authority.
//!
//! Some permissions count for the authority that a unit works for, not for the unit alone
//! ([`web::Reach::Authority`]). An administrator of one department could otherwise give themselves the whole commune's
//! work: by a role, by a post that gets one by itself, by holding such a post, by the account of whoever holds it, or by
//! making their own unit a part of the authority.

use super::scope::{post_in, reaches};
use crate::permissions::DIRECTORY_KEEP;
use crate::post::{Post, PostKind};
use crate::role;
use crate::tree::UnitTree;
use crate::unit::{Unit, UnitKind};
use std::sync::Arc;
use types::{Error, Id, Result};
use ui::FormState;
use web::{Ctx, Permission, Reach};

/// Whether one of these permissions reaches an authority. What this program does not know may.
pub(super) fn any_reaches<'a>(ctx: &Ctx, names: impl IntoIterator<Item = &'a String>) -> bool {
    let known = |name: &str| -> Option<&'static Permission> {
        ctx.house.modules().iter().flat_map(|module| module.permissions).copied().find(|one| one.name == name)
    };
    names.into_iter().any(|name| known(name).is_none_or(|one| one.reach == Reach::Authority))
}

/// Whether the administrator keeps the authority that `unit` works for.
pub(super) fn keeps(ctx: &Ctx, tree: &UnitTree, unit: Id) -> bool {
    reaches(ctx, &DIRECTORY_KEEP, tree, tree.authority(unit))
}

/// What is said to who does not.
pub(super) fn refusal(tree: &UnitTree, unit: Id) -> String {
    let authority = tree.name(tree.authority(unit));
    format!("Việc này mở quyền đối với công việc của toàn «{authority}». Hãy nhờ quản trị của «{authority}» thực hiện.")
}

/// Notes in the form that a new post of this kind, or one that becomes one, is not the administrator's to make: leaders
/// sign for the authority, and other kinds get a role by themselves that reaches it.
pub(super) async fn check_kind(
    ctx: &Ctx,
    (tree, unit): (&UnitTree, Id),
    kind: PostKind,
    form: &mut FormState,
) -> Result<bool> {
    if keeps(ctx, tree, unit) {
        return Ok(true);
    }
    let day = tree.day;
    let preset = ctx.store().read(move |reader| {
        let role = role::preset_for(reader, unit, kind, day)?;
        role.map_or(Ok(None), |role| role::one(reader, role))
    });
    let preset = preset.await?.map(|role| role.permissions).unwrap_or_default();
    if kind != PostKind::Leader && !any_reaches(ctx, &preset) {
        return Ok(true);
    }
    form.refuse("kind", "beyond", refusal(tree, unit));
    Ok(false)
}

/// A post that the administrator may give to somebody, or let somebody stand in for: its permissions go to that person,
/// who may be the administrator.
pub(super) async fn post_to_fill(ctx: &Ctx, id: Id) -> Result<(Post, Arc<UnitTree>)> {
    let (post, tree) = post_in(ctx, &DIRECTORY_KEEP, id).await?;
    check_posts(ctx, &tree, vec![(post.id, post.unit)]).await?;
    Ok((post, tree))
}

/// Refuses when one of these posts (with their units) reaches an authority that the administrator does not keep.
pub(super) async fn check_posts(ctx: &Ctx, tree: &UnitTree, posts: Vec<(Id, Id)>) -> Result<()> {
    let beyond: Vec<(Id, Id)> = posts.into_iter().filter(|(_, unit)| !keeps(ctx, tree, *unit)).collect();
    if beyond.is_empty() {
        return Ok(());
    }
    let day = tree.day;
    let held = ctx.store().read(move |reader| {
        let with_permissions = |(post, unit): (Id, Id)| Ok((unit, role::permissions_ahead(reader, post, day)?));
        beyond.into_iter().map(with_permissions).collect::<Result<Vec<_>>>()
    });
    match held.await?.into_iter().find(|(_, permissions)| any_reaches(ctx, permissions)) {
        Some((unit, _)) => Err(Error::forbidden(refusal(tree, unit))),
        None => Ok(()),
    }
}

/// Notes in the form that what a unit is (a commune, a province, a part of either) is for whoever keeps the unit above it
/// to say; only among the inner parts of an authority its own administrator may call a part by another kind.
pub(super) fn check_unit_kind(ctx: &Ctx, tree: &UnitTree, unit: &Unit, kind: UnitKind, form: &mut FormState) {
    let above = tree.line_of_rights(unit.id).get(1).copied();
    let other = unit.kind != kind && !(unit.kind.is_inner() && kind.is_inner());
    if let Some(above) = above.filter(|above| other && !keeps(ctx, tree, *above)) {
        form.refuse("kind", "beyond", refusal(tree, above));
    }
}
