//! A form that is sent twice, one after the other and at once, does one thing.

use crate::world::work::PROCEDURE;
use crate::world::{Rank, World, changed};
use serde_json::json;
use store::Engine;

#[test]
fn a_receipt_sent_twice_is_one_dossier() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let world = World::on(engine);
        let counter = world.person(Rank::Counter);
        let form = world.counter_form(counter);
        let asked = counter.browser.clone().submit(&form);
        let form = match asked.status {
            422 => form
                .press("confirm", &asked.page().attribute("input[name=confirm]", "value").expect("a box to confirm")),
            _ => form,
        };
        let before = world.rows();
        let all: Vec<String> = std::thread::scope(|scope| {
            let sent: Vec<_> = (0..6).map(|_| scope.spawn(|| counter.browser.clone().submit(&form))).collect();
            sent.into_iter()
                .map(|one| one.join().expect("it is answered").assert_status(303).location().to_owned())
                .collect()
        });
        assert!(all.iter().all(|place| *place == all[0]), "six sendings lead to {all:?}");
        let after = world.rows();
        let more = after["dossier"] - before["dossier"];
        assert_eq!(more, i64::from(asked.status == 422), "{engine:?}: {:?}", changed(&before, &after));
    }
}

#[test]
fn another_form_under_the_same_command_id_is_refused() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let world = World::on(engine);
        let (code, other) = (world.waiting(), world.waiting());
        let note = world.act(Rank::Specialist, &code, "ghi-chu").set("ghi-chu.text", "Đã gọi điện.");
        let command = note.value("command").expect("a command id").to_owned();
        let mut browser = world.person(Rank::Specialist).browser.clone();
        browser.submit(&note).assert_status(303);
        let taken = world.act(Rank::Specialist, &other, "nhan-xu-ly").set("command", &command);
        let before = world.rows();
        let answer = browser.submit(&taken);
        assert!((400..500).contains(&answer.status), "answered {}", answer.status);
        assert_eq!(changed(&before, &world.rows()), Vec::<String>::new());
    }
}

#[test]
fn two_officers_who_act_on_what_both_saw_do_not_undo_each_other() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let world = World::on(engine);
        let code = world.taken();
        let (ask, pass) = (world.act(Rank::Specialist, &code, "bo-sung"), world.act(Rank::Specialist, &code, "dung"));
        let mut browser = world.person(Rank::Specialist).browser.clone();
        browser.submit(&ask.set("bo-sung.reason", "Thiếu bản chính.")).assert_status(303);
        let answer = browser.submit(&pass.set("dung.reason", "Không đủ điều kiện.")).assert_status(409);
        let page = answer.page();
        assert!(super::is_sentence(&page.text("main")), "the page says what happened");
        assert_eq!(
            page.text("textarea[name='dung.reason']").trim(),
            "Không đủ điều kiện.",
            "what was typed is still there"
        );
    }
}

#[test]
fn a_program_that_uses_a_key_again_for_something_else_is_refused() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let world = World::on(engine);
        let moves = format!("/api/v1/dossiers/{}/moves", world.taken());
        let key = testkit::fresh_command();
        let note = |text: &str| {
            let mut program = world.person(Rank::Specialist).program.clone().header("idempotency-key", key.as_str());
            program.post_json(&moves, &json!({ "action": "note", "text": text }))
        };
        note("Đã gọi điện.").assert_status(200);
        let before = world.rows();
        note("Đã gọi điện.").assert_status(200);
        let error = note("Đã gửi thư.").assert_status(409).json();
        assert_eq!(error["code"], "conflict");
        assert!(super::is_sentence(error["message"].as_str().unwrap_or_default()), "{error}");
        assert_eq!(changed(&before, &world.rows()), Vec::<String>::new(), "the other note is not kept");
    }
}

#[test]
fn an_administrators_form_sent_again_with_other_content_is_refused() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let world = World::on(engine);
        let page = format!("/quan-tri/don-vi/{}/sua", world.new_unit());
        let form = world.form_of(Rank::Keeper, &page, &page);
        let mut browser = world.person(Rank::Keeper).browser.clone();
        let first = form.clone().set("name", "Phòng Hồ sơ một");
        browser.submit(&first).assert_status(303);
        let before = world.rows();
        browser.submit(&first).assert_status(303);
        let answer = browser.submit(&form.set("name", "Phòng Hồ sơ hai"));
        assert!((400..500).contains(&answer.status), "{engine:?}: answered {}", answer.status);
        assert!(answer.page().text("main").contains("nội dung khác lần này"), "{engine:?}");
        assert_eq!(changed(&before, &world.rows()), Vec::<String>::new());
    }
}

#[test]
fn what_was_received_is_answered_again_whatever_a_newer_definition_says() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let world = World::on(engine);
        let (body, key) = (world.new_dossier(), testkit::fresh_command());
        let send = || {
            let program = world.person(Rank::Counter).program.clone().header("idempotency-key", key.as_str());
            program.clone().post_json("/api/v1/dossiers", &body).assert_status(201).json()
        };
        let first = send();
        let (_, text) =
            *dossiers::procedure::catalogue::FILES.iter().find(|(code, _)| *code == PROCEDURE).expect("it ships");
        let stricter = text.replace(r#"kind = "email", from"#, r#"kind = "email", required = true, from"#);
        let page = "/quan-tri/thu-tuc";
        let form = world.form_of(Rank::ProvinceKeeper, page, page).set("text", &stricter);
        world.person(Rank::ProvinceKeeper).browser.clone().submit(&form).assert_status(303);
        assert_eq!(send()["code"], first["code"], "{engine:?}");
        world.call(Rank::Counter, "/api/v1/dossiers", &body).assert_status(422);
    }
}

#[test]
fn a_dossier_of_many_papers_is_received_and_one_of_too_many_refused() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let world = World::on(engine);
        let of = |papers: usize| {
            let mut body = world.new_dossier();
            body["papers"] = json!(vec![json!({ "requirement": "ban-chinh", "originals": 1 }); papers]);
            world.call(Rank::Counter, "/api/v1/dossiers", &body)
        };
        for papers in [31, 57, 200] {
            of(papers).assert_status(201);
        }
        let error = of(201).assert_status(422).json();
        assert!(error["fields"][0]["message"].as_str().unwrap_or_default().contains("nhiều nhất 200"), "{error}");
    }
}

#[test]
fn a_program_that_repeats_a_move_is_answered_as_before_whatever_has_happened_since() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let world = World::on(engine);
        let code = world.taken();
        let moves = format!("/api/v1/dossiers/{code}/moves");
        let key = testkit::fresh_command();
        let pass = || {
            let program = world.person(Rank::Specialist).program.clone().header("idempotency-key", key.as_str());
            let to = world.person(Rank::Leader).post.expect("a post").to_string();
            program.clone().post_json(&moves, &json!({ "action": "pass", "to": to, "revision": 2 }))
        };
        let first = pass().assert_status(200).json();
        world.call(Rank::Leader, &moves, &json!({ "action": "send_back", "reason": "Ghi lại." })).assert_status(200);
        let before = world.rows();
        let again = pass().assert_status(200).json();
        assert_ne!(again["revision"], first["revision"], "the dossier is shown as it is now");
        assert_eq!(changed(&before, &world.rows()), Vec::<String>::new(), "{engine:?}: it is not passed again");
    }
}
