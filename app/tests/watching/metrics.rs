//! `/metrics`: who may read it, that it counts what was asked and nothing else, and that it tells of nobody.

use super::exposition::Scrape;
use crate::world::program::Program;
use crate::world::work::filled;
use crate::world::{METRICS_TOKEN, OWN, Rank, World, fill};
use app::modules;
use axum::body::Body;
use http::Method;
use std::collections::BTreeSet;
use std::fs;
use std::time::{Duration, Instant};
use store::{Engine, Location, params};
use testkit::each_engine;
use types::Error;

const REQUESTS: &str = "nhaviec_http_requests_total";

#[track_caller]
fn read(text: &str) -> Scrape {
    Scrape::read(text).unwrap_or_else(|fault| panic!("{fault}\n{text}"))
}

/// What the watcher is told now.
#[track_caller]
fn told(world: &World) -> String {
    let answer = world.stranger().bearer(METRICS_TOKEN).get("/metrics").assert_status(200);
    assert_eq!(answer.header("content-type"), Some("text/plain; version=0.0.4; charset=utf-8"));
    answer.text()
}

#[track_caller]
fn scrape(world: &World) -> Scrape {
    read(&told(world))
}

#[test]
fn whoever_has_no_token_finds_nothing() {
    let world = World::on(Engine::Sqlite);
    let nowhere = world.stranger().get("/khong-co-trang-nay").assert_status(404).page().text("title");
    let (keeper, longer) = (world.person(Rank::Keeper), format!("{METRICS_TOKEN}x"));
    for word in ["", &METRICS_TOKEN[1..], longer.as_str(), keeper.token.as_str()] {
        let page = world.stranger().bearer(word).get("/metrics").assert_status(404).page();
        assert_eq!(page.text("title"), nowhere, "as an address that does not exist");
    }
    world.stranger().get("/metrics").assert_status(404);
    world.stranger().header("authorization", METRICS_TOKEN).get("/metrics").assert_status(404);
    keeper.browser.clone().get("/metrics").assert_status(404);
    scrape(&world);
}

#[test]
fn requests_and_commands_are_counted_exactly() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let world = World::on(engine);
        let before = scrape(&world);
        let mut citizen = world.stranger();
        for _ in 0..7 {
            citizen.get("/thu-tuc").assert_status(200);
        }
        for n in 0..3 {
            citizen.get(&format!("/thu-tuc/9.99999{n}")).assert_status(404);
        }
        citizen.get("/viec-cua-toi").assert_status(303);
        citizen.send(Method::HEAD, "/giay-phep", None, Body::empty()).assert_status(200);
        for n in 0..5 {
            citizen.get(&format!("/khong-co/{n}")).assert_status(404);
        }
        citizen.send(Method::PUT, "/thu-tuc", None, Body::empty()).assert_status(405);
        let mut foreign =
            world.stranger().header("sec-fetch-site", "cross-site").header("origin", "https://evil.example");
        foreign.post("/tra-cuu", &[("code", OWN)]).assert_status(403);
        for _ in 0..2 {
            world.write(|tx| {
                tx.not_audited("a test");
                Ok(())
            });
        }
        let store = world.house.store();
        let refused = store.system_command("app.test", 1);
        assert!(store.write_blocking(refused, |_| Err::<(), _>(Error::conflict("không được"))).is_err());
        let after = scrape(&world);
        let grown = |name: &str, labels: &[(&str, &str)]| after.value(name, labels) - before.value(name, labels);
        for (method, route, status, count) in [
            ("GET", "/thu-tuc", "2xx", 7.0),
            ("GET", "/thu-tuc/{code}", "4xx", 3.0),
            ("GET", "/viec-cua-toi", "3xx", 1.0),
            ("GET", "/giay-phep", "2xx", 1.0),
            // Refused before it came to its route.
            ("POST", "/tra-cuu", "4xx", 1.0),
            // A method that the path does not have is no route either.
            ("any", "unknown", "4xx", 6.0),
            // The first scrape, which was answered after it had been written.
            ("GET", "/metrics", "2xx", 1.0),
        ] {
            let labels = [("method", method), ("route", route), ("status", status)];
            assert_eq!(grown(REQUESTS, &labels), count, "{method} {route} on {engine:?}");
            let durations = grown("nhaviec_http_request_duration_seconds_count", &labels[..2]);
            assert_eq!(durations, count, "durations of {method} {route} on {engine:?}");
        }
        assert_eq!(grown(REQUESTS, &[]), 20.0, "and nothing else");
        for (outcome, count) in [("done", 2.0), ("refused", 1.0), ("failed", 0.0), ("busy", 0.0)] {
            assert_eq!(grown("nhaviec_commands_total", &[("outcome", outcome)]), count, "{outcome} on {engine:?}");
        }
        assert!(grown("nhaviec_statements_total", &[]) > 0.0);
        assert_eq!(after.value("nhaviec_writes_waiting", &[]), 0.0);
        assert_eq!(after.has("nhaviec_reads_waiting", &[]), engine == Engine::Postgres);
    }
}

#[test]
fn what_waits_in_the_database_is_told_with_its_age() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let world = World::on(engine);
        world.waiting();
        // While the clock stands, ids run some milliseconds ahead of it.
        world.wait_seconds(91);
        let scrape = scrape(&world);
        for (count, age, sql) in [
            (
                "nhaviec_outbox_events_open",
                "nhaviec_outbox_oldest_age_seconds",
                "SELECT count(*) FROM outbox WHERE done_at IS NULL",
            ),
            (
                "nhaviec_audit_entries_unsealed",
                "nhaviec_audit_unsealed_oldest_age_seconds",
                "SELECT count(*) FROM audit WHERE position IS NULL",
            ),
        ] {
            let (rows,): (i64,) = world.read(|reader| reader.one(sql, params![]));
            assert!(rows > 0, "{sql}");
            assert_eq!(scrape.value(count, &[]), rows as f64, "{count} on {engine:?}");
            let age_told = scrape.value(age, &[]);
            assert!(age_told >= 90.0, "{age} on {engine:?} is {age_told}");
        }
        assert_eq!(scrape.value("nhaviec_database_up", &[]), 1.0);
    }
}

#[test]
fn while_the_database_is_away_the_node_still_tells_of_itself() {
    let world = World::on(Engine::Sqlite);
    let Location::Sqlite(path) = world.database.location.clone() else { panic!("a file") };
    let away = path.with_extension("away");
    fs::rename(&path, &away).expect("it is moved");
    let scrape = scrape(&world);
    assert_eq!(scrape.value("nhaviec_database_up", &[]), 0.0);
    assert!(!scrape.has("nhaviec_outbox_events_open", &[]), "what is not known is not told");
    assert!(scrape.value(REQUESTS, &[]) > 0.0);
    fs::rename(&away, &path).expect("it is back");
}

#[test]
fn it_tells_of_nobody() {
    let world = World::on(Engine::Sqlite);
    let (code, token) = world.received();
    let (mut specialist, mut citizen) = (world.person(Rank::Specialist).browser.clone(), world.stranger());
    specialist.get(&format!("/ho-so/{code}")).assert_status(200);
    specialist.get("/ho-so?q=Hanh").assert_status(200);
    citizen.get(&format!("/theo-doi/{token}")).assert_status(200);
    citizen.get(&format!("/khong-co/{code}/099190000017/Hanh")).assert_status(404);
    citizen.get("/ho-so/H99.01-261120-0001").assert_status(303);
    let text = told(&world);
    let mut particulars: Vec<&str> = filled().into_iter().map(|(_, said)| said).filter(|said| said.len() > 3).collect();
    particulars.extend([code.as_str(), token.as_str(), "H99", "Hanh", "Phúc Khê", "luat.", METRICS_TOKEN, "/khong-co"]);
    for personal in particulars {
        assert!(!text.contains(personal), "«{personal}» is told:\n{text}");
    }
    let declared = modules::ALL.iter().flat_map(|module| (module.routes)().list().to_vec()).map(|route| route.path);
    let known: BTreeSet<String> = declared.chain(["unknown"]).map(ToOwned::to_owned).collect();
    let routes = read(&text).said_of("route");
    assert!(routes.contains("/ho-so/{code}") && routes.contains("/theo-doi/{token}"), "{routes:?}");
    assert_eq!(routes.difference(&known).collect::<Vec<_>>(), Vec::<&String>::new(), "routes that no module declares");
    let methods = read(&text).said_of("method");
    assert!(methods.iter().all(|method| ["GET", "POST", "any"].contains(&method.as_str())), "{methods:?}");
}

#[test]
fn whatever_is_asked_there_are_no_more_figures() {
    let world = World::on(Engine::Sqlite);
    let mut citizen = world.stranger();
    citizen.get("/la/0").assert_status(404);
    scrape(&world);
    let before = scrape(&world);
    for n in 1..200 {
        citizen.get(&format!("/la/{n}")).assert_status(404);
    }
    for method in ["BREW", "PUT", "DELETE", "M-SEARCH"] {
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        citizen.send(method.clone(), "/la", None, Body::empty()).assert_status(404);
        citizen.send(method, "/thu-tuc", None, Body::empty()).assert_status(405);
    }
    let after = scrape(&world);
    assert_eq!(after.series(), before.series());
    let unknown = [("method", "any"), ("route", "unknown"), ("status", "4xx")];
    assert_eq!(after.value(REQUESTS, &unknown) - before.value(REQUESTS, &unknown), 199.0 + 8.0);
}

#[test]
fn a_running_server_tells_of_its_jobs_its_process_and_its_disk() {
    each_engine(|database| {
        fill(&database, types::Timestamp::now());
        let mut server = Program::over(&database).with("NHAVIEC_METRICS_TOKEN", METRICS_TOKEN).serve();
        assert_eq!(server.get("/metrics").status, 404, "without the word");
        server.token = METRICS_TOKEN.to_owned();
        let until = Instant::now() + Duration::from_secs(30);
        let age = "nhaviec_job_last_success_age_seconds";
        let scrape = loop {
            let reply = server.get("/metrics");
            assert_eq!(reply.status, 200, "{}", reply.text);
            let scrape = read(&reply.text);
            let ready = server.get("/readyz").text == "ready\n";
            if ready && ["outbox", "audit-seal", "files-forget"].iter().all(|job| scrape.has(age, &[("job", job)])) {
                break scrape;
            }
            assert!(Instant::now() < until, "ready: {ready}, and jobs are not told:\n{}", reply.text);
            std::thread::sleep(Duration::from_millis(100));
        };
        assert!(scrape.value(age, &[("job", "outbox")]) < 30.0);
        assert!(scrape.value("process_resident_memory_bytes", &[]) > 10e6);
        assert!(scrape.value("process_cpu_seconds_total", &[]) > 0.0);
        assert!(scrape.value("nhaviec_data_free_bytes", &[]) > 0.0);
        assert!(scrape.has("nhaviec_node_number", &[]));
        assert!(scrape.has("nhaviec_build_info", &[("version", env!("CARGO_PKG_VERSION"))]));
        assert_eq!(server.stop(), 0);
    });
}

#[test]
fn without_the_setting_there_are_no_figures_and_a_file_of_settings_may_have_it() {
    let database = crate::world::demo_database(Engine::Sqlite);
    let program = Program::over(&database);
    let figures = || {
        let mut server = program.serve();
        server.token = METRICS_TOKEN.to_owned();
        let status = server.get("/metrics").status;
        assert_eq!(server.stop(), 0);
        status
    };
    assert_eq!(figures(), 404);
    let line = format!("metrics_token = \"{METRICS_TOKEN}\"\n");
    fs::write(program.folder().join("nhaviec.toml"), line).expect("a file of settings");
    assert_eq!(figures(), 200);
    let wrong = Program::alone().with("NHAVIEC_METRICS_TOKEN", "mot ma co dau cach o giua chung");
    let ran = wrong.run(&["serve"]).refused(&["NHAVIEC_METRICS_TOKEN", "khoảng trắng"]);
    assert!(!ran.err.contains("dau cach o giua"), "a token is never repeated: {}", ran.err);
}
