//! What caches on every node compare: for each kind of thing that is kept in memory, the id of its last change.
//!
//! It is an id and not a count: a write that is taken back leaves no number behind that another would take.

use crate::params;
use crate::reader::Reader;
use crate::tx::Tx;
use std::sync::atomic::{AtomicI64, Ordering};
use types::{Id, Result};

/// The next number that is given once.
static UNSHARED: AtomicI64 = AtomicI64::new(1);

/// All of them; a view asks once.
pub(crate) const ALL: &str = "SELECT name, change_id FROM revision";

/// Notes that what is kept in memory under `name` changes with this write. Other changes of it wait until this one ends.
pub fn changed(tx: &mut Tx<'_>, name: &'static str) -> Result<()> {
    let change = tx.change()?;
    tx.exec(
        "INSERT INTO revision (name, change_id) VALUES ($1, $2)
         ON CONFLICT (name) DO UPDATE SET change_id = excluded.change_id",
        params![name, change],
    )
}

/// The id of the last change; 0 before the first. Asked before what it stands for is read: that may be newer, never older.
pub fn last(reader: &mut Reader<'_>, name: &str) -> Result<Id> {
    if !reader.is_view {
        let found: Option<(Id,)> = reader.opt("SELECT change_id FROM revision WHERE name = $1", params![name])?;
        let change = found.map_or(Id(0), |(change,)| change);
        // What a write has changed itself may change again, or be taken back: no cache is to know it by a number.
        let own = found.is_some() && reader.change == Some(change);
        return Ok(if own { Id(-UNSHARED.fetch_add(1, Ordering::Relaxed)) } else { change });
    }
    // A view does not change, and a page asks for several.
    let all = match reader.revisions.take() {
        Some(known) => known,
        None => reader.all::<(String, Id)>(ALL, params![])?,
    };
    let found = all.iter().find(|(of, _)| of == name).map_or(Id(0), |(_, change)| *change);
    reader.revisions = Some(all);
    Ok(found)
}
