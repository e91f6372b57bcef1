//! The answer about a file: three overall answers, what is known of each signature, and every reason in words.

use serde::Serialize;
use types::Timestamp;

pub use super::sentences::Code;

/// What somebody who received the file needs to know first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Every signature holds, and nothing was changed but by signing.
    Valid,
    /// Every signature holds; something in the file should be looked at by a person.
    ValidWithChanges,
    /// At least one signature does not hold or cannot be checked, or the file must not be relied on.
    Invalid,
}

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Weight {
    /// Good to know.
    Note,
    /// A person should look.
    Look,
    /// The file or the signature is refused.
    Refuse,
}

/// One reason: a code for machines, a sentence for people, and what was found for those who look closer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    pub code: Code,
    pub weight: Weight,
    pub sentence: String,
    /// In English, with object numbers; not for the page a citizen sees.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

impl Finding {
    /// The finding of a code, without detail.
    pub fn new(code: Code) -> Self {
        Self { code, weight: code.weight(), sentence: code.sentence().to_owned(), detail: None }
    }

    /// The finding of a code, with what was found.
    pub fn with(code: Code, detail: impl Into<String>) -> Self {
        let detail: String = detail.into();
        // Text of the file may be quoted here; it stays short.
        Self { detail: Some(detail.chars().take(300).collect()), ..Self::new(code) }
    }
}

/// What the signature was worth when it was made; the words are those of the office's domain (standards 5.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Valid,
    /// Valid now, but nobody vouches for when it was made.
    ValidNoTimestamp,
    UntrustedChain,
    ExpiredAtSigning,
    Revoked,
    ModifiedAfterSigning,
    HashMismatch,
    /// There is no revocation data, or something could not be read.
    Indeterminate,
}

/// How the signer's certificate stands today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CertificateNow {
    Valid,
    Expired,
    Revoked,
    Unknown,
}

/// Who says when the signature was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeSource {
    /// A trusted timestamp over the signature.
    Timestamp,
    /// A later trusted timestamp over the whole document: it existed at the latest then.
    DocumentTimestamp,
    /// The signer's own clock (`/M`); nobody vouches for it.
    Claimed,
}

/// When the signature was made, and who says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct SigningTime {
    pub at: Timestamp,
    pub source: TimeSource,
}

/// What the field's signature is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SignatureKind {
    /// Of a person or an agency.
    Approval,
    /// Of the first signer, who says which changes are allowed (ISO 32000-2, 12.8.2.2).
    Certification,
    /// A timestamp over the document (EN 319 142-1, 5.4.3).
    DocumentTimestamp,
}

/// How much of the file the signature covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Coverage {
    pub whole_file: bool,
    /// Bytes it covers, its own container included.
    pub bytes: usize,
    /// Revisions that came after.
    pub later_revisions: usize,
}

/// What a later change means for a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeClass {
    Allowed,
    Look,
    Forbidden,
}

/// One change made after the signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    pub object: u32,
    pub key: String,
    pub class: ChangeClass,
    pub sentence: String,
}

/// A statement about revocation that was relied on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EvidenceUsed {
    pub about: String,
    pub by: String,
    /// `crl` or `ocsp`.
    pub kind: &'static str,
    pub issued: Timestamp,
}

/// All about one signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SignatureReport {
    pub field: String,
    pub kind: SignatureKind,
    /// The signed bytes are what was signed, and the signature is the certificate's.
    pub intact: bool,
    /// Common name of the signer's certificate.
    pub signer: Option<String>,
    /// SHA-256 of that certificate's DER, in hexadecimal digits.
    pub signer_sha256: Option<String>,
    pub issuer: Option<String>,
    /// The signer's organisation, as its certificate says.
    pub agency: Option<String>,
    /// The anchor of the trust list at the end of the chain.
    pub trusted_by: Option<String>,
    pub time: Option<SigningTime>,
    pub then: Status,
    pub now: CertificateNow,
    pub coverage: Option<Coverage>,
    pub changes: Vec<Change>,
    pub findings: Vec<Finding>,
    pub evidence: Vec<EvidenceUsed>,
}

impl SignatureReport {
    /// What this signature alone says.
    pub fn verdict(&self) -> Verdict {
        let changes = self.changes.iter().map(|change| match change.class {
            ChangeClass::Allowed => Weight::Note,
            ChangeClass::Look => Weight::Look,
            ChangeClass::Forbidden => Weight::Refuse,
        });
        verdict(changes.chain(self.findings.iter().map(|finding| finding.weight)))
    }
}

/// The answer about a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    pub verdict: Verdict,
    /// About the file as a whole.
    pub findings: Vec<Finding>,
    /// In the order in which they were made.
    pub signatures: Vec<SignatureReport>,
}

impl Report {
    /// Puts the answers together.
    pub fn of(findings: Vec<Finding>, signatures: Vec<SignatureReport>) -> Self {
        let own = verdict(findings.iter().map(|finding| finding.weight));
        let verdict = signatures.iter().map(SignatureReport::verdict).max().unwrap_or(Verdict::Invalid).max(own);
        Self { verdict, findings, signatures }
    }
}

fn verdict(weights: impl Iterator<Item = Weight>) -> Verdict {
    match weights.max() {
        Some(Weight::Refuse) => Verdict::Invalid,
        Some(Weight::Look) => Verdict::ValidWithChanges,
        Some(Weight::Note) | None => Verdict::Valid,
    }
}
