//! Work changes hands: another post, the counter for the party, another result file; and the calendar under a promise.

use super::counting::findings;
use super::world::{Person, STATUS, World};
use crate::dossier::{self, DossierResult};
use crate::due;
use crate::event::{self, EventKind as K};
use crate::status::Status;
use crate::verbs::finish::{Finish, NewResult};
use crate::verbs::receive::NewPaper;
use crate::verbs::{Acting, deliver, end, finish, reassign, replace, send_back, stop, supplement};
use calendar::{LocalDay, PublicHolidays, WorkingCalendar, WorkingHours};
use directory::PostKind;
use records::task;
use std::sync::Arc;
use store::Tx;
use testkit::each_engine;
use types::{Error, Id, Result, Timestamp};

fn moment(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn open_post(world: &World, code: &str) -> Option<Id> {
    let id = world.dossier(code).id;
    world.store.read_blocking(|r| task::open_of(r, id)).unwrap().unwrap().post
}

fn kinds(world: &World, code: &str) -> Vec<K> {
    let id = world.dossier(code).id;
    world.store.read_blocking(|r| event::of_dossier(r, id)).unwrap().iter().map(|event| event.kind).collect()
}

fn give(world: &World, code: &str, to: Id, reason: &'static str) -> Result<()> {
    world.act(world.leader, code, move |tx, acting| reassign::reassign(tx, acting, to, reason))
}

/// Ends a post long ago, so that it has ended by every clock.
fn end_post(world: &World, person: Person) {
    let command = world.command(person, "test.end-post");
    let post = person.post;
    let end = move |tx: &mut Tx<'_>| directory::post::end(tx, post, "2025-07-02".parse().unwrap());
    world.store.write_blocking(command, end).unwrap();
}

#[test]
fn work_at_an_ended_post_is_found_and_goes_to_another() {
    each_engine(|database| {
        let world = World::new(&database);
        let other = world.seat(PostKind::Specialist, "Công chức Địa chính", "Hà Thị Ửng");
        let code = world.receive(STATUS, "Lò Thị Mẩy").code;
        let before = world.dossier(&code);
        end_post(&world, world.specialist);
        assert!(findings(&world)[0].contains("đang chờ ở vị trí đã kết thúc"), "{:?}", findings(&world));
        assert!(matches!(give(&world, &code, other.post, " "), Err(Error::Invalid(_))), "a reason is needed");
        for wrong in [world.stranger.post, world.specialist.post, world.clerk.post] {
            assert!(matches!(give(&world, &code, wrong, "Nghỉ hưu"), Err(Error::Invalid(_))));
        }
        let due = world.store.read_blocking(|r| task::open_of(r, before.id)).unwrap().unwrap().due_at;
        give(&world, &code, other.post, "Người giữ việc đã nghỉ hưu.").unwrap();
        assert_eq!(findings(&world), Vec::<String>::new());
        let tasks = world.store.read_blocking(|r| task::of_record(r, before.id)).unwrap();
        let (closed, open) = (&tasks[tasks.len() - 2], &tasks[tasks.len() - 1]);
        assert_eq!((closed.outcome.as_deref(), closed.done_by), (Some("reassigned"), Some(world.leader.officer)));
        assert_eq!((open.step.as_str(), open.post, open.due_at), ("tham-dinh", Some(other.post), due));
        let now = world.dossier(&code);
        assert_eq!((now.status, now.due_at, now.revision), (before.status, before.due_at, before.revision + 1));
        assert_eq!(kinds(&world, &code), [K::Received, K::Reassigned]);
        world.pass(other, &code).unwrap();
        assert_eq!(open_post(&world, &code), Some(world.head.post));
    });
}

#[test]
fn what_came_from_an_ended_post_is_sent_back_to_the_best_match() {
    each_engine(|database| {
        let world = World::new(&database);
        let other = world.seat(PostKind::Specialist, "Công chức Địa chính", "Hà Thị Ửng");
        let code = world.receive(STATUS, "Lò Thị Mẩy").code;
        world.pass(world.specialist, &code).unwrap();
        end_post(&world, world.specialist);
        world.act(world.head, &code, |tx, a| send_back::send_back(tx, a, "Thiếu xác nhận")).unwrap();
        assert_eq!(open_post(&world, &code), Some(other.post));
    });
}

#[test]
fn a_result_that_waits_at_a_gone_counter_goes_to_another_counter() {
    each_engine(|database| {
        let world = World::new(&database);
        let code = finished(&world, 1);
        let other = world.seat(PostKind::Counter, "Cán bộ một cửa 2", "Hà Thị Ửng");
        give(&world, &code, other.post, "Nghỉ ốm").unwrap();
        world.act(other, &code, |tx, a| deliver::deliver(tx, a, "Lò Thị Mẩy")).unwrap();
        assert!(matches!(give(&world, &code, other.post, "Nghỉ ốm"), Err(Error::Conflict(_))));
    });
}

#[test]
fn what_was_asked_for_comes_in_at_the_counter_and_the_clock_runs_again() {
    each_engine(|database| {
        let world = World::new(&database);
        let code = world.receive(STATUS, "Chẩu Thị Xuyến Chi").code;
        let kept = world.result.clone();
        let take_in = move |count: usize| {
            let kept = kept.clone();
            move |tx: &mut Tx<'_>, a: &Acting| {
                let file = Some(files::enter(tx, &kept)?);
                let paper = NewPaper {
                    requirement: "giay-to-tuy-than".to_owned(),
                    name: "Giấy tờ tùy thân".to_owned(),
                    originals: 1,
                    copies: 0,
                    file,
                };
                supplement::supplement(tx, a, &vec![paper; count], Some("Nộp trực tiếp"))
            }
        };
        let early = world.act(world.counter, &code, take_in(1)).unwrap_err();
        assert!(early.to_string().contains("không chờ giấy tờ bổ sung"), "{early}");
        world.at("2026-11-20T09:00");
        let ask = |status| move |tx: &mut Tx<'_>, a: &Acting| stop::begin(tx, a, status, "Bổ sung giấy tờ tùy thân");
        world.act(world.specialist, &code, ask(Status::SupplementRequested)).unwrap();
        world.at("2026-11-20T10:30");
        let none = world.act(world.counter, &code, take_in(0));
        assert!(matches!(none, Err(Error::Invalid(_))), "nothing was brought");
        world.act(world.counter, &code, take_in(2)).unwrap();
        let now = world.dossier(&code);
        assert_eq!((now.status, now.due_at), (Status::InProgress, moment("2026-11-26T09:30")));
        assert_eq!(open_post(&world, &code), Some(world.specialist.post), "the specialist goes on");
        let papers = world.store.read_blocking(|r| dossier::papers(r, now.id)).unwrap();
        assert_eq!(papers.len(), 2);
        assert!(papers.iter().all(|p| p.supplemented_at == Some(moment("2026-11-20T10:30")) && p.file.is_some()));
        assert_eq!(kinds(&world, &code)[2..], [K::SupplementRequested, K::Supplemented, K::Resumed]);
        // A money duty may come without a paper.
        world.act(world.specialist, &code, ask(Status::PaymentRequested)).unwrap();
        world.act(world.counter, &code, take_in(0)).unwrap();
        assert_eq!(world.dossier(&code).status, Status::InProgress);
        world.act(world.counter, &code, |tx, a| end::withdraw_at_counter(tx, a, "Có đơn xin rút")).unwrap();
        assert_eq!(world.dossier(&code).status, Status::Withdrawn);
        assert_eq!(findings(&world), Vec::<String>::new());
    });
}

/// A dossier with so many results that waits at the counter.
fn finished(world: &World, count: usize) -> String {
    let code = world.receive(STATUS, "Lò Thị Mẩy").code;
    for person in [world.specialist, world.head, world.leader] {
        world.pass(person, &code).unwrap();
    }
    let kept = world.result.clone();
    let done = move |tx: &mut Tx<'_>, a: &Acting| {
        let mut results = Vec::new();
        for n in 1..=count {
            let file = files::enter(tx, &kept)?;
            results.push(NewResult { name: format!("Bản {n}"), number: Some(format!("{n}/GXN")), file });
        }
        finish::finish(tx, a, &Finish { results, note: None })
    };
    world.act(world.clerk, &code, done).unwrap();
    code
}

fn results(world: &World, code: &str) -> (Vec<DossierResult>, Vec<DossierResult>) {
    let id = world.dossier(code).id;
    world.store.read_blocking(|r| Ok((dossier::results(r, id)?, dossier::results_ever(r, id)?))).unwrap()
}

#[test]
fn a_wrong_result_is_replaced_before_it_is_handed_out_and_the_old_one_is_kept() {
    each_engine(|database| {
        let world = World::new(&database);
        let without = world.act(world.specialist, &world.receive(STATUS, "Lò Thị Mẩy").code, |tx, a| {
            finish::finish(tx, a, &Finish { results: Vec::new(), note: None })
        });
        assert!(matches!(without, Err(Error::Invalid(_))), "a result is needed");
        let code = finished(&world, 2);
        let before = world.dossier(&code);
        let (current, _) = results(&world, &code);
        assert_eq!(current.iter().map(|r| r.name.as_str()).collect::<Vec<_>>(), ["Bản 1", "Bản 2"]);
        let wrong = current[1].id;
        let kept = world.files.keep_bytes("Bản đúng.pdf", b"%PDF-1.7 ban dung").unwrap();
        let change = move |old: Id, reason: &'static str| {
            let kept = kept.clone();
            move |tx: &mut Tx<'_>, a: &Acting| {
                let file = files::enter(tx, &kept)?;
                let new = NewResult { name: "Bản 2".to_owned(), number: Some("2a/GXN".to_owned()), file };
                replace::replace(tx, a, old, &new, reason)
            }
        };
        let refused = world.act(world.specialist, &code, change(wrong, "Nhầm tệp"));
        assert!(matches!(refused, Err(Error::Forbidden(_))), "only the last step and the counter");
        assert!(matches!(world.act(world.clerk, &code, change(wrong, " ")), Err(Error::Invalid(_))));
        world.act(world.clerk, &code, change(wrong, "Nhầm tệp của người khác")).unwrap();
        let (now, ever) = results(&world, &code);
        assert_eq!((now.len(), ever.len()), (2, 3));
        assert_eq!(now[1].number.as_deref(), Some("2a/GXN"));
        assert!(ever.iter().any(|r| r.id == wrong && r.replaced_at.is_some()), "the old row is kept");
        let again = world.act(world.counter, &code, change(wrong, "Nhầm tệp"));
        assert!(matches!(again, Err(Error::Invalid(_))), "it is not handed out any more");
        world.act(world.counter, &code, change(now[1].id, "Mờ dấu")).unwrap();
        let after = world.dossier(&code);
        assert_eq!((after.ended_at, after.due_at, after.status), (before.ended_at, before.due_at, Status::Finished));
        world.act(world.counter, &code, |tx, a| deliver::deliver(tx, a, "Lò Thị Mẩy")).unwrap();
        let (detail,): (String,) = world
            .store
            .read_blocking(|r| r.one("SELECT CAST(detail AS TEXT) FROM audit WHERE action = 'dossiers.deliver'", &[]))
            .unwrap();
        let (handed, _) = results(&world, &code);
        assert!(handed.iter().all(|r| detail.contains(&r.id.to_string())), "{detail}");
        assert!(!detail.contains(&wrong.to_string()), "{detail}");
        assert!(world.act(world.clerk, &code, change(handed[0].id, "Muộn")).is_err(), "the party has it");
    });
}

/// The standard calendar with one day on which the commune is closed.
fn closed_on(day: &str) -> Arc<WorkingCalendar> {
    let local = LocalDay {
        date: day.parse().unwrap(),
        periods: Vec::new(),
        reason: "đóng cửa do lũ quét".to_owned(),
        basis: "Quyết định của tỉnh".to_owned(),
    };
    let hours = WorkingHours::default();
    Arc::new(WorkingCalendar::with_local_days(&hours, PublicHolidays::shipped(), &[local]).unwrap())
}

#[test]
fn a_calendar_that_changed_since_receipt_moves_no_promise() {
    each_engine(|database| {
        let mut world = World::new(&database);
        let received = world.receive(STATUS, "Lò Thị Mẩy");
        let code = received.code.as_str();
        world.at("2026-11-20T10:00");
        let ask = |tx: &mut Tx<'_>, a: &Acting| stop::begin(tx, a, Status::SupplementRequested, "Bổ sung");
        world.act(world.specialist, code, ask).unwrap();
        world.calendar = closed_on("2026-11-23");
        world.at("2026-11-20T11:00");
        world.act(world.specialist, code, |tx, a| stop::resume(tx, a, None)).unwrap();
        let now = world.dossier(code);
        assert_eq!(received.due_at, moment("2026-11-26T08:00"));
        assert_eq!(now.due_at, moment("2026-11-26T09:00"), "by the hour of the stop and no more");
        let stops = world.store.read_blocking(|r| dossier::stops(r, now.id)).unwrap();
        let definition = world.procedure(STATUS).definition;
        let today = due::differs(&definition, &world.calendar, &now, &stops);
        assert_eq!(today, Some(moment("2026-11-27T09:00")), "and the page can say so");
        assert_eq!(due::differs(&definition, &WorkingCalendar::standard(), &now, &stops), None);
        // A stop over the closed day takes none of its time.
        world.at("2026-11-20T17:00");
        world.act(world.specialist, code, ask).unwrap();
        world.at("2026-11-25T08:30");
        world.act(world.specialist, code, |tx, a| stop::resume(tx, a, None)).unwrap();
        assert_eq!(world.dossier(code).due_at, moment("2026-11-26T10:30"), "half an hour on Friday, an hour today");
    });
}
