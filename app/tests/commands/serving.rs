//! `nhaviec serve`: starting, refusing to start, ending.

use crate::world::program::{Program, free_port};
use crate::world::{demo_database, fill};
use app::anchor;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};
use store::{Engine, params};
use testkit::each_engine;

#[test]
fn a_server_begins_answers_and_ends_when_it_is_asked_to() {
    each_engine(|database| {
        fill(&database, types::Timestamp::now());
        let server = Program::over(&database).serve();
        assert_eq!(server.get("/healthz").status, 200);
        let page = server.get("/");
        assert_eq!(page.status, 200);
        assert!(page.text.contains("lang=\"vi\""));
        assert_eq!(server.get("/khong-co-trang-nay").status, 404);
        assert_eq!(server.get("/api/v1/dossiers").status, 401);
        assert_eq!(server.stop(), 0, "it ends well");
    });
}

#[test]
fn a_head_that_is_half_sent_does_not_keep_it_from_ending() {
    let database = demo_database(Engine::Sqlite);
    let server = Program::over(&database).serve();
    let mut half = TcpStream::connect(&server.address).expect("a connection");
    half.write_all(b"GET / HTTP/1.1\r\nhost: a\r\nx-slow: ").expect("half a head");
    assert_eq!(server.get("/healthz").status, 200, "others are served meanwhile");
    let asked = Instant::now();
    assert_eq!(server.stop(), 0, "it ends well");
    assert!(asked.elapsed() < Duration::from_secs(10), "it took {:?}", asked.elapsed());
    let mut rest = Vec::new();
    half.set_read_timeout(Some(Duration::from_secs(5))).expect("a limit");
    let _ = half.read_to_end(&mut rest);
    assert!(!String::from_utf8_lossy(&rest).contains("200 OK"), "half a head is no request");
}

#[test]
fn a_second_server_that_finds_the_port_taken_leaves_uploads_alone() {
    let database = demo_database(Engine::Sqlite);
    let server = Program::over(&database).serve();
    let incoming = database.dir.join("files/incoming/running");
    let file = std::fs::File::create(&incoming).expect("an upload");
    file.set_modified(std::time::SystemTime::now() - Duration::from_secs(48 * 3600)).expect("a time");
    let second = Program::over(&database).with("NHAVIEC_LISTEN", &server.address);
    second.run(&["serve"]).refused(&["cổng đang được chương trình khác dùng"]);
    assert!(incoming.exists(), "it was swept by a server that never served");
    assert_eq!(server.stop(), 0);
    let after = Program::over(&database).serve();
    assert!(!incoming.exists(), "what a crash left is swept by the next one");
    assert_eq!(after.stop(), 0);
}

#[test]
fn a_port_that_is_taken_is_told() {
    let database = demo_database(Engine::Sqlite);
    let server = Program::over(&database).serve();
    let other = demo_database(Engine::Sqlite);
    let second = Program::over(&other).with("NHAVIEC_LISTEN", &server.address);
    second.run(&["serve"]).refused(&[&server.address, "cổng đang được chương trình khác dùng"]);
    assert_eq!(server.get("/healthz").status, 200, "the first goes on");
}

#[test]
fn a_server_over_an_empty_folder_makes_its_database() {
    let address = format!("127.0.0.1:{}", free_port());
    let program = Program::alone().with("NHAVIEC_LISTEN", &address);
    let server = program.serve();
    assert_eq!(server.get("/healthz").status, 200);
    assert_eq!(server.stop(), 0);
    assert!(program.folder().join("data/nhaviec.db").exists());
}

#[test]
fn on_a_cluster_the_administrator_chooses_when_to_migrate() {
    let database = testkit::TestDatabase::postgres();
    let ran = Program::over(&database).run(&["serve"]).refused(&[]);
    assert!(ran.err.contains("nhaviec migrate"), "what to do is said: {}", ran.err);
}

#[test]
fn what_was_received_is_sealed_and_anchored_by_the_running_server() {
    each_engine(|database| {
        fill(&database, types::Timestamp::now());
        database.script("UPDATE audit SET position = NULL; DELETE FROM audit_seal;");
        std::fs::remove_file(database.dir.join("audit-heads.log")).expect("the demo anchored its own head");
        let server = Program::over(&database).serve();
        let until = Instant::now() + Duration::from_secs(30);
        let waiting = || -> i64 {
            let sql = "SELECT count(*) FROM audit WHERE position IS NULL";
            store::snapshot::hold(&database.location, |r| r.one::<(i64,)>(sql, params![])).expect("the audit").0
        };
        // A line that is half written is none yet.
        let anchored = || anchor::last(&database.dir).ok().flatten();
        while waiting() > 0 || anchored().is_none() {
            let (left, head) = (waiting(), anchored());
            assert!(Instant::now() < until, "{left} entries are not sealed, and the anchor is {head:?}");
            std::thread::sleep(Duration::from_millis(100));
        }
        assert_eq!(server.stop(), 0);
        let head = anchored().expect("the head is anchored");
        let found = store::snapshot::hold(&database.location, |r| store::audit::verify(r, Some(&head)));
        assert_eq!(found.expect("the chain can be walked"), Vec::<String>::new());
    });
}
