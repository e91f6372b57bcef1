//! The whole set: what is expected, never more than pyHanko accepts, and the committed table of both answers.

use crate::material::{File, set};
use signing::verify::{
    CertificateNow, ChangeClass, Code, Evidence, Report, SignatureKind, Status, TimeSource, Verdict, verify,
};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use types::Timestamp;

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Valid => "valid",
        Verdict::ValidWithChanges => "look",
        Verdict::Invalid => "invalid",
    }
}

/// Codes that are more than a note, of the file and of its signatures.
fn codes(report: &Report) -> String {
    let all = report.findings.iter().chain(report.signatures.iter().flat_map(|s| &s.findings));
    let said = all.filter(|f| f.weight != signing::verify::Weight::Note);
    let mut names: BTreeSet<String> = said.map(|f| format!("{:?}", f.code)).collect();
    let looks = report.signatures.iter().flat_map(|s| &s.changes).any(|c| c.class == ChangeClass::Look);
    if looks {
        names.insert("change to look at".to_owned());
    }
    names.into_iter().collect::<Vec<_>>().join(", ")
}

fn row(file: &File, report: &Report) -> String {
    let oracle = if file.accepted { "accepts" } else { "rejects" };
    let stricter = file.accepted && report.verdict != Verdict::Valid;
    // What no verifier of the file alone can see.
    let unseen = ["rolled-back", "evidence-removed", "number-other-value", "number-late-signed"];
    let why = if stricter || unseen.contains(&file.name.as_str()) { file.why.as_str() } else { "" };
    format!("| {} | {} | {oracle} | {} | {} | {why} |", file.name, file.what, word(report.verdict), codes(report))
}

#[test]
fn every_file_gets_the_answer_it_should() {
    let set = set();
    let mut wrong = Vec::new();
    for file in &set.files {
        let report = set.verify(file);
        if word(report.verdict) != file.expect {
            let details: Vec<_> =
                report.findings.iter().chain(report.signatures.iter().flat_map(|s| &s.findings)).collect();
            let changes: Vec<_> = report.signatures.iter().flat_map(|s| &s.changes).collect();
            wrong.push(format!(
                "{}: {} instead of {}: {details:?} {changes:?}",
                file.name,
                word(report.verdict),
                file.expect
            ));
        }
    }
    assert_eq!(wrong, Vec::<String>::new(), "\n{}", wrong.join("\n"));
}

#[test]
fn nothing_is_accepted_that_pyhanko_rejects() {
    let set = set();
    let lax = set.files.iter().filter(|file| !file.accepted && set.verify(file).verdict != Verdict::Invalid);
    let lax: Vec<String> = lax.map(|file| format!("{}: {}", file.name, file.words)).collect();
    assert_eq!(lax, Vec::<String>::new());
}

#[test]
fn where_we_are_stricter_it_is_said_why() {
    let set = set();
    let silent = set.files.iter().filter(|file| file.accepted && file.why.is_empty());
    let silent: Vec<&str> =
        silent.filter(|file| set.verify(file).verdict != Verdict::Valid).map(|file| file.name.as_str()).collect();
    assert_eq!(silent, Vec::<&str>::new());
}

#[test]
fn the_table_is_as_committed() {
    let set = set();
    let mut table = String::from(
        "# What pyHanko says, and what we say\n\n\
         Written by the test `the_table_is_as_committed` when `NHAVIEC_WRITE_TABLE` is set; the files are made by \
         `tests/material/make.py`.\npyHanko 0.38.0, revocation required, default difference policy. \
         «look» is valid with something to look at.\n\n",
    );
    let attacks = set.files.iter().filter(|file| file.expect != "valid").count();
    assert!(attacks >= 60, "only {attacks} attacks");
    writeln!(table, "{} files, {attacks} of them attacks.\n", set.files.len()).expect("a string grows");
    table.push_str("| file | what it is | pyHanko | we | our reasons | why stricter |\n|---|---|---|---|---|---|\n");
    for file in &set.files {
        table.push_str(&row(file, &set.verify(file)));
        table.push('\n');
    }
    let path = testkit::checkout("services/signing/tests/ATTACKS.md");
    if std::env::var_os("NHAVIEC_WRITE_TABLE").is_some() {
        std::fs::write(&path, &table).expect("the table is written");
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    let (was, is): (Vec<&str>, Vec<&str>) = (committed.lines().collect(), table.lines().collect());
    assert_eq!(was, is, "the table is another one; look at it, and write it with NHAVIEC_WRITE_TABLE=1");
}

#[test]
fn a_good_file_says_who_and_when() {
    let report = set().report("two");
    let [person, office] = &report.signatures[..] else { panic!("{report:?}") };
    assert_eq!(person.signer.as_deref(), Some("Nguyễn Văn An"));
    assert_eq!(person.issuer.as_deref(), Some("CA Cơ quan Thử"));
    assert_eq!(office.agency.as_deref(), Some("UBND xã Thử Nghiệm"));
    assert_eq!(office.trusted_by.as_deref(), Some("Root"));
    assert_eq!(office.time.map(|t| t.source), Some(TimeSource::Timestamp));
    assert_eq!((person.then, person.now), (Status::Valid, CertificateNow::Valid));
    let (first, second) = (person.coverage.expect("it covers"), office.coverage.expect("it covers"));
    assert!(!first.whole_file && first.later_revisions > 0 && second.whole_file && second.later_revisions == 0);
    assert!(person.changes.iter().any(|c| c.class == ChangeClass::Allowed && c.sentence.contains("«Dau»")));
    assert!(person.evidence.iter().any(|e| e.kind == "crl"));
}

#[test]
fn statuses_are_those_of_the_domain() {
    let then = |name: &str| set().report(name).signatures[0].then;
    assert_eq!(then("bt-rsa"), Status::Valid);
    assert_eq!(then("bb-rsa"), Status::ValidNoTimestamp);
    assert_eq!(then("rogue-root"), Status::UntrustedChain);
    assert_eq!(then("expired-before-stamp"), Status::ExpiredAtSigning);
    assert_eq!(then("revoked-before-stamp"), Status::Revoked);
    assert_eq!(then("content-replaced"), Status::ModifiedAfterSigning);
    assert_eq!(then("flip-content"), Status::HashMismatch);
    assert_eq!(then("no-evidence"), Status::Indeterminate);
    let later = set().report("revoked-after").signatures.remove(0);
    assert_eq!((later.then, later.now), (Status::Valid, CertificateNow::Revoked));
    let expired = set().report("expired-after").signatures.remove(0);
    assert_eq!((expired.then, expired.now), (Status::Valid, CertificateNow::Expired));
}

#[test]
fn a_change_is_named_with_object_and_key() {
    let report = set().report("content-exchanged");
    let change = report.signatures[0].changes.iter().find(|c| c.class == ChangeClass::Forbidden).expect("a change");
    assert_eq!((change.object, change.key.as_str()), (3, "Contents"));
    assert!(report.signatures[0].findings.iter().any(|f| f.code == Code::ChangedAfterSigning));
    assert!(report.signatures[0].intact, "the signed bytes are as they were");
}

#[test]
fn a_timestamp_over_the_document_is_a_signature_of_its_own() {
    let report = set().report("blta");
    let kinds: Vec<SignatureKind> = report.signatures.iter().map(|s| s.kind).collect();
    assert_eq!(kinds, [SignatureKind::Approval, SignatureKind::DocumentTimestamp]);
    assert_eq!(report.signatures[1].signer.as_deref(), Some("TSA Thử"));
}

#[test]
fn evidence_within_the_container_is_enough() {
    let set = set();
    let report = verify(&set.read("adobe-archive.pdf"), &set.trust, Timestamp::now(), &Evidence::default());
    assert_eq!(report.verdict, Verdict::Valid, "{report:?}");
    assert_eq!(
        report.signatures[0].evidence.iter().filter(|e| e.kind == "crl").count(),
        report.signatures[0].evidence.len()
    );
}

#[test]
fn a_report_is_json_with_words_for_machines() {
    let json = serde_json::to_value(set().report("bb-rsa")).expect("a report is JSON");
    assert_eq!(json["verdict"], "valid");
    assert_eq!(json["signatures"][0]["then"], "valid_no_timestamp");
    assert_eq!(json["signatures"][0]["findings"][0]["code"], "no_timestamp");
}
