//! Timestamps (RFC 3161): asking for one, and believing nothing of the answer that was not checked.

pub(crate) mod request;
pub(crate) mod response;

pub(crate) use response::{Stamp, check_token};

use crate::{Certificate, SigningError, Transport};
use request::Request;
use types::{Clock, Timestamp};

/// How far the time stamped may be from our clock, in seconds, beyond the time that asking took.
const TOLERANCE_SECONDS: i64 = 300;

/// A time-stamping authority.
#[derive(Debug, Clone)]
pub struct Authority {
    /// Where it answers, `http://…`.
    pub url: String,
    /// Its certificates or those of its CAs: a token is taken only when its signer is one of them, or was issued by one of
    /// them, directly or through a CA that comes with the token. When empty, anybody's token is taken.
    pub trusted: Vec<Certificate>,
}

/// Gets a timestamp over `parts`, one after the other. Gives the token as DER.
///
/// # Errors
/// [`SigningError::Unreachable`], [`SigningError::TimestampRefused`], [`SigningError::BadTimestamp`] for an answer to
/// something else or by somebody else, [`SigningError::TimestampClock`] when either clock is wrong.
pub fn stamp(
    authority: &Authority,
    parts: &[&[u8]],
    transport: &dyn Transport,
    clock: &dyn Clock,
) -> Result<Vec<u8>, SigningError> {
    let asked_at = clock.now();
    let request = Request::over(parts)?;
    let answer = transport.post(&authority.url, "application/timestamp-query", &request.to_der()?)?;
    let (token, stamp) = request.check(&answer)?;
    check_clock(stamp.time, asked_at, clock.now())?;
    check_trust(&stamp, &authority.trusted)?;
    Ok(token)
}

/// The time stamped must lie between asking and answer, give or take the tolerance.
fn check_clock(stamped: Timestamp, asked_at: Timestamp, answered_at: Timestamp) -> Result<(), SigningError> {
    let off = if stamped < asked_at.plus_seconds(-TOLERANCE_SECONDS) {
        stamped.0 - asked_at.0
    } else if stamped > answered_at.plus_seconds(TOLERANCE_SECONDS) {
        stamped.0 - answered_at.0
    } else {
        return Ok(());
    };
    Err(SigningError::TimestampClock(off / 1_000_000))
}

/// The signer is trusted itself or issued by a trusted CA.
fn check_trust(stamp: &Stamp, trusted: &[Certificate]) -> Result<(), SigningError> {
    let by_trusted = |certificate: &Certificate| {
        trusted.iter().any(|known| known == certificate || certificate.check_issued_by(known).is_ok())
    };
    if trusted.is_empty() || by_trusted(&stamp.signer) {
        return Ok(());
    }
    // Through a CA that came with the token and was itself issued by a trusted one.
    let mut between = stamp.certificates.iter().filter(|between| stamp.signer.check_issued_by(between).is_ok());
    if between.any(by_trusted) {
        return Ok(());
    }
    Err(SigningError::BadTimestamp(format!("by {}, who is not trusted", stamp.signer.subject())))
}
