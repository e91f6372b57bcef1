//! The work on one file: sign, verify, keep.

use crate::look::Look;
use crate::signer::SignerKind;
use ::signing::trust::TrustList;
use ::signing::verify::{ChangeClass, Code, Evidence, Finding, Report, SignatureKind, SignatureReport, Weight, verify};
use ::signing::{Algorithm, Certificate, Options, SigningKey};
use files::{File, FileStore, Kept};
use std::sync::Arc;
use types::{Error, Result, Timestamp};

/// One document's file, and with what it is signed.
pub(super) struct Task {
    pub file: File,
    pub frame: Frame,
    pub trust: Arc<TrustList>,
    pub key: Arc<dyn SigningKey>,
}

/// What a signature says and shows besides whose it is.
pub(super) struct Frame {
    /// The agency's name.
    pub unit: String,
    pub kind: SignerKind,
    pub look: Look,
    pub signed_at: Timestamp,
}

impl Frame {
    /// With it around a signature by this certificate.
    pub fn around(&self, certificate: &Certificate, chain: &[Certificate], algorithm: Algorithm) -> Result<Options> {
        let mut options = Options::new(certificate.clone(), chain.to_vec(), self.signed_at)?;
        options.algorithm = algorithm;
        options.name = Some(certificate.common_name());
        options.reason = Some(match self.kind {
            SignerKind::Person => "Ký duyệt văn bản".to_owned(),
            SignerKind::Agency => "Đóng dấu của cơ quan".to_owned(),
        });
        options.location = Some(self.unit.clone());
        options.placement = self.look.placement.clone();
        options.issue = self.look.issue.clone();
        options.field = match self.kind {
            SignerKind::Person => "ChuKyNguoi".to_owned(),
            SignerKind::Agency => "ChuKyCoQuan".to_owned(),
        };
        Ok(options)
    }
}

impl Task {
    /// What comes out, durable.
    pub fn work(self, store: &FileStore) -> Result<Kept> {
        let base = store.read(&self.file.hash)?;
        let signed = self.sign(&base)?;
        // What is not valid in our own eyes leaves this house under nobody's name.
        if let Some(why) = refusal_of(&signed, &self.trust, self.frame.signed_at) {
            return Err(Error::conflict(format!("Ký xong nhưng kiểm tra lại không đạt nên không dùng: {why}")));
        }
        store.keep_bytes(&self.file.name, &signed)
    }

    fn sign(&self, base: &[u8]) -> Result<Vec<u8>> {
        let key = &*self.key;
        let options = self.frame.around(key.certificate(), key.chain(), key.algorithm())?;
        Ok(::signing::sign_basic(base, &options, key)?)
    }
}

/// What this installation may not know yet: proof of status comes later; and whom to trust, before it has brought its
/// authorities.
fn open(trust: &TrustList) -> &'static [Code] {
    const ALL: [Code; 3] = [Code::NoRevocationData, Code::UntrustedChain, Code::TimestampUntrusted];
    if trust.anchors.is_empty() { &ALL } else { &ALL[..1] }
}

/// Why a file that was signed or completed here must not be kept, if so.
pub(crate) fn refusal_of(file: &[u8], trust: &TrustList, now: Timestamp) -> Option<String> {
    refusal(&verify(file, trust, now, &Evidence::default()), open(trust))
}

/// Why a signed file must not be used, if so; `open` may be left open.
fn refusal(report: &Report, open: &[Code]) -> Option<String> {
    let of_file = report.findings.iter().find(|finding| finding.weight == Weight::Refuse);
    let of_file = of_file.map(|finding| finding.sentence.clone());
    of_file.or_else(|| report.signatures.iter().find_map(|signature| broken(signature, open)))
}

fn broken(signature: &SignatureReport, open: &[Code]) -> Option<String> {
    let refused = |finding: &&Finding| finding.weight == Weight::Refuse && !open.contains(&finding.code);
    let finding = signature.findings.iter().find(refused).map(|finding| finding.sentence.clone());
    let change = signature.changes.iter().find(|change| change.class == ChangeClass::Forbidden);
    let not_intact = (!signature.intact).then(|| "Chữ ký không nguyên vẹn.".to_owned());
    finding.or_else(|| change.map(|change| change.sentence.clone())).or(not_intact)
}

/// What the signatures in a file are worth here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// A person or an agency whom this house trusts signed it, and all signatures in it hold.
    Holds,
    /// They would hold if this house trusted whoever vouches for them.
    Untrusted,
    /// There are none, or one does not hold.
    None,
}

/// What the signatures of persons and agencies in a file are worth.
pub fn standing(file: &[u8], trust: &TrustList, now: Timestamp) -> Standing {
    if !file.starts_with(b"%PDF-") {
        return Standing::None;
    }
    let report = verify(file, trust, now, &Evidence::default());
    let signed = report.signatures.iter().any(|signature| signature.kind != SignatureKind::DocumentTimestamp);
    // Whether a certificate was revoked is seldom in the file; whoever has the file checked is told so.
    let unknown = [Code::NoRevocationData, Code::UntrustedChain, Code::TimestampUntrusted];
    match signed {
        true if refusal(&report, &unknown[..1]).is_none() => Standing::Holds,
        true if refusal(&report, &unknown).is_none() => Standing::Untrusted,
        _ => Standing::None,
    }
}

/// Whether a file can be signed here and will be believed: a PDF that can be read to the last byte, and does nothing but
/// show itself.
///
/// # Errors
/// `Invalid` with the field `file`.
pub fn fit_to_sign(file: &[u8], trust: &TrustList, now: Timestamp) -> Result<()> {
    let refuse = |sentence: String| Error::invalid("file", sentence);
    if !file.starts_with(b"%PDF-") {
        return Err(refuse("Văn bản trình ký phải là tệp PDF.".to_owned()));
    }
    ::signing::check_signable(file).map_err(|error| {
        tracing::info!(context = error.inward(), "a file is not fit to be signed");
        refuse(error.to_string())
    })?;
    let report = verify(file, trust, now, &Evidence::default());
    let danger = |code: Code, weight: Weight| weight == Weight::Refuse && code != Code::NoSignature;
    if let Some(finding) = report.findings.iter().find(|finding| danger(finding.code, finding.weight)) {
        return Err(refuse(format!("Không trình ký tệp này được. {}", finding.sentence)));
    }
    match refusal(&Report { findings: Vec::new(), ..report }, open(trust)) {
        Some(why) => Err(refuse(format!("Chữ ký đã có trong tệp không hợp lệ: {why}"))),
        None => Ok(()),
    }
}
