//! The algorithms that are accepted, and the check of a signature against a public key.
//!
//! TT 15/2025/TT-BKHCN, Annex I: RSA of 2048 bits or more (PKCS#1 v1.5 or PSS) or ECDSA of 256 bits or more,
//! with SHA-256, SHA-384 or SHA-512. SHA-1 is never accepted for a signature.

use crate::SigningError;
use const_oid::ObjectIdentifier as Oid;
use const_oid::db::rfc5912 as oid;
use der::{Any, AnyRef, Decode, Encode, Sequence};
use ring::digest;
use ring::signature as rs;
use serde::{Deserialize, Serialize};
use spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};

/// A hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hash {
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl Hash {
    /// The hash of `parts`, one after the other.
    pub fn of(self, parts: &[&[u8]]) -> Vec<u8> {
        let mut context = digest::Context::new(match self {
            Self::Sha256 => &digest::SHA256,
            Self::Sha384 => &digest::SHA384,
            Self::Sha512 => &digest::SHA512,
        });
        parts.iter().for_each(|part| context.update(part));
        context.finish().as_ref().to_vec()
    }

    /// Length in bytes.
    pub fn length(self) -> usize {
        match self {
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    /// Its object identifier.
    pub(crate) fn oid(self) -> Oid {
        match self {
            Self::Sha256 => oid::ID_SHA_256,
            Self::Sha384 => oid::ID_SHA_384,
            Self::Sha512 => oid::ID_SHA_512,
        }
    }

    /// By object identifier; others are not accepted.
    pub(crate) fn by_oid(id: Oid) -> Result<Self, SigningError> {
        match id {
            oid::ID_SHA_256 => Ok(Self::Sha256),
            oid::ID_SHA_384 => Ok(Self::Sha384),
            oid::ID_SHA_512 => Ok(Self::Sha512),
            other => Err(SigningError::Algorithm(format!("hash {other}"))),
        }
    }

    /// As AlgorithmIdentifier without parameters (RFC 5754, 2).
    pub(crate) fn identifier(self) -> AlgorithmIdentifierOwned {
        AlgorithmIdentifierOwned { oid: self.oid(), parameters: None }
    }
}

/// How a key signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Algorithm {
    /// RSA, PKCS#1 v1.5 (RFC 8017, 8.2).
    RsaPkcs1(Hash),
    /// RSA, PSS with a salt as long as the hash, MGF1 with the same hash (RFC 8017, 8.1).
    RsaPss(Hash),
    /// ECDSA on P-256 with SHA-256.
    EcdsaP256,
    /// ECDSA on P-384 with SHA-384.
    EcdsaP384,
}

/// RSASSA-PSS-params (RFC 4055, 3.1). All of its defaults are SHA-1, so that none may be left out here.
#[derive(Sequence)]
struct PssParameters {
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    hash: Option<AlgorithmIdentifierOwned>,
    #[asn1(context_specific = "1", tag_mode = "EXPLICIT", optional = "true")]
    mask: Option<AlgorithmIdentifierOwned>,
    #[asn1(context_specific = "2", tag_mode = "EXPLICIT", optional = "true")]
    salt_length: Option<u16>,
    #[asn1(context_specific = "3", tag_mode = "EXPLICIT", optional = "true")]
    trailer: Option<u8>,
}

impl Algorithm {
    /// The hash that goes with it.
    pub fn hash(self) -> Hash {
        match self {
            Self::RsaPkcs1(hash) | Self::RsaPss(hash) => hash,
            Self::EcdsaP256 => Hash::Sha256,
            Self::EcdsaP384 => Hash::Sha384,
        }
    }

    /// What a key of this kind signs with when nobody asks for something else: PKCS#1 v1.5 for RSA, because
    /// readers in use here do not all know PSS.
    ///
    /// # Errors
    /// [`SigningError::Algorithm`] for other kinds of keys.
    pub fn usual(key: &SubjectPublicKeyInfoOwned) -> Result<Self, SigningError> {
        match (key.algorithm.oid, curve(key)) {
            (oid::RSA_ENCRYPTION, _) => Ok(Self::RsaPkcs1(Hash::Sha256)),
            (oid::ID_RSASSA_PSS, _) => Ok(Self::RsaPss(Hash::Sha256)),
            (_, Some(oid::SECP_256_R_1)) => Ok(Self::EcdsaP256),
            (_, Some(oid::SECP_384_R_1)) => Ok(Self::EcdsaP384),
            (other, _) => Err(SigningError::Algorithm(format!("key {other}"))),
        }
    }

    /// The `signatureAlgorithm` of a SignerInfo (RFC 5754, RFC 4056).
    pub(crate) fn identifier(self) -> Result<AlgorithmIdentifierOwned, SigningError> {
        let null = || Some(Any::from(AnyRef::NULL));
        Ok(match self {
            Self::RsaPkcs1(_) => AlgorithmIdentifierOwned { oid: oid::RSA_ENCRYPTION, parameters: null() },
            Self::RsaPss(hash) => {
                let hash_id = AlgorithmIdentifierOwned { oid: hash.oid(), parameters: null() };
                let mask =
                    AlgorithmIdentifierOwned { oid: oid::ID_MGF_1, parameters: Some(Any::encode_from(&hash_id)?) };
                let parameters = PssParameters {
                    hash: Some(hash_id),
                    mask: Some(mask),
                    salt_length: Some(hash.length() as u16),
                    trailer: None,
                };
                AlgorithmIdentifierOwned { oid: oid::ID_RSASSA_PSS, parameters: Some(Any::encode_from(&parameters)?) }
            }
            Self::EcdsaP256 => AlgorithmIdentifierOwned { oid: oid::ECDSA_WITH_SHA_256, parameters: None },
            Self::EcdsaP384 => AlgorithmIdentifierOwned { oid: oid::ECDSA_WITH_SHA_384, parameters: None },
        })
    }

    /// Whether a key of this kind can sign so.
    pub(crate) fn fits(self, key: &SubjectPublicKeyInfoOwned) -> bool {
        match self {
            Self::RsaPkcs1(_) => key.algorithm.oid == oid::RSA_ENCRYPTION,
            Self::RsaPss(_) => matches!(key.algorithm.oid, oid::RSA_ENCRYPTION | oid::ID_RSASSA_PSS),
            Self::EcdsaP256 => curve(key) == Some(oid::SECP_256_R_1),
            Self::EcdsaP384 => curve(key) == Some(oid::SECP_384_R_1),
        }
    }
}

/// The named curve of an elliptic-curve key.
fn curve(key: &SubjectPublicKeyInfoOwned) -> Option<Oid> {
    if key.algorithm.oid != oid::ID_EC_PUBLIC_KEY {
        return None;
    }
    key.algorithm.parameters.as_ref()?.decode_as().ok()
}

/// The hash named by the parameters of PSS, when they are in the one form that is accepted.
fn pss_hash(parameters: Option<&Any>) -> Result<Hash, SigningError> {
    let refused = || SigningError::Algorithm("parameters of RSASSA-PSS".to_owned());
    let bytes = parameters.and_then(|any| any.to_der().ok()).ok_or_else(refused)?;
    let read = PssParameters::from_der(&bytes).map_err(|_| refused())?;
    let hash = Hash::by_oid(read.hash.ok_or_else(refused)?.oid)?;
    let mask = read.mask.ok_or_else(refused)?;
    let inner: AlgorithmIdentifierOwned =
        mask.parameters.as_ref().and_then(|any| any.decode_as().ok()).ok_or_else(refused)?;
    let fits = mask.oid == oid::ID_MGF_1
        && inner.oid == hash.oid()
        && read.salt_length.map(usize::from) == Some(hash.length())
        && read.trailer.is_none_or(|trailer| trailer == 1);
    if fits { Ok(hash) } else { Err(refused()) }
}

/// Checks `signature` over `message`. `digest` is the hash that a SignerInfo names beside the algorithm.
///
/// # Errors
/// [`SigningError::Algorithm`] for what is not accepted, [`SigningError::BadSignature`] when it does not verify.
pub(crate) fn verify(
    key: &SubjectPublicKeyInfoOwned,
    algorithm: &AlgorithmIdentifierOwned,
    digest: Option<Hash>,
    message: &[u8],
    signature: &[u8],
) -> Result<(), SigningError> {
    let refused = || SigningError::Algorithm(format!("{} with key {}", algorithm.oid, key.algorithm.oid));
    let rsa_key = key.algorithm.oid == oid::RSA_ENCRYPTION;
    let named = match algorithm.oid {
        oid::RSA_ENCRYPTION => digest.ok_or_else(refused)?,
        oid::SHA_256_WITH_RSA_ENCRYPTION | oid::ECDSA_WITH_SHA_256 => Hash::Sha256,
        oid::SHA_384_WITH_RSA_ENCRYPTION | oid::ECDSA_WITH_SHA_384 => Hash::Sha384,
        oid::SHA_512_WITH_RSA_ENCRYPTION => Hash::Sha512,
        oid::ID_RSASSA_PSS => pss_hash(algorithm.parameters.as_ref())?,
        _ => return Err(refused()),
    };
    if digest.is_some_and(|digest| digest != named) {
        return Err(SigningError::Algorithm("two different hashes in one signature".to_owned()));
    }
    let check: &dyn rs::VerificationAlgorithm = match (algorithm.oid, named) {
        (oid::ID_RSASSA_PSS, _) if !rsa_key && key.algorithm.oid != oid::ID_RSASSA_PSS => return Err(refused()),
        (oid::ID_RSASSA_PSS, Hash::Sha256) => &rs::RSA_PSS_2048_8192_SHA256,
        (oid::ID_RSASSA_PSS, Hash::Sha384) => &rs::RSA_PSS_2048_8192_SHA384,
        (oid::ID_RSASSA_PSS, Hash::Sha512) => &rs::RSA_PSS_2048_8192_SHA512,
        (oid::ECDSA_WITH_SHA_256 | oid::ECDSA_WITH_SHA_384, _) => match (curve(key), named) {
            (Some(oid::SECP_256_R_1), Hash::Sha256) => &rs::ECDSA_P256_SHA256_ASN1,
            (Some(oid::SECP_256_R_1), Hash::Sha384) => &rs::ECDSA_P256_SHA384_ASN1,
            (Some(oid::SECP_384_R_1), Hash::Sha256) => &rs::ECDSA_P384_SHA256_ASN1,
            (Some(oid::SECP_384_R_1), Hash::Sha384) => &rs::ECDSA_P384_SHA384_ASN1,
            _ => return Err(refused()),
        },
        _ if !rsa_key => return Err(refused()),
        (_, Hash::Sha256) => &rs::RSA_PKCS1_2048_8192_SHA256,
        (_, Hash::Sha384) => &rs::RSA_PKCS1_2048_8192_SHA384,
        (_, Hash::Sha512) => &rs::RSA_PKCS1_2048_8192_SHA512,
    };
    rs::UnparsedPublicKey::new(check, key.subject_public_key.raw_bytes())
        .verify(message, signature)
        .map_err(|_| SigningError::BadSignature("does not verify with the certificate's key".to_owned()))
}
