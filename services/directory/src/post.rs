//! A post (chức vụ, vị trí): the place an officer holds in a unit. Work waits for posts, so people can change.

mod holder;
mod read;

pub(crate) use holder::{FAR, within};
pub use holder::{Holding, hold, holdings, release};
pub use read::{Post, candidates, foresee_candidates, in_unit, one, permitted};

use crate::unit::{day_before, edited_meanwhile};
use crate::word::words;
use crate::wrong::Wrong;
use crate::{revision, role};
use store::{AuditEntry, Json, Reader, Tx, params};
use types::{Day, Error, Id, Result, text};

words! {
    /// What a post does in the course of work.
    PostKind {
        /// Receives dossiers and hands results over.
        Counter = "counter", "Cán bộ một cửa";
        /// Appraises.
        Specialist = "specialist", "Chuyên viên";
        /// Reviews what a department's specialists did.
        Head = "head", "Trưởng phòng";
        /// Signs.
        Leader = "leader", "Lãnh đạo";
        /// Numbers, seals, sends.
        Clerk = "clerk", "Văn thư";
        /// Keeps units, officers, posts and roles.
        Administrator = "administrator", "Quản trị";
    }
}

/// What people enter about a post.
#[derive(Debug, Clone)]
pub struct PostEntry {
    pub kind: PostKind,
    /// `Công chức Tư pháp – Hộ tịch`.
    pub title: String,
    /// Codes of the procedure fields it handles; empty means all.
    pub fields: Vec<String>,
}

impl PostEntry {
    fn checked(&self) -> Result<Self> {
        let mut wrong = Wrong::default();
        let title = wrong.line("title", &self.title, "Nhập tên vị trí.", 150);
        let mut fields: Vec<String> = self.fields.iter().map(|f| text::clean(f)).filter(|f| !f.is_empty()).collect();
        fields.sort_unstable();
        fields.dedup();
        if fields.iter().any(|field| field.chars().count() > 60) || fields.len() > 200 {
            wrong.say("fields", "Mỗi mã lĩnh vực có nhiều nhất 60 ký tự, cả thảy nhiều nhất 200 mã.");
        }
        wrong.done()?;
        Ok(Self { kind: self.kind, title, fields })
    }
}

/// Adds a post to `unit` from `from`, with the role that is preset for its kind, if there is one.
pub fn create(tx: &mut Tx<'_>, unit: Id, entry: &PostEntry, from: Day) -> Result<Id> {
    tx.lock("unit", unit)?;
    let entry = entry.checked()?;
    let bounds: Option<(Day, Option<Day>)> =
        tx.opt("SELECT valid_from, valid_to FROM unit WHERE id = $1", params![unit])?;
    let (begins, ends) = bounds.ok_or_else(|| Error::not_found("đơn vị"))?;
    if from < begins || ends.is_some_and(|ends| ends < from) {
        return Err(Error::invalid("from", "Đơn vị chưa có hoặc đã kết thúc vào ngày này."));
    }
    let id = tx.id()?;
    tx.exec(
        "INSERT INTO post (id, unit_id, kind, title, fields, valid_from) VALUES ($1, $2, $3, $4, $5, $6)",
        params![id, unit, entry.kind.word(), entry.title, Json(&entry.fields), from],
    )?;
    if let Some(role) = role::preset_for(tx, unit, entry.kind, from)? {
        let grant = tx.id()?;
        tx.exec(
            "INSERT INTO post_role (id, post_id, role_id, valid_from) VALUES ($1, $2, $3, $4)",
            params![grant, id, role, from],
        )?;
    }
    let detail = serde_json::json!({ "kind": entry.kind.word(), "from": from, "fields": entry.fields });
    told(tx, "directory.create_post", (id, unit), detail)?;
    Ok(id)
}

/// Changes what is known of a post. `version` is the one that the form showed.
pub fn edit(tx: &mut Tx<'_>, id: Id, version: i64, entry: &PostEntry) -> Result<()> {
    tx.lock("post", id)?;
    let entry = entry.checked()?;
    let unit = unit_of(tx, id)?;
    let changed = tx.exec_counted(
        "UPDATE post SET kind = $1, title = $2, fields = $3, version = version + 1 WHERE id = $4 AND version = $5",
        params![entry.kind.word(), entry.title, Json(&entry.fields), id, version],
    )?;
    if changed == 0 {
        return Err(edited_meanwhile());
    }
    let detail = serde_json::json!({ "kind": entry.kind.word(), "fields": entry.fields });
    told(tx, "directory.edit_post", (id, unit), detail)
}

/// Ends a post; `last` is its last day. Holders and roles end with it.
pub fn end(tx: &mut Tx<'_>, id: Id, last: Day) -> Result<()> {
    tx.lock("post", id)?;
    let unit = unit_of(tx, id)?;
    let (from,): (Day,) = tx.one("SELECT valid_from FROM post WHERE id = $1", params![id])?;
    if last < from {
        return Err(Error::invalid("to", "Ngày kết thúc không được trước ngày vị trí bắt đầu."));
    }
    let (unit_ends,): (Option<Day>,) = tx.one("SELECT valid_to FROM unit WHERE id = $1", params![unit])?;
    if unit_ends.is_some_and(|ends| ends < last) {
        return Err(Error::invalid("to", "Vị trí không thể kéo dài hơn đơn vị của nó."));
    }
    tx.exec("UPDATE post SET valid_to = $1, version = version + 1 WHERE id = $2", params![last, id])?;
    for table in ["post_holder", "post_role"] {
        tx.exec(
            &format!("UPDATE {table} SET valid_to = $1 WHERE post_id = $2 AND valid_from <= $1 AND (valid_to IS NULL OR valid_to > $1)"),
            params![last, id],
        )?;
        // What would have begun later never does: it ends on the day before it begins.
        let later: Vec<(Id, Day)> = tx.all(
            &format!("SELECT id, valid_from FROM {table} WHERE post_id = $1 AND valid_from > $2"),
            params![id, last],
        )?;
        for (row, from) in later {
            tx.exec(&format!("UPDATE {table} SET valid_to = $1 WHERE id = $2"), params![day_before(from), row])?;
        }
    }
    told(tx, "directory.end_post", (id, unit), serde_json::json!({ "to": last }))
}

/// The unit of a post.
pub(crate) fn unit_of(reader: &mut Reader<'_>, id: Id) -> Result<Id> {
    let found: Option<(Id,)> = reader.opt("SELECT unit_id FROM post WHERE id = $1", params![id])?;
    found.map(|(unit,)| unit).ok_or_else(|| Error::not_found("vị trí"))
}

/// Notes the change and audits it: a post and its unit.
pub(crate) fn told(tx: &mut Tx<'_>, action: &str, (id, unit): (Id, Id), detail: serde_json::Value) -> Result<()> {
    revision::people_changed(tx)?;
    tx.audit(&AuditEntry { action, entity: "post", entity_id: id, unit: Some(unit), detail })
}
