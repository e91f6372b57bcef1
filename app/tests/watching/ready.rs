//! `/readyz`: ready, or a word for each reason why not; and ready again when the reason has gone.

use crate::world::{World, fill, standing};
use app::modules;
use std::fs;
use std::time::{Duration, Instant};
use store::{Engine, Location};
use testkit::TestDatabase;
use testkit::postgres::Cluster;

const READY: &str = "ready\n";

/// Waits until the node says this; what it found a moment ago is still good.
#[track_caller]
fn says(world: &World, status: u16, words: &str) {
    let until = Instant::now() + Duration::from_secs(30);
    loop {
        let answer = world.stranger().get("/readyz");
        let said = answer.text();
        if answer.status == status && said == words {
            assert_eq!(answer.header("content-type"), Some("text/plain; charset=utf-8"));
            return;
        }
        assert!(Instant::now() < until, "/readyz answers {} «{said}», not {status} «{words}»", answer.status);
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_node_is_ready_while_it_has_all_that_it_needs() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let world = World::on(engine);
        says(&world, 200, READY);
        let later = "INSERT INTO migration (module, number, name, sum, applied_at) VALUES ('later', 1, 'x', 'x', 0)";
        world.database.script(later);
        says(&world, 503, "schema\n");
        let (data, away) = (world.database.dir.clone(), world.database.dir.with_extension("away"));
        fs::rename(&data, &away).expect("the folder is moved");
        says(&world, 503, "schema\ndata\n");
        world.database.script("DELETE FROM migration WHERE module = 'later'");
        says(&world, 503, "data\n");
        world.stranger().get("/healthz").assert_status(200);
        fs::rename(&away, &data).expect("it is back");
        says(&world, 200, READY);
    }
}

#[test]
fn while_the_file_of_the_database_is_gone_the_node_is_not_ready() {
    let world = World::on(Engine::Sqlite);
    says(&world, 200, READY);
    let Location::Sqlite(path) = world.database.location.clone() else { panic!("a file") };
    let away = path.with_extension("away");
    fs::rename(&path, &away).expect("it is moved");
    says(&world, 503, "database\n");
    fs::rename(&away, &path).expect("it is back");
    says(&world, 200, READY);
}

#[test]
fn while_postgresql_is_stopped_the_node_is_not_ready() {
    let cluster = Cluster::start();
    let database = TestDatabase::in_cluster(&cluster);
    fill(&database, standing());
    let world = World::over(database, standing(), modules::ALL);
    says(&world, 200, READY);
    cluster.stop();
    says(&world, 503, "database\n");
    cluster.resume();
    says(&world, 200, READY);
}
