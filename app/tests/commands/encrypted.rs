//! `nhaviec serve` with TLS: an officer's browser, the plain door beside it, files of a public authority, check and backup.

use crate::world::demo_database;
use crate::world::program::{Program, Server, free_port};
use rcgen::{CertificateParams, KeyPair};
use sha2::Digest;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::{Duration, Instant};
use store::Engine;
use testkit::TestDatabase;

const AUTHORITY: &str = "keys/tls-authority.pem";

fn local(database: &TestDatabase) -> (Program, String) {
    let plain = format!("127.0.0.1:{}", free_port());
    let program = Program::over(database).with("NHAVIEC_TLS", "local").with("NHAVIEC_LISTEN_PLAIN", &plain);
    (program, plain)
}

fn serve(program: &Program) -> Server {
    let authority = program.folder().join(AUTHORITY);
    program.serve_encrypted(&authority)
}

#[test]
fn an_office_opens_it_over_tls_with_nothing_but_one_setting() {
    let database = demo_database(Engine::Sqlite);
    let (program, plain) = local(&database);
    let server = serve(&program);
    // What a stranger says of a proxy decides nothing.
    for forwarded in ["http", "https"] {
        let answer = server.fetch("/dang-nhap", &[("x-forwarded-proto", forwarded)]).expect("an answer");
        assert_eq!(answer.status(), 200);
        let cookie = answer.headers()["set-cookie"].to_str().expect("a cookie");
        assert!(cookie.starts_with("__Host-nhaviec_may=") && cookie.contains("; Secure"), "{cookie}");
        assert!(answer.headers().get("strict-transport-security").is_none(), "an authority of our own may be replaced");
    }
    let open = Server::plain(&plain);
    let led = open.fetch("/ho-so?trang=2", &[]).expect("an answer");
    assert_eq!(led.status(), 307);
    assert_eq!(led.headers()["location"], format!("https://{}/ho-so?trang=2", server.address));
    assert!(led.headers().get("set-cookie").is_none());
    assert_eq!(open.get("/api/v1/dossiers").status, 403);
    assert_eq!(open.post("/dang-nhap", &serde_json::json!({})).status, 403);
    let page = open.fetch("/cai-chung-thu", &[]).expect("an answer");
    assert_eq!(page.status(), 200);
    assert!(page.headers().get("set-cookie").is_none() && page.headers().get("strict-transport-security").is_none());
    let text = page.into_body().read_to_string().expect("a page");
    assert!(text.contains("certutil -hashfile") && text.contains("SHA-256"), "{text}");
    let file = open.fetch("/cai-chung-thu/nha-viec.crt", &[]).expect("an answer");
    assert_eq!(file.headers()["content-type"], "application/x-x509-ca-cert");
    let der = file.into_body().read_to_vec().expect("a certificate");
    let hex = data_encoding::HEXUPPER.encode(&sha2::Sha256::digest(&der));
    assert!(text.contains(&hex[..4]) && text.contains(&hex[60..]), "the page shows its fingerprint");
    let before = std::fs::read(program.folder().join(AUTHORITY)).expect("the authority");
    assert_eq!(server.stop(), 0);
    let again = serve(&program);
    assert_eq!(std::fs::read(program.folder().join(AUTHORITY)).expect("the authority"), before, "it is made once");
    assert_eq!(again.get("/healthz").status, 200);
    assert_eq!(again.stop(), 0);
}

/// A certificate for 127.0.0.1 as an authority would give it, in files.
fn given(folder: &Path) -> (String, String) {
    let key = KeyPair::generate().expect("a key");
    let mut params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).expect("a name");
    params.not_after = rcgen::date_time_ymd(2040, 1, 1);
    let own = params.self_signed(&key).expect("a certificate");
    std::fs::write(folder.join("chain.pem"), own.pem()).expect("a file");
    std::fs::write(folder.join("key.pem"), key.serialize_pem()).expect("a file");
    std::fs::set_permissions(folder.join("key.pem"), std::fs::Permissions::from_mode(0o600)).expect("a mode");
    (own.pem(), key.serialize_pem())
}

fn files(database: &TestDatabase) -> Program {
    let path = |name: &str| database.dir.join(name).display().to_string();
    Program::over(database)
        .with("NHAVIEC_TLS", "files")
        .with("NHAVIEC_TLS_CERTIFICATE", &path("chain.pem"))
        .with("NHAVIEC_TLS_KEY", &path("key.pem"))
}

#[test]
fn files_are_refused_when_they_do_not_fit_and_followed_when_they_change() {
    let database = demo_database(Engine::Sqlite);
    let (program, chain) = (files(&database), database.dir.join("chain.pem"));
    program.run(&["serve"]).refused(&["chain.pem", "không có tệp này"]);
    let (first, _) = given(&database.dir);
    let (_, other_key) = given(&database.dir);
    std::fs::write(&chain, &first).expect("a file");
    program.run(&["serve"]).refused(&["khóa không phải của chứng thư"]);
    let checked = program.run(&["check"]);
    assert!(checked.code == Some(1) && checked.out.contains("khóa không phải của chứng thư"), "{checked:?}");
    drop(other_key);
    given(&database.dir);
    assert!(program.run(&["check"]).ok().out.contains("✓ Chứng thư của máy chủ (TLS)"));
    let server = program.serve_encrypted(&chain);
    let answer = server.fetch("/", &[]).expect("an answer");
    assert_eq!(answer.headers()["strict-transport-security"], "max-age=31536000; includeSubDomains");
    // The next one, while it runs.
    let (next, _) = given(&database.dir);
    let until = Instant::now() + Duration::from_secs(40);
    while !server.trusting(&next).get("/healthz").is_well() {
        assert!(Instant::now() < until, "the new certificate is not shown");
        std::thread::sleep(Duration::from_millis(300));
    }
    assert_eq!(server.stop(), 0);
}

#[test]
fn a_key_that_everybody_may_read_is_found() {
    let database = demo_database(Engine::Sqlite);
    let (program, _) = local(&database);
    serve(&program).stop();
    assert!(program.run(&["check"]).ok().out.contains("✓ Chứng thư của máy chủ (TLS)"));
    let path = program.folder().join(AUTHORITY);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).expect("a mode");
    let checked = program.run(&["check"]);
    assert!(checked.code == Some(1) && checked.out.contains("chmod 600"), "{checked:?}");
}

#[test]
fn a_sealed_backup_brings_the_authority_along_and_an_open_one_does_not() {
    let database = demo_database(Engine::Sqlite);
    let (program, _) = local(&database);
    serve(&program).stop();
    let authority = std::fs::read(program.folder().join(AUTHORITY)).expect("the authority");
    let file = |name: &str| database.dir.join(name).display().to_string();
    program.run(&["backup", &file("kin.age"), "--sealed"]).ok();
    program.run(&["backup", &file("mo.tar.zst")]).ok();
    let restored = |words: &[&str]| {
        let target = TestDatabase::on(Engine::Sqlite);
        let elsewhere = Program::over(&target);
        elsewhere.run(words).ok();
        std::fs::read(elsewhere.folder().join(AUTHORITY)).ok()
    };
    let sealed = restored(&["restore", &file("kin.age"), "--key", &file("keys/backup.key")]);
    assert!(sealed.as_ref() == Some(&authority), "devices go on trusting the new machine");
    assert!(restored(&["restore", &file("mo.tar.zst")]).is_none(), "an open backup carries no key");
}

#[test]
fn settings_that_do_not_go_together_are_refused_in_words() {
    for (settings, told) in [
        (&[("NHAVIEC_TLS", "bat")][..], "NHAVIEC_TLS «bat»"),
        (&[("NHAVIEC_TLS", "files")], "NHAVIEC_TLS_CERTIFICATE"),
        (&[("NHAVIEC_TLS_KEY", "/x")], "chỉ dùng khi NHAVIEC_TLS là files"),
        (&[("NHAVIEC_TLS_NAMES", "nhaviec.lan")], "chỉ dùng khi NHAVIEC_TLS là local"),
        (&[("NHAVIEC_TLS", "local"), ("NHAVIEC_TLS_NAMES", "nhà việc")], "NHAVIEC_TLS_NAMES «nhà»"),
        (&[("NHAVIEC_TLS", "local"), ("NHAVIEC_PUBLIC_URL", "http://nhaviec.lan")], "phải bắt đầu bằng https://"),
        (&[("NHAVIEC_LISTEN_PLAIN", "0.0.0.0:80")], "NHAVIEC_LISTEN_PLAIN"),
        (&[("NHAVIEC_BEHIND_PROXY", "co")], "NHAVIEC_BEHIND_PROXY «co»"),
        (&[("NHAVIEC_DATABASE", "postgres://u@h/x?sslmode=verify-full")], "sslrootcert"),
    ] {
        let mut program = Program::alone();
        for (name, value) in settings {
            program = program.with(name, value);
        }
        program.run(&["serve"]).refused(&[told]);
    }
}
