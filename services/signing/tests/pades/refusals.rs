//! Keys and certificates that must not sign, and what is said about it.

use crate::authority::{PASSWORD, World, certificate, file, key, openssl, options};
use crate::fixture::{Shape, document};
use signing::{Algorithm, Hash, Level, Options, Secret, SigningError, SoftKey, prepare, sign};
use types::Timestamp;

fn secret() -> Secret {
    Secret::new(PASSWORD.to_owned())
}

/// A key file made by openssl from a key and certificate of the tree.
fn key_file(name: &str, key: &str, certificate: &str, more: &[&str]) -> Vec<u8> {
    let password = format!("pass:{PASSWORD}");
    let arguments = ["pkcs12", "-export", "-inkey", key, "-in", certificate, "-passout", &password, "-out", name];
    openssl(&[&arguments[..], more].concat());
    file(name)
}

#[test]
fn a_wrong_unlocking_code_is_named_as_such() {
    for wrong in ["", "mat khau", "mật khẩu (1) "] {
        let refused = SoftKey::from_pkcs12(&file("p256.p12"), &Secret::new(wrong.to_owned())).unwrap_err();
        assert_eq!(refused, SigningError::WrongPassword);
    }
}

#[test]
fn a_damaged_or_weakly_protected_key_file_is_refused() {
    let good = file("p256.p12");
    for cut in [0, 1, 10, good.len() / 2, good.len() - 1] {
        assert!(SoftKey::from_pkcs12(&good[..cut], &secret()).is_err());
    }
    for place in (0..good.len()).step_by(7) {
        let mut changed = good.clone();
        changed[place] ^= 0x20;
        // It may still open when only a name was hit; it must not panic.
        let _ = SoftKey::from_pkcs12(&changed, &secret());
    }
    let old = ["-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES", "-macalg", "sha256"];
    let refused = SoftKey::from_pkcs12(&key_file("old.p12", "p256.key", "p256.crt", &old), &secret()).unwrap_err();
    assert!(matches!(refused, SigningError::BadKeyFile(_)), "{refused:?}");
    let bare = key_file("bare.p12", "p256.key", "p256.crt", &["-nomac"]);
    assert!(matches!(SoftKey::from_pkcs12(&bare, &secret()).unwrap_err(), SigningError::BadKeyFile(_)));
}

#[test]
fn key_files_with_other_accepted_ciphers_open() {
    for (name, cipher, mac) in [("a.p12", "AES-128-CBC", "sha384"), ("b.p12", "AES-256-CBC", "sha512")] {
        let more = ["-keypbe", cipher, "-certpbe", cipher, "-macalg", mac];
        assert!(SoftKey::from_pkcs12(&key_file(name, "rsa2048.key", "rsa2048.crt", &more), &secret()).is_ok());
    }
}

#[test]
fn short_and_unknown_keys_are_refused() {
    for (name, kind, option) in [("short", "RSA", "rsa_keygen_bits:1024"), ("p521", "EC", "ec_paramgen_curve:P-521")] {
        let path = |end: &str| format!("{name}.{end}");
        openssl(&["genpkey", "-quiet", "-algorithm", kind, "-pkeyopt", option, "-out", &path("key")]);
        let config = testkit::checkout("services/signing/tests/pades/authority/openssl.cnf");
        openssl(&[
            "req",
            "-x509",
            "-config",
            &config.to_string_lossy(),
            "-key",
            &path("key"),
            "-subj",
            "/CN=x",
            "-days",
            "2",
            "-out",
            &path("crt"),
        ]);
        let made = key_file(&path("p12"), &path("key"), &path("crt"), &[]);
        assert!(matches!(SoftKey::from_pkcs12(&made, &secret()).unwrap_err(), SigningError::Algorithm(_)), "{name}");
    }
}

#[test]
fn an_algorithm_of_another_kind_of_key_is_refused() {
    let wrong =
        [("p256", Algorithm::RsaPss(Hash::Sha256)), ("p256", Algorithm::EcdsaP384), ("rsa2048", Algorithm::EcdsaP256)];
    for (name, algorithm) in wrong {
        assert!(matches!(key(name).with_algorithm(algorithm).unwrap_err(), SigningError::Algorithm(_)));
        let mut options = options(&key(name));
        options.algorithm = algorithm;
        let refused = prepare(&document(Shape::default()), &options).unwrap_err();
        assert!(matches!(refused, SigningError::Algorithm(_)));
    }
}

#[test]
fn certificates_out_of_their_time_or_purpose_are_refused() {
    let base = document(Shape::default());
    let key = key("rsa2048");
    for days in [-2, 91] {
        let mut options = options(&key);
        options.signed_at = Timestamp::now().plus_seconds(days * 86_400);
        assert_eq!(prepare(&base, &options).unwrap_err(), SigningError::CertificateNotValidNow);
    }
    let authority = Options::new(certificate("issuing"), Vec::new(), Timestamp::now()).unwrap();
    assert!(matches!(prepare(&base, &authority).unwrap_err(), SigningError::BadCertificate(_)));
    // Prepared for one person, signed with the key of another.
    let refused = sign(&base, &options(&key), &crate::authority::key("p256"), Level::Basic, &World::new().services());
    assert!(matches!(refused.unwrap_err(), SigningError::BadCertificate(_)));
}

#[test]
fn secrets_are_never_printed() {
    let shown = format!("{:?} {:?}", secret(), key("p256"));
    assert!(!shown.contains("khẩu") && shown.contains("SoftKey(") && shown.contains("Secret(…)"), "{shown}");
}

#[test]
fn errors_speak_to_people_and_keep_the_reason_for_the_log() {
    let error: types::Error = SigningError::Unreachable("http://tsa.test/: timed out".to_owned()).into();
    assert_eq!(error.code(), "unavailable");
    assert!(!error.to_string().contains("tsa.test") && error.inward().contains("tsa.test"));
    let error: types::Error = SigningError::Locked.into();
    assert_eq!(error.code(), "conflict");
    let error: types::Error = SigningError::Internal("x".to_owned()).into();
    assert_eq!(error.code(), "internal");
}
