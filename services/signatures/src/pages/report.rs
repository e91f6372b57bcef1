//! What the verifier found, in words that somebody without any knowledge of signatures understands.

pub(crate) mod samples;

use signing::verify::{
    CertificateNow, ChangeClass, Code, Finding, Report, SignatureKind, SignatureReport, SigningTime, Status,
    TimeSource, Verdict, Weight,
};
use ui::{Card, Container, Html, Icon, KeyValues, Notice, Tag, Tone, format};

/// The answer in a few words.
pub(crate) fn title(report: &Report) -> &'static str {
    words(report).1
}

/// The answer, first of all.
pub(crate) fn verdict(report: &Report) -> Html {
    let (tone, title, sentence) = words(report);
    Notice::new(tone, sentence).titled(title).into()
}

fn words(report: &Report) -> (Tone, &'static str, &'static str) {
    match report.verdict {
        Verdict::Valid => {
            (Tone::Success, "Chữ ký hợp lệ", "Tệp còn nguyên vẹn như khi ký, và chữ ký là của người có tên dưới đây.")
        }
        Verdict::ValidWithChanges => (
            Tone::Warning,
            "Chữ ký hợp lệ, có điểm cần xem lại",
            "Chữ ký còn giá trị, nhưng trong tệp có điểm nêu dưới đây. Ông/bà nên xem trước khi dùng tệp.",
        ),
        Verdict::Invalid if says(report, Code::NoSignature) => (
            Tone::Warning,
            "Tệp không có chữ ký số",
            "Không thể biết tệp này do ai làm ra và đã bị sửa hay chưa. Hình con dấu hoặc chữ ký in trên trang không phải là chữ ký số.",
        ),
        Verdict::Invalid if is_open(report) => (
            Tone::Warning,
            "Chưa xác nhận được chữ ký",
            "Chưa đủ căn cứ để tin, cũng chưa có dấu hiệu tệp bị sửa. Khi cần dùng, hãy hỏi lại cơ quan đã cấp.",
        ),
        Verdict::Invalid => (
            Tone::Danger,
            "Chữ ký không hợp lệ",
            "Đừng dựa vào tệp này. Hãy hỏi lại cơ quan đã cấp, hoặc xin lại tệp gốc.",
        ),
    }
}

fn says(report: &Report, code: Code) -> bool {
    report.findings.iter().any(|finding| finding.code == code)
}

/// Whether all that speaks against it is that something is not known.
fn is_open(report: &Report) -> bool {
    let own = report.findings.iter();
    let findings = own.chain(report.signatures.iter().flat_map(|signature| &signature.findings));
    let mut refusing = findings.filter(|finding| finding.weight == Weight::Refuse);
    let changed = report.signatures.iter().flat_map(|signature| &signature.changes);
    let is_changed = changed.into_iter().any(|change| change.class == ChangeClass::Forbidden);
    !is_changed
        && refusing.all(|finding| {
            matches!(finding.code, Code::NoRevocationData | Code::UntrustedChain | Code::TimestampUntrusted)
        })
}

/// Everything that was found, signature by signature.
pub(crate) fn details(report: &Report) -> Html {
    let own = notices(reasons(&report.findings));
    let about_file = if own.is_empty() { Html::default() } else { Card::quiet("Về tệp này").around(own) };
    report.signatures.iter().enumerate().fold(about_file, |all, (place, signature)| all.and(card(place, signature)))
}

fn card(place: usize, signature: &SignatureReport) -> Html {
    let title = match signature.kind {
        SignatureKind::DocumentTimestamp => "Dấu thời gian của cả tệp".to_owned(),
        SignatureKind::Approval | SignatureKind::Certification => format!("Chữ ký thứ {}", place + 1),
    };
    let facts = KeyValues::new()
        .row("Kết luận", tag(signature))
        .maybe("Người ký", signature.signer.clone())
        .maybe("Cơ quan, tổ chức", signature.agency.clone())
        .maybe("Nơi cấp chứng thư", signature.issuer.clone())
        .maybe("Ký lúc", signature.time.map(time))
        .row("Giá trị khi ký", then(signature.then))
        .row("Chứng thư hiện nay", now(signature.now))
        .maybe("Phần được bảo vệ", protects(signature));
    Card::new(title).around(Html::from(facts).and(notices(reasons(&signature.findings).chain(changes(signature)))))
}

fn tag(signature: &SignatureReport) -> Tag {
    match signature.verdict() {
        Verdict::Valid => Tag::new(Tone::Success, Icon::ShieldCheck, "Hợp lệ"),
        Verdict::ValidWithChanges => Tag::new(Tone::Warning, Icon::TriangleAlert, "Hợp lệ, cần xem lại"),
        Verdict::Invalid => Tag::new(Tone::Danger, Icon::CircleX, "Không được công nhận"),
    }
}

/// What speaks against it, what should be looked at, and what is good to know.
fn reasons(findings: &[Finding]) -> impl Iterator<Item = (Tone, &str)> {
    let tone = |weight| match weight {
        Weight::Note => Tone::Info,
        Weight::Look => Tone::Warning,
        Weight::Refuse => Tone::Danger,
    };
    findings.iter().map(move |finding| (tone(finding.weight), finding.sentence.as_str()))
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

fn then(status: Status) -> &'static str {
    match status {
        Status::Valid => "Có giá trị",
        Status::ValidNoTimestamp => "Có giá trị; giờ ký do người ký tự ghi",
        Status::UntrustedChain => "Chứng thư không do nơi được tin cậy cấp",
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
