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
    /// Of both, those for which a longer life was asked, and the request went out: they stand here alone.
    pub renewing: Vec<(String, Timestamp)>,
    /// Signatures for which a timestamp was asked for several times in vain: how many, and what was told of the oldest.
    pub unstamped: usize,
    /// The same of proof and its renewal.
    pub unproved: usize,
    pub told: Option<String>,
}

/// Reads it; at most a hundred of each.
pub fn care(reader: &mut Reader<'_>, now: Timestamp) -> Result<Care> {
    let until = now.plus_seconds(WARNED_DAYS * 24 * 3600);
    // Where the new certificate is there, nobody needs to care for the old one.
    let all: Vec<(String, Timestamp, Option<Id>)> = reader.all(
        "SELECT s.name, s.valid_to,
            (SELECT max(r.id) FROM certificate_request r WHERE r.signer_id = s.id AND r.ask = 'renew' AND r.state = 2)
         FROM signer s WHERE s.ended_at IS NULL AND s.valid_to <= $1
            AND NOT EXISTS (SELECT 1 FROM certificate_request r WHERE r.signer_id = s.id AND r.ask = 'renew' AND r.state = 3)
         ORDER BY s.valid_to, s.id LIMIT $2",
        params![until, LOOKED_AT_MAX],
    )?;
    let (renewing, others): (Vec<_>, Vec<_>) = all.into_iter().partition(|(_, _, request)| request.is_some());
    let named = |all: Vec<(String, Timestamp, Option<Id>)>| -> Vec<(String, Timestamp)> {
        all.into_iter().map(|(name, valid_to, _)| (name, valid_to)).collect()
    };
    let (expired, ending): (Vec<_>, Vec<_>) = named(others).into_iter().partition(|(_, valid_to)| *valid_to <= now);
    let in_vain: Vec<(Id, String, Option<String>)> = reader.all(
        "SELECT signature_id, wants, told FROM signature_wait WHERE tries > 2 ORDER BY signature_id LIMIT $1",
        params![LOOKED_AT_MAX],
    )?;
    let unstamped = in_vain.iter().filter(|(_, wants, _)| wants == Want::Timestamp.code()).count();
    Ok(Care {
        expired: expired.into_iter().map(|(name, _)| name).collect(),
        ending,
        renewing: named(renewing),
        unstamped,
        unproved: in_vain.len() - unstamped,
        told: in_vain.into_iter().find_map(|(_, _, told)| told),
    })
}
