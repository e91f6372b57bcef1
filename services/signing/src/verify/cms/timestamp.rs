//! Timestamp tokens (RFC 3161): over a signature's value, or over a whole document.

use super::algorithms::Hash;
use super::{Container, attributes};
use crate::verify::report::Code;
use cms::content_info::ContentInfo;
use const_oid::ObjectIdentifier as Oid;
use der::asn1::{Int, OctetString};
use der::{Any, Decode, Encode, Sequence, Tag, Tagged};
use x509_cert::ext::Extensions;
use x509_cert::ext::pkix::name::GeneralName;
use x509_tsp::{Accuracy, MessageImprint};

/// RFC 3161, 2.4.2: the content type of a token.
const TST_INFO: Oid = Oid::new_unwrap("1.2.840.113549.1.9.16.1.4");

/// TSTInfo (RFC 3161, 2.4.2). The library's own reads no fractions of seconds, which many authorities write.
#[derive(Sequence)]
pub struct TstInfo {
    version: u8,
    policy: Oid,
    message_imprint: MessageImprint,
    serial_number: Int,
    pub gen_time: Any,
    #[asn1(optional = "true")]
    accuracy: Option<Accuracy>,
    #[asn1(default = "Default::default")]
    ordering: bool,
    #[asn1(optional = "true")]
    nonce: Option<Int>,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    tsa: Option<GeneralName>,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    extensions: Option<Extensions>,
}

/// Seconds since 1970 of `20261127080000.25Z`; fractions are cut off.
pub fn seconds(time: &Any) -> Option<i64> {
    let text = std::str::from_utf8(time.value()).ok().filter(|_| time.tag() == Tag::GeneralizedTime)?;
    let (whole, fraction) = text.strip_suffix('Z')?.split_once('.').unwrap_or((text.strip_suffix('Z')?, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.len() != 14 || !digits(whole) || !digits(fraction) {
        return None;
    }
    let part = |from: usize, to: usize| whole.get(from..to);
    let [year, month, day] = [part(0, 4)?, part(4, 6)?, part(6, 8)?];
    let [hour, minute, second] = [part(8, 10)?, part(10, 12)?, part(12, 14)?];
    let moment: types::Timestamp = format!("{year}-{month}-{day}T{hour}:{minute}:{second}Z").parse().ok()?;
    Some(moment.0.div_euclid(1_000_000))
}

/// A token whose signature holds and whose imprint fits; whether its maker is trusted is another question.
pub struct Token {
    pub container: Container,
    /// Seconds since 1970.
    pub time: i64,
}

/// The token in the unsigned attributes; `None` when there is none.
///
/// # Errors
/// It is there and does not hold.
pub fn of_signature(signature: &Container) -> Option<Result<Token, Code>> {
    let unsigned = signature.signer.unsigned_attrs.as_ref()?;
    let value = match attributes::single(unsigned, attributes::TIMESTAMP_TOKEN) {
        Ok(value) => value?,
        Err(_) => return Some(Err(Code::TimestampWrong)),
    };
    let over = signature.signer.signature.as_bytes();
    let info = value.to_der().ok().and_then(|der| ContentInfo::from_der(&der).ok());
    let container = info.ok_or(Code::TimestampWrong).and_then(|info| Container::of(&info));
    Some(container.and_then(|c| checked(c, &|hash| hash.digest(&[over]))).map_err(stamped))
}

/// What is wrong with a token is told as the token's fault; a weak algorithm keeps its name.
fn stamped(code: Code) -> Code {
    if code == Code::WeakAlgorithm { code } else { Code::TimestampWrong }
}

/// Checks a token: signature, attributes, and that its imprint is the hash `over` gives.
///
/// # Errors
/// The first check that fails.
pub fn checked(container: Container, over: &dyn Fn(Hash) -> Vec<u8>) -> Result<Token, Code> {
    let content = container.data.encap_content_info.econtent.as_ref().ok_or(Code::TimestampWrong)?;
    let content: OctetString = content.decode_as().map_err(|_| Code::TimestampWrong)?;
    let info = TstInfo::from_der(content.as_bytes()).map_err(|_| Code::TimestampWrong)?;
    let hash = Hash::of(info.message_imprint.hash_algorithm.oid).ok_or(Code::WeakAlgorithm)?;
    if info.message_imprint.hashed_message.as_bytes() != over(hash) {
        return Err(Code::TimestampWrong);
    }
    container.check(TST_INFO, &|hash| hash.digest(&[content.as_bytes()]))?;
    let signed = container.signer.signed_attrs.as_ref().ok_or(Code::AttributesWrong)?;
    attributes::binds(signed, &container.certificate, true)?.ok_or(Code::TimestampWrong)?;
    let known = info.version == 1 && info.extensions.iter().flatten().all(|extension| !extension.critical);
    let time = seconds(&info.gen_time).filter(|_| known).ok_or(Code::TimestampWrong)?;
    Ok(Token { container, time })
}
