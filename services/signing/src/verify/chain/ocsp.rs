//! Answers of an authority about one certificate (OCSP, RFC 6960).

use super::certificate::{answers_ocsp, common_name, is_never_revoked, is_strange, validity};
use super::crl::Crl;
use super::path::is_signed_by;
use super::revocation::{Said, Statement};
use crate::verify::cms::algorithms::{self, Hash};
use const_oid::ObjectIdentifier as Oid;
use der::{Decode, Encode};
use ring::digest;
use x509_cert::Certificate;
use x509_ocsp::{BasicOcspResponse, CertId, CertStatus, OcspResponse, OcspResponseStatus, ResponderId};

/// RFC 6960, 4.2.1: the only kind of answer there is.
const BASIC: Oid = Oid::new_unwrap("1.3.6.1.5.5.7.48.1.1");
/// RFC 3279: SHA-1 names the issuer in requests everywhere; nothing is secured by it.
const SHA_1: Oid = Oid::new_unwrap("1.3.14.3.2.26");
/// Bytes of one answer, at most.
pub const OCSP_BYTES_MAX: usize = 1 << 20;

/// An answer that could be read; whether its signature holds is asked for each issuer.
pub struct Ocsp {
    answer: BasicOcspResponse,
    signed: Vec<u8>,
}

impl Ocsp {
    /// Reads DER: a whole response, or the basic response alone.
    pub fn read(der: &[u8]) -> Option<Self> {
        if der.len() > OCSP_BYTES_MAX {
            return None;
        }
        let answer = match OcspResponse::from_der(der) {
            Ok(response) if response.response_status == OcspResponseStatus::Successful => {
                let bytes = response.response_bytes.filter(|bytes| bytes.response_type == BASIC)?;
                BasicOcspResponse::from_der(bytes.response.as_bytes()).ok()?
            }
            Ok(_) => return None,
            Err(_) => BasicOcspResponse::from_der(der).ok()?,
        };
        let signed = answer.tbs_response_data.to_der().ok()?;
        Some(Self { answer, signed })
    }

    /// What the answer says about a certificate of this issuer; `None` when it says nothing that counts.
    pub fn says(&self, certificate: &Certificate, issuer: &Certificate, crls: &[Crl]) -> Option<Statement> {
        let data = &self.answer.tbs_response_data;
        let single = data.responses.iter().find(|single| is_about(&single.cert_id, certificate, issuer))?;
        let critical =
            |extensions: &Option<x509_cert::ext::Extensions>| extensions.iter().flatten().any(|e| e.critical);
        if critical(&data.response_extensions) || critical(&single.single_extensions) {
            return None;
        }
        let produced = i64::try_from(data.produced_at.0.to_unix_duration().as_secs()).ok()?;
        let responder = self.responder(issuer, produced, crls)?;
        let key = &responder.tbs_certificate.subject_public_key_info;
        let signature = self.answer.signature.as_bytes()?;
        algorithms::check(key, &self.answer.signature_algorithm, None, &self.signed, signature).ok()?;
        let seconds = |time: &x509_ocsp::OcspGeneralizedTime| i64::try_from(time.0.to_unix_duration().as_secs()).ok();
        let said = match &single.cert_status {
            CertStatus::Good(_) => Said::Good,
            CertStatus::Revoked(info) => Said::Revoked(seconds(&info.revocation_time)?),
            CertStatus::Unknown(_) => return None,
        };
        let issued = seconds(&single.this_update)?;
        if said == Said::Good && issued > validity(certificate).1 {
            return None;
        }
        let next = single.next_update.as_ref().and_then(seconds);
        Some(Statement { said, issued, next, by: common_name(&responder.tbs_certificate.subject), crl: false })
    }

    /// Who answered: the issuer itself, or somebody it made for answering (RFC 6960, 4.2.2.2).
    fn responder<'c>(&'c self, issuer: &'c Certificate, produced: i64, crls: &[Crl]) -> Option<&'c Certificate> {
        let id = &self.answer.tbs_response_data.responder_id;
        if names(id, issuer) {
            return Some(issuer);
        }
        self.answer.certs.iter().flatten().take(8).find(|responder| {
            let (from, to) = validity(responder);
            let asked = || crls.iter().filter_map(|crl| crl.says(responder, issuer)).collect::<Vec<_>>();
            names(id, responder)
                && answers_ocsp(responder)
                && !is_strange(responder)
                && (from..=to).contains(&produced)
                && is_signed_by(responder, issuer)
                && (is_never_revoked(responder) || super::revocation::good_at(&asked(), produced))
        })
    }
}

fn names(id: &ResponderId, certificate: &Certificate) -> bool {
    let tbs = &certificate.tbs_certificate;
    match id {
        ResponderId::ByName(name) => *name == tbs.subject,
        ResponderId::ByKey(hash) => {
            let key = tbs.subject_public_key_info.subject_public_key.raw_bytes();
            digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, key).as_ref() == hash.as_bytes()
        }
    }
}

fn is_about(id: &CertId, certificate: &Certificate, issuer: &Certificate) -> bool {
    let tbs = &issuer.tbs_certificate;
    let hash = |bytes: &[u8]| -> Option<Vec<u8>> {
        if id.hash_algorithm.oid == SHA_1 {
            return Some(digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, bytes).as_ref().to_vec());
        }
        Hash::of(id.hash_algorithm.oid).map(|hash| hash.digest(&[bytes]))
    };
    let name = tbs.subject.to_der().ok().and_then(|der| hash(&der));
    let key = hash(tbs.subject_public_key_info.subject_public_key.raw_bytes());
    id.serial_number == certificate.tbs_certificate.serial_number
        && name.as_deref() == Some(id.issuer_name_hash.as_bytes())
        && key.as_deref() == Some(id.issuer_key_hash.as_bytes())
}
