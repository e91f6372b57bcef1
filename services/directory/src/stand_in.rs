//! Standing in (thay mặt): another officer acts for the holder of a post, from a moment up to a moment.
//! Everything done so says "on behalf of".

use crate::post::{told, unit_of};
use crate::wrong::Wrong;
use store::{Reader, Tx, params};
use types::{Error, Id, Result, Timestamp};

/// One authorisation.
#[derive(Debug, Clone)]
pub struct StandIn {
    pub id: Id,
    pub post: Id,
    pub post_title: String,
    pub officer: Id,
    pub name: String,
    pub starts_at: Timestamp,
    /// The first moment it no longer holds.
    pub ends_at: Timestamp,
    pub reason: String,
    /// Set when it was ended before its time.
    pub ended_at: Option<Timestamp>,
}

impl StandIn {
    /// Whether it holds at `now`.
    pub fn holds(&self, now: Timestamp) -> bool {
        self.ended_at.is_none() && self.starts_at <= now && now < self.ends_at
    }

    /// Whether it can still be ended.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.ended_at.is_none() && now < self.ends_at
    }
}

/// What people enter.
#[derive(Debug, Clone)]
pub struct StandInEntry {
    pub officer: Id,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    /// Why: leave, mission, the number of the authorisation.
    pub reason: String,
}

/// Authorises an officer to act in `post`.
pub fn authorise(tx: &mut Tx<'_>, post: Id, entry: &StandInEntry) -> Result<Id> {
    tx.lock("post", post)?;
    let unit = unit_of(tx, post)?;
    let mut wrong = Wrong::default();
    let reason = wrong.line("reason", &entry.reason, "Nhập lý do hoặc số văn bản ủy quyền.", 300);
    if entry.ends_at <= entry.starts_at {
        wrong.say("to", "Thời điểm kết thúc phải sau thời điểm bắt đầu.");
    } else if entry.ends_at <= tx.at() {
        wrong.say("to", "Thời điểm kết thúc đã qua.");
    }
    if tx.opt::<(Id,)>("SELECT id FROM officer WHERE id = $1", params![entry.officer])?.is_none() {
        wrong.say("officer", "Chọn người thay mặt.");
    }
    let first = entry.starts_at.max(tx.at()).day();
    let holds: Option<(Id,)> = tx.opt(
        "SELECT id FROM post_holder WHERE post_id = $1 AND officer_id = $2 AND valid_from <= $3 AND (valid_to IS NULL OR valid_to >= $3)",
        params![post, entry.officer, first],
    )?;
    if holds.is_some() {
        wrong.say("officer", "Người này đang giữ chính vị trí đó.");
    }
    let overlap: Option<(Id,)> = tx.opt(
        "SELECT id FROM stand_in WHERE post_id = $1 AND officer_id = $2 AND ended_at IS NULL AND starts_at < $3 AND ends_at > $4",
        params![post, entry.officer, entry.ends_at, entry.starts_at],
    )?;
    if overlap.is_some() {
        wrong.say("officer", "Người này đã được giao thay mặt vị trí đó trong thời gian này.");
    }
    wrong.done()?;
    let id = tx.id()?;
    tx.exec(
        "INSERT INTO stand_in (id, post_id, officer_id, starts_at, ends_at, reason) VALUES ($1, $2, $3, $4, $5, $6)",
        params![id, post, entry.officer, entry.starts_at, entry.ends_at, reason],
    )?;
    let detail = serde_json::json!({ "officer": entry.officer, "from": entry.starts_at, "to": entry.ends_at });
    told(tx, "directory.authorise_stand_in", (post, unit), detail)?;
    Ok(id)
}

/// Ends an authorisation now.
pub fn end(tx: &mut Tx<'_>, id: Id) -> Result<()> {
    tx.lock("stand_in", id)?;
    let found: Option<(Id, Id)> = tx.opt("SELECT post_id, officer_id FROM stand_in WHERE id = $1", params![id])?;
    let (post, officer) = found.ok_or_else(|| Error::not_found("việc thay mặt"))?;
    let at = tx.at();
    let ended = tx.exec_counted(
        "UPDATE stand_in SET ended_at = $1 WHERE id = $2 AND ended_at IS NULL AND ends_at > $1",
        params![at, id],
    )?;
    if ended == 0 {
        return Err(Error::conflict("Việc thay mặt này đã kết thúc."));
    }
    let unit = unit_of(tx, post)?;
    told(tx, "directory.end_stand_in", (post, unit), serde_json::json!({ "officer": officer }))
}

/// One authorisation.
pub fn one(reader: &mut Reader<'_>, id: Id) -> Result<Option<StandIn>> {
    Ok(read(reader, "s.id = $1", id)?.pop())
}

/// Those of a post, latest first.
pub fn of_post(reader: &mut Reader<'_>, post: Id) -> Result<Vec<StandIn>> {
    read(reader, "s.post_id = $1", post)
}

/// Those given to an officer, latest first.
pub fn of_officer(reader: &mut Reader<'_>, officer: Id) -> Result<Vec<StandIn>> {
    read(reader, "s.officer_id = $1", officer)
}

fn read(reader: &mut Reader<'_>, condition: &str, value: Id) -> Result<Vec<StandIn>> {
    type Row = (Id, Id, String, Id, String, Timestamp, Timestamp, String, Option<Timestamp>);
    let rows: Vec<Row> = reader.all(
        &format!(
            "SELECT s.id, s.post_id, p.title, s.officer_id, o.name, s.starts_at, s.ends_at, s.reason, s.ended_at
             FROM stand_in s JOIN post p ON p.id = s.post_id JOIN officer o ON o.id = s.officer_id
             WHERE {condition} ORDER BY s.starts_at DESC, s.id DESC LIMIT 100"
        ),
        params![value],
    )?;
    let stand_in = |(id, post, post_title, officer, name, starts_at, ends_at, reason, ended_at)| StandIn {
        id,
        post,
        post_title,
        officer,
        name,
        starts_at,
        ends_at,
        reason,
        ended_at,
    };
    Ok(rows.into_iter().map(stand_in).collect())
}
