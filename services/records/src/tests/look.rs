//! Looks are written together, none twice and none lost when writing fails, and forgotten after a year.

use super::{World, write};
use crate::look::{self, Look, Looks, What, Why};
use store::params;
use testkit::each_engine;
use types::{Error, Id, Timestamp};

fn look_at(world: &World, record: Option<Id>, subject: Option<&str>) -> Look {
    Look {
        at: world.store.now(),
        officer: world.officer,
        record,
        subject: subject.map(str::to_owned),
        what: What::Search,
        why: Why::Search,
        step: None,
    }
}

fn count(world: &World) -> i64 {
    let (count,): (i64,) = world.store.read_blocking(|r| r.one("SELECT count(*) FROM look", params![])).unwrap();
    count
}

#[test]
fn what_could_not_be_written_waits_and_what_waits_is_limited() {
    each_engine(|database| {
        let world = World::new(&database);
        let looks = Looks::default();
        for n in 0..250 {
            looks.note(look_at(&world, None, Some(&format!("dau-{n}")))).unwrap();
            looks.note(look_at(&world, None, Some(&format!("dau-{n}")))).unwrap();
        }
        database.script("ALTER TABLE look RENAME TO look_away");
        assert!(looks.write(&world.store).is_err());
        database.script("ALTER TABLE look_away RENAME TO look");
        looks.write(&world.store).unwrap();
        assert_eq!(count(&world), 250);
        looks.write(&world.store).unwrap();
        assert_eq!(count(&world), 250, "written once");
        let full = Looks::default();
        let mut told = Ok(());
        for n in 0..20_001 {
            told = full.note(look_at(&world, None, Some(&n.to_string())));
        }
        assert!(matches!(told, Err(Error::Busy(_))), "{told:?}");
    });
}

#[test]
fn looks_are_forgotten_after_a_year_and_not_before() {
    each_engine(|database| {
        let world = World::new(&database);
        let looks = Looks::default();
        let now = world.store.now();
        for days in [0, 364, 371, 373, 800] {
            let at = now.plus_seconds(-days * 86_400);
            looks.note(Look { at, ..look_at(&world, None, Some(&days.to_string())) }).unwrap();
        }
        looks.write(&world.store).unwrap();
        assert_eq!(write(&world.store, look::forget).unwrap(), 2);
        assert_eq!(write(&world.store, look::forget).unwrap(), 0);
        let subjects = ["0", "364", "371", "373", "800"].map(str::to_owned);
        let left = world.store.read_blocking(|r| look::at_any_of(r, (&[], &subjects), None, 9)).unwrap();
        let left: Vec<Timestamp> = left.into_iter().map(|told| told.look.at).collect();
        assert!(left.len() == 3 && left.iter().all(|at| *at > now.plus_seconds(-372 * 86_400)), "{left:?}");
    });
}
