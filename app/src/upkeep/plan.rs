//! Where and when backups are made by themselves.

use serde_json::json;
use std::path::Path;
use store::{AuditEntry, Reader, Tx, params};
use types::{Error, FieldError, Id, Result, Timestamp};

/// The one row.
const PLAN: Id = Id(1);
/// How many backups can be kept.
pub const KEEP_MAX: i64 = 400;

/// Where and when, and what somebody wants besides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// A folder of the machine, or where a stick is put in.
    pub folder: String,
    /// The minute of the day in Viet Nam.
    pub at_minute: i64,
    /// So many of the newest are kept.
    pub keep: i64,
    /// When somebody asked for one at once; none since it was begun.
    pub wanted_at: Option<Timestamp>,
    /// The public half of the key that was put away.
    pub key_put_away: Option<String>,
}

type PlanRow = (String, i64, i64, Option<Timestamp>, Option<String>);

/// What is planned, if anything.
pub fn read(reader: &mut Reader<'_>) -> Result<Option<Plan>> {
    let row: Option<PlanRow> =
        reader.opt("SELECT folder, at_minute, keep, wanted_at, key_put_away FROM backup_plan", params![])?;
    Ok(row.map(|(folder, at_minute, keep, wanted_at, key_put_away)| Plan {
        folder,
        at_minute,
        keep,
        wanted_at,
        key_put_away,
    }))
}

/// What is wrong with a folder as the place of backups, in the words of the form; `data` is what is backed up.
pub fn refused_folder(folder: &str, data: &Path) -> Option<FieldError> {
    let refuse = |message: &str| Some(FieldError::new("folder", message));
    let path = Path::new(folder);
    if !path.is_absolute() {
        return refuse("Nhập đường dẫn đầy đủ, bắt đầu bằng dấu «/», ví dụ /var/backups/nhaviec hoặc /media/usb.");
    }
    if !path.is_dir() {
        return refuse("Không thấy thư mục này trên máy chủ. Hãy tạo thư mục, hoặc cắm USB rồi lưu lại.");
    }
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    if real(path).starts_with(real(data)) {
        return refuse("Thư mục này nằm trong thư mục dữ liệu: mất dữ liệu là mất cả bản sao lưu. Hãy chọn nơi khác.");
    }
    if !crate::os::takes_files(path) {
        return refuse("Máy chủ không ghi được vào thư mục này (không có quyền, hoặc ổ đã đầy).");
    }
    None
}

/// Says where and when.
pub fn set(tx: &mut Tx<'_>, (folder, at_minute, keep): (&str, i64, i64)) -> Result<()> {
    let before = read(tx)?;
    // A new place has nothing yet.
    let moved = before.as_ref().is_none_or(|plan| plan.folder != folder);
    let wanted_at = if moved { Some(tx.at()) } else { before.as_ref().and_then(|plan| plan.wanted_at) };
    let before = before.map(|plan| json!({ "folder": plan.folder, "at": plan.at_minute, "keep": plan.keep }));
    tx.exec(
        "INSERT INTO backup_plan (id, folder, at_minute, keep, wanted_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (id) DO UPDATE SET folder = excluded.folder, at_minute = excluded.at_minute, keep = excluded.keep,
            wanted_at = excluded.wanted_at",
        params![PLAN, folder, at_minute, keep, wanted_at],
    )?;
    let now = json!({ "folder": folder, "at": at_minute, "keep": keep });
    audit(tx, "upkeep.plan_backups", json!({ "before": before, "now": now }))
}

/// Asks for a backup at once.
pub fn want(tx: &mut Tx<'_>) -> Result<()> {
    let at = tx.at();
    if tx.exec_counted("UPDATE backup_plan SET wanted_at = $1", params![at])? == 0 {
        return Err(Error::conflict("Chưa đặt nơi lưu. Hãy chọn thư mục sao lưu trước."));
    }
    audit(tx, "upkeep.want_backup", json!({}))
}

/// Notes that somebody saw the key.
pub fn show_key(tx: &mut Tx<'_>) -> Result<()> {
    audit(tx, "upkeep.show_key", json!({}))
}

/// Notes that the key with this public half was put away.
pub fn put_away(tx: &mut Tx<'_>, public: &str) -> Result<()> {
    if tx.exec_counted("UPDATE backup_plan SET key_put_away = $1", params![public])? == 0 {
        return Err(Error::conflict("Chưa đặt nơi lưu. Hãy chọn thư mục sao lưu trước."));
    }
    audit(tx, "upkeep.put_key_away", json!({ "key": public }))
}

fn audit(tx: &mut Tx<'_>, action: &'static str, detail: serde_json::Value) -> Result<()> {
    tx.audit(&AuditEntry { action, entity: "backup_plan", entity_id: PLAN, unit: None, detail })
}
