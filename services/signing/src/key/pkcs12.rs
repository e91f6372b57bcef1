//! Reads PKCS#12 key files (RFC 7292) as OpenSSL 3 and Windows with AES write them: PBES2, and a MAC of SHA-2.
//!
//! The old ciphers (RC2, 3DES with SHA-1) are refused: a file so protected hardly protects its key.

use super::Secret;
use crate::algorithm::Hash;
use crate::{Certificate, SigningError, asn1};
use const_oid::ObjectIdentifier as Oid;
use const_oid::db::{rfc5911, rfc5912};
use der::Decode;
use pkcs12::kdf::{Pkcs12KeyType, derive_key_utf8};
use ring::hmac;
use sha2_010::{Sha256, Sha384, Sha512};
use zeroize::Zeroizing;

const SHROUDED_KEY_BAG: Oid = pkcs12::PKCS_12_PKCS8_KEY_BAG_OID;
const KEY_BAG: Oid = pkcs12::PKCS_12_KEY_BAG_OID;
const CERTIFICATE_BAG: Oid = pkcs12::PKCS_12_CERT_BAG_OID;
const X509_CERTIFICATE: Oid = pkcs12::PKCS_12_X509_CERT_OID;
const OCTET_STRING: u8 = 0x04;
/// More rounds than tools write (tens of thousands, 600 000 at most); a hostile file shall not keep a processor busy for
/// minutes.
const MAC_ROUNDS_MAX: i32 = 1_000_000;
/// The same for all that is encrypted in a file: as a rule its certificates and its key, each once.
const ROUNDS_MAX: u32 = 2_000_000;

/// What a key file holds.
pub(crate) struct KeyFile {
    /// Private keys as PKCS#8.
    pub keys: Vec<Zeroizing<Vec<u8>>>,
    /// Certificates, in no order.
    pub certificates: Vec<Certificate>,
    /// Rounds that decryption may still take.
    rounds_left: u32,
}

impl KeyFile {
    fn new() -> Self {
        Self { keys: Vec::new(), certificates: Vec::new(), rounds_left: ROUNDS_MAX }
    }

    /// Decrypts with PBES2 (RFC 8018, 6.2), which takes a while on purpose.
    fn decrypt(
        &mut self,
        scheme: &[u8],
        encrypted: &[u8],
        password: &Secret,
    ) -> Result<Zeroizing<Vec<u8>>, SigningError> {
        let scheme = pkcs5::EncryptionScheme::from_der(scheme).map_err(|error| bad(&format!("cipher: {error}")))?;
        let Some(parameters) = scheme.pbes2() else { return Err(bad("cipher older than PBES2")) };
        // scrypt names how much memory it takes, and a hostile file names all of it.
        let pkcs5::pbes2::Kdf::Pbkdf2(kdf) = &parameters.kdf else { return Err(bad("key derivation")) };
        let left = self.rounds_left.checked_sub(kdf.iteration_count);
        self.rounds_left = left.ok_or_else(|| bad("rounds of the key derivation"))?;
        parameters
            .decrypt(password.reveal(), encrypted)
            .map(Zeroizing::new)
            // The MAC was right, so that the password is, unless the file was made with two.
            .map_err(|error| bad(&format!("decrypting: {error}")))
    }
}

/// Opens a key file.
///
/// # Errors
/// [`SigningError::WrongPassword`], [`SigningError::BadKeyFile`].
pub(super) fn open(file: &[u8], password: &Secret) -> Result<KeyFile, SigningError> {
    let mut inside = asn1::only(file, asn1::SEQUENCE).ok_or_else(|| bad("not PKCS#12"))?.inside;
    asn1::next(&mut inside).ok_or_else(|| bad("version"))?;
    let safe = asn1::next(&mut inside).ok_or_else(|| bad("contents"))?;
    let mac = asn1::next(&mut inside).ok_or_else(|| bad("no MAC: it could have been altered"))?;
    let (kind, content) = content_info(safe.whole)?;
    if kind != rfc5911::ID_DATA {
        return Err(bad("signed with a public key"));
    }
    let safes = asn1::only(content, OCTET_STRING).ok_or_else(|| bad("contents"))?.inside;
    check_mac(mac.inside, safes, password)?;
    contents(safes, password)
}

/// Reads what the MAC vouches for (AuthenticatedSafe, RFC 7292, 4.1).
pub(crate) fn contents(safes: &[u8], password: &Secret) -> Result<KeyFile, SigningError> {
    let mut found = KeyFile::new();
    let mut list = asn1::only(safes, asn1::SEQUENCE).ok_or_else(|| bad("contents"))?.inside;
    while let Some(element) = asn1::next(&mut list) {
        let (kind, content) = content_info(element.whole)?;
        let bags = match kind {
            rfc5911::ID_DATA => {
                let plain = asn1::only(content, OCTET_STRING).ok_or_else(|| bad("contents"))?;
                Zeroizing::new(plain.inside.to_vec())
            }
            rfc5911::ID_ENCRYPTED_DATA => {
                let (scheme, encrypted) = encrypted_data(content).ok_or_else(|| bad("encrypted data"))?;
                found.decrypt(scheme, encrypted, password)?
            }
            other => return Err(bad(&format!("contents of kind {other}"))),
        };
        read_bags(&bags, password, &mut found)?;
    }
    Ok(found)
}

/// `SEQUENCE { OID, [0] EXPLICIT content }`.
fn content_info(der: &[u8]) -> Result<(Oid, &[u8]), SigningError> {
    let read = || {
        let mut inside = asn1::only(der, asn1::SEQUENCE)?.inside;
        let kind = Oid::from_der(asn1::next(&mut inside)?.whole).ok()?;
        Some((kind, asn1::next(&mut inside).filter(|element| element.tag == asn1::CONTEXT_0)?.inside))
    };
    read().ok_or_else(|| bad("content info"))
}

/// Checks the MAC over the contents with the password (RFC 7292, 4 and appendix B).
fn check_mac(mut mac: &[u8], contents: &[u8], password: &Secret) -> Result<(), SigningError> {
    let mut read = || {
        let mut info = asn1::next(&mut mac)?.inside;
        let algorithm = spki::AlgorithmIdentifierOwned::from_der(asn1::next(&mut info)?.whole).ok()?;
        let tag = asn1::only(info, OCTET_STRING)?.inside;
        let salt = asn1::next(&mut mac).filter(|element| element.tag == OCTET_STRING)?.inside;
        let rounds = match asn1::next(&mut mac) {
            Some(element) => i32::from_der(element.whole).ok()?,
            None => 1,
        };
        Some((algorithm.oid, tag, salt, rounds))
    };
    let (oid, tag, salt, rounds) = read().ok_or_else(|| bad("MAC"))?;
    if !(1..=MAC_ROUNDS_MAX).contains(&rounds) {
        return Err(bad("rounds of the MAC"));
    }
    let hash = Hash::by_oid(oid).map_err(|_| bad(&format!("MAC of kind {oid}")))?;
    let (password, id, length) = (password.reveal(), Pkcs12KeyType::Mac, hash.length());
    let (kind, derived) = match hash {
        Hash::Sha256 => (hmac::HMAC_SHA256, derive_key_utf8::<Sha256>(password, salt, id, rounds, length)),
        Hash::Sha384 => (hmac::HMAC_SHA384, derive_key_utf8::<Sha384>(password, salt, id, rounds, length)),
        Hash::Sha512 => (hmac::HMAC_SHA512, derive_key_utf8::<Sha512>(password, salt, id, rounds, length)),
    };
    // A password with letters outside the basic plane cannot be written as BMPString: no file has it.
    let derived = Zeroizing::new(derived.map_err(|_| SigningError::WrongPassword)?);
    hmac::verify(&hmac::Key::new(kind, &derived), contents, tag).map_err(|_| SigningError::WrongPassword)
}

/// The cipher and the bytes of EncryptedData (RFC 5652, 8).
fn encrypted_data(content: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut data = asn1::only(content, asn1::SEQUENCE)?.inside;
    asn1::next(&mut data)?;
    let mut info = asn1::only(data, asn1::SEQUENCE)?.inside;
    asn1::next(&mut info)?;
    let scheme = asn1::next(&mut info)?.whole;
    // [0] IMPLICIT OCTET STRING, in one piece.
    Some((scheme, asn1::only(info, 0x80)?.inside))
}

/// SafeContents: keys and certificates; other bags are passed over.
fn read_bags(bags: &[u8], password: &Secret, found: &mut KeyFile) -> Result<(), SigningError> {
    let mut list = asn1::only(bags, asn1::SEQUENCE).ok_or_else(|| bad("bags"))?.inside;
    while let Some(bag) = asn1::next(&mut list) {
        let (kind, value) = content_info(bag.whole)?;
        match kind {
            SHROUDED_KEY_BAG => {
                let mut info = asn1::only(value, asn1::SEQUENCE).ok_or_else(|| bad("key"))?.inside;
                let scheme = asn1::next(&mut info).ok_or_else(|| bad("key"))?.whole;
                let encrypted = asn1::only(info, OCTET_STRING).ok_or_else(|| bad("key"))?.inside;
                let key = found.decrypt(scheme, encrypted, password)?;
                found.keys.push(key);
            }
            KEY_BAG => found.keys.push(Zeroizing::new(value.to_vec())),
            CERTIFICATE_BAG => {
                let (kind, value) = content_info(value)?;
                if kind == X509_CERTIFICATE {
                    let der = asn1::only(value, OCTET_STRING).ok_or_else(|| bad("certificate"))?.inside;
                    found.certificates.push(Certificate::from_der(der)?);
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// The kind of a PKCS#8 key.
pub(super) fn key_kind(pkcs8: &[u8]) -> Option<Oid> {
    let mut inside = asn1::only(pkcs8, asn1::SEQUENCE)?.inside;
    asn1::next(&mut inside)?;
    let mut algorithm = asn1::next(&mut inside)?.inside;
    let kind = Oid::from_der(asn1::next(&mut algorithm)?.whole).ok()?;
    // For elliptic curves the curve says more than the kind.
    if kind == rfc5912::ID_EC_PUBLIC_KEY { Oid::from_der(asn1::next(&mut algorithm)?.whole).ok() } else { Some(kind) }
}

fn bad(context: &str) -> SigningError {
    SigningError::BadKeyFile(context.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{KeyFile, ROUNDS_MAX};
    use crate::key::Secret;
    use der::Encode;

    #[test]
    fn a_file_that_would_keep_the_processor_busy_for_hours_is_refused_at_once() {
        let (salt, iv) = ([1; 16], [2; 16]);
        let scheme = |rounds| {
            let mut parameters = pkcs5::pbes2::Parameters::pbkdf2_sha256_aes256cbc(1, &salt, &iv).unwrap();
            if let pkcs5::pbes2::Kdf::Pbkdf2(kdf) = &mut parameters.kdf {
                kdf.iteration_count = rounds;
            }
            pkcs5::EncryptionScheme::Pbes2(parameters).to_der().unwrap()
        };
        let refused = |file: &mut KeyFile, rounds: u32| {
            file.decrypt(&scheme(rounds), &[0; 32], &Secret::new("x".to_owned())).unwrap_err().inward().to_owned()
        };
        assert_eq!(refused(&mut KeyFile::new(), ROUNDS_MAX + 1), "rounds of the key derivation");
        // Also when they are many that are each taken for themselves.
        let mut file = KeyFile::new();
        assert!(refused(&mut file, 10).starts_with("decrypting"));
        assert_eq!(refused(&mut file, ROUNDS_MAX - 9), "rounds of the key derivation");
    }
}
