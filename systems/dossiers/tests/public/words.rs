//! Words that programs send: cleaned before they are kept, and refused when nobody could read that much.

use crate::world::{World, each_world};
use serde_json::{Value, json};

/// Control characters, letters in pieces, blanks at the ends.
const DIRTY: &str = " Bo\u{302}\u{309} sung\u{0} gia\u{302}\u{301}y\u{7} tờ\u{200B} ";
const CLEAN: &str = "Bổ sung giấy tờ";

fn texts(world: &World, code: &str) -> Vec<String> {
    let shown = world.program("specialist").get(&format!("/api/v1/dossiers/{code}")).assert_status(200).json();
    let events = shown["events"].as_array().unwrap().clone();
    events.into_iter().filter_map(|event| event["text"].as_str().map(ToOwned::to_owned)).collect()
}

#[test]
fn every_word_of_a_move_is_kept_clean() {
    each_world(|world| {
        let received = world.receive("receive-0001");
        let code = received["code"].as_str().unwrap();
        for action in [
            json!({ "action": "note", "text": DIRTY }),
            json!({ "action": "request_supplement", "reason": DIRTY }),
            json!({ "action": "resume", "note": DIRTY }),
            json!({ "action": "pass", "note": DIRTY }),
        ] {
            world.act("specialist", code, action);
        }
        world.act("leader", code, json!({ "action": "send_back", "reason": DIRTY }));
        world.act("specialist", code, json!({ "action": "pass", "note": "\u{0} \u{7}" }));
        world.act("leader", code, json!({ "action": "pass" }));
        let file = json!({ "name": "kết\u{0} quả.pdf", "content": data_encoding::BASE64.encode(b"%PDF-1.4\n%%EOF\n") });
        let finish =
            json!({ "action": "finish", "name": DIRTY, "number": "214\u{0}/2026", "note": DIRTY, "file": file });
        let shown = world.act("clerk", code, finish);
        assert_eq!((&shown["results"][0]["name"], &shown["results"][0]["number"]), (&json!(CLEAN), &json!("214/2026")));
        let path = format!("/api/v1/dossiers/{code}/deliveries");
        let receiver = json!({ "receiver": DIRTY });
        world.program_with("counter", "deliver-0001").post_json(&path, &receiver).assert_status(201);
        assert_eq!(texts(&world, code), vec![CLEAN; 7]);
    });
}

#[test]
fn what_is_far_too_long_or_nothing_is_refused() {
    each_world(|world| {
        let received = world.receive("receive-0001");
        let path = format!("/api/v1/dossiers/{}/moves", received["code"].as_str().unwrap());
        let send = |n: usize, action: &Value| {
            let key = format!("refused-{n:04}");
            world.program_with("specialist", &key).post_json(&path, action).assert_status(422).json()
        };
        let long = "a".repeat(4_001);
        let asked = [
            json!({ "action": "note", "text": long }),
            json!({ "action": "request_supplement", "reason": long }),
            json!({ "action": "pass", "note": long }),
            json!({ "action": "stop", "reason": long }),
            json!({ "action": "withdraw", "reason": long }),
            json!({ "action": "note", "text": "\u{0}\u{7}\n" }),
            json!({ "action": "stop", "reason": "\u{200B}" }),
        ];
        for (n, action) in asked.iter().enumerate() {
            let error = send(n, action);
            assert!(error["fields"][0]["message"].as_str().is_some_and(|m| m.contains(['ộ', 'ã'])), "{error}");
        }
        for wrong in ["procedure", "channel", "return_way", "unit"] {
            let mut birth = crate::world::birth();
            birth[wrong] = json!("\u{0}");
            let key = format!("receive-{wrong}");
            let status = world.program_with("counter", &key).post_json("/api/v1/dossiers", &birth).status;
            assert!([201, 404, 422].contains(&status), "{wrong}: {status}");
        }
        assert_eq!(world.program("specialist").get("/api/v1/dossiers?q=%00").status, 422);
        assert_eq!(world.program("specialist").get("/api/v1/dossiers/%00").status, 404);
    });
}

#[test]
fn no_cache_keeps_what_programs_read() {
    each_world(|world| {
        let received = world.receive("receive-0001");
        let code = received["code"].as_str().unwrap();
        let answer = world.program("specialist").get(&format!("/api/v1/dossiers/{code}")).assert_status(200);
        assert_eq!(answer.header("cache-control"), Some("private, no-store"));
    });
}
