//! Reads a SignedData of one signer and checks it: our own before it is embedded, and timestamp tokens.

use super::assemble::{signed_data, timestamped};
use super::attributes::{Named, read_signing_certificate};
use super::{SIGNATURE_TIMESTAMP, SIGNING_CERTIFICATE, SIGNING_CERTIFICATE_V2};
use crate::algorithm::{self, Hash};
use crate::{Certificate, SigningError, asn1};
use cms::signed_data::{EncapsulatedContentInfo, SignerIdentifier, SignerInfo};
use const_oid::ObjectIdentifier as Oid;
use const_oid::db::rfc5911;
use der::asn1::OctetString;
use der::{Decode, Encode};
use x509_cert::attr::Attributes;

/// What a signature is over.
pub(crate) enum Content<'a> {
    /// The hash of what is signed elsewhere, by the hash that the signature names.
    Detached(&'a dyn Fn(Hash) -> Vec<u8>),
    /// What is carried inside.
    Carried,
}

/// Whether the signed attributes must name the signer's certificate (RFC 5035).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Naming {
    /// CAdES and timestamps must.
    Demanded,
    /// The older `adbe.pkcs7.detached` need not; what it names must be right all the same.
    Optional,
}

/// A SignedData with exactly one signer.
pub(crate) struct SignedMessage {
    /// Type of what is signed.
    pub content_type: Oid,
    /// What is carried inside, if anything.
    pub content: Option<Vec<u8>>,
    /// The certificates that come with it.
    pub certificates: Vec<Certificate>,
    info: SignerInfo,
}

impl SignedMessage {
    /// Reads the DER of a ContentInfo; what follows it (the zeros of a hole) must have been cut off.
    ///
    /// # Errors
    /// [`SigningError::BadSignature`].
    pub fn from_der(der: &[u8]) -> Result<Self, SigningError> {
        read(der).map_err(|what| SigningError::BadSignature(format!("SignedData: {what}")))
    }

    /// The signer's certificate, when it came along.
    pub fn signer(&self) -> Option<&Certificate> {
        self.certificates.iter().find(|certificate| {
            let tbs = &certificate.parsed().tbs_certificate;
            match &self.info.sid {
                SignerIdentifier::IssuerAndSerialNumber(named) => {
                    named.issuer == tbs.issuer && named.serial_number == tbs.serial_number
                }
                SignerIdentifier::SubjectKeyIdentifier(id) => {
                    certificate.key_id().is_some_and(|own| own == id.0.as_bytes())
                }
            }
        })
    }

    /// The value of the signature.
    pub fn signature(&self) -> &[u8] {
        self.info.signature.as_bytes()
    }

    /// The timestamp token over the signature, as DER.
    pub fn timestamp(&self) -> Option<Vec<u8>> {
        let attribute = self.info.unsigned_attrs.as_ref()?.iter().find(|a| a.oid == SIGNATURE_TIMESTAMP)?;
        attribute.values.iter().next()?.to_der().ok()
    }

    /// The same as DER, with a timestamp token over the signature.
    ///
    /// # Errors
    /// [`SigningError::BadSignature`] when it has one, or carries what would be lost (revocation lists, other attributes).
    pub fn with_timestamp(&self, der: &[u8], token: &[u8]) -> Result<Vec<u8>, SigningError> {
        let certificates: Vec<&Certificate> = self.certificates.iter().collect();
        // What we can write again to the letter, we understand whole.
        if self.info.unsigned_attrs.is_some() || signed_data(&self.info, &certificates)? != der {
            return Err(SigningError::BadSignature("a timestamp cannot be added to this SignedData".to_owned()));
        }
        let info = SignerInfo { unsigned_attrs: Some(timestamped(token)?), ..self.info.clone() };
        signed_data(&info, &certificates)
    }

    /// Checks the signature with the signer's certificate: content type, digest, the certificate named by the signed
    /// attributes, and the signature over them. Gives the signer's certificate.
    ///
    /// # Errors
    /// [`SigningError::BadSignature`] and [`SigningError::Algorithm`].
    pub fn check(&self, content_type: Oid, content: Content<'_>, naming: Naming) -> Result<&Certificate, SigningError> {
        let bad = |what: &str| SigningError::BadSignature(what.to_owned());
        let hash = Hash::by_oid(self.info.digest_alg.oid)?;
        let digest = match (content, &self.content) {
            (Content::Detached(digest), None) => digest(hash),
            (Content::Carried, Some(bytes)) => hash.of(&[bytes]),
            _ => return Err(bad("content carried where it should not be, or the other way round")),
        };
        let attributes = self.info.signed_attrs.as_ref().ok_or_else(|| bad("no signed attributes"))?;
        let found = |oid| one(attributes, oid).ok_or_else(|| bad("signed attribute missing or twice"));
        let named: Oid = Oid::from_der(&found(rfc5911::ID_CONTENT_TYPE)?).map_err(|_| bad("content type"))?;
        if self.content_type != content_type || named != content_type {
            return Err(bad("content type"));
        }
        let signed = OctetString::from_der(&found(rfc5911::ID_MESSAGE_DIGEST)?).map_err(|_| bad("message digest"))?;
        if signed.as_bytes() != digest {
            return Err(bad("message digest differs"));
        }
        let signer = self.signer().ok_or_else(|| bad("the signer's certificate does not come along"))?;
        check_named(attributes, signer, naming)?;
        let message = attributes.to_der().map_err(|_| bad("signed attributes"))?;
        algorithm::verify(signer.key(), &self.info.signature_algorithm, Some(hash), &message, self.signature())?;
        Ok(signer)
    }
}

/// The signed attributes must name the certificate, or another one with the same key could be put in its place.
fn check_named(attributes: &Attributes, signer: &Certificate, naming: Naming) -> Result<(), SigningError> {
    let (version_2, value) = match (one(attributes, SIGNING_CERTIFICATE_V2), one(attributes, SIGNING_CERTIFICATE)) {
        (Some(value), _) => (true, value),
        (None, Some(value)) => (false, value),
        (None, None) if naming == Naming::Optional => return Ok(()),
        (None, None) => return Err(SigningError::BadSignature("no signing-certificate attribute".to_owned())),
    };
    let same = match read_signing_certificate(version_2, &value)? {
        Named::V2(hash, named) => hash.of(&[signer.der()]) == named,
        // SHA-1 here is no signature: it only names the certificate, and the signature is checked with its key.
        Named::V1(named) => {
            ring::digest::digest(&ring::digest::SHA1_FOR_LEGACY_USE_ONLY, signer.der()).as_ref() == named
        }
    };
    if same { Ok(()) } else { Err(SigningError::BadSignature("signed with another certificate than named".to_owned())) }
}

/// The only value of the only attribute of this kind.
fn one(attributes: &Attributes, oid: Oid) -> Option<Vec<u8>> {
    let mut found = attributes.iter().filter(|attribute| attribute.oid == oid);
    let attribute = found.next()?;
    let single = found.next().is_none() && attribute.values.len() == 1;
    if single { attribute.values.iter().next()?.to_der().ok() } else { None }
}

/// The parts of the SignedData; the error names the part.
fn read(der: &[u8]) -> Result<SignedMessage, &'static str> {
    let mut outer = asn1::only(der, asn1::SEQUENCE).ok_or("ContentInfo")?.inside;
    let kind = asn1::next(&mut outer).ok_or("content type")?;
    if Oid::from_der(kind.whole).ok() != Some(rfc5911::ID_SIGNED_DATA) {
        return Err("not SignedData");
    }
    let explicit = asn1::only(outer, asn1::CONTEXT_0).ok_or("content")?;
    let mut inside = asn1::only(explicit.inside, asn1::SEQUENCE).ok_or("content")?.inside;
    asn1::next(&mut inside).ok_or("version")?;
    asn1::next(&mut inside).ok_or("digest algorithms")?;
    let content = asn1::next(&mut inside).ok_or("encapsulated content")?;
    let content = EncapsulatedContentInfo::from_der(content.whole).map_err(|_| "encapsulated content")?;
    let mut certificates = Vec::new();
    let mut last = asn1::next(&mut inside).ok_or("signer infos")?;
    if last.tag == asn1::CONTEXT_0 {
        let mut set = last.inside;
        while let Some(element) = asn1::next(&mut set) {
            // Other kinds (attribute certificates) have context tags and are passed over.
            if element.tag == asn1::SEQUENCE {
                certificates.push(Certificate::from_der(element.whole).map_err(|_| "certificate")?);
            }
        }
        last = asn1::next(&mut inside).ok_or("signer infos")?;
    }
    if last.tag == 0xA1 {
        last = asn1::next(&mut inside).ok_or("signer infos")?;
    }
    let mut infos = last.inside;
    let info = asn1::next(&mut infos).ok_or("signer info")?;
    if last.tag != 0x31 || !infos.is_empty() || !inside.is_empty() {
        return Err("more or less than one signer");
    }
    let carried = match content.econtent {
        Some(any) => {
            let bytes: OctetString = any.decode_as().map_err(|_| "carried content")?;
            Some(bytes.as_bytes().to_vec())
        }
        None => None,
    };
    Ok(SignedMessage {
        content_type: content.econtent_type,
        content: carried,
        certificates,
        info: SignerInfo::from_der(info.whole).map_err(|_| "signer info")?,
    })
}
