//! A key is changed under a server that is killed again and again; in the end all is sealed with the new one and sound.

use crate::world::demo_database;
use crate::world::program::Program;
use std::time::{Duration, Instant};
use store::{Engine, params};

/// A killed server keeps the lease of the job for a minute.
const LEASE: Duration = Duration::from_secs(150);
/// How long each server lives after it has answered first.
const LIVES_MS: [u64; 4] = [0, 15, 60, 200];

#[test]
fn a_key_is_changed_under_a_server_that_is_killed() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let database = demo_database(engine);
        let program = Program::over(&database);
        // Two at once: one key comes in.
        let [one, two] = std::thread::scope(|scope| {
            let run = || program.run(&["keys", "rotate"]);
            [scope.spawn(run), scope.spawn(run)].map(|thread| thread.join().expect("it ends"))
        });
        let (done, late) = if one.code == Some(0) { (one, two) } else { (two, one) };
        late.refused(&["chưa xong"]);
        let said = done.ok().out;
        for part in ["khóa đời 2", "Kiểm tra máy", "nơi cất riêng"] {
            assert!(said.contains(part), "«{part}»: {said}");
        }
        program.run(&["keys", "rotate"]).refused(&["chưa xong"]);
        let lines = || std::fs::read_to_string(database.dir.join("keys/directory.key")).unwrap().lines().count();
        assert_eq!(lines(), 2);
        for life in LIVES_MS {
            let server = program.serve();
            std::thread::sleep(Duration::from_millis(life));
            drop(server);
            program.run(&["check"]).ok();
        }
        let server = program.serve();
        let store = database.open();
        let left = || -> i64 {
            store
                .read_blocking(|r| r.one("SELECT count(*) FROM dossier WHERE sealed_with = 1", params![]))
                .map(|(n,)| n)
                .unwrap()
        };
        let until = Instant::now() + LEASE;
        while left() > 0 {
            assert!(Instant::now() < until, "{} dossiers are left", left());
            std::thread::sleep(Duration::from_millis(50));
        }
        let (all,): (i64,) = store
            .read_blocking(|r| {
                r.one("SELECT count(*) FROM dossier WHERE form LIKE '2.%' AND sealed_with = 2", params![])
            })
            .unwrap();
        assert!(all > 10, "{all}");
        server.stop();
        program.run(&["check"]).ok();
        // The old file, as somebody might put it back: the house stays closed, and says what it needs.
        let path = database.dir.join("keys/directory.key");
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, text.lines().next().unwrap()).unwrap();
        program.run(&["serve"]).refused(&["không khớp với tệp khóa", "nhaviec keys lost"]);
    }
}
