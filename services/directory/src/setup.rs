//! What setting up an installation and filling the demo need: units in bulk, roles to start with, and the verbs under
//! one roof. Secrets and hashes are drawn outside the write.

use crate::role::{self, RoleEntry, RolePreset};
use crate::unit::UnitKind;
use crate::{account, password, revision};
use std::collections::HashMap;
use store::{AuditEntry, Tx, Val, params};
use types::{Day, Error, Id, Result};

pub use crate::officer::create as create_officer;
pub use crate::post::{create as create_post, hold};
pub use crate::unit::create as create_unit;

/// The 34 provinces and 3,321 communes since 1 July 2025, with where they come from.
pub const UNITS_SINCE_2025: &str = include_str!("../data/units.tsv");
/// How many ids a write needs that calls [`install_units`] and nothing else.
pub const INSTALL_IDS: u16 = 4000;
/// Rows of one INSERT.
const ROWS: usize = 100;

struct Line<'a> {
    gso_code: &'a str,
    kind: UnitKind,
    name: String,
    short_name: &'a str,
    parent: &'a str,
    from: Day,
}

fn lines(text: &str) -> Result<Vec<Line<'_>>> {
    let rows = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    rows.map(|row| {
        let wrong = || Error::internal(format!("a line of units that cannot be read: {row}"));
        let fields: Vec<&str> = row.split('\t').collect();
        let [gso_code, word, short_name, parent, from] = fields[..] else { return Err(wrong()) };
        let kind = match word {
            "tỉnh" | "thành phố" => UnitKind::Province,
            "xã" | "phường" | "đặc khu" => UnitKind::Commune,
            _ => return Err(wrong()),
        };
        let mut letters = word.chars();
        let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
        let name = format!("{first}{} {short_name}", letters.as_str());
        let from = from.parse().map_err(|_| wrong())?;
        Ok(Line { gso_code, kind, name, short_name, parent, from })
    })
    .collect()
}

/// Puts provinces and communes into an empty tree; answers how many. The command needs [`INSTALL_IDS`] ids.
pub fn install_units(tx: &mut Tx<'_>, text: &str) -> Result<usize> {
    let lines = lines(text)?;
    let mut ids: HashMap<&str, Id> = HashMap::with_capacity(lines.len());
    let mut units: Vec<[Val; 6]> = Vec::with_capacity(lines.len());
    let mut places: Vec<[Val; 3]> = Vec::with_capacity(lines.len());
    for line in &lines {
        let id = tx.id()?;
        let parent = match line.parent {
            "" => None,
            above => Some(
                *ids.get(above).ok_or_else(|| Error::internal(format!("no unit {above} above {}", line.gso_code)))?,
            ),
        };
        ids.insert(line.gso_code, id);
        units.push([
            id.into(),
            line.gso_code.into(),
            line.name.as_str().into(),
            line.short_name.into(),
            line.kind.word().into(),
            line.from.into(),
        ]);
        places.push([id.into(), parent.into(), line.from.into()]);
    }
    insert(tx, "unit (id, gso_code, name, short_name, kind, valid_from)", &units)?;
    insert(tx, "unit_place (unit_id, parent_id, valid_from)", &places)?;
    revision::units_changed(tx)?;
    let first = ids.values().min().copied().unwrap_or(Id(0));
    let detail = serde_json::json!({ "units": lines.len() });
    tx.audit(&AuditEntry { action: "directory.install_units", entity: "unit", entity_id: first, unit: None, detail })?;
    Ok(lines.len())
}

fn insert<const N: usize>(tx: &mut Tx<'_>, into: &str, rows: &[[Val; N]]) -> Result<()> {
    for block in rows.chunks(ROWS) {
        let row = |r: usize| {
            let places: Vec<String> = (1..=N).map(|column| format!("${}", r * N + column)).collect();
            format!("({})", places.join(", "))
        };
        let marks: Vec<String> = (0..block.len()).map(row).collect();
        let values: Vec<Val> = block.iter().flatten().cloned().collect();
        tx.exec(&format!("INSERT INTO {into} VALUES {}", marks.join(", ")), &values)?;
    }
    Ok(())
}

/// The unit with a statistics office's code.
pub fn unit_by_gso_code(tx: &mut Tx<'_>, gso_code: &str) -> Result<Option<Id>> {
    let found: Option<(Id,)> =
        tx.opt("SELECT id FROM unit WHERE gso_code = $1 ORDER BY valid_to IS NOT NULL, id", params![gso_code])?;
    Ok(found.map(|(id,)| id))
}

/// Gives a unit its electronic identifier.
pub fn give_code(tx: &mut Tx<'_>, unit: Id, code: &str) -> Result<()> {
    if tx.exec_counted("UPDATE unit SET code = $1, version = version + 1 WHERE id = $2", params![code, unit])? == 0 {
        return Err(Error::not_found("đơn vị"));
    }
    revision::units_changed(tx)?;
    let detail = serde_json::json!({ "code": code });
    tx.audit(&AuditEntry { action: "directory.edit_unit", entity: "unit", entity_id: unit, unit: Some(unit), detail })
}

/// The roles an installation starts with, owned by `unit`, one for each kind of post. They can be edited afterwards.
pub fn seed_roles(tx: &mut Tx<'_>, unit: Id, presets: &[RolePreset]) -> Result<()> {
    for preset in presets {
        let entry = RoleEntry {
            name: preset.kind.title().to_owned(),
            preset: Some(preset.kind),
            permissions: preset.permissions.iter().map(|name| (*name).to_owned()).collect(),
        };
        role::create(tx, unit, &entry)?;
    }
    Ok(())
}

/// The Argon2id hash of a password; takes some 30 ms, so draw it before the write.
pub fn hash_password(text: &str) -> Result<String> {
    password::hash(text)
}

/// A password for one use.
pub fn one_time_password() -> String {
    password::one_time()
}

/// Opens an account. `must_change`: the officer has to choose a password of their own first.
pub fn create_account(
    tx: &mut Tx<'_>,
    officer: Id,
    username: &str,
    (password_hash, must_change): (&str, bool),
) -> Result<()> {
    account::create(tx, officer, username, password_hash, must_change)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_units_is_whole() {
        let lines = lines(UNITS_SINCE_2025).unwrap();
        assert_eq!(lines.iter().filter(|line| line.kind == UnitKind::Province).count(), 34);
        assert_eq!(lines.iter().filter(|line| line.kind == UnitKind::Commune).count(), 3321);
        let first = &lines[0];
        assert_eq!((first.name.as_str(), first.short_name, first.gso_code), ("Thành phố Hà Nội", "Hà Nội", "01"));
        assert!(super::lines("1\tlàng\tX\t\t2025-07-01").is_err());
    }
}
