//! Who stands behind a certificate: a way to an anchor, and revocation along it, at a time.

pub mod certificate;
mod crl;
mod ocsp;
mod path;
pub mod revocation;

use crate::trust::TrustList;
use crate::verify::report::{Code, EvidenceUsed};
use crl::Crl;
use der::Decode;
use ocsp::Ocsp;
use revocation::{Standing, Statement};
use types::Timestamp;
use x509_cert::Certificate;

/// Certificates, CRLs and OCSP answers of one document and from outside, each at most.
const SOURCES_MAX: usize = 256;

/// Everything that may help to build a chain and to know about revocation. All of it is untrusted until checked.
#[derive(Default)]
pub struct Sources {
    certificates: Vec<Certificate>,
    crls: Vec<Crl>,
    ocsps: Vec<Ocsp>,
}

impl Sources {
    /// Adds certificates in DER; what cannot be read is left out, for nothing can rest on it.
    pub fn add_certificates<'b>(&mut self, ders: impl IntoIterator<Item = &'b [u8]>) {
        let read = ders.into_iter().take(SOURCES_MAX).filter_map(|der| Certificate::from_der(der).ok());
        read.for_each(|certificate| self.add(certificate));
    }

    /// Adds certificates that were read already.
    pub fn add_read(&mut self, certificates: &[Certificate]) {
        certificates.iter().take(SOURCES_MAX).for_each(|certificate| self.add(certificate.clone()));
    }

    fn add(&mut self, certificate: Certificate) {
        // The same certificate often comes from several places.
        if self.certificates.len() < SOURCES_MAX && !self.certificates.contains(&certificate) {
            self.certificates.push(certificate);
        }
    }

    /// Adds lists of revoked certificates in DER.
    pub fn add_crls<'b>(&mut self, ders: impl IntoIterator<Item = &'b [u8]>) {
        let room = SOURCES_MAX.saturating_sub(self.crls.len());
        self.crls.extend(ders.into_iter().take(room).filter_map(Crl::read));
    }

    /// Adds OCSP answers in DER.
    pub fn add_ocsps<'b>(&mut self, ders: impl IntoIterator<Item = &'b [u8]>) {
        let room = SOURCES_MAX.saturating_sub(self.ocsps.len());
        self.ocsps.extend(ders.into_iter().take(room).filter_map(Ocsp::read));
    }

    fn statements(&self, certificate: &Certificate, issuer: &Certificate) -> Vec<Statement> {
        let lists = self.crls.iter().filter_map(|crl| crl.says(certificate, issuer));
        let answers = self.ocsps.iter().filter_map(|ocsp| ocsp.says(certificate, issuer, &self.crls));
        lists.chain(answers).collect()
    }
}

/// A certificate's standing at a time and now.
pub struct Judged {
    /// What is wrong at the time; nothing when all is well.
    pub wrong: Option<(Code, String)>,
    /// The first certificate of the way that is revoked now, since when.
    pub revoked_now: Option<i64>,
    /// Whether there is evidence about now for the whole way.
    pub known_now: bool,
    /// The agency's name in the trust list for the anchor.
    pub anchor: Option<String>,
    pub evidence: Vec<EvidenceUsed>,
}

/// Judges a certificate at `at`; `now` bounds what evidence can exist. Both are seconds since 1970.
pub fn judge(certificate: &Certificate, sources: &Sources, trust: &TrustList, at: i64, now: i64) -> Judged {
    let mut judged = Judged { wrong: None, revoked_now: None, known_now: true, anchor: None, evidence: Vec::new() };
    let path = match path::path(certificate, &sources.certificates, trust, at) {
        Ok(path) => path,
        Err(code) => {
            judged.wrong = Some((code, certificate::common_name(&certificate.tbs_certificate.subject)));
            judged.known_now = false;
            return judged;
        }
    };
    judged.anchor = Some(path.anchor.name.clone());
    for (place, certificate) in path.certificates.iter().enumerate() {
        let statements = sources.statements(certificate, path.issuer(place));
        let name = certificate::common_name(&certificate.tbs_certificate.subject);
        match revocation::standing(&statements, at, now) {
            Standing::Good => {}
            Standing::Revoked(_) => judged.wrong = judged.wrong.or(Some((Code::Revoked, name.clone()))),
            Standing::Unknown => judged.wrong = judged.wrong.or(Some((Code::NoRevocationData, name.clone()))),
        }
        match revocation::standing(&statements, now, now) {
            Standing::Good => {}
            Standing::Revoked(since) => judged.revoked_now = judged.revoked_now.or(Some(since)),
            Standing::Unknown => judged.known_now = false,
        }
        judged.evidence.extend(statements.iter().take(8).map(|statement| EvidenceUsed {
            about: name.clone(),
            by: statement.by.clone(),
            kind: if statement.crl { "crl" } else { "ocsp" },
            issued: Timestamp(statement.issued.saturating_mul(1_000_000)),
        }));
    }
    judged
}
