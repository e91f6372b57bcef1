//! Sessions: who is signed in, on which device, until when. The database keeps only hashes of their tokens.

use store::in_list::{BLOCK, in_list};
use store::{AuditEntry, Reader, Tx, Val, params};
use types::{Error, Id, Result, Timestamp};
use web::{Keep, Span};

/// What a session is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SessionKind {
    /// The password was right, the second factor is still to come: good for that page only.
    Half,
    /// Signed in.
    Full,
}

impl SessionKind {
    fn word(self) -> &'static str {
        match self {
            Self::Half => "half",
            Self::Full => "full",
        }
    }
}

/// A session as its owner and administrators see it.
#[derive(Debug, Clone)]
pub struct Session {
    pub id: Id,
    pub officer: Id,
    pub officer_name: String,
    /// `Chrome trên Windows`.
    pub device: String,
    /// The address it was opened from.
    pub client: String,
    pub created_at: Timestamp,
    /// The last request, to the minute.
    pub seen_at: Timestamp,
}

/// What is written when a session begins.
#[derive(Debug, Clone)]
pub(crate) struct NewSession {
    pub officer: Id,
    pub kind: SessionKind,
    pub token_hash: String,
    pub device_hash: String,
    pub device_label: String,
    pub client: String,
    /// The passkey that opened it.
    pub passkey: Option<Id>,
    pub ends_at: Timestamp,
}

/// Begins a session; an older one of the same officer on the same device ends.
pub(crate) fn begin(tx: &mut Tx<'_>, new: &NewSession) -> Result<Id> {
    let (id, at) = (tx.id()?, tx.at());
    tx.exec(
        "UPDATE session SET ended_at = $1 WHERE officer_id = $2 AND device_hash = $3 AND ended_at IS NULL",
        params![at, new.officer, &new.device_hash],
    )?;
    tx.exec(
        "INSERT INTO session (id, token_hash, officer_id, kind, device_hash, device_label, client, created_at, seen_at, ends_at, passkey_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9, $10)",
        params![
            id, &new.token_hash, new.officer, new.kind.word(), &new.device_hash, &new.device_label, &new.client, at, new.ends_at,
            new.passkey
        ],
    )?;
    Ok(id)
}

/// Whether a passkey opened the session or was made in it, so that it has both factors.
pub(crate) fn has_passkey(reader: &mut Reader<'_>, id: Id) -> Result<bool> {
    let found: Option<(Id,)> =
        reader.opt("SELECT passkey_id FROM session WHERE id = $1 AND passkey_id IS NOT NULL", params![id])?;
    Ok(found.is_some())
}

/// Ends one session; `false` when it had ended already.
pub(crate) fn end(tx: &mut Tx<'_>, id: Id, action: &str) -> Result<bool> {
    let at = tx.at();
    let ended =
        tx.exec_counted("UPDATE session SET ended_at = $1 WHERE id = $2 AND ended_at IS NULL", params![at, id])? == 1;
    if ended {
        let (officer,): (Id,) = tx.one("SELECT officer_id FROM session WHERE id = $1", params![id])?;
        let detail = serde_json::json!({ "officer": officer });
        tx.audit(&AuditEntry { action, entity: "session", entity_id: id, unit: None, detail })?;
    }
    Ok(ended)
}

/// Ends all sessions of an officer but `keep`; answers how many. The caller audits.
pub(crate) fn end_all(tx: &mut Tx<'_>, officer: Id, keep: Option<Id>) -> Result<u64> {
    let at = tx.at();
    tx.exec_counted(
        "UPDATE session SET ended_at = $1 WHERE officer_id = $2 AND id <> $3 AND ended_at IS NULL",
        params![at, officer, keep.unwrap_or(Id(0))],
    )
}

/// The officer of a session that has not ended.
pub(crate) fn owner(reader: &mut Reader<'_>, id: Id) -> Result<Id> {
    let found: Option<(Id,)> = reader.opt("SELECT officer_id FROM session WHERE id = $1", params![id])?;
    found.map(|(officer,)| officer).ok_or_else(|| Error::not_found("phiên làm việc"))
}

type SessionRow = (Id, Id, String, String, String, Timestamp, Timestamp);

fn read((id, officer, officer_name, device, client, created_at, seen_at): SessionRow) -> Session {
    Session { id, officer, officer_name, device, client, created_at, seen_at }
}

/// `$1` is now, `$2` the moment before which a session without a request has ended.
const OPEN: &str = "SELECT s.id, s.officer_id, o.name, s.device_label, s.client, s.created_at, s.seen_at
    FROM session s JOIN officer o ON o.id = s.officer_id
    WHERE s.kind = 'full' AND s.ended_at IS NULL AND s.ends_at > $1 AND s.seen_at > $2";

/// Open sessions of an officer, the latest used first.
pub(crate) fn open_of(
    reader: &mut Reader<'_>,
    officer: Id,
    (now, idle_since): (Timestamp, Timestamp),
) -> Result<Vec<Session>> {
    let sql = format!("{OPEN} AND s.officer_id = $3 ORDER BY s.seen_at DESC, s.id DESC LIMIT 100");
    Ok(reader.all(&sql, params![now, idle_since, officer])?.into_iter().map(read).collect())
}

/// Open sessions of officers of `units`, the latest used first, at most `limit`.
pub(crate) fn open_in(
    reader: &mut Reader<'_>,
    units: &[Id],
    (now, idle_since): (Timestamp, Timestamp),
    limit: i64,
) -> Result<Vec<Session>> {
    let mut sessions = Vec::new();
    for block in units.chunks(BLOCK) {
        let mut values: Vec<Val> = params![now, idle_since, limit].to_vec();
        let list = in_list(4, block, &mut values);
        let sql = format!("{OPEN} AND o.unit_id IN ({list}) ORDER BY s.seen_at DESC, s.id DESC LIMIT $3");
        sessions.extend(reader.all(&sql, &values)?.into_iter().map(read));
    }
    sessions.sort_by_key(|session: &Session| std::cmp::Reverse((session.seen_at, session.id)));
    sessions.truncate(usize::try_from(limit).unwrap_or(0));
    Ok(sessions)
}

/// Notes the last requests of sessions.
pub(crate) fn seen(tx: &mut Tx<'_>, seen: &[(Id, Timestamp)]) -> Result<()> {
    for (id, at) in seen {
        tx.exec("UPDATE session SET seen_at = $1 WHERE id = $2 AND seen_at < $1", params![*at, *id])?;
    }
    tx.not_audited("when a session was last used is no act of anybody");
    Ok(())
}

/// How long a session is kept after its end, with its device and address.
pub(crate) const KEPT: Keep = Keep {
    what: "Phiên đăng nhập (thiết bị, địa chỉ mạng)",
    span: Span::Days(90),
    since: "lúc phiên kết thúc",
    from: "2026-11-28",
    basis: None,
};

/// Drops sessions that ended so long ago.
pub(crate) fn clear_old(tx: &mut Tx<'_>) -> Result<u64> {
    let before = KEPT.before(tx.at());
    tx.exec_counted("DELETE FROM session WHERE ends_at < $1 AND seen_at < $1", params![before])
}

/// What a browser calls itself, in words that people recognise.
pub(crate) fn device_label(user_agent: &str) -> String {
    const BROWSERS: [(&str, &str); 7] = [
        ("Edg/", "Edge"),
        ("coc_coc", "Cốc Cốc"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
    ];
    const SYSTEMS: [(&str, &str); 6] = [
        ("Windows", "Windows"),
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ];
    let known =
        |list: &[(&str, &'static str)]| list.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name);
    match (known(&BROWSERS), known(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser} trên {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => "Thiết bị không rõ".to_owned(),
    }
}
