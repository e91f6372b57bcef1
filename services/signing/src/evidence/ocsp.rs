//! OCSP (RFC 6960): asking about one certificate, and checking who answered what.

use super::{Status, is_fresh};
use crate::certificate::{check_signed, seconds};
use crate::{Certificate, Hash, SigningError, asn1};
use const_oid::ObjectIdentifier as Oid;
use const_oid::db::{rfc5280, rfc5912, rfc6960};
use der::asn1::OctetString;
use der::{Any, AnyRef, Decode, Encode};
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use spki::AlgorithmIdentifierOwned;
use types::Timestamp;
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::KeyUsages;
use x509_ocsp::{BasicOcspResponse, CertId, CertStatus, OcspRequest, OcspResponse, OcspResponseStatus};
use x509_ocsp::{Request, ResponderId, SingleResponse, TbsRequest, Version};

/// How a request names the certificate. This is a name and no signature: responders of before RFC 6960 know SHA-1 only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NameHash {
    /// With SHA-256, asked first.
    Sha256,
    /// With SHA-1, asked when the responder does not know the other.
    Sha1,
}

impl NameHash {
    fn oid(self) -> Oid {
        match self {
            Self::Sha256 => rfc5912::ID_SHA_256,
            Self::Sha1 => rfc5912::ID_SHA_1,
        }
    }

    fn of(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha256 => Hash::Sha256.of(&[bytes]),
            Self::Sha1 => digest(&SHA1_FOR_LEGACY_USE_ONLY, bytes).as_ref().to_vec(),
        }
    }
}

/// A question about one certificate.
pub(crate) struct Question<'a> {
    certificate: &'a Certificate,
    issuer: &'a Certificate,
    naming: NameHash,
    nonce: [u8; 32],
}

/// A checked answer.
pub(crate) struct Answer {
    /// What it says.
    pub status: Status,
    /// Who signed it, when it was not the issuer itself.
    pub responder: Option<Certificate>,
}

impl<'a> Question<'a> {
    /// Asks about `certificate`, which `issuer` issued.
    pub fn about(
        certificate: &'a Certificate,
        issuer: &'a Certificate,
        naming: NameHash,
    ) -> Result<Self, SigningError> {
        Ok(Self { certificate, issuer, naming, nonce: asn1::random()? })
    }

    /// The request, with a nonce (RFC 9654: 32 bytes).
    pub fn to_der(&self) -> Result<Vec<u8>, SigningError> {
        let nonce = Extension {
            extn_id: rfc6960::ID_PKIX_OCSP_NONCE,
            critical: false,
            extn_value: OctetString::new(OctetString::new(self.nonce)?.to_der()?)?,
        };
        let request = OcspRequest {
            tbs_request: TbsRequest {
                version: Version::V1,
                requestor_name: None,
                request_list: vec![Request { req_cert: self.id()?, single_request_extensions: None }],
                request_extensions: Some(vec![nonce]),
            },
            optional_signature: None,
        };
        Ok(request.to_der()?)
    }

    /// CertID (RFC 6960, 4.1.1).
    fn id(&self) -> Result<CertId, SigningError> {
        let name = self.issuer.subject_der()?;
        let key = self.issuer.key().subject_public_key.raw_bytes();
        let parameters = Some(Any::from(AnyRef::NULL));
        Ok(CertId {
            hash_algorithm: AlgorithmIdentifierOwned { oid: self.naming.oid(), parameters },
            issuer_name_hash: OctetString::new(self.naming.of(&name))?,
            issuer_key_hash: OctetString::new(self.naming.of(key))?,
            serial_number: self.certificate.parsed().tbs_certificate.serial_number.clone(),
        })
    }

    /// Checks an answer: status, signer, nonce, which certificate, and freshness.
    ///
    /// # Errors
    /// [`SigningError::NoEvidence`].
    pub fn check(&self, der: &[u8], now: Timestamp) -> Result<Answer, SigningError> {
        let response = OcspResponse::from_der(der).map_err(|error| bad(&error.to_string()))?;
        if response.response_status != OcspResponseStatus::Successful {
            return Err(bad(&format!("answered {:?}", response.response_status)));
        }
        let bytes = response.response_bytes.ok_or_else(|| bad("empty"))?;
        if bytes.response_type != rfc6960::ID_PKIX_OCSP_BASIC {
            return Err(bad("not a basic response"));
        }
        let basic_der = bytes.response.as_bytes();
        let basic = BasicOcspResponse::from_der(basic_der).map_err(|error| bad(&error.to_string()))?;
        let responder = self.responder(&basic, basic_der, now)?;
        check_signed(basic_der, responder.as_ref().unwrap_or(self.issuer)).map_err(|error| bad(error.inward()))?;
        // Responders that answer from a store cannot echo a nonce; freshness is what protects then. A wrong one is a lie.
        if basic.nonce().is_some_and(|nonce| nonce.0.as_bytes() != self.nonce) {
            return Err(bad("nonce differs: an answer to another request"));
        }
        let single = self.single(&basic)?;
        let next_update = single.next_update.as_ref().map(|time| seconds(time.0.to_unix_duration()));
        if !is_fresh(seconds(single.this_update.0.to_unix_duration()), next_update, now) {
            return Err(bad("not fresh"));
        }
        let status = match &single.cert_status {
            CertStatus::Good(_) => Status::Good,
            CertStatus::Revoked(info) => Status::Revoked(seconds(info.revocation_time.0.to_unix_duration())),
            CertStatus::Unknown(_) => return Err(bad("the responder does not know the certificate")),
        };
        Ok(Answer { status, responder })
    }

    /// The one answer for this certificate.
    fn single<'r>(&self, basic: &'r BasicOcspResponse) -> Result<&'r SingleResponse, SigningError> {
        let wanted = self.id()?;
        let same = |id: &CertId| {
            id.hash_algorithm.oid == wanted.hash_algorithm.oid
                && id.issuer_name_hash == wanted.issuer_name_hash
                && id.issuer_key_hash == wanted.issuer_key_hash
                && id.serial_number == wanted.serial_number
        };
        let mut found = basic.tbs_response_data.responses.iter().filter(|single| same(&single.cert_id));
        match (found.next(), found.next()) {
            (Some(single), None) => Ok(single),
            _ => Err(bad("about another certificate")),
        }
    }

    /// Who answered: nobody else than the issuer, or a certificate that the issuer itself gave for OCSP (4.2.2.2).
    fn responder(
        &self,
        basic: &BasicOcspResponse,
        der: &[u8],
        now: Timestamp,
    ) -> Result<Option<Certificate>, SigningError> {
        let named = &basic.tbs_response_data.responder_id;
        if names(named, self.issuer) {
            return Ok(None);
        }
        let delegated = carried(der).into_iter().find(|certificate| names(named, certificate));
        let delegated = delegated.ok_or_else(|| bad("the responder's certificate does not come along"))?;
        delegated.check_issued_by(self.issuer).map_err(|_| bad("the responder is not the issuer's"))?;
        let for_ocsp = delegated.purposes().is_some_and(|(_, all)| all.contains(&rfc5280::ID_KP_OCSP_SIGNING));
        if !for_ocsp || !delegated.may(KeyUsages::DigitalSignature) || !delegated.is_valid_at(now) {
            return Err(bad("the responder's certificate is not one for OCSP, or not valid"));
        }
        Ok(Some(delegated))
    }
}

/// Whether a ResponderID means this certificate. The key is named by its SHA-1 (4.2.1).
fn names(id: &ResponderId, certificate: &Certificate) -> bool {
    match id {
        ResponderId::ByName(name) => *name == certificate.parsed().tbs_certificate.subject,
        ResponderId::ByKey(hash) => {
            let key = certificate.key().subject_public_key.raw_bytes();
            digest(&SHA1_FOR_LEGACY_USE_ONLY, key).as_ref() == hash.as_bytes()
        }
    }
}

/// The certificates that come with a basic response, byte for byte.
fn carried(der: &[u8]) -> Vec<Certificate> {
    let list = || {
        let mut inside = asn1::only(der, asn1::SEQUENCE)?.inside;
        for _ in 0..3 {
            asn1::next(&mut inside)?;
        }
        Some(asn1::only(asn1::only(inside, asn1::CONTEXT_0)?.inside, asn1::SEQUENCE)?.inside)
    };
    let mut rest = list().unwrap_or_default();
    let elements = std::iter::from_fn(|| asn1::next(&mut rest));
    elements.filter_map(|element| Certificate::from_der(element.whole).ok()).collect()
}

fn bad(context: &str) -> SigningError {
    SigningError::NoEvidence(format!("OCSP: {context}"))
}
