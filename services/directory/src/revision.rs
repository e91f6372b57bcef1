//! Counters that caches on every node compare: one for the tree of units, one for people and what they may do.

use store::{Reader, Tx, params};
use types::Result;

/// Units and their places.
pub(crate) const UNITS: &str = "units";
/// Officers, posts, roles, stand-ins, accounts.
pub(crate) const PEOPLE: &str = "people";

/// Notes a change of units; titles of people show units too.
pub(crate) fn units_changed(tx: &mut Tx<'_>) -> Result<()> {
    bump(tx, UNITS)?;
    bump(tx, PEOPLE)
}

/// Notes a change of people or of what they may do.
pub(crate) fn people_changed(tx: &mut Tx<'_>) -> Result<()> {
    bump(tx, PEOPLE)
}

fn bump(tx: &mut Tx<'_>, name: &str) -> Result<()> {
    tx.exec(
        "INSERT INTO revision (name, n) VALUES ($1, 1) ON CONFLICT (name) DO UPDATE SET n = revision.n + 1",
        params![name],
    )?;
    Ok(())
}

/// The present count; 0 before the first change.
pub(crate) fn current(reader: &mut Reader<'_>, name: &str) -> Result<i64> {
    let found: Option<(i64,)> = reader.opt("SELECT n FROM revision WHERE name = $1", params![name])?;
    Ok(found.map_or(0, |(n,)| n))
}
