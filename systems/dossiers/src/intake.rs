//! Files of a form that could not be accepted yet. They wait under the form's command id, so that an officer who must
//! correct one field does not choose twenty scans again.

use store::{AuditEntry, Reader, Tx, params};
use types::{Id, Result};
use web::{Keep, Span};

/// How long an unfinished form keeps its files.
pub(crate) const KEPT: Keep = Keep {
    what: "Tệp của biểu mẫu tiếp nhận chưa gửi xong",
    span: Span::Days(2),
    since: "lúc chọn tệp",
    from: "2026-11-28",
    basis: None,
};

/// A file that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    pub file: Id,
    /// The form's field that brought it.
    pub field: String,
    pub name: String,
    /// Bytes.
    pub size: i64,
    /// SHA-256 in hex.
    pub hash: String,
}

/// What waits under a form's command id for the officer who sent it.
pub fn waiting(reader: &mut Reader<'_>, entry: &str, officer: Id) -> Result<Vec<Waiting>> {
    let rows: Vec<(Id, String)> = reader.all(
        "SELECT file_id, field FROM intake_file WHERE entry = $1 AND officer_id = $2 ORDER BY file_id",
        params![entry, officer],
    )?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Id> = rows.iter().map(|(file, _)| *file).collect();
    let files = files::by_ids(reader, &ids)?;
    let fields: std::collections::HashMap<Id, String> = rows.into_iter().collect();
    Ok(files
        .into_iter()
        .filter_map(|file| {
            let field = fields.get(&file.id)?.clone();
            Some(Waiting { file: file.id, field, name: file.name, size: file.size, hash: file.hash })
        })
        .collect())
}

/// Keeps files that came with a form; one that waits already (the form was sent twice) is not kept again.
pub fn keep(tx: &mut Tx<'_>, entry: &str, officer: Id, files: &[(String, files::Kept)]) -> Result<()> {
    let known = waiting(tx, entry, officer)?;
    let fresh = files.iter().filter(|(field, kept)| !known.iter().any(|k| k.field == *field && k.hash == kept.hash));
    let mut last = None;
    for (field, kept) in fresh {
        let (id, at) = (files::enter(tx, kept)?, tx.at());
        tx.exec(
            "INSERT INTO intake_file (file_id, entry, officer_id, field, at) VALUES ($1, $2, $3, $4, $5)",
            params![id, entry, officer, field, at],
        )?;
        last = Some(id);
    }
    let Some(id) = last else { return Ok(()) };
    let detail = serde_json::json!({ "files": files.len() });
    tx.audit(&AuditEntry { action: "dossiers.keep-uploads", entity: "file", entity_id: id, unit: None, detail })
}

/// Takes a file out of a form again.
pub fn take_out(tx: &mut Tx<'_>, entry: &str, officer: Id, file: Id) -> Result<()> {
    let gone = tx.exec_counted(
        "DELETE FROM intake_file WHERE file_id = $1 AND entry = $2 AND officer_id = $3",
        params![file, entry, officer],
    )?;
    if gone == 0 {
        return Ok(());
    }
    let detail = serde_json::json!({});
    tx.audit(&AuditEntry { action: "dossiers.drop-upload", entity: "file", entity_id: file, unit: None, detail })
}

/// Forgets forms that nobody finished.
pub fn sweep(tx: &mut Tx<'_>) -> Result<u64> {
    let before = KEPT.before(tx.at());
    tx.not_audited("unfinished forms are swept");
    tx.exec_counted("DELETE FROM intake_file WHERE at < $1", params![before])
}
