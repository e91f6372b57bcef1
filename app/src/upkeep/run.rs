//! Backups that were made and rehearsals of them, as they are remembered.

use serde_json::json;
use store::{AuditEntry, Reader, Store, params};
use types::{Id, Result, Timestamp};

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Backup,
    /// A backup was restored aside, checked and thrown away.
    Rehearsal,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Self::Backup => "backup",
            Self::Rehearsal => "rehearsal",
        }
    }

    fn of(word: &str) -> Self {
        if word == Self::Rehearsal.word() { Self::Rehearsal } else { Self::Backup }
    }
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    pub id: Id,
    pub kind: Kind,
    /// The backup's file.
    pub file: String,
    pub began_at: Timestamp,
    /// None while it runs.
    pub ended_at: Option<Timestamp>,
    /// Of the backup's file.
    pub bytes: Option<i64>,
    pub failure: Option<String>,
}

impl Run {
    /// Whether it ended well.
    pub fn is_good(&self) -> bool {
        self.ended_at.is_some() && self.failure.is_none()
    }
}

type RunRow = (Id, String, String, Timestamp, Option<Timestamp>, Option<i64>, Option<String>);

fn run((id, kind, file, began_at, ended_at, bytes, failure): RunRow) -> Run {
    Run { id, kind: Kind::of(&kind), file, began_at, ended_at, bytes, failure }
}

/// The newest ones of a kind, the newest first. What began after `now` was noted while the clock was wrong, and counts for
/// nothing: it would hold back every other.
pub fn newest(reader: &mut Reader<'_>, kind: Kind, now: Timestamp, limit: i64) -> Result<Vec<Run>> {
    let rows: Vec<RunRow> = reader.all(
        "SELECT id, kind, file, began_at, ended_at, bytes, failure FROM backup_run WHERE kind = $1 AND began_at <= $2
         ORDER BY began_at DESC LIMIT $3",
        params![kind.word(), now, limit],
    )?;
    Ok(rows.into_iter().map(run).collect())
}

/// The newest of a kind that ended well, until `now`.
pub fn newest_good(reader: &mut Reader<'_>, kind: Kind, now: Timestamp) -> Result<Option<Run>> {
    let row: Option<RunRow> = reader.opt(
        "SELECT id, kind, file, began_at, ended_at, bytes, failure FROM backup_run
         WHERE kind = $1 AND began_at <= $2 AND failure IS NULL AND ended_at IS NOT NULL ORDER BY began_at DESC LIMIT 1",
        params![kind.word(), now],
    )?;
    Ok(row.map(run))
}

/// Notes that one begins.
pub fn begin(store: &Store, kind: Kind, file: &str) -> Result<Id> {
    let (command, file) = (store.system_command("upkeep.begin", 2), file.to_owned());
    store.write_blocking(command, move |tx| {
        tx.not_audited("its end is");
        let (id, at) = (tx.id()?, tx.at());
        tx.exec(
            "INSERT INTO backup_run (id, kind, file, began_at) VALUES ($1, $2, $3, $4)",
            params![id, kind.word(), &file, at],
        )?;
        if kind == Kind::Backup {
            tx.exec("UPDATE backup_plan SET wanted_at = NULL", params![])?;
        }
        Ok(id)
    })
}

/// Notes how it ended: with a file of so many bytes, or why it came to nothing.
pub fn end(store: &Store, id: Id, outcome: std::result::Result<u64, String>) -> Result<()> {
    let command = store.system_command("upkeep.end", 2);
    store.write_blocking(command, move |tx| {
        let at = tx.at();
        let bytes = outcome.as_ref().ok().map(|bytes| i64::try_from(*bytes).unwrap_or(i64::MAX));
        let failure = outcome.as_ref().err().map(String::as_str);
        tx.exec(
            "UPDATE backup_run SET ended_at = $2, bytes = $3, failure = $4 WHERE id = $1 AND ended_at IS NULL",
            params![id, at, bytes, failure],
        )?;
        let detail = json!({ "bytes": bytes, "failure": failure });
        tx.audit(&AuditEntry { action: "upkeep.end", entity: "backup_run", entity_id: id, unit: None, detail })
    })
}

/// Those that nobody ended: the machine stopped under them.
pub fn left_open(reader: &mut Reader<'_>) -> Result<Vec<Id>> {
    let rows: Vec<(Id,)> = reader.all("SELECT id FROM backup_run WHERE ended_at IS NULL ORDER BY id LIMIT 100", &[])?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}
