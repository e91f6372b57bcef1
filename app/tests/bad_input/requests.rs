//! Requests that no page of ours sends.

use super::is_sentence;
use crate::world::{Rank, World, changed};
use axum::body::Body;
use http::Method;
use serde_json::{Value, json};
use store::Engine;

const FORM: &str = "application/x-www-form-urlencoded";

#[test]
fn what_cannot_be_read_is_told_and_changes_nothing() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let world = World::on(engine);
        let code = world.waiting();
        let before = world.rows();
        let mut browser = world.person(Rank::Specialist).browser.clone();
        let back = format!("/ho-so/{code}/tra-lai");
        let long = "a".repeat(300_000);
        for (what, kind, body, status) in [
            ("no body", Some(FORM), String::new(), 422),
            ("no content type", None, "command=12345678".into(), 422),
            ("bytes that are no text", Some(FORM), "command=%FF%FE&tra-lai.reason=%C3%28".into(), 422),
            ("no command id", Some(FORM), "revision=1&tra-lai.reason=a".into(), 422),
            ("a command id that is none", Some(FORM), "command=a%20b&revision=1&tra-lai.reason=a".into(), 422),
            ("no text", Some(FORM), "command=12345678&revision=1&tra-lai.reason=+".into(), 422),
            ("another content type", Some("application/json"), "{}".into(), 422),
            ("far too much", Some(FORM), format!("command=12345678&revision=1&tra-lai.reason={long}"), 413),
        ] {
            let answer = browser.send(Method::POST, &back, kind, Body::from(body));
            assert_eq!(answer.status, status, "{what}: {}", answer.text());
            assert!(is_sentence(&answer.page().text("main")), "{what} is told in Vietnamese");
        }
        assert_eq!(changed(&before, &world.rows()), Vec::<String>::new());
    }
}

#[test]
fn programs_are_told_with_a_code_and_a_sentence() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let world = World::on(engine);
        let code = world.waiting();
        let before = world.rows();
        let program = || world.person(Rank::Specialist).program.clone();
        let moves = format!("/api/v1/dossiers/{code}/moves");
        let with_key = || program().header("idempotency-key", testkit::fresh_command().as_str());
        let answers = [
            (program().post_json(&moves, &json!({ "action": "take" })), 422, "invalid"),
            (
                program().header("idempotency-key", "kurz").post_json(&moves, &json!({ "action": "take" })),
                422,
                "invalid",
            ),
            (with_key().post_json(&moves, &json!({ "action": "fly" })), 422, "invalid"),
            (with_key().post_json(&moves, &json!({ "action": "take", "revision": 99 })), 409, "conflict"),
            (
                with_key().send(Method::POST, &moves, Some("application/json"), Body::from("{\"action\":")),
                422,
                "invalid",
            ),
            (
                with_key().post_json("/api/v1/dossiers/H99.01-000000-0000/moves", &json!({ "action": "take" })),
                404,
                "not_found",
            ),
            (program().get("/api/v1/dossiers?status=bay"), 422, "invalid"),
            (program().get("/api/v1/dossiers?from=hôm-qua"), 422, "invalid"),
            (program().get("/api/v1/dossiers?after=zzz"), 422, "invalid"),
            (program().get("/api/v1/khong-co"), 404, "not_found"),
        ];
        for (answer, status, word) in answers {
            let shown = format!("{answer:?}");
            let error = answer.assert_status(status).json();
            assert_eq!(error["code"], word, "{shown}");
            assert!(is_sentence(error["message"].as_str().unwrap_or_default()), "{error}");
            assert!(error["request"].as_str().is_some_and(|number| number.len() > 10), "{error}");
        }
        assert_eq!(changed(&before, &world.rows()), Vec::<String>::new());
    }
}

#[test]
fn addresses_that_do_not_exist_are_a_page_of_their_own() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let world = World::on(engine);
        let mut officer = world.person(Rank::Counter).browser.clone();
        let mut citizen = world.stranger();
        for path in [
            "/khong-co",
            "/ho-so/%00",
            "/ho-so/..%2F..%2Fetc%2Fpasswd",
            "/thu-tuc/9.999999",
            "/theo-doi/x",
            "/assets/..%2Fmain.rs",
            "/quan-tri/don-vi/abc",
        ] {
            for answer in [officer.get(path), citizen.get(path)] {
                if answer.status != 303 {
                    let page = answer.clone();
                    assert!(page.status == 404 || page.status == 403, "{path} answered {}", page.status);
                    if page.header("content-type").is_some_and(|kind| kind.starts_with("text/html")) {
                        assert!(is_sentence(&page.page().text("main")), "{path}");
                    }
                }
            }
        }
    }
}

#[test]
fn a_form_from_another_site_is_refused() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let world = World::on(engine);
        let form = world.act(Rank::Specialist, &world.waiting(), "nhan-xu-ly");
        let before = world.rows();
        let mut foreign = world.person(Rank::Specialist).browser.clone();
        foreign = foreign.header("sec-fetch-site", "cross-site").header("origin", "https://evil.example");
        assert_eq!(foreign.submit(&form).status, 403);
        assert_eq!(changed(&before, &world.rows()), Vec::<String>::new());
        world.person(Rank::Specialist).browser.clone().submit(&form).assert_status(303);
    }
}

#[test]
fn what_a_program_sends_is_taken_whole_or_refused_with_its_place() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let world = World::on(engine);
        let code = world.waiting();
        let (moves, dossiers) = (format!("/api/v1/dossiers/{code}/moves"), "/api/v1/dossiers".to_owned());
        let with = |change: fn(&mut Value)| {
            let mut body = world.new_dossier();
            change(&mut body);
            body
        };
        let before = world.rows();
        for (path, body, field, said) in [
            (&moves, json!({ "action": "take", "reson": "x" }), "reson", "Không có trường «reson»"),
            (&moves, json!({ "action": "note", "text": "a", "file": "1" }), "file", "Không có trường «file»"),
            (&moves, json!({ "action": "fly" }), "body", "chọn một trong: take, pass"),
            (&moves, json!({ "action": "send_back" }), "reason", "Thiếu «reason»"),
            (&dossiers, with(|b| b["papers"] = json!([{ "requirement": 3 }])), "papers[0].requirement", "cần chữ"),
            (&dossiers, with(|b| b["form"]["khong_co"] = json!("x")), "form.khong_co", "không có ô «khong_co»"),
        ] {
            let person = world.person(if *path == moves { Rank::Specialist } else { Rank::Counter });
            let program = person.program.clone().header("idempotency-key", testkit::fresh_command().as_str());
            let error = program.clone().post_json(path, &body).assert_status(422).json();
            assert_eq!(error["fields"][0]["field"], field, "{error}");
            let message = error["fields"][0]["message"].as_str().unwrap_or_default();
            assert!(message.contains(said) && is_sentence(message), "{error}");
        }
        let program = || world.person(Rank::Specialist).program.clone();
        let mut two = program().header("idempotency-key", "mot-lan-001").header_again("idempotency-key", "mot-lan-002");
        let error = two.post_json(&moves, &json!({ "action": "take" })).assert_status(422).json();
        assert!(error["message"].as_str().is_some_and(|m| m.contains("một tiêu đề Idempotency-Key")), "{error}");
        for limit in ["0", "201", "nhieu"] {
            let error = program().get(&format!("/api/v1/dossiers?limit={limit}")).assert_status(422).json();
            assert_eq!(error["fields"][0]["field"], "limit", "{error}");
        }
        let part = [testkit::Part::file("tep", "a.pdf", "application/pdf", b"%PDF-1.4\n%%EOF\n")];
        let mut upload = program().header("idempotency-key", testkit::fresh_command().as_str());
        upload.post_multipart("/api/v1/files", &part).assert_status(422);
        let error = program().send(Method::PUT, &moves, None, Body::empty()).assert_status(405).json();
        assert!(is_sentence(error["message"].as_str().unwrap_or_default()), "{error}");
        let page = world.stranger().send(Method::POST, "/thu-tuc", Some(FORM), Body::empty()).assert_status(405).page();
        assert!(is_sentence(&page.text("main")));
        assert_eq!(changed(&before, &world.rows()), Vec::<String>::new());
    }
}
