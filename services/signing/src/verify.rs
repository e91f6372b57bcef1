//! Verifies the signatures of a PDF that arrived (PAdES, EN 319 142-1; ISO 32000-2, 12.8).
//!
//! The file is read strictly and within limits ([`document`]); each signature is checked for what it covers, for its
//! container, its time, its certificate and revocation; and every later revision is compared object by object with
//! what was signed. The answer has three values, and says every reason in a sentence.

mod byte_range;
pub(crate) mod chain;
mod changes;
pub(crate) mod cms;
mod dangers;
mod dates;
mod document;
mod fields;
mod issue;
mod judge;
mod report;
mod rights;
mod sentences;
mod shadows;
mod store;

pub(crate) use chain::certificate::common_name;
pub use chain::certificate::validity;
pub use issue::Issued;
pub use report::{
    CertificateNow, Change, ChangeClass, Code, Coverage, EvidenceUsed, Finding, Report, SignatureKind, SignatureReport,
    SigningTime, Status, TimeSource, Verdict, Weight,
};

use crate::SigningError;
use crate::trust::TrustList;
use chain::Sources;
use document::{Document, View};
use judge::{Case, Court};
use rights::Rights;
use std::collections::BTreeSet;
use types::Timestamp;
use x509_cert::Certificate;

/// Signatures of one file, at most.
pub const SIGNATURES_MAX: usize = 64;

/// Certificates, CRLs and OCSP answers from outside the file, each in DER. They are checked like those within it.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    pub certificates: Vec<Vec<u8>>,
    pub crls: Vec<Vec<u8>>,
    pub ocsps: Vec<Vec<u8>>,
}

/// Whether a certificate may issue others (RFC 5280, 4.2.1.9).
pub fn is_authority(certificate: &Certificate) -> bool {
    chain::certificate::issues(certificate).is_some()
}

/// Verifies all signatures of a file as of `now`. Never fails: what cannot be read is a reason in the answer.
///
/// Work is bounded: files of at most 128 MB, 400 000 objects, 128 revisions, 64 signatures.
pub fn verify(pdf: &[u8], trust: &TrustList, now: Timestamp, evidence: &Evidence) -> Report {
    verify_with_issue(pdf, trust, now, evidence).0
}

/// As [`verify`], with the number and date that came onto the document after its first signature ([`crate::places`]) and
/// that one of its signatures vouches for. Nothing when there are none, or when the file is refused.
pub fn verify_with_issue(
    pdf: &[u8],
    trust: &TrustList,
    now: Timestamp,
    evidence: &Evidence,
) -> (Report, Option<Issued>) {
    if pdf.len() > document::FILE_BYTES_MAX {
        return (Report::of(vec![Finding::new(Code::TooMuch)], Vec::new()), None);
    }
    let unreadable = |e: String| (Report::of(vec![Finding::with(Code::FileUnreadable, e)], Vec::new()), None);
    match Document::open(pdf) {
        Ok(document) => whole(&document, trust, now, evidence).unwrap_or_else(unreadable),
        Err(e) => unreadable(e),
    }
}

/// What a file changed since its first `end` bytes, weighed as if they had been signed with nothing locked.
///
/// # Errors
/// These bytes are no revision of the file, or something cannot be read; the text is for people who look closer.
pub(crate) fn changes_since(pdf: &[u8], end: usize) -> Result<Vec<Change>, String> {
    let document = Document::open(pdf)?;
    let sections = document.view_at(end)?.sections;
    let rights = Rights::plain();
    let mut changes = Vec::new();
    for step in changes::steps(&document).into_iter().skip(sections.saturating_sub(1)) {
        changes.extend(step?.into_iter().map(|found| {
            // Nobody asks here who signed it.
            let (class, sentence) = (changes::class(&found.kind, &rights, false), changes::sentence(&found.kind));
            Change { object: found.object, key: found.key, class, sentence }
        }));
    }
    Ok(changes)
}

/// Whether all of a file can be read as it stands, within the limits of [`verify`]. Gives where its cross-reference sections
/// begin.
///
/// # Errors
/// [`SigningError::Encrypted`], [`SigningError::Damaged`].
pub(crate) fn check_readable(pdf: &[u8]) -> Result<BTreeSet<usize>, SigningError> {
    let document = Document::open(pdf).map_err(SigningError::Damaged)?;
    if document.whole().trailer().contains_key(&b"Encrypt"[..]) {
        return Err(SigningError::Encrypted);
    }
    document.read_all().map_err(SigningError::Damaged)?;
    Ok(document.section_offsets())
}

fn whole(
    document: &Document<'_>,
    trust: &TrustList,
    now: Timestamp,
    evidence: &Evidence,
) -> Result<(Report, Option<Issued>), String> {
    let view = document.whole();
    let mut findings = dangers::find(view)?;
    // Nothing within an encrypted file can be read as it stands.
    if findings.iter().any(|finding| finding.code == Code::Encrypted) {
        return Ok((Report::of(findings, Vec::new()), None));
    }
    let fields = fields::fields(view)?;
    let mut cases: Vec<Case<'_, '_>> = Vec::new();
    for field in fields.iter().filter(|field| field.is_signature() && field.dict.contains_key(&b"V"[..])) {
        if cases.len() >= SIGNATURES_MAX {
            findings.push(Finding::with(Code::TooMuch, "too many signatures"));
            break;
        }
        cases.extend(Case::open(document, field));
    }
    // A timestamp tells when a file was there, and of nobody who stands for it.
    if cases.iter().all(Case::is_stamp) {
        findings.push(Finding::new(Code::NoSignature));
    }
    cases.sort_by_key(|case| case.covered.as_ref().map_or(usize::MAX, |covered| covered.end));
    findings.extend(tail(document));
    let first = cases.iter().filter_map(|case| case.covered.as_ref().map(|covered| covered.view.sections)).min();
    let steps = changes::steps(document);
    findings.extend(shadows::find(document, first.unwrap_or(document.sections()), &steps));
    cases.iter_mut().skip(1).filter(|case| case.certifies()).for_each(Case::is_out_of_order);
    let sources = sources(view, &cases, evidence)?;
    let court = Court { trust, sources: &sources, now: now.0.div_euclid(1_000_000) };
    judge_all(&mut cases, &court);
    let vouchers = issue::vouchers(&cases, &steps);
    cases.iter_mut().for_each(|case| case.weigh_changes(&steps, &vouchers));
    if issue::contradict(&steps) {
        findings.push(Finding::new(Code::NumbersDiffer));
    }
    let report = Report::of(findings, cases.into_iter().map(Case::conclude).collect());
    let issued = issue::issued(&report, &steps, &vouchers);
    Ok((report, issued))
}

/// From the last to the first: a timestamp over the document proves that everything before it existed at its time, so
/// that certificates that expired or were revoked since are judged as of then (EN 319 102-1, 5.6).
fn judge_all(cases: &mut [Case<'_, '_>], court: &Court<'_>) {
    let (mut at, mut stamped) = (court.now, false);
    for case in cases.iter_mut().rev() {
        if !case.is_stamp() {
            case.judge(court, at, stamped);
        } else if let Some(time) = case.judge_stamp(court, at) {
            (at, stamped) = (at.min(time), true);
        }
    }
}

/// Bytes behind the last `%%EOF`.
fn tail(document: &Document<'_>) -> Option<Finding> {
    let tail = document.bytes().get(document.end..).unwrap_or_default();
    let written = tail.iter().any(|byte| !document::is_space(*byte));
    written.then(|| Finding::with(Code::UnsignedTail, format!("{} bytes behind the end", tail.len())))
}

/// All certificates and revocation data at hand: from outside, from the containers, from the document's store.
fn sources(view: View<'_, '_>, cases: &[Case<'_, '_>], evidence: &Evidence) -> Result<Sources, String> {
    let mut sources = Sources::default();
    sources.add_certificates(evidence.certificates.iter().map(Vec::as_slice));
    sources.add_crls(evidence.crls.iter().map(Vec::as_slice));
    sources.add_ocsps(evidence.ocsps.iter().map(Vec::as_slice));
    for container in cases.iter().flat_map(Case::containers) {
        sources.add_read(&container.certificates);
        let (crls, ocsps) = container.revocation();
        sources.add_crls(crls.iter().map(Vec::as_slice));
        sources.add_ocsps(ocsps.iter().map(Vec::as_slice));
    }
    store::read(view, &mut sources)?;
    Ok(sources)
}
