//! Forgetting files that nobody needs: scans of a form that was never finished, uploads that no request used.
//!
//! Whether a file is needed is asked of the database's own foreign keys, so a new module cannot forget to say so; and if
//! something comes to refer to a file at the same moment, that key refuses the removal. A round is short, because all
//! jobs share one thread; where this program has come to is kept in memory.

use crate::store::FileStore;
use crate::strays;
use serde_json::json;
use std::time::Instant;
use store::schema::tables;
use store::{AuditEntry, Reader, params};
use types::{Error, Id, Result, Timestamp};
use web::{House, Keep, Span};

/// A file that nothing refers to is forgotten after so many days; a form that was left open is good for two.
pub const UNUSED_DAYS: i64 = 7;
/// The rule of that.
pub(crate) const KEPT: Keep = Keep {
    what: "Tệp tải lên mà không hồ sơ nào dùng",
    span: Span::Days(UNUSED_DAYS),
    since: "lúc tải lên",
    from: "2026-11-28",
    basis: None,
};
/// Rows of one round.
const ROUND: i64 = 2_000;
/// Rows of one write.
const WRITE: usize = 100;

/// The job: looks at some rows, or at some folders when all rows were looked at; then rests for a day.
pub fn round(house: &House) -> Result<()> {
    let files = house.service::<FileStore>();
    let walk = |change: &dyn Fn(&mut strays::Walk)| {
        let mut walk = files.walk.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        change(&mut walk);
        walk.clone()
    };
    let now = walk(&|_| ());
    if now.rests_until.is_some_and(|until| Instant::now() < until) {
        return Ok(());
    }
    let Some(after) = now.row else { return strays::round(house, &files) };
    let next = rows(house, &files, after)?;
    walk(&|walk| walk.row = next);
    Ok(())
}

/// Forgets the unused rows among the next ones after `after`; answers the last one, or `None` when there are no more.
fn rows(house: &House, files: &FileStore, after: Id) -> Result<Option<Id>> {
    let before = KEPT.before(house.now());
    let (unused, last) = house.store().read_blocking(|reader| {
        let next: (Option<Id>,) = reader.one(
            "SELECT max(id) FROM (SELECT id FROM file WHERE id > $1 ORDER BY id LIMIT $2) AS next",
            params![after, ROUND],
        )?;
        match next.0 {
            Some(last) => Ok((unused(reader, (after, last), before)?, Some(last))),
            None => Ok((Vec::new(), None)),
        }
    })?;
    for some in unused.chunks(WRITE) {
        let hashes = forget(house, some)?;
        strays::remove(house, files, &hashes)?;
    }
    Ok(last)
}

/// Rows made before `before`, with an id after the first and up to the last, that nothing refers to.
fn unused(reader: &mut Reader<'_>, (after, last): (Id, Id), before: Timestamp) -> Result<Vec<(Id, String)>> {
    let nothing = nothing_refers(reader)?;
    reader.all(
        &format!("SELECT id, hash FROM file WHERE id > $1 AND id <= $2 AND created_at < $3 AND {nothing} ORDER BY id"),
        params![after, last, before],
    )
}

/// The condition that no foreign key of any table refers to the row of `file`.
fn nothing_refers(reader: &mut Reader<'_>) -> Result<String> {
    let mut conditions = Vec::new();
    for table in tables(reader)? {
        for reference in table.references.iter().filter(|reference| reference.table == "file") {
            let [column] = reference.columns.as_slice() else {
                return Err(Error::internal(format!("{} refers to a file by several columns", table.name)));
            };
            conditions.push(format!(
                "NOT EXISTS (SELECT 1 FROM \"{}\" AS other WHERE other.\"{column}\" = file.id)",
                table.name
            ));
        }
    }
    // A house without any other module has no file that anybody needs to lose.
    if conditions.is_empty() { Ok("1 = 0".to_owned()) } else { Ok(conditions.join(" AND ")) }
}

/// Takes the rows away that are still unused; answers the hashes of those.
fn forget(house: &House, some: &[(Id, String)]) -> Result<Vec<String>> {
    let rows = some.to_vec();
    let command = house.store().system_command("files.forget", 1);
    house.store().write_blocking(command, move |tx| {
        let nothing = nothing_refers(tx)?;
        let (mut ids, mut hashes) = (Vec::new(), Vec::new());
        for (id, hash) in &rows {
            if tx.exec_counted(&format!("DELETE FROM file WHERE id = $1 AND {nothing}"), params![*id])? > 0 {
                ids.push(*id);
                hashes.push(hash.clone());
            }
        }
        if let Some(first) = ids.first() {
            let entity_id = *first;
            let detail = json!({ "files": ids, "unused_days": UNUSED_DAYS });
            tx.audit(&AuditEntry { action: "files.forget", entity: "file", entity_id, unit: None, detail })?;
        }
        Ok(hashes)
    })
}
