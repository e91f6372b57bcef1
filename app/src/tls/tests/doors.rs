//! Both doors: who is slow at the encrypted one, what a proxy may tell there, and where the plain one leads.

use super::*;
use axum::body::Body;
use http::{Method, StatusCode, header};
use std::time::Instant;
use tower::ServiceExt;

#[tokio::test]
async fn who_does_not_shake_hands_is_closed_and_keeps_nobody_waiting() {
    let folder = tempfile::tempdir().unwrap();
    let certificates = opened(&local(folder.path()), Timestamp::now());
    let authority = certificates.authority().unwrap();
    let running = run(&certificates, Proxies::None).await;
    let began = Instant::now();
    let connect = async || TcpStream::connect(("127.0.0.1", running.port)).await.unwrap();
    let (mut silent, mut half, mut plain) = (connect().await, connect().await, connect().await);
    half.write_all(&[0x16, 0x03, 0x01, 0x02, 0x00, 0x01]).await.unwrap();
    plain.write_all(b"GET / HTTP/1.1\r\nhost: nhaviec.lan\r\n\r\n").await.unwrap();
    let mut stream = Device::trusting(authority.certificate()).shake(running.port, "nhaviec.lan").await.unwrap();
    assert!(ask(&mut stream, "").await.starts_with("HTTP/1.1 200"), "others are served meanwhile");
    for (stream, who) in [(&mut silent, "silent"), (&mut half, "half"), (&mut plain, "plain")] {
        let mut said = Vec::new();
        let read = tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut said)).await;
        assert!(read.is_ok(), "{who} is still open");
        assert!(!String::from_utf8_lossy(&said).contains("HTTP"), "{who} was answered in the open");
    }
    assert!(began.elapsed() < Duration::from_secs(3), "closed after {:?}", began.elapsed());
    // A head that is sent byte by byte is closed as without encryption.
    let mut slow = Device::trusting(authority.certificate()).shake(running.port, "nhaviec.lan").await.unwrap();
    slow.write_all(b"GET / HTTP/1.1\r\nx-slow: ").await.unwrap();
    let mut said = Vec::new();
    let _ = tokio::time::timeout(Duration::from_secs(5), slow.read_to_end(&mut said)).await.expect("it is closed");
    let _still = connect().await;
    let asked = Instant::now();
    running.stop.send(()).unwrap();
    tokio::time::timeout(Duration::from_secs(10), running.served).await.expect("it ends").unwrap();
    assert!(asked.elapsed() < Duration::from_millis(2500), "a handshake that never comes holds nothing up");
}

#[tokio::test]
async fn who_does_not_read_an_encrypted_answer_is_given_up() {
    let folder = tempfile::tempdir().unwrap();
    let certificates = opened(&local(folder.path()), Timestamp::now());
    let authority = certificates.authority().unwrap();
    let running = run(&certificates, Proxies::None).await;
    let connect = async || Device::trusting(authority.certificate()).shake(running.port, "nhaviec.lan").await.unwrap();
    let (mut deaf, mut reader) = (connect().await, connect().await);
    for stream in [&mut deaf, &mut reader] {
        stream.write_all(b"GET /large HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").await.unwrap();
    }
    let (mut got, mut whole) = (Vec::new(), Vec::new());
    let _ = tokio::time::timeout(Duration::from_secs(60), reader.read_to_end(&mut whole)).await.expect("it ends");
    assert!(whole.len() > LARGE, "who reads gets all of it");
    tokio::time::sleep(Duration::from_secs(2)).await;
    let _ = tokio::time::timeout(Duration::from_secs(10), deaf.read_to_end(&mut got)).await.expect("it is closed");
    assert!(got.len() < LARGE, "the whole answer was kept for somebody who did not read it");
}

#[tokio::test]
async fn only_a_known_proxy_tells_for_whom_it_asks() {
    let folder = tempfile::tempdir().unwrap();
    let certificates = opened(&local(folder.path()), Timestamp::now());
    let authority = certificates.authority().unwrap();
    for (proxies, told) in [
        (Proxies::None, "for - proto -"),
        (Proxies::of(true, &["10.0.0.5".parse().unwrap()]), "for - proto -"),
        (Proxies::of(true, &["127.0.0.1".parse().unwrap()]), "for 203.0.113.7 proto http"),
        (Proxies::Anyone, "for 203.0.113.7 proto http"),
    ] {
        let running = run(&certificates, proxies.clone()).await;
        let mut stream = Device::trusting(authority.certificate()).shake(running.port, "nhaviec.lan").await.unwrap();
        let answer = ask(&mut stream, "x-forwarded-for: 203.0.113.7\r\nx-forwarded-proto: http\r\n").await;
        assert!(answer.ends_with(told), "{proxies:?}: {answer}");
    }
}

/// What the plain door answers.
async fn plain(certificates: &Certificates, asked: (Method, &str), host: &str) -> axum::response::Response {
    let page = get(|| async {
        [
            ("strict-transport-security", "max-age=31536000"),
            ("set-cookie", "__Host-nhaviec_may=x; Secure"),
            ("x-content-type-options", "nosniff"),
        ]
    });
    let house = Router::new().fallback_service(page);
    let router = super::plain::router(certificates, house, "https://nhaviec.lan:8443", 8443);
    let request = Request::builder().method(asked.0).uri(asked.1).header("host", host).body(Body::empty()).unwrap();
    router.oneshot(request).await.unwrap()
}

#[tokio::test]
async fn the_plain_door_leads_to_the_encrypted_one() {
    let folder = tempfile::tempdir().unwrap();
    let certificates = opened(&local(folder.path()), Timestamp::now());
    for (host, to) in [
        ("nhaviec.lan:8080", "https://nhaviec.lan:8443/ho-so?trang=2"),
        ("mot-cua.xa.vn", "https://mot-cua.xa.vn:8443/ho-so?trang=2"),
        ("127.0.0.1:8080", "https://127.0.0.1:8443/ho-so?trang=2"),
        ("[::1]:8080", "https://[::1]:8443/ho-so?trang=2"),
        // Nobody is led to where a header says.
        ("ke-gian.vn", "https://nhaviec.lan:8443/ho-so?trang=2"),
        ("nhaviec.lan@ke-gian.vn", "https://nhaviec.lan:8443/ho-so?trang=2"),
        ("", "https://nhaviec.lan:8443/ho-so?trang=2"),
    ] {
        let answer = plain(&certificates, (Method::GET, "/ho-so?trang=2"), host).await;
        assert_eq!(answer.status(), StatusCode::TEMPORARY_REDIRECT, "{host}");
        assert_eq!(answer.headers()[header::LOCATION], to, "{host}");
    }
    for asked in [
        (Method::POST, "/dang-nhap"),
        (Method::GET, "/api/v1/dossiers"),
        (Method::GET, "/metrics"),
        (Method::POST, super::plain::PAGE),
        (Method::DELETE, "/"),
    ] {
        let answer = plain(&certificates, (asked.0.clone(), asked.1), "nhaviec.lan").await;
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{asked:?}");
        assert!(answer.headers().get(header::LOCATION).is_none(), "a token is not sent twice");
    }
}

#[tokio::test]
async fn the_plain_door_offers_the_authority_and_gives_no_cookie() {
    let folder = tempfile::tempdir().unwrap();
    let certificates = opened(&local(folder.path()), Timestamp::now());
    for path in [super::plain::PAGE, super::plain::FILE, "/assets/chung.css"] {
        let answer = plain(&certificates, (Method::GET, path), "192.168.1.10").await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        let headers = answer.headers();
        assert!(headers.get(header::STRICT_TRANSPORT_SECURITY).is_none(), "{path}: that word is for https alone");
        assert!(headers.get(header::SET_COOKIE).is_none(), "{path}");
        assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
    }
    assert!(certificates.told().mode != Mode::Off { is_open: false });
    let Mode::Local { offered_at, .. } = certificates.told().mode else { panic!("local") };
    assert_eq!(offered_at, "http://127.0.0.1:8080/cai-chung-thu");
}

#[test]
fn a_server_that_others_reach_without_encryption_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let off = |listen: &str, behind_proxy: bool| {
        let mut settings = settings(folder.path(), Tls::Off);
        (settings.listen, settings.behind_proxy) = (listen.parse().unwrap(), behind_proxy);
        care(&opened(&settings, Timestamp::now()).told(), Timestamp::now()).len()
    };
    assert_eq!((off("127.0.0.1:8080", false), off("0.0.0.0:80", true), off("0.0.0.0:80", false)), (0, 0, 1));
}
