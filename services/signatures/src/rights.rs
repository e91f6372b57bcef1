//! Who may use which certificate.

use crate::permissions::{SIGNATURES_REGISTER, SIGNATURES_SEAL};
use crate::signer::{Signer, SignerKind};
use directory::UnitTree;
use types::Id;
use web::Who;

/// The agencies for which this person may seal: those of the posts that carry the right.
pub fn sealed_units(who: &Who, tree: &UnitTree) -> Vec<Id> {
    let mut units: Vec<Id> = who.units_with(&SIGNATURES_SEAL).into_iter().map(|unit| tree.authority(unit)).collect();
    units.sort_unstable();
    units.dedup();
    units
}

/// Whether this person may sign with a certificate: one's own, or the seal of an agency for which one seals. A stand-in uses
/// the agency's seal, and never another person's certificate.
pub fn may_use(who: &Who, tree: &UnitTree, signer: &Signer) -> bool {
    match signer.kind {
        SignerKind::Person => {
            signer.officer.is_some() && signer.officer == who.officer.as_ref().map(|officer| officer.id)
        }
        SignerKind::Agency => sealed_units(who, tree).contains(&signer.unit),
    }
}

/// Whether this person may take a certificate out of use: whoever uses it, and who keeps the register of its unit.
pub fn may_end(who: &Who, tree: &UnitTree, signer: &Signer) -> bool {
    may_use(who, tree, signer) || who.may_in(&SIGNATURES_REGISTER, &tree.line(signer.unit))
}
