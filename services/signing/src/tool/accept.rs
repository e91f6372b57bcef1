//! What came back from the tool, looked at before anybody calls it signed.

use super::Refusal;
use crate::trust::TrustList;
use crate::verify::{
    Change, ChangeClass, Code, Evidence, Finding, Report, SignatureKind, SignatureReport, Status, TimeSource, Verdict,
    Weight, changes_since, verify,
};
use crate::{Shown, shown_signatures};
use types::Timestamp;

/// Bytes that signing may add: a picture of some hundred kilobytes with its font, certificates and a timestamp.
pub const GROWTH_BYTES_MAX: usize = 8 << 20;
/// How far a timestamp may lie outside the time of the errand, in seconds, as with timestamps that we ask for.
const STAMP_TOLERANCE_SECONDS: i64 = 300;
/// The same for the clock of an office computer.
const CLAIM_TOLERANCE_SECONDS: i64 = 900;
/// The error of programs that write the local time as if it were UTC: Viet Nam's offset, in seconds.
const LOCAL_AS_UTC_SECONDS: i64 = 7 * 3600;

/// Whether pages may be changed beside the signature. Where somebody signed before, they never may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writing {
    /// The file is refused, also for what a verifier would only tell people to look at: here nobody looks.
    Refused,
    /// It is taken, and [`Accepted::changes`] tells what a person must look at.
    Told,
}

/// Whether it must be known that no certificate was revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Revocation {
    /// A file of which nothing is known is [`Refusal::RevocationUnknown`].
    Demanded,
    /// It is asked for after the file was taken, as with signatures that are made here. What is known counts all the same.
    Later,
}

/// What is expected of the returned file.
#[derive(Debug, Clone, Copy)]
pub struct Expectation<'a> {
    /// SHA-256 of the DER of the person's registered certificate, 64 lower-case hexadecimal digits
    /// ([`crate::Certificate::sha256`]).
    pub certificate: &'a str,
    /// When the file was sent out ([`super::Errand::given`]).
    pub given: Timestamp,
    /// What time it is.
    pub now: Timestamp,
    /// Whom the office trusts.
    pub trust: &'a TrustList,
    /// Certificates, CRLs and OCSP answers from outside the file; without them most files are [`Refusal::RevocationUnknown`].
    pub evidence: &'a Evidence,
    /// When it is asked whether a certificate was revoked.
    pub revocation: Revocation,
    /// Usually [`super::Command::writing`].
    pub writing: Writing,
}

impl Expectation<'_> {
    fn report(&self, file: &[u8]) -> Report {
        let Report { mut findings, mut signatures, .. } = verify(file, self.trust, self.now, self.evidence);
        if self.revocation == Revocation::Later {
            findings.retain(|finding| finding.code != Code::NoRevocationData);
            for signature in &mut signatures {
                signature.findings.retain(|finding| finding.code != Code::NoRevocationData);
            }
        }
        Report::of(findings, signatures)
    }
}

/// When it was signed, as far as anybody says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignedAt {
    /// A trusted timestamp says so.
    Stamped(Timestamp),
    /// The signer's computer says so.
    Claimed(Timestamp),
    /// The signer's computer wrote its local time as UTC; seven hours were taken off what it says.
    SevenHoursOff(Timestamp),
}

/// A file that is signed as expected.
#[derive(Debug, Clone, PartialEq)]
pub struct Accepted {
    /// The new signature.
    pub signature: SignatureReport,
    /// When it was made.
    pub at: SignedAt,
    /// Where it is seen, when it is.
    pub shown: Option<Shown>,
    /// What the signer's program changed beside the signature, forbidden after a signature or worth a look.
    pub changes: Vec<Change>,
    /// What a person should look at in the file as a whole, or know of it.
    pub findings: Vec<Finding>,
}

/// Bytes of a returned file, at most; for whoever receives it before it can be looked at.
pub fn returned_bytes_max(original: usize) -> usize {
    original.saturating_add(GROWTH_BYTES_MAX)
}

/// Whether `returned` is `original` with exactly one new, whole and trusted signature by the expected certificate. Does no
/// I/O and never panics on what it is given.
///
/// # Errors
/// The first reason against it; see [`Refusal`].
pub fn accept(original: &[u8], returned: &[u8], expectation: &Expectation<'_>) -> Result<Accepted, Refusal> {
    let most = returned_bytes_max(original.len());
    if returned.len() > most {
        return Err(Refusal::TooLarge { bytes: returned.len(), most });
    }
    if !returned.starts_with(original) {
        return Err(Refusal::Rewritten);
    }
    if returned.len() == original.len() {
        return Err(Refusal::NotSigned);
    }
    let (before, after) = (expectation.report(original), expectation.report(returned));
    let new = only_new(&before, &after)?;
    check_own(new, expectation.certificate)?;
    check_earlier(&before, &after)?;
    blame(after.findings.iter())?;
    blame(new.findings.iter())?;
    if after.verdict == Verdict::Invalid {
        return Err(Refusal::Invalid("Bộ kiểm tra chữ ký từ chối tệp.".to_owned()));
    }
    let at = signed_at(new, expectation)?;
    let changes = beside_the_signature(original, returned)?;
    if expectation.writing == Writing::Refused && !changes.is_empty() {
        return Err(Refusal::PagesChanged);
    }
    let shown = shown_signatures(returned).map_err(|_| Refusal::Rewritten)?;
    let shown = shown.into_iter().find(|shown| shown.field == new.field);
    Ok(Accepted { signature: new.clone(), at, shown, changes, findings: after.findings })
}

/// The one signature that the original did not have; all that it had are there.
fn only_new<'r>(before: &Report, after: &'r Report) -> Result<&'r SignatureReport, Refusal> {
    let mut left: Vec<&SignatureReport> = after.signatures.iter().collect();
    for old in &before.signatures {
        let place = left.iter().position(|now| is_same(old, now));
        left.remove(place.ok_or_else(|| Refusal::LostEarlier(old.field.clone()))?);
    }
    match left[..] {
        [new] => Ok(new),
        // A file that cannot be read shows no signature; what is wrong with it says more.
        [] => Err(blame(after.findings.iter().filter(|f| f.code != Code::NoSignature))
            .err()
            .unwrap_or(Refusal::NotSigned)),
        _ => Err(Refusal::SeveralSignatures(left.len())),
    }
}

fn is_same(a: &SignatureReport, b: &SignatureReport) -> bool {
    let bytes = |signature: &SignatureReport| signature.coverage.map(|coverage| coverage.bytes);
    a.field == b.field && bytes(a) == bytes(b) && a.signer_sha256 == b.signer_sha256
}

/// What the new signature is, before the question who stands behind it.
fn check_own(new: &SignatureReport, certificate: &str) -> Result<(), Refusal> {
    if new.kind != SignatureKind::Approval {
        return Err(Refusal::OtherKind);
    }
    if !new.coverage.is_some_and(|coverage| coverage.whole_file) {
        return Err(Refusal::NotWhole);
    }
    if !new.intact {
        return Err(Refusal::NotIntact);
    }
    if new.signer_sha256.as_deref() != Some(certificate) {
        return Err(Refusal::OtherSigner(new.signer.clone().unwrap_or_default()));
    }
    Ok(())
}

/// Earlier signatures hold as they did.
fn check_earlier(before: &Report, after: &Report) -> Result<(), Refusal> {
    for old in &before.signatures {
        if let Err(reason) = blame(old.findings.iter()) {
            return Err(match reason {
                Refusal::RevocationUnknown => reason,
                _ => Refusal::EarlierInvalid { field: old.field.clone(), reason: refused_for(old) },
            });
        }
        let broken = after.signatures.iter().any(|now| is_same(old, now) && now.verdict() == Verdict::Invalid);
        if broken {
            return Err(Refusal::BreaksEarlier(old.field.clone()));
        }
    }
    Ok(())
}

fn refused_for(signature: &SignatureReport) -> String {
    let mut refused = signature.findings.iter().filter(|f| f.weight == Weight::Refuse);
    refused.find(|f| f.code != Code::NoRevocationData).map(|f| f.sentence.clone()).unwrap_or_default()
}

/// The worst of what the verifier refuses. That nothing is known of revocation is said only when nothing else is wrong: it
/// alone may be better tomorrow.
fn blame<'f>(findings: impl Iterator<Item = &'f Finding>) -> Result<(), Refusal> {
    let refused: Vec<&Finding> = findings.filter(|finding| finding.weight == Weight::Refuse).collect();
    let Some(first) = refused.iter().find(|f| f.code != Code::NoRevocationData) else {
        return if refused.is_empty() { Ok(()) } else { Err(Refusal::RevocationUnknown) };
    };
    Err(match first.code.status() {
        Status::Revoked => Refusal::Revoked,
        Status::ExpiredAtSigning => Refusal::NotValidThen,
        Status::UntrustedChain => Refusal::Untrusted(first.sentence.clone()),
        Status::HashMismatch => Refusal::NotIntact,
        _ => Refusal::Invalid(first.sentence.clone()),
    })
}

/// The time of signing lies between sending out and now.
fn signed_at(new: &SignatureReport, expectation: &Expectation<'_>) -> Result<SignedAt, Refusal> {
    let time = new.time.ok_or(Refusal::NoTime)?;
    let off = |at: Timestamp, tolerance: i64| {
        let (first, last) = (expectation.given.plus_seconds(-tolerance), expectation.now.plus_seconds(tolerance));
        if at < first {
            at.0.saturating_sub(expectation.given.0).div_euclid(1_000_000)
        } else if at > last {
            at.0.saturating_sub(expectation.now.0).div_euclid(1_000_000)
        } else {
            0
        }
    };
    if time.source != TimeSource::Claimed {
        return match off(time.at, STAMP_TOLERANCE_SECONDS) {
            0 => Ok(SignedAt::Stamped(time.at)),
            seconds => Err(Refusal::TimeOff(seconds)),
        };
    }
    let shifted = time.at.plus_seconds(-LOCAL_AS_UTC_SECONDS);
    match (off(time.at, CLAIM_TOLERANCE_SECONDS), off(shifted, CLAIM_TOLERANCE_SECONDS)) {
        (0, _) => Ok(SignedAt::Claimed(time.at)),
        (_, 0) => Ok(SignedAt::SevenHoursOff(shifted)),
        (seconds, _) => Err(Refusal::TimeOff(seconds)),
    }
}

/// What the update changed beside adding the signature, as the next signer's verifier would weigh it.
fn beside_the_signature(original: &[u8], returned: &[u8]) -> Result<Vec<Change>, Refusal> {
    let changes = changes_since(returned, original.len()).map_err(|_| Refusal::Rewritten)?;
    Ok(changes.into_iter().filter(|change| change.class != ChangeClass::Allowed).collect())
}
