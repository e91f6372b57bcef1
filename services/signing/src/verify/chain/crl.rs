//! Lists of revoked certificates (CRL, RFC 5280, 5).

use super::certificate::{signs_crls, validity};
use super::revocation::{Said, Statement};
use crate::verify::cms::algorithms;
use const_oid::db::rfc5280 as oid;
use der::{Decode, Encode};
use std::cell::RefCell;
use x509_cert::Certificate;
use x509_cert::crl::CertificateList;
use x509_cert::ext::pkix::name::{DistributionPointName, GeneralName};
use x509_cert::ext::pkix::{BasicConstraints, CrlDistributionPoints, CrlReason, IssuingDistributionPoint};

/// Bytes of one list, at most; those of large authorities have a few megabytes.
pub const CRL_BYTES_MAX: usize = 32 << 20;

/// A list that could be read; whether its signature holds is asked for each issuer.
pub struct Crl {
    list: CertificateList,
    signed: Vec<u8>,
    /// Keys that were tried, and whether the signature is theirs: large lists are hashed once for each.
    tried: RefCell<Vec<(Vec<u8>, bool)>>,
}

impl Crl {
    /// Reads DER.
    pub fn read(der: &[u8]) -> Option<Self> {
        if der.len() > CRL_BYTES_MAX {
            return None;
        }
        let list = CertificateList::from_der(der).ok()?;
        let signed = list.tbs_cert_list.to_der().ok()?;
        Some(Self { list, signed, tried: RefCell::default() })
    }

    /// What the list says about a certificate of this issuer; `None` when it says nothing that counts.
    pub fn says(&self, certificate: &Certificate, issuer: &Certificate) -> Option<Statement> {
        let tbs = &self.list.tbs_cert_list;
        if tbs.issuer != issuer.tbs_certificate.subject || !signs_crls(issuer) || !self.is_about(certificate) {
            return None;
        }
        if tbs.signature != self.list.signature_algorithm || !self.is_signed_by(issuer) {
            return None;
        }
        let seconds = |time: &x509_cert::time::Time| i64::try_from(time.to_unix_duration().as_secs()).ok();
        let issued = seconds(&tbs.this_update)?;
        let serial = &certificate.tbs_certificate.serial_number;
        let entry = tbs.revoked_certificates.iter().flatten().find(|revoked| revoked.serial_number == *serial);
        let said = match entry {
            Some(entry) => {
                let extensions = entry.crl_entry_extensions.as_deref().unwrap_or_default();
                let lifted = extensions.iter().any(|e| {
                    let reason = CrlReason::from_der(e.extn_value.as_bytes());
                    e.extn_id == oid::ID_CE_CRL_REASONS && matches!(reason, Ok(CrlReason::RemoveFromCRL))
                });
                if lifted { Said::Good } else { Said::Revoked(seconds(&entry.revocation_date)?) }
            }
            // Once a certificate has expired, it may be dropped from the list.
            None if issued > validity(certificate).1 => return None,
            None => Said::Good,
        };
        let next = tbs.next_update.as_ref().and_then(seconds);
        Some(Statement { said, issued, next, by: super::certificate::common_name(&tbs.issuer), crl: true })
    }

    fn is_signed_by(&self, issuer: &Certificate) -> bool {
        let key = &issuer.tbs_certificate.subject_public_key_info;
        let (Ok(name), Some(signature)) = (key.to_der(), self.list.signature.as_bytes()) else { return false };
        if let Some((_, known)) = self.tried.borrow().iter().find(|(tried, _)| *tried == name) {
            return *known;
        }
        let holds = algorithms::check(key, &self.list.signature_algorithm, None, &self.signed, signature).is_ok();
        self.tried.borrow_mut().push((name, holds));
        holds
    }

    /// Whether the certificate is one of those the list is about. Delta and indirect lists, and lists for some reasons
    /// only, are about nothing that counts here.
    fn is_about(&self, certificate: &Certificate) -> bool {
        let extensions = self.list.tbs_cert_list.crl_extensions.as_deref().unwrap_or_default();
        let mut whole = true;
        for extension in extensions {
            if extension.extn_id == oid::ID_CE_ISSUING_DISTRIBUTION_POINT {
                let Ok(point) = IssuingDistributionPoint::from_der(extension.extn_value.as_bytes()) else {
                    return false;
                };
                whole &= covers(&point, certificate);
            } else if extension.critical || extension.extn_id == oid::ID_CE_DELTA_CRL_INDICATOR {
                return false;
            }
        }
        whole
    }
}

fn covers(point: &IssuingDistributionPoint, certificate: &Certificate) -> bool {
    let basic = certificate.tbs_certificate.get::<BasicConstraints>();
    let authority = matches!(basic, Ok(Some((_, basic))) if basic.ca);
    if point.indirect_crl
        || point.only_contains_attribute_certs
        || point.only_some_reasons.is_some()
        || (point.only_contains_user_certs && authority)
        || (point.only_contains_ca_certs && !authority)
    {
        return false;
    }
    let Some(DistributionPointName::FullName(names)) = &point.distribution_point else {
        return point.distribution_point.is_none();
    };
    let Ok(Some((_, own))) = certificate.tbs_certificate.get::<CrlDistributionPoints>() else { return false };
    own.0.iter().any(|own| match &own.distribution_point {
        Some(DistributionPointName::FullName(own)) => own.iter().any(|name: &GeneralName| names.contains(name)),
        _ => false,
    })
}
