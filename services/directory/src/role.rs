//! Roles (vai trò): named sets of permissions, owned by a unit, granted to posts of that unit and below.

use crate::post::{self, PostKind};
use crate::revision;
use crate::tree::UnitTree;
use crate::unit::edited_meanwhile;
use crate::wrong::Wrong;
use std::collections::{BTreeMap, BTreeSet};
use store::{AuditEntry, Reader, Tx, Val, params};
use types::{Day, Error, Id, Result};

/// A role as administrators see it.
#[derive(Debug, Clone)]
pub struct Role {
    pub id: Id,
    /// The unit whose administrators keep it; posts of this unit and below can get it.
    pub unit: Id,
    pub name: String,
    /// New posts of this kind get it by themselves.
    pub preset: Option<PostKind>,
    /// Names of permissions.
    pub permissions: BTreeSet<String>,
    pub version: i64,
}

/// What an installation starts with: the permissions of a kind of post. `app` knows all modules and gives these.
#[derive(Debug, Clone)]
pub struct RolePreset {
    pub kind: PostKind,
    pub permissions: Vec<&'static str>,
}

/// What people enter about a role.
#[derive(Debug, Clone)]
pub struct RoleEntry {
    pub name: String,
    pub preset: Option<PostKind>,
    pub permissions: BTreeSet<String>,
}

/// Makes a role owned by `unit`.
pub fn create(tx: &mut Tx<'_>, unit: Id, entry: &RoleEntry) -> Result<Id> {
    let name = checked_name(tx, unit, entry, None)?;
    let id = tx.id()?;
    let preset = entry.preset.map(PostKind::word);
    tx.exec("INSERT INTO role (id, unit_id, name, preset) VALUES ($1, $2, $3, $4)", params![id, unit, name, preset])?;
    put_permissions(tx, id, &entry.permissions)?;
    told(tx, "directory.create_role", (id, unit), serde_json::json!({ "permissions": entry.permissions }))?;
    Ok(id)
}

/// Changes a role; everyone who has it has the new set at once. `version` is the one that the form showed.
pub fn edit(tx: &mut Tx<'_>, id: Id, version: i64, entry: &RoleEntry) -> Result<()> {
    tx.lock("role", id)?;
    let before = one(tx, id)?.ok_or_else(|| Error::not_found("vai trò"))?;
    let name = checked_name(tx, before.unit, entry, Some(id))?;
    let changed = tx.exec_counted(
        "UPDATE role SET name = $1, preset = $2, version = version + 1 WHERE id = $3 AND version = $4",
        params![name, entry.preset.map(PostKind::word), id, version],
    )?;
    if changed == 0 {
        return Err(edited_meanwhile());
    }
    tx.exec("DELETE FROM role_permission WHERE role_id = $1", params![id])?;
    put_permissions(tx, id, &entry.permissions)?;
    let added: Vec<&String> = entry.permissions.difference(&before.permissions).collect();
    let taken: Vec<&String> = before.permissions.difference(&entry.permissions).collect();
    told(tx, "directory.edit_role", (id, before.unit), serde_json::json!({ "added": added, "taken": taken }))
}

fn checked_name(tx: &mut Tx<'_>, unit: Id, entry: &RoleEntry, own: Option<Id>) -> Result<String> {
    let mut wrong = Wrong::default();
    let name = wrong.line("name", &entry.name, "Nhập tên vai trò.", 100);
    let taken: Option<(Id,)> = tx.opt("SELECT id FROM role WHERE unit_id = $1 AND name = $2", params![unit, &name])?;
    if taken.is_some_and(|(id,)| Some(id) != own) {
        wrong.say("name", "Đơn vị đã có vai trò cùng tên.");
    }
    wrong.done()?;
    Ok(name)
}

fn put_permissions(tx: &mut Tx<'_>, id: Id, permissions: &BTreeSet<String>) -> Result<()> {
    for permission in permissions {
        tx.exec("INSERT INTO role_permission (role_id, permission) VALUES ($1, $2)", params![id, permission])?;
    }
    Ok(())
}

fn told(tx: &mut Tx<'_>, action: &str, (id, unit): (Id, Id), detail: serde_json::Value) -> Result<()> {
    revision::people_changed(tx)?;
    tx.audit(&AuditEntry { action, entity: "role", entity_id: id, unit: Some(unit), detail })
}

/// One role.
pub fn one(reader: &mut Reader<'_>, id: Id) -> Result<Option<Role>> {
    Ok(read(reader, "r.id = $1", params![id])?.pop())
}

/// Every role of the installation: a handful for each unit that has its own.
pub fn all(reader: &mut Reader<'_>) -> Result<Vec<Role>> {
    read(reader, "1 = 1", params![])
}

/// The roles that `unit` owns.
pub fn owned_by(reader: &mut Reader<'_>, unit: Id) -> Result<Vec<Role>> {
    read(reader, "r.unit_id = $1", params![unit])
}

/// The roles that a post of `unit` can get: those of the unit and of all above it.
pub fn for_unit(reader: &mut Reader<'_>, tree: &UnitTree, unit: Id) -> Result<Vec<Role>> {
    let mut roles = Vec::new();
    for above in tree.line(unit) {
        roles.extend(owned_by(reader, above)?);
    }
    Ok(roles)
}

fn read(reader: &mut Reader<'_>, condition: &str, values: &[Val]) -> Result<Vec<Role>> {
    type RoleRow = (Id, Id, String, Option<String>, i64, Option<String>);
    let rows: Vec<RoleRow> = reader.all(
        &format!(
            "SELECT r.id, r.unit_id, r.name, r.preset, r.version, p.permission FROM role r
             LEFT JOIN role_permission p ON p.role_id = r.id WHERE {condition} ORDER BY r.id, p.permission"
        ),
        values,
    )?;
    let mut roles: BTreeMap<Id, Role> = BTreeMap::new();
    for (id, unit, name, preset, version, permission) in rows {
        let preset = preset.as_deref().map(PostKind::read).transpose()?;
        let role =
            roles.entry(id).or_insert_with(|| Role { id, unit, name, preset, permissions: BTreeSet::new(), version });
        role.permissions.extend(permission);
    }
    Ok(roles.into_values().collect())
}

/// The nearest role above `unit` that new posts of `kind` get.
pub(crate) fn preset_for(reader: &mut Reader<'_>, unit: Id, kind: PostKind, day: Day) -> Result<Option<Id>> {
    let presets: Vec<(Id, Id)> =
        reader.all("SELECT id, unit_id FROM role WHERE preset = $1 ORDER BY id", params![kind.word()])?;
    if presets.is_empty() {
        return Ok(None);
    }
    let mut at = Some(unit);
    for _ in 0..32 {
        let Some(here) = at else { break };
        if let Some((role, _)) = presets.iter().find(|(_, owner)| *owner == here) {
            return Ok(Some(*role));
        }
        let above: Option<(Option<Id>,)> = reader.opt(
            "SELECT parent_id FROM unit_place WHERE unit_id = $1 AND valid_from <= $2 AND (valid_to IS NULL OR valid_to >= $2)",
            params![here, day],
        )?;
        at = above.and_then(|(parent,)| parent);
    }
    Ok(None)
}

/// A role that a post has, from a day to a day.
#[derive(Debug, Clone)]
pub struct Grant {
    pub id: Id,
    pub role: Id,
    pub name: String,
    pub from: Day,
    /// The last day.
    pub to: Option<Day>,
}

/// Grants a role to a post. The role must be owned by the post's unit or one above it.
pub fn grant(tx: &mut Tx<'_>, post_id: Id, role: Id, (from, to): (Day, Option<Day>)) -> Result<Id> {
    tx.lock("post", post_id)?;
    let unit = post::unit_of(tx, post_id)?;
    let owner = one(tx, role)?.map(|role| role.unit);
    let tree = UnitTree::load(tx, from)?;
    let mut wrong = Wrong::default();
    wrong.period("to", from, to);
    if !owner.is_some_and(|owner| tree.line(unit).contains(&owner)) {
        wrong.say("role", "Chọn vai trò của đơn vị này hoặc của đơn vị cấp trên.");
    }
    let overlap: Option<(Id,)> = tx.opt(
        "SELECT id FROM post_role WHERE post_id = $1 AND role_id = $2 AND (valid_to IS NULL OR valid_to >= $3) AND valid_from <= $4",
        params![post_id, role, from, to.unwrap_or(post::FAR)],
    )?;
    if overlap.is_some() {
        wrong.say("role", "Vị trí đã có vai trò này trong thời gian đó.");
    }
    wrong.done()?;
    let id = tx.id()?;
    let to = post::within(tx, post_id, to)?;
    tx.exec(
        "INSERT INTO post_role (id, post_id, role_id, valid_from, valid_to) VALUES ($1, $2, $3, $4, $5)",
        params![id, post_id, role, from, to],
    )?;
    post::told(
        tx,
        "directory.grant_role",
        (post_id, unit),
        serde_json::json!({ "role": role, "from": from, "to": to }),
    )?;
    Ok(id)
}

/// Ends a grant; `last` is the last day.
pub fn take_back(tx: &mut Tx<'_>, grant: Id, last: Day) -> Result<()> {
    let gone = || Error::not_found("vai trò của vị trí");
    let of: Option<(Id,)> = tx.opt("SELECT post_id FROM post_role WHERE id = $1", params![grant])?;
    let (post_id,) = of.ok_or_else(gone)?;
    tx.lock("post", post_id)?;
    // Read under the lock: somebody may have ended it, or the whole post, while this waited.
    let found: Option<(Id, Day, Option<Day>)> =
        tx.opt("SELECT role_id, valid_from, valid_to FROM post_role WHERE id = $1", params![grant])?;
    let (role, from, to) = found.ok_or_else(gone)?;
    // A grant may also end on the day before it began: then it never held.
    if last < crate::unit::day_before(from) {
        return Err(Error::invalid("to", "Ngày kết thúc không được trước ngày bắt đầu."));
    }
    if to.is_some_and(|to| to < last) {
        return Err(Error::conflict("Vai trò này đã kết thúc từ trước ngày đó."));
    }
    tx.exec("UPDATE post_role SET valid_to = $1 WHERE id = $2", params![last, grant])?;
    let unit = post::unit_of(tx, post_id)?;
    post::told(tx, "directory.take_back_role", (post_id, unit), serde_json::json!({ "role": role, "to": last }))
}

/// Every permission that a post's roles grant on `day` or later.
pub(crate) fn permissions_ahead(reader: &mut Reader<'_>, post: Id, day: Day) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = reader.all(
        "SELECT DISTINCT p.permission FROM post_role g JOIN role_permission p ON p.role_id = g.role_id
         WHERE g.post_id = $1 AND g.valid_from <= coalesce(g.valid_to, g.valid_from)
           AND (g.valid_to IS NULL OR g.valid_to >= $2) ORDER BY p.permission",
        params![post, day],
    )?;
    Ok(rows.into_iter().map(|(permission,)| permission).collect())
}

/// The roles a post has or had, latest first.
pub fn grants(reader: &mut Reader<'_>, post: Id) -> Result<Vec<Grant>> {
    let rows: Vec<(Id, Id, String, Day, Option<Day>)> = reader.all(
        "SELECT g.id, g.role_id, r.name, g.valid_from, g.valid_to FROM post_role g JOIN role r ON r.id = g.role_id
         WHERE g.post_id = $1 ORDER BY g.valid_from DESC, g.id DESC LIMIT 200",
        params![post],
    )?;
    Ok(rows.into_iter().map(|(id, role, name, from, to)| Grant { id, role, name, from, to }).collect())
}
