//! Puts dossiers back into the text index, after a restore.

use directory::UnitTree;
use store::{Tx, params};
use types::{Id, Result};

/// Dossiers of one round; a round stays well under 50 ms.
const ROUND: i64 = 200;

/// Indexes the next dossiers after `after`; answers the last one, or nothing when all are done.
pub fn reindex(tx: &mut Tx<'_>, after: Id) -> Result<Option<Id>> {
    let rows: Vec<(Id, Id, String, String)> = tx.all(
        "SELECT id, unit_id, applicant_name, summary FROM dossier WHERE restricted = false AND id > $1 ORDER BY id LIMIT $2",
        params![after, ROUND],
    )?;
    if rows.is_empty() {
        return Ok(None);
    }
    tx.not_audited("the index only repeats what the dossiers say");
    let today = tx.at().day();
    let tree = UnitTree::load(tx, today)?;
    let mut last = None;
    for (id, unit, name, summary) in rows {
        records::text::index(tx, id, &tree.line(unit), &[&name, &summary])?;
        last = Some(id);
    }
    Ok(last)
}
