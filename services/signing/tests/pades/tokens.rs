//! Keys in a token, with SoftHSM as the token.

use crate::authority::{FOLDER_VARIABLE, World, certificate, folder, options};
use crate::fixture::{Shape, document};
use crate::oracle;
use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::object::{Attribute, CertificateType, ObjectClass};
use cryptoki::session::UserType;
use cryptoki::types::AuthPin;
use signing::{Algorithm, Hash, Level, Secret, SigningError, SigningKey, TokenKey, TokenSettings, sign, sign_checked};
use std::path::Path;
use std::process::Command;

const LIBRARY: &str = "/usr/lib/softhsm/libsofthsm2.so";
const PIN: &str = "123456";
const NAMES: [&str; 3] = ["rsa2048", "p256", "p384"];

fn settings(name: &str) -> TokenSettings {
    TokenSettings {
        library: LIBRARY.into(),
        token: "nhaviec".to_owned(),
        key: name.to_owned(),
        pin: Secret::new(PIN.to_owned()),
        chain: vec![certificate("issuing")],
        algorithm: None,
    }
}

/// SoftHSM finds its store by a variable of the process, so that the test runs in a process of its own.
#[test]
fn keys_in_a_token_sign_and_are_believed() {
    if std::env::var_os(FOLDER_VARIABLE).is_some() {
        return with_a_token();
    }
    assert!(Path::new(LIBRARY).exists(), "SoftHSM is needed: apt-get install softhsm2");
    let work = tempfile::tempdir().unwrap();
    let (store, configuration) = (work.path().join("tokens"), work.path().join("softhsm2.conf"));
    std::fs::create_dir(&store).unwrap();
    std::fs::write(&configuration, format!("directories.tokendir = {}\nlog.level = ERROR\n", store.display())).unwrap();
    let run = |arguments: &[&str]| {
        let mut command = Command::new("softhsm2-util");
        let output = command.args(arguments).env("SOFTHSM2_CONF", &configuration).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    };
    run(&["--init-token", "--free", "--label", "nhaviec", "--pin", PIN, "--so-pin", PIN]);
    for (number, name) in NAMES.iter().enumerate() {
        let (key, id) = (folder().join(format!("{name}.key")).display().to_string(), format!("0{number}"));
        run(&["--import", &key, "--token", "nhaviec", "--label", name, "--id", &id, "--pin", PIN]);
    }
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "tokens::keys_in_a_token_sign_and_are_believed", "--nocapture"])
        .env("SOFTHSM2_CONF", &configuration)
        .env(FOLDER_VARIABLE, folder())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&child.stdout);
    assert!(child.status.success() && said.contains("1 passed"), "{said}{}", String::from_utf8_lossy(&child.stderr));
}

/// Puts the certificates beside their keys.
fn import_certificates() {
    let library = Pkcs11::new(LIBRARY).unwrap();
    library.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)).unwrap();
    let slot = library.get_slots_with_initialized_token().unwrap()[0];
    let session = library.open_rw_session(slot).unwrap();
    session.login(UserType::User, Some(&AuthPin::new(PIN.into()))).unwrap();
    for (number, name) in NAMES.iter().enumerate() {
        let template = [
            Attribute::Class(ObjectClass::CERTIFICATE),
            Attribute::CertificateType(CertificateType::X_509),
            Attribute::Token(true),
            Attribute::Label(format!("certificate of {name}").into_bytes()),
            Attribute::Id(vec![number as u8]),
            // Some subject: tokens want one and nobody here reads it.
            Attribute::Subject(name.as_bytes().to_vec()),
            Attribute::Value(certificate(name).der().to_vec()),
        ];
        session.create_object(&template).unwrap();
    }
}

/// What the process of its own tries.
fn with_a_token() {
    assert!(matches!(TokenKey::open(&settings("p256")).unwrap_err(), SigningError::Token(_)), "no certificate yet");
    import_certificates();
    let world = World::new();
    let mut all: Vec<TokenSettings> = NAMES.map(settings).into();
    for algorithm in
        [Algorithm::RsaPkcs1(Hash::Sha512), Algorithm::RsaPss(Hash::Sha256), Algorithm::RsaPss(Hash::Sha384)]
    {
        all.push(TokenSettings { algorithm: Some(algorithm), ..settings("rsa2048") });
    }
    let mut file = document(Shape::default());
    for settings in &all {
        let key = TokenKey::open(settings).unwrap();
        file = sign(&file, &options(&key), &key, Level::Timestamped, &world.services()).unwrap();
        assert!(!format!("{key:?} {settings:?}").contains(PIN));
        assert_eq!(key.chain(), &[certificate("issuing")]);
    }
    oracle::accept(&file, all.len());
    // Two keys of one token at once; letting go of one leaves the other logged in.
    let (first, second) = (TokenKey::open(&settings("p256")).unwrap(), TokenKey::open(&settings("p384")).unwrap());
    drop(first);
    sign_checked(&second, b"attributes").unwrap();
    drop(second);
    let wrong = |change: fn(&mut TokenSettings)| {
        let mut settings = settings("p256");
        change(&mut settings);
        TokenKey::open(&settings).unwrap_err()
    };
    assert!(matches!(wrong(|s| s.token = "another".to_owned()), SigningError::Token(_)));
    assert!(matches!(wrong(|s| s.key = "another".to_owned()), SigningError::Token(_)));
    assert!(matches!(wrong(|s| s.pin = Secret::new("000000".to_owned())), SigningError::WrongPassword));
    assert!(matches!(wrong(|s| s.pin = Secret::new("1".to_owned())), SigningError::WrongPassword));
    assert!(matches!(wrong(|s| s.library = "/nowhere.so".into()), SigningError::Token(_)));
    assert!(matches!(wrong(|s| s.algorithm = Some(Algorithm::EcdsaP384)), SigningError::Algorithm(_)));
}
