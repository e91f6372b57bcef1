//! Who trusts the authority and who does not, and for what it is trusted.

use super::*;
use crate::tls::authority::Authority;
use rustls::version::{TLS12, TLS13};
use std::os::unix::fs::PermissionsExt;

#[tokio::test]
async fn whoever_trusts_the_authority_connects_under_every_name_and_nobody_else_does() {
    let folder = tempfile::tempdir().unwrap();
    let certificates = opened(&local(folder.path()), Timestamp::now());
    let authority = certificates.authority().unwrap();
    let running = run(&certificates, Proxies::None).await;
    let device = Device::trusting(authority.certificate());
    for name in ["nhaviec.lan", "mot-cua.xa.vn", "localhost", "127.0.0.1", "::1"] {
        let mut stream = device.shake(running.port, name).await.unwrap_or_else(|e| panic!("{name}: {e}"));
        assert!(ask(&mut stream, "").await.starts_with("HTTP/1.1 200"), "{name}");
        assert_eq!(stream.get_ref().1.alpn_protocol(), None, "nobody asked for any");
    }
    let refused = |outcome: std::io::Result<TlsStream<TcpStream>>| outcome.expect_err("it is refused").to_string();
    let wrong = refused(device.shake(running.port, "ngan-hang.vn").await);
    assert!(wrong.contains("not valid for name"), "{wrong}");
    let other = tempfile::tempdir().unwrap();
    let stranger = opened(&local(other.path()), Timestamp::now()).authority().unwrap();
    let unknown = refused(Device::trusting(stranger.certificate()).shake(running.port, "nhaviec.lan").await);
    assert!(unknown.contains("UnknownIssuer") || unknown.contains("BadSignature"), "{unknown}");
    let none = refused(
        Device { trusts: None, ..Device::trusting(authority.certificate()) }.shake(running.port, "localhost").await,
    );
    assert!(none.contains("UnknownIssuer"), "{none}");
}

#[tokio::test]
async fn only_the_versions_of_today_are_spoken() {
    let folder = tempfile::tempdir().unwrap();
    let certificates = opened(&local(folder.path()), Timestamp::now());
    let authority = certificates.authority().unwrap();
    let running = run(&certificates, Proxies::None).await;
    const ONLY: [&[&SupportedProtocolVersion]; 2] = [&[&TLS12], &[&TLS13]];
    for versions in ONLY {
        let device = Device { versions, ..Device::trusting(authority.certificate()) };
        let stream = device.shake(running.port, "nhaviec.lan").await.unwrap();
        let suite = stream.get_ref().1.negotiated_cipher_suite().unwrap();
        let name = format!("{:?}", suite.suite());
        assert!(name.contains("GCM") || name.contains("POLY1305"), "{name}");
        assert!(name.starts_with("TLS13") || name.starts_with("TLS_ECDHE"), "a key for this connection alone: {name}");
    }
    // A greeting as of another time: the version is all that differs.
    let greeted = async |minor: u8| {
        let mut hello = vec![0x03, minor];
        hello.extend([7; 32]);
        // No session, one cipher, no compression; which signatures are understood.
        hello.extend([0, 0, 2, 0xc0, 0x2b, 1, 0, 0, 8, 0, 13, 0, 4, 0, 2, 4, 3]);
        let (all, own) = (u8::try_from(hello.len() + 4).unwrap(), u8::try_from(hello.len()).unwrap());
        let mut bytes = vec![0x16, 0x03, 0x01, 0, all, 1, 0, 0, own];
        bytes.extend(hello);
        let mut stream = TcpStream::connect(("127.0.0.1", running.port)).await.unwrap();
        stream.write_all(&bytes).await.unwrap();
        let mut said = vec![0; 7];
        let _ = stream.read(&mut said).await.unwrap();
        said
    };
    for old in [1, 2] {
        // An alert: fatal, protocol_version.
        assert_eq!(greeted(old).await, [0x15, 3, 3, 0, 2, 2, 70], "TLS 1.{}", old - 1);
    }
    assert_ne!(greeted(3).await[5..], [2, 70], "TLS 1.2");
}

#[test]
fn a_word_alone_permits_nothing_that_ends_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let now = Timestamp::now();
    let settings = settings(folder.path(), Tls::Local { names: vec!["vn".to_owned(), "cloud".to_owned()] });
    let authority = opened(&settings, now).authority().unwrap();
    let (_, left_out) = authority.issue(&[Name::of("xa.vn"), Name::of("may.cloud"), Name::of("may.lan")], now).unwrap();
    assert_eq!(left_out, [Name::of("xa.vn"), Name::of("may.cloud")]);
}

#[tokio::test]
async fn a_stolen_key_stands_for_nobody_elsewhere() {
    let folder = tempfile::tempdir().unwrap();
    let now = Timestamp::now();
    let authority = opened(&local(folder.path()), now).authority().unwrap();
    let (_, left_out) = authority
        .issue(&[Name::of("nhaviec.lan"), Name::of("www.vietcombank.com.vn"), Name::of("8.8.8.8")], now)
        .unwrap();
    assert_eq!(
        left_out,
        [Name::of("www.vietcombank.com.vn"), Name::of("8.8.8.8")],
        "the authority itself does not try"
    );
    // Who has the key tries.
    for (name, is_good) in [
        ("www.vietcombank.com.vn", false),
        ("xa.vn", false),
        ("mot-cua.xa.vn.ke-gian.vn", false),
        ("8.8.8.8", false),
        ("172.32.0.1", false),
        ("2001:db8::1", false),
        ("mot-cua.xa.vn", true),
        ("may-in.lan", true),
        ("10.200.0.9", true),
        ("172.31.255.1", true),
        ("fd00::77", true),
    ] {
        let key = KeyPair::generate().unwrap();
        let certificate = authority.forge(&[Name::of(name)], &key, now);
        let key = rustls::pki_types::PrivatePkcs8KeyDer::from(key.serialize_der()).into();
        let certificates = Certificates::default();
        certificates.keep(Shown { leaf: Some(Leaf::of(vec![certificate], key).unwrap()), ..Shown::default() });
        let running = run(&certificates, Proxies::None).await;
        let shaken = Device::trusting(authority.certificate()).shake(running.port, name).await;
        match (shaken, is_good) {
            (Ok(_), true) => {}
            (Err(why), false) => assert!(why.to_string().contains("NameConstraintViolation"), "{name}: {why}"),
            (Ok(_), false) => panic!("{name} was believed"),
            (Err(why), true) => panic!("{name}: {why}"),
        }
    }
}

#[test]
fn the_authority_is_made_once_and_is_nobody_elses_to_read() {
    let folder = tempfile::tempdir().unwrap();
    let now = Timestamp::now();
    let first = opened(&local(folder.path()), now).authority().unwrap();
    let again = opened(&local(folder.path()), now.plus_seconds(3600)).authority().unwrap();
    assert_eq!(first.fingerprint(), again.fingerprint());
    let groups: Vec<String> = first.fingerprint().split(' ').map(str::to_owned).collect();
    assert_eq!((groups.len(), groups[0].len()), (16, 4), "SHA-256 in groups that a person can compare");
    let path = folder.path().join(Authority::FILE);
    assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(first.ends().0 / 1_000_000, now.0 / 1_000_000 + 10 * 365 * 86_400);
    // Of several nodes over one data folder that start at once, each shows a certificate of its own from the one authority.
    let shared = tempfile::tempdir().unwrap();
    let nodes: Vec<Certificates> = std::thread::scope(|scope| {
        let start = || scope.spawn(|| opened(&local(shared.path()), now));
        [start(), start(), start()].into_iter().map(|node| node.join().unwrap()).collect()
    });
    let prints: std::collections::BTreeSet<String> =
        nodes.iter().map(|n| n.authority().unwrap().fingerprint()).collect();
    assert_eq!(prints.len(), 1);
}

#[test]
fn a_broken_authority_is_told_and_not_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let (path, now) = (folder.path().join(Authority::FILE), Timestamp::now());
    opened(&local(folder.path()), now);
    let good = std::fs::read_to_string(&path).unwrap();
    let other = tempfile::tempdir().unwrap();
    opened(&local(other.path()), now);
    let others = std::fs::read_to_string(other.path().join(Authority::FILE)).unwrap();
    let key = |text: &str| text[text.find("-----BEGIN PRIVATE").unwrap()..].to_owned();
    for broken in [String::new(), good.replace(&key(&good), ""), good.replace(&key(&good), &key(&others))] {
        std::fs::write(&path, &broken).unwrap();
        let error = Certificates::default().open(&local(folder.path()), now).unwrap_err();
        assert!(error.to_string().contains("tls-authority.pem") && error.to_string().contains("hỏng"), "{error}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), broken, "it is left as it is");
    }
}
