//! Two people at once: the holder of a post and whoever stands in act on what both saw. And a step that is not theirs.

use super::is_sentence;
use crate::world::acts::acts;
use crate::world::{Person, Rank, World, changed, settings};
use app::commands::check;
use std::sync::Barrier;
use store::{Engine, params};
use testkit::{Answer, Form};

/// Events of a dossier.
fn events(world: &World, code: &str) -> i64 {
    let sql = "SELECT count(*) FROM dossier_event e JOIN dossier d ON d.id = e.dossier_id WHERE d.code = $1";
    world.read(|reader| reader.one::<(i64,)>(sql, params![code])).0
}

fn revision(world: &World, code: &str) -> i64 {
    world.read(|reader| reader.one::<(i64,)>("SELECT revision FROM dossier WHERE code = $1", params![code])).0
}

fn whole(world: &World) {
    let mut findings = Vec::new();
    check::ask(&settings(&world.database), true, |answer| findings.extend(answer.findings.clone()))
        .unwrap_or_else(|e| panic!("checking: {e} {}", e.inward()));
    assert_eq!(findings, Vec::<String>::new());
}

/// Both send their forms at the same moment.
fn race(first: (&Person, &Form), second: (&Person, &Form)) -> [Answer; 2] {
    let barrier = Barrier::new(2);
    std::thread::scope(|scope| {
        let sent = [first, second].map(|(person, form)| {
            let barrier = &barrier;
            scope.spawn(move || {
                let mut browser = person.browser.clone();
                barrier.wait();
                browser.submit(form)
            })
        });
        sent.map(|one| one.join().expect("it is answered"))
    })
}

#[test]
fn of_the_holder_and_the_stand_in_one_acts_and_the_other_is_told() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let world = World::on(engine);
        let stand_ins = [Rank::Counter, Rank::Specialist, Rank::Clerk, Rank::Leader].map(|rank| {
            let guest = world.guest();
            world.stand_in(world.person(rank).post.expect("a post"), guest.officer);
            (rank, guest)
        });
        for act in acts() {
            for round in 0..3 {
                let code = (act.code)(&world);
                let holder = world.person(act.rank);
                let stand_in = &stand_ins.iter().find(|(rank, _)| *rank == act.rank).expect("a stand-in").1;
                let [first, second] = [holder, stand_in].map(|person| {
                    let form = world.form(person, &format!("/ho-so/{code}"), &format!("/ho-so/{code}/{}", act.name));
                    (act.fill)(&world, &code, form)
                });
                let (before, seen) = (events(&world, &code), revision(&world, &code));
                let answers = race((holder, &first), (stand_in, &second));
                let what = format!("{engine:?}, {}, round {round}: {answers:?}", act.name);
                let done = answers.iter().filter(|answer| answer.status == 303).count();
                if act.name == "ghi-chu" {
                    // Two notes are two notes.
                    assert_eq!((done, events(&world, &code)), (2, before + 2), "{what}");
                    continue;
                }
                assert_eq!(done, 1, "{what}");
                let told = answers.iter().find(|answer| answer.status != 303).expect("one was refused");
                assert!([403, 409].contains(&told.status), "{what}");
                assert!(is_sentence(&told.page().text("main")), "{what}");
                assert!(events(&world, &code) > before && revision(&world, &code) > seen, "{what}");
                assert!(events(&world, &code) <= before + 2, "one act leaves the traces of one act: {what}");
            }
        }
        whole(&world);
    }
}

#[test]
fn a_step_that_is_anothers_is_refused_to_whoever_has_the_permission_and_not_the_task() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let world = World::on(engine);
        for act in acts().into_iter().filter(|act| act.of_the_holder) {
            let code = (act.code)(&world);
            let holder = world.person(act.rank);
            let page = format!("/ho-so/{code}");
            let form = world.form(holder, &page, &format!("{page}/{}", act.name));
            let form = (act.fill)(&world, &code, form);
            let before = world.rows();
            // The same commune, the same permissions, another post.
            for other in [Rank::Specialist, Rank::Leader, Rank::Clerk].into_iter().filter(|rank| *rank != act.rank) {
                let answer = world.person(other).browser.clone().submit(&form);
                let what = format!("{engine:?}: {} by {other:?} answered {}", act.name, answer.status);
                assert_eq!(answer.status, 403, "{what}");
                assert!(is_sentence(&answer.page().text("main")), "{what}");
                let shown = world.person(other).browser.clone().get(&page).assert_status(200).page();
                assert_eq!(shown.count(&format!("form[action='{page}/{}']", act.name)), 0, "it is not offered: {what}");
            }
            let after = changed(&before, &world.rows());
            // A file that came along may wait for its form; nothing of the dossier has changed.
            let kept =
                |line: &String| ["file ", "intake_file ", "command ", "audit "].iter().any(|t| line.starts_with(t));
            assert!(after.iter().all(kept), "{}: {after:?}", act.name);
            assert!(act.name == "ket-qua" || after.is_empty(), "{}: {after:?}", act.name);
            holder.browser.clone().submit(&form).assert_status(303);
        }
        whole(&world);
    }
}
