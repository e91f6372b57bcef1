//! Guessing: a code alone opens nothing, a wrong number and an unknown code look the same, and spraying is slowed down.

use crate::world::{PARTY, TAILS, each_world};
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
fn who_guesses_at_a_code_waits_and_nobody_else_does() {
    each_world(|world| {
        let received = world.receive("receive-0001");
        let code = received["code"].as_str().unwrap();
        let guesser = || world.browser_at("203.0.113.7:40001");
        for n in 0..5 {
            try_once(&mut guesser(), code, &format!("{:04}", 5000 + n)).assert_status(422);
        }
        try_once(&mut guesser(), code, TAILS[0]).assert_status(429);
        try_once(&mut guesser(), code, PARTY[1]).assert_status(429);
        try_once(&mut guesser(), "H99.01-261120-0999", TAILS[0]).assert_status(422);
        try_once(&mut world.browser_at("203.0.113.8"), code, TAILS[0]).assert_status(303);
        world.at("2026-11-20T15:01");
        try_once(&mut guesser(), code, TAILS[0]).assert_status(303);
    });
}

#[test]
fn a_code_that_the_whole_net_guesses_at_still_opens_with_the_whole_number() {
    each_world(|world| {
        let received = world.receive("receive-0001");
        let code = received["code"].as_str().unwrap();
        for n in 0..20 {
            let mut stranger = world.browser_at(&format!("203.0.113.{n}"));
            try_once(&mut stranger, code, &format!("{:04}", 5000 + n)).assert_status(422);
        }
        let mut party = world.browser_at("198.51.100.1");
        let told = try_once(&mut party, code, TAILS[0]).assert_status(422);
        assert!(told.text().contains("Hãy nhập đủ số định danh"), "{}", told.text());
        let wrong = try_once(&mut party, code, "9999").assert_status(422);
        assert_eq!(plain(&told, code), plain(&wrong, code), "the answer tells whether the digits were right");
        let command = told.page().form("form[action='/tra-cuu']");
        party.submit(&command.set("code", code).set("tail", PARTY[1])).assert_status(303);
        for whole in ["0975 000 418", "+84975000418"] {
            try_once(&mut world.browser_at("198.51.100.1"), code, whole).assert_status(303);
        }
        try_once(&mut world.browser_at("198.51.100.1"), code, "019192000218").assert_status(422);
        world.at("2026-11-21T14:01");
        try_once(&mut world.browser_at("198.51.100.1"), code, TAILS[0]).assert_status(303);
    });
}

#[test]
fn spraying_many_dossiers_from_one_line_is_stopped_whatever_marks_the_browsers_show() {
    each_world(|world| {
        let received = world.receive("receive-0001");
        let code = received["code"].as_str().unwrap();
        // One line of IPv6 has more addresses than anybody could count.
        let line = |n: u32| world.browser_at(&format!("2001:db8:1:2::{n:x}"));
        for n in 0..60 {
            try_once(&mut line(n), &format!("H99.01-261120-{:04}", 100 + n), TAILS[0]).assert_status(422);
        }
        try_once(&mut line(60), code, TAILS[0]).assert_status(429);
        try_once(&mut world.browser_at("2001:db8:1:3::1"), code, TAILS[0]).assert_status(303);
    });
}

#[test]
fn a_look_up_that_is_right_or_refused_costs_no_write_and_keeps_no_link() {
    each_world(|world| {
        let received = world.receive("receive-0001");
        let code = received["code"].as_str().unwrap();
        let rows = || -> Vec<i64> {
            let count = |table: &str| world.read(|r| r.one::<(i64,)>(&format!("SELECT count(*) FROM {table}"), &[])).0;
            ["command", "audit", "track_failure", "outbox"].into_iter().map(count).collect()
        };
        let fresh = rows();
        try_once(&mut world.browser(), code, TAILS[0]).assert_status(303);
        assert_eq!(rows(), fresh, "a right one was written");
        for n in 0..5 {
            try_once(&mut world.browser(), code, &format!("{:04}", 5000 + n)).assert_status(422);
        }
        let guessed = rows();
        assert_eq!(guessed[1] - fresh[1], 5, "each wrong one is audited");
        for _ in 0..20 {
            try_once(&mut world.browser(), code, "9999").assert_status(429);
        }
        assert_eq!(rows(), guessed, "a refused one was written");
        let link = received["tracking_url"].as_str().unwrap().rsplit('/').next().unwrap();
        let kept: Vec<(String,)> =
            world.read(|r| r.all("SELECT answer FROM command WHERE verb = 'dossiers.track'", &[]));
        assert!(kept.len() == 5 && kept.iter().all(|(answer,)| !answer.contains(link)), "{kept:?}");
    });
}

#[test]
fn guesses_under_one_command_id_or_all_at_once_are_counted_like_others() {
    each_world(|world| {
        let received = world.receive("receive-0001");
        let code = received["code"].as_str().unwrap();
        let mut sly = world.browser_at("203.0.113.7");
        let form = sly.get("/tra-cuu").page().form("form[action='/tra-cuu']").set("code", code);
        for n in 0..5 {
            sly.submit(&form.clone().set("tail", &format!("{:04}", 5000 + n))).assert_status(422);
        }
        sly.submit(&form.clone().set("tail", TAILS[0])).assert_status(429);

        let guess = |n: u32| try_once(&mut world.browser_at("203.0.113.8"), code, &format!("{:04}", 6000 + n)).status;
        let statuses: Vec<u16> = std::thread::scope(|scope| {
            let tries: Vec<_> = (0..16).map(|n| scope.spawn(move || guess(n))).collect();
            tries.into_iter().map(|one| one.join().unwrap()).collect()
        });
        let looked_at = statuses.iter().filter(|status| **status == 422).count();
        assert_eq!(looked_at, 5, "{statuses:?}");
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
