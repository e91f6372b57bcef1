//! Listening: an accept loop of our own, because connections need limits that a server without timers does not have.
//!
//! A head must arrive within seconds, an answer must be read while it is written, one address has only so many
//! connections, and all together have only so many. When it is told to stop, no connection is taken any more, those
//! between two requests end, and running requests get some seconds to end in.

mod crowd;
mod stall;

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
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tower::ServiceExt;

/// How long the listening side is patient.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// For the head of a request, and between two requests of one connection.
    pub head: Duration,
    /// For the other side to take some more of an answer.
    pub stall: Duration,
    /// For running requests, once it is told to stop.
    pub farewell: Duration,
    /// Connections of one address; none when all come from a proxy.
    pub of_address: Option<usize>,
}

/// Connections of one address: several dozen browsers behind a commune's one line, with six connections each.
const OF_ADDRESS: usize = 256;

impl Limits {
    /// What a server on the open net needs; behind a proxy, which has one address, that proxy keeps people apart.
    pub fn new(behind_proxy: bool) -> Self {
        Self {
            head: Duration::from_secs(15),
            stall: Duration::from_secs(60),
            farewell: Duration::from_secs(20),
            of_address: (!behind_proxy).then_some(OF_ADDRESS),
        }
    }
}

/// After the word to stop, a connection that has not sent its first head yet gets so long to do it.
const FIRST_HEAD: Duration = Duration::from_secs(1);
/// Between two tries when the system has no more file handles.
const OUT_OF_HANDLES: Duration = Duration::from_millis(500);

/// Serves until `stopped`, then lets running requests end.
pub async fn serve(listener: TcpListener, router: Router, limits: Limits, stopped: impl Future<Output = ()>) {
    let crowd = Crowd::new(crowd::connections_max(), limits.of_address);
    let (stop, stopping) = watch::channel(());
    let mut stopped = pin!(stopped);
    loop {
        let (stream, peer, seat) = tokio::select! {
            () = &mut stopped => break,
            accepted = accept(&listener, &crowd) => accepted,
        };
        tokio::spawn(talk(stream, (peer, seat), router.clone(), limits, stopping.clone()));
    }
    drop((listener, stopping));
    let _ = stop.send(());
    if tokio::time::timeout(limits.farewell, crowd.empty()).await.is_err() {
        tracing::warn!("some requests had not ended when the server stopped");
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

/// One connection, from its first head to its end.
async fn talk(
    stream: TcpStream,
    (peer, _seat): (SocketAddr, Seat),
    router: Router,
    limits: Limits,
    mut stopping: watch::Receiver<()>,
) {
    // Answers are small and written whole.
    let _ = stream.set_nodelay(true);
    let began = Arc::new(AtomicBool::new(false));
    let service = hyper::service::service_fn({
        let began = began.clone();
        move |request: Request<Incoming>| {
            began.store(true, Ordering::Relaxed);
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            router.clone().oneshot(request)
        }
    });
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .serve_connection(TokioIo::new(Stalling::new(stream, limits.stall)), service);
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

#[cfg(test)]
mod tests;
