//! A commune moves under another province: from that day its dossiers are found from there, and from the old one no more.

use crate::world::{Person, World};
use directory::{PostKind, UnitEntry, UnitKind, setup, unit};
use store::{Engine, outbox, params};
use types::{Clock, Id};

/// Whose name the older dossier bears.
const NAME: &str = "Nguyễn Thị Mỹ Hạnh";

fn finds(person: &Person, code: &str) -> bool {
    let query: String = NAME.bytes().map(|b| format!("%{b:02X}")).collect();
    person.browser.clone().get(&format!("/ho-so?q={query}")).assert_status(200).text().contains(code)
}

/// What the program does by itself all the time.
fn work_on(world: &World) {
    while outbox::deliver(world.house.store(), app::modules::listeners()).expect("events are delivered") > 0 {}
    let jobs = records::MODULE.jobs.iter().filter(|job| job.name == "records-follow");
    jobs.for_each(|job| (job.run)(&world.house).expect("the job runs"));
}

fn left_to_do(world: &World) -> i64 {
    world.read(|reader| reader.one("SELECT count(*) FROM reindex", params![]).map(|(n,): (i64,)| n))
}

fn move_commune(engine: Engine) {
    let world = World::on(engine);
    let code = world.waiting();
    let (commune, tomorrow) = (world.commune, world.clock.now().day().next());
    let other: Id = world.write(|tx| {
        let entry = UnitEntry {
            name: "Tỉnh Mây Hạ".to_owned(),
            short_name: "Mây Hạ".to_owned(),
            kind: UnitKind::Province,
            code: "H98".to_owned(),
            gso_code: String::new(),
        };
        setup::create_unit(tx, &entry, None, "2025-07-01".parse().expect("a day"))
    });
    let see = ["dossiers.see"];
    let (before, after) =
        (world.newcomer(world.province, PostKind::Head, &see), world.newcomer(other, PostKind::Head, &see));
    assert!(finds(&before, &code) && !finds(&after, &code));
    world.write(move |tx| unit::move_to(tx, commune, Some(other), tomorrow));
    work_on(&world);
    assert!(finds(&before, &code) && !finds(&after, &code), "the move counts from tomorrow");
    assert_eq!(left_to_do(&world), 1);
    world.wait_seconds(86_400);
    let (before, after) =
        (world.newcomer(world.province, PostKind::Head, &see), world.newcomer(other, PostKind::Head, &see));
    work_on(&world);
    assert!(finds(&after, &code), "the new province finds older dossiers by name");
    assert!(!finds(&before, &code), "the old one no longer");
    assert_eq!(left_to_do(&world), 0);
    let scopes = |unit: Id| world.read(|reader| records::text::find(reader, &[unit], NAME, None, 500)).hits.len();
    assert_eq!(scopes(world.province), world_neighbours(&world), "the index itself holds nothing of it any more");
    assert!(scopes(other) > 0);
}

/// Dossiers of this name that the old province still has, those of the neighbour commune.
fn world_neighbours(world: &World) -> usize {
    let neighbour = world.neighbour;
    world.read(|reader| records::text::find(reader, &[neighbour], NAME, None, 500)).hits.len()
}

#[test]
fn dossiers_follow_their_commune_on_sqlite() {
    move_commune(Engine::Sqlite);
}

#[test]
fn dossiers_follow_their_commune_on_postgresql() {
    move_commune(Engine::Postgres);
}
