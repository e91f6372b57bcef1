//! The way from a certificate to one this office trusts (RFC 5280, 6), at a given time.
//!
//! Why not a library's: a certificate revoked after a trusted time must stay good, and an answer must say what is wrong.
//! Name constraints and critical extensions that are not understood refuse a way; policies are not looked at.

use super::certificate::{is_strange, issues, validity};
use crate::trust::{Anchor, TrustList};
use crate::verify::cms::algorithms;
use crate::verify::report::Code;
use der::Encode;
use x509_cert::{Certificate, Version};

/// Certificates of a way, the anchor not counted, at most.
const LENGTH_MAX: usize = 8;
/// Signatures checked in the search for one way, at most.
const CHECKS_MAX: u32 = 128;

/// A way: the certificate, those between, and the anchor.
pub struct Path<'t> {
    pub certificates: Vec<Certificate>,
    pub anchor: &'t Anchor,
}

impl Path<'_> {
    /// Who issued the certificate at this place of the way.
    pub fn issuer(&self, place: usize) -> &Certificate {
        self.certificates.get(place + 1).unwrap_or(&self.anchor.certificate)
    }
}

/// Whether `issuer`'s key made the signature on `certificate`.
pub fn is_signed_by(certificate: &Certificate, issuer: &Certificate) -> bool {
    let tbs = &certificate.tbs_certificate;
    let (Ok(message), Some(signature)) = (tbs.to_der(), certificate.signature.as_bytes()) else { return false };
    let key = &issuer.tbs_certificate.subject_public_key_info;
    tbs.issuer == issuer.tbs_certificate.subject
        && tbs.signature == certificate.signature_algorithm
        && algorithms::check(key, &certificate.signature_algorithm, None, &message, signature).is_ok()
}

struct Search<'s, 't> {
    trust: &'t TrustList,
    between: &'s [Certificate],
    at: i64,
    checks: u32,
    /// The best reason so far why there is no way.
    reason: Code,
}

/// The way of a certificate at `at` (seconds since 1970). Anchors count while the list says so.
///
/// # Errors
/// `ExpiredAtSigning` or `NotYetValid` when only the time is wrong, `CertificateStrange`, else `UntrustedChain`.
pub fn path<'t>(
    certificate: &Certificate,
    between: &[Certificate],
    trust: &'t TrustList,
    at: i64,
) -> Result<Path<'t>, Code> {
    let mut search = Search { trust, between, at, checks: 0, reason: Code::UntrustedChain };
    let mut way = vec![certificate.clone()];
    search.extend(&mut way).map(|anchor| Path { certificates: way, anchor }).ok_or(search.reason)
}

impl<'t> Search<'_, 't> {
    fn extend(&mut self, way: &mut Vec<Certificate>) -> Option<&'t Anchor> {
        let last = way.last()?.clone();
        if last.tbs_certificate.version != Version::V3 || is_strange(&last) {
            self.reason = Code::CertificateStrange;
            return None;
        }
        for anchor in &self.trust.anchors {
            let issuer = &anchor.certificate;
            if issuer.tbs_certificate.subject == last.tbs_certificate.issuer && self.signs(&last, issuer) {
                if !anchor.counts(self.at) || !self.below_fits(issuer, way.len(), true) {
                    continue;
                }
                // Told only now: that a certificate of no trusted authority has expired says nothing.
                if let Some(reason) = way.iter().find_map(|c| untimely(c, self.at)) {
                    self.reason = reason;
                    continue;
                }
                return Some(anchor);
            }
        }
        if way.len() >= LENGTH_MAX {
            return None;
        }
        let between = self.between;
        for issuer in between.iter().chain(&self.trust.intermediates) {
            let named = issuer.tbs_certificate.subject == last.tbs_certificate.issuer;
            if !named || way.contains(issuer) || !self.below_fits(issuer, way.len(), false) {
                continue;
            }
            if self.signs(&last, issuer) {
                way.push(issuer.clone());
                if let Some(anchor) = self.extend(way) {
                    return Some(anchor);
                }
                way.pop();
            }
        }
        None
    }

    fn signs(&mut self, certificate: &Certificate, issuer: &Certificate) -> bool {
        self.checks += 1;
        self.checks <= CHECKS_MAX && is_signed_by(certificate, issuer)
    }

    /// Whether an authority may stand above so many certificates, the signer's included. An old root of version 1 has
    /// no extensions and is an anchor because the office says so.
    fn below_fits(&self, issuer: &Certificate, below: usize, anchor: bool) -> bool {
        if anchor && issuer.tbs_certificate.version != Version::V3 {
            return true;
        }
        issues(issuer).is_some_and(|most| most.is_none_or(|most| below - 1 <= usize::from(most)))
    }
}

fn untimely(certificate: &Certificate, at: i64) -> Option<Code> {
    let (from, to) = validity(certificate);
    if at > to {
        Some(Code::ExpiredAtSigning)
    } else if at < from {
        Some(Code::NotYetValid)
    } else {
        None
    }
}
