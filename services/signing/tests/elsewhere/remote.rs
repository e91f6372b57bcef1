//! The ways of a remote signature with an honest service.

use crate::authority::World;
use crate::script::{Desk, ECDSA, RSA};
use data_encoding::BASE64;
use serde_json::json;
use signing::remote::{Credential, Job, Order, RemoteError, Service, State, Wait};
use signing::{Algorithm, Hash, Level, Prepared, Secret, finish, prepare};

/// The signatures go into the files, with timestamps.
fn finished(desk: &Desk, job: &Job) {
    for (prepared, signature) in desk.prepared.iter().zip(job.signatures().unwrap()) {
        finish(prepared, signature, Level::Timestamped, &World::new().services()).unwrap();
    }
    assert!(desk.script.is_over());
}

#[test]
fn a_key_behind_a_pin_signs_at_once() {
    for (name, algorithms) in [("rsa2048", RSA), ("p256", ECDSA)] {
        let mut desk = Desk::new(name, algorithms);
        let mut job = desk.job(false);
        desk.script.then("credentials/authorize", 200, &json!({"SAD": "sad-1", "expiresIn": 60}));
        desk.script.then("signatures/signHash", 200, &desk.signatures());
        desk.ask(&mut job).unwrap();
        assert_eq!(*job.state(), State::Signed);
        let asked = desk.script.asked.lock().unwrap().clone();
        let hashes: Vec<String> = desk.prepared.iter().map(|p| BASE64.encode(&p.hash_to_sign())).collect();
        let (_, header, authorize) = &asked[asked.len() - 2];
        assert_eq!(header, "Secret(…)");
        assert_eq!(
            *authorize,
            json!({"credentialID": "K1", "numSignatures": 2, "hashes": hashes, "hashAlgorithmOID": "2.16.840.1.101.3.4.2.1",
                   "authData": [{"id": "PIN", "value": "135790"}], "description": "12/UBND-VX", "clientData": "r-1"})
        );
        let mut sign = json!({"credentialID": "K1", "SAD": "sad-1", "hashes": hashes, "signAlgo": algorithms[0],
                              "operationMode": "S", "clientData": "r-1"});
        if name == "rsa2048" {
            sign["hashAlgorithmOID"] = "2.16.840.1.101.3.4.2.1".into();
        }
        assert_eq!(desk.script.last(), sign);
        finished(&desk, &job);
    }
}

#[test]
fn a_phone_that_confirms_is_asked_again_and_again() {
    let mut desk = Desk { user: Some("lan"), ..Desk::new("rsa2048", RSA) };
    let mut job = desk.job(true);
    desk.script.then("credentials/authorize", 202, &json!({"handle": "h-1"}));
    desk.ask(&mut job).unwrap();
    assert_eq!(*job.state(), State::Waiting(Wait::Permission("h-1".to_owned())));
    assert_eq!(job.signatures(), Err(RemoteError::OutOfTurn));
    desk.script.then("credentials/authorizeCheck", 202, &json!({"handle": "h-2"}));
    desk.poll(&mut job).unwrap();
    desk.script.then("credentials/authorizeCheck", 200, &json!({"SAD": "sad"}));
    desk.script.then("signatures/signHash", 200, &json!({"responseID": "s-1"}));
    desk.poll(&mut job).unwrap();
    assert_eq!(*job.state(), State::Waiting(Wait::Signatures("s-1".to_owned())));
    assert_eq!(desk.script.last()["operationMode"], "A");
    assert_eq!(desk.script.last()["validity_period"], 300_000);
    desk.script.then("signatures/signPolling", 202, &json!({"error": "accepted_request"}));
    desk.poll(&mut job).unwrap();
    desk.script.then("signatures/signPolling", 400, &json!({"error": "accepted_request", "error_description": "…"}));
    desk.poll(&mut job).unwrap();
    assert_eq!(desk.script.last(), json!({"requestID": "s-1", "userID": "lan", "clientData": "r-1"}));
    desk.script.then("signatures/signPolling", 200, &desk.signatures());
    desk.poll(&mut job).unwrap();
    assert_eq!(*job.state(), State::Signed);
    assert_eq!(desk.poll(&mut job), Err(RemoteError::OutOfTurn));
    finished(&desk, &job);
}

#[test]
fn a_token_for_the_key_needs_no_permission() {
    let mut desk = Desk::new("rsa2048", &["1.2.840.113549.1.1.11"]);
    desk.mode = "oauth2code";
    let mut job = desk.job(false);
    desk.script.then("signatures/signHash", 200, &desk.signatures());
    desk.ask(&mut job).unwrap();
    assert!(desk.script.last().get("SAD").is_none() && desk.script.last().get("hashAlgorithmOID").is_none());
    finished(&desk, &job);
}

#[test]
fn pss_is_asked_for_with_its_parameters() {
    let mut desk = Desk::new("rsa3072", &["1.2.840.113549.1.1.10"]);
    let mut job = desk.job(false);
    assert_eq!(desk.prepared[0].algorithm(), Algorithm::RsaPss(Hash::Sha256));
    desk.script.then("credentials/authorize", 200, &json!({"SAD": "sad"}));
    desk.script.then("signatures/signHash", 200, &desk.signatures());
    desk.ask(&mut job).unwrap();
    let parameters = BASE64.decode(desk.script.last()["signAlgoParams"].as_str().unwrap().as_bytes()).unwrap();
    assert!(parameters.starts_with(&[0x30]) && parameters.ends_with(&[0xA2, 0x03, 0x02, 0x01, 0x20]));
    finished(&desk, &job);
}

#[test]
fn ecdsa_signatures_may_come_side_by_side() {
    for (name, algorithms, half) in [("p256", ECDSA, 32), ("p384", &["1.2.840.10045.4.3.3"][..], 48)] {
        let mut desk = Desk::new(name, algorithms);
        let mut job = desk.job(false);
        let raw: Vec<String> =
            desk.raw_signatures().iter().map(|der| BASE64.encode(&side_by_side(der, half))).collect();
        desk.script.then("credentials/authorize", 200, &json!({"SAD": "sad"}));
        desk.script.then("signatures/signHash", 200, &json!({"signatures": raw}));
        desk.ask(&mut job).unwrap();
        finished(&desk, &job);
    }
}

/// r and s of a short DER signature, each filled up to `half` bytes.
fn side_by_side(der: &[u8], half: usize) -> Vec<u8> {
    let mut rest = &der[2..];
    let mut sides = Vec::new();
    for _ in 0..2 {
        let length = usize::from(rest[1]);
        let number = &rest[2..2 + length];
        let number = &number[number.len().saturating_sub(half)..];
        sides.extend(std::iter::repeat_n(0, half - number.len()).chain(number.iter().copied()));
        rest = &rest[2 + length..];
    }
    sides
}

#[test]
fn a_service_tells_of_itself_and_lets_people_in() {
    let desk = Desk { user: Some("lan"), ..Desk::new("p256", ECDSA) };
    let service = Service::new("https://ca.test/csc/v2", &desk.script).unwrap();
    desk.script.then(
        "info",
        200,
        &json!({"name": "CA", "specs": "2.0.0.0", "methods": ["info"], "asynchronousOperationMode": true, "logo": 1}),
    );
    let info = service.info().unwrap();
    assert!(info.asynchronous && info.methods == ["info"]);
    desk.script.then("auth/login", 200, &json!({"access_token": "tok-2", "expires_in": 60}));
    let session = service.log_in("lan", &Secret::new("mật khẩu".to_owned()), desk.now).unwrap();
    assert_eq!(session.until, desk.now.plus_seconds(60));
    assert!(!format!("{session:?}").contains("tok-2"));
    assert!(matches!(service.log_in("a:b", &session.token, desk.now), Err(RemoteError::NotAdmitted(_))));
    desk.script.then("auth/login", 400, &json!({"error": "authentication_error"}));
    assert!(matches!(service.log_in("lan", &session.token, desk.now), Err(RemoteError::NotAdmitted(_))));
    desk.script.then("credentials/list", 200, &json!({"credentialIDs": ["K1", "K2"]}));
    assert_eq!(desk.with(|account| account.credentials()).unwrap(), ["K1", "K2"]);
    assert_eq!(desk.script.last(), json!({"userID": "lan"}));
}

#[test]
fn secrets_go_to_no_address_in_clear() {
    let desk = Desk::new("p256", ECDSA);
    for base in ["http://127.0.0.1:8080/csc/v2", "http://localhost/csc", "https://ca.test"] {
        assert!(Service::new(base, &desk.script).is_ok(), "{base}");
    }
    let bad = [
        "http://ca.test/csc",
        "http://127.0.0.1.ca.test",
        "http://127.0.0.1:80@ca.test/",
        "ftp://ca.test",
        "https://",
        "https://a b",
        "",
    ];
    for base in bad {
        assert_eq!(Service::new(base, &desk.script).err(), Some(RemoteError::Address), "{base}");
    }
}

#[test]
fn a_job_is_refused_that_the_key_cannot_do() {
    let mut desk = Desk::new("p256", ECDSA);
    desk.job(false);
    desk.script.then("credentials/info", 200, &desk.info());
    let credential = desk.with(|account| account.credential("K1")).unwrap();
    let documents: Vec<_> = desk.prepared.iter().map(Prepared::outline).collect();
    let order = Order { reference: "r", description: "", asynchronous: false, until: desk.now };
    let new = |change: fn(&mut Credential), count: usize| {
        let mut credential = credential.clone();
        change(&mut credential);
        Job::new(&credential, &documents[..count], &order).map(|_| ())
    };
    assert_eq!(new(|_| (), 2), Ok(()));
    let cannot = |result| matches!(result, Err(RemoteError::CannotSign(_)));
    assert!(cannot(new(|_| (), 0)));
    assert!(cannot(new(|credential| credential.multisign = 1, 2)));
    assert!(cannot(new(|credential| credential.enabled = false, 1)));
    assert!(cannot(new(|credential| credential.algorithms.clear(), 1)));
    let other = Desk::new("rsa2048", RSA);
    other.script.then("credentials/info", 200, &other.info());
    let other = other.with(|account| account.credential("K2")).unwrap();
    assert_eq!(Job::new(&other, &documents, &order).err(), Some(RemoteError::CertificateChanged));
    // Prepared with an algorithm that the service does not have.
    let mut options = other.options(desk.now).unwrap();
    options.algorithm = Algorithm::RsaPkcs1(Hash::Sha512);
    let document = prepare(&crate::fixture::document(Default::default()), &options).unwrap();
    let mut poor = other.clone();
    poor.algorithms = vec!["1.2.840.113549.1.1.11".to_owned()];
    assert!(cannot(Job::new(&poor, &[document.outline()], &order).map(|_| ())));
}
