//! A clock that is set back strands no dossier and leaves no time that ends before it begins.

use super::counting::{counted_and_recomputed, findings};
use super::world::{STATUS, World};
use crate::dossier::{self, DossierStop};
use crate::due;
use crate::status::Status;
use crate::verbs::{self, end, stop};
use records::task;
use testkit::each_engine;
use types::Timestamp;

fn moment(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn stops(world: &World, code: &str) -> Vec<DossierStop> {
    let id = world.dossier(code).id;
    world.store.read_blocking(|r| dossier::stops(r, id)).unwrap()
}

fn ask(world: &World, code: &str) {
    world
        .act(world.specialist, code, |tx, a| stop::begin(tx, a, Status::SupplementRequested, "Bổ sung giấy xác nhận"))
        .unwrap();
}

#[test]
fn a_dossier_goes_on_when_the_clock_was_set_back() {
    each_engine(|database| {
        let world = World::new(&database);
        let code = world.receive(STATUS, "Nguyễn Thị Mỹ Hạnh").code;
        let resume = |code: &str| world.act(world.specialist, code, |tx, a| stop::resume(tx, a, None)).unwrap();
        let received = world.dossier(&code).received_at;
        let promised = world.dossier(&code).due_at;
        // Before the receipt, and before the stop's own beginning.
        world.at("2026-11-20T07:00");
        ask(&world, &code);
        world.at("2026-11-20T06:30");
        resume(&code);
        assert_eq!((stops(&world, &code)[0].from, stops(&world, &code)[0].to), (received, Some(received)));
        assert_eq!((world.dossier(&code).status, world.dossier(&code).due_at), (Status::InProgress, promised));
        // Before the end of the last stop.
        world.at("2026-11-20T10:00");
        ask(&world, &code);
        world.at("2026-11-20T11:00");
        resume(&code);
        world.at("2026-11-20T09:00");
        ask(&world, &code);
        world.at("2026-11-20T09:30");
        resume(&code);
        let last = stops(&world, &code).pop().unwrap();
        assert_eq!((last.from, last.to), (moment("2026-11-20T11:00"), Some(moment("2026-11-20T11:00"))));
        assert_eq!(world.dossier(&code).due_at, moment("2026-11-26T09:00"), "one hour of work stood still");
        let now = world.store.now();
        let ended = due::ended_stops(&stops(&world, &code), now);
        let definition = world.procedure(STATUS).definition;
        let explained = due::explain(&definition, None, &world.calendar, received, &ended).unwrap();
        assert_eq!(explained.due, moment("2026-11-26T09:00"), "the explanation can still be given");
        // Finished before it was received, delivered before it was finished.
        world.at("2026-11-20T07:00");
        for person in [world.specialist, world.head, world.leader] {
            world.pass(person, &code).unwrap();
        }
        world.finish(world.clerk, &code).unwrap();
        let done = world.dossier(&code);
        assert_eq!((done.ended_at, done.outcome.as_deref()), (Some(moment("2026-11-20T11:00")), Some("early")));
        world.at("2026-11-20T06:00");
        world.act(world.counter, &code, |tx, a| verbs::deliver::deliver(tx, a, "Lò Thị Mẩy")).unwrap();
        assert_eq!(world.dossier(&code).delivered_at, done.ended_at);
        let tasks = world.store.read_blocking(|r| task::of_record(r, done.id)).unwrap();
        assert!(tasks.iter().all(|task| task.done_at >= Some(task.opened_at)), "{tasks:?}");
        counted_and_recomputed(&world);
        assert_eq!(findings(&world), Vec::<String>::new());
    });
}

#[test]
fn a_stop_that_began_later_than_now_ends_with_the_dossier() {
    each_engine(|database| {
        let world = World::new(&database);
        let code = world.receive(STATUS, "Lò Thị Mẩy").code;
        world.at("2026-11-23T10:00");
        ask(&world, &code);
        world.at("2026-11-20T10:00");
        world.act(world.specialist, &code, |tx, a| end::end(tx, a, Status::Withdrawn, "Theo đơn")).unwrap();
        let stop = stops(&world, &code).pop().unwrap();
        assert_eq!((stop.to, world.dossier(&code).ended_at), (Some(stop.from), Some(stop.from)));
        counted_and_recomputed(&world);
        assert_eq!(findings(&world), Vec::<String>::new());
    });
}
