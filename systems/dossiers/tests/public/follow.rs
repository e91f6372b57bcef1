//! Following a dossier: what the page says at each stage, and what it never says.

use crate::world::{PARTY, World, each_world};
use serde_json::json;
use testkit::{Answer, Client, Part};

/// The path of the tracking link.
fn link(received: &serde_json::Value) -> String {
    let url = received["tracking_url"].as_str().unwrap();
    url.strip_prefix("https://suoimo.test").unwrap_or_else(|| panic!("{url} is not ours")).to_owned()
}

/// The page as somebody with the receipt sees it.
fn open(world: &World, path: &str) -> Answer {
    let answer = world.browser().get(path).assert_status(200);
    let text = answer.text();
    for particular in PARTY.iter().chain(&["Đặng Đình Ưởng", "Nguyễn Thị Mỹ Hạnh", "0975 000 418"]) {
        assert!(!text.contains(particular), "the page tells {particular}:\n{text}");
    }
    assert!(!text.contains("<script"), "a citizen page has a script");
    answer
}

fn say(answer: &Answer, wanted: &str) {
    let text = answer.page().text("main");
    assert!(text.contains(wanted), "the page does not say «{wanted}» but:\n{text}");
}

#[test]
fn the_link_tells_the_way_of_a_dossier_and_no_particulars() {
    each_world(|world| {
        let received = world.receive("receive-0001");
        let (code, path) = (received["code"].as_str().unwrap(), link(&received));
        assert_eq!(code, "H99.01-261120-0001");
        let page = open(&world, &path);
        assert_eq!(page.header("cache-control"), Some("no-store"));
        assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
        assert_eq!(page.header("x-robots-tag"), Some("noindex, nofollow"));
        say(&page, "Được tiếp nhận");
        say(&page, "hạn 17:30 20/11/2026");
        say(&page, "Đang ở Công chức Tư pháp – Hộ tịch, Phòng Văn hóa – Xã hội từ 14:00 20/11");
        say(&page, "Tiếp nhận lúc 14:00 thứ Sáu 20/11/2026, tính từ thời điểm này.");
        assert_eq!(page.page().text("[aria-current=step] b"), "Thẩm định hồ sơ, dự thảo kết quả (đang làm)");

        world.at("2026-11-20T14:20");
        let reason = "Chị Nông Thị Hoàng Yến nộp Giấy chứng sinh bản chính của cháu NÔNG GIA ƯỞNG, gọi 0975.000.418.";
        world.act("specialist", code, json!({ "action": "request_supplement", "reason": reason }));
        let page = open(&world, &path);
        say(&page, "Tạm dừng tính thời gian");
        say(&page, "Chị ••• nộp Giấy chứng sinh bản chính của cháu •••, gọi •••.");
        say(&page, "Chờ ông/bà bổ sung giấy tờ");

        world.at("2026-11-20T14:50");
        world.act("specialist", code, json!({ "action": "resume" }));
        let page = open(&world, &path);
        say(&page, "hạn 08:00 23/11/2026");
        say(&page, "Yêu cầu bổ sung giấy tờ, từ 14:20 20/11/2026 đến 14:50 20/11/2026");

        world.act("specialist", code, json!({ "action": "pass" }));
        let page = open(&world, &path);
        say(&page, "Đang ở Phó Chủ tịch, Xã Suối Mơ từ 14:50 20/11");

        world.act("leader", code, json!({ "action": "pass" }));
        let result = json!({
            "action": "finish", "name": "Giấy khai sinh", "number": "214/2026",
            "file": { "name": "giay-khai-sinh.pdf", "content": data_encoding::BASE64.encode(b"%PDF-1.4\n%%EOF\n") },
        });
        world.act("clerk", code, result);
        let page = open(&world, &path);
        say(&page, "Đã có kết quả");
        say(&page, "Kết quả ở Công chức một cửa, Bộ phận một cửa từ 14:50 20/11");

        let key = "deliver-0001";
        let path_api = format!("/api/v1/dossiers/{code}/deliveries");
        let receiver = json!({ "receiver": PARTY[0] });
        world.program_with("counter", key).post_json(&path_api, &receiver).assert_status(201);
        say(&open(&world, &path), "Kết quả đã được trả. Hồ sơ đã kết thúc.");
    });
}

#[test]
fn a_link_that_is_not_ours_opens_nothing() {
    each_world(|world| {
        let received = world.receive("receive-0001");
        let path = link(&received);
        let mut browser = world.browser();
        for wrong in ["/theo-doi/x".to_owned(), format!("{path}a"), path[..path.len() - 1].to_owned()] {
            browser.get(&wrong).assert_status(404);
        }
        let other = "/theo-doi/aaaaaaaaaaaaaaaaaaaaaaaaaa";
        say_not_found(&mut browser, other);
    });
}

fn say_not_found(browser: &mut Client, path: &str) {
    let text = browser.get(path).assert_status(404).text();
    assert!(text.contains("quét lại mã QR"), "{text}");
}

#[test]
fn a_file_is_held_against_the_very_result() {
    const RESULT: &[u8] = b"%PDF-1.4\n%%EOF\n";
    each_world(|world| {
        let received = world.receive("receive-0001");
        let (code, path) = (received["code"].as_str().unwrap(), format!("{}/doi-chieu", link(&received)));
        let compare = |bytes: &[u8]| {
            let file = Part::file("file", "ket-qua.pdf", "application/pdf", bytes);
            world.browser().post_multipart(&path, &[file]).assert_status(200)
        };
        assert_eq!(open(&world, &link(&received)).page().count("a[href$=doi-chieu]"), 0, "there is no result yet");
        say(&compare(RESULT), "Không phải tệp kết quả của hồ sơ này");
        for who in ["specialist", "leader"] {
            world.act(who, code, json!({ "action": "pass" }));
        }
        let content = data_encoding::BASE64.encode(RESULT);
        let file = json!({ "name": "giay-khai-sinh.pdf", "content": content });
        world.act(
            "clerk",
            code,
            json!({ "action": "finish", "name": "Giấy khai sinh", "number": "214/2026", "file": file }),
        );
        assert_eq!(open(&world, &link(&received)).page().count("a[href$=doi-chieu]"), 1);
        let same = compare(RESULT);
        say(&same, "Đúng là kết quả của hồ sơ này");
        say(&same, "số 214/2026");
        assert!(!same.page().text("main").contains("chữ ký số"), "an unsigned result is no doubtful one");
        say(&compare(b"%PDF-1.4\n%%EOF\n "), "Không phải tệp kết quả của hồ sơ này");
        let shown = world.program("clerk").get(&format!("/api/v1/dossiers/{code}")).assert_status(200).json();
        let other = Part::file("file", "moi.pdf", "application/pdf", b"%PDF-1.4\n%%EOF\n\n");
        let other = world.program_with("clerk", "upload-0001").post_multipart("/api/v1/files", &[other]);
        let replaced = json!({
            "action": "replace_result", "result_id": shown["results"][0]["id"], "name": "Giấy khai sinh",
            "file_id": other.assert_status(201).json()["id"], "reason": "Sai ngày sinh.",
        });
        world.act("clerk", code, replaced);
        say(&compare(RESULT), "Đây là kết quả cũ, đã được thay");
        let nothing = world.browser().post_multipart(&path, &[]).assert_status(422);
        say(&nothing, "Chọn tệp kết quả cần đối chiếu.");
        let guessed = path.replace("/theo-doi/", "/theo-doi/x");
        world.browser().get(&guessed).assert_status(404);
    });
}
