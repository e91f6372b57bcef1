//! The remote provider that does what it is asked: all kinds of keys, at once and later, and persons who answer or do not.

use crate::customer::{Customer, PATIENCE};
use data_encoding::BASE64;
use signing::remote::{RemoteError, State, Wait};
use signing::{Algorithm, Hash, Secret};

const KINDS: [(&str, Algorithm); 3] = [
    ("rsa2048", Algorithm::RsaPkcs1(Hash::Sha256)),
    ("rsa3072-pss", Algorithm::RsaPss(Hash::Sha256)),
    ("p256", Algorithm::EcdsaP256),
];

#[test]
fn every_kind_of_key_signs_several_documents_at_once_and_later() {
    let customer = Customer::new(&["rsa2048", "rsa3072-pss", "p256"], &["--poll-delay", "1"]);
    let oracle = customer.oracle();
    for (kind, algorithm) in KINDS {
        for asynchronous in [false, true] {
            let mut errand = customer.errand(kind, 3, asynchronous);
            assert_eq!(errand.prepared[0].algorithm(), algorithm);
            let state = errand.confirmed().unwrap();
            if asynchronous {
                assert!(matches!(state, State::Waiting(Wait::Signatures(_))), "{state:?}");
                assert_eq!(errand.poll().unwrap(), state, "it takes its time");
                errand.awaited().unwrap();
            }
            assert_eq!(*errand.job.state(), State::Signed);
            for file in errand.finished() {
                assert!(customer.is_valid(&file), "{kind}");
                oracle.accept(&file, 1);
            }
            // What was signed is not signed again.
            assert_eq!((errand.ask(), errand.poll()), (Err(RemoteError::OutOfTurn), Err(RemoteError::OutOfTurn)));
        }
    }
}

#[test]
fn the_keys_of_a_person_are_listed_and_described() {
    let mut customer = Customer::new(&["rsa2048", "p256"], &[]);
    let info = customer.service().info().unwrap();
    assert_eq!((&*info.name, &*info.specs, info.asynchronous), ("Ký số từ xa Thử", "2.0.0.0", true));
    assert!(info.methods.iter().any(|method| method == "signatures/signHash"));
    let names = customer.with(|account| account.credentials()).unwrap();
    let credential = customer.credential("p256").unwrap();
    assert_eq!(names.len(), 2);
    assert!(names.contains(&credential.id) && credential.enabled && credential.bound);
    assert_eq!((credential.multisign, credential.chain.len()), (10, 2));
    assert_eq!((&*credential.wanted[0].id, &*credential.wanted[0].label), ("PHONE", "Điện thoại"));
    // Whose keys must be said, for the token is the office's.
    for user in [None, Some("079200000002".to_owned())] {
        customer.user = user;
        let listed = customer.with(|account| account.credentials());
        assert!(matches!(listed, Err(RemoteError::Rejected(_))), "{listed:?}");
    }
    // It knows no names and passwords.
    let secret = Secret::new("x".to_owned());
    let session = customer.service().log_in("lan", &secret, types::Timestamp::now());
    assert!(matches!(session, Err(RemoteError::Rejected(_))));
}

#[test]
fn a_token_of_the_person_needs_no_name() {
    let mut customer = Customer::new(&["p256"], &["--user-specific", "--confirm-after", "0", "--poll-delay", "0"]);
    assert!(matches!(customer.with(|account| account.credentials()), Err(RemoteError::Rejected(_))));
    customer.user = None;
    assert_eq!(customer.with(|account| account.credentials()).unwrap().len(), 1);
    let mut errand = customer.errand("p256", 1, true);
    errand.ask().unwrap();
    assert_eq!(errand.poll(), Ok(State::Signed));
}

#[test]
fn a_person_may_refuse_or_never_answer() {
    let customer = Customer::new(&["p256"], &[]);
    let mut refused = customer.errand("p256", 1, false);
    refused.ask().unwrap();
    let shown = customer.shown();
    assert_eq!(shown[0]["description"], "Quyết định số 12/UBND-VX");
    assert_eq!(shown[0]["hashes"][0], BASE64.encode(&refused.prepared[0].hash_to_sign()));
    customer.phone("refuse");
    assert_eq!(refused.poll(), Ok(State::Refused));
    assert_eq!(refused.job.signatures(), Err(RemoteError::Refused));

    let mut silent = customer.errand("p256", 2, true);
    silent.ask().unwrap();
    silent.now = silent.now.plus_seconds(PATIENCE + 1);
    assert_eq!(silent.poll(), Ok(State::Expired));
    assert_eq!(silent.job.signatures(), Err(RemoteError::Expired));
}

#[test]
fn a_phone_that_confirms_by_itself_is_heard_at_once_or_a_little_later() {
    let customer = Customer::new(&["p256"], &["--confirm-after", "0", "--ecdsa-format", "raw"]);
    let mut errand = customer.errand("p256", 2, false);
    assert_eq!(errand.ask(), Ok(State::Signed));
    // r and s came side by side; in the files they stand as a sequence.
    assert!(errand.finished().iter().all(|file| customer.is_valid(file)));
    let customer = Customer::new(&["p256"], &["--confirm-after", "0.3"]);
    let mut errand = customer.errand("p256", 1, false);
    assert!(matches!(errand.ask(), Ok(State::Waiting(Wait::Permission(_)))));
    assert_eq!(errand.awaited(), Ok(State::Signed));
}

#[test]
fn the_office_gets_its_token_once_and_again_when_it_is_not_taken() {
    let customer = Customer::new(&["p256"], &["--token-seconds", "40"]);
    let office = customer.office("bí mật & lâu dài");
    let before = customer.tokens();
    let (service, user) = (customer.service(), customer.user.as_deref());
    let account = service.account(&office, user);
    for _ in 0..3 {
        assert_eq!(account.credentials().map(|names| names.len()), Ok(1));
    }
    assert_eq!(customer.tokens() - before, 1, "it is kept while it is good");
    // A token that the service forgot, here because another stands there, is got anew.
    let forgetful = Customer::new(&["p256"], &["--token-seconds", "1"]);
    let office = forgetful.office("bí mật & lâu dài");
    let (service, user) = (forgetful.service(), forgetful.user.as_deref());
    for _ in 0..2 {
        assert_eq!(service.account(&office, user).credentials().map(|names| names.len()), Ok(1));
        std::thread::sleep(std::time::Duration::from_millis(1100));
    }
    let wrong = customer.office("bí mật");
    let refused = customer.service().account(&wrong, user).credentials();
    assert!(matches!(refused, Err(RemoteError::NotAdmitted(_))), "{refused:?}");
    assert!(!format!("{refused:?}").contains("bí mật"));
}

#[test]
fn a_token_that_ran_out_is_replaced_and_the_job_goes_on() {
    let mut customer = Customer::new(&["p256"], &["--token-seconds", "3"]);
    let credential = customer.credential("p256").unwrap();
    std::thread::sleep(std::time::Duration::from_millis(3200));
    let mut errand = customer.errand_with(&credential, 1, false);
    assert!(matches!(errand.ask(), Err(RemoteError::NotAdmitted(_))));
    assert_eq!(*errand.job.state(), State::Asked);
    let job = errand.job;
    customer.log_in();
    let mut errand = customer.errand_with(&credential, 1, false);
    errand.job = job;
    assert!(matches!(errand.ask(), Ok(State::Waiting(_))));
}

#[test]
fn a_proof_that_was_not_asked_for_is_wrong_and_may_be_given_again() {
    let customer = Customer::new(&["p256"], &["--confirm-after", "0", "--multisign", "2"]);
    let mut errand = customer.errand("p256", 2, false);
    let right = std::mem::take(&mut errand.proofs);
    assert_eq!(errand.ask(), Err(RemoteError::WrongProof));
    errand.proofs = right;
    assert_eq!(errand.ask(), Ok(State::Signed));
}
