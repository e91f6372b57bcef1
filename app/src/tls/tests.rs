//! Certificates in use: real handshakes, over a real socket, with clients that check what they are shown.

mod changing;
mod doors;
mod trusting;

use super::*;
use crate::listen::{Door, Limits, Proxies, serve};
use axum::Router;
use axum::extract::Request;
use axum::routing::get;
use rcgen::KeyPair;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::time_provider::TimeProvider;
use rustls::{ClientConfig, RootCertStore, SupportedProtocolVersion};
use std::path::Path;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

const SHORT: Limits = Limits {
    head: Duration::from_millis(500),
    stall: Duration::from_millis(500),
    farewell: Duration::from_secs(3),
    of_address: None,
};

/// More than the buffers of both sides hold.
const LARGE: usize = 32 * 1024 * 1024;

/// Settings of an installation in this folder.
fn settings(data: &Path, tls: Tls) -> Settings {
    Settings {
        listen: ([127, 0, 0, 1], 8443).into(),
        public_url: "https://nhaviec.lan".to_owned(),
        secure_cookies: true,
        tls,
        listen_plain: Some(([127, 0, 0, 1], 8080).into()),
        ..Settings::alone("sqlite:nhaviec.db".parse().unwrap(), data)
    }
}

fn local(data: &Path) -> Settings {
    settings(data, Tls::Local { names: vec!["mot-cua.xa.vn".to_owned()] })
}

fn opened(settings: &Settings, now: Timestamp) -> Certificates {
    let certificates = Certificates::default();
    certificates.open(settings, now).unwrap_or_else(|e| panic!("{e} {}", e.inward()));
    certificates
}

struct Running {
    port: u16,
    stop: oneshot::Sender<()>,
    served: JoinHandle<()>,
}

/// A server that shows these certificates and answers with what came.
async fn run(certificates: &Certificates, proxies: Proxies) -> Running {
    let told = get(|request: Request| async move {
        let name = |name: &str| request.headers().get(name).and_then(|v| v.to_str().ok()).unwrap_or("-").to_owned();
        format!("for {} proto {}", name("x-forwarded-for"), name("x-forwarded-proto"))
    });
    let large = get(|| async { vec![b'x'; LARGE] });
    let router = Router::new().route("/", told).route("/large", large);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (stop, stopped) = oneshot::channel();
    let door = Door { listener, router, tls: certificates.acceptor().unwrap() };
    let served = tokio::spawn(serve(vec![door], (SHORT, proxies), async {
        let _ = stopped.await;
    }));
    Running { port, stop, served }
}

/// A clock that stands.
#[derive(Debug)]
struct Standing(Timestamp);

impl TimeProvider for Standing {
    fn current_time(&self) -> Option<UnixTime> {
        Some(UnixTime::since_unix_epoch(Duration::from_micros(u64::try_from(self.0.0).unwrap())))
    }
}

/// Who connects: whom they trust, at what time, and by which versions.
struct Device {
    trusts: Option<CertificateDer<'static>>,
    now: Timestamp,
    versions: &'static [&'static SupportedProtocolVersion],
}

impl Device {
    fn trusting(certificate: &CertificateDer<'static>) -> Self {
        Self { trusts: Some(certificate.clone()), now: Timestamp::now(), versions: rustls::ALL_VERSIONS }
    }

    async fn shake(&self, port: u16, name: &str) -> std::io::Result<TlsStream<TcpStream>> {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(self.trusts.clone());
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_details(provider, Arc::new(Standing(self.now)))
            .with_protocol_versions(self.versions)
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        TlsConnector::from(Arc::new(config)).connect(ServerName::try_from(name.to_owned()).unwrap(), stream).await
    }
}

/// Asks and reads the answer, leaving the connection open.
async fn ask(stream: &mut TlsStream<TcpStream>, more: &str) -> String {
    let head = format!("GET / HTTP/1.1\r\nhost: nhaviec.lan\r\n{more}\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut said = vec![0; 4096];
    let filled = stream.read(&mut said).await.unwrap();
    String::from_utf8_lossy(&said[..filled]).into_owned()
}

/// The certificate that was shown.
fn shown(stream: &TlsStream<TcpStream>) -> CertificateDer<'static> {
    stream.get_ref().1.peer_certificates().unwrap()[0].clone().into_owned()
}
