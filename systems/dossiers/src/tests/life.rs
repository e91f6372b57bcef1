//! The life of a dossier, step by step.

use super::world::{BIRTH, STATUS, World};
use crate::event::{self, EventKind};
use crate::status::Status;
use crate::verbs::{self, end, stop};
use crate::{dossier, due};
use calendar::{Stop, Takes};
use records::task;
use testkit::each_engine;
use types::{Error, Timestamp};

fn moment(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn a_dossier_is_received_worked_on_finished_and_delivered() {
    each_engine(|database| {
        let world = World::new(&database);
        let received = world.receive(STATUS, "Nguyễn Thị Mỹ Hạnh");
        assert_eq!(received.code, "H99.01-261120-0001");
        assert_eq!(received.due_at, moment("2026-11-26T08:00"), "Tuesday 24 November is a holiday");
        let code = received.code.as_str();
        world.at("2026-11-20T09:00");
        world.act(world.specialist, code, verbs::note::take).unwrap();
        assert_eq!(world.dossier(code).status, Status::InProgress);
        for person in [world.specialist, world.head, world.leader] {
            world.pass(person, code).unwrap();
        }
        world.at("2026-11-25T10:00");
        world.finish(world.clerk, code).unwrap();
        let done = world.dossier(code);
        assert_eq!((done.status, done.outcome.as_deref()), (Status::Finished, Some("early")));
        assert_eq!(done.ended_at, Some(moment("2026-11-25T10:00")), "the clock ends with the result");
        world.at("2026-11-25T15:00");
        world.act(world.counter, code, |tx, acting| verbs::deliver::deliver(tx, acting, "Lò Thị Mẩy")).unwrap();
        let done = world.dossier(code);
        assert_eq!((done.status, done.delivered_to.as_deref()), (Status::Delivered, Some("Lò Thị Mẩy")));
        let (events, tasks, results) = world
            .store
            .read_blocking(|r| {
                Ok((event::of_dossier(r, done.id)?, task::of_record(r, done.id)?, dossier::results(r, done.id)?))
            })
            .unwrap();
        let kinds: Vec<EventKind> = events.iter().map(|e| e.kind).collect();
        use EventKind as K;
        assert_eq!(kinds, [K::Received, K::Taken, K::Passed, K::Passed, K::Passed, K::Finished, K::Delivered]);
        let steps: Vec<&str> = tasks.iter().map(|t| t.step.as_str()).collect();
        assert_eq!(steps, ["tiep-nhan", "tham-dinh", "soat-xet", "ky", "van-thu", "tra-ket-qua"]);
        assert!(tasks.iter().all(|t| t.done_at.is_some() && t.due_at <= moment("2026-11-26T08:00")));
        assert_eq!(results[0].number.as_deref(), Some("15/UBND-XNTTHN"));
        let again = world.act(world.counter, code, |tx, acting| verbs::deliver::deliver(tx, acting, "X")).unwrap_err();
        assert!(again.to_string().contains("không còn việc nào"), "{again}");
    });
}

#[test]
fn a_same_day_dossier_received_after_the_cut_off_is_due_the_next_working_day() {
    each_engine(|database| {
        let world = World::new(&database);
        assert_eq!(world.receive(BIRTH, "Lò Thị Mẩy").due_at, moment("2026-11-20T17:30"));
        world.at("2026-11-20T15:01");
        assert_eq!(world.receive(BIRTH, "Lò Thị Mẩy").due_at, moment("2026-11-23T17:30"));
    });
}

#[test]
fn what_was_sent_back_goes_to_whom_it_came_from_and_comes_again() {
    each_engine(|database| {
        let world = World::new(&database);
        let code = world.receive(STATUS, "Đặng Đình Ưởng").code;
        world.pass(world.specialist, &code).unwrap();
        let silent = world.act(world.head, &code, |tx, acting| verbs::send_back::send_back(tx, acting, "  "));
        assert!(matches!(silent, Err(Error::Invalid(_))), "a reason is needed");
        let back = |tx: &mut store::Tx<'_>, acting: &verbs::Acting| {
            verbs::send_back::send_back(tx, acting, "Thiếu xác nhận của Công an xã.")
        };
        world.act(world.head, &code, back).unwrap();
        let open = |code: &str| {
            let id = world.dossier(code).id;
            world.store.read_blocking(|r| task::open_of(r, id)).unwrap().unwrap()
        };
        assert_eq!(open(&code).post, Some(world.specialist.post));
        world.act(world.specialist, &code, back).unwrap();
        assert_eq!(open(&code).post, Some(world.counter.post));
        let first = world.act(world.counter, &code, back).unwrap_err();
        assert!(first.to_string().contains("bước đầu tiên"), "{first}");
        world.pass(world.counter, &code).unwrap();
        assert_eq!(open(&code).step, "tham-dinh");
    });
}

#[test]
fn stops_move_the_due_time_exactly_as_the_calendar_says() {
    each_engine(|database| {
        let world = World::new(&database);
        let received = world.receive(STATUS, "Chẩu Thị Xuyến Chi");
        let code = received.code.as_str();
        let stops = [
            ("2026-11-20T10:00", "2026-11-23T15:20", Status::SupplementRequested),
            ("2026-11-25T16:45", "2026-11-26T08:10", Status::PaymentRequested),
        ];
        let mut ended = Vec::new();
        // Twelve hours from eight on Friday; each stop leaves what was left of them: ten hours, then 35 minutes.
        let mut steps = vec![moment("2026-11-25T17:20"), moment("2026-11-26T08:45")].into_iter();
        for (from, to, status) in stops {
            world.at(from);
            world
                .act(world.specialist, code, move |tx, a| stop::begin(tx, a, status, "Bổ sung giấy xác nhận"))
                .unwrap();
            assert_eq!(world.dossier(code).status, status);
            let passed = world.pass(world.specialist, code).unwrap_err();
            assert!(passed.to_string().contains("Tiếp tục"), "the sentence says what to do: {passed}");
            world.at(to);
            world.act(world.specialist, code, |tx, a| stop::resume(tx, a, None)).unwrap();
            ended.push(Stop { from: moment(from), to: moment(to) });
            let expected =
                calendar::deadline(&world.calendar, received.received_at, Takes::WorkingDays(3), &ended).unwrap();
            let now = world.dossier(code);
            assert_eq!((now.due_at, now.status), (expected.due, Status::InProgress));
            let id = now.id;
            let open = world.store.read_blocking(|r| task::open_of(r, id)).unwrap().unwrap();
            assert_eq!(Some(open.due_at), steps.next(), "the step's time goes on where it stood still");
        }
        assert!(world.dossier(code).due_at > received.due_at);
        let id = world.dossier(code).id;
        let stored = world.store.read_blocking(|r| dossier::stops(r, id)).unwrap();
        assert_eq!(due::ended_stops(&stored, world.store.now()), ended);
    });
}

#[test]
fn a_dossier_ends_without_result_only_from_where_that_makes_sense() {
    each_engine(|database| {
        let world = World::new(&database);
        for (status, word) in [(Status::Withdrawn, "withdrawn"), (Status::Stopped, "stopped")] {
            let code = world.receive(STATUS, "Lò Thị Mẩy").code;
            let end = move |tx: &mut store::Tx<'_>, a: &verbs::Acting| end::end(tx, a, status, "Theo đơn ngày 20/11");
            // Also while the clock stands still.
            let ask =
                |tx: &mut store::Tx<'_>, a: &verbs::Acting| stop::begin(tx, a, Status::SupplementRequested, "Bổ sung");
            world.act(world.specialist, &code, ask).unwrap();
            world.act(world.specialist, &code, end).unwrap();
            let done = world.dossier(&code);
            assert_eq!((done.status, done.outcome.as_deref()), (status, Some(word)));
            let stops = world.store.read_blocking(|r| dossier::stops(r, done.id)).unwrap();
            assert!(stops.iter().all(|stop| stop.to.is_some()));
            assert!(matches!(world.act(world.specialist, &code, end), Err(Error::Conflict(_))));
        }
        let code = world.receive(STATUS, "Lò Thị Mẩy").code;
        for person in [world.specialist, world.head, world.leader] {
            world.pass(person, &code).unwrap();
        }
        let early = world.finish(world.leader, &code).unwrap_err();
        assert!(matches!(early, Error::Forbidden(_)), "the leader has passed it on: {early}");
        world.finish(world.clerk, &code).unwrap();
        let withdrawn =
            world.act(world.counter, &code, |tx, a| end::end(tx, a, Status::Withdrawn, "Không cần nữa")).unwrap_err();
        assert!(withdrawn.to_string().contains("«Đã trả kết quả»"), "{withdrawn}");
    });
}

#[test]
fn a_step_that_waits_for_another_is_refused() {
    each_engine(|database| {
        let world = World::new(&database);
        let code = world.receive(STATUS, "Nguyễn Thị Mỹ Hạnh").code;
        for person in [world.counter, world.leader, world.stranger] {
            let refused = world.pass(person, &code).unwrap_err();
            assert!(matches!(&refused, Error::Forbidden(s) if s.contains("Thẩm định")), "{refused}");
        }
        let wrong = world.stranger.post;
        let elsewhere = world.act(world.specialist, &code, move |tx, acting| {
            verbs::pass::pass(tx, acting, &verbs::pass::Pass { to: Some(wrong), ..verbs::pass::Pass::default() })
        });
        assert!(matches!(elsewhere, Err(Error::Invalid(_))), "the neighbour's post does not do our step");
        let finished = world.finish(world.specialist, &code).unwrap_err();
        assert!(finished.to_string().contains("bước cuối"), "{finished}");
        assert_eq!(world.dossier(&code).status, Status::Received, "a refusal changes nothing");
    });
}
