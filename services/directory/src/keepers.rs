//! Which units are the highest with somebody who keeps a thing that all units share: theirs is the say over it.
//!
//! The tree may hold the whole country, while this installation serves one province or one commune. So the top is not
//! the top of the tree, but of the units in which somebody was given the permission.

use crate::tree::UnitTree;
use store::{Reader, params};
use types::{Id, Result};
use web::{Permission, Who};

/// A thing that all units share: who keeps it, and how it is called.
pub struct Shared {
    pub permission: &'static Permission,
    /// Within a sentence: `thủ tục`.
    pub name: &'static str,
    /// What `nhaviec import` calls it.
    pub import: &'static str,
}

impl Shared {
    /// The highest units in which somebody keeps it today.
    pub fn tops(&self, reader: &mut Reader<'_>, tree: &UnitTree) -> Result<Vec<Id>> {
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
            params![self.permission.name, tree.day],
        )?;
        let units: Vec<Id> = rows.into_iter().map(|(id,)| id).collect();
        let below_another = |unit: &Id| tree.line_of_rights(*unit).iter().skip(1).any(|above| units.contains(above));
        Ok(units.iter().copied().filter(|unit| !below_another(unit)).collect())
    }

    /// Whether `who` keeps it: has the permission in each of these [`Shared::tops`].
    pub fn kept_by(&self, who: &Who, tops: &[Id]) -> bool {
        !tops.is_empty() && tops.iter().all(|top| who.may_in(self.permission, &[*top]))
    }

    /// Why somebody who does not keep it cannot enter it, and who can.
    pub fn refusal(&self, tree: &UnitTree, tops: &[Id]) -> String {
        let Self { name, import, .. } = self;
        match tops {
            [top] => format!(
                "Mọi đơn vị trên máy chủ này dùng chung {name} nên do quản trị của {} nhập. Ông/bà hãy báo cho đơn vị đó.",
                tree.name(*top)
            ),
            [] => format!("Chưa ai giữ vị trí được nhập {name}; hãy nhập bằng lệnh: nhaviec import {import}"),
            _ => format!(
                "Nhiều đơn vị ngang cấp dùng chung máy chủ này nên {name} được nhập bằng lệnh: nhaviec import {import}"
            ),
        }
    }
}
