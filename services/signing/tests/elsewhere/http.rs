//! The transport's way of asking a service: once, to one address, and every status is an answer.

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, Stream};
use signing::remote::{RemoteError, Service};
use signing::{Asking, HttpTransport, Secret, SigningError, Transport};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::thread::{JoinHandle, spawn};

/// A server for one connection: says `answer`, gives what it was asked, and hears no second time.
fn serve(answer: &'static str) -> (String, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/csc/v2", listener.local_addr().unwrap());
    let thread = spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut heard = Vec::new();
        let mut buffer = [0; 4096];
        while !heard.ends_with(b"}") {
            let count = stream.read(&mut buffer).unwrap();
            heard.extend_from_slice(&buffer[..count]);
        }
        stream.write_all(answer.as_bytes()).unwrap();
        drop(stream);
        listener.set_nonblocking(true).unwrap();
        std::thread::sleep(std::time::Duration::from_millis(200));
        assert!(listener.accept().is_err(), "asked twice");
        String::from_utf8(heard).unwrap()
    });
    (url, thread)
}

fn asking(authorization: Option<&Secret>) -> Asking<'_> {
    Asking { authorization, content_type: "application/json", body: b"{}" }
}

#[test]
fn a_status_with_its_body_is_an_answer() {
    let (url, server) =
        serve("HTTP/1.1 400 Bad Request\r\nContent-Length: 13\r\nConnection: close\r\n\r\n{\"error\":\"a\"}");
    let bearer = Secret::new("Bearer tok".to_owned());
    let answer = HttpTransport::new().ask(&format!("{url}/info"), &asking(Some(&bearer))).unwrap();
    assert_eq!((answer.status, &answer.body[..]), (400, &b"{\"error\":\"a\"}"[..]));
    let heard = server.join().unwrap().to_lowercase();
    assert!(heard.starts_with("post /csc/v2/info http/1.1\r\n"), "{heard}");
    assert!(heard.contains("authorization: bearer tok\r\n") && heard.contains("content-type: application/json\r\n"));
}

#[test]
fn a_service_that_fails_or_leads_away_is_not_asked_again() {
    let busy = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    let away =
        "HTTP/1.1 307 Temporary Redirect\r\nLocation: /elsewhere\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    let transport = HttpTransport::new();
    let (url, server) = serve(busy);
    assert!(matches!(Service::new(&url, &transport).unwrap().info(), Err(RemoteError::Busy(_))));
    server.join().unwrap();
    let (url, server) = serve(away);
    assert!(matches!(Service::new(&url, &transport).unwrap().info(), Err(RemoteError::Rejected(_))));
    server.join().unwrap();
    let (url, server) = serve("");
    assert!(matches!(Service::new(&url, &transport).unwrap().info(), Err(RemoteError::Busy(_))));
    server.join().unwrap();
}

#[test]
fn too_much_is_not_read_to_its_end() {
    let (url, server) = serve("HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\nConnection: close\r\n\r\n{}");
    let refused = HttpTransport::new().ask(&format!("{url}/info"), &asking(None)).err();
    assert!(matches!(refused, Some(SigningError::Unreachable(_))));
    server.join().unwrap();
}

const ROOT: &[u8] = include_bytes!("tls/root.pem");

/// A server with a certificate of our own root, for one connection.
fn serve_over_tls() -> (String, JoinHandle<()>) {
    let chain = vec![CertificateDer::from_pem_slice(include_bytes!("tls/server.pem")).unwrap()];
    let key = PrivateKeyDer::from_pem_slice(include_bytes!("tls/server.key")).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()));
    let config = config.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
    let config = Arc::new(config.with_single_cert(chain, key).unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}/csc/v2", listener.local_addr().unwrap());
    let thread = spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut connection = ServerConnection::new(config).unwrap();
        let mut over = Stream::new(&mut connection, &mut stream);
        // Whoever does not trust us hangs up here.
        let mut heard = [0; 4096];
        if over.read(&mut heard).is_ok_and(|count| count > 0) {
            let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";
            let _ = over.write_all(answer);
        }
    });
    (url, thread)
}

#[test]
fn over_tls_only_a_known_server_is_asked() {
    let (url, server) = serve_over_tls();
    let known = HttpTransport::new().trusting(ROOT).unwrap();
    assert_eq!(&known.ask(&url, &asking(None)).unwrap().body[..], b"{}");
    server.join().unwrap();
    // No public authority vouches for it; nor does anybody for another name.
    let (url, server) = serve_over_tls();
    assert!(HttpTransport::new().ask(&url, &asking(None)).is_err());
    server.join().unwrap();
    let (url, server) = serve_over_tls();
    let elsewhere = url.replace("127.0.0.1", "localhost");
    assert!(known.ask(&elsewhere, &asking(None)).is_err());
    server.join().unwrap();
    assert!(HttpTransport::new().trusting(b"no certificate").is_err());
}
