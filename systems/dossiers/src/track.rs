//! Following a dossier as a citizen: by the receipt's link, or by code plus the last digits of the identity number or
//! phone. A code alone shows nothing, no name is ever shown, and guessing is slowed down.

use crate::dossier::{self, Dossier};
use store::{AuditEntry, Reader, Tx, params};
use types::{Error, Id, Result, Timestamp};

/// Digits of the identity number or phone that must be given.
pub const TAIL_DIGITS: usize = 4;
/// Wrong tries of one seeker (device or address) in an hour.
const SEEKER_TRIES: i64 = 10;
/// Wrong tries for one code in an hour, from anywhere: spraying one dossier from many devices.
const CODE_TRIES: i64 = 20;
const HOUR_US: i64 = 3_600_000_000;

/// The dossier behind the receipt's link.
pub fn by_token(reader: &mut Reader<'_>, token: &str) -> Result<Dossier> {
    let unknown = || Error::not_found("hồ sơ này. Ông/bà hãy quét lại mã QR trên giấy tiếp nhận");
    if token.len() < 20 {
        return Err(unknown());
    }
    let found: Option<(Id,)> = reader.opt("SELECT id FROM dossier WHERE track_token = $1", params![token])?;
    let (id,) = found.ok_or_else(unknown)?;
    dossier::by_id(reader, id)?.ok_or_else(unknown)
}

/// What a try to open a dossier by its code came to. A wrong one is a value and not an error, so that it is written down.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize, PartialEq, Eq)]
pub enum Tried {
    /// The link's token of the dossier.
    Found(String),
    Wrong,
    TooMany,
}

/// Tries a code with the last digits; `seeker` is the device or, without one, the address.
pub fn try_code(tx: &mut Tx<'_>, code: &str, tail: &str, seeker: &str) -> Result<Tried> {
    let since = Timestamp(tx.at().0 - HOUR_US);
    let (by_seeker,): (i64,) =
        tx.one("SELECT count(*) FROM track_failure WHERE seeker = $1 AND at > $2", params![seeker, since])?;
    let (by_code,): (i64,) =
        tx.one("SELECT count(*) FROM track_failure WHERE code = $1 AND at > $2", params![code, since])?;
    if by_seeker >= SEEKER_TRIES || by_code >= CODE_TRIES {
        tx.not_audited("a refused guess changes nothing");
        return Ok(Tried::TooMany);
    }
    let found = dossier::by_code(tx, code)?;
    if let Some(dossier) = found.as_ref().filter(|d| tail_fits(d, tail)) {
        tx.not_audited("a citizen looked at their own dossier; nothing changed");
        return Ok(Tried::Found(dossier.track_token.clone()));
    }
    let (id, at) = (tx.id()?, tx.at());
    tx.exec("INSERT INTO track_failure (id, seeker, code, at) VALUES ($1, $2, $3, $4)", params![id, seeker, code, at])?;
    let detail = serde_json::json!({ "known": found.is_some() });
    let entry = AuditEntry { action: "dossiers.track-refused", entity: "track", entity_id: id, unit: None, detail };
    tx.audit(&entry)?;
    Ok(Tried::Wrong)
}

fn tail_fits(dossier: &Dossier, tail: &str) -> bool {
    let digits = tail.trim();
    if digits.len() != TAIL_DIGITS || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return false;
    }
    let ends = |number: &Option<String>| number.as_ref().is_some_and(|n| n.ends_with(digits));
    ends(&dossier.applicant.identity_number) || ends(&dossier.applicant.phone)
}

/// Forgets tries older than a day; they name devices.
pub fn sweep(tx: &mut Tx<'_>) -> Result<u64> {
    let before = Timestamp(tx.at().0 - 24 * HOUR_US);
    tx.not_audited("guard data is swept");
    tx.exec("DELETE FROM track_failure WHERE at < $1", params![before])
}
