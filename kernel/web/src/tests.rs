//! The router around handlers that misbehave, and around people with weak lines.

mod safe;

use crate::page::Draw;
use crate::patience::Patience;
use crate::router::router_with;
use crate::{Allow, Ctx, Fields, Gate, House, Module, Outcome, Page, Path, Routes, Settings, Who};
use axum::body::{Body, Bytes};
use futures::stream::{self, StreamExt};
use http::{Extensions, Method, Request, Response, header};
use std::io::Write;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use testkit::TestDatabase;
use tower::ServiceExt;
use types::{Error, Result};

struct Nobody;

impl Gate for Nobody {
    fn identify<'a>(
        &'a self,
        _: &'a House,
        _: &'a http::request::Parts,
    ) -> Pin<Box<dyn Future<Output = Result<Who>> + Send + 'a>> {
        Box::pin(async { Ok(Who::default()) })
    }
}

impl Answer {
    /// The value of a header; empty when there is none.
    fn told(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

struct Plain;

impl Draw for Plain {
    fn page(&self, _: &House, _: &Who, _: &http::Uri, page: &Page) -> String {
        format!("<html>{}</html>", page.body)
    }

    fn error(&self, _: &Who, error: &Error, _: i64) -> Page {
        Page::citizen("Lỗi", error)
    }
}

static MODULE: Module = Module {
    name: "tried",
    title: "Thử",
    migrations: &[],
    permissions: &[],
    routes,
    navigation: &[],
    indicators: &[],
    jobs: &[],
    events: &[],
    listeners: &[],
    samples: Vec::new,
    checks: &[],
    keeps: &[],
    sealed: &[],
    reindex: None,
};
static MODULES: &[&Module] = &[&MODULE];

fn routes() -> Routes {
    let anyone = Allow::anyone("a test");
    Routes::new()
        .post("/form", form, anyone)
        .post("/api/form", form, anyone)
        .get("/slow", slow, anyone)
        .get("/secret/{token}", secret, anyone)
        .get("/json", json, anyone)
        .get("/page", page, anyone)
        .get("/kept", kept, anyone)
        .get("/named/{name}", named, anyone)
        .get("/broken", broken, anyone)
        .get("/refused/{name}", refused, Allow::SignedIn)
}

async fn form(fields: Fields) -> String {
    fields.text("a").to_owned()
}

async fn slow() {
    std::future::pending().await
}

async fn secret(_: Ctx, Path(_): Path<String>) -> Outcome<()> {
    Err(Error::internal("a mistake of ours").into())
}

async fn json() -> axum::Json<[u8; 2]> {
    axum::Json([1, 2])
}

async fn page() -> Page {
    Page::citizen("Trang", "trang")
}

async fn kept() -> Response<Body> {
    let kept = Response::builder().header(header::CACHE_CONTROL, "public, max-age=31536000, immutable");
    kept.body(Body::from("kept")).unwrap()
}

async fn named(Path(name): Path<String>) -> String {
    name
}

async fn broken() -> String {
    panic!("a mistake of ours")
}

async fn refused(_: Ctx, Path(_): Path<String>) -> Outcome<()> {
    Err(Error::forbidden("Ông/bà chưa được phân quyền này.").into())
}

struct Answer {
    status: u16,
    headers: http::HeaderMap,
    text: String,
    took: Duration,
}

/// Asks a house with this patience once.
fn ask(patience: Patience, method: Method, path: &str, body: Body) -> Answer {
    let (_database, house) = open();
    ask_of(&house, patience, method, (path, body))
}

fn open() -> (TestDatabase, House) {
    open_with(false, Box::new(Nobody))
}

/// A house whose cookies travel over TLS only, or any way.
fn open_with(secure_cookies: bool, gate: Box<dyn Gate>) -> (TestDatabase, House) {
    let database = TestDatabase::sqlite();
    let store = database.migrate(&[]).open();
    let settings =
        Settings { data: database.dir.clone(), public_url: "https://nhaviec.test".into(), demo: false, secure_cookies };
    let house = House::new(store, MODULES, settings, (gate, Box::new(Plain)), Extensions::new());
    (database, house)
}

fn ask_of(house: &House, patience: Patience, method: Method, (path, body): (&str, Body)) -> Answer {
    let request = Request::builder().method(method).uri(path).header(header::HOST, "nhaviec.test");
    let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(body).unwrap();
    send(house, patience, request)
}

fn send(house: &House, patience: Patience, request: Request<Body>) -> Answer {
    let router = router_with(house, |_| patience);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async move {
        let began = Instant::now();
        let answer = router.oneshot(request).await.unwrap();
        let took = began.elapsed();
        let status = answer.status().as_u16();
        let headers = answer.headers().clone();
        let bytes = axum::body::to_bytes(answer.into_body(), 1 << 20).await.unwrap();
        Answer { status, headers, text: String::from_utf8(bytes.to_vec()).unwrap(), took }
    })
}

const QUICK: Patience = Patience { idle: Duration::from_millis(200), total: Duration::from_millis(600) };

fn pieces(
    text: &'static str,
    pause: Duration,
) -> impl futures::Stream<Item = std::result::Result<Bytes, std::io::Error>> {
    stream::iter(text.as_bytes().chunks(1)).then(move |piece| async move {
        tokio::time::sleep(pause).await;
        Ok(Bytes::from_static(piece))
    })
}

#[test]
fn a_body_that_stalls_is_answered_by_our_own_page() {
    for path in ["/form", "/api/form"] {
        let stalled = pieces("a=1", Duration::ZERO).chain(stream::pending());
        let answer = ask(QUICK, Method::POST, path, Body::from_stream(stalled));
        assert_eq!(answer.status, 408, "{path}: {}", answer.text);
        assert!(answer.text.contains("Đã chờ quá lâu"), "{path}: {}", answer.text);
        assert!(answer.took < Duration::from_millis(500), "{path} took {:?}", answer.took);
    }
}

#[test]
fn a_weak_line_that_goes_on_gets_through() {
    let patient = Patience { idle: Duration::from_millis(200), total: Duration::from_secs(10) };
    let steady = pieces("a=cham+nhung+chac", Duration::from_millis(40));
    let answer = ask(patient, Method::POST, "/form", Body::from_stream(steady));
    assert_eq!((answer.status, answer.text.as_str()), (200, "cham nhung chac"));
    assert!(answer.took > patient.idle * 2, "it took longer than any one pause may");
    let upload = Patience::with_bodies_of(80 * 1024 * 1024);
    assert!(upload.total > Duration::from_secs(2 * 3600), "80 MB over a weak line");
    assert!(Patience::with_bodies_of(256 * 1024).total < Duration::from_secs(300), "an ordinary form");
}

#[test]
fn a_handler_that_never_ends_is_answered_by_our_own_page() {
    let answer = ask(QUICK, Method::GET, "/slow", Body::empty());
    assert_eq!(answer.status, 408);
    assert!(answer.text.starts_with("<html>Đã chờ quá lâu"), "{}", answer.text);
}

#[test]
fn what_may_be_personal_is_kept_by_nobody() {
    let cache = |path: &str| ask(QUICK, Method::GET, path, Body::empty()).told("cache-control").to_owned();
    assert_eq!(cache("/json"), "private, no-store");
    assert_eq!(cache("/nowhere"), "no-store");
    assert_eq!(cache("/page"), "no-store");
    assert_eq!(cache("/kept"), "public, max-age=31536000, immutable");
}

#[test]
fn an_address_with_a_nul_is_no_address() {
    assert_eq!(ask(QUICK, Method::GET, "/named/a", Body::empty()).status, 200);
    assert_eq!(ask(QUICK, Method::GET, "/named/a%00", Body::empty()).status, 404);
}

#[test]
fn every_answer_is_counted_whoever_gave_it() {
    let (_database, house) = open();
    let get = |path: &str| ask_of(&house, QUICK, Method::GET, (path, Body::empty())).status;
    assert_eq!(
        [get("/page"), get("/page"), get("/named/ai-do"), get("/slow"), get("/broken")],
        [200, 200, 200, 408, 500]
    );
    assert_eq!([get("/nowhere"), get("/named"), get("/form")], [404, 404, 405]);
    let counted = house.tally().asked();
    let told: Vec<_> = counted.iter().map(|asked| (asked.method, asked.route, asked.by_status)).collect();
    assert_eq!(
        told,
        [
            ("GET", "/slow", [0, 0, 0, 1, 0]),
            ("GET", "/page", [0, 2, 0, 0, 0]),
            ("GET", "/named/{name}", [0, 1, 0, 0, 0]),
            ("GET", "/broken", [0, 0, 0, 0, 1]),
            ("any", "unknown", [0, 0, 0, 3, 0]),
        ],
        "a stalled one, one that broke, and addresses that do not exist"
    );
    let slow = &counted[0];
    assert!(slow.seconds >= QUICK.total.as_secs_f64() && slow.by_duration.iter().sum::<u64>() == 1, "{slow:?}");
}

/// Where a test's log goes.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// What the log says while something is done.
fn logged(act: impl FnOnce()) -> String {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
    tracing::subscriber::with_default(subscriber, act);
    let said = log.0.lock().unwrap().clone();
    String::from_utf8(said).unwrap()
}

#[test]
fn the_log_tells_the_route_and_not_the_secret_in_the_address() {
    let said = logged(|| {
        assert_eq!(ask(QUICK, Method::GET, "/secret/khong-ai-duoc-biet", Body::empty()).status, 500);
    });
    assert!(said.contains("a mistake of ours") && said.contains("/secret/{token}"), "{said}");
    assert!(!said.contains("khong-ai-duoc-biet"), "{said}");
}
