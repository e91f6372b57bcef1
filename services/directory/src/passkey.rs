//! Passkeys: keys in a phone, a PC or a security key with which an officer signs in in place of password and code.
//!
//! A passkey counts as both factors: whoever uses it has the device and has shown it a finger, a face or a PIN.
//! `party` speaks the protocol, `ceremony` keeps what browsers were asked, `enter` signs in and proves.

pub(crate) mod ceremony;
pub(crate) mod enter;
pub(crate) mod party;

use crate::wrong::Wrong;
use crate::{account, officer, revision, session};
use data_encoding::BASE64URL_NOPAD;
use party::{Key, Used};
use store::{AuditEntry, Reader, Tx, Val, params};
use types::{Error, Id, Result, Timestamp};

/// Passkeys that one officer may have at a time.
pub(crate) const MOST: usize = 20;
/// Letters of a passkey's name.
pub(crate) const NAME_MAX: usize = 60;
/// For so long an officer is told that somebody else took a passkey away.
const TOLD_SECONDS: i64 = 30 * 86_400;

/// A passkey as its owner and administrators see it.
#[derive(Debug, Clone)]
pub struct Passkey {
    pub id: Id,
    pub officer: Id,
    pub name: String,
    /// It is copied between the owner's devices.
    pub backed_up: bool,
    pub created_at: Timestamp,
    pub used_at: Option<Timestamp>,
    /// Its counter went back: there may be a copy of it.
    pub suspect_at: Option<Timestamp>,
}

type PasskeyRow = (Id, Id, String, bool, Timestamp, Option<Timestamp>, Option<Timestamp>);

fn list(reader: &mut Reader<'_>, condition: &str, values: &[Val]) -> Result<Vec<Passkey>> {
    let rows: Vec<PasskeyRow> = reader.all(
        &format!(
            "SELECT id, officer_id, name, backed_up, created_at, used_at, suspect_at FROM passkey
             WHERE {condition} AND ended_at IS NULL ORDER BY id DESC LIMIT 100"
        ),
        values,
    )?;
    let passkey = |(id, officer, name, backed_up, created_at, used_at, suspect_at)| Passkey {
        id,
        officer,
        name,
        backed_up,
        created_at,
        used_at,
        suspect_at,
    };
    Ok(rows.into_iter().map(passkey).collect())
}

/// The passkeys of an officer, the newest first.
pub(crate) fn open_of(reader: &mut Reader<'_>, officer: Id) -> Result<Vec<Passkey>> {
    list(reader, "officer_id = $1", params![officer])
}

/// One passkey of an officer, while it is good.
pub(crate) fn one_of(reader: &mut Reader<'_>, officer: Id, id: Id) -> Result<Passkey> {
    let found = list(reader, "officer_id = $1 AND id = $2", params![officer, id])?.pop();
    found.ok_or_else(|| Error::not_found("khóa truy cập"))
}

/// Passkeys that somebody else took away lately: name, when, who. At the command line nobody has signed in.
pub(crate) fn taken_from(
    reader: &mut Reader<'_>,
    officer: Id,
    now: Timestamp,
) -> Result<Vec<(String, Timestamp, String)>> {
    let rows: Vec<(String, Timestamp, Option<String>)> = reader.all(
        "SELECT p.name, p.ended_at, o.name FROM passkey p LEFT JOIN officer o ON o.id = p.ended_by
         WHERE p.officer_id = $1 AND (p.ended_by IS NULL OR p.ended_by <> $1) AND p.ended_at > $2
         ORDER BY p.ended_at DESC, p.id DESC LIMIT 20",
        params![officer, now.plus_seconds(-TOLD_SECONDS)],
    )?;
    let told = |(name, at, by): (String, Timestamp, Option<String>)| {
        (name, at, by.unwrap_or_else(|| "Người quản trị máy chủ".to_owned()))
    };
    Ok(rows.into_iter().map(told).collect())
}

/// A passkey with what an answer is held against.
pub(crate) struct Kept {
    pub id: Id,
    pub officer: Id,
    pub user_handle: String,
    pub key: Key,
}

fn kept(reader: &mut Reader<'_>, condition: &str, values: &[Val]) -> Result<Vec<Kept>> {
    let rows: Vec<(Id, Id, String, String)> = reader.all(
        &format!(
            "SELECT id, officer_id, user_handle, credential FROM passkey
             WHERE {condition} AND ended_at IS NULL ORDER BY id DESC LIMIT 100"
        ),
        values,
    )?;
    let read = |(id, officer, user_handle, text): (Id, Id, String, String)| {
        Ok(Kept { id, officer, user_handle, key: party::read_key(&text)? })
    };
    rows.into_iter().map(read).collect()
}

/// All passkeys of an officer, to ask for one of them.
pub(crate) fn kept_of(reader: &mut Reader<'_>, officer: Id) -> Result<Vec<Kept>> {
    kept(reader, "officer_id = $1", params![officer])
}

/// The passkey that a browser's answer names.
pub(crate) fn by_credential(reader: &mut Reader<'_>, credential: &[u8]) -> Result<Option<Kept>> {
    Ok(kept(reader, "credential_id = $1", params![BASE64URL_NOPAD.encode(credential)])?.pop())
}

/// The handle under which devices keep the officer's passkeys: that of former ones, so that a device replaces them.
pub(crate) fn handle_of(reader: &mut Reader<'_>, officer: Id) -> Result<Option<String>> {
    let found: Option<(String,)> = reader
        .opt("SELECT user_handle FROM passkey WHERE officer_id = $1 ORDER BY id DESC LIMIT 1", params![officer])?;
    Ok(found.map(|(handle,)| handle))
}

/// What is written when a passkey is there.
#[derive(Debug, Clone)]
pub(crate) struct NewPasskey {
    pub officer: Id,
    pub name: String,
    pub user_handle: String,
    pub made: party::Made,
}

/// Keeps a new passkey. The session it was made in has both factors from now on; others end, as after a new password, and
/// so does what was offered before there was a passkey to prove with.
pub(crate) fn add(tx: &mut Tx<'_>, new: &NewPasskey, session: Option<Id>) -> Result<Id> {
    tx.lock("officer", new.officer)?;
    let name = checked_name(&new.name)?;
    if open_of(tx, new.officer)?.len() >= MOST {
        return Err(Error::conflict(format!("Ông/bà đã có {MOST} khóa truy cập. Hãy gỡ khóa không dùng nữa trước.")));
    }
    let (id, at, made) = (tx.id()?, tx.at(), &new.made);
    let credential_id = BASE64URL_NOPAD.encode(&made.credential_id);
    if tx.opt::<(Id,)>("SELECT id FROM passkey WHERE credential_id = $1", params![&credential_id])?.is_some() {
        return Err(Error::conflict("Khóa truy cập này đã được đăng ký. Hãy tạo khóa mới."));
    }
    tx.exec(
        "INSERT INTO passkey (id, officer_id, credential_id, user_handle, name, credential, sign_count, backup_eligible,
            backed_up, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        params![
            id,
            new.officer,
            credential_id,
            &new.user_handle,
            name,
            &made.credential,
            made.sign_count,
            made.backup_eligible,
            made.backed_up,
            at
        ],
    )?;
    account::withdraw_offer(tx, new.officer)?;
    session::end_all(tx, new.officer, session)?;
    if let Some(session) = session {
        tx.exec("UPDATE session SET passkey_id = $1 WHERE id = $2", params![id, session])?;
    }
    told(tx, "directory.add_passkey", (new.officer, id))?;
    Ok(id)
}

fn checked_name(said: &str) -> Result<String> {
    let mut wrong = Wrong::default();
    let name = wrong.line("name", said, "Đặt tên cho khóa, ví dụ «Điện thoại» hoặc «Máy ở cơ quan».", NAME_MAX);
    wrong.done()?;
    Ok(name)
}

/// Calls a passkey otherwise.
pub(crate) fn rename(tx: &mut Tx<'_>, (officer, id): (Id, Id), name: &str) -> Result<()> {
    tx.lock("officer", officer)?;
    one_of(tx, officer, id)?;
    tx.exec("UPDATE passkey SET name = $1 WHERE id = $2", params![checked_name(name)?, id])?;
    told(tx, "directory.rename_passkey", (officer, id))
}

/// Takes a passkey away; all sessions but `keep` end, which loses the passkey too.
pub(crate) fn remove(tx: &mut Tx<'_>, (officer, id): (Id, Id), (by, keep): (Option<Id>, Option<Id>)) -> Result<()> {
    tx.lock("officer", officer)?;
    one_of(tx, officer, id)?;
    let at = tx.at();
    tx.exec("UPDATE passkey SET ended_at = $1, ended_by = $2 WHERE id = $3", params![at, by, id])?;
    tx.exec("UPDATE session SET passkey_id = NULL WHERE passkey_id = $1", params![id])?;
    account::withdraw_offer(tx, officer)?;
    session::end_all(tx, officer, keep)?;
    told(tx, "directory.remove_passkey", (officer, id))
}

/// Takes all passkeys of an officer away; answers how many.
pub(crate) fn remove_all(tx: &mut Tx<'_>, officer: Id, by: Option<Id>) -> Result<usize> {
    let open = open_of(tx, officer)?;
    for passkey in &open {
        remove(tx, (officer, passkey.id), (by, None))?;
    }
    Ok(open.len())
}

/// Notes a use. `false` when the passkey is gone, or when its counter did not grow since the answer was looked at: of two
/// answers with one counter, one is a copy's.
pub(crate) fn note_use(tx: &mut Tx<'_>, id: Id, used: &Used) -> Result<bool> {
    let at = tx.at();
    let noted = tx.exec_counted(
        "UPDATE passkey SET credential = $2, sign_count = $3, backed_up = $4, used_at = $5
         WHERE id = $1 AND ended_at IS NULL AND (sign_count < $3 OR (sign_count = 0 AND $3 = 0))",
        params![id, &used.credential, used.sign_count, used.backed_up, at],
    )?;
    Ok(noted == 1)
}

/// Notes that the counter went back, for owner and administrator to see.
pub(crate) fn note_copy(tx: &mut Tx<'_>, id: Id) -> Result<()> {
    let at = tx.at();
    tx.exec("UPDATE passkey SET suspect_at = $1 WHERE id = $2", params![at, id])
}

fn told(tx: &mut Tx<'_>, action: &str, (officer, id): (Id, Id)) -> Result<()> {
    revision::people_changed(tx)?;
    let unit = Some(officer::unit_of(tx, officer)?);
    let detail = serde_json::json!({ "officer": officer });
    tx.audit(&AuditEntry { action, entity: "passkey", entity_id: id, unit, detail })
}

/// Passkeys that cannot be read any more, for `nhaviec check`.
pub(crate) fn unreadable(reader: &mut Reader<'_>) -> Result<i64> {
    let mut count = 0;
    reader.each(
        "SELECT credential FROM passkey WHERE ended_at IS NULL ORDER BY id",
        params![],
        |(text,): (String,)| {
            count += i64::from(party::read_key(&text).is_err());
            Ok(())
        },
    )?;
    Ok(count)
}
