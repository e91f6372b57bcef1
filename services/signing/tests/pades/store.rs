//! Stores of evidence as other programs write them, with entries for each signature (VRI).

use crate::authority::{World, key, options};
use crate::desk;
use crate::fixture::{Shape, document};
use crate::oracle;
use signing::verify::{ChangeClass, Code, Evidence, Report, Verdict, verify};
use signing::{Level, renew, sign};
use types::Timestamp;

/// With nothing at hand but the root and what the file carries.
fn report(file: &[u8]) -> Report {
    verify(file, &desk::trust(), Timestamp::now(), &Evidence::default())
}

fn has(file: &[u8], word: &str) -> bool {
    file.windows(word.len()).any(|window| window == word.as_bytes())
}

/// A signature by pyHanko with a store by pyHanko, which has an entry for it.
fn foreign() -> Vec<u8> {
    let signed = oracle::make("sign", &document(Shape::default()));
    let stored = oracle::make("store:lists-and-entries", &signed);
    assert!(has(&stored, "/VRI"));
    stored
}

#[test]
fn a_store_with_entries_is_read_as_one_without() {
    let file = foreign();
    oracle::accept_long_term(&file, 1);
    let report = report(&file);
    assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
    // A statement that stands in both places counts once.
    let evidence = &report.signatures[0].evidence;
    assert_eq!(evidence.len(), 2, "one list for the signer, one for its issuer: {evidence:#?}");
}

#[test]
fn evidence_that_only_an_entry_refers_to_proves_no_less() {
    let signed = oracle::make("sign", &document(Shape::default()));
    let stored = oracle::make("store:entries", &signed);
    assert!(has(&stored, "/VRI") && !has(&stored, "/CRLs"));
    assert_eq!(report(&stored).verdict, Verdict::Valid);
    // A forged list is none, wherever it lies.
    let forged = oracle::make("store:forged-entries", &signed);
    let report = report(&forged);
    assert!(report.signatures[0].findings.iter().any(|finding| finding.code == Code::NoRevocationData), "{report:#?}");
}

#[test]
fn entries_stay_when_we_add_evidence_and_write_none() {
    let world = World::new();
    let file = foreign();
    let key = key("p256");
    let signed = sign(&file, &options(&key), &key, Level::Archive, &world.services()).unwrap();
    let added = &signed[file.len()..];
    assert!(has(added, "/VRI"), "the store is written anew with what it had");
    // pyHanko's entry was written before; its keys are /Cert and /CRL, those of the store /Certs and /CRLs.
    assert!(!has(added, "/CRL ") && !has(added, "/OCSP "), "and with no entry for ours");
    oracle::accept(&signed, 3);
    oracle::accept_long_term(&signed, 2);
    let report = report(&signed);
    assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
    assert!(report.signatures[0].changes.iter().all(|change| change.class == ChangeClass::Allowed));
    oracle::accept_long_term(&renew(&signed, &world.services()).unwrap(), 2);
}

#[test]
fn a_store_may_gain_entries_and_lose_none() {
    let signed = oracle::make("sign", &document(Shape::default()));
    let lists = oracle::make("store:lists", &signed);
    assert!(!has(&lists, "/VRI"));
    let grown = oracle::make("store:lists-and-entries", &lists);
    assert_eq!(report(&grown).verdict, Verdict::Valid);
    let shrunk = oracle::make("store:without-entries", &grown);
    let report = report(&shrunk);
    assert_eq!(report.verdict, Verdict::Invalid, "{report:#?}");
}
