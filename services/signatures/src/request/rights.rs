//! Who may see a request, and who may decide on it.

use super::Request;
use crate::permissions::SIGNATURES_REGISTER;
use crate::rights::sealed_units;
use crate::signer::SignerKind;
use directory::UnitTree;
use types::Id;
use web::Who;

/// How much of a request somebody sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seen {
    /// Everything: whoever asked, whose certificate it is, and whoever keeps the register.
    Whole,
    /// All but the person's number: others who seal for the same agency.
    WithoutNumber,
}

/// Whether this person keeps the register of a unit.
pub(crate) fn may_keep(who: &Who, tree: &UnitTree, unit: Id) -> bool {
    who.may_in(&SIGNATURES_REGISTER, &tree.line(unit))
}

/// The post by which this person keeps the register of a unit: where it is another's, the audit says on whose behalf.
pub(crate) fn keeping_post(who: &Who, tree: &UnitTree, unit: Id) -> Option<Id> {
    let line = tree.line(unit);
    let keeps =
        |post: &&web::HeldPost| post.permissions.contains(SIGNATURES_REGISTER.name) && line.contains(&post.unit);
    who.posts().find(keeps).map(|post| post.id)
}

/// How much of a request this person sees; none where it is not to be known.
pub(crate) fn seen(who: &Who, tree: &UnitTree, request: &Request) -> Option<Seen> {
    let officer = who.officer.as_ref()?.id;
    if request.asked_by == officer || request.officer == Some(officer) || may_keep(who, tree, request.unit) {
        Some(Seen::Whole)
    } else if request.kind == SignerKind::Agency && sealed_units(who, tree).contains(&request.unit) {
        Some(Seen::WithoutNumber)
    } else {
        None
    }
}
