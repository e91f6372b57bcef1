//! An officer's account: user name, password, second factor. What hashes or seals happens before these verbs.

use crate::keys::{self, Keys, generation_of};
use crate::{api_token, limits, officer, passkey, password, revision, session};
use std::path::Path;
use store::{AuditEntry, FromRow, Reader, Row, Tx, params};
use types::{Error, Id, Result, Timestamp, text};

/// How the names of demo accounts end, whose password everybody knows: a real installation has none.
pub const DEMO_ENDING: &str = ".demo";

/// What signing in looks at.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    pub officer: Id,
    pub username: String,
    pub password_hash: String,
    /// Sealed; none until a second factor is confirmed.
    pub totp_secret: Option<String>,
    /// Sealed; shown to the officer, waits to be confirmed. Ask [`Account::offer`], which knows for how long.
    totp_pending: Option<String>,
    totp_pending_at: Option<Timestamp>,
    /// The session that asked for it: its secret is shown to nobody else.
    totp_pending_session: Option<Id>,
    /// The newest step whose code was used.
    pub totp_step: i64,
    pub disabled_at: Option<Timestamp>,
}

/// How long an offered secret waits for its first code.
pub(crate) const OFFER_SECONDS: i64 = 10 * 60;

impl Account {
    /// The sealed secret that waits for its first code, while it may, for the session that asked for it: another one of the
    /// same officer may be somebody else's, who knows the password only.
    pub fn offer(&self, session: Option<Id>, now: Timestamp) -> Option<&str> {
        let open = self.totp_pending_at.is_some_and(|at| now < at.plus_seconds(OFFER_SECONDS));
        let own = session.is_some() && session == self.totp_pending_session;
        self.totp_pending.as_deref().filter(|_| open && own)
    }
}

/// User names ignore case and accents.
pub(crate) fn fold_username(typed: &str) -> String {
    text::fold(typed)
}

fn checked_username(typed: &str) -> Result<String> {
    let name = fold_username(typed);
    let fits = (3..=60).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b'@'));
    if fits {
        return Ok(name);
    }
    Err(Error::invalid(
        "username",
        "Tên đăng nhập có 3 đến 60 ký tự: chữ không dấu, chữ số, dấu chấm, gạch ngang, gạch dưới.",
    ))
}

/// The account of a user name as typed.
pub(crate) fn by_username(reader: &mut Reader<'_>, typed: &str) -> Result<Option<Account>> {
    let name = fold_username(typed);
    reader.opt(&format!("{ACCOUNTS} WHERE username = $1"), params![name])
}

/// The officer behind a user name as typed, for the command line.
pub fn officer_of_account(reader: &mut Reader<'_>, typed: &str) -> Result<Option<Id>> {
    Ok(by_username(reader, typed)?.map(|account| account.officer))
}

/// The account of an officer.
pub(crate) fn of_officer(reader: &mut Reader<'_>, id: Id) -> Result<Account> {
    let found = reader.opt(&format!("{ACCOUNTS} WHERE officer_id = $1"), params![id])?;
    found.ok_or_else(|| Error::not_found("tài khoản"))
}

const ACCOUNTS: &str =
    "SELECT officer_id, username, password_hash, totp_secret, totp_pending, totp_pending_at, totp_pending_session,
    totp_step, disabled_at FROM account";

impl FromRow for Account {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            officer: row.get(0)?,
            username: row.get(1)?,
            password_hash: row.get(2)?,
            totp_secret: row.get(3)?,
            totp_pending: row.get(4)?,
            totp_pending_at: row.get(5)?,
            totp_pending_session: row.get(6)?,
            totp_step: row.get(7)?,
            disabled_at: row.get(8)?,
        })
    }
}

fn told(tx: &mut Tx<'_>, action: &str, id: Id) -> Result<()> {
    revision::people_changed(tx)?;
    let unit = officer::unit_of(tx, id)?;
    let detail = serde_json::json!({});
    tx.audit(&AuditEntry { action, entity: "account", entity_id: id, unit: Some(unit), detail })
}

/// Opens an account. `must_change`: the password is for one use.
pub(crate) fn create(
    tx: &mut Tx<'_>,
    officer: Id,
    username: &str,
    password_hash: &str,
    must_change: bool,
) -> Result<()> {
    tx.lock("officer", officer)?;
    let username = checked_username(username)?;
    if tx.opt::<(Id,)>("SELECT officer_id FROM account WHERE officer_id = $1", params![officer])?.is_some() {
        return Err(Error::conflict("Cán bộ này đã có tài khoản."));
    }
    if tx.opt::<(Id,)>("SELECT officer_id FROM account WHERE username = $1", params![&username])?.is_some() {
        return Err(Error::invalid("username", "Tên đăng nhập này đã có người dùng."));
    }
    let at = tx.at();
    tx.exec(
        "INSERT INTO account (officer_id, username, password_hash, password_set_at, must_change, created_at)
         VALUES ($1, $2, $3, $4, $5, $4)",
        params![officer, username, password_hash, at, must_change],
    )?;
    told(tx, "directory.open_account", officer)
}

/// The hashes that a new password may not fit: the present one and those before it.
pub(crate) fn remembered(reader: &mut Reader<'_>, officer: Id) -> Result<Vec<String>> {
    let mut hashes = vec![of_officer(reader, officer)?.password_hash];
    let before: Vec<(String,)> = reader.all(
        "SELECT password_hash FROM password_history WHERE officer_id = $1 ORDER BY set_at DESC LIMIT $2",
        params![officer, password::REMEMBERED - 1],
    )?;
    hashes.extend(before.into_iter().map(|(hash,)| hash));
    Ok(hashes)
}

/// Sets the password an officer chose; other sessions than `keep` end. `step` is that of the code that proved who asks,
/// where there is a second factor.
pub(crate) fn change_password(
    tx: &mut Tx<'_>,
    officer: Id,
    (password_hash, step): (&str, Option<i64>),
    keep: Option<Id>,
) -> Result<()> {
    spend(tx, officer, step)?;
    put_password(tx, officer, password_hash, false)?;
    session::end_all(tx, officer, keep)?;
    told(tx, "directory.change_password", officer)
}

/// Sets a password for one use; all sessions and tokens end, and the account is open again for every device. Passkeys go
/// too: whoever had the old password may have put one of their own beside it, which would outlive the new one.
pub(crate) fn reset_password(tx: &mut Tx<'_>, officer: Id, password_hash: &str, mark: &str) -> Result<()> {
    put_password(tx, officer, password_hash, true)?;
    let by = tx.actor().officer();
    passkey::remove_all(tx, officer, by)?;
    withdraw_offer(tx, officer)?;
    session::end_all(tx, officer, None)?;
    api_token::end_all(tx, officer)?;
    limits::open_account(tx, mark)?;
    told(tx, "directory.reset_password", officer)
}

fn put_password(tx: &mut Tx<'_>, officer: Id, password_hash: &str, must_change: bool) -> Result<()> {
    tx.lock("officer", officer)?;
    let at = tx.at();
    let known: Option<(String, Timestamp)> =
        tx.opt("SELECT password_hash, password_set_at FROM account WHERE officer_id = $1", params![officer])?;
    let (before, _) = known.ok_or_else(|| Error::not_found("tài khoản"))?;
    tx.exec(
        "INSERT INTO password_history (officer_id, set_at, password_hash) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        params![officer, at, before],
    )?;
    tx.exec(
        "DELETE FROM password_history WHERE officer_id = $1 AND set_at NOT IN
            (SELECT set_at FROM password_history WHERE officer_id = $1 ORDER BY set_at DESC LIMIT $2)",
        params![officer, password::REMEMBERED],
    )?;
    tx.exec(
        "UPDATE account SET password_hash = $1, password_set_at = $2, must_change = $3 WHERE officer_id = $4",
        params![password_hash, at, must_change, officer],
    )?;
    Ok(())
}

/// Closes an account and ends its sessions and tokens; opened again, it has none.
pub fn disable(tx: &mut Tx<'_>, officer: Id) -> Result<()> {
    tx.lock("officer", officer)?;
    let at = tx.at();
    let changed = tx.exec_counted(
        "UPDATE account SET disabled_at = $1 WHERE officer_id = $2 AND disabled_at IS NULL",
        params![at, officer],
    )?;
    if changed == 0 {
        return Err(Error::conflict("Tài khoản không có hoặc đã bị khóa."));
    }
    session::end_all(tx, officer, None)?;
    api_token::end_all(tx, officer)?;
    told(tx, "directory.disable_account", officer)
}

/// Opens a closed account again. The time without a sign-in counts anew.
pub fn enable(tx: &mut Tx<'_>, officer: Id) -> Result<()> {
    tx.lock("officer", officer)?;
    let at = tx.at();
    let changed = tx.exec_counted(
        "UPDATE account SET disabled_at = NULL, last_sign_in_at = $1 WHERE officer_id = $2 AND disabled_at IS NOT NULL",
        params![at, officer],
    )?;
    if changed == 0 {
        return Err(Error::conflict("Tài khoản đang mở."));
    }
    told(tx, "directory.enable_account", officer)
}

/// Keeps a sealed secret that waits to be confirmed in `session`. `step` is that of the present factor's code, when one
/// proved who asks.
pub(crate) fn offer_second_factor(
    tx: &mut Tx<'_>,
    officer: Id,
    (keys, sealed, session): (&Keys, &str, Id),
    step: Option<i64>,
) -> Result<()> {
    spend(tx, officer, step)?;
    let (at, newest) = (tx.at(), keys.enter(tx)?);
    // The secret in use may be of an older generation, which the row needs still; or of a newer one, on a node that has not
    // heard of it.
    tx.exec(
        "UPDATE account SET totp_pending = $1, totp_pending_at = $2, totp_pending_session = $3,
            sealed_with = CASE WHEN totp_secret IS NULL OR sealed_with > $5 THEN $5 ELSE sealed_with END
         WHERE officer_id = $4",
        params![sealed, at, session, officer, newest],
    )?;
    told(tx, "directory.offer_second_factor", officer)
}

/// Drops a secret that waits to be confirmed. It was offered to whoever proved what was enough then; after the account's
/// factors have changed that proof is worth nothing. The verb that changes them is what the audit tells of.
pub(crate) fn withdraw_offer(tx: &mut Tx<'_>, officer: Id) -> Result<()> {
    tx.exec(
        "UPDATE account SET totp_pending = NULL, totp_pending_at = NULL, totp_pending_session = NULL,
            sealed_with = CASE WHEN totp_secret IS NULL THEN NULL ELSE sealed_with END WHERE officer_id = $1",
        params![officer],
    )
}

/// The offered secret works: from now on it is asked for. Other sessions than `keep` end, as after a new password.
pub(crate) fn confirm_second_factor(
    tx: &mut Tx<'_>,
    officer: Id,
    (sealed, step): (&str, i64),
    keep: Option<Id>,
) -> Result<()> {
    let at = tx.at();
    let changed = tx.exec_counted(
        "UPDATE account SET totp_secret = totp_pending, totp_pending = NULL, totp_pending_at = NULL,
            totp_pending_session = NULL, totp_confirmed_at = $1, totp_step = $2, sealed_with = $5
         WHERE officer_id = $3 AND totp_pending = $4",
        params![at, step, officer, sealed, generation_of(sealed)],
    )?;
    if changed == 0 {
        return Err(Error::conflict("Mã QR này đã được thay bằng mã khác. Ông/bà hãy tải lại trang và quét lại."));
    }
    session::end_all(tx, officer, keep)?;
    told(tx, "directory.confirm_second_factor", officer)
}

/// Takes the second factor away, when a phone is lost. The password may have been a short one, so it must be changed.
pub fn remove_second_factor(tx: &mut Tx<'_>, officer: Id) -> Result<()> {
    tx.lock("officer", officer)?;
    let changed = tx.exec_counted(
        "UPDATE account SET totp_secret = NULL, totp_pending = NULL, totp_pending_at = NULL,
            totp_pending_session = NULL, totp_confirmed_at = NULL, must_change = TRUE, sealed_with = NULL
         WHERE officer_id = $1 AND totp_secret IS NOT NULL",
        params![officer],
    )?;
    if changed == 0 {
        return Err(Error::conflict("Tài khoản chưa bật xác thực hai bước."));
    }
    session::end_all(tx, officer, None)?;
    told(tx, "directory.remove_second_factor", officer)
}

/// Takes away all that is asked for beside the password: code and passkeys, when whoever has them cannot be asked.
pub fn remove_factors(tx: &mut Tx<'_>, officer: Id) -> Result<()> {
    let passkeys = passkey::remove_all(tx, officer, None)?;
    match remove_second_factor(tx, officer) {
        Err(Error::Conflict(_)) if passkeys > 0 => Ok(()),
        Err(Error::Conflict(_)) => {
            Err(Error::conflict("Tài khoản chưa bật xác thực hai bước và không có khóa truy cập."))
        }
        other => other,
    }
}

/// Officers whose second factor the key under `data` does not open; all who have one when there is no key.
pub fn broken_second_factors(reader: &mut Reader<'_>, data: &Path) -> Result<Vec<Id>> {
    let sealed = keys::sealed(reader)?;
    if !keys::key_path(data).exists() {
        return Ok(sealed.into_iter().map(|(officer, _)| officer).collect());
    }
    Ok(keys::broken(&Keys::read(data)?, &sealed))
}

/// Drops a secret that waits and that no key opens any more.
pub fn drop_broken_offer(tx: &mut Tx<'_>, officer: Id) -> Result<()> {
    tx.lock("officer", officer)?;
    withdraw_offer(tx, officer)?;
    told(tx, "directory.withdraw_second_factor", officer)
}

/// Officers with a waiting secret that the key under `data` does not open; all who have one when there is no key.
pub fn broken_offers(reader: &mut Reader<'_>, data: &Path) -> Result<Vec<Id>> {
    let waiting: Vec<(Id, String)> = reader.all(
        "SELECT officer_id, totp_pending FROM account WHERE totp_pending IS NOT NULL ORDER BY officer_id",
        params![],
    )?;
    if !keys::key_path(data).exists() {
        return Ok(waiting.into_iter().map(|(officer, _)| officer).collect());
    }
    Ok(keys::broken(&Keys::read(data)?, &waiting))
}

/// Uses up the code that proved who asks, where one was asked for.
pub(crate) fn spend(tx: &mut Tx<'_>, officer: Id, step: Option<i64>) -> Result<()> {
    if let Some(step) = step
        && !use_step(tx, officer, step)?
    {
        return Err(Error::invalid("proof_code", "Mã xác thực này đã dùng rồi. Ông/bà hãy đợi mã tiếp theo."));
    }
    Ok(())
}

/// Uses up a code's step; fails when it or a later one was used before.
pub(crate) fn use_step(tx: &mut Tx<'_>, officer: Id, step: i64) -> Result<bool> {
    let used = tx.exec_counted(
        "UPDATE account SET totp_step = $1 WHERE officer_id = $2 AND totp_step < $1",
        params![step, officer],
    )?;
    Ok(used == 1)
}
