//! Guessing: a code alone opens nothing, a wrong number and an unknown code look the same, and spraying is slowed down.

use crate::world::{TAILS, each_world};
use testkit::{Answer, Client};

/// Tries a code with its last digits, as a person would with the form.
fn try_once(browser: &mut Client, code: &str, tail: &str) -> Answer {
    let form = browser.get("/tra-cuu").assert_status(200).page().form("form[action='/tra-cuu']");
    browser.submit(&form.set("code", code).set("tail", tail))
}

/// The page without what is different on every page.
fn plain(answer: &Answer, code: &str) -> String {
    let text = answer.text();
    let (before, rest) = text.split_once(r#"name="command" value=""#).expect("the form has a command id");
    let (_, after) = rest.split_once('"').expect("the value ends");
    format!("{before}{after}").replace(code, "MÃ")
}

#[test]
fn the_code_with_the_last_digits_of_either_number_leads_to_the_link() {
    each_world(|world| {
        let received = world.receive("receive-0001");
        let code = received["code"].as_str().unwrap();
        let link = received["tracking_url"].as_str().unwrap().replace("https://suoimo.test", "");
        let mut browser = world.browser();
        for tail in TAILS {
            let answer = try_once(&mut browser, &format!(" {} ", code.to_lowercase()), tail).assert_leads_to(&link);
            assert_eq!(answer.header("cache-control"), Some("no-store"));
        }
        assert!(browser.cookie("nhaviec_may").is_some(), "the browser has no mark");
        let page = browser.get(&format!("/tra-cuu?code={code}")).assert_status(200).page();
        assert_eq!(page.form("form[action='/tra-cuu']").value("code"), Some(code));
        assert_eq!(browser.get(&format!("/theo-doi/{code}")).status, 404, "a code alone opened a dossier");
    });
}

#[test]
fn a_wrong_number_and_an_unknown_code_get_the_same_answer() {
    each_world(|world| {
        let received = world.receive("receive-0001");
        let code = received["code"].as_str().unwrap();
        let mut browser = world.browser();
        let wrong = try_once(&mut browser, code, "9999").assert_status(422);
        let unknown = try_once(&mut browser, "H99.01-261120-7777", "9999").assert_status(422);
        assert!(wrong.text().contains("Không tìm thấy hồ sơ với mã và 4 số này."), "{}", wrong.text());
        assert_eq!(plain(&wrong, code), plain(&unknown, "H99.01-261120-7777"));
        assert_eq!(wrong.header("location"), None);
        let names = |answer: &Answer| answer.headers.keys().map(|name| name.to_string()).collect::<Vec<_>>();
        assert_eq!(names(&wrong), names(&unknown));
        assert_eq!(world.audited("dossiers.track-refused"), 2);

        let answer = try_once(&mut browser, code, "12").assert_status(422);
        assert!(answer.text().contains("Nhập đúng 4 chữ số cuối"));
        assert_eq!(world.audited("dossiers.track-refused"), 2, "a form with a hole in it was counted as a guess");
    });
}

#[test]
fn a_browser_that_guesses_is_slowed_down_and_forgiven_after_an_hour() {
    each_world(|world| {
        let received = world.receive("receive-0001");
        let code = received["code"].as_str().unwrap();
        let mut browser = world.browser();
        for n in 0..10 {
            try_once(&mut browser, &format!("H99.01-261120-{n:04}"), "9999").assert_status(422);
        }
        let stopped = try_once(&mut browser, code, TAILS[0]).assert_status(429);
        assert!(stopped.text().contains("quá nhiều lần thử sai"), "{}", stopped.text());
        let mut other = world.browser();
        try_once(&mut other, code, TAILS[0]).assert_status(303);
        world.at("2026-11-20T15:01");
        try_once(&mut browser, code, TAILS[0]).assert_status(303);
    });
}

#[test]
fn spraying_one_dossier_or_from_one_address_is_stopped_whatever_marks_the_browsers_show() {
    each_world(|world| {
        let received = world.receive("receive-0001");
        let code = received["code"].as_str().unwrap();
        for n in 0..20 {
            try_once(&mut world.browser(), code, &format!("{:04}", 5000 + n)).assert_status(422);
        }
        try_once(&mut world.browser(), code, TAILS[0]).assert_status(429);

        for n in 0..40 {
            try_once(&mut world.browser(), &format!("H99.01-261120-{:04}", 100 + n), TAILS[0]).assert_status(422);
        }
        try_once(&mut world.browser(), "H99.01-261120-0999", TAILS[0]).assert_status(429);
        world.at("2026-11-20T15:01");
        try_once(&mut world.browser(), code, TAILS[0]).assert_status(303);
    });
}

#[test]
fn a_form_that_is_sent_twice_counts_once() {
    each_world(|world| {
        let mut browser = world.browser();
        let form = browser.get("/tra-cuu").page().form("form[action='/tra-cuu']");
        let form = form.set("code", "H99.01-261120-0001").set("tail", "9999");
        browser.submit(&form).assert_status(422);
        browser.submit(&form).assert_status(422);
        assert_eq!(world.audited("dossiers.track-refused"), 1);
    });
}
