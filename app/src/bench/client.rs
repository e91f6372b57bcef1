//! The load client: a process of its own with one thread, so that its work is not the server's. Raw HTTP/1.1 with
//! connections that stay open; bodies are made before the clock starts.

use super::order::{Ask, Order, Outcome};
use crate::os::cpu_ms;
use bytes::Bytes;
use dossiers::procedure::catalogue;
use dossiers::sample::{self, Chance, Sample};
use http::{Request, header};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use std::io::{BufRead, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitCode, Stdio};
use std::rc::Rc;
use std::time::{Duration, Instant};
use tokio::net::TcpStream;
use types::{Error, Result, Timestamp};

/// Bodies that the connections take turns with.
const BODIES: usize = 3000;

/// Reads orders until the pipe is closed.
pub(super) fn serve() -> Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Error::internal)?;
    let mut bodies: Vec<Bytes> = Vec::new();
    for line in std::io::stdin().lock().lines() {
        let order: Order = serde_json::from_str(&line.map_err(Error::internal)?).map_err(Error::internal)?;
        if bodies.is_empty() && matches!(order.ask, Ask::Receive { .. }) {
            bodies = make_bodies()?;
        }
        let outcome = tokio::task::LocalSet::new().block_on(&runtime, load(&order, &bodies));
        let mut out = std::io::stdout().lock();
        let answer = serde_json::to_string(&outcome).map_err(Error::internal)?;
        writeln!(out, "{answer}").and_then(|()| out.flush()).map_err(Error::internal)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Lifelike receipts in the mix of a commune.
fn make_bodies() -> Result<Vec<Bytes>> {
    let mut chance = Chance::new(20_260_701);
    let today = Timestamp::now().day();
    let mut bodies = Vec::with_capacity(BODIES);
    while bodies.len() < BODIES {
        let code = sample::procedure(&mut chance);
        let Some(definition) = catalogue::find(code).filter(|definition| definition.in_force(today)) else { continue };
        let sample = Sample::draw(&mut chance, definition, ("Phúc Khê", today));
        bodies.push(Bytes::from(serde_json::to_vec(&sample.to_json()).map_err(Error::internal)?));
    }
    Ok(bodies)
}

/// What one connection has seen.
#[derive(Default)]
struct Seen {
    micros: Vec<u32>,
    errors: u64,
    first_error: Option<String>,
    bytes: u64,
}

async fn load(order: &Order, bodies: &[Bytes]) -> Outcome {
    let cpu_before = cpu_ms(std::process::id()).unwrap_or(0.0);
    let bodies: Rc<[Bytes]> = bodies.into();
    let started = Instant::now();
    let until = started + Duration::from_secs_f64(order.seconds);
    let tasks: Vec<_> = (0..order.connections)
        .map(|n| tokio::task::spawn_local(connection(order.clone(), (n, bodies.clone()), until)))
        .collect();
    let mut all = Seen::default();
    for task in tasks {
        match task.await {
            Ok(seen) => {
                all.micros.extend(seen.micros);
                all.errors += seen.errors;
                all.bytes += seen.bytes;
                all.first_error = all.first_error.or(seen.first_error);
            }
            Err(error) => {
                all.errors += 1;
                all.first_error.get_or_insert(error.to_string());
            }
        }
    }
    let seconds = started.elapsed().as_secs_f64();
    all.micros.sort_unstable();
    let at = |percent: usize| {
        all.micros.get(all.micros.len().saturating_sub(1) * percent / 100).map_or(0.0, |us| f64::from(*us) / 1000.0)
    };
    Outcome {
        done: all.micros.len() as u64,
        errors: all.errors,
        first_error: all.first_error,
        seconds,
        client_cpu_ms: cpu_ms(std::process::id()).unwrap_or(0.0) - cpu_before,
        bytes: all.bytes,
        p50_ms: at(50),
        p95_ms: at(95),
        p99_ms: at(99),
        max_ms: at(100),
    }
}

/// One request after another over one connection, which is made again when it breaks.
async fn connection(order: Order, (n, bodies): (usize, Rc<[Bytes]>), until: Instant) -> Seen {
    let mut seen = Seen::default();
    let mut open: Option<SendRequest<Full<Bytes>>> = None;
    let mut sent = 0_usize;
    while Instant::now() < until {
        let connected = match open.take() {
            Some(sender) => Ok(sender),
            None => connect(order.port).await,
        };
        let asked = match connected {
            Ok(mut sender) => {
                let body = bodies.get((n * 97 + sent * order.connections + n) % bodies.len().max(1));
                let request = request(&order, (n, sent), body);
                sent += 1;
                let begun = Instant::now();
                let answered = ask(&mut sender, request).await;
                answered.map(|(status, bytes)| (sender, begun.elapsed(), status, bytes))
            }
            Err(error) => Err(error),
        };
        match asked {
            Ok((sender, took, status, bytes)) => {
                open = Some(sender);
                seen.bytes += bytes.len() as u64;
                let wanted = if matches!(order.ask, Ask::Receive { .. }) { 201 } else { 200 };
                if status == wanted {
                    seen.micros.push(u32::try_from(took.as_micros()).unwrap_or(u32::MAX));
                } else {
                    seen.errors += 1;
                    let start: String = String::from_utf8_lossy(&bytes).chars().take(300).collect();
                    seen.first_error.get_or_insert(format!("{status} {start}"));
                }
            }
            Err(error) => {
                seen.errors += 1;
                seen.first_error.get_or_insert(error);
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        }
    }
    seen
}

async fn connect(port: u16) -> std::result::Result<SendRequest<Full<Bytes>>, String> {
    let stream = TcpStream::connect(("127.0.0.1", port)).await.map_err(|e| e.to_string())?;
    stream.set_nodelay(true).map_err(|e| e.to_string())?;
    let (sender, connection) = handshake(TokioIo::new(stream)).await.map_err(|e| e.to_string())?;
    tokio::task::spawn_local(connection);
    Ok(sender)
}

async fn ask(
    sender: &mut SendRequest<Full<Bytes>>,
    request: std::result::Result<Request<Full<Bytes>>, http::Error>,
) -> std::result::Result<(u16, Bytes), String> {
    let request = request.map_err(|e| e.to_string())?;
    sender.ready().await.map_err(|e| e.to_string())?;
    let answer = sender.send_request(request).await.map_err(|e| e.to_string())?;
    let status = answer.status().as_u16();
    let bytes = answer.into_body().collect().await.map_err(|e| e.to_string())?.to_bytes();
    Ok((status, bytes))
}

fn request(
    order: &Order,
    (n, sent): (usize, usize),
    body: Option<&Bytes>,
) -> std::result::Result<Request<Full<Bytes>>, http::Error> {
    let request = Request::builder().header(header::HOST, format!("127.0.0.1:{}", order.port));
    match &order.ask {
        Ask::Receive { token, mark } => request
            .method("POST")
            .uri("/api/v1/dossiers")
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(header::CONTENT_TYPE, "application/json")
            .header("idempotency-key", format!("bench-{mark}-{n}-{sent}"))
            .body(Full::new(body.cloned().unwrap_or_default())),
        Ask::Page { path, cookie, compressed } => {
            let request = request.uri(path).header(header::COOKIE, cookie);
            let request = if *compressed { request.header(header::ACCEPT_ENCODING, "gzip, br") } else { request };
            request.body(Full::default())
        }
    }
}

/// The client process as the measuring one holds it.
pub(super) struct Client {
    child: Child,
    input: ChildStdin,
    output: std::io::BufReader<ChildStdout>,
}

impl Client {
    pub fn start() -> Result<Self> {
        let program = std::env::current_exe().map_err(Error::internal)?;
        let mut command = Command::new(program);
        command.args(["bench", "--client"]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().map_err(Error::internal)?;
        let pipes = child.stdin.take().zip(child.stdout.take());
        let (input, output) = pipes.ok_or_else(|| Error::internal("a client without pipes"))?;
        Ok(Self { child, input, output: std::io::BufReader::new(output) })
    }

    /// Has a load run and answers what came of it.
    pub fn load(&mut self, order: &Order) -> Result<Outcome> {
        let line = serde_json::to_string(order).map_err(Error::internal)?;
        writeln!(self.input, "{line}").and_then(|()| self.input.flush()).map_err(Error::internal)?;
        let mut answer = String::new();
        self.output.read_line(&mut answer).map_err(Error::internal)?;
        serde_json::from_str(&answer).map_err(|e| Error::internal(format!("the load client answered «{answer}»: {e}")))
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
