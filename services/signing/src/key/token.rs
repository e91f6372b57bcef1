//! A key in a token or HSM, over PKCS#11. The key never leaves the device.

mod login;

use super::{Secret, SigningKey};
use crate::{Algorithm, Certificate, Hash, SigningError, asn1};
use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error, RvError};
use cryptoki::mechanism::rsa::{PkcsMgfType, PkcsPssParams};
use cryptoki::mechanism::{Mechanism, MechanismType};
use cryptoki::object::{Attribute, AttributeType, ObjectClass, ObjectHandle};
use cryptoki::session::{Session, UserType};
use cryptoki::types::AuthPin;
use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

/// Which key of which token.
#[derive(Debug, Clone)]
pub struct TokenSettings {
    /// The maker's PKCS#11 library.
    pub library: PathBuf,
    /// Label of the token.
    pub token: String,
    /// Label of the private key.
    pub key: String,
    /// PIN of the token's user.
    pub pin: Secret,
    /// Certificates above the key's, issuer first; tokens often hold only their own.
    pub chain: Vec<Certificate>,
    /// How to sign; the key's usual algorithm without.
    pub algorithm: Option<Algorithm>,
}

/// A key in a token, with a session that is open and logged in.
pub struct TokenKey {
    // One operation at a time: a session holds the state of one.
    session: Mutex<Session>,
    key: ObjectHandle,
    algorithm: Algorithm,
    certificate: Certificate,
    chain: Vec<Certificate>,
    /// Ends after the session.
    _opened: Arc<login::Opened>,
}

impl TokenKey {
    /// Loads the library, finds the token, logs in and finds the key with its certificate: the one with the same id,
    /// or else the same label.
    ///
    /// # Errors
    /// [`SigningError::WrongPassword`], [`SigningError::TokenLocked`], [`SigningError::Token`], [`SigningError::Algorithm`].
    pub fn open(settings: &TokenSettings) -> Result<Self, SigningError> {
        let library = Pkcs11::new(&settings.library).map_err(token)?;
        match library.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)) {
            // Another key of the same library is in use.
            Ok(()) | Err(Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => {}
            Err(error) => return Err(token(error)),
        }
        let slots = library.get_slots_with_token().map_err(token)?;
        let slot = slots
            .into_iter()
            .find(|slot| library.get_token_info(*slot).is_ok_and(|info| info.label().trim_end() == settings.token))
            .ok_or_else(|| SigningError::Token(format!("no token «{}»", settings.token)))?;
        let session = library.open_ro_session(slot).map_err(token)?;
        let login = || session.login(UserType::User, Some(&AuthPin::new(settings.pin.reveal().into())));
        let opened = login::open((&settings.library, &settings.token), settings.pin.reveal(), || match login() {
            Ok(()) => Ok(true),
            Err(Error::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => Ok(false),
            Err(error) => Err(token(error)),
        })?;
        let label = Attribute::Label(settings.key.clone().into_bytes());
        let key = find(&session, ObjectClass::PRIVATE_KEY, label.clone())?;
        let id = session.get_attributes(key, &[AttributeType::Id]).map_err(token)?.pop();
        let by_id = id.map(|id| find(&session, ObjectClass::CERTIFICATE, id));
        let object = match by_id {
            Some(Ok(object)) => object,
            _ => find(&session, ObjectClass::CERTIFICATE, label)?,
        };
        let value = session.get_attributes(object, &[AttributeType::Value]).map_err(token)?.pop();
        let Some(Attribute::Value(der)) = value else {
            return Err(SigningError::Token("the certificate has no value".to_owned()));
        };
        let certificate = Certificate::from_der(&der)?;
        let algorithm = settings.algorithm.map_or_else(|| Algorithm::usual(certificate.key()), Ok)?;
        if !algorithm.fits(certificate.key()) {
            return Err(SigningError::Algorithm(format!("{algorithm:?} with another kind of key")));
        }
        Ok(Self {
            _opened: opened,
            session: Mutex::new(session),
            key,
            algorithm,
            certificate,
            chain: settings.chain.clone(),
        })
    }
}

/// The first object of `class` with `attribute`.
fn find(session: &Session, class: ObjectClass, attribute: Attribute) -> Result<ObjectHandle, SigningError> {
    let found = session.find_objects(&[Attribute::Class(class), attribute]).map_err(token)?;
    found.first().copied().ok_or_else(|| SigningError::Token(format!("no object of class {class}")))
}

impl SigningKey for TokenKey {
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
        let session = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        let sign = |mechanism: &Mechanism<'_>, bytes: &[u8]| session.sign(mechanism, self.key, bytes).map_err(token);
        match self.algorithm {
            Algorithm::RsaPkcs1(Hash::Sha256) => sign(&Mechanism::Sha256RsaPkcs, attributes),
            Algorithm::RsaPkcs1(Hash::Sha384) => sign(&Mechanism::Sha384RsaPkcs, attributes),
            Algorithm::RsaPkcs1(Hash::Sha512) => sign(&Mechanism::Sha512RsaPkcs, attributes),
            Algorithm::RsaPss(hash) => sign(&pss(hash), attributes),
            // Few tokens hash for ECDSA themselves, and all of them give r and s side by side.
            Algorithm::EcdsaP256 | Algorithm::EcdsaP384 => {
                let hash = self.algorithm.hash().of(&[attributes]);
                sign(&Mechanism::Ecdsa, &hash).map(|raw| asn1::ecdsa(&raw))
            }
        }
    }
}

/// PSS with the salt as long as the hash.
fn pss(hash: Hash) -> Mechanism<'static> {
    let (hash_alg, mgf, wrap): (_, _, fn(PkcsPssParams) -> Mechanism<'static>) = match hash {
        Hash::Sha256 => (MechanismType::SHA256, PkcsMgfType::MGF1_SHA256, Mechanism::Sha256RsaPkcsPss),
        Hash::Sha384 => (MechanismType::SHA384, PkcsMgfType::MGF1_SHA384, Mechanism::Sha384RsaPkcsPss),
        Hash::Sha512 => (MechanismType::SHA512, PkcsMgfType::MGF1_SHA512, Mechanism::Sha512RsaPkcsPss),
    };
    wrap(PkcsPssParams { hash_alg, mgf, s_len: (hash.length() as u64).into() })
}

/// What the library says: of the PIN as such, of all else for the log. It names no PIN.
fn token(error: Error) -> SigningError {
    match error {
        Error::Pkcs11(RvError::PinIncorrect | RvError::PinInvalid | RvError::PinLenRange, _) => {
            SigningError::WrongPassword
        }
        Error::Pkcs11(RvError::PinLocked, _) => SigningError::TokenLocked,
        error => SigningError::Token(error.to_string()),
    }
}

impl fmt::Debug for TokenKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TokenKey({}, {:?})", self.certificate.subject(), self.algorithm)
    }
}
