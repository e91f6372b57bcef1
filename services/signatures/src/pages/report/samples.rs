//! Answers of the verifier for the pages' samples. The names are made up.

use signing::verify::{
    CertificateNow, Change, ChangeClass, Code, Coverage, Finding, Report, SignatureKind, SignatureReport, SigningTime,
    Status, TimeSource,
};
use types::Timestamp;

const SIGNED: Timestamp = Timestamp(1_795_340_834_000_000);

fn signature(signer: &str, source: TimeSource) -> SignatureReport {
    SignatureReport {
        field: "Signature1".to_owned(),
        kind: SignatureKind::Approval,
        intact: true,
        signer: Some(signer.to_owned()),
        signer_sha256: None,
        issuer: Some("CA phục vụ các cơ quan Nhà nước (mẫu)".to_owned()),
        agency: Some("Ủy ban nhân dân xã Suối Mơ, tỉnh Phú Lâm".to_owned()),
        trusted_by: Some("Root CA (mẫu)".to_owned()),
        time: Some(SigningTime { at: SIGNED, source }),
        then: Status::Valid,
        now: CertificateNow::Valid,
        coverage: Some(Coverage { whole_file: true, bytes: 184_320, later_revisions: 0 }),
        changes: Vec::new(),
        findings: Vec::new(),
        evidence: Vec::new(),
    }
}

fn person() -> SignatureReport {
    let coverage = Some(Coverage { whole_file: false, bytes: 150_000, later_revisions: 1 });
    SignatureReport { coverage, ..signature("Lường Thị Phương Thảo (người mẫu)", TimeSource::Timestamp) }
}

fn seal() -> SignatureReport {
    signature("Ủy ban nhân dân xã Suối Mơ", TimeSource::Timestamp)
}

/// A person's signature and the agency's.
pub(crate) fn valid() -> Report {
    Report::of(Vec::new(), vec![person(), seal()])
}

/// Something was added that a person should look at.
pub(crate) fn to_look_at() -> Report {
    let seal = SignatureReport {
        findings: vec![Finding::new(Code::NoTimestamp)],
        then: Status::ValidNoTimestamp,
        ..signature("Ủy ban nhân dân xã Suối Mơ", TimeSource::Claimed)
    };
    Report::of(vec![Finding::new(Code::UnsignedTail)], vec![person(), seal])
}

/// A page was changed after the signature.
pub(crate) fn changed() -> Report {
    let change = Change {
        object: 12,
        key: "Contents".to_owned(),
        class: ChangeClass::Forbidden,
        sentence: "Nội dung một trang đã được thay sau khi ký.".to_owned(),
    };
    let changed = SignatureReport {
        then: Status::ModifiedAfterSigning,
        changes: vec![change],
        findings: vec![Finding::new(Code::ChangedAfterSigning)],
        ..person()
    };
    Report::of(Vec::new(), vec![changed])
}

/// Nobody trusted has issued the certificate.
pub(crate) fn untrusted() -> Report {
    let untrusted = SignatureReport {
        trusted_by: None,
        then: Status::UntrustedChain,
        now: CertificateNow::Unknown,
        findings: vec![Finding::new(Code::UntrustedChain)],
        ..seal()
    };
    Report::of(Vec::new(), vec![untrusted])
}

/// There is no signature at all.
pub(crate) fn unsigned() -> Report {
    Report::of(vec![Finding::new(Code::NoSignature)], Vec::new())
}

/// Signed before its certificate expired, perhaps: nobody vouches for when.
pub(crate) fn undated() -> Report {
    let undated = SignatureReport {
        then: Status::ExpiredAtSigning,
        now: CertificateNow::Expired,
        findings: vec![Finding::new(Code::ExpiredAtSigning), Finding::new(Code::NoTimestamp)],
        ..signature("Ủy ban nhân dân xã Suối Mơ", TimeSource::Claimed)
    };
    Report::of(Vec::new(), vec![undated])
}
