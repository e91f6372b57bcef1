//! Reads a response and its token.
//!
//! TSTInfo is read by hand: many authorities write fractions of a second, which the `der` crate's GeneralizedTime refuses.

use crate::algorithm::Hash;
use crate::cms::{Content, Naming, SignedMessage};
use crate::{Certificate, SigningError, asn1};
use const_oid::ObjectIdentifier as Oid;
use const_oid::db::rfc5280;
use der::Decode;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use types::Timestamp;

/// id-ct-TSTInfo (RFC 3161, 2.4.2).
const TST_INFO: Oid = Oid::new_unwrap("1.2.840.113549.1.9.16.1.4");

/// What a token says.
pub(crate) struct Stamp {
    /// The time stamped (genTime).
    pub time: Timestamp,
    /// Who signed it.
    pub signer: Certificate,
    /// The certificates that came along, the signer's among them.
    pub certificates: Vec<Certificate>,
    /// The nonce of the request.
    pub nonce: Option<Vec<u8>>,
}

/// The token of a response that grants one (RFC 3161, 2.4.2).
pub(super) fn granted(answer: &[u8]) -> Result<Vec<u8>, SigningError> {
    let mut inside = asn1::only(answer, asn1::SEQUENCE).ok_or_else(|| bad("not a response"))?.inside;
    let mut status = asn1::next(&mut inside).ok_or_else(|| bad("no status"))?.inside;
    let code = asn1::next(&mut status).ok_or_else(|| bad("no status"))?.inside;
    // granted and grantedWithMods.
    if !matches!(code, [0] | [1]) {
        let words = String::from_utf8_lossy(status);
        let words: String = words.chars().filter(|letter| !letter.is_control()).take(200).collect();
        return Err(SigningError::TimestampRefused(format!("status {code:?} {words}")));
    }
    let token = asn1::next(&mut inside).ok_or_else(|| bad("granted without a token"))?;
    if inside.is_empty() { Ok(token.whole.to_vec()) } else { Err(bad("more than a response")) }
}

/// Checks a token by itself: the imprint against `digest` of what is stamped, the signature, the certificate that it
/// names, and that the certificate is one for time-stamping only (RFC 3161, 2.3) and was valid at that time.
///
/// # Errors
/// [`SigningError::BadTimestamp`].
pub(crate) fn check_token(token: &[u8], digest: &dyn Fn(Hash) -> Vec<u8>) -> Result<Stamp, SigningError> {
    let refused = |error: SigningError| bad(&format!("{} {}", error, error.inward()));
    let message = SignedMessage::from_der(token).map_err(refused)?;
    let signer = message.check(TST_INFO, Content::Carried, Naming::Demanded).map_err(refused)?.clone();
    let info = message.content.as_deref().and_then(read_info).ok_or_else(|| bad("TSTInfo"))?;
    let hash = Hash::by_oid(info.hash).map_err(refused)?;
    if info.imprint != digest(hash) {
        return Err(bad("imprint differs: a timestamp over something else"));
    }
    let time_stamping_only = (true, vec![rfc5280::ID_KP_TIME_STAMPING]);
    if signer.purposes() != Some(time_stamping_only) {
        return Err(bad("the signer's certificate is not one for time-stamping only"));
    }
    let time = info.time;
    if !signer.is_valid_at(time) {
        return Err(bad("the signer's certificate was not valid at the time stamped"));
    }
    Ok(Stamp { time, signer, certificates: message.certificates, nonce: info.nonce })
}

/// The parts of TSTInfo that are checked.
pub(crate) struct Info {
    hash: Oid,
    imprint: Vec<u8>,
    time: Timestamp,
    nonce: Option<Vec<u8>>,
}

pub(crate) fn read_info(der: &[u8]) -> Option<Info> {
    let mut inside = asn1::only(der, asn1::SEQUENCE)?.inside;
    let version = asn1::next(&mut inside)?;
    if (version.tag, version.inside) != (0x02, &[1]) {
        return None;
    }
    asn1::next(&mut inside).filter(|policy| policy.tag == 0x06)?;
    let mut imprint = asn1::next(&mut inside).filter(|imprint| imprint.tag == asn1::SEQUENCE)?.inside;
    let hash = spki::AlgorithmIdentifierOwned::from_der(asn1::next(&mut imprint)?.whole).ok()?.oid;
    let imprint = asn1::only(imprint, 0x04)?.inside.to_vec();
    asn1::next(&mut inside).filter(|serial| serial.tag == 0x02)?;
    let time = generalized_time(asn1::next(&mut inside).filter(|time| time.tag == 0x18)?.inside)?;
    let mut nonce = None;
    while let Some(element) = asn1::next(&mut inside) {
        if element.tag == 0x02 {
            nonce = Some(element.inside.to_vec());
        }
    }
    inside.is_empty().then_some(Info { hash, imprint, time, nonce })
}

/// `YYYYMMDDhhmmss[.f…]Z`; anything else, a local time above all, is refused.
fn generalized_time(text: &[u8]) -> Option<Timestamp> {
    let text = std::str::from_utf8(text).ok()?.strip_suffix('Z')?;
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.len() != 14 || !digits(whole) || !digits(fraction) || fraction.is_empty() {
        return None;
    }
    let moment = DateTime::strptime("%Y%m%d%H%M%S", whole).ok()?.to_zoned(TimeZone::UTC).ok()?;
    let micros: String = fraction.chars().chain("000000".chars()).take(6).collect();
    Some(Timestamp(moment.timestamp().as_microsecond() + micros.parse::<i64>().ok()?))
}

fn bad(context: &str) -> SigningError {
    SigningError::BadTimestamp(context.to_owned())
}

#[cfg(test)]
mod tests {
    use super::generalized_time;

    #[test]
    fn fractions_are_read_and_local_times_are_not() {
        assert_eq!(generalized_time(b"19700101000001Z").map(|t| t.0), Some(1_000_000));
        assert_eq!(generalized_time(b"19700101000001.25Z").map(|t| t.0), Some(1_250_000));
        assert_eq!(generalized_time(b"19700101000001.123456789Z").map(|t| t.0), Some(1_123_456));
        for wrong in [&b"19700101070001+0700"[..], b"19700101000001", b"197001010000Z", b"19700101000001.Z", b"Z"] {
            assert_eq!(generalized_time(wrong), None);
        }
    }
}
