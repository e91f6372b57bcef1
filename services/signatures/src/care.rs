//! What whoever keeps the machine should know of signing before it stops: certificates that end, and servers that give nothing.

use crate::document::Want;
use crate::signer::WARNED_DAYS;
use store::{Reader, params};
use types::{Id, Result, Timestamp};

/// The most of each that is looked at.
const LOOKED_AT_MAX: i64 = 100;

/// How signing stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Care {
    /// Certificates in use that can sign no more.
    pub expired: Vec<String>,
    /// Those that end within [`WARNED_DAYS`], the next one first.
    pub ending: Vec<(String, Timestamp)>,
    /// Signatures for which a timestamp was asked for several times in vain: how many, and what was told of the oldest.
    pub unstamped: usize,
    /// The same of proof and its renewal.
    pub unproved: usize,
    pub told: Option<String>,
}

/// Reads it; at most a hundred of each.
pub fn care(reader: &mut Reader<'_>, now: Timestamp) -> Result<Care> {
    let until = now.plus_seconds(WARNED_DAYS * 24 * 3600);
    let ending: Vec<(String, Timestamp)> = reader.all(
        "SELECT name, valid_to FROM signer WHERE ended_at IS NULL AND valid_to <= $1 ORDER BY valid_to, id LIMIT $2",
        params![until, LOOKED_AT_MAX],
    )?;
    let (expired, ending): (Vec<_>, Vec<_>) = ending.into_iter().partition(|(_, valid_to)| *valid_to <= now);
    let in_vain: Vec<(Id, String, Option<String>)> = reader.all(
        "SELECT signature_id, wants, told FROM signature_wait WHERE tries > 2 ORDER BY signature_id LIMIT $1",
        params![LOOKED_AT_MAX],
    )?;
    let unstamped = in_vain.iter().filter(|(_, wants, _)| wants == Want::Timestamp.code()).count();
    Ok(Care {
        expired: expired.into_iter().map(|(name, _)| name).collect(),
        ending,
        unstamped,
        unproved: in_vain.len() - unstamped,
        told: in_vain.into_iter().find_map(|(_, _, told)| told),
    })
}
