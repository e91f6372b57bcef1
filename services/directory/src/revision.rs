//! What this module's caches on every node compare: the tree of units, and people with what they may do.

use store::{Tx, revision};
use types::Result;

/// Units and their places.
pub(crate) const UNITS: &str = "units";
/// Officers, posts, roles, stand-ins, accounts.
pub(crate) const PEOPLE: &str = "people";

/// Notes a change of units; titles of people show units too.
pub(crate) fn units_changed(tx: &mut Tx<'_>) -> Result<()> {
    revision::changed(tx, UNITS)?;
    revision::changed(tx, PEOPLE)
}

/// Notes a change of people or of what they may do.
pub(crate) fn people_changed(tx: &mut Tx<'_>) -> Result<()> {
    revision::changed(tx, PEOPLE)
}
