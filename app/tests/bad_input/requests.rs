//! Requests that no page of ours sends.

use super::is_sentence;
use crate::world::{Rank, World, changed};
use axum::body::Body;
use http::Method;
use serde_json::json;
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
