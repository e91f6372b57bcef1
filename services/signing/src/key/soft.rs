//! A key in a file, held in memory while it is used.

use super::{Secret, SigningKey, pkcs12};
use crate::{Algorithm, Certificate, Hash, SigningError};
use const_oid::db::rfc5912;
use ring::rand::SystemRandom;
use ring::signature::{self as rs, EcdsaKeyPair, KeyPair, RsaKeyPair};
use std::fmt;

/// The key pair, of one of the kinds that are accepted.
enum Pair {
    Rsa(Box<RsaKeyPair>),
    P256(EcdsaKeyPair),
    P384(EcdsaKeyPair),
}

/// A key from a PKCS#12 file. The unlocking code and the unpacked file are wiped from memory; the key pair itself is held
/// by `ring`, which does not wipe, so that the process that holds one is to be guarded like the key. For an official seal, a token or HSM is what the law asks for (TT 15/2025/TT-BKHCN).
pub struct SoftKey {
    pair: Pair,
    algorithm: Algorithm,
    certificate: Certificate,
    chain: Vec<Certificate>,
}

impl SoftKey {
    /// Opens a PKCS#12 file with one key, takes the certificate of that key and orders the others above it.
    ///
    /// # Errors
    /// [`SigningError::WrongPassword`], [`SigningError::BadKeyFile`] (also when no certificate belongs to the key),
    /// [`SigningError::Algorithm`] for kinds of keys that are not accepted, e.g. RSA below 2048 bits.
    pub fn from_pkcs12(file: &[u8], password: &Secret) -> Result<Self, SigningError> {
        let found = pkcs12::open(file, password)?;
        let [pkcs8] = &found.keys[..] else {
            return Err(SigningError::BadKeyFile(format!("{} keys instead of one", found.keys.len())));
        };
        let pair = Pair::from_pkcs8(pkcs8)?;
        let certificate = found
            .certificates
            .iter()
            .find(|certificate| certificate.key().subject_public_key.raw_bytes() == pair.public_key())
            .ok_or_else(|| SigningError::BadKeyFile("no certificate for the key".to_owned()))?
            .clone();
        let algorithm = Algorithm::usual(certificate.key())?;
        let chain = ordered_chain(&certificate, &found.certificates);
        Ok(Self { pair, algorithm, certificate, chain })
    }

    /// Signs with another algorithm than the usual one, e.g. PSS.
    ///
    /// # Errors
    /// [`SigningError::Algorithm`] when the key cannot sign so.
    pub fn with_algorithm(self, algorithm: Algorithm) -> Result<Self, SigningError> {
        if algorithm.fits(self.certificate.key()) {
            Ok(Self { algorithm, ..self })
        } else {
            Err(SigningError::Algorithm(format!("{algorithm:?} with another kind of key")))
        }
    }
}

/// The issuer, its issuer and so on, as far as they are in `pool`.
fn ordered_chain(leaf: &Certificate, pool: &[Certificate]) -> Vec<Certificate> {
    let mut chain: Vec<Certificate> = Vec::new();
    let mut current = leaf;
    while !current.is_self_issued() && chain.len() < pool.len() {
        let Some(issuer) = pool.iter().find(|candidate| current.check_issued_by(candidate).is_ok()) else { break };
        chain.push(issuer.clone());
        current = issuer;
    }
    chain
}

impl Pair {
    fn from_pkcs8(pkcs8: &[u8]) -> Result<Self, SigningError> {
        let random = SystemRandom::new();
        let refused = |error: ring::error::KeyRejected| SigningError::Algorithm(format!("key: {error}"));
        match pkcs12::key_kind(pkcs8) {
            Some(rfc5912::RSA_ENCRYPTION) => Ok(Self::Rsa(Box::new(RsaKeyPair::from_pkcs8(pkcs8).map_err(refused)?))),
            Some(rfc5912::SECP_256_R_1) => {
                let kind = &rs::ECDSA_P256_SHA256_ASN1_SIGNING;
                Ok(Self::P256(EcdsaKeyPair::from_pkcs8(kind, pkcs8, &random).map_err(refused)?))
            }
            Some(rfc5912::SECP_384_R_1) => {
                let kind = &rs::ECDSA_P384_SHA384_ASN1_SIGNING;
                Ok(Self::P384(EcdsaKeyPair::from_pkcs8(kind, pkcs8, &random).map_err(refused)?))
            }
            other => Err(SigningError::Algorithm(format!("key of kind {other:?}"))),
        }
    }

    fn public_key(&self) -> &[u8] {
        match self {
            Self::Rsa(pair) => pair.public_key().as_ref(),
            Self::P256(pair) | Self::P384(pair) => pair.public_key().as_ref(),
        }
    }
}

impl SigningKey for SoftKey {
    fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    fn chain(&self) -> &[Certificate] {
        &self.chain
    }

    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    fn sign(&self, attributes: &[u8]) -> Result<Vec<u8>, SigningError> {
        let random = SystemRandom::new();
        let failed = |_| SigningError::Internal("the key did not sign".to_owned());
        let encoding: &dyn rs::RsaEncoding = match (&self.pair, self.algorithm) {
            (Pair::P256(pair), Algorithm::EcdsaP256) | (Pair::P384(pair), Algorithm::EcdsaP384) => {
                return Ok(pair.sign(&random, attributes).map_err(failed)?.as_ref().to_vec());
            }
            (_, Algorithm::RsaPkcs1(Hash::Sha256)) => &rs::RSA_PKCS1_SHA256,
            (_, Algorithm::RsaPkcs1(Hash::Sha384)) => &rs::RSA_PKCS1_SHA384,
            (_, Algorithm::RsaPkcs1(Hash::Sha512)) => &rs::RSA_PKCS1_SHA512,
            (_, Algorithm::RsaPss(Hash::Sha256)) => &rs::RSA_PSS_SHA256,
            (_, Algorithm::RsaPss(Hash::Sha384)) => &rs::RSA_PSS_SHA384,
            (_, Algorithm::RsaPss(Hash::Sha512)) => &rs::RSA_PSS_SHA512,
            (_, other) => return Err(SigningError::Algorithm(format!("{other:?} with another kind of key"))),
        };
        let Pair::Rsa(pair) = &self.pair else {
            return Err(SigningError::Algorithm("RSA with another kind of key".to_owned()));
        };
        let mut signature = vec![0; pair.public().modulus_len()];
        pair.sign(encoding, &random, attributes, &mut signature).map_err(failed)?;
        Ok(signature)
    }
}

impl fmt::Debug for SoftKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SoftKey({}, {:?})", self.certificate.subject(), self.algorithm)
    }
}
