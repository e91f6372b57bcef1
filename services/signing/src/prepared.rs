//! A signature in two steps: prepare the file and what is to be signed, then, perhaps days later, put the signature in.
//!
//! Tokens, HSMs, SIM cards and remote services all sign a few bytes and answer when a person has agreed. In between,
//! the [`Prepared`] is stored; nothing of it may change, and [`Prepared::embed`] finds out when something did.

use crate::algorithm::{Algorithm, Hash};
use crate::cms::{self, Content, Naming, SignedMessage};
use crate::pdf::{self, Hole, Kind, Placement};
use crate::places::Issue;
use crate::timestamp::check_token;
use crate::{Certificate, SigningError};
use const_oid::db::rfc5911;
use serde::{Deserialize, Serialize};
use types::Timestamp;

/// Room in bytes for a signature without a timestamp.
pub const HOLE_BYTES_PLAIN: usize = 8 << 10;
/// Room in bytes for a signature with a timestamp.
pub const HOLE_BYTES_TIMESTAMPED: usize = 16 << 10;
/// Most room that can be asked for, in bytes.
const HOLE_BYTES_MAX: usize = 256 << 10;

/// Who signs, how it looks, and what the reader shows.
#[derive(Debug, Clone)]
pub struct Options {
    /// The signer's certificate.
    pub certificate: Certificate,
    /// Certificates up to the root, issuer first. They travel with the signature.
    pub chain: Vec<Certificate>,
    /// How the key signs.
    pub algorithm: Algorithm,
    /// Name of the field; a number is added when it is taken.
    pub field: String,
    /// Who signs, for the reader.
    pub name: Option<String>,
    /// Why, for the reader.
    pub reason: Option<String>,
    /// Where, for the reader.
    pub location: Option<String>,
    /// The signer's time; written as `/M` with Viet Nam's offset. It is signed with the document, so that it stays the
    /// time of preparing when the signature comes later; the timestamp tells that time.
    pub signed_at: Timestamp,
    /// Where the signature is seen; nowhere without.
    pub placement: Option<Placement>,
    /// Number and date for the places that were reserved before the first signature ([`crate::places`]), which this
    /// signature vouches for. Whatever is written in such places, now or before, it locks where no earlier signature did.
    pub issue: Option<Issue>,
    /// Room for the signature in bytes: [`HOLE_BYTES_PLAIN`], [`HOLE_BYTES_TIMESTAMPED`] or what a long chain needs.
    pub hole_bytes: usize,
}

impl Options {
    /// An invisible signature with the key's usual algorithm and room for a timestamp.
    ///
    /// # Errors
    /// [`SigningError::Algorithm`] when the key's kind is not accepted.
    pub fn new(certificate: Certificate, chain: Vec<Certificate>, signed_at: Timestamp) -> Result<Self, SigningError> {
        Ok(Self {
            algorithm: Algorithm::usual(certificate.key())?,
            certificate,
            chain,
            field: "Signature".to_owned(),
            name: None,
            reason: None,
            location: None,
            signed_at,
            placement: None,
            issue: None,
            hole_bytes: HOLE_BYTES_TIMESTAMPED,
        })
    }
}

/// A document that waits for its signature. It can be stored; nobody but this crate makes or changes one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prepared {
    #[serde(with = "crate::base64")]
    pub(crate) document: Vec<u8>,
    #[serde(flatten)]
    outline: Outline,
}

/// All of a [`Prepared`] but the document, which may be stored beside it as the file that it is: with an empty signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outline {
    hole: Hole,
    #[serde(with = "crate::base64")]
    digest: Vec<u8>,
    #[serde(with = "crate::base64")]
    attributes: Vec<u8>,
    algorithm: Algorithm,
    certificate: Certificate,
    chain: Vec<Certificate>,
}

/// Appends an empty signature to `base` and works out what is to be signed.
///
/// # Errors
/// What the file is refused for ([`SigningError::Damaged`] and others), [`SigningError::CertificateNotValidNow`],
/// [`SigningError::BadCertificate`] for one that may not sign documents, [`SigningError::Algorithm`] when the
/// algorithm and the key do not go together; with number and date what [`crate::places::fill`] says.
pub fn prepare(base: &[u8], options: &Options) -> Result<Prepared, SigningError> {
    let Options { certificate, algorithm, .. } = options;
    if !certificate.may_sign_documents() {
        return Err(SigningError::BadCertificate(format!("{}: key usage", certificate.subject())));
    }
    if !certificate.is_valid_at(options.signed_at) {
        return Err(SigningError::CertificateNotValidNow);
    }
    if !algorithm.fits(certificate.key()) {
        return Err(SigningError::Algorithm(format!("{algorithm:?} with another kind of key")));
    }
    let kind = Kind::Signature {
        name: options.name.as_deref(),
        reason: options.reason.as_deref(),
        location: options.location.as_deref(),
        signed_at: options.signed_at,
        issue: options.issue.as_ref(),
    };
    let field = pdf::Field {
        name: &options.field,
        kind,
        placement: options.placement.as_ref(),
        hole_bytes: options.hole_bytes.min(HOLE_BYTES_MAX),
    };
    let (document, hole) = pdf::append_field(base, &field)?;
    let digest = algorithm.hash().of(&around(&document, &hole)?);
    let outline = Outline {
        attributes: cms::signed_attributes(&digest, certificate)?,
        hole,
        digest,
        algorithm: *algorithm,
        certificate: certificate.clone(),
        chain: options.chain.clone(),
    };
    Ok(Prepared { document, outline })
}

impl Outline {
    /// What the key signs: the DER of the signed attributes. The key hashes it itself.
    pub fn to_sign(&self) -> &[u8] {
        &self.attributes
    }

    /// How it is to be signed.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Whose signature is waited for.
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// Together with its document again; that it is the same one, [`Prepared::embed`] finds out.
    pub fn with(self, document: Vec<u8>) -> Prepared {
        Prepared { document, outline: self }
    }
}

impl Prepared {
    /// The document with an empty signature in it, and the rest.
    pub fn into_parts(self) -> (Vec<u8>, Outline) {
        (self.document, self.outline)
    }

    /// All but the document.
    pub fn outline(&self) -> &Outline {
        &self.outline
    }

    /// What the key signs: see [`Outline::to_sign`].
    pub fn to_sign(&self) -> &[u8] {
        &self.outline.attributes
    }

    /// The hash of [`Self::to_sign`], for a service that signs hashes.
    pub fn hash_to_sign(&self) -> Vec<u8> {
        self.outline.algorithm.hash().of(&[&self.outline.attributes])
    }

    /// How it is to be signed.
    pub fn algorithm(&self) -> Algorithm {
        self.outline.algorithm
    }

    /// Whose signature is waited for.
    pub fn certificate(&self) -> &Certificate {
        &self.outline.certificate
    }

    /// The hash of everything around the hole.
    pub fn digest(&self) -> &[u8] {
        &self.outline.digest
    }

    /// Puts the CMS together from a signature over [`Self::to_sign`] and a timestamp token over that signature.
    ///
    /// # Errors
    /// [`SigningError::BadSignature`] when it does not verify with the certificate.
    pub fn assemble(&self, signature: &[u8], timestamp: Option<&[u8]>) -> Result<Vec<u8>, SigningError> {
        let Outline { attributes, algorithm, certificate, chain, .. } = &self.outline;
        let identifier = algorithm.identifier()?;
        crate::algorithm::verify(certificate.key(), &identifier, Some(algorithm.hash()), attributes, signature)?;
        cms::assemble(attributes, signature, *algorithm, certificate, chain, timestamp)
    }

    /// Puts a CMS into the hole. It may also come from elsewhere, as long as it signs this document with this certificate.
    ///
    /// # Errors
    /// [`SigningError::HoleTooSmall`], [`SigningError::Altered`] when the stored document changed,
    /// [`SigningError::BadSignature`] when the CMS is not one over it, [`SigningError::BadTimestamp`] when its timestamp is
    /// not one over its signature.
    pub fn embed(&self, cms: &[u8]) -> Result<Vec<u8>, SigningError> {
        self.check(cms)?;
        fill(self.document.clone(), &self.outline.hole, cms)
    }

    /// Puts a signature over [`Self::to_sign`] in, without a timestamp and without another copy of the document.
    ///
    /// # Errors
    /// As [`Self::assemble`] and [`Self::embed`].
    pub fn signed_with(self, signature: &[u8]) -> Result<Vec<u8>, SigningError> {
        let cms = self.assemble(signature, None)?;
        self.into_signed(&cms)
    }

    /// As [`Self::embed`], without another copy of the document.
    pub(crate) fn into_signed(self, cms: &[u8]) -> Result<Vec<u8>, SigningError> {
        self.check(cms)?;
        fill(self.document, &self.outline.hole, cms)
    }

    /// Whether the document is the one that was prepared, and the CMS one over it.
    fn check(&self, cms: &[u8]) -> Result<(), SigningError> {
        let around = around(&self.document, &self.outline.hole)?;
        let own = self.outline.algorithm.hash();
        if own.of(&around) != self.outline.digest {
            return Err(SigningError::Altered("digest of the document".to_owned()));
        }
        let message = SignedMessage::from_der(cms)?;
        let digest = |hash: Hash| if hash == own { self.outline.digest.clone() } else { hash.of(&around) };
        let signer = message.check(rfc5911::ID_DATA, Content::Detached(&digest), Naming::Demanded)?;
        if *signer != self.outline.certificate {
            return Err(SigningError::BadSignature("signed with another certificate".to_owned()));
        }
        if let Some(token) = message.timestamp() {
            check_token(&token, &|hash| hash.of(&[message.signature()]))?;
        }
        Ok(())
    }
}

/// What is signed: everything before and after the hole. Refuses a file whose hole is not where it says, or not empty.
pub(crate) fn around<'d>(document: &'d [u8], hole: &Hole) -> Result<[&'d [u8]; 2], SigningError> {
    let altered = |what: &str| SigningError::Altered(what.to_owned());
    let (before, contents, after) =
        match (document.get(..hole.start), document.get(hole.start..hole.end), document.get(hole.end..)) {
            (Some(before), Some(contents), Some(after)) => (before, contents, after),
            _ => return Err(altered("length")),
        };
    let zeros = contents.strip_prefix(b"<").and_then(|rest| rest.strip_suffix(b">"));
    if !zeros.is_some_and(|zeros| zeros.iter().all(|byte| *byte == b'0')) {
        return Err(altered("the hole is not empty"));
    }
    let array = hole.array(document.len());
    if before.get(hole.byte_range..).is_none_or(|rest| !rest.starts_with(array.as_bytes())) {
        return Err(altered("byte range"));
    }
    Ok([before, after])
}

/// The file with `cms` in its hole.
pub(crate) fn fill(mut file: Vec<u8>, hole: &Hole, cms: &[u8]) -> Result<Vec<u8>, SigningError> {
    if cms.len() > hole.room() {
        return Err(SigningError::HoleTooSmall { needed: cms.len(), room: hole.room() });
    }
    let digits = data_encoding::HEXLOWER.encode(cms);
    file[hole.start + 1..hole.start + 1 + digits.len()].copy_from_slice(digits.as_bytes());
    Ok(file)
}
