//! Whether what the service calls signatures are signatures, each over its own document and by the expected key.

use super::RemoteError;
use super::job::Bytes;
use crate::{Algorithm, Certificate, algorithm, asn1};
use data_encoding::BASE64;

/// The signatures in the order of `asked`, ECDSA ones as DER. One that is not right spoils all.
///
/// # Errors
/// [`RemoteError::Lies`].
pub(super) fn signatures(
    said: &[String],
    asked: &[Bytes],
    certificate: &Certificate,
    algorithm: Algorithm,
) -> Result<Vec<Bytes>, RemoteError> {
    if said.len() != asked.len() {
        return Err(RemoteError::Lies(format!("{} signatures for {} hashes", said.len(), asked.len())));
    }
    let one = |(place, text): (usize, &String)| {
        let lies = |what: &str| RemoteError::Lies(format!("signature {place} {what}"));
        let raw = BASE64.decode(text.as_bytes()).map_err(|_| lies("is not base64"))?;
        if let Some(good) = verified(&raw, &asked[place].0, certificate, algorithm) {
            return Ok(Bytes(good));
        }
        let other = asked.iter().position(|other| verified(&raw, &other.0, certificate, algorithm).is_some());
        Err(match other {
            Some(other) => lies(&format!("is over document {other}")),
            None => lies("does not verify with the expected certificate"),
        })
    };
    said.iter().enumerate().map(one).collect()
}

/// The signature as it goes into a file, when it is one over `attributes`. Services give ECDSA signatures as DER or as r and s
/// side by side; what verifies is taken.
fn verified(raw: &[u8], attributes: &[u8], certificate: &Certificate, algorithm: Algorithm) -> Option<Vec<u8>> {
    let identifier = algorithm.identifier().ok()?;
    let verifies = |signature: &[u8]| {
        algorithm::verify(certificate.key(), &identifier, Some(algorithm.hash()), attributes, signature).is_ok()
    };
    if verifies(raw) {
        return Some(raw.to_vec());
    }
    let sides = match algorithm {
        Algorithm::EcdsaP256 => 64,
        Algorithm::EcdsaP384 => 96,
        Algorithm::RsaPkcs1(_) | Algorithm::RsaPss(_) => return None,
    };
    let der = (raw.len() == sides).then(|| asn1::ecdsa(raw))?;
    verifies(&der).then_some(der)
}
