//! The list of trusted certificates: the delivered one is readable, and a file without its hash is refused.

use crate::material::{set, trusting};
use signing::trust::{DELIVERED, Kind, Listed, Role, TrustError, TrustList};
use signing::verify::{Evidence, Status, Verdict, verify};
use types::Timestamp;

#[test]
fn the_delivered_list_has_the_authorities() {
    let listed = Listed::read(DELIVERED).expect("a readable list");
    let of = |kind: Kind| listed.certificate.iter().filter(|e| e.kind == kind && e.role == Role::Anchor).count();
    assert_eq!((of(Kind::Government), of(Kind::Public), of(Kind::Own)), (2, 1, 0));
}

#[test]
fn a_certificate_that_is_not_listed_is_refused() {
    let listed = Listed::read(DELIVERED).expect("a readable list");
    let refused = listed.load(&[set().read("root.der")]);
    assert!(matches!(refused, Err(TrustError::Unlisted(_))));
    assert_eq!(listed.load(&[b"khong phai chung thu".to_vec()]).err(), Some(TrustError::Certificate));
}

#[test]
fn a_malformed_hash_is_refused() {
    let text = DELIVERED.replace("f04ba4b4", "F04BA4B4");
    assert!(matches!(Listed::read(&text), Err(TrustError::Hash(_))));
}

#[test]
fn nothing_is_valid_without_an_anchor() {
    let set = set();
    let report = verify(&set.read("bt-rsa.pdf"), &TrustList::default(), Timestamp::now(), &Evidence::default());
    assert_eq!(report.verdict, Verdict::Invalid);
    assert!(report.signatures[0].intact, "the bytes are as signed all the same");
}

#[test]
fn a_person_is_no_authority_even_when_listed() {
    let set = set();
    // The intermediate may be an anchor; then nothing above it is asked.
    let trust = trusting(&set.read("sub.der"));
    let evidence = Evidence { crls: vec![set.read("sub.crl")], ..Evidence::default() };
    let report = verify(&set.read("bb-rsa.pdf"), &trust, Timestamp::now(), &evidence);
    assert_eq!(report.signatures[0].then, Status::ValidNoTimestamp);
}

#[test]
fn an_anchor_counts_within_its_days_only() {
    let set = set();
    let report = verify(&set.read("bb-rsa.pdf"), &set.trust, Timestamp(0), &Evidence::default());
    assert_eq!(report.signatures[0].then, Status::UntrustedChain);
}
