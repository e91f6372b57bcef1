//! A passkey in place of password and code where somebody has to prove to be the officer.

use super::passkeys::{LIST, asked, enrol};
use super::second_factor;
use super::world::{PASSWORD, each_world, errors, sign_in};
use crate::totp;
use testkit::{Authenticator, Client, Slip};
use types::Clock;

const NEW: &str = "Ruộng bậc thang tháng 9!";

/// Changes the password with a passkey's answer in place of the present one.
fn change(browser: &mut Client, device: &mut Authenticator, slip: &Slip) -> testkit::Answer {
    let (question, question_asked) = asked(browser);
    let answer = device.answer(&question_asked, slip);
    change_by(browser, (&question, &answer))
}

fn change_by(browser: &mut Client, (question, answer): (&str, &str)) -> testkit::Answer {
    let form = browser.get("/tai-khoan/mat-khau").assert_status(200).page().form("form");
    let form = form.set("ceremony", question).set("answer", answer);
    browser.submit(&form.set("password", NEW).set("again", NEW))
}

#[test]
fn a_passkey_proves_who_asks_for_a_new_password() {
    each_world(|world| {
        let mut desk = world.signed_in("uong.dd");
        let mut device = enrol(&mut desk);
        for slip in [Slip::Unverified, Slip::Challenge, Slip::Origin("https://evil.example".into()), Slip::Signature] {
            let refused = change(&mut desk, &mut device, &slip).assert_status(422);
            assert!(errors(&refused).contains("Khóa truy cập không xác nhận được"), "{}", errors(&refused));
        }
        assert_eq!(world.node.audited("directory.fail_proof"), 4, "it counts like a wrong password");
        assert_eq!(world.node.audited("directory.change_password"), 0);
        change(&mut desk, &mut device, &Slip::None).assert_leads_to("/tai-khoan");
        assert_eq!(world.node.audited("directory.use_passkey"), 1);
        sign_in(&mut world.browser(), "uong.dd", NEW).assert_status(303);
    });
}

#[test]
fn guessing_with_passkeys_is_limited_by_the_session() {
    each_world(|world| {
        let mut desk = world.signed_in("uong.dd");
        let mut device = enrol(&mut desk);
        let tries: Vec<u16> = (0..6).map(|_| change(&mut desk, &mut device, &Slip::Signature).status).collect();
        assert_eq!(tries, [422, 422, 422, 422, 422, 429]);
    });
}

#[test]
fn an_answer_is_good_once_in_its_session_and_of_ones_own() {
    each_world(|world| {
        let (mut desk, mut other) = (world.signed_in("uong.dd"), world.signed_in("chi.ctx"));
        let (mut device, mut others) = (enrol(&mut desk), enrol(&mut other));
        // Another's passkey, to a question that was asked here.
        let (question, question_asked) = asked(&desk);
        let foreign = others.answer(&question_asked, &Slip::None);
        assert_eq!(change_by(&mut desk, (&question, &foreign)).status, 422);
        // A question of another session.
        let (question, question_asked) = asked(&other);
        let answer = device.answer(&question_asked, &Slip::None);
        assert_eq!(change_by(&mut desk, (&question, &answer)).status, 422);
        // It is still there for whoever was asked.
        let own = others.answer(&question_asked, &Slip::None);
        change_by(&mut other, (&question, &own)).assert_leads_to("/tai-khoan");
        // Too late.
        let (question, question_asked) = asked(&desk);
        let answer = device.answer(&question_asked, &Slip::None);
        world.wait_minutes(5);
        assert_eq!(change_by(&mut desk, (&question, &answer)).status, 422);
        // Once.
        let (question, question_asked) = asked(&desk);
        let answer = device.answer(&question_asked, &Slip::None);
        change_by(&mut desk, (&question, &answer)).assert_leads_to("/tai-khoan");
        assert_eq!(change_by(&mut desk, (&question, &answer)).status, 422, "an answer is good once");
        assert_eq!(world.node.audited("directory.change_password"), 2, "each their own");
        // Whoever has none is asked for none.
        let mut without = world.signed_in("may.lt").header("x-requested-with", "fetch");
        without.get("/dang-nhap/khoa-truy-cap/thach-thuc").assert_status(409);
        assert_eq!(without.get("/tai-khoan/mat-khau").page().count("[data-passkey]"), 0);
    });
}

#[test]
fn beside_a_code_a_passkey_stands_for_both_and_the_password_with_the_code_still_works() {
    each_world(|world| {
        let mut desk = world.signed_in("uong.dd");
        let secret = second_factor::enrol(&world, &mut desk);
        world.wait_minutes(1);
        let typed = totp::code(&secret, totp::step(world.clock.now()), 6);
        let form = desk.get(LIST).page().form(&format!("form[action='{LIST}']")).set("proof", PASSWORD);
        assert_eq!(desk.submit(&form).status, 422, "the password alone");
        let form = desk.get(LIST).page().form(&format!("form[action='{LIST}']"));
        let path = desk.submit(&form.set("proof", PASSWORD).set("proof_code", &typed)).assert_status(303);
        let path = path.location().to_owned();
        let question = super::passkeys::asked_on(&mut desk, &path);
        let mut device = Authenticator::at(super::world::PUBLIC_URL);
        super::passkeys::send_made(&mut desk, &path, &device.make(&question, &Slip::None)).assert_leads_to(LIST);
        // A new QR code, proven by the passkey.
        let (number, question) = asked(&desk);
        let answer = device.answer(&question, &Slip::None);
        let form = desk.get("/tai-khoan/xac-thuc").page().form("form[action='/tai-khoan/xac-thuc']");
        desk.submit(&form.set("ceremony", &number).set("answer", &answer)).assert_leads_to("/tai-khoan/xac-thuc");
        // Signing in asks for no code.
        let mut browser = super::passkeys::at_entrance(&world);
        super::passkeys::enter(&mut browser, &mut device, &Slip::None).assert_leads_to("/tai-khoan");
        // The passkey is taken away with password and code.
        world.wait_minutes(1);
        let typed = totp::code(&secret, totp::step(world.clock.now()), 6);
        let page = desk.get(LIST).page().attribute(&format!("a[href^='{LIST}/']"), "href").unwrap();
        let form = desk.get(&page).page().form("form[action$='/go']");
        desk.submit(&form.set("proof", PASSWORD).set("proof_code", &typed)).assert_leads_to(LIST);
    });
}
