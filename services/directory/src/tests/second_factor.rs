//! The second factor, from the QR code to the lost phone.

use super::world::{PASSWORD, World, each_world, each_world_with, errors, sign_in};
use crate::totp;
use data_encoding::BASE32_NOPAD;
use testkit::Client;
use types::Clock;

const OFFER: &str = "form[action='/tai-khoan/xac-thuc']";
const CONFIRM: &str = "form[action$=xac-nhan]";

/// Asks for a QR code with a proof; answers what came.
fn offer(browser: &mut Client, proof: &str) -> testkit::Answer {
    let form = browser.get("/tai-khoan/xac-thuc").assert_status(200).page().form(OFFER);
    browser.submit(&form.set("proof", proof))
}

/// The same where a second factor is in use, with a code of it.
fn offer_with(browser: &mut Client, proof: &str, code: &str) -> testkit::Answer {
    let form = browser.get("/tai-khoan/xac-thuc").assert_status(200).page().form(OFFER);
    browser.submit(&form.set("proof", proof).set("proof_code", code))
}

/// The secret that stands on the page.
fn shown(browser: &mut Client) -> Vec<u8> {
    let page = browser.get("/tai-khoan/xac-thuc").assert_status(200).page();
    assert_eq!(page.count("svg[role=img]"), 1);
    BASE32_NOPAD.decode(page.texts("dd")[0].replace(' ', "").as_bytes()).unwrap()
}

/// Sets the second factor up as a person would, and answers its secret.
pub(super) fn enrol(world: &World, browser: &mut Client) -> Vec<u8> {
    offer(browser, PASSWORD).assert_leads_to("/tai-khoan/xac-thuc");
    let secret = shown(browser);
    let page = browser.get("/tai-khoan/xac-thuc").page();
    let wrong = browser.submit(&page.form(CONFIRM).set("code", "000000"));
    assert_eq!(wrong.status, 422);
    let form = wrong.page().form(CONFIRM).set("code", &code(world, &secret));
    browser.submit(&form).assert_leads_to("/tai-khoan");
    secret
}

fn code(world: &World, secret: &[u8]) -> String {
    totp::code(secret, totp::step(world.clock.now()), 6)
}

#[test]
fn after_enrolling_the_code_is_asked_for_and_works_once() {
    each_world(|world| {
        let secret = enrol(&world, &mut world.signed_in("uong.dd"));
        world.wait_minutes(1);
        let mut browser = world.browser();
        let form = browser.get("/dang-nhap?tiep=/tai-khoan").page().form("form");
        let second = browser.submit(&form.set("username", "uong.dd").set("password", PASSWORD));
        let place = second.assert_status(303).location().to_owned();
        assert_eq!(place, "/dang-nhap/ma?tiep=/tai-khoan");
        assert_eq!(browser.get("/tai-khoan").status, 303, "the password alone opens nothing");
        let half = browser.cookie(crate::SESSION_COOKIE).unwrap().to_owned();
        let page = browser.get(&place).assert_status(200).page();
        let typed = code(&world, &secret);
        assert_eq!(browser.submit(&page.form("form").set("code", "123 456")).status, 422);
        browser.submit(&page.form("form").set("code", &typed)).assert_leads_to("/tai-khoan");
        assert_ne!(browser.cookie(crate::SESSION_COOKIE), Some(half.as_str()), "the token changes with its worth");
        browser.get("/tai-khoan").assert_status(200);
        // The same code on another device.
        let mut thief = world.browser();
        sign_in(&mut thief, "uong.dd", PASSWORD).assert_status(303);
        let again = thief.post("/dang-nhap/ma", &[("code", &typed), ("tiep", "/")]);
        assert_eq!(again.status, 422, "a code works once");
        assert!(errors(&again).contains("đã dùng rồi"), "{}", errors(&again));
    });
}

#[test]
fn codes_are_not_guessed_either_and_the_half_session_ends_soon() {
    each_world(|world| {
        let secret = enrol(&world, &mut world.signed_in("uong.dd"));
        world.wait_minutes(1);
        let mut browser = world.browser();
        sign_in(&mut browser, "uong.dd", PASSWORD).assert_status(303);
        let mut statuses = Vec::new();
        for _ in 0..5 {
            statuses.push(browser.post("/dang-nhap/ma", &[("code", "000000")]).status);
        }
        assert_eq!(statuses, [422, 422, 422, 422, 429], "the password was the first of five tries");
        let mut late = world.browser();
        sign_in(&mut late, "uong.dd", PASSWORD).assert_status(303);
        world.wait_minutes(6);
        late.post("/dang-nhap/ma", &[("code", &code(&world, &secret))]).assert_leads_to("/dang-nhap");
    });
}

#[test]
fn the_half_session_is_bound_to_its_device() {
    each_world(|world| {
        let secret = enrol(&world, &mut world.signed_in("uong.dd"));
        world.wait_minutes(1);
        let mut browser = world.browser();
        sign_in(&mut browser, "uong.dd", PASSWORD).assert_status(303);
        let mut thief = world.browser();
        thief.get("/dang-nhap");
        thief.set_cookie(crate::SESSION_COOKIE, browser.cookie(crate::SESSION_COOKIE).unwrap());
        thief.post("/dang-nhap/ma", &[("code", &code(&world, &secret))]).assert_leads_to("/dang-nhap");
    });
}

#[test]
fn administrators_must_enrol_before_anything_else() {
    each_world_with(
        |rules| rules.second_factor_for_administrators = true,
        |world| {
            let mut admin = world.signed_in("hanh.ntm");
            admin.get("/quan-tri/don-vi").assert_leads_to("/tai-khoan/xac-thuc");
            admin.get("/tai-khoan").assert_leads_to("/tai-khoan/xac-thuc");
            enrol(&world, &mut admin);
            admin.get("/quan-tri/don-vi").assert_status(200);
            // Others are asked, not forced.
            world.signed_in("uong.dd").get("/tai-khoan").assert_status(200);
        },
    );
}

#[test]
fn what_comes_before_anything_else_is_known_with_who_asks() {
    each_world_with(
        |rules| rules.second_factor_for_administrators = true,
        |world| {
            let (admin, officer) = (world.signed_in("hanh.ntm"), world.signed_in("uong.dd"));
            let who = world.node.who(&admin);
            // Other nodes and other sessions come between the two looks: nothing that is forgotten opens the house.
            let again = world.second_node().who(&admin);
            for who in [&who, &again] {
                assert_eq!(who.detour, Some("/tai-khoan/xac-thuc"));
                assert_eq!(who.officer.as_ref().map(|officer| officer.id), Some(world.hanh));
            }
            assert_eq!(world.node.who(&officer).detour, None);
            assert_eq!(world.node.who(&world.browser()).detour, None);
        },
    );
}

#[test]
fn a_lost_phone_is_taken_off_by_the_administrator() {
    each_world(|world| {
        enrol(&world, &mut world.signed_in("uong.dd"));
        let mut admin = world.signed_in("hanh.ntm");
        let path = format!("/quan-tri/can-bo/{}", world.uong);
        let form = admin.get(&path).page().form("form[action$='/bo-xac-thuc']");
        admin.submit(&form).assert_leads_to(&path);
        let mut browser = world.browser();
        sign_in(&mut browser, "uong.dd", PASSWORD).assert_leads_to("/");
        // The password may have been a short one.
        browser.get("/tai-khoan").assert_leads_to("/tai-khoan/mat-khau");
    });
}

#[test]
fn the_secret_is_not_readable_in_the_database() {
    each_world(|world| {
        let secret = enrol(&world, &mut world.signed_in("uong.dd"));
        let uong = world.uong;
        let (kept,): (String,) = world
            .node
            .read(move |r| r.one("SELECT totp_secret FROM account WHERE officer_id = $1", store::params![uong]));
        assert!(!kept.contains(&BASE32_NOPAD.encode(&secret)));
        assert_eq!(world.node.directory.keys().open_sealed(crate::keys::totp_of(world.uong), &kept).unwrap(), secret);
    });
}

#[test]
fn an_unattended_pc_gives_nobody_a_new_second_factor() {
    each_world(|world| {
        let pending = || -> i64 {
            let sql = "SELECT count(*) FROM account WHERE totp_pending IS NOT NULL";
            world.node.read(|r| r.one(sql, store::params![]).map(|(n,)| n))
        };
        let mut desk = world.signed_in("uong.dd");
        for (proof, told) in
            [("", "Nhập mật khẩu hiện tại"), ("Đoán bừa một lần 1.", "không đúng"), ("123456", "không đúng")]
        {
            let refused = offer(&mut desk, proof).assert_status(422);
            assert!(errors(&refused).contains(told), "{}", errors(&refused));
        }
        assert_eq!(pending(), 0);
        let secret = enrol(&world, &mut desk);
        world.wait_minutes(1);
        let typed = code(&world, &secret);
        for (proof, code, told) in [
            (PASSWORD, "", "Nhập mã xác thực"),
            (PASSWORD, "000000", "không đúng"),
            (typed.as_str(), "", "Nhập mã xác thực"),
            ("Đoán bừa một lần 1.", typed.as_str(), "không đúng"),
        ] {
            let refused = offer_with(&mut desk, proof, code).assert_status(422);
            assert!(errors(&refused).contains(told), "{}", errors(&refused));
        }
        assert_eq!(pending(), 0, "neither the password alone nor the phone alone");
        offer_with(&mut desk, PASSWORD, &typed).assert_leads_to("/tai-khoan/xac-thuc");
        assert_ne!(shown(&mut desk), secret);
        assert_eq!(offer_with(&mut desk, PASSWORD, &typed).status, 422, "a code is good once");
    });
}

#[test]
fn a_new_password_asks_for_a_code_where_there_is_a_second_factor() {
    each_world(|world| {
        let mut desk = world.signed_in("uong.dd");
        let secret = enrol(&world, &mut desk);
        world.wait_minutes(1);
        let mut change = |code: &str| {
            let form = desk.get("/tai-khoan/mat-khau").assert_status(200).page().form("form");
            let form = form.set("current", PASSWORD).set("proof_code", code);
            desk.submit(&form.set("password", "chè xanh").set("again", "chè xanh"))
        };
        let typed = code(&world, &secret);
        for (code, told) in [("", "Nhập mã xác thực"), ("000000", "không đúng")] {
            let refused = change(code).assert_status(422);
            assert!(errors(&refused).contains(told), "{}", errors(&refused));
        }
        assert_eq!(world.node.audited("directory.change_password"), 0);
        change(&typed).assert_leads_to("/tai-khoan");
        // The code is spent: whoever watched it being typed does not come in with it.
        let mut thief = world.browser();
        sign_in(&mut thief, "uong.dd", "chè xanh").assert_status(303);
        assert_eq!(thief.post("/dang-nhap/ma", &[("code", &typed)]).status, 422);
    });
}

#[test]
fn guessing_at_the_proof_is_limited_like_signing_in() {
    each_world(|world| {
        let mut desk = world.signed_in("uong.dd");
        let guess = |n: i32| {
            // The mark is a cookie: another one for each guess buys nothing.
            desk.set_cookie(web::cookies::DEVICE_COOKIE, &format!("mot-may-khac-{n}"));
            offer(&mut desk, &format!("Đoán bừa lần {n}.")).status
        };
        let statuses: Vec<u16> = (0..6).map(guess).collect();
        assert_eq!(statuses, [422, 422, 422, 422, 422, 429]);
        assert_eq!(world.node.audited("directory.fail_proof"), 5, "whoever guesses is seen");
    });
}

#[test]
fn a_code_on_the_screen_is_confirmed_within_minutes_or_not_at_all() {
    each_world(|world| {
        let mut desk = world.signed_in("uong.dd");
        offer(&mut desk, PASSWORD).assert_status(303);
        let secret = shown(&mut desk);
        let form = desk.get("/tai-khoan/xac-thuc").page().form(CONFIRM);
        world.wait_minutes(10);
        let page = desk.get("/tai-khoan/xac-thuc").assert_status(200).page();
        assert_eq!(page.count("svg[role=img]"), 0);
        desk.submit(&form.set("code", &code(&world, &secret))).assert_status(409);
    });
}

#[test]
fn a_code_on_the_screen_belongs_to_the_session_that_asked_for_it() {
    each_world(|world| {
        let (mut desk, mut other) = (world.signed_in("uong.dd"), world.signed_in("uong.dd"));
        offer(&mut desk, PASSWORD).assert_status(303);
        let secret = shown(&mut desk);
        let page = other.get("/tai-khoan/xac-thuc").assert_status(200).page();
        assert_eq!((page.count("svg[role=img]"), page.count(CONFIRM)), (0, 0), "it is not shown elsewhere");
        let form = desk.get("/tai-khoan/xac-thuc").page().form(CONFIRM).set("code", &code(&world, &secret));
        other.submit(&form).assert_status(409);
        assert_eq!(world.node.audited("directory.confirm_second_factor"), 0);
        desk.submit(&form).assert_leads_to("/tai-khoan");
        assert_eq!(world.node.audited("directory.confirm_second_factor"), 1);
    });
}

#[test]
fn a_new_second_factor_ends_the_other_sessions() {
    each_world(|world| {
        let (mut desk, mut phone) = (world.signed_in("uong.dd"), world.signed_in("uong.dd"));
        phone.get("/tai-khoan").assert_status(200);
        enrol(&world, &mut desk);
        desk.get("/tai-khoan").assert_status(200);
        assert_eq!(phone.get("/tai-khoan").status, 303);
    });
}
