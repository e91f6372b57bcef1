//! Tokens for programs that act as an officer, such as a kiosk or a load test. Shown once, kept as hashes.

use crate::keys::{BEARER_PREFIX, new_token, token_hash};
use crate::officer;
use crate::wrong::Wrong;
use store::{AuditEntry, Tx, params};
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

/// Ends a token now.
pub fn end(tx: &mut Tx<'_>, id: Id) -> Result<()> {
    let at = tx.at();
    if tx.exec("UPDATE api_token SET ended_at = $1 WHERE id = $2 AND ended_at IS NULL", params![at, id])? == 0 {
        return Err(Error::not_found("mã truy cập"));
    }
    let detail = serde_json::json!({});
    tx.audit(&AuditEntry { action: "directory.end_token", entity: "api_token", entity_id: id, unit: None, detail })
}
