//! The algorithms that count, and nothing else: TT 15/2025/TT-BKHCN Annex I, as far as certificates in use need it.
//!
//! RSA of 2048 to 8192 bits with PKCS#1 v1.5 or PSS, ECDSA on P-256 and P-384, with SHA-256, SHA-384 or SHA-512.

use const_oid::ObjectIdentifier as Oid;
use const_oid::db::rfc5912 as oid;
use der::Sequence;
use ring::digest;
use ring::signature as known;
use spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};

/// A hash that counts.
///
/// Like the signer's, and on purpose not the same code: a mistake there must not be shared here (decision 16).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    /// The hash of this identifier, when it counts.
    pub fn of(oid: Oid) -> Option<Self> {
        match oid {
            oid::ID_SHA_256 => Some(Self::Sha256),
            oid::ID_SHA_384 => Some(Self::Sha384),
            oid::ID_SHA_512 => Some(Self::Sha512),
            _ => None,
        }
    }

    /// The hash of these bytes, one part after the other.
    pub fn digest(self, parts: &[&[u8]]) -> Vec<u8> {
        let mut context = digest::Context::new(match self {
            Self::Sha256 => &digest::SHA256,
            Self::Sha384 => &digest::SHA384,
            Self::Sha512 => &digest::SHA512,
        });
        parts.iter().for_each(|part| context.update(part));
        context.finish().as_ref().to_vec()
    }

    fn bytes(self) -> u16 {
        match self {
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }
}

/// Why a signature does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// The algorithm, its parameters or the key's kind are not on the list.
    Algorithm,
    /// RSA-PSS with a salt of another length than the hash's, which RFC 4055 recommends and ring checks.
    Unsupported,
    /// The mathematics says no; also a key of the right kind that is too short or malformed.
    Signature,
}

/// RFC 4055, 3.1; each part defaults to SHA-1, which does not count, so that all must be there.
#[derive(Sequence)]
struct PssParameters {
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    hash: Option<AlgorithmIdentifierOwned>,
    #[asn1(context_specific = "1", tag_mode = "EXPLICIT", optional = "true")]
    mask: Option<AlgorithmIdentifierOwned>,
    #[asn1(context_specific = "2", tag_mode = "EXPLICIT", optional = "true")]
    salt: Option<u16>,
    #[asn1(context_specific = "3", tag_mode = "EXPLICIT", optional = "true")]
    trailer: Option<u8>,
}

fn pss_hash(algorithm: &AlgorithmIdentifierOwned) -> Option<(Hash, bool)> {
    let parameters: PssParameters = algorithm.parameters.as_ref()?.decode_as().ok()?;
    let hash = Hash::of(parameters.hash?.oid)?;
    let mask = parameters.mask?;
    let inner: AlgorithmIdentifierOwned = mask.parameters.as_ref()?.decode_as().ok()?;
    let same = mask.oid == oid::ID_MGF_1 && Hash::of(inner.oid) == Some(hash);
    (same && parameters.trailer.is_none_or(|t| t == 1)).then_some((hash, parameters.salt == Some(hash.bytes())))
}

/// Scheme and hash of a signature's algorithm identifier.
enum Scheme {
    Pkcs1(Option<Hash>),
    /// With whether the salt is as long as the hash.
    Pss(Hash, bool),
    Ecdsa(Hash),
}

fn scheme(algorithm: &AlgorithmIdentifierOwned) -> Option<Scheme> {
    Some(match algorithm.oid {
        oid::RSA_ENCRYPTION => Scheme::Pkcs1(None),
        oid::SHA_256_WITH_RSA_ENCRYPTION => Scheme::Pkcs1(Some(Hash::Sha256)),
        oid::SHA_384_WITH_RSA_ENCRYPTION => Scheme::Pkcs1(Some(Hash::Sha384)),
        oid::SHA_512_WITH_RSA_ENCRYPTION => Scheme::Pkcs1(Some(Hash::Sha512)),
        oid::ID_RSASSA_PSS => {
            let (hash, usual) = pss_hash(algorithm)?;
            Scheme::Pss(hash, usual)
        }
        oid::ECDSA_WITH_SHA_256 => Scheme::Ecdsa(Hash::Sha256),
        oid::ECDSA_WITH_SHA_384 => Scheme::Ecdsa(Hash::Sha384),
        _ => return None,
    })
}

/// Checks a signature over `message`. `digest` is what a CMS signer names beside the signature's algorithm; the two
/// must agree (RFC 5652, 5.3). Certificates, CRLs and OCSP answers name none.
///
/// # Errors
/// See [`Refused`].
pub fn check(
    key: &SubjectPublicKeyInfoOwned,
    algorithm: &AlgorithmIdentifierOwned,
    digest: Option<Hash>,
    message: &[u8],
    signature: &[u8],
) -> Result<(), Refused> {
    let scheme = scheme(algorithm).ok_or(Refused::Algorithm)?;
    let agreed = |own: Hash| digest.is_none_or(|named| named == own).then_some(own).ok_or(Refused::Algorithm);
    let rsa = key.algorithm.oid == oid::RSA_ENCRYPTION;
    let pss_key = key.algorithm.oid == oid::ID_RSASSA_PSS
        && (key.algorithm.parameters.is_none() || key.algorithm.parameters == algorithm.parameters);
    let curve = (key.algorithm.oid == oid::ID_EC_PUBLIC_KEY)
        .then(|| key.algorithm.parameters.as_ref().and_then(|p| p.decode_as::<Oid>().ok()))
        .flatten();
    let how: &dyn known::VerificationAlgorithm = match scheme {
        Scheme::Pkcs1(own) if rsa => match own.map_or(digest.ok_or(Refused::Algorithm), agreed)? {
            Hash::Sha256 => &known::RSA_PKCS1_2048_8192_SHA256,
            Hash::Sha384 => &known::RSA_PKCS1_2048_8192_SHA384,
            Hash::Sha512 => &known::RSA_PKCS1_2048_8192_SHA512,
        },
        Scheme::Pss(_, false) => return Err(Refused::Unsupported),
        Scheme::Pss(own, true) if rsa || pss_key => match agreed(own)? {
            Hash::Sha256 => &known::RSA_PSS_2048_8192_SHA256,
            Hash::Sha384 => &known::RSA_PSS_2048_8192_SHA384,
            Hash::Sha512 => &known::RSA_PSS_2048_8192_SHA512,
        },
        Scheme::Ecdsa(own) => match (curve, agreed(own)?) {
            (Some(oid::SECP_256_R_1), Hash::Sha256) => &known::ECDSA_P256_SHA256_ASN1,
            (Some(oid::SECP_256_R_1), Hash::Sha384) => &known::ECDSA_P256_SHA384_ASN1,
            (Some(oid::SECP_384_R_1), Hash::Sha256) => &known::ECDSA_P384_SHA256_ASN1,
            (Some(oid::SECP_384_R_1), Hash::Sha384) => &known::ECDSA_P384_SHA384_ASN1,
            _ => return Err(Refused::Algorithm),
        },
        _ => return Err(Refused::Algorithm),
    };
    let bytes = key.subject_public_key.as_bytes().ok_or(Refused::Signature)?;
    if rsa_bits(bytes).is_some_and(|bits| (rsa || pss_key) && bits < 2048) {
        return Err(Refused::Algorithm);
    }
    known::UnparsedPublicKey::new(how, bytes).verify(message, signature).map_err(|_| Refused::Signature)
}

/// Bits of an RSA key's modulus (RFC 8017, A.1.1).
fn rsa_bits(key: &[u8]) -> Option<usize> {
    #[derive(Sequence)]
    struct Key<'a> {
        modulus: der::asn1::UintRef<'a>,
        exponent: der::asn1::UintRef<'a>,
    }
    let key = <Key<'_> as der::Decode>::from_der(key).ok()?;
    let bytes = key.modulus.as_bytes();
    let leading = bytes.first().map_or(0, |byte| byte.leading_zeros() as usize);
    (!key.exponent.as_bytes().is_empty()).then(|| bytes.len() * 8 - leading)
}
