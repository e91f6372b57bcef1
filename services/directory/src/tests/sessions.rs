//! Sessions: how long they last, and that ending one works at once, on every node.

use super::world::{PASSWORD, each_world, sign_in};
use crate::account;
use store::params;
use testkit::Client;

fn is_in(browser: &mut Client) -> bool {
    match browser.get("/tai-khoan").status {
        200 => true,
        303 => false,
        other => panic!("/tai-khoan answered {other}"),
    }
}

#[test]
fn a_session_ends_when_it_is_idle_and_lives_while_it_is_used() {
    each_world(|world| {
        let mut browser = world.signed_in("uong.dd");
        for _ in 0..6 {
            world.wait_minutes(14);
            assert!(is_in(&mut browser), "used within a quarter of an hour");
        }
        world.wait_minutes(15);
        assert!(!is_in(&mut browser));
        // Administrators' sessions end after five minutes.
        let mut admin = world.signed_in("hanh.ntm");
        world.wait_minutes(4);
        assert!(is_in(&mut admin));
        world.wait_minutes(5);
        assert!(!is_in(&mut admin));
    });
}

#[test]
fn a_page_on_which_one_types_keeps_the_session_and_learns_when_it_ends() {
    each_world(|world| {
        let left = "/tai-khoan/phien/con-lai";
        let mut browser = world.signed_in("uong.dd");
        for _ in 0..6 {
            world.wait_minutes(14);
            assert_eq!(browser.get(left).assert_status(200).text(), "900");
        }
        assert!(is_in(&mut browser), "asking kept it");
        world.wait_minutes(15);
        assert_eq!(browser.get(left).status, 401, "no redirect: the page that asks must stay");
        assert_eq!(world.signed_in("hanh.ntm").get(left).text(), "300", "an administrator's is shorter");
        // However busy, it ends after half a day: what is left then is less than the idle time.
        let mut busy = world.signed_in("uong.dd");
        for _ in 0..71 {
            world.wait_minutes(10);
            busy.get(left).assert_status(200);
        }
        assert_eq!(busy.get(left).text(), "600");
    });
}

#[test]
fn what_is_sent_too_late_is_not_lost_to_a_redirect() {
    each_world(|world| {
        let mut browser = world.signed_in("uong.dd");
        world.wait_minutes(16);
        let sent = browser.post("/tai-khoan/mat-khau", &[("old", "x")]);
        assert_eq!(sent.status, 401, "the browser still has the form and sends it again on reloading");
        let asked = browser.clone().header("x-requested-with", "XMLHttpRequest").get("/tai-khoan");
        assert_eq!(asked.status, 401, "a script is told, its page stays");
        let part = browser.clone().header("hx-request", "true").get("/tai-khoan").assert_status(401);
        let entrance = part.header("hx-redirect");
        assert_eq!(entrance, Some("/dang-nhap?tiep=/tai-khoan"), "the entrance does not take the place of a list");
        browser.get("/tai-khoan").assert_leads_to("/dang-nhap?tiep=/tai-khoan");
    });
}

#[test]
fn a_session_ends_after_half_a_day_however_busy() {
    each_world(|world| {
        let mut browser = world.signed_in("uong.dd");
        for _ in 0..71 {
            world.wait_minutes(10);
            assert!(is_in(&mut browser));
        }
        world.wait_minutes(10);
        assert!(!is_in(&mut browser));
    });
}

#[test]
fn the_last_use_is_written_at_most_once_a_minute() {
    each_world(|world| {
        let mut browser = world.signed_in("uong.dd");
        let written =
            || -> i64 { world.node.read(|r| r.one("SELECT seen_at FROM session", params![]).map(|(at,)| at)) };
        let first = written();
        for _ in 0..5 {
            assert!(is_in(&mut browser));
        }
        assert_eq!(written(), first);
        world.wait_minutes(2);
        assert!(is_in(&mut browser));
        for _ in 0..200 {
            if written() > first {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        panic!("the last use was never written");
    });
}

#[test]
fn a_session_ended_elsewhere_stops_at_once_on_every_node() {
    each_world(|world| {
        let other = world.second_node();
        let mut desk = world.signed_in("uong.dd");
        let mut phone = Client::new(&other.router);
        sign_in(&mut phone, "uong.dd", PASSWORD).assert_status(303);
        assert!(is_in(&mut desk) && is_in(&mut phone));
        let page = phone.get("/tai-khoan").page();
        assert_eq!(page.count("table tbody tr"), 2);
        let form = page.form("form[action*='/phien/'][action$='/ket-thuc']");
        phone.submit(&form).assert_leads_to("/tai-khoan");
        assert!(!is_in(&mut desk), "ended from the phone, through another node");
        assert!(is_in(&mut phone));
        assert_eq!(world.node.audited("directory.end_own_session"), 1);
    });
}

#[test]
fn going_back_and_ending_another_session_ends_it() {
    each_world(|world| {
        let mut desk = world.signed_in("uong.dd");
        let mut others = [world.signed_in("uong.dd"), world.signed_in("uong.dd")];
        // Both forms are of the one page that "back" shows again.
        let page = desk.get("/tai-khoan").page();
        let actions: Vec<String> = page
            .all("form[action*='/phien/'][action$='/ket-thuc']")
            .iter()
            .map(|form| form.value().attr("action").unwrap().to_owned())
            .collect();
        assert_eq!(actions.len(), 2);
        for action in actions {
            desk.submit(&page.form(&format!("form[action='{action}']"))).assert_leads_to("/tai-khoan");
        }
        assert!(is_in(&mut desk));
        for other in &mut others {
            assert!(!is_in(other));
        }
    });
}

#[test]
fn one_cannot_end_anothers_session() {
    each_world(|world| {
        let mut chi = world.signed_in("chi.ctx");
        let mut uong = world.signed_in("uong.dd");
        let uong_id = world.uong;
        let (session,): (i64,) =
            world.node.read(move |r| r.one("SELECT id FROM session WHERE officer_id = $1", params![uong_id]));
        let answer = chi.post(&format!("/tai-khoan/phien/{session}/ket-thuc"), &[("command", "thu-ket-thuc-1")]);
        assert_eq!(answer.status, 404);
        assert!(is_in(&mut uong));
    });
}

#[test]
fn closing_an_account_ends_its_sessions_at_once() {
    each_world(|world| {
        let mut browser = world.signed_in("uong.dd");
        assert!(is_in(&mut browser));
        let uong = world.uong;
        world.second_node().write(move |tx| account::disable(tx, uong));
        assert!(!is_in(&mut browser));
        let answer = sign_in(&mut browser, "uong.dd", PASSWORD).assert_status(403);
        assert!(answer.text().contains("Tài khoản đã bị khóa"));
        assert_eq!(
            sign_in(&mut world.browser(), "uong.dd", "Không phải mật khẩu 1.").status,
            422,
            "only who knows it is told"
        );
    });
}

#[test]
fn signing_in_again_on_a_device_ends_the_session_before() {
    each_world(|world| {
        let mut browser = world.signed_in("uong.dd");
        let before = browser.clone();
        browser.post("/dang-nhap", &[("username", "uong.dd"), ("password", PASSWORD)]).assert_status(303);
        assert!(is_in(&mut browser));
        assert!(!is_in(&mut before.clone()));
    });
}

#[test]
fn a_request_costs_one_small_query() {
    each_world(|world| {
        let browser = world.signed_in("uong.dd");
        let cookie = format!("{}={}", crate::SESSION_COOKIE, browser.cookie(crate::SESSION_COOKIE).unwrap());
        let parts = http::Request::builder().uri("/").header("cookie", cookie).body(()).unwrap().into_parts().0;
        // Other tests run beside this one and count too: the least of many is the true number.
        let least = (0..200)
            .map(|_| {
                let before = store::statements_run();
                assert!(world.node.identify(&parts).officer.is_some());
                store::statements_run() - before
            })
            .min();
        assert_eq!(least, Some(1));
    });
}
