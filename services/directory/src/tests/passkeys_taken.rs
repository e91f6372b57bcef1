//! Passkeys that stay nowhere: planted ones, one's own on the administrator's page, offers beside them.

use super::passkeys::{LIST, asked, asked_on, at_entrance, enrol, enter, offered, send_made};
use super::world::{PASSWORD, PUBLIC_URL, World, each_world, each_world_with, sign_in};
use crate::passkey::party::{self, Refused};
use serde_json::{Value, json};
use store::params;
use testkit::{Authenticator, Slip};

fn count(world: &World, sql: &str) -> i64 {
    let sql = sql.to_owned();
    world.node.read(move |r| r.one(&sql, params![]).map(|(n,): (i64,)| n))
}

const OPEN: &str = "SELECT count(*) FROM passkey WHERE ended_at IS NULL";
const OFFERED: &str = "SELECT count(*) FROM account WHERE totp_pending IS NOT NULL";

#[test]
fn a_password_from_the_administrator_takes_planted_passkeys_away() {
    each_world(|world| {
        let mut intruder = world.signed_in("uong.dd");
        let mut planted = enrol(&mut intruder);
        let (question, question_asked) = asked(&intruder);
        let answer = planted.answer(&question_asked, &Slip::None);
        let form = intruder.get(LIST).page().form(&format!("form[action='{LIST}']"));
        let path = intruder.submit(&form.set("ceremony", &question).set("answer", &answer)).assert_status(303);
        let path = path.location().to_owned();
        let question = asked_on(&mut intruder, &path);
        let mut second = Authenticator::at(PUBLIC_URL);
        send_made(&mut intruder, &path, &second.make(&question, &Slip::None)).assert_leads_to(LIST);
        assert_eq!(count(&world, OPEN), 2);
        let mut admin = world.signed_in("hanh.ntm");
        let page = admin.get(&format!("/quan-tri/can-bo/{}", world.uong)).assert_status(200);
        assert!(page.text().contains("Cấp lại mật khẩu cũng gỡ mọi khóa truy cập"));
        let shown = admin.submit(&page.page().form("form[action$='/mat-khau']")).assert_status(200);
        assert_eq!(count(&world, OPEN), 0);
        assert_eq!(world.node.audited("directory.remove_passkey"), 2);
        for device in [&mut planted, &mut second] {
            assert_eq!(enter(&mut at_entrance(&world), device, &Slip::None).status, 422);
        }
        assert_eq!(intruder.get("/tai-khoan").status, 303);
        // The officer comes in with what the administrator handed over, and is told.
        let password = shown.page().texts("dd")[1].clone();
        let mut officer = world.browser();
        sign_in(&mut officer, "uong.dd", &password).assert_status(303);
        let sql = "SELECT count(*) FROM passkey p JOIN officer o ON o.id = p.ended_by WHERE o.name LIKE '%Hạnh'";
        assert_eq!(count(&world, sql), 2, "who took them away is kept");
    });
}

#[test]
fn administrators_take_their_own_away_by_a_proof_only() {
    each_world(|world| {
        let mut admin = world.signed_in("hanh.ntm");
        let mut device = enrol(&mut admin);
        let id = count(&world, "SELECT id FROM passkey");
        let path = format!("/quan-tri/can-bo/{}", world.hanh);
        let page = admin.get(&path).assert_status(200).page();
        assert_eq!(page.count("form[action*='/khoa-truy-cap/'], form[action$='/mat-khau']"), 0, "no button");
        let remove = format!("{path}/khoa-truy-cap/{id}/go");
        admin.post(&remove, &[("command", "go-khoa-cua-minh")]).assert_status(409);
        admin.post(&format!("{path}/mat-khau"), &[("command", "cap-lai-cua-minh")]).assert_status(409);
        assert_eq!(count(&world, OPEN), 1);
        enter(&mut at_entrance(&world), &mut device, &Slip::None).assert_status(303);
    });
}

#[test]
fn an_offered_code_does_not_outlive_a_change_of_passkeys() {
    each_world(|world| {
        let mut desk = world.signed_in("uong.dd");
        let form = desk.get("/tai-khoan/xac-thuc").page().form("form[action='/tai-khoan/xac-thuc']");
        desk.submit(&form.set("proof", PASSWORD)).assert_status(303);
        assert_eq!(count(&world, OFFERED), 1);
        let path = offered(&mut desk);
        let question = asked_on(&mut desk, &path);
        let mut device = Authenticator::at(PUBLIC_URL);
        send_made(&mut desk, &path, &device.make(&question, &Slip::None)).assert_leads_to(LIST);
        assert_eq!(count(&world, OFFERED), 0, "a new passkey");
        let (number, question) = asked(&desk);
        let answer = device.answer(&question, &Slip::None);
        let form = desk.get("/tai-khoan/xac-thuc").page().form("form[action='/tai-khoan/xac-thuc']");
        desk.submit(&form.set("ceremony", &number).set("answer", &answer)).assert_status(303);
        assert_eq!(count(&world, OFFERED), 1);
        let mut admin = world.signed_in("hanh.ntm");
        let path = format!("/quan-tri/can-bo/{}", world.uong);
        let form = admin.get(&path).page().form("form[action*='/khoa-truy-cap/']");
        admin.submit(&form).assert_leads_to(&path);
        assert_eq!(count(&world, OFFERED), 0, "a passkey taken away");
    });
}

#[test]
fn a_code_that_no_key_opens_is_no_factor_beside_a_passkey() {
    each_world_with(
        |rules| rules.second_factor_for_administrators = true,
        |world| {
            let mut admin = world.signed_in("hanh.ntm");
            enrol(&mut admin);
            let id = count(&world, "SELECT id FROM passkey");
            world
                .database
                .script(&format!("UPDATE account SET totp_secret = 'AAAA' WHERE officer_id = {}", world.hanh));
            let page = admin.get("/tai-khoan/xac-thuc").assert_status(200).page();
            assert_eq!(page.count("input[name=proof]"), 0, "the password alone makes no factor");
            let one = admin.get(&format!("{LIST}/{id}")).assert_status(200);
            assert!(one.text().contains("cách đăng nhập đủ mạnh duy nhất"));
            let fields = [("command", "go-khoa-cuoi-cung"), ("proof", PASSWORD)];
            admin.post(&format!("{LIST}/{id}/go"), &fields).assert_status(409);
        },
    );
}

#[test]
fn an_answer_of_a_passkey_that_may_be_copied_by_now_is_refused() {
    each_world(|world| {
        enrol(&mut world.signed_in("uong.dd"));
        let (text,): (String,) = world.node.read(|r| r.one("SELECT credential FROM passkey", params![]));
        let (key, kept) = (party::read_key(&text).unwrap(), serde_json::from_str::<Value>(&text).unwrap());
        // What the library makes of an answer; the devices of the tests cannot be eligible without being copied.
        let used = |eligible: bool| {
            let result = json!({
                "cred_id": kept["cred"]["cred_id"], "needs_update": true, "user_verified": true, "backup_state": false,
                "backup_eligible": eligible, "counter": 99, "extensions": {},
            });
            party::used(&key, &serde_json::from_value(result).unwrap()).map(|used| used.sign_count)
        };
        assert_eq!(used(false), Ok(99));
        assert_eq!(used(true), Err(Refused::BACKUP));
    });
}
