//! The remote provider that lies about signatures, in each of its ways, and what each is answered with.

use crate::customer::{Customer, PATIENCE};
use signing::remote::{RemoteError, State, Wait};

const KINDS: [&str; 3] = ["rsa2048", "rsa3072-pss", "p256"];
/// What the log says of a signature that is none.
const NOT_VERIFIED: &str = "signature 0 does not verify with the expected certificate";

/// A provider that tells this lie, and whose phones confirm by themselves.
fn liar(lie: &str, kinds: &[&str], options: &[&str]) -> Customer {
    Customer::new(kinds, &[&["--lie", lie, "--confirm-after", "0"][..], options].concat())
}

fn lies(text: &str) -> Result<State, RemoteError> {
    Ok(State::Failed(RemoteError::Lies(text.to_owned())))
}

#[test]
fn a_signature_by_another_key_or_in_another_way_is_a_lie() {
    for lie in ["other-key", "wrong-algorithm"] {
        let customer = liar(lie, &KINDS, &[]);
        for kind in KINDS {
            let mut errand = customer.errand(kind, 2, false);
            assert_eq!(errand.ask(), lies(NOT_VERIFIED), "{lie} {kind}");
            assert_eq!(errand.job.signatures(), Err(RemoteError::Lies(NOT_VERIFIED.to_owned())));
            assert_eq!(errand.poll(), Err(RemoteError::OutOfTurn));
        }
    }
}

#[test]
fn a_lie_that_comes_later_is_one_too() {
    let customer = liar("other-key", &["p256"], &["--poll-delay", "0"]);
    let mut errand = customer.errand("p256", 1, true);
    assert!(matches!(errand.ask(), Ok(State::Waiting(Wait::Signatures(_)))));
    assert_eq!(errand.poll(), lies(NOT_VERIFIED));
}

#[test]
fn another_certificate_does_not_make_the_signature_good() {
    let customer = liar("other-certificate", &["p256"], &[]);
    let mut errand = customer.errand("p256", 1, false);
    let mut second = customer.errand("p256", 1, false);
    assert_eq!(errand.ask(), lies(NOT_VERIFIED));
    // Now it shows the other certificate from the beginning, and nobody is asked for a permission.
    assert_eq!(second.ask(), Ok(State::Failed(RemoteError::CertificateChanged)));
}

#[test]
fn signatures_in_another_order_or_of_another_number_are_lies() {
    for kind in KINDS {
        let customer = liar("swapped-order", &[kind], &[]);
        assert_eq!(customer.errand(kind, 3, false).ask(), lies("signature 0 is over document 2"), "{kind}");
    }
    let customer = liar("too-few", &["p256"], &[]);
    assert_eq!(customer.errand("p256", 2, false).ask(), lies("1 signatures for 2 hashes"));
    assert_eq!(customer.errand("p256", 1, false).ask(), lies("0 signatures for 1 hashes"));
}

#[test]
fn an_earlier_signature_is_not_a_later_one() {
    let customer = liar("stale", &["rsa2048"], &[]);
    let mut errand = customer.errand("rsa2048", 1, false);
    assert_eq!(errand.ask(), Ok(State::Signed));
    for count in [1, 2] {
        assert_eq!(customer.errand("rsa2048", count, false).ask(), lies(NOT_VERIFIED));
    }
}

#[test]
fn the_other_form_of_an_ecdsa_signature_is_taken() {
    for (lie, form) in [("raw-instead-of-der", "der"), ("der-instead-of-raw", "raw")] {
        let customer = liar(lie, &["p256"], &["--ecdsa-format", form]);
        let mut errand = customer.errand("p256", 2, false);
        assert_eq!(errand.ask(), Ok(State::Signed), "{lie}");
        assert!(errand.finished().iter().all(|file| customer.is_valid(file)), "{lie}");
    }
}

#[test]
fn a_provider_that_is_never_done_is_given_up() {
    let customer = liar("never", &["p256"], &["--poll-delay", "0"]);
    let mut errand = customer.errand("p256", 1, true);
    let waits = errand.ask();
    assert!(matches!(waits, Ok(State::Waiting(Wait::Signatures(_)))), "{waits:?}");
    for _ in 0..3 {
        assert_eq!(errand.poll(), waits);
    }
    errand.now = errand.now.plus_seconds(PATIENCE + 1);
    assert_eq!(errand.poll(), Ok(State::Expired));
}

#[test]
fn a_permission_that_is_over_when_it_comes_ends_the_job() {
    let customer = liar("expires", &["p256"], &[]);
    assert_eq!(customer.errand("p256", 1, false).ask(), Ok(State::Expired));
}

#[test]
fn a_permission_is_used_once_whatever_the_provider_allows() {
    let customer = liar("replay-sad-accepted", &["p256"], &[]);
    let mut errand = customer.errand("p256", 1, false);
    assert_eq!(errand.ask(), Ok(State::Signed));
    assert_eq!((errand.ask(), errand.poll()), (Err(RemoteError::OutOfTurn), Err(RemoteError::OutOfTurn)));
    assert!(!serde_json::to_string(&errand.job).unwrap().contains("SAD"), "it is not kept");
    assert_eq!(customer.requests("signatures/signHash"), 1);
}
