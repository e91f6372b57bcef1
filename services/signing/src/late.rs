//! A timestamp that comes after the signature: the file holds good without it, and waits for it.

use crate::cms::SignedMessage;
use crate::levels::Services;
use crate::pdf::{Base, Found, Hole, SubFilter, find_signatures};
use crate::timestamp::check_token;
use crate::{SigningError, prepared, timestamp};
use types::Timestamp;

/// Adds the timestamp of the last signature of `file`, which must end with it: B-B becomes B-T. Only the room that the
/// signature left is written on, so that what is signed stays to the letter. Gives the file and the time stamped.
///
/// # Errors
/// [`SigningError::Altered`] when the file does not end with a signature of ours without a timestamp,
/// [`SigningError::HoleTooSmall`], and what [`crate::stamp`] says.
pub fn add_signature_timestamp(file: &[u8], services: &Services<'_>) -> Result<(Vec<u8>, Timestamp), SigningError> {
    let found = last_signature(file)?;
    let message = SignedMessage::from_der(&found.cms)?;
    // Found out before a timestamp is spent on it.
    message.with_timestamp(&found.cms, &ASN1_NULL)?;
    let token = timestamp::stamp(services.authority, &[message.signature()], services.transport, services.clock)?;
    let stamp = check_token(&token, &|hash| hash.of(&[message.signature()]))?;
    let [(_, start), (end, _)] = found.pieces;
    let hole = Hole { byte_range: 0, start, end };
    let stamped = prepared::fill(file.to_vec(), &hole, &message.with_timestamp(&found.cms, &token)?)?;
    Ok((stamped, stamp.time))
}

/// Whether [`add_signature_timestamp`] can still give the last signature of `file` a timestamp: one that came from elsewhere may
/// have one, or leave no way for it.
pub fn takes_timestamp(file: &[u8]) -> bool {
    let room = |found: Found| SignedMessage::from_der(&found.cms)?.with_timestamp(&found.cms, &ASN1_NULL);
    last_signature(file).and_then(room).is_ok()
}

/// The DER of NULL, in the place of a token.
const ASN1_NULL: [u8; 2] = [0x05, 0x00];

/// The signature with which the file ends.
fn last_signature(file: &[u8]) -> Result<Found, SigningError> {
    let all = find_signatures(&Base::open(file)?)?;
    let is_last = |found: &Found| {
        let [(first, start), (end, _)] = found.pieces;
        first == 0 && start < end && found.end() == file.len()
    };
    let last = all.into_iter().find(is_last).filter(|found| found.kind == SubFilter::Cades);
    last.ok_or_else(|| SigningError::Altered("the file does not end with a signature".to_owned()))
}

/// When the proof that the last timestamp of `file` gives comes to its end: its certificate's. Nothing when there is no
/// timestamp.
///
/// # Errors
/// What the file is refused for.
pub fn proof_ends(file: &[u8]) -> Result<Option<Timestamp>, SigningError> {
    let mut all = find_signatures(&Base::open(file)?)?;
    all.sort_by_key(Found::end);
    for found in all.iter().rev() {
        let message = SignedMessage::from_der(&found.cms)?;
        let token = match found.kind {
            SubFilter::Timestamp => Some(message),
            _ => message.timestamp().map(|token| SignedMessage::from_der(&token)).transpose()?,
        };
        if let Some(signer) = token.as_ref().and_then(SignedMessage::signer) {
            return Ok(Some(signer.not_after()));
        }
    }
    Ok(None)
}
