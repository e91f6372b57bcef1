//! Keys that sign: a key file for development and small offices, a token or HSM, and whatever else can sign bytes.

pub(crate) mod pkcs12;
mod soft;
mod token;

pub use soft::SoftKey;
pub use token::{TokenKey, TokenSettings};

use crate::{Algorithm, Certificate, SigningError, algorithm};
use std::fmt;
use zeroize::Zeroizing;

/// A key with its certificate.
pub trait SigningKey: Send + Sync {
    /// The certificate of the key.
    fn certificate(&self) -> &Certificate;

    /// Certificates above it, issuer first, as far as the key's holder has them.
    fn chain(&self) -> &[Certificate];

    /// How it signs.
    fn algorithm(&self) -> Algorithm;

    /// Signs `attributes`, hashing them itself. ECDSA signatures are DER (RFC 3279, 2.2.3).
    ///
    /// # Errors
    /// [`SigningError::Token`] and others of the kind of key.
    fn sign(&self, attributes: &[u8]) -> Result<Vec<u8>, SigningError>;
}

/// Signs and checks the signature with the certificate before anybody calls it one: a faulty token, or a certificate that
/// is not the key's, is found here and not by the receiver.
///
/// # Errors
/// What the key says, and [`SigningError::BadSignature`].
pub fn sign_checked(key: &dyn SigningKey, attributes: &[u8]) -> Result<Vec<u8>, SigningError> {
    let signature = key.sign(attributes)?;
    let named = key.algorithm();
    let identifier = named.identifier()?;
    algorithm::verify(key.certificate().key(), &identifier, Some(named.hash()), attributes, &signature)?;
    Ok(signature)
}

/// An unlocking code or PIN. It is wiped from memory when dropped, and never printed.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes the text over.
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// Whether nothing was typed.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text, for the one who unlocks.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}
