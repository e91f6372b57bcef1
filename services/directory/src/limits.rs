//! Limits for guessing: counted in the database, so that all nodes know, and bound so that no stranger can lock
//! a commune out.
//!
//! Three counts. *Pair*: an account and a device, or within a session the session, which nobody chooses; five failures
//! in a quarter of an hour lock the pair, longer each time.
//! *Account*: tries from devices that never signed in to the account; they slow each other down, known devices go on.
//! *Client*: tries of unknown devices from one address (of IPv6 one line, 64 bits) over all accounts, against spraying. A try is counted before the
//! password is looked at and taken back when it was right: guesses sent all at once gain nothing.

use serde::{Deserialize, Serialize};
use store::{AuditEntry, Reader, Tx, params};
use types::{Error, Id, Result, Timestamp};
use web::{Keep, Span};

const MINUTE: i64 = 60_000_000;
/// Failures older than this no longer count.
const WINDOW: i64 = 15 * MINUTE;
/// After a quiet day, locks begin short again.
const FORGIVE: i64 = 24 * 60 * MINUTE;

struct Rule {
    scope: &'static str,
    /// So many failures in the window are too many.
    failures_max: i64,
    /// The first lock; each further one is twice as long.
    lock: i64,
    lock_max: i64,
}

const PAIR: Rule = Rule { scope: "pair", failures_max: 5, lock: 15 * MINUTE, lock_max: 12 * 60 * MINUTE };
const ACCOUNT: Rule = Rule { scope: "account", failures_max: 10, lock: MINUTE, lock_max: 15 * MINUTE };
const CLIENT: Rule = Rule { scope: "client", failures_max: 30, lock: 15 * MINUTE, lock_max: 240 * MINUTE };

/// Whose try it is.
#[derive(Debug, Clone)]
pub(crate) struct Tried {
    /// The keyed mark of the user name, known or not.
    pub account: String,
    /// The hash of the device's mark; within a session, the session.
    pub device: String,
    /// The address; empty when it is not known.
    pub client: String,
    /// The device signed in to this account before.
    pub known_device: bool,
    /// The account's officer, for the audit.
    pub officer: Option<Id>,
}

/// Whether a try may go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Admission {
    Admitted,
    /// This device guessed too often at this account.
    DeviceLocked(Timestamp),
    /// Unknown devices must wait; known ones need not.
    StrangersWait(Timestamp),
}

impl Admission {
    /// Nothing, or what the person at the screen reads.
    pub fn check(self, now: Timestamp) -> Result<()> {
        let minutes = |until: Timestamp| ((until.0 - now.0) / MINUTE + 1).max(1);
        match self {
            Self::Admitted => Ok(()),
            Self::DeviceLocked(until) => Err(Error::TooMany(format!(
                "Máy này đã nhập sai nhiều lần. Ông/bà hãy thử lại sau {} phút, hoặc nhờ quản trị cấp lại mật khẩu.",
                minutes(until)
            ))),
            Self::StrangersWait(until) => Err(Error::TooMany(format!(
                "Đang có nhiều lần đăng nhập sai từ máy lạ. Ông/bà hãy thử lại sau {} phút, hoặc dùng máy đã từng đăng nhập.",
                minutes(until)
            ))),
        }
    }
}

impl Tried {
    fn pair(&self) -> String {
        format!("{}:{}", self.account, self.device)
    }

    /// The counts this try falls under, always in this order, so that two tries never wait for each other in a ring;
    /// the widest first, so that a flood leaves few rows.
    fn subjects(&self) -> Vec<(&'static Rule, String)> {
        let mut subjects = Vec::with_capacity(3);
        if !self.known_device {
            if !self.client.is_empty() {
                subjects.push((&CLIENT, web::client::network_of(&self.client)));
            }
            subjects.push((&ACCOUNT, self.account.clone()));
        }
        subjects.push((&PAIR, self.pair()));
        subjects
    }
}

fn refusal(rule: &Rule, until: Timestamp) -> Admission {
    if rule.scope == PAIR.scope { Admission::DeviceLocked(until) } else { Admission::StrangersWait(until) }
}

/// Whether a lock stands already; asked before anything is written, so that a flood of tries writes nothing.
pub(crate) fn standing(reader: &mut Reader<'_>, tried: &Tried, now: Timestamp) -> Result<Admission> {
    for (rule, subject) in tried.subjects() {
        let locked: Option<(Timestamp,)> = reader.opt(
            "SELECT locked_until FROM sign_in_failure WHERE scope = $1 AND subject = $2 AND locked_until > $3",
            params![rule.scope, subject, now],
        )?;
        if let Some((until,)) = locked {
            return Ok(refusal(rule, until));
        }
    }
    Ok(Admission::Admitted)
}

/// Counts a try as failed before it is looked at, or says why it may not be made.
pub(crate) fn reserve(tx: &mut Tx<'_>, tried: &Tried) -> Result<Admission> {
    let now = tx.at();
    let mut counts = Vec::new();
    for (rule, subject) in tried.subjects() {
        let count = Count::take(tx, rule, &subject)?;
        if count.locked_until > now {
            tx.not_audited("a try that was not let through changes nothing");
            return Ok(refusal(rule, count.locked_until));
        }
        counts.push((rule, subject, count));
    }
    for (rule, subject, count) in counts {
        let locks = count.add(tx, rule, &subject)?;
        if locks {
            let detail = serde_json::json!({ "scope": rule.scope, "client": tried.client });
            let entity_id = tried.officer.unwrap_or(Id(0));
            tx.audit(&AuditEntry {
                action: "directory.limit_sign_in",
                entity: "account",
                entity_id,
                unit: None,
                detail,
            })?;
        }
    }
    tx.not_audited("the outcome of the try is audited");
    Ok(Admission::Admitted)
}

/// Takes the try back because it was right: the pair starts anew, the wider counts lose this one only.
pub(crate) fn forgive(tx: &mut Tx<'_>, tried: &Tried) -> Result<()> {
    forgive_half(tx, tried)?;
    tx.exec("DELETE FROM sign_in_failure WHERE scope = $1 AND subject = $2", params![PAIR.scope, tried.pair()])?;
    Ok(())
}

/// Takes the try back from the wider counts: the password was right and the code is still to come, which counts anew.
/// The pair keeps it, or whoever knows the password could begin again and again and guess codes without an end.
pub(crate) fn forgive_half(tx: &mut Tx<'_>, tried: &Tried) -> Result<()> {
    for (rule, subject) in tried.subjects().into_iter().filter(|(rule, _)| rule.scope != PAIR.scope) {
        // A lock that this very try brought about goes with it.
        tx.exec(
            "UPDATE sign_in_failure SET locked_until = CASE WHEN failures = $3 THEN 0 ELSE locked_until END,
                strikes = CASE WHEN failures = $3 AND strikes > 0 THEN strikes - 1 ELSE strikes END,
                failures = CASE WHEN failures > 0 THEN failures - 1 ELSE 0 END
             WHERE scope = $1 AND subject = $2",
            params![rule.scope, subject, rule.failures_max],
        )?;
    }
    Ok(())
}

/// Opens an account for all devices, after an administrator gave a new password.
pub(crate) fn open_account(tx: &mut Tx<'_>, account: &str) -> Result<()> {
    tx.exec(
        "DELETE FROM sign_in_failure WHERE (scope = 'account' AND subject = $1) OR (scope = 'pair' AND subject LIKE $2)",
        params![account, format!("{account}:%")],
    )?;
    Ok(())
}

struct Count {
    failures: i64,
    first_at: Timestamp,
    last_at: Timestamp,
    strikes: i64,
    locked_until: Timestamp,
}

impl Count {
    /// Reads a count and holds it until the write ends.
    fn take(tx: &mut Tx<'_>, rule: &Rule, subject: &str) -> Result<Self> {
        let now = tx.at();
        let (failures, first_at, last_at, strikes, locked_until) = tx.one(
            "INSERT INTO sign_in_failure (scope, subject, failures, first_at, last_at, strikes, locked_until)
             VALUES ($1, $2, 0, $3, $3, 0, 0) ON CONFLICT (scope, subject) DO UPDATE SET scope = excluded.scope
             RETURNING failures, first_at, last_at, strikes, locked_until",
            params![rule.scope, subject, now],
        )?;
        let mut count = Self { failures, first_at, last_at, strikes, locked_until };
        let lock_is_over = count.locked_until.0 > 0 && count.locked_until <= now;
        if lock_is_over || count.first_at.plus_us(WINDOW) <= now {
            count.failures = 0;
            count.first_at = now;
        }
        if count.last_at.plus_us(FORGIVE) <= now {
            count.strikes = 0;
        }
        Ok(count)
    }

    /// Counts one failure; answers whether that was one too many.
    fn add(self, tx: &mut Tx<'_>, rule: &Rule, subject: &str) -> Result<bool> {
        let now = tx.at();
        let failures = self.failures + 1;
        let locks = failures >= rule.failures_max;
        let lock = rule.lock.saturating_mul(1 << self.strikes.clamp(0, 20)).min(rule.lock_max);
        let (strikes, until) = if locks { (self.strikes + 1, now.plus_us(lock)) } else { (self.strikes, Timestamp(0)) };
        tx.exec(
            "UPDATE sign_in_failure SET failures = $3, first_at = $4, last_at = $5, strikes = $6, locked_until = $7
             WHERE scope = $1 AND subject = $2",
            params![rule.scope, subject, failures, self.first_at, now, strikes, until],
        )?;
        Ok(locks)
    }
}

/// How long a count lasts that nobody has touched.
pub(crate) const KEPT: Keep = Keep {
    what: "Lần đăng nhập sai (đếm theo tài khoản, thiết bị, địa chỉ)",
    span: Span::Days(7),
    since: "lần sai cuối",
    from: "2026-11-28",
    basis: None,
};

/// Drops counts that nobody has touched for so long.
pub(crate) fn clear_old(tx: &mut Tx<'_>) -> Result<u64> {
    let before = KEPT.before(tx.at());
    tx.exec_counted("DELETE FROM sign_in_failure WHERE last_at < $1", params![before])
}
