//! A disk that is full, for content and for the database. The shell's limit on the size of files stands for it: it needs
//! no rights and can be lifted while the program runs. A PostgreSQL that finds its disk full says so with one code
//! (53100), at a statement or at the commit; a trigger says it in its place, and goes when there is room.

use super::is_sentence;
use crate::world::program::{Program, Server};
use crate::world::work::pdf;
use crate::world::{Rank, World, changed, demo_database};
use app::modules;
use serde_json::Value;
use std::process::Command;
use store::{Engine, params, snapshot};
use testkit::TestDatabase;
use types::Timestamp;

/// A server whose files may have so many kilobytes each, with the counter's token, and what receives a dossier.
fn limited(database: &TestDatabase, kilobytes: u64, token: &str) -> Server {
    // Without the trap the kernel would end the program instead of refusing the write.
    let mut server = Program::over(database).after(&format!("trap '' XFSZ; ulimit -S -f {}", kilobytes * 2)).serve();
    token.clone_into(&mut server.token);
    server
}

fn make_room(server: &Server) {
    let lifted = Command::new("prlimit").args(["--pid", &server.id().to_string(), "--fsize=unlimited"]).status();
    assert!(lifted.expect("prlimit runs (util-linux)").success(), "the limit is lifted");
}

fn demo() -> (TestDatabase, String, Value) {
    let world = World::over(demo_database(Engine::Sqlite), Timestamp::now(), modules::ALL);
    let (token, body) = (world.person(Rank::Counter).token.clone(), world.new_dossier());
    (world.into_database(), token, body)
}

fn count(database: &TestDatabase, table: &str) -> i64 {
    let sql = format!("SELECT count(*) FROM {table}");
    snapshot::hold(&database.location, |reader| reader.one::<(i64,)>(&sql, params![])).expect("a table").0
}

fn size(database: &TestDatabase) -> u64 {
    match &database.location {
        store::Location::Sqlite(path) => std::fs::metadata(path).expect("the database").len(),
        store::Location::Postgres(_) => 0,
    }
}

#[test]
fn when_content_does_not_fit_nothing_is_kept_by_halves() {
    let (database, token, _) = demo();
    let before = count(&database, "file");
    let room = size(&database) / 1024 + 4096;
    let server = limited(&database, room, &token);
    let large = [pdf("lớn"), vec![b' '; usize::try_from(room).expect("a size") * 1024 + 1_000_000]].concat();
    assert!(large.len() < 20 * 1024 * 1024, "it is refused for want of room, not for its size");
    let reply = server.upload("quet.pdf", &large);
    assert_eq!(reply.status, 503, "{}", reply.text);
    assert!(
        reply.json()["message"].as_str().is_some_and(|m| is_sentence(m) && m.contains("đĩa đầy")),
        "{}",
        reply.text
    );
    assert_eq!(count(&database, "file"), before);
    let incoming = database.dir.join("files/incoming");
    assert_eq!(std::fs::read_dir(incoming).expect("the folder").count(), 0, "the half file is gone");
    // What fits is still kept, and with room the large one is too.
    assert_eq!(server.upload("nho.pdf", &pdf("nhỏ")).status, 201);
    make_room(&server);
    assert_eq!(server.upload("quet.pdf", &large).status, 201);
    assert_eq!(server.stop(), 0);
    Program::over(&database).run(&["check"]).ok();
}

#[test]
fn when_the_database_does_not_fit_what_was_answered_is_there_and_nothing_else() {
    let (database, token, body) = demo();
    let before = count(&database, "dossier");
    let server = limited(&database, size(&database) / 1024 + 64, &token);
    let (mut received, mut refused) = (0, 0);
    let mut open = Vec::new();
    for n in 0..4_000 {
        let key = format!("day-dia-{n:08}");
        let reply = server.post_as(&key, "/api/v1/dossiers", &body);
        match reply.status {
            201 => received += 1,
            503 => {
                assert!(reply.json()["message"].as_str().is_some_and(is_sentence), "{}", reply.text);
                refused += 1;
                open.push(key);
            }
            _ => panic!("{reply:?}"),
        }
        if refused == 5 {
            break;
        }
    }
    assert!(refused == 5, "the disk was never full after {received} dossiers");
    assert_eq!(server.get("/thu-tuc").status, 200, "reading goes on");
    make_room(&server);
    for key in &open {
        assert_eq!(
            server.post_as(key, "/api/v1/dossiers", &body).status,
            201,
            "the same command goes through with room"
        );
    }
    assert_eq!(server.stop(), 0);
    assert_eq!(count(&database, "dossier"), before + received + 5, "each command once");
    Program::over(&database).run(&["check"]).ok();
}

const FULL: &str = "CREATE FUNCTION disk_full() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;";

#[test]
fn when_the_disk_of_postgresql_is_full_nothing_is_done_by_halves() {
    for when in [
        "CREATE TRIGGER full_disk BEFORE INSERT ON dossier FOR EACH ROW EXECUTE FUNCTION disk_full()",
        "CREATE TRIGGER full_disk AFTER INSERT ON audit FOR EACH ROW EXECUTE FUNCTION disk_full()",
        "CREATE CONSTRAINT TRIGGER full_disk AFTER INSERT ON audit DEFERRABLE INITIALLY DEFERRED
            FOR EACH ROW EXECUTE FUNCTION disk_full()",
    ] {
        let world = World::on(Engine::Postgres);
        let code = world.waiting();
        let form = world.act(Rank::Specialist, &code, "nhan-xu-ly");
        let (body, key) = (world.new_dossier(), testkit::fresh_command());
        let receive = || {
            let program = world.person(Rank::Counter).program.clone().header("idempotency-key", key.as_str());
            program.clone().post_json("/api/v1/dossiers", &body)
        };
        let before = world.rows();
        world.database.script(&format!("{FULL} {when}"));
        let answer = receive().assert_status(503).json();
        assert!(
            answer["message"].as_str().is_some_and(|m| is_sentence(m) && m.contains("đĩa đầy")),
            "{when}: {answer}"
        );
        if !when.contains("ON dossier") {
            let page = world.person(Rank::Specialist).browser.clone().submit(&form).assert_status(503).page();
            assert!(page.text("main").contains("đĩa đầy"), "{when}");
        }
        world.stranger().get("/thu-tuc").assert_status(200);
        assert_eq!(changed(&before, &world.rows()), Vec::<String>::new(), "{when}: nothing was done by halves");
        world.database.script("DROP FUNCTION disk_full() CASCADE");
        receive().assert_status(201);
        world.person(Rank::Specialist).browser.clone().submit(&form).assert_status(303);
        assert_eq!(world.rows()["dossier"], before["dossier"] + 1, "the same command goes through with room, once");
    }
}
