//! A database that is away: said so, nothing is lost, and everything works when it is back.
//!
//! A SQLite file that was moved stays open and takes writes; those would be gone with the process, so nobody gets one.

use super::is_sentence;
use crate::world::{Rank, World, changed, fill, standing};
use app::modules;
use std::fs;
use std::time::{Duration, Instant};
use store::{Engine, Location};
use testkit::TestDatabase;
use testkit::postgres::Cluster;

#[test]
fn while_postgresql_is_stopped_everybody_is_told_and_afterwards_goes_on() {
    let cluster = Cluster::start();
    let database = TestDatabase::in_cluster(&cluster);
    fill(&database, standing());
    let world = World::over(database, standing(), modules::ALL);
    let code = world.waiting();
    let form = world.act(Rank::Specialist, &code, "nhan-xu-ly");
    let before = world.rows();
    let (person, mut citizen) = (world.person(Rank::Specialist), world.stranger());
    cluster.stop();
    let asked = Instant::now();
    for (what, answer) in [
        ("a desk page", person.browser.clone().get(&format!("/ho-so/{code}"))),
        ("a form", person.browser.clone().submit(&form)),
        ("a citizen's page", citizen.get("/thu-tuc")),
        ("a search", citizen.get("/tra-cuu?code=H99.01")),
    ] {
        // A page that asks the database nothing may still be shown.
        if answer.status == 200 {
            assert_eq!(what, "a search", "{what} was answered without a database");
            continue;
        }
        assert_eq!(answer.status, 503, "{what}");
        assert!(is_sentence(&answer.page().text("main")), "{what}");
    }
    let answer = person.program.clone().get(&format!("/api/v1/dossiers/{code}")).assert_status(503).json();
    assert!(is_sentence(answer["message"].as_str().unwrap_or_default()), "{answer}");
    assert_eq!(citizen.get("/healthz").status, 503, "the proxy learns that this node cannot serve");
    assert!(asked.elapsed() < Duration::from_secs(60), "nobody waits for minutes");
    cluster.resume();
    let until = Instant::now() + Duration::from_secs(30);
    while citizen.get("/healthz").status != 200 {
        assert!(Instant::now() < until, "it does not come back");
        std::thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(changed(&before, &world.rows()), Vec::<String>::new(), "nothing was done by halves");
    person.browser.clone().submit(&form).assert_status(303);
}

/// Everybody is told, in their words, that the database is not there.
fn all_are_told(world: &World, code: &str, form: &testkit::Form, what: &str) {
    let (person, mut citizen) = (world.person(Rank::Specialist), world.stranger());
    for answer in [
        person.browser.clone().get(&format!("/ho-so/{code}")),
        person.browser.clone().submit(form),
        citizen.get("/thu-tuc"),
    ] {
        assert_eq!(answer.status, 503, "{what}");
        assert!(is_sentence(&answer.page().text("main")), "{what}");
    }
    let answer = person.program.clone().get(&format!("/api/v1/dossiers/{code}")).assert_status(503).json();
    assert!(is_sentence(answer["message"].as_str().unwrap_or_default()), "{answer}");
    assert_eq!(citizen.get("/healthz").status, 503, "{what}");
}

#[test]
fn while_the_file_of_the_database_is_gone_nothing_is_taken_in() {
    let world = World::on(Engine::Sqlite);
    let Location::Sqlite(path) = world.database.location.clone() else { panic!("a file") };
    let (code, away) = (world.waiting(), path.with_extension("away"));
    let form = world.act(Rank::Specialist, &code, "nhan-xu-ly");
    let before = world.rows();
    fs::rename(&path, &away).expect("it is moved");
    all_are_told(&world, &code, &form, "the file was moved");
    fs::copy(&away, &path).expect("another file takes its place");
    all_are_told(&world, &code, &form, "another file stands there");
    fs::rename(&away, &path).expect("it is back");
    assert_eq!(changed(&before, &world.rows()), Vec::<String>::new(), "nothing was done by halves");
    world.person(Rank::Specialist).browser.clone().submit(&form).assert_status(303);
}

#[test]
fn while_the_log_of_the_database_is_gone_nothing_is_written() {
    let world = World::on(Engine::Sqlite);
    let Location::Sqlite(path) = world.database.location.clone() else { panic!("a file") };
    let log = path.with_extension("db-wal");
    let form = world.act(Rank::Specialist, &world.waiting(), "nhan-xu-ly");
    let before = world.rows();
    fs::rename(&log, log.with_extension("away")).expect("it is moved");
    let answer = world.person(Rank::Specialist).browser.clone().submit(&form).assert_status(503);
    assert!(is_sentence(&answer.page().text("main")));
    fs::rename(log.with_extension("away"), &log).expect("it is back");
    assert_eq!(changed(&before, &world.rows()), Vec::<String>::new(), "nothing was done by halves");
    world.person(Rank::Specialist).browser.clone().submit(&form).assert_status(303);
}
