//! Forms of our own from the events of a dossier, and what becomes of those that wait when it changes.

use super::prints::source;
use super::world::{STATUS, World};
use crate::desk::prints::{letter, receipt};
use crate::event::{self, EventKind, Particulars};
use crate::own_form::{self, FormKind, OwnForm};
use crate::status::Status;
use crate::verbs::apologise::{self, Apology};
use crate::verbs::receive;
use crate::verbs::send_form::{self, MaySign, SendForm};
use crate::verbs::{end, stop};
use directory::PostKind;
use print::forms::Letter;
use signatures::document::State;
use signatures::look::Spot;
use std::sync::{Arc, Barrier};
use testkit::{TestDatabase, each_engine};
use types::Error;

fn form(world: &World, code: &str, kind: EventKind) -> OwnForm {
    let dossier = world.dossier(code);
    world
        .store
        .read_blocking(|r| {
            let events = event::of_dossier(r, dossier.id)?;
            let last = events.iter().rev().find(|event| event.kind == kind).expect("it happened");
            own_form::one(r, dossier.id, last.id)
        })
        .unwrap()
}

fn says(world: &World, database: &TestDatabase, code: &str, kind: EventKind) -> Letter {
    letter::data(&source(world, database, code), &form(world, code, kind), None).unwrap().letter
}

fn ask(world: &World, code: &str, reason: &'static str) {
    world.act(world.specialist, code, move |tx, a| stop::begin(tx, a, Status::SupplementRequested, reason)).unwrap();
}

#[test]
fn each_form_says_what_its_event_says() {
    each_engine(|database| {
        let world = World::new(&database);
        let code = world.receive(STATUS, "Lò Thị Mẩy").code;
        ask(&world, &code, "1. Giấy xác nhận cư trú\n\n2) Tờ khai");
        let asked = says(&world, &database, &code, EventKind::SupplementRequested);
        assert_eq!(asked, Letter::Supplement { things: vec!["Giấy xác nhận cư trú".into(), "Tờ khai".into()] });
        world.at("2026-11-20T10:00");
        world.act(world.specialist, &code, |tx, a| stop::resume(tx, a, None)).unwrap();
        let due_at = world.dossier(&code).due_at;
        let apology = |day: &str| Apology {
            reason: "Chờ xác minh.".to_owned(),
            at_fault: "Phòng Văn hóa".to_owned(),
            day: day.parse().unwrap(),
        };
        let early = apology("2026-11-24");
        let refused = world.act(world.specialist, &code, move |tx, a| apologise::apologise(tx, a, &early));
        assert!(matches!(refused, Err(Error::Invalid(_))), "a holiday: {refused:?}");
        let new = apology("2026-12-01");
        world.act(world.specialist, &code, move |tx, a| apologise::apologise(tx, a, &new)).unwrap();
        assert_eq!(world.dossier(&code).due_at, due_at);
        let said = says(&world, &database, &code, EventKind::Apologised);
        let new_due_at = format!("2026-12-01T{}", &due_at.rfc3339()[11..16]).parse().unwrap();
        let (reasons, at_fault) = (vec!["Chờ xác minh.".to_owned()], "Phòng Văn hóa".to_owned());
        assert_eq!(said, Letter::Apology { reasons, at_fault: at_fault.clone(), new_due_at });
        let kept = form(&world, &code, EventKind::Apologised).event.particulars;
        assert_eq!(kept, Some(Particulars::Apology { at_fault, due_at, new_due_at, late: false }));
        let again = apology("2026-12-02");
        let twice = world.act(world.specialist, &code, move |tx, a| apologise::apologise(tx, a, &again));
        assert!(matches!(twice, Err(Error::Conflict(_))), "{twice:?}");
        world.act(world.specialist, &code, |tx, a| end::stop(tx, a, "Đã đăng ký nơi khác", Some(8_000))).unwrap();
        let stopped = says(&world, &database, &code, EventKind::Stopped);
        assert_eq!(stopped, Letter::Stop { reasons: vec!["Đã đăng ký nơi khác".into()], refund: Some(8_000) });
        let notes = form(&world, &code, EventKind::Received);
        assert_eq!(notes.kind, FormKind::Receipt);
    });
}

#[test]
fn what_is_not_received_ends_where_it_began() {
    each_engine(|database| {
        let world = World::new(&database);
        let new = world.new_dossier(STATUS, "Lò Thị Mẩy");
        let none = new.clone();
        let command = world.command(world.counter, "dossiers.refuse");
        let refused = world.store.write_blocking(command, move |tx| receive::refuse(tx, &none, " "));
        assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
        let command = world.command(world.counter, "dossiers.refuse");
        let code = world
            .store
            .write_blocking(command, move |tx| receive::refuse(tx, &new, "Không thuộc thẩm quyền"))
            .unwrap()
            .code;
        let dossier = world.dossier(&code);
        assert_eq!((dossier.status, dossier.outcome.as_deref()), (Status::Refused, Some("refused")));
        let said = says(&world, &database, &code, EventKind::Refused);
        assert_eq!(said, Letter::Refusal { reasons: vec!["Không thuộc thẩm quyền".into()] });
        assert_eq!(world.receive(STATUS, "Lò Thị Mẩy").code, "H99.01-261120-0002", "its number is spent");
    });
}

/// Sends the form about the last event of a kind; the leader signs, the clerk seals.
fn send(world: &World, code: &str, kind: EventKind) -> types::Result<()> {
    let new = sending(world, code, kind);
    world.act(world.specialist, code, move |tx, a| send_form::send(tx, a, &new))
}

fn sending(world: &World, code: &str, kind: EventKind) -> SendForm {
    let event = form(world, code, kind).event.id;
    let (leader, clerk, file) = (world.leader, world.clerk, world.result.clone());
    let receipt = kind == EventKind::Received;
    let signs = if receipt {
        MaySign {
            officer: world.counter.officer,
            name: "Lò Thị Mẩy".into(),
            post: "Cán bộ một cửa".into(),
            post_id: world.counter.post,
            kind: PostKind::Counter,
        }
    } else {
        MaySign {
            officer: leader.officer,
            name: "Nguyễn Thị Mỹ Hạnh".into(),
            post: "Phó Chủ tịch".into(),
            post_id: leader.post,
            kind: PostKind::Leader,
        }
    };
    SendForm { event, file, spot: Spot::LastPage, signs, seals: clerk.post }
}

#[test]
fn what_waits_is_taken_back_when_it_is_not_so_any_more() {
    each_engine(|database| {
        let world = World::new(&database);
        world.grant(world.leader, signatures::SIGNATURES_SIGN_OWN.name);
        world.grant(world.clerk, signatures::SIGNATURES_SEAL.name);
        let code = world.receive(STATUS, "Lò Thị Mẩy").code;
        let nobody = send(&world, &code, EventKind::Received);
        assert!(matches!(nobody, Err(Error::Invalid(_))), "the counter may not sign here: {nobody:?}");
        world.grant(world.counter, signatures::SIGNATURES_SIGN_OWN.name);
        send(&world, &code, EventKind::Received).unwrap();
        assert!(matches!(send(&world, &code, EventKind::Received), Err(Error::Conflict(_))), "not twice");
        ask(&world, &code, "Tờ khai");
        send(&world, &code, EventKind::SupplementRequested).unwrap();
        let state = |kind| form(&world, &code, kind).document.expect("it was sent").state;
        assert_eq!(state(EventKind::Received), State::Drafted, "the due time has not moved yet");
        world.at("2026-11-20T10:00");
        world.act(world.specialist, &code, |tx, a| stop::resume(tx, a, None)).unwrap();
        for kind in [EventKind::Received, EventKind::SupplementRequested] {
            assert_eq!(state(kind), State::Withdrawn, "{kind:?}");
            assert!(matches!(send(&world, &code, kind), Err(Error::Conflict(_))), "{kind:?} is not so any more");
        }
        let open: (i64,) = world
            .store
            .read_blocking(|r| {
                let sql = "SELECT count(*) FROM task t JOIN record r ON r.id = t.record_id
                           WHERE r.kind = 'signed-form' AND t.done_at IS NULL";
                r.one(sql, store::params![])
            })
            .unwrap();
        assert_eq!(open.0, 0);
        // Of a second request only the second form goes.
        ask(&world, &code, "Bản chính");
        send(&world, &code, EventKind::SupplementRequested).unwrap();
    });
}

#[test]
fn a_form_keeps_the_due_time_that_was_so_when_it_was_said() {
    each_engine(|database| {
        let world = World::new(&database);
        let code = world.receive(STATUS, "Lò Thị Mẩy").code;
        let promised = world.dossier(&code).due_at;
        ask(&world, &code, "Tờ khai");
        world.at("2026-11-20T10:00");
        world.act(world.specialist, &code, |tx, a| stop::resume(tx, a, None)).unwrap();
        let moved = world.dossier(&code).due_at;
        assert!(moved > promised);
        let source = source(&world, &database, &code);
        let due = |kind| letter::data(&source, &form(&world, &code, kind), None).unwrap().due_at;
        assert_eq!(due(EventKind::SupplementRequested), promised, "as the party was told");
        assert_eq!(receipt::data(&source).due_at, promised);
        // What is asked for now lets the new time stand still.
        ask(&world, &code, "Bản chính");
        let source = super::prints::source(&world, &database, &code);
        let asked = letter::data(&source, &form(&world, &code, EventKind::SupplementRequested), None).unwrap();
        assert_eq!(asked.due_at, moved);
    });
}

#[test]
fn an_apology_is_late_from_a_working_day_before_the_due_time_on() {
    each_engine(|database| {
        let world = World::new(&database);
        let code = world.receive(STATUS, "Lò Thị Mẩy").code;
        let due_at = world.dossier(&code).due_at;
        let calendar = &world.calendar;
        let late = |at: &str| apologise::is_late(calendar, (at.parse().unwrap(), due_at)).unwrap();
        // Received on Friday at eight, three working days, the Tuesday is a holiday: due on Thursday.
        assert_eq!(due_at, "2026-11-26T08:00".parse().unwrap(), "else the test says nothing");
        assert!(!late("2026-11-23T08:00") && !late("2026-11-25T08:00"));
        assert!(late("2026-11-25T08:01") && late("2026-11-26T09:00"));
    });
}

#[test]
fn of_two_who_send_one_form_one_is_told() {
    let database = TestDatabase::postgres();
    let world = Arc::new(World::new(&database));
    world.grant(world.leader, signatures::SIGNATURES_SIGN_OWN.name);
    world.grant(world.clerk, signatures::SIGNATURES_SEAL.name);
    for _ in 0..5 {
        let code = world.receive(STATUS, "Lò Thị Mẩy").code;
        ask(&world, &code, "Tờ khai");
        let barrier = Arc::new(Barrier::new(2));
        let threads: Vec<_> = (0..2)
            .map(|_| {
                let (world, barrier, code) = (world.clone(), barrier.clone(), code.clone());
                let acting = world.acting(world.specialist, &code, Some(world.dossier(&code).revision));
                let command = world.command(world.specialist, "dossiers.send-form");
                let new = sending(&world, &code, EventKind::SupplementRequested);
                std::thread::spawn(move || {
                    barrier.wait();
                    world.store.write_blocking(command, move |tx| send_form::send(tx, &acting, &new))
                })
            })
            .collect();
        let outcomes: Vec<_> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
        let told = outcomes.iter().find_map(|outcome| outcome.as_ref().err()).unwrap();
        assert!(matches!(told, Error::Conflict(s) if s.contains("đang chờ ký")), "{told}");
    }
}
