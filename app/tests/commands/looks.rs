//! Looks outlive an orderly stop of the server, which comes before they were written by themselves.

use crate::world::demo_database;
use crate::world::program::Program;
use store::{Engine, params};

#[test]
fn an_orderly_stop_writes_the_looks_that_wait() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let database = demo_database(engine);
        let program = Program::over(&database);
        let token = program.run(&["token", "motcua1.demo"]).ok().out;
        let token = token.split_whitespace().find(|word| word.starts_with("nv_")).expect("a token").to_owned();
        let store = database.open();
        let (code,): (String,) = store
            .read_blocking(|r| {
                r.one(
                    "SELECT d.code FROM dossier d JOIN unit u ON u.id = d.unit_id WHERE u.code = 'H99.01'
                     AND d.restricted = false ORDER BY d.id DESC LIMIT 1",
                    params![],
                )
            })
            .expect("a dossier of the demo");
        let mut server = program.serve();
        server.token = token;
        assert_eq!(server.get(&format!("/api/v1/dossiers/{code}")).status, 200);
        assert_eq!(server.stop(), 0);
        let looks: Vec<(String, String)> = store
            .read_blocking(|r| {
                r.all(
                    "SELECT l.what, l.why FROM look l JOIN dossier d ON d.id = l.record_id WHERE d.code = $1",
                    params![code],
                )
            })
            .expect("looks are read");
        assert_eq!(looks.len(), 1, "{looks:?}");
        assert_eq!(looks[0].0, "program");
    }
}
