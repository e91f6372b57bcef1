//! A unit (đơn vị): a node of the tree of government, and what can be done to it. Nothing is deleted; a unit ends.

use crate::revision;
use crate::tree::{Place, UnitTree};
use crate::word::words;
use crate::wrong::Wrong;
use store::{AuditEntry, Tx, params};
use types::{Day, Error, Id, Result, text};

words! {
    /// What kind of unit it is.
    UnitKind {
        /// A province or a city under the central government.
        Province = "province", "Tỉnh, thành phố";
        /// A district, where the locality still has one or its history shows one.
        District = "district", "Huyện, quận";
        /// A commune, ward or special zone.
        Commune = "commune", "Xã, phường, đặc khu";
        /// A department of the province and other bodies of their own.
        Agency = "agency", "Sở, ban, ngành";
        /// A department inside a unit.
        Department = "department", "Phòng, ban";
        /// A one-stop counter.
        Counter = "counter", "Bộ phận một cửa";
        /// A village or residential group.
        Village = "village", "Thôn, bản, tổ dân phố";
        /// Anything else.
        Other = "other", "Đơn vị khác";
    }
}

impl UnitKind {
    /// Works for the unit above it and is no authority of its own.
    pub fn is_inner(self) -> bool {
        matches!(self, Self::Counter | Self::Department | Self::Village)
    }
}

/// A unit as it stands in the tree.
#[derive(Debug, Clone)]
pub struct Unit {
    pub id: Id,
    /// The electronic identifier, e.g. `H55.62.05`.
    pub code: Option<String>,
    /// The statistics office's code of a province or commune; another thing than `code`.
    pub gso_code: Option<String>,
    /// `Xã La Bằng`.
    pub name: String,
    /// `La Bằng`.
    pub short_name: String,
    pub kind: UnitKind,
    pub valid_from: Day,
    /// The last day of the unit, if it ends.
    pub valid_to: Option<Day>,
    /// Grows with every change; forms send back the one they showed.
    pub version: i64,
}

impl Unit {
    /// Whether the unit exists on `day`.
    pub fn is_valid(&self, day: Day) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|to| day <= to)
    }

    /// The agency that acts for the unit: a commune's is its people's committee; a department is one itself.
    pub fn agency_name(&self) -> String {
        match self.kind {
            UnitKind::Province | UnitKind::District | UnitKind::Commune => {
                let mut letters = self.name.chars();
                let first = letters.next().into_iter().flat_map(char::to_lowercase);
                format!("Ủy ban nhân dân {}", first.chain(letters).collect::<String>())
            }
            _ => self.name.clone(),
        }
    }
}

/// What people enter about a unit.
#[derive(Debug, Clone)]
pub struct UnitEntry {
    pub name: String,
    pub short_name: String,
    pub kind: UnitKind,
    /// The electronic identifier; empty when there is none yet.
    pub code: String,
    pub gso_code: String,
}

impl UnitEntry {
    fn checked(&self) -> Result<Self> {
        let mut wrong = Wrong::default();
        let name = wrong.line("name", &self.name, "Nhập tên đơn vị.", 200);
        let short_name = wrong.short("short_name", &self.short_name, 100);
        let code = text::clean(&self.code).to_uppercase();
        if !code.is_empty() && !is_unit_code(&code) {
            wrong.say("code", "Mã định danh điện tử gồm các phần chữ và số cách nhau bằng dấu chấm, ví dụ H55.62.05.");
        }
        let gso_code = text::clean(&self.gso_code);
        if gso_code.len() > 5 || !gso_code.bytes().all(|b| b.is_ascii_digit()) {
            wrong.say("gso_code", "Mã đơn vị hành chính gồm 2 đến 5 chữ số.");
        }
        wrong.done()?;
        let short_name = if short_name.is_empty() { name.clone() } else { short_name };
        Ok(Self { name, short_name, kind: self.kind, code, gso_code })
    }
}

/// `H55.62.05`, and the older `000.00.13.H30`: one to six parts of letters and digits.
fn is_unit_code(code: &str) -> bool {
    let mut parts = 0;
    let fits = code.split('.').all(|part| {
        parts += 1;
        (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
    });
    fits && parts <= 6
}

fn filled(text: &str) -> Option<&str> {
    Some(text).filter(|t| !t.is_empty())
}

/// The day before.
pub(crate) fn day_before(day: Day) -> Day {
    Day(day.0.yesterday().unwrap_or(day.0))
}

/// Adds a unit under `parent` (or at the top) from `from`.
pub fn create(tx: &mut Tx<'_>, entry: &UnitEntry, parent: Option<Id>, from: Day) -> Result<Id> {
    let entry = entry.checked()?;
    if let Some(parent) = parent {
        tx.lock("unit", parent)?;
        can_hold(&load(tx, parent)?, from)?;
    }
    free_code(tx, &entry.code, None)?;
    let id = tx.id()?;
    tx.exec(
        "INSERT INTO unit (id, code, gso_code, name, short_name, kind, valid_from) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        params![
            id,
            filled(&entry.code),
            filled(&entry.gso_code),
            entry.name,
            entry.short_name,
            entry.kind.word(),
            from
        ],
    )?;
    tx.exec("INSERT INTO unit_place (unit_id, parent_id, valid_from) VALUES ($1, $2, $3)", params![id, parent, from])?;
    let detail = serde_json::json!({ "parent": parent, "kind": entry.kind.word(), "from": from, "code": entry.code });
    told(tx, "directory.create_unit", id, detail)?;
    Ok(id)
}

/// Changes what is known of a unit. `version` is the one that the form showed.
pub fn edit(tx: &mut Tx<'_>, id: Id, version: i64, entry: &UnitEntry) -> Result<()> {
    tx.lock("unit", id)?;
    let entry = entry.checked()?;
    let before = load(tx, id)?;
    free_code(tx, &entry.code, Some(id))?;
    let changed = tx.exec_counted(
        "UPDATE unit SET code = $1, gso_code = $2, name = $3, short_name = $4, kind = $5, version = version + 1
         WHERE id = $6 AND version = $7",
        params![
            filled(&entry.code),
            filled(&entry.gso_code),
            &entry.name,
            &entry.short_name,
            entry.kind.word(),
            id,
            version
        ],
    )?;
    if changed == 0 {
        return Err(edited_meanwhile());
    }
    let detail = serde_json::json!({
        "name": [before.name, entry.name], "code": [before.code, entry.code], "kind": [before.kind.word(), entry.kind.word()]
    });
    told(tx, "directory.edit_unit", id, detail)
}

/// The event of a move, with [`Moved`].
pub const UNIT_MOVED: &str = "directory.unit-moved.v1";

/// What [`UNIT_MOVED`] tells; it is told at once, also when the day is still to come.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct Moved {
    pub unit: Id,
    /// The first day under the new unit above.
    pub from: Day,
}

/// Puts a unit under another one from `from`; before that day it stays where it was.
pub fn move_to(tx: &mut Tx<'_>, id: Id, parent: Option<Id>, from: Day) -> Result<()> {
    // Two moves at once could make a ring: every move waits for the one before, by one lock order.
    let mut locks: Vec<Id> = [Some(id), parent].into_iter().flatten().collect();
    locks.sort_unstable();
    for lock in locks {
        tx.lock("unit", lock)?;
    }
    // Taken before the tree is read, so that it is held until the end.
    revision::units_changed(tx)?;
    let tree = UnitTree::load(tx, from)?;
    let unit = tree.get(id).ok_or_else(|| Error::not_found("đơn vị"))?;
    if !unit.is_valid(from) {
        return Err(Error::invalid("from", "Đơn vị chưa có hoặc đã kết thúc vào ngày này."));
    }
    if let Some(parent) = parent {
        let above = tree.get(parent).ok_or_else(|| Error::invalid("parent", "Chọn đơn vị cấp trên."))?;
        can_hold(above, from)?;
        if tree.would_ring(id, parent, from) {
            return Err(Error::invalid(
                "parent",
                "Không thể chuyển một đơn vị vào chính nó hoặc vào đơn vị cấp dưới của nó.",
            ));
        }
    }
    let place = tree.place_on(id, from).ok_or_else(|| Error::internal("a valid unit without a place"))?.clone();
    if place.parent == parent {
        return Err(Error::invalid("parent", "Đơn vị đã thuộc đơn vị cấp trên này."));
    }
    if place.to.is_some() && place.to != unit.valid_to {
        return Err(Error::conflict("Đơn vị đã có một lần chuyển sau ngày này. Hãy chọn ngày sau lần chuyển đó."));
    }
    move_place(tx, id, &place, (parent, from))?;
    tx.exec("UPDATE unit SET version = version + 1 WHERE id = $1", params![id])?;
    tx.publish(UNIT_MOVED, id, &Moved { unit: id, from })?;
    let detail = serde_json::json!({ "parent": [place.parent, parent], "from": from });
    tx.audit(&AuditEntry { action: "directory.move_unit", entity: "unit", entity_id: id, unit: Some(id), detail })
}

/// A unit can lie under `above` from `from` on, without an end.
fn can_hold(above: &Unit, from: Day) -> Result<()> {
    if above.valid_from > from {
        return Err(Error::invalid("parent", format!("Đơn vị cấp trên «{}» chưa có vào ngày này.", above.name)));
    }
    if above.valid_to.is_some() {
        return Err(Error::invalid("parent", format!("Đơn vị cấp trên «{}» đã có ngày kết thúc.", above.name)));
    }
    Ok(())
}

fn move_place(tx: &mut Tx<'_>, id: Id, place: &Place, (parent, from): (Option<Id>, Day)) -> Result<()> {
    if place.from == from {
        tx.exec(
            "UPDATE unit_place SET parent_id = $1 WHERE unit_id = $2 AND valid_from = $3",
            params![parent, id, from],
        )?;
        return Ok(());
    }
    tx.exec(
        "UPDATE unit_place SET valid_to = $1 WHERE unit_id = $2 AND valid_from = $3",
        params![day_before(from), id, place.from],
    )?;
    tx.exec(
        "INSERT INTO unit_place (unit_id, parent_id, valid_from, valid_to) VALUES ($1, $2, $3, $4)",
        params![id, parent, from, place.to],
    )?;
    Ok(())
}

/// Ends a unit; `last` is its last day. Units and posts inside must have ended by then.
pub fn end(tx: &mut Tx<'_>, id: Id, last: Day) -> Result<()> {
    tx.lock("unit", id)?;
    let tree = UnitTree::load(tx, last)?;
    let unit = tree.get(id).ok_or_else(|| Error::not_found("đơn vị"))?;
    if last < unit.valid_from {
        return Err(Error::invalid("to", "Ngày kết thúc không được trước ngày đơn vị bắt đầu."));
    }
    if let Some(child) = tree.child_after(id, last) {
        return Err(Error::conflict(format!(
            "Đơn vị còn đơn vị cấp dưới «{}» sau ngày này. Hãy chuyển hoặc kết thúc đơn vị đó trước.",
            child.name
        )));
    }
    let open: Option<(String,)> = tx.opt(
        "SELECT title FROM post WHERE unit_id = $1 AND (valid_to IS NULL OR valid_to > $2) ORDER BY id LIMIT 1",
        params![id, last],
    )?;
    if let Some((title,)) = open {
        return Err(Error::conflict(format!(
            "Đơn vị còn vị trí «{title}» sau ngày này. Hãy kết thúc vị trí đó trước."
        )));
    }
    tx.exec("UPDATE unit SET valid_to = $1, version = version + 1 WHERE id = $2", params![last, id])?;
    tx.exec(
        "UPDATE unit_place SET valid_to = $1 WHERE unit_id = $2 AND valid_from <= $1 AND (valid_to IS NULL OR valid_to > $1)",
        params![last, id],
    )?;
    told(tx, "directory.end_unit", id, serde_json::json!({ "to": last }))
}

fn told(tx: &mut Tx<'_>, action: &str, id: Id, detail: serde_json::Value) -> Result<()> {
    revision::units_changed(tx)?;
    tx.audit(&AuditEntry { action, entity: "unit", entity_id: id, unit: Some(id), detail })
}

/// What is said when somebody else saved first.
pub(crate) fn edited_meanwhile() -> Error {
    Error::conflict("Người khác vừa sửa thông tin này. Ông/bà hãy tải lại trang, xem nội dung mới rồi sửa lại.")
}

fn free_code(tx: &mut Tx<'_>, code: &str, own: Option<Id>) -> Result<()> {
    let taken: Option<(Id, String)> = match code {
        "" => None,
        code => tx.opt("SELECT id, name FROM unit WHERE code = $1", params![code])?,
    };
    match taken {
        Some((id, name)) if Some(id) != own => {
            Err(Error::invalid("code", format!("Mã định danh này đã dùng cho «{name}».")))
        }
        _ => Ok(()),
    }
}

fn load(tx: &mut Tx<'_>, id: Id) -> Result<Unit> {
    let row = tx.opt(&format!("SELECT {COLUMNS} FROM unit WHERE id = $1"), params![id])?;
    row.map(read).transpose()?.ok_or_else(|| Error::not_found("đơn vị"))
}

/// The columns that [`read`] takes.
pub(crate) const COLUMNS: &str = "id, code, gso_code, name, short_name, kind, valid_from, valid_to, version";

/// A row of [`COLUMNS`].
pub(crate) type UnitRow = (Id, Option<String>, Option<String>, String, String, String, Day, Option<Day>, i64);

pub(crate) fn read(row: UnitRow) -> Result<Unit> {
    let (id, code, gso_code, name, short_name, kind, valid_from, valid_to, version) = row;
    let kind = UnitKind::read(&kind)?;
    Ok(Unit { id, code, gso_code, name, short_name, kind, valid_from, valid_to, version })
}
