//! Who may know of a dossier: officers of the authority that received it and of those above, and whoever holds or held
//! a step of it. A restricted one (complaints, denunciations) is known to its holders and to those who may see
//! restricted ones.
//!
//! Dossiers belong to an authority (a commune, an agency), while officers often sit in its counter or in a department.
//! A permission granted there counts for the authority's dossiers: see [`office`].

use crate::dossier::{self, Dossier};
use crate::{DOSSIERS_SEE, DOSSIERS_SEE_RESTRICTED};
use directory::UnitTree;
use records::{Task, task};
use store::Reader;
use types::{Error, Id, Result};
use web::{Permission, Who};

/// The authority that a unit works for: the nearest unit that is neither a counter nor a department nor a village.
///
/// Who hands such a permission out must keep that authority; the directory sees to it ([`web::Reach::Authority`]).
pub fn office(tree: &UnitTree, unit: Id) -> Id {
    tree.authority(unit)
}

/// Whether `permission` is granted for dossiers of `unit`.
pub fn granted(who: &Who, tree: &UnitTree, permission: &Permission, unit: Id) -> bool {
    let line = tree.line(unit);
    who.units_with(permission).into_iter().any(|granted| line.contains(&office(tree, granted)))
}

/// Whether `permission`, which lets people see, is granted for dossiers of `unit`: as [`granted`], and those of a unit that
/// has ended are seen by whom it lay under on its last day.
fn sees(who: &Who, tree: &UnitTree, permission: &Permission, unit: Id) -> bool {
    let line = tree.line_of_rights(unit);
    who.units_with(permission).into_iter().any(|granted| line.contains(&office(tree, granted)))
}

/// The post that grants `permission` for dossiers of `unit`: one's own before one that is stood in for.
pub fn granting_post(who: &Who, tree: &UnitTree, permission: &Permission, unit: Id) -> Option<Id> {
    let line = tree.line(unit);
    let grants =
        |post: &&web::HeldPost| post.permissions.contains(permission.name) && line.contains(&office(tree, post.unit));
    who.posts().find(grants).map(|post| post.id)
}

/// The dossier with this code, or 404 for whom may not know of it.
pub fn visible(reader: &mut Reader<'_>, who: &Who, tree: &UnitTree, code: &str) -> Result<Dossier> {
    visible_with_tasks(reader, who, tree, code).map(|(dossier, _)| dossier)
}

/// The same with all its tasks, oldest first, which most callers need too.
pub fn visible_with_tasks(
    reader: &mut Reader<'_>,
    who: &Who,
    tree: &UnitTree,
    code: &str,
) -> Result<(Dossier, Vec<Task>)> {
    let unknown = || Error::not_found(format!("hồ sơ {code}"));
    let dossier = dossier::by_code(reader, code)?.ok_or_else(unknown)?;
    let tasks = task::of_record(reader, dossier.id)?;
    if may_see(who, tree, &dossier, &tasks) { Ok((dossier, tasks)) } else { Err(unknown()) }
}

/// Whether `who` may know of `dossier`, whose tasks are `tasks`.
pub fn may_see(who: &Who, tree: &UnitTree, dossier: &Dossier, tasks: &[Task]) -> bool {
    let permission = if dossier.restricted { &DOSSIERS_SEE_RESTRICTED } else { &DOSSIERS_SEE };
    if sees(who, tree, permission, dossier.unit) {
        return true;
    }
    let Some(officer) = &who.officer else { return false };
    let posts = who.post_ids();
    tasks.iter().any(|task| task.waits_for(&posts, officer.id) || task.done_by == Some(officer.id))
}

/// The authorities for which `who` may list dossiers; it holds for all units below them.
pub fn offices(who: &Who, tree: &UnitTree) -> Vec<Id> {
    let mut offices: Vec<Id> = who.units_with(&DOSSIERS_SEE).into_iter().map(|unit| office(tree, unit)).collect();
    offices.sort_unstable();
    offices.dedup();
    offices
}

/// Authorities whose restricted dossiers `who` may see: those of [`listed_units`] in which that permission is held.
pub fn restricted_units(who: &Who, tree: &UnitTree) -> Vec<Id> {
    let mut units = listed_units(who, tree);
    units.retain(|unit| sees(who, tree, &DOSSIERS_SEE_RESTRICTED, *unit));
    units
}

/// Authorities whose dossiers `who` may list: where the permission is granted, and all below, those that lay below when they
/// ended among them. Units that work for one of
/// them have no dossiers of their own and are left out, so that a commune's officer asks for one unit only.
pub fn listed_units(who: &Who, tree: &UnitTree) -> Vec<Id> {
    let offices = offices(who, tree);
    let mut units: Vec<Id> = offices.iter().flat_map(|unit| tree.below(*unit)).collect();
    units.retain(|unit| office(tree, *unit) == *unit);
    let ended = tree.units().filter(|unit| unit.valid_to.is_some_and(|to| to < tree.day) && !unit.kind.is_inner());
    let lay_below = |unit: &&directory::Unit| tree.line_of_rights(unit.id).iter().any(|above| offices.contains(above));
    units.extend(ended.filter(lay_below).map(|unit| unit.id));
    units.sort_unstable();
    units.dedup();
    units
}
