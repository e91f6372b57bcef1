//! A key at the service: its certificate, and how it signs.

use super::RemoteError;
use super::wire::CredentialInfo;
use crate::{Algorithm, Certificate, Hash, Options};
use const_oid::db::rfc5912 as oid;
use data_encoding::BASE64;
use der::Encode;
use serde::{Deserialize, Serialize};
use types::Timestamp;

/// Certificates of one chain, at most.
const CHAIN_MAX: usize = 10;
/// Characters of a label that are shown.
const LABEL_CHARACTERS_MAX: usize = 80;
/// What we ask for, the first that the service has. PKCS#1 v1.5 before PSS, because readers in use here do not all know PSS.
const ALGORITHMS: [Algorithm; 8] = [
    Algorithm::RsaPkcs1(Hash::Sha256),
    Algorithm::EcdsaP256,
    Algorithm::EcdsaP384,
    Algorithm::RsaPss(Hash::Sha256),
    Algorithm::RsaPkcs1(Hash::Sha384),
    Algorithm::RsaPkcs1(Hash::Sha512),
    Algorithm::RsaPss(Hash::Sha384),
    Algorithm::RsaPss(Hash::Sha512),
];

/// How the use of the key is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Authorization {
    /// By `credentials/authorize`, with what [`Credential::wanted`] says.
    Explicit,
    /// By the bearer token alone, which the caller gets for this key by OAuth 2.0.
    Token,
}

/// Something the service wants before it signs: a PIN, a one-time code, a phone that confirms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The service's name for it.
    pub id: String,
    /// Its kind, e.g. `Password`.
    pub kind: String,
    /// What people call it; may be empty.
    pub label: String,
}

/// A key at the service, as it stands when asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    /// The service's name for it.
    pub id: String,
    /// Its certificate.
    pub certificate: Certificate,
    /// Certificates above, issuer first.
    pub chain: Vec<Certificate>,
    /// Whether key and certificate are in force, as the service says.
    pub enabled: bool,
    /// Object identifiers of the algorithms it signs with.
    pub algorithms: Vec<String>,
    /// How its use is allowed.
    pub authorization: Authorization,
    /// What the service wants before it signs.
    pub wanted: Vec<Wanted>,
    /// Whether the permission is bound to the hashes (SCAL 2, EN 419241-1).
    pub bound: bool,
    /// Signatures that one permission allows, at most.
    pub multisign: usize,
}

/// What people read of a text that the service gave.
fn short(label: &str) -> String {
    label.chars().filter(|c| !c.is_control()).take(LABEL_CHARACTERS_MAX).collect()
}

/// An algorithm in the words of the service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Named {
    pub algorithm: String,
    pub parameters: Option<String>,
    /// Where the algorithm alone does not say the hash.
    pub hash: Option<String>,
}

impl Credential {
    pub(super) fn read(id: &str, said: CredentialInfo) -> Result<Self, RemoteError> {
        let lies = |what: &str| RemoteError::Lies(format!("credentials/info: {what}"));
        if said.cert.certificates.len() > CHAIN_MAX {
            return Err(lies("too many certificates"));
        }
        let read = |text: &String| {
            let der = BASE64.decode(text.as_bytes()).map_err(|_| lies("a certificate that is not base64"))?;
            Certificate::from_der(&der).map_err(|_| lies("a certificate that cannot be read"))
        };
        let mut chain = said.cert.certificates.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        if chain.is_empty() {
            return Err(lies("no certificate"));
        }
        let certificate = chain.remove(0);
        let authorization = match &*said.auth.mode {
            "explicit" => Authorization::Explicit,
            "oauth2code" => Authorization::Token,
            _ => return Err(lies("an unknown mode of authorization")),
        };
        let wanted =
            said.auth.objects.into_iter().map(|o| Wanted { id: o.id, kind: o.kind, label: short(&o.label) }).collect();
        Ok(Self {
            id: id.to_owned(),
            certificate,
            chain,
            enabled: said.key.status == "enabled" && said.cert.status.is_none_or(|status| status == "valid"),
            algorithms: said.key.algo,
            authorization,
            wanted,
            bound: said.scal.as_deref() == Some("2"),
            multisign: said.multisign as usize,
        })
    }

    /// How it signs for us: an algorithm that we accept, the service has, and the certificate's key is for.
    ///
    /// # Errors
    /// [`RemoteError::CannotSign`] when there is none.
    pub fn algorithm(&self) -> Result<Algorithm, RemoteError> {
        let fits = |algorithm: &Algorithm| algorithm.fits(self.certificate.key()) && self.named(*algorithm).is_ok();
        let none = || RemoteError::CannotSign(format!("no algorithm of {:.200}", self.algorithms.join(" ")));
        ALGORITHMS.into_iter().find(fits).ok_or_else(none)
    }

    /// An invisible signature by this key, for [`crate::prepare`].
    ///
    /// # Errors
    /// [`RemoteError::CannotSign`].
    pub fn options(&self, signed_at: Timestamp) -> Result<Options, RemoteError> {
        let mut options = Options::new(self.certificate.clone(), self.chain.clone(), signed_at)?;
        options.algorithm = self.algorithm()?;
        Ok(options)
    }

    /// The algorithm in the words of the service (11.10, `signAlgo`).
    pub(super) fn named(&self, algorithm: Algorithm) -> Result<Named, RemoteError> {
        let hash = algorithm.hash().oid().to_string();
        let offers = |id: const_oid::ObjectIdentifier| self.algorithms.iter().any(|known| *known == id.to_string());
        let id = match algorithm {
            Algorithm::RsaPkcs1(_) if offers(oid::RSA_ENCRYPTION) => oid::RSA_ENCRYPTION,
            Algorithm::RsaPkcs1(Hash::Sha256) => oid::SHA_256_WITH_RSA_ENCRYPTION,
            Algorithm::RsaPkcs1(Hash::Sha384) => oid::SHA_384_WITH_RSA_ENCRYPTION,
            Algorithm::RsaPkcs1(Hash::Sha512) => oid::SHA_512_WITH_RSA_ENCRYPTION,
            Algorithm::RsaPss(_) => oid::ID_RSASSA_PSS,
            Algorithm::EcdsaP256 => oid::ECDSA_WITH_SHA_256,
            Algorithm::EcdsaP384 => oid::ECDSA_WITH_SHA_384,
        };
        if !offers(id) {
            return Err(RemoteError::CannotSign(format!("{algorithm:?} is not offered")));
        }
        let says_no_hash = matches!(id, oid::RSA_ENCRYPTION | oid::ID_RSASSA_PSS);
        let parameters = if id == oid::ID_RSASSA_PSS { algorithm.identifier()?.parameters } else { None };
        let parameters = parameters.map(|any| any.to_der()).transpose().map_err(crate::SigningError::from)?;
        Ok(Named {
            algorithm: id.to_string(),
            parameters: parameters.map(|der| BASE64.encode(&der)),
            hash: says_no_hash.then_some(hash),
        })
    }
}
