//! A database that is away: said so, nothing is lost, and everything works when it is back.

use super::is_sentence;
use crate::world::{Rank, World, changed, fill, standing};
use app::modules;
use std::time::{Duration, Instant};
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
