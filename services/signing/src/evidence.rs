//! What proves later that certificates were good when they signed: chains, OCSP responses and revocation lists.

mod chain;
mod collect;
pub(crate) mod crl;
mod issuers;
pub(crate) mod ocsp;

pub(crate) use collect::Collector;

use types::Timestamp;

/// How far clocks may differ, in seconds.
pub(crate) const SKEW_SECONDS: i64 = 300;
/// How old an answer without `nextUpdate` may be, in seconds.
pub(crate) const AGE_SECONDS_MAX: i64 = 24 * 3600;

/// What a status says of a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    /// Not revoked.
    Good,
    /// Revoked at that time.
    Revoked(Timestamp),
}

/// Whether an answer of `this_update`, replaced at `next_update`, still says something at `now`.
pub(crate) fn is_fresh(this_update: Timestamp, next_update: Option<Timestamp>, now: Timestamp) -> bool {
    let made = this_update <= now.plus_seconds(SKEW_SECONDS);
    let replaced = match next_update {
        Some(next) => next.plus_seconds(SKEW_SECONDS) < now,
        None => this_update.plus_seconds(AGE_SECONDS_MAX) < now,
    };
    made && !replaced
}
