//! Listening: an accept loop of our own, because connections need limits that a server without timers does not have.
//!
//! A head must arrive within seconds, an answer must be read while it is written, one address has only so many
//! connections, and all together have only so many, also before they have shaken hands for TLS. When it is told to stop,
//! no connection is taken any more, those between two requests end, and running requests get some seconds to end in.

mod crowd;
mod proxies;
mod stall;

pub use proxies::Proxies;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use crowd::{Crowd, Seat};
use http::Request;
use hyper::body::Incoming;
use hyper_util::rt::{TokioIo, TokioTimer};
use stall::Stalling;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

/// How long the listening side is patient.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// For the head of a request, between two requests of one connection, and for the handshake before them.
    pub head: Duration,
    /// For the other side to take some more of an answer.
    pub stall: Duration,
    /// For running requests, once it is told to stop.
    pub farewell: Duration,
    /// Connections of one address; none when all come from a proxy. Proxies that are known by address have no such limit.
    pub of_address: Option<usize>,
}

/// Connections of one address: several dozen browsers behind a commune's one line, with six connections each.
const OF_ADDRESS: usize = 256;

impl Limits {
    /// What a server on the open net needs; behind a proxy, which has one address, that proxy keeps people apart.
    pub fn new(proxies: &Proxies) -> Self {
        Self {
            head: Duration::from_secs(15),
            stall: Duration::from_secs(60),
            farewell: Duration::from_secs(20),
            of_address: (*proxies != Proxies::Anyone).then_some(OF_ADDRESS),
        }
    }
}

/// After the word to stop, a connection that has not sent its first head yet gets so long to do it.
const FIRST_HEAD: Duration = Duration::from_secs(1);
/// Between two tries when the system has no more file handles.
const OUT_OF_HANDLES: Duration = Duration::from_millis(500);

/// Connections that the system keeps in line until they are accepted; it may keep fewer. As many as are ever seated: where
/// the line is full, whoever comes in a rush is turned away without a word.
const LINE: u32 = 2_000;

/// Opens an address to listen at.
///
/// # Errors
/// What the system answers: the address is taken, or not permitted.
pub fn open(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // As every listener does, so that a server that starts again need not wait for the connections of the last one.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(LINE)
}

/// One address to listen at, and what stands behind it.
pub struct Door {
    pub listener: TcpListener,
    pub router: Router,
    /// Shakes hands first, where connections are encrypted.
    pub tls: Option<TlsAcceptor>,
}

/// Serves until `stopped`, then lets running requests end. All doors together have so many connections.
pub async fn serve(doors: Vec<Door>, (limits, proxies): (Limits, Proxies), stopped: impl Future<Output = ()>) {
    let crowd = Arc::new(Crowd::new(crowd::connections_max(), limits.of_address, proxies.clone()));
    let (stop, stopping) = watch::channel(());
    let mut open = JoinSet::new();
    for door in doors {
        open.spawn(keep(door, crowd.clone(), (limits, proxies.clone()), stopping.clone()));
    }
    stopped.await;
    // No door is open from here on.
    open.shutdown().await;
    drop(stopping);
    let _ = stop.send(());
    if tokio::time::timeout(limits.farewell, crowd.empty()).await.is_err() {
        tracing::warn!("some requests had not ended when the server stopped");
    }
}

async fn keep(
    Door { listener, router, tls }: Door,
    crowd: Arc<Crowd>,
    (limits, proxies): (Limits, Proxies),
    stopping: watch::Receiver<()>,
) {
    loop {
        let (stream, peer, seat) = accept(&listener, &crowd).await;
        let guest = Guest { peer, _seat: seat, router: router.clone(), limits, proxies: proxies.clone() };
        tokio::spawn(guest.come_in(stream, tls.clone(), stopping.clone()));
    }
}

/// The next connection that has a seat. While all are taken, the next ones wait in the system's line.
async fn accept(listener: &TcpListener, crowd: &Crowd) -> (TcpStream, SocketAddr, Seat) {
    loop {
        let chair = crowd.chair().await;
        match listener.accept().await {
            Ok((stream, peer)) => {
                if let Some(seat) = crowd.sit(chair, peer.ip()) {
                    return (stream, peer, seat);
                }
                // Closed at once: this address has its share.
                tracing::debug!("an address has too many connections");
            }
            Err(error) if is_of_one_connection(&error) => {}
            Err(error) => {
                tracing::warn!(%error, "no connection can be accepted");
                tokio::time::sleep(OUT_OF_HANDLES).await;
            }
        }
    }
}

fn is_of_one_connection(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// Who has connected.
struct Guest {
    peer: SocketAddr,
    _seat: Seat,
    router: Router,
    limits: Limits,
    proxies: Proxies,
}

impl Guest {
    /// Shakes hands where that is asked for, and talks.
    async fn come_in(self, stream: TcpStream, tls: Option<TlsAcceptor>, mut stopping: watch::Receiver<()>) {
        // Answers are small and written whole.
        let _ = stream.set_nodelay(true);
        let stream = Stalling::new(stream, self.limits.stall);
        let Some(tls) = tls else { return self.talk(stream, stopping).await };
        let shaken = tokio::select! {
            shaken = tokio::time::timeout(self.limits.head, tls.accept(stream)) => shaken,
            _ = stopping.changed() => return,
        };
        // Who speaks no TLS of today, or is too slow for it, is no news to anybody.
        if let Ok(Ok(stream)) = shaken {
            self.talk(stream, stopping).await;
        }
    }

    /// One connection, from its first head to its end.
    async fn talk(self, stream: impl AsyncRead + AsyncWrite + Unpin, mut stopping: watch::Receiver<()>) {
        let Self { peer, _seat, router, limits, proxies } = self;
        let began = Arc::new(AtomicBool::new(false));
        let service = hyper::service::service_fn({
            let began = began.clone();
            move |request: Request<Incoming>| {
                began.store(true, Ordering::Relaxed);
                let mut request = request.map(Body::new);
                proxies.sift(peer.ip(), request.headers_mut());
                request.extensions_mut().insert(ConnectInfo(peer));
                router.clone().oneshot(request)
            }
        });
        let connection = hyper::server::conn::http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(limits.head)
            .serve_connection(TokioIo::new(stream), service);
        let mut connection = pin!(connection);
        tokio::select! {
            // Whatever the other side did wrong is no news to anybody.
            _ = connection.as_mut() => return,
            _ = stopping.changed() => {}
        }
        connection.as_mut().graceful_shutdown();
        if tokio::time::timeout(FIRST_HEAD, connection.as_mut()).await.is_err() && began.load(Ordering::Relaxed) {
            let _ = connection.await;
        }
    }
}

#[cfg(test)]
mod tests;
