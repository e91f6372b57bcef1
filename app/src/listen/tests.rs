//! Connections that take their time, over a real socket.

use super::{Door, Limits, Proxies, serve};
use axum::Router;
use axum::extract::ConnectInfo;
use axum::routing::get;
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

const SHORT: Limits = Limits {
    head: Duration::from_millis(400),
    stall: Duration::from_millis(400),
    farewell: Duration::from_secs(3),
    of_address: None,
};

/// More than the buffers of both sides hold.
const LARGE: usize = 32 * 1024 * 1024;

struct Running {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    served: JoinHandle<()>,
}

async fn run() -> Running {
    let router = Router::new()
        .route("/", get(|ConnectInfo(peer): ConnectInfo<SocketAddr>| async move { peer.ip().to_string() }))
        .route("/large", get(|| async { vec![b'x'; LARGE] }))
        .route("/slow", get(|| async { tokio::time::sleep(Duration::from_millis(900)).await }))
        .route("/endless", get(std::future::pending::<()>));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let door = Door { listener, router, tls: None };
    let served = tokio::spawn(serve(vec![door], (SHORT, Proxies::None), async {
        let _ = stopped.await;
    }));
    Running { address, stop, served }
}

impl Running {
    async fn say(&self, text: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(text.as_bytes()).await.unwrap();
        stream
    }

    /// Asks it to stop; answers how long it took.
    async fn stop(self) -> Duration {
        let asked = Instant::now();
        self.stop.send(()).unwrap();
        tokio::time::timeout(Duration::from_secs(10), self.served).await.expect("it ends").unwrap();
        asked.elapsed()
    }
}

/// Everything that comes until the other side closes.
async fn rest(stream: &mut TcpStream) -> String {
    let mut said = Vec::new();
    tokio::time::timeout(Duration::from_secs(10), stream.read_to_end(&mut said)).await.expect("it is closed").ok();
    String::from_utf8_lossy(&said).into_owned()
}

#[tokio::test]
async fn a_head_that_is_half_sent_is_closed() {
    let running = run().await;
    let mut half = running.say("GET / HTTP/1.1\r\nhost: a\r\nx-slow: ").await;
    let mut silent = running.say("").await;
    let began = Instant::now();
    rest(&mut half).await;
    rest(&mut silent).await;
    assert!(began.elapsed() < Duration::from_secs(3), "closed after {:?}", began.elapsed());
    let mut whole = running.say("GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").await;
    assert!(rest(&mut whole).await.ends_with("127.0.0.1"), "the address of the other side is known");
}

#[tokio::test]
async fn who_does_not_read_the_answer_is_given_up() {
    let running = run().await;
    let deaf = running.say("GET /large HTTP/1.1\r\nhost: a\r\n\r\n").await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let mut deaf = deaf;
    let got = rest(&mut deaf).await.len();
    assert!(got < LARGE, "the whole answer was kept for somebody who did not read it");
}

#[tokio::test]
async fn a_running_request_ends_and_a_silent_connection_holds_nothing_up() {
    let running = run().await;
    let mut slow = running.say("GET /slow HTTP/1.1\r\nhost: a\r\n\r\n").await;
    let _half = running.say("GET / HTTP/1.1\r\n").await;
    let mut idle = running.say("GET / HTTP/1.1\r\nhost: a\r\n\r\n").await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    let took = running.stop().await;
    assert!(rest(&mut slow).await.starts_with("HTTP/1.1 200"), "it was answered");
    assert!(rest(&mut idle).await.starts_with("HTTP/1.1 200"));
    assert!(took < Duration::from_millis(2500), "it took {took:?}");
}

#[tokio::test]
async fn an_endless_request_does_not_keep_it_from_ending() {
    let running = run().await;
    let _endless = running.say("GET /endless HTTP/1.1\r\nhost: a\r\n\r\n").await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    let took = running.stop().await;
    assert!((SHORT.farewell..SHORT.farewell + Duration::from_secs(2)).contains(&took), "it took {took:?}");
}

#[tokio::test]
async fn a_rush_waits_in_line_until_it_is_let_in() {
    let listener = super::open(([127, 0, 0, 1], 0).into()).unwrap();
    let address = listener.local_addr().unwrap();
    // Nobody accepts yet; the system's usual line has 128 places.
    let soon = Duration::from_millis(500);
    let waiting = (0..400).map(|_| std::net::TcpStream::connect_timeout(&address, soon));
    let waiting: Vec<_> = waiting.collect::<Result<_, _>>().expect("each finds a place");
    assert_eq!(waiting.len(), 400);
}
