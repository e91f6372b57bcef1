//! Tokens for programs that act as an officer, such as a kiosk or a load test. Shown once, kept as hashes.

use crate::keys::{BEARER_PREFIX, new_token, token_hash};
use crate::officer;
use crate::wrong::Wrong;
use store::{AuditEntry, Reader, Tx, Val, params};
use types::{Error, Id, Result, Timestamp};

/// A fresh bearer token, `nv_…`. Draw it outside the write, show it once.
pub fn draw() -> String {
    format!("{BEARER_PREFIX}{}", new_token())
}

/// Lets `token` act as `officer` until `ends_at`.
pub fn issue(tx: &mut Tx<'_>, officer: Id, token: &str, (name, ends_at): (&str, Timestamp)) -> Result<Id> {
    let mut wrong = Wrong::default();
    let name = wrong.line("name", name, "Nhập tên phần mềm hoặc thiết bị dùng mã này.", 100);
    if ends_at <= tx.at() {
        wrong.say("to", "Thời điểm hết hạn đã qua.");
    }
    wrong.done()?;
    let unit = officer::unit_of(tx, officer)?;
    let (id, at) = (tx.id()?, tx.at());
    tx.exec(
        "INSERT INTO api_token (id, token_hash, officer_id, name, created_at, ends_at) VALUES ($1, $2, $3, $4, $5, $6)",
        params![id, token_hash(token), officer, name, at, ends_at],
    )?;
    let detail = serde_json::json!({ "officer": officer, "to": ends_at });
    tx.audit(&AuditEntry {
        action: "directory.issue_token",
        entity: "api_token",
        entity_id: id,
        unit: Some(unit),
        detail,
    })?;
    Ok(id)
}

/// A token as administrators see it; the token itself is kept nowhere.
#[derive(Debug, Clone)]
pub struct ApiToken {
    pub id: Id,
    pub officer: Id,
    /// The program or device that uses it.
    pub name: String,
    pub created_at: Timestamp,
    pub ends_at: Timestamp,
}

/// The tokens that still act as an officer, the newest first.
pub fn open_of(reader: &mut Reader<'_>, officer: Id, now: Timestamp) -> Result<Vec<ApiToken>> {
    read(reader, "officer_id = $1 AND ends_at > $2 AND ended_at IS NULL", params![officer, now])
}

/// One token, also one that has ended.
pub fn one(reader: &mut Reader<'_>, id: Id) -> Result<Option<ApiToken>> {
    Ok(read(reader, "id = $1", params![id])?.pop())
}

fn read(reader: &mut Reader<'_>, condition: &str, values: &[Val]) -> Result<Vec<ApiToken>> {
    let rows: Vec<(Id, Id, String, Timestamp, Timestamp)> = reader.all(
        &format!("SELECT id, officer_id, name, created_at, ends_at FROM api_token WHERE {condition} ORDER BY id DESC LIMIT 200"),
        values,
    )?;
    let token = |(id, officer, name, created_at, ends_at)| ApiToken { id, officer, name, created_at, ends_at };
    Ok(rows.into_iter().map(token).collect())
}

/// Ends a token now.
pub fn end(tx: &mut Tx<'_>, id: Id) -> Result<()> {
    let at = tx.at();
    let found = one(tx, id)?.ok_or_else(|| Error::not_found("mã truy cập"))?;
    if tx.exec_counted("UPDATE api_token SET ended_at = $1 WHERE id = $2 AND ended_at IS NULL", params![at, id])? == 0 {
        return Err(Error::conflict("Mã truy cập này đã kết thúc."));
    }
    let unit = Some(officer::unit_of(tx, found.officer)?);
    let detail = serde_json::json!({ "officer": found.officer });
    tx.audit(&AuditEntry { action: "directory.end_token", entity: "api_token", entity_id: id, unit, detail })
}

/// Ends all tokens of an officer; answers how many. The caller audits.
pub(crate) fn end_all(tx: &mut Tx<'_>, officer: Id) -> Result<u64> {
    let at = tx.at();
    tx.exec_counted(
        "UPDATE api_token SET ended_at = $1 WHERE officer_id = $2 AND ended_at IS NULL",
        params![at, officer],
    )
}
