//! The JSON interface: the happy life of a dossier, keys, mistakes, lists, files.

use crate::world::{PARTY, each_world};
use dossiers::procedure::catalogue;
use dossiers::stored;
use serde_json::{Value, json};
use testkit::Part;

const DOSSIERS: &str = "/api/v1/dossiers";

#[test]
fn a_dossier_lives_its_life_through_the_interface() {
    each_world(|world| {
        let received = world.receive("receive-0001");
        assert_eq!(received["code"], "H99.01-261120-0001");
        assert_eq!(received["received_at"], "2026-11-20T14:00:00+07:00");
        assert_eq!(received["due_at"], "2026-11-20T17:30:00+07:00");
        assert_eq!(received["status"], "received");
        assert!(received["id"].is_string(), "an id must be a string: {received}");
        let code = received["code"].as_str().unwrap();

        let shown = world.program("specialist").get(&format!("{DOSSIERS}/{code}")).assert_status(200).json();
        assert_eq!(shown["applicant"]["identity_number"], PARTY[1]);
        assert_eq!(shown["applicant"]["phone"], PARTY[2]);
        assert_eq!((&shown["form"]["applicant_identity"], &shown["form_closed"]), (&json!(PARTY[1]), &json!(false)));
        // For whoever holds no step numbers are as on the page: without their middle.
        let masked = world.program("counter").get(&format!("{DOSSIERS}/{code}")).assert_status(200).text().to_owned();
        assert!(!masked.contains(PARTY[1]) && !masked.contains(PARTY[2]), "{masked}");
        assert!(masked.contains(PARTY[4]) && masked.contains("0191•"), "{masked}");
        assert_eq!(shown["summary"], "Đăng ký khai sinh cho Nông Gia Ưởng");
        assert_eq!(shown["waiting"]["post_title"], "Công chức Tư pháp – Hộ tịch");
        assert_eq!(shown["papers"].as_array().unwrap().len(), 2);
        assert_eq!(shown["tracking_url"], received["tracking_url"]);

        let taken = world.act("specialist", code, json!({ "action": "take", "revision": shown["revision"] }));
        assert_eq!(taken["status"], "in_progress");
        assert_eq!(taken["status_number"], 4);
        world.act("specialist", code, json!({ "action": "note", "text": "Đã gọi cho công dân." }));
        world.act("specialist", code, json!({ "action": "pass", "note": "Đề nghị ký." }));
        let back = world.act("leader", code, json!({ "action": "send_back", "reason": "Ghi lại quê quán." }));
        assert_eq!(back["waiting"]["step"], "tham-dinh");
        world.act("specialist", code, json!({ "action": "pass" }));
        world.act("leader", code, json!({ "action": "pass" }));

        let pdf = Part::file("file", "giay-khai-sinh.pdf", "application/pdf", b"%PDF-1.4\n%%EOF\n");
        let kept =
            world.program_with("clerk", "upload-0001").post_multipart("/api/v1/files", std::slice::from_ref(&pdf));
        let kept = kept.assert_status(201).json();
        assert_eq!(kept["media_type"], "application/pdf");
        let finish =
            json!({ "action": "finish", "name": "Giấy khai sinh", "number": "214/2026", "file_id": kept["id"] });
        let finished = world.act("clerk", code, finish);
        assert_eq!(finished["status"], "finished");
        assert_eq!(finished["outcome"], "on_time");
        assert_eq!(finished["results"][0]["file_id"], kept["id"]);

        let path = format!("{DOSSIERS}/{code}/deliveries");
        let receiver = json!({ "receiver": "Nông Thị Hoàng Yến" });
        let delivered =
            world.program_with("counter", "deliver-0001").post_json(&path, &receiver).assert_status(201).json();
        assert_eq!(delivered["status"], "delivered");
        let kinds: Vec<&str> =
            delivered["events"].as_array().unwrap().iter().map(|event| event["kind"].as_str().unwrap()).collect();
        let life = "received taken noted passed sent_back passed passed finished delivered";
        assert_eq!(kinds.join(" "), life);
        assert_eq!(delivered["events"][1]["officer"], "Đặng Đình Ưởng");
    });
}

#[test]
fn a_repeated_key_answers_what_it_answered_before() {
    each_world(|world| {
        let first = world.receive("receive-0001");
        world.at("2026-11-20T14:05");
        assert_eq!(world.receive("receive-0001"), first);
        assert_ne!(world.receive("receive-0002")["code"], first["code"]);
        assert_eq!(world.audited("dossiers.receive"), 2);

        let code = first["code"].as_str().unwrap();
        let path = format!("{DOSSIERS}/{code}/moves");
        for _ in 0..2 {
            let note = json!({ "action": "note", "text": "Một lần thôi." });
            world.program_with("specialist", "note-0001").post_json(&path, &note).assert_status(200);
        }
        assert_eq!(world.audited("dossiers.note"), 1);
        let taken = world.program_with("counter", "note-0001").post_json(DOSSIERS, &crate::world::birth());
        assert_eq!(taken.assert_status(409).json()["code"], "conflict");
        let pdf = Part::file("file", "a.pdf", "application/pdf", b"%PDF-1.4\n%%EOF\n");
        let mut clerk = world.program_with("clerk", "upload-0001");
        let ids: Vec<Value> = (0..2)
            .map(|_| clerk.post_multipart("/api/v1/files", std::slice::from_ref(&pdf)).json()["id"].clone())
            .collect();
        assert_eq!(ids[0], ids[1]);
    });
}

/// Sends a dossier with one thing changed.
fn changed(change: impl Fn(&mut Value)) -> Value {
    let mut birth = crate::world::birth();
    change(&mut birth);
    birth
}

#[test]
fn mistakes_are_told_all_at_once_in_vietnamese() {
    each_world(|world| {
        let mut counter = world.program_with("counter", "receive-0001");
        let json = Some("application/json");
        let broken =
            counter.send(http::Method::POST, DOSSIERS, json, "{\"procedure\": ".into()).assert_status(422).json();
        assert_eq!(broken["code"], "invalid");
        assert!(broken["message"].as_str().unwrap().contains("Nội dung JSON không đúng"), "{broken}");
        assert!(broken["request"].is_string());

        let wrong = changed(|birth| {
            birth["channel"] = json!("telepathy");
            birth["return_way"] = json!("dove");
            birth["form"]["applicant_identity"] = json!("0191");
            birth["form"]["child_name"] = json!("");
            birth["papers"] = json!([{ "requirement": "khong-co" }, { "requirement": "to-khai", "originals": -1 }]);
        });
        let refused = counter.post_json(DOSSIERS, &wrong).assert_status(422).json();
        let fields: Vec<&str> =
            refused["fields"].as_array().unwrap().iter().map(|f| f["field"].as_str().unwrap()).collect();
        for field in ["channel", "return_way", "form.applicant_identity", "form.child_name", "papers"] {
            assert!(fields.contains(&field), "{field} is missing in {refused}");
        }
        assert_eq!(world.audited("dossiers.receive"), 0);

        let unknown = changed(|birth| birth["procedure"] = json!("9.999999"));
        assert_eq!(counter.post_json(DOSSIERS, &unknown).assert_status(404).json()["code"], "not_found");
        let extra = changed(|birth| birth["unknown"] = json!(1));
        counter.post_json(DOSSIERS, &extra).assert_status(422);
        let elsewhere = changed(|birth| birth["unit"] = json!("H99.02"));
        assert_eq!(counter.post_json(DOSSIERS, &elsewhere).assert_status(403).json()["code"], "forbidden");
        let nowhere = changed(|birth| birth["unit"] = json!("H00"));
        assert_eq!(counter.post_json(DOSSIERS, &nowhere).assert_status(422).json()["fields"][0]["field"], "unit");
        let without_key =
            world.program("counter").post_json(DOSSIERS, &crate::world::birth()).assert_status(422).json();
        assert!(without_key["message"].as_str().unwrap().contains("Idempotency-Key"), "{without_key}");
        let here = changed(|birth| birth["unit"] = json!("H99.01"));
        counter.post_json(DOSSIERS, &here).assert_status(201);
        world.at("2027-03-02T09:00");
        let late = world.program_with("counter", "receive-0009").post_json(DOSSIERS, &crate::world::birth());
        assert_eq!(late.assert_status(409).json()["code"], "conflict");
    });
}

#[test]
fn a_case_is_asked_for_and_a_group_without_papers_is_odd_but_may_be_right() {
    each_world(|world| {
        let bare = changed(|birth| birth["papers"] = json!([]));
        let received =
            world.program_with("counter", "receive-0001").post_json(DOSSIERS, &bare).assert_status(201).json();
        let warnings = received["warnings"].to_string();
        assert!(warnings.contains("Chưa có giấy tờ nào trong nhóm: «Giấy chứng sinh»"), "{warnings}");
        let cased = changed(|birth| birth["case"] = json!("nao-do"));
        let refused =
            world.program_with("counter", "receive-0002").post_json(DOSSIERS, &cased).assert_status(422).json();
        assert_eq!(refused["fields"][0]["field"], "case");
    });
}

#[test]
fn a_state_that_has_changed_meanwhile_is_a_conflict() {
    each_world(|world| {
        let received = world.receive("receive-0001");
        let path = format!("{DOSSIERS}/{}/moves", received["code"].as_str().unwrap());
        let shown = world.act("specialist", received["code"].as_str().unwrap(), json!({ "action": "take" }));
        let old = json!({ "action": "pass", "revision": shown["revision"].as_i64().unwrap() - 1 });
        let refused = world.program_with("specialist", "pass-0001").post_json(&path, &old).assert_status(409).json();
        assert!(refused["message"].as_str().unwrap().contains("vừa được người khác xử lý"), "{refused}");
        let twice = json!({ "action": "finish", "name": "x" });
        world.program_with("specialist", "fin-000001").post_json(&path, &twice).assert_status(422);
        let unknown = json!({ "action": "explode" });
        world.program_with("specialist", "exp-000001").post_json(&path, &unknown).assert_status(422);
        let bad = json!({ "action": "finish", "name": "x", "file": { "name": "a.pdf", "content": "***" } });
        let refused = world.program_with("specialist", "bad-000001").post_json(&path, &bad).assert_status(422).json();
        assert_eq!(refused["fields"][0]["field"], "file.content");
    });
}

#[test]
fn lists_are_paged_and_filtered_and_hold_no_personal_numbers() {
    each_world(|world| {
        for n in 0..5 {
            world.receive(&format!("receive-{n:04}"));
        }
        let mut counter = world.program("counter");
        let mut seen = Vec::new();
        let mut path = format!("{DOSSIERS}?limit=2");
        loop {
            let answer = counter.get(&path).assert_status(200);
            assert!(!answer.text().contains(PARTY[1]) && !answer.text().contains(PARTY[2]));
            let page = answer.json();
            let rows = page["dossiers"].as_array().unwrap();
            seen.extend(rows.iter().map(|row| row["code"].as_str().unwrap().to_owned()));
            match page["next"].as_str() {
                Some(next) => path = format!("{DOSSIERS}?limit=2&after={next}"),
                None => break,
            }
        }
        assert_eq!(seen.len(), 5);
        assert!(seen.is_sorted_by(|a, b| a > b), "newest first: {seen:?}");
        let count = |query: &str| {
            let page = world.program("counter").get(&format!("{DOSSIERS}?{query}")).assert_status(200).json();
            page["dossiers"].as_array().unwrap().len()
        };
        assert_eq!(count("q=H99.01-261120-0003"), 1);
        assert_eq!(count("q=019192000217"), 5);
        assert_eq!(count("q=hoang+yen&limit=3"), 3);
        assert_eq!(count("status=finished"), 0);
        assert_eq!(count("status=received&procedure=1.001193&from=2026-11-20&to=2026-11-20"), 5);
        for wrong in ["status=gone", "from=hom-qua", "after=x1", "unknown=1", "limit=many"] {
            counter.get(&format!("{DOSSIERS}?{wrong}")).assert_status(422);
        }
    });
}

#[test]
fn procedures_are_public_with_their_sources() {
    each_world(|world| {
        let mut anyone = world.browser();
        let found = anyone.get("/api/v1/procedures?q=khai+sinh").assert_status(200).json();
        assert_eq!(found["procedures"][0]["code"], "1.001193");
        let shown = anyone.get("/api/v1/procedures/1.001193").assert_status(200).json();
        assert_eq!(shown["definition"]["takes"]["rule"], "same_day");
        assert_eq!(shown["in_force"], true);
        let fact = |shown: &Value, path: &str| {
            shown["facts"].as_array().unwrap().iter().find(|fact| fact["path"] == path).unwrap().clone()
        };
        let (steps, announced, name) = (fact(&shown, "steps"), fact(&shown, "announced"), fact(&shown, "name"));
        assert_eq!((&steps["standing"], &steps["verified"]), (&json!("doubtful"), &json!(false)));
        assert_eq!((&name["standing"], &name["verified"]), (&json!("sourced"), &json!(false)), "no decision is known");
        assert_eq!(name["decision"], Value::Null);
        let certified = fact(&anyone.get("/api/v1/procedures/2.000815").assert_status(200).json(), "name");
        assert_eq!((&certified["standing"], &certified["verified"]), (&json!("verified"), &json!(true)));
        assert_eq!(certified["decision"], "3152/QĐ-BTP, 2025-10-31");
        assert_eq!(announced["verified"], false, "what was not found is told, not left out");
        anyone.get("/api/v1/procedures/9.999999").assert_status(404);
    });
}

#[test]
fn a_verified_fact_names_the_decision_behind_it_and_no_other_does() {
    each_world(|world| {
        let (_, text) = *catalogue::FILES.iter().find(|(code, _)| *code == "1.001193").expect("it ships");
        let document = "12/QĐ-UBND ngày 05/01/2026 của UBND tỉnh Phú Lâm";
        let checked = text.replace(r#"decides = "F:API,SO""#, &format!(r#"decides = "Q:{document}""#));
        assert_ne!(checked, text);
        world.write(move |tx| stored::import(tx, &checked));
        let mut anyone = world.browser();
        let mut named: Vec<(&str, String)> = Vec::new();
        for code in ["1.001193", "2.000815"] {
            let shown = anyone.get(&format!("/api/v1/procedures/{code}")).assert_status(200).json();
            for fact in shown["facts"].as_array().expect("facts") {
                assert_eq!(fact["verified"] == true, fact["decision"].is_string(), "{code}: {fact}");
                named.extend(fact["decision"].as_str().map(|decision| (code, decision.to_owned())));
            }
            let decides = shown["facts"].as_array().unwrap().iter().find(|fact| fact["path"] == "decides").unwrap();
            assert!(code != "1.001193" || decides["source"] == document, "{decides}");
        }
        named.dedup();
        let wanted = [("1.001193", "12/QĐ-UBND, 2026-01-05"), ("2.000815", "3152/QĐ-BTP, 2025-10-31")];
        assert_eq!(named, wanted.map(|(code, decision)| (code, decision.to_owned())));
        let page = anyone.get("/thu-tuc/1.001193").assert_status(200).page().text("main");
        assert!(page.contains(document), "{page}");
    });
}

#[test]
fn what_is_not_asked_is_told_to_be_left_out() {
    each_world(|world| {
        let body = changed(|birth| birth["form"]["khong_co"] = json!("x"));
        let refused =
            world.program_with("counter", "receive-0001").post_json(DOSSIERS, &body).assert_status(422).json();
        assert_eq!(refused["fields"][0]["field"], "form.khong_co", "{refused}");
        let (key, value) = ("marriage_certificate", "Số 12, xã Suối Mơ");
        let body = changed(|birth| birth["form"][key] = json!(value));
        let received =
            world.program_with("counter", "receive-0002").post_json(DOSSIERS, &body).assert_status(201).json();
        let warnings = received["warnings"].as_array().expect("warnings");
        let told = warnings.iter().find(|warning| warning["field"] == format!("form.{key}"));
        assert!(
            told.is_some_and(|w| w["message"].as_str().is_some_and(|m| m.contains("không được lưu"))),
            "{received}"
        );
    });
}

#[test]
fn a_form_that_no_key_opens_is_null_and_files_that_programs_read_are_noted() {
    each_world(|world| {
        let received = world.receive("receive-0001");
        let code = received["code"].as_str().unwrap();
        world.write(|tx| {
            tx.not_audited("as a lost key leaves it");
            tx.exec("UPDATE dossier SET form = '1.AAAA'", store::params![])
        });
        let shown = world.program("specialist").get(&format!("{DOSSIERS}/{code}")).assert_status(200).json();
        assert_eq!((&shown["form"], &shown["form_closed"]), (&Value::Null, &json!(true)));
        assert_eq!(
            (&shown["applicant"]["identity_number"], &shown["applicant"]["name"]),
            (&Value::Null, &json!(PARTY[0]))
        );
    });
}
