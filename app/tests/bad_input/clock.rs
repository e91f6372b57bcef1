//! A clock that goes back by a day, as after an empty battery: every answer is clear, and the house stays whole.

use super::is_sentence;
use crate::world::{PASSWORD, Rank, World, settings};
use app::commands::check;
use app::warnings;
use store::Engine;
use testkit::Answer;
use types::Clock;

const DAY: i64 = 86_400;

/// Done, or refused with a sentence; never a fault.
#[track_caller]
fn clear(what: &str, answer: &Answer) {
    let done = (200..400).contains(&answer.status);
    let told = [409, 422, 429, 503].contains(&answer.status) && is_sentence(&answer.text());
    assert!(done || told, "{what} is answered {}: {}", answer.status, answer.text());
}

#[test]
fn a_clock_that_goes_back_a_day_is_told_and_breaks_nothing() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let world = World::on(engine);
        let guest = world.guest();
        let (waiting, taken, stopped, last) = (world.waiting(), world.taken(), world.stopped(), world.at_the_clerk());
        let warned = || {
            let (settings, now) = (settings(&world.database), world.clock.now());
            world.read(|reader| warnings::all(reader, &settings, true, now))
        };
        assert_eq!(warned(), Vec::<String>::new());
        let right = world.clock.now();
        world.clock.set(right.plus_seconds(-DAY));
        let told = warned();
        assert!(told.len() == 1 && told[0].contains("đồng hồ") && is_sentence(&told[0]), "{told:?}");
        let received = world.call(Rank::Counter, "/api/v1/dossiers", &world.new_dossier());
        clear("receiving", &received);
        for (act, code) in [("nhan-xu-ly", &waiting), ("chuyen", &taken), ("tiep-tuc", &stopped)] {
            let form = world.act(Rank::Specialist, code, act);
            clear(act, &world.person(Rank::Specialist).browser.clone().submit(&form));
        }
        let moves = format!("/api/v1/dossiers/{last}/moves");
        let back = serde_json::json!({ "action": "send_back", "reason": "Ghi sai số." });
        clear("sending back", &world.call(Rank::Clerk, &moves, &back));
        let mut browser = world.stranger();
        let form = browser.get("/dang-nhap").assert_status(200).page().form("form[method=post]");
        let form = form.set("username", &guest.username).set("password", PASSWORD);
        clear("signing in", &browser.submit(&form));
        clear("my work", &world.person(Rank::Specialist).browser.clone().get("/viec-cua-toi"));
        // Whoever was signed in before still is.
        clear("a page of before", &guest.browser.clone().get("/tai-khoan"));
        world.clock.set(right.plus_seconds(60));
        let again = world.call(Rank::Counter, "/api/v1/dossiers", &world.new_dossier()).assert_status(201).json();
        if received.status == 201 {
            assert_ne!(received.json()["code"], again["code"]);
        }
        let mut findings = Vec::new();
        check::ask(&settings(&world.database), true, |answer| findings.extend(answer.findings.clone()))
            .unwrap_or_else(|e| panic!("checking: {e} {}", e.inward()));
        assert_eq!(findings, Vec::<String>::new(), "{engine:?}");
    }
}
