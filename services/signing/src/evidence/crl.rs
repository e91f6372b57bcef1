//! Revocation lists (RFC 5280, 5 and 6.3).

use super::{Status, is_fresh};
use crate::certificate::{check_signed, seconds};
use crate::{Certificate, SigningError};
use const_oid::db::rfc5280;
use der::Decode;
use types::Timestamp;
use x509_cert::crl::CertificateList;
use x509_cert::ext::pkix::{KeyUsages, crl::dp::IssuingDistributionPoint};

/// Checks that `der` is a fresh, complete list by `issuer`, and looks `certificate` up.
///
/// # Errors
/// [`SigningError::NoEvidence`].
pub(crate) fn check(
    der: &[u8],
    certificate: &Certificate,
    issuer: &Certificate,
    now: Timestamp,
) -> Result<Status, SigningError> {
    let list = CertificateList::from_der(der).map_err(|error| bad(&error.to_string()))?;
    let tbs = &list.tbs_cert_list;
    if tbs.issuer != issuer.parsed().tbs_certificate.subject || !issuer.may(KeyUsages::CRLSign) {
        return Err(bad("by another issuer"));
    }
    check_signed(der, issuer).map_err(|error| bad(error.inward()))?;
    let next_update = tbs.next_update.as_ref().map(|time| seconds(time.to_unix_duration()));
    if !is_fresh(seconds(tbs.this_update.to_unix_duration()), next_update, now) {
        return Err(bad("not fresh"));
    }
    for extension in tbs.crl_extensions.iter().flatten() {
        let complete = match extension.extn_id {
            rfc5280::ID_CE_ISSUING_DISTRIBUTION_POINT => {
                IssuingDistributionPoint::from_der(extension.extn_value.as_bytes())
                    .is_ok_and(|point| is_complete_for(&point, certificate))
            }
            rfc5280::ID_CE_DELTA_CRL_INDICATOR => false,
            _ => !extension.critical,
        };
        if !complete {
            return Err(bad("does not tell about this certificate"));
        }
    }
    let serial = &certificate.parsed().tbs_certificate.serial_number;
    let entry = tbs.revoked_certificates.iter().flatten().find(|entry| entry.serial_number == *serial);
    Ok(entry.map_or(Status::Good, |entry| Status::Revoked(seconds(entry.revocation_date.to_unix_duration()))))
}

/// Whether a list for one distribution point would name this certificate for whatever reason.
fn is_complete_for(point: &IssuingDistributionPoint, certificate: &Certificate) -> bool {
    let kind = if certificate.is_authority() { !point.only_contains_user_certs } else { !point.only_contains_ca_certs };
    kind && !point.indirect_crl && !point.only_contains_attribute_certs && point.only_some_reasons.is_none()
}

fn bad(context: &str) -> SigningError {
    SigningError::NoEvidence(format!("CRL: {context}"))
}
