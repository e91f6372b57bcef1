//! Which units are the highest with somebody who keeps calendars: theirs is the say over the country's days.
//!
//! The tree may hold the whole country, while this installation serves one province or one commune. So the top is not
//! the top of the tree, but of the units in which somebody was given the permission.

use directory::UnitTree;
use store::{Reader, params};
use types::{Id, Result};

use crate::permissions::CALENDAR_KEEP;

/// The highest units in which somebody may keep calendars today.
pub(crate) fn tops(reader: &mut Reader<'_>, tree: &UnitTree) -> Result<Vec<Id>> {
    let rows: Vec<(Id,)> = reader.all(
        "SELECT DISTINCT p.unit_id FROM role_permission r
         JOIN post_role g ON g.role_id = r.role_id
         JOIN post p ON p.id = g.post_id
         JOIN post_holder h ON h.post_id = p.id
         WHERE r.permission = $1
           AND g.valid_from <= $2 AND (g.valid_to IS NULL OR g.valid_to >= $2)
           AND p.valid_from <= $2 AND (p.valid_to IS NULL OR p.valid_to >= $2)
           AND h.valid_from <= $2 AND (h.valid_to IS NULL OR h.valid_to >= $2)
         ORDER BY p.unit_id",
        params![CALENDAR_KEEP.name, tree.day],
    )?;
    let units: Vec<Id> = rows.into_iter().map(|(id,)| id).collect();
    let below_another = |unit: &Id| tree.line_of_rights(*unit).iter().skip(1).any(|above| units.contains(above));
    Ok(units.iter().copied().filter(|unit| !below_another(unit)).collect())
}
