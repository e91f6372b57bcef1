//! Services and persons that refuse, come late, are down, or lie.

use crate::authority::key;
use crate::script::{Desk, ECDSA, RSA, info};
use data_encoding::BASE64;
use serde_json::{Value, json};
use signing::SigningKey;
use signing::remote::{ANSWER_BYTES_MAX, Job, RemoteError, State, Wait};

/// A job that waits for the phone.
fn waiting() -> (Desk, Job) {
    let mut desk = Desk::new("rsa2048", RSA);
    let mut job = desk.job(true);
    desk.script.then("credentials/authorize", 202, &json!({"handle": "h-1"}));
    desk.ask(&mut job).unwrap();
    (desk, job)
}

/// A job whose permission is there; the service answers this to `signHash`.
fn answered(desk: &mut Desk, answer: impl FnOnce(&Desk) -> Value) -> Job {
    let mut job = desk.job(false);
    desk.script.then("credentials/authorize", 200, &json!({"SAD": "sad"}));
    let answer = answer(desk);
    desk.script.then("signatures/signHash", 200, &answer);
    desk.ask(&mut job).unwrap();
    job
}

fn lie(job: &Job) -> String {
    let Err(RemoteError::Lies(text)) = job.signatures() else { panic!("{:?}", job.state()) };
    text
}

#[test]
fn a_person_who_says_no_is_heard() {
    for (status, error) in [(400, "access_denied"), (403, "access_denied")] {
        let (desk, mut job) = waiting();
        desk.script.then("credentials/authorizeCheck", status, &json!({"error": error}));
        desk.poll(&mut job).unwrap();
        assert_eq!(*job.state(), State::Refused);
        assert_eq!(job.signatures(), Err(RemoteError::Refused));
        assert_eq!(desk.poll(&mut job), Err(RemoteError::OutOfTurn));
    }
}

#[test]
fn a_job_ends_with_its_time_and_nobody_is_asked() {
    let (mut desk, mut job) = waiting();
    desk.now = desk.now.plus_seconds(301);
    desk.poll(&mut job).unwrap();
    assert_eq!(*job.state(), State::Expired);
    for description in ["SAD expired", "Invalid parameter handle"] {
        let (desk, mut job) = waiting();
        desk.script.then(
            "credentials/authorizeCheck",
            400,
            &json!({"error": "invalid_request", "error_description": description}),
        );
        desk.poll(&mut job).unwrap();
        assert_eq!(*job.state(), State::Expired, "{description}");
    }
}

#[test]
fn a_service_that_is_down_is_asked_again_later() {
    let (desk, mut job) = waiting();
    for status in [429, 500, 502, 503] {
        desk.script.then_bytes("credentials/authorizeCheck", status, b"<html>".to_vec());
        assert!(matches!(desk.poll(&mut job), Err(RemoteError::Busy(_))), "{status}");
    }
    // Nobody there at all.
    assert!(matches!(desk.poll(&mut job), Err(RemoteError::Busy(_))));
    desk.script.then("credentials/authorizeCheck", 401, &json!({"error": "invalid_token"}));
    assert!(matches!(desk.poll(&mut job), Err(RemoteError::NotAdmitted(_))));
    // The permission came, and then the service fell down: it is asked for again.
    desk.script.then("credentials/authorizeCheck", 200, &json!({"SAD": "sad"}));
    desk.script.then("signatures/signHash", 503, &json!({}));
    assert!(matches!(desk.poll(&mut job), Err(RemoteError::Busy(_))));
    assert_eq!(*job.state(), State::Waiting(Wait::Permission("h-1".to_owned())));
    desk.script.then("credentials/authorizeCheck", 200, &json!({"SAD": "sad"}));
    desk.script.then("signatures/signHash", 200, &desk.signatures());
    desk.poll(&mut job).unwrap();
    assert_eq!(*job.state(), State::Signed);
}

#[test]
fn a_wrong_pin_may_be_given_again_and_is_told_to_nobody() {
    let mut desk = Desk::new("rsa2048", RSA);
    let mut job = desk.job(false);
    desk.script.then(
        "credentials/authorize",
        400,
        &json!({"error": "invalid_authentication_data", "error_description": "135790 is wrong"}),
    );
    let error = desk.ask(&mut job).unwrap_err();
    assert_eq!(error, RemoteError::WrongProof);
    assert_eq!(*job.state(), State::Asked);
    desk.script.then("credentials/authorize", 400, &json!({"error": "135790", "error_description": "135790"}));
    desk.ask(&mut job).unwrap();
    let stored = serde_json::to_string(&job).unwrap();
    assert!(!format!("{job:?}{stored}{error:?}").contains("135790"), "{stored}");
    assert!(matches!(job.signatures(), Err(RemoteError::Rejected(_))));
    let mut job = desk.job(false);
    desk.script.then(
        "credentials/authorize",
        400,
        &json!({"error": "invalid_request", "error_description": "Credential locked"}),
    );
    desk.ask(&mut job).unwrap();
    assert_eq!(job.signatures(), Err(RemoteError::Locked));
}

#[test]
fn signatures_too_few_too_many_or_in_another_order_are_lies() {
    let cut = |desk: &Desk| json!({"signatures": desk.signatures()["signatures"].as_array().unwrap()[..1]});
    assert!(lie(&answered(&mut Desk::new("rsa2048", RSA), cut)).starts_with("1 signatures for 2"));
    let more = |desk: &Desk| {
        let own = desk.signatures()["signatures"].clone();
        json!({"signatures": [own[0], own[1], own[1]]})
    };
    assert!(lie(&answered(&mut Desk::new("p256", ECDSA), more)).starts_with("3 signatures for 2"));
    let none = |_: &Desk| json!({"signatures": []});
    assert!(lie(&answered(&mut Desk::new("p256", ECDSA), none)).starts_with("0 signatures for 2"));
    let swapped = |desk: &Desk| {
        let own = desk.signatures()["signatures"].clone();
        json!({"signatures": [own[1], own[0]]})
    };
    let job = answered(&mut Desk::new("rsa2048", RSA), swapped);
    assert_eq!(lie(&job), "signature 0 is over document 1");
    assert!(job.signatures().unwrap_err().to_string().contains("báo quản trị"));
}

#[test]
fn a_signature_by_another_key_or_algorithm_is_a_lie() {
    let by = |other: signing::SoftKey| {
        move |desk: &Desk| {
            let sign = |document: &signing::Prepared| BASE64.encode(&other.sign(document.to_sign()).unwrap());
            json!({"signatures": desk.prepared.iter().map(sign).collect::<Vec<_>>()})
        }
    };
    let text = "signature 0 does not verify with the expected certificate";
    assert_eq!(lie(&answered(&mut Desk::new("rsa2048", RSA), by(key("rsa3072")))), text);
    let pss = key("rsa2048").with_algorithm(signing::Algorithm::RsaPss(signing::Hash::Sha256)).unwrap();
    assert_eq!(lie(&answered(&mut Desk::new("rsa2048", RSA), by(pss))), text);
    assert_eq!(lie(&answered(&mut Desk::new("p256", ECDSA), by(key("p384")))), text);
    // One good and one spoilt: none is taken.
    let half = |desk: &Desk| json!({"signatures": [desk.signatures()["signatures"][0], BASE64.encode(&[0; 256])]});
    assert_eq!(lie(&answered(&mut Desk::new("rsa2048", RSA), half)), text.replace('0', "1"));
    for raw in [&[][..], &[0; 64], &[0xFF; 64], &[0x30, 0x80]] {
        let answer = |_: &Desk| json!({"signatures": [BASE64.encode(raw), BASE64.encode(raw)]});
        assert_eq!(lie(&answered(&mut Desk::new("p256", ECDSA), answer)), text);
    }
}

#[test]
fn a_certificate_that_changed_since_preparing_stops_the_job() {
    let mut desk = Desk::new("rsa2048", RSA);
    let mut job = desk.job(false);
    // The service names another certificate now; nobody's phone rings.
    desk.script.then("credentials/info", 200, &info(&key("rsa3072"), RSA, "explicit"));
    desk.with(|account| job.ask(account, &[], desk.now).map(|_| ())).unwrap();
    assert_eq!(job.signatures(), Err(RemoteError::CertificateChanged));
    let mut job = desk.job(false);
    let mut off = desk.info();
    off["key"]["status"] = "disabled".into();
    desk.script.then("credentials/info", 200, &off);
    desk.with(|account| job.ask(account, &[], desk.now).map(|_| ())).unwrap();
    assert!(matches!(job.signatures(), Err(RemoteError::CannotSign(_))));
}

#[test]
fn malformed_answers_are_lies() {
    let deep = format!("{{\"signatures\":{}", "[".repeat(20_000));
    let long = format!(r#"{{"responseID":"{}"}}"#, "x".repeat(5000));
    let huge = format!(r#"{{"signatures":["{}"]}}"#, "A".repeat(ANSWER_BYTES_MAX));
    let bad = [
        "",
        "null",
        "{",
        "{}",
        "\u{feff}{}",
        r#"{"signatures":"AA=="}"#,
        r#"{"signatures":[1,2]}"#,
        r#"{"signatures":["!!!!","AAAA"]}"#,
        r#"{"signatures":["AAA","AAAA"]}"#,
        r#"{"signatures":[],"signatures":[]}"#,
        r#"{"responseID":""}"#,
        r#"{"responseID":7}"#,
        &deep,
        &long,
        &huge,
    ];
    for answer in bad {
        let mut desk = Desk::new("rsa2048", RSA);
        let mut job = desk.job(true);
        desk.script.then("credentials/authorize", 200, &json!({"SAD": "sad"}));
        desk.script.then_bytes("signatures/signHash", 200, answer.as_bytes().to_vec());
        desk.ask(&mut job).unwrap();
        lie(&job);
    }
    for answer in ["{}", r#"{"SAD":7}"#, r#"{"SAD":null}"#, r#"{"handle":""}"#] {
        let mut desk = Desk::new("rsa2048", RSA);
        let mut job = desk.job(true);
        desk.script.then_bytes("credentials/authorize", 200, answer.as_bytes().to_vec());
        desk.ask(&mut job).unwrap();
        lie(&job);
    }
}

#[test]
fn a_key_that_is_described_wrongly_is_a_lie() {
    let desk = Desk::new("rsa2048", RSA);
    let changes: [fn(&mut Value); 7] = [
        |said| said["cert"]["certificates"] = json!([]),
        |said| said["cert"]["certificates"] = json!(["AAAA"]),
        |said| said["cert"]["certificates"] = json!(["ß"]),
        |said| said["cert"]["certificates"] = json!(vec!["AAAA"; 11]),
        |said| said["auth"]["mode"] = "none".into(),
        |said| said["multisign"] = (-1).into(),
        |said| said["key"] = json!(null),
    ];
    for change in changes {
        let mut said = desk.info();
        change(&mut said);
        desk.script.then("credentials/info", 200, &said);
        assert!(matches!(desk.with(|account| account.credential("K1")), Err(RemoteError::Lies(_))), "{said}");
    }
    desk.script.then("credentials/info", 404, &json!({}));
    assert!(matches!(desk.with(|account| account.credential("K1")), Err(RemoteError::Rejected(_))));
}

#[test]
fn a_wrong_code_at_the_phone_ends_the_job() {
    let (desk, mut job) = waiting();
    desk.script.then("credentials/authorizeCheck", 400, &json!({"error": "invalid_authentication_data"}));
    desk.poll(&mut job).unwrap();
    assert_eq!(job.signatures(), Err(RemoteError::WrongProof));
}

#[test]
fn every_error_says_what_to_do() {
    let text = || "secret".to_owned();
    let all = [
        RemoteError::Busy(text()),
        RemoteError::Refused,
        RemoteError::Expired,
        RemoteError::WrongProof,
        RemoteError::Locked,
        RemoteError::NotAdmitted(text()),
        RemoteError::Rejected(text()),
        RemoteError::Lies(text()),
        RemoteError::CertificateChanged,
        RemoteError::CannotSign(text()),
        RemoteError::Address,
        RemoteError::OutOfTurn,
        RemoteError::Internal(text()),
    ];
    for error in all {
        let sentence = error.to_string();
        assert!(sentence.ends_with('.') && sentence.to_lowercase().contains("hãy"), "{sentence}");
        assert!(!sentence.contains("secret"), "what is for the log is not shown");
    }
}
