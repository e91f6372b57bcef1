//! Puts dossiers back into the text index: all of them after a restore, those of a unit after it moved.

use directory::UnitTree;
use store::{Tx, Val, params};
use types::{Id, Result};

/// Dossiers of one round; a round stays well under 50 ms.
const ROUND: i64 = 200;

/// Indexes the next dossiers after `after`, of the unit `of` or of all; answers the last one, or nothing when all are done.
pub fn reindex(tx: &mut Tx<'_>, of: Option<Id>, after: Id) -> Result<Option<Id>> {
    let mut values: Vec<Val> = params![after, ROUND].to_vec();
    let unit = of.map_or("", |_| "AND unit_id = $3");
    values.extend(of.map(Val::from));
    let rows: Vec<(Id, Id, String, String)> = tx.all(
        &format!(
            "SELECT id, unit_id, applicant_name, summary FROM dossier
             WHERE restricted = false AND id > $1 {unit} ORDER BY id LIMIT $2"
        ),
        &values,
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
