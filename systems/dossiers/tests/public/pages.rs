//! The public pages: found as people say it, honest about what is not verified, light, without a script.

use crate::world::each_world;
use testkit::Answer;

/// What a page after the first may weigh on the line, in bytes.
const NEXT_PAGE_MAX: usize = 5 * 1024;

fn check(answer: &Answer) {
    let text = answer.text();
    assert!(!text.contains("<script") && !text.contains(" style="), "a script or an inline style");
    let page = answer.page();
    assert_eq!(page.count("h1"), 1, "{}", page.text("main"));
}

#[test]
fn the_front_page_leads_to_procedures_and_to_following() {
    each_world(|world| {
        let mut browser = world.browser();
        let answer = browser.get("/").assert_status(200);
        check(&answer);
        let page = answer.page();
        assert!(page.text("main").contains("Tìm trong 44 thủ tục"), "{}", page.text("main"));
        assert_eq!(
            page.attribute(".chips a", "href").as_deref(),
            Some("/thu-tuc/1.001193"),
            "births are asked for most"
        );
        let births = browser.get("/thu-tuc?linh-vuc=ho-tich").assert_status(200).page();
        assert_eq!(births.count(".link-list li"), 14);
        assert!(births.text("main").contains("14 thủ tục lĩnh vực Hộ tịch."));
        browser.get("/tra-cuu").assert_status(200);
    });
}

#[test]
fn procedures_are_found_as_people_say_it() {
    each_world(|world| {
        let mut browser = world.browser();
        for (typed, first) in [
            ("giấy khai sinh", "/thu-tuc/1.001193"),
            ("giay khai sinh", "/thu-tuc/1.001193"),
            ("1.004873", "/thu-tuc/1.004873"),
        ] {
            let query: String = typed.bytes().map(|byte| format!("%{byte:02X}")).collect();
            let answer = browser.get(&format!("/thu-tuc?q={query}")).assert_status(200);
            check(&answer);
            assert_eq!(answer.page().attribute(".link-list a", "href").as_deref(), Some(first), "{typed}");
        }
        let nothing = browser.get("/thu-tuc?q=zzzz").assert_status(200).page();
        assert!(nothing.text("main").contains("Không tìm thấy thủ tục nào"));
        let hostile = browser.get("/thu-tuc?q=%3Cb%3Ex%3C/b%3E").assert_status(200).text();
        assert!(!hostile.contains("<b>x</b>"));
    });
}

#[test]
fn a_procedure_tells_what_is_needed_and_what_nobody_has_checked() {
    each_world(|world| {
        let mut browser = world.browser();
        let answer = browser.get("/thu-tuc/1.001193").assert_status(200);
        check(&answer);
        let (page, text) = (answer.page(), answer.page().text("main"));
        for wanted in
            ["Giấy chứng sinh", "Ngay trong ngày", "8.000 đồng", "60/2014/QH13", "28/02/2027", "Giấy khai sinh"]
        {
            assert!(text.contains(wanted), "{wanted} is missing");
        }
        // The steps are our draft, the form's papers were found in sources.
        assert!(page.texts(".not-verified").iter().any(|mark| mark.contains("Bản đề xuất của phần mềm")), "{text}");
        let paper = page.texts(".check-list li").into_iter().find(|line| line.contains("Giấy chứng sinh")).unwrap();
        assert!(!paper.contains("Chưa kiểm chứng"), "{paper}");
        // Nobody has held what the sources say against the decision, and the page says so above all of it.
        assert!(text.contains("Chưa kiểm chứng với quyết định công bố"), "{text}");
        let decided = browser.get("/thu-tuc/2.000815").assert_status(200).page().text("main");
        assert!(!decided.contains("Chưa kiểm chứng với quyết định công bố"), "{decided}");
        assert!(text.contains("Chưa tìm thấy"), "the announcing decision is told to be missing: {text}");
        let emergency = browser.get("/thu-tuc/1.013225").assert_status(200).page().text("main");
        assert!(emergency.contains("Chỉ khi hệ thống gặp sự cố: Trực tiếp, Bưu chính công ích"), "{emergency}");

        let ministry = browser.get("/thu-tuc/1.001612").assert_status(200).page().text("main");
        assert!(ministry.contains("Hệ thống thông tin về đăng ký hộ kinh doanh"), "{ministry}");
        world.at("2027-03-01T09:00");
        let past = browser.get("/thu-tuc/1.001193").assert_status(200).page().text("main");
        assert!(past.contains("Bản này đã hết hiệu lực"), "{past}");
        browser.get("/thu-tuc/9.999999").assert_status(404);
    });
}

#[test]
fn every_public_page_is_light() {
    each_world(|world| {
        let received = world.receive("receive-0001");
        let follow = received["tracking_url"].as_str().unwrap().replace("https://suoimo.test", "");
        let mut paths = vec!["/".to_owned(), "/thu-tuc".to_owned(), "/tra-cuu".to_owned(), follow];
        paths.extend(dossiers::procedure::catalogue::FILES.iter().map(|(code, _)| format!("/thu-tuc/{code}")));
        let mut browser = world.browser().header("accept-encoding", "br");
        let heavy: Vec<String> = paths
            .iter()
            .map(|path| (path, browser.get(path).assert_status(200).body.len()))
            .filter(|(_, bytes)| *bytes > NEXT_PAGE_MAX)
            .map(|(path, bytes)| format!("{path}: {bytes} bytes"))
            .collect();
        assert!(heavy.is_empty(), "{heavy:#?}");
    });
}
