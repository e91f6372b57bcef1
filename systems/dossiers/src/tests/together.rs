//! Several at once: codes, repeated commands, two officers with one dossier.

use super::world::{STATUS, World};
use crate::verbs::{pass, receive};
use std::sync::{Arc, Barrier};
use store::params;
use testkit::{TestDatabase, each_engine, fresh_command};
use types::{Error, Result};

#[test]
fn codes_are_unique_and_without_gaps_when_sixteen_receive_at_once() {
    each_engine(|database| {
        let world = Arc::new(World::new(&database));
        let barrier = Arc::new(Barrier::new(16));
        let threads: Vec<_> = (0..16)
            .map(|_| {
                let (world, barrier) = (world.clone(), barrier.clone());
                std::thread::spawn(move || {
                    let new = world.new_dossier(STATUS, "Lò Thị Mẩy");
                    let command = world.command(world.counter, "dossiers.receive");
                    barrier.wait();
                    world.store.write_blocking(command, move |tx| receive::receive(tx, &new)).unwrap().code
                })
            })
            .collect();
        let mut codes: Vec<String> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
        codes.sort();
        let expected: Vec<String> = (1..=16).map(|n| format!("H99.01-261120-{n:04}")).collect();
        assert_eq!(codes, expected);
        world.at("2026-11-23T08:00");
        assert_eq!(world.receive(STATUS, "Lò Thị Mẩy").code, "H99.01-261123-0001", "the count begins anew each day");
    });
}

#[test]
fn the_same_command_twice_makes_one_dossier() {
    each_engine(|database| {
        let world = World::new(&database);
        let id = fresh_command();
        let send = || {
            let new = world.new_dossier(STATUS, "Đặng Đình Ưởng");
            let mut command = world.command(world.counter, "dossiers.receive");
            command.id = id.clone();
            world.store.write_blocking(command, move |tx| receive::receive(tx, &new)).unwrap()
        };
        let (first, second) = (send(), send());
        assert_eq!(first, second);
        let (count,): (i64,) = world.store.read_blocking(|r| r.one("SELECT count(*) FROM dossier", params![])).unwrap();
        assert_eq!(count, 1);
        let other = world.store.write_blocking(
            {
                let mut command = world.command(world.specialist, "dossiers.receive");
                command.id = id.clone();
                command
            },
            |_| Ok(0_i64),
        );
        assert!(matches!(other, Err(Error::Conflict(_))), "another officer does not learn the answer");
    });
}

/// Two threads pass one dossier at the same moment; answers what each was told.
fn race(world: &Arc<World>, code: &str, revision: Option<i64>) -> Vec<Result<()>> {
    let barrier = Arc::new(Barrier::new(2));
    let threads: Vec<_> = (0..2)
        .map(|_| {
            let (world, barrier) = (world.clone(), barrier.clone());
            let acting = world.acting(world.specialist, code, revision);
            let command = world.command(world.specialist, "dossiers.pass");
            std::thread::spawn(move || {
                barrier.wait();
                world.store.write_blocking(command, move |tx| pass::pass(tx, &acting, &pass::Pass::default()))
            })
        })
        .collect();
    threads.into_iter().map(|thread| thread.join().unwrap()).collect()
}

#[test]
fn of_two_officers_who_act_on_one_state_one_is_told() {
    each_engine(|database| {
        let world = Arc::new(World::new(&database));
        for _ in 0..10 {
            let code = world.receive(STATUS, "Nguyễn Thị Mỹ Hạnh").code;
            let outcomes = race(&world, &code, Some(world.dossier(&code).revision));
            assert_eq!(outcomes.iter().filter(|o| o.is_ok()).count(), 1, "{outcomes:?}");
            let told = outcomes.iter().find_map(|o| o.as_ref().err()).unwrap();
            assert!(matches!(told, Error::Conflict(s) if s.contains("vừa được người khác")), "{told}");
            // Without a revision the second finds that the step is another's by now.
            let code = world.receive(STATUS, "Nguyễn Thị Mỹ Hạnh").code;
            let outcomes = race(&world, &code, None);
            assert_eq!(outcomes.iter().filter(|o| o.is_ok()).count(), 1, "{outcomes:?}");
            assert!(outcomes.iter().any(|o| matches!(o, Err(Error::Forbidden(_)))), "{outcomes:?}");
        }
    });
}

/// While one verb holds the dossier's row, the second waits and then sees what the first did.
#[test]
fn on_postgresql_the_second_transaction_waits_for_the_first() {
    let database = TestDatabase::postgres();
    let world = Arc::new(World::new(&database));
    let code = world.receive(STATUS, "Chẩu Thị Xuyến Chi").code;
    let seen = world.dossier(&code).revision;
    let (entered, release) = (Arc::new(Barrier::new(2)), Arc::new(Barrier::new(2)));
    let first = {
        let acting = world.acting(world.specialist, &code, Some(seen));
        let command = world.command(world.specialist, "dossiers.pass");
        let (world, entered, release) = (world.clone(), entered.clone(), release.clone());
        std::thread::spawn(move || {
            world.store.write_blocking(command, move |tx| {
                pass::pass(tx, &acting, &pass::Pass::default())?;
                entered.wait();
                release.wait();
                Ok(())
            })
        })
    };
    entered.wait();
    let second = {
        let acting = world.acting(world.specialist, &code, Some(seen));
        let command = world.command(world.specialist, "dossiers.pass");
        let world = world.clone();
        std::thread::spawn(move || {
            world.store.write_blocking(command, move |tx| pass::pass(tx, &acting, &pass::Pass::default()))
        })
    };
    std::thread::sleep(std::time::Duration::from_millis(300));
    assert!(!second.is_finished(), "the second waits for the row");
    release.wait();
    first.join().unwrap().unwrap();
    assert!(matches!(second.join().unwrap(), Err(Error::Conflict(_))));
}
