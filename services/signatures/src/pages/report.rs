//! What the verifier found, in words that somebody without any knowledge of signatures understands.

pub(crate) mod samples;

use crate::handed::Checked;
use serde::Serialize;
use signing::verify::{
    CertificateNow, ChangeClass, Code, Issued, Report, SignatureKind, SignatureReport, SigningTime, Status, TimeSource,
    Verdict, Weight,
};
use ui::{Card, Container, Html, Icon, KeyValues, Notice, Tag, Tone, format};

/// What was found, for programs.
#[derive(Serialize)]
pub(crate) struct Told<'a> {
    /// `valid`, `valid_with_changes`, `unknown`, `unsigned` or `invalid`.
    answer: &'static str,
    /// No authority is trusted here yet, so that nobody can be vouched for.
    trusts_nobody: bool,
    /// Number and day that were given after the first signature, and the place of the signature that vouches for them.
    #[serde(skip_serializing_if = "Option::is_none")]
    issued: Option<&'a Issued>,
    #[serde(flatten)]
    report: &'a Report,
}

/// The answer as programs get it.
pub(crate) fn told(checked: &Checked) -> Told<'_> {
    Told {
        answer: Answer::of(checked).name(),
        trusts_nobody: checked.trusts_nobody,
        issued: checked.issued.as_ref(),
        report: &checked.report,
    }
}

/// What somebody who holds the file needs to know. Where all that speaks against it is that something cannot be known, it is
/// not called bad: most files bring no proof that a certificate was not revoked, and many no proof of when they were signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    Valid,
    ValidWithChanges,
    Unknown,
    Unsigned,
    Invalid,
}

impl Answer {
    fn of(checked: &Checked) -> Self {
        let report = &checked.report;
        match report.verdict {
            Verdict::Valid => Self::Valid,
            Verdict::ValidWithChanges => Self::ValidWithChanges,
            Verdict::Invalid if report.findings.iter().any(|finding| finding.code == Code::NoSignature) => {
                Self::Unsigned
            }
            Verdict::Invalid => {
                let own = report.findings.iter().all(|finding| finding.weight != Weight::Refuse);
                let open =
                    report.signatures.iter().all(|one| one.verdict() != Verdict::Invalid || is_open(checked, one));
                if own && open { Self::Unknown } else { Self::Invalid }
            }
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::ValidWithChanges => "valid_with_changes",
            Self::Unknown => "unknown",
            Self::Unsigned => "unsigned",
            Self::Invalid => "invalid",
        }
    }

    fn words(self) -> (Tone, &'static str, &'static str) {
        match self {
            Self::Valid => (
                Tone::Success,
                "Chữ ký hợp lệ",
                "Tệp còn nguyên vẹn như khi ký, và chữ ký là của người có tên dưới đây.",
            ),
            Self::ValidWithChanges => (
                Tone::Warning,
                "Chữ ký hợp lệ, có điểm cần xem lại",
                "Chữ ký còn giá trị, nhưng trong tệp có điểm nêu dưới đây. Ông/bà nên xem trước khi dùng tệp.",
            ),
            Self::Unknown => (
                Tone::Warning,
                "Chưa xác nhận được chữ ký",
                "Chưa đủ căn cứ để tin, cũng chưa có dấu hiệu tệp bị sửa. Khi cần dùng, hãy hỏi lại cơ quan đã cấp.",
            ),
            Self::Unsigned => (
                Tone::Warning,
                "Tệp không có chữ ký số",
                "Không thể biết tệp này do ai làm ra và đã bị sửa hay chưa. Hình con dấu hoặc chữ ký in trên trang không phải là chữ ký số.",
            ),
            Self::Invalid => (
                Tone::Danger,
                "Chữ ký không hợp lệ",
                "Đừng dựa vào tệp này. Hãy hỏi lại cơ quan đã cấp, hoặc xin lại tệp gốc.",
            ),
        }
    }
}

/// Whether all that speaks against a signature is that something cannot be known.
fn is_open(checked: &Checked, signature: &SignatureReport) -> bool {
    let mut refusing = signature.findings.iter().filter(|finding| finding.weight == Weight::Refuse);
    let changed = signature.changes.iter().any(|change| change.class == ChangeClass::Forbidden);
    !changed && refusing.all(|finding| is_unknown(checked, signature, finding.code))
}

fn is_unknown(checked: &Checked, signature: &SignatureReport, code: Code) -> bool {
    match code {
        Code::NoRevocationData => true,
        Code::UntrustedChain | Code::TimestampUntrusted => checked.trusts_nobody,
        Code::ExpiredAtSigning | Code::Revoked => is_undated(signature),
        _ => false,
    }
}

/// Nobody vouches for when it was made: what its certificate is now says nothing of then.
fn is_undated(signature: &SignatureReport) -> bool {
    signature.time.is_none_or(|time| time.source == TimeSource::Claimed)
}

/// The answer in a few words.
pub(crate) fn title(checked: &Checked) -> &'static str {
    Answer::of(checked).words().1
}

/// The answer, first of all.
pub(crate) fn verdict(checked: &Checked) -> Html {
    let (tone, title, sentence) = Answer::of(checked).words();
    Notice::new(tone, sentence).titled(title).into()
}

/// What is to be said of the file as a whole.
pub(crate) fn about_file(checked: &Checked) -> Html {
    let findings = checked.report.findings.iter().filter(|finding| finding.code != Code::NoSignature);
    let own = notices(findings.map(|finding| (tone(finding.weight), finding.sentence.as_str())));
    if own.is_empty() { own } else { Card::new("Về tệp này").around(own) }
}

/// Everything that was found, signature by signature.
pub(crate) fn details(checked: &Checked) -> Html {
    let signatures = checked.report.signatures.iter().enumerate();
    signatures.fold(about_file(checked), |all, (place, signature)| all.and(card(checked, place, signature)))
}

fn card(checked: &Checked, place: usize, signature: &SignatureReport) -> Html {
    let is_stamp = signature.kind == SignatureKind::DocumentTimestamp;
    let title = if is_stamp {
        "Dấu thời gian của cả tệp".to_owned()
    } else {
        format!("Chữ ký thứ {}", place + 1)
    };
    // A name that nobody vouches for is what somebody wrote into a certificate.
    let signer = match (signature.trusted_by.is_some(), is_stamp) {
        (true, true) => "Nơi cấp dấu thời gian",
        (true, false) => "Người ký",
        (false, _) => "Tên ghi trong chứng thư, chưa xác nhận",
    };
    let vouched = signature.trusted_by.as_ref();
    let facts = KeyValues::new()
        .row("Kết luận", tag(checked, signature))
        .maybe(signer, signature.signer.clone())
        .maybe("Cơ quan, tổ chức", vouched.and(signature.agency.clone()))
        .maybe("Nơi cấp chứng thư", vouched.and(signature.issuer.clone()))
        .maybe("Ký lúc", signature.time.map(time))
        .maybe("Xác nhận số và ngày văn bản", issued(checked, place))
        .row("Giá trị khi ký", then(signature))
        .row("Chứng thư hiện nay", now(signature.now))
        .maybe("Phần được bảo vệ", protects(signature));
    Card::new(title).around(Html::from(facts).and(notices(reasons(checked, signature).chain(changes(signature)))))
}

/// Number and day that this signature vouches for.
fn issued(checked: &Checked, place: usize) -> Option<String> {
    let issued = checked.issued.as_ref().filter(|issued| issued.signature == place)?;
    let day = issued.date.map(format::date);
    let said: Vec<String> = issued.number.clone().into_iter().chain(day).collect();
    (!said.is_empty()).then(|| said.join(", "))
}

fn tag(checked: &Checked, signature: &SignatureReport) -> Tag {
    match signature.verdict() {
        Verdict::Valid => Tag::new(Tone::Success, Icon::ShieldCheck, "Hợp lệ"),
        Verdict::ValidWithChanges => Tag::new(Tone::Warning, Icon::TriangleAlert, "Hợp lệ, cần xem lại"),
        Verdict::Invalid if is_open(checked, signature) => {
            Tag::new(Tone::Warning, Icon::TriangleAlert, "Chưa xác nhận được")
        }
        Verdict::Invalid => Tag::new(Tone::Danger, Icon::CircleX, "Không được công nhận"),
    }
}

fn tone(weight: Weight) -> Tone {
    match weight {
        Weight::Note => Tone::Info,
        Weight::Look => Tone::Warning,
        Weight::Refuse => Tone::Danger,
    }
}

/// What speaks against it, what should be looked at, and what is good to know.
fn reasons<'a>(checked: &'a Checked, signature: &'a SignatureReport) -> impl Iterator<Item = (Tone, &'a str)> {
    signature.findings.iter().map(move |finding| match finding.code {
        Code::ExpiredAtSigning if is_undated(signature) => {
            (Tone::Warning, "Chứng thư nay đã hết hạn; không có dấu thời gian nên không biết đã ký trước hay sau đó.")
        }
        Code::Revoked if is_undated(signature) => (
            Tone::Warning,
            "Chứng thư nay đã bị thu hồi; không có dấu thời gian nên không biết đã ký trước hay sau đó.",
        ),
        code if is_unknown(checked, signature, code) => (Tone::Warning, finding.sentence.as_str()),
        _ => (tone(finding.weight), finding.sentence.as_str()),
    })
}

/// What was done to the file after the signature, where it was not to be expected.
fn changes(signature: &SignatureReport) -> impl Iterator<Item = (Tone, &str)> {
    let told = signature.changes.iter().filter(|change| change.class != ChangeClass::Allowed);
    let tone = |class| if class == ChangeClass::Forbidden { Tone::Danger } else { Tone::Warning };
    told.map(move |change| (tone(change.class), change.sentence.as_str()))
}

/// One notice for each weight, the gravest first; each sentence once.
fn notices<'a>(told: impl Iterator<Item = (Tone, &'a str)>) -> Html {
    let told: Vec<(Tone, &str)> = told.collect();
    [Tone::Danger, Tone::Warning, Tone::Info].into_iter().fold(Html::default(), |all, tone| {
        let mut sentences: Vec<&str> = Vec::new();
        for (_, sentence) in told.iter().filter(|(of, _)| *of == tone) {
            if !sentences.contains(sentence) {
                sentences.push(sentence);
            }
        }
        if sentences.is_empty() { all } else { all.and(Notice::new(tone, sentences.join(" "))) }
    })
}

fn protects(signature: &SignatureReport) -> Option<&'static str> {
    let coverage = signature.coverage?;
    let is_allowed = signature.changes.iter().all(|change| change.class == ChangeClass::Allowed);
    Some(match (coverage.whole_file, is_allowed) {
        (true, _) => "Toàn bộ tệp",
        (false, true) => "Toàn bộ tệp vào lúc ký; phần bổ sung sau đó thuộc loại được phép",
        (false, false) => "Toàn bộ tệp vào lúc ký; sau đó tệp đã có thay đổi",
    })
}

fn time(time: SigningTime) -> String {
    let at = format::moment(time.at);
    match time.source {
        TimeSource::Timestamp => format!("{at}, theo dấu thời gian của tổ chức được tin cậy"),
        TimeSource::DocumentTimestamp => format!("muộn nhất {at}, theo dấu thời gian của cả tệp"),
        TimeSource::Claimed => format!("{at}, do máy của người ký tự ghi"),
    }
}

fn then(signature: &SignatureReport) -> &'static str {
    match signature.then {
        Status::Valid => "Có giá trị",
        Status::ValidNoTimestamp => "Có giá trị; giờ ký do người ký tự ghi",
        Status::UntrustedChain => "Chứng thư không do nơi được tin cậy cấp",
        Status::ExpiredAtSigning | Status::Revoked if is_undated(signature) => "Chưa biết, vì không có dấu thời gian",
        Status::ExpiredAtSigning => "Chứng thư không còn hoặc chưa có hiệu lực",
        Status::Revoked => "Chứng thư đã bị thu hồi",
        Status::ModifiedAfterSigning => "Văn bản bị sửa sau khi ký",
        Status::HashMismatch => "Nội dung không khớp với chữ ký",
        Status::Indeterminate => "Chưa đủ căn cứ để kết luận",
    }
}

fn now(status: CertificateNow) -> &'static str {
    match status {
        CertificateNow::Valid => "Còn hiệu lực",
        CertificateNow::Expired => "Đã hết hạn",
        CertificateNow::Revoked => "Đã bị thu hồi",
        CertificateNow::Unknown => "Chưa biết",
    }
}
