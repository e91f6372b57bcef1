//! Keeping passkeys: made, named, taken away by their owner or an administrator.

use super::passkeys::{LIST, asked_on, at_entrance, enrol, enrol_in, enter, offered, send_made};
use super::world::{PASSWORD, PUBLIC_URL, World, each_world, each_world_with, errors};
use crate::account;
use store::params;
use testkit::{Authenticator, Client, Slip};
use types::Id;

fn kept(world: &World) -> Vec<Id> {
    let sql = "SELECT id FROM passkey WHERE ended_at IS NULL ORDER BY id DESC";
    world.node.read(|r| r.all(sql, params![])).into_iter().map(|(id,): (Id,)| id).collect()
}

fn removing(browser: &mut Client, id: Id) -> testkit::Form {
    browser.get(&format!("{LIST}/{id}")).assert_status(200).page().form("form[action$='/go']")
}

#[test]
fn what_a_device_answers_wrongly_makes_no_passkey() {
    each_world(|world| {
        let mut browser = world.signed_in("uong.dd");
        let slips = [
            Slip::Origin("https://evil.example".into()),
            Slip::Party("evil.example".into()),
            Slip::Challenge,
            Slip::Unverified,
            Slip::Framed,
        ];
        for slip in slips {
            let path = offered(&mut browser);
            let asked = asked_on(&mut browser, &path);
            let answer = Authenticator::at(PUBLIC_URL).make(&asked, &slip);
            let refused = send_made(&mut browser, &path, &answer).assert_status(422);
            let told = if slip == Slip::Unverified {
                "chưa xác minh người dùng"
            } else {
                "chưa có khóa nào được lưu"
            };
            assert!(errors(&refused).contains(told), "{slip:?}: {}", errors(&refused));
        }
        let path = offered(&mut browser);
        let asked = asked_on(&mut browser, &path);
        let hidden = Authenticator::at(PUBLIC_URL).make(&asked, &Slip::None).replace("\"rk\":true", "\"rk\":false");
        assert!(errors(&send_made(&mut browser, &path, &hidden)).contains("khóa bảo mật khác"));
        for junk in ["", "{}", "[["] {
            assert_eq!(send_made(&mut browser, &path, junk).status, 422, "{junk}");
        }
        assert_eq!(kept(&world), []);
        // A name that is none is told, and the question still stands.
        let answer = Authenticator::at(PUBLIC_URL).make(&asked, &Slip::None);
        let form = browser.get(&path).page().form(&format!("form[action='{path}']")).set("answer", &answer);
        let nameless = browser.submit(&form.clone().set("name", " ")).assert_status(422);
        assert!(errors(&nameless).contains("Đặt tên cho khóa"), "{}", errors(&nameless));
        // One that is not this session's, or is over, is not there.
        world.signed_in("uong.dd").get(&path).assert_status(404);
        world.signed_in("chi.ctx").get(&path).assert_status(404);
        world.wait_minutes(5);
        browser.get(&path).assert_status(404);
        assert_eq!(browser.submit(&form.set("name", "Máy")).status, 404);
        assert_eq!(kept(&world), []);
    });
}

#[test]
fn a_double_click_makes_one_passkey() {
    each_world(|world| {
        let mut browser = world.signed_in("uong.dd");
        let form = browser.get(LIST).page().form(&format!("form[action='{LIST}']")).set("proof", PASSWORD);
        let path = browser.submit(&form).assert_status(303).location().to_owned();
        browser.submit(&form).assert_leads_to(&path);
        let asked = asked_on(&mut browser, &path);
        let answer = Authenticator::at(PUBLIC_URL).make(&asked, &Slip::None);
        let form = browser.get(&path).page().form(&format!("form[action='{path}']")).set("answer", &answer);
        browser.submit(&form).assert_leads_to(LIST);
        browser.submit(&form).assert_leads_to(LIST);
        assert_eq!(kept(&world).len(), 1);
    });
}

#[test]
fn a_new_passkey_asks_for_a_proof_and_ends_the_other_sessions() {
    each_world(|world| {
        let (mut desk, mut phone) = (world.signed_in("uong.dd"), world.signed_in("uong.dd"));
        for (proof, told) in [("", "Nhập mật khẩu hiện tại"), ("Đoán bừa một lần 1.", "không đúng")]
        {
            let form = desk.get(LIST).page().form(&format!("form[action='{LIST}']")).set("proof", proof);
            let refused = desk.submit(&form).assert_status(422);
            assert!(errors(&refused).contains(told), "{}", errors(&refused));
        }
        assert_eq!(world.node.audited("directory.fail_proof"), 1);
        // The form of one session in another one does nothing.
        let form = phone.get(LIST).page().form(&format!("form[action='{LIST}']")).set("proof", PASSWORD);
        assert_eq!(world.signed_in("chi.ctx").submit(&form).status, 404);
        enrol(&mut desk);
        desk.get("/tai-khoan").assert_status(200);
        assert_eq!(phone.get("/tai-khoan").status, 303);
    });
}

#[test]
fn the_owner_renames_and_removes() {
    each_world(|world| {
        let mut desk = world.signed_in("uong.dd");
        let mut device = enrol(&mut desk);
        let id = kept(&world)[0];
        let page = format!("{LIST}/{id}");
        let form = desk.get(&page).assert_status(200).page().form("form[action$='/ten']");
        desk.submit(&form.set("name", "  Máy   ở cơ quan ")).assert_leads_to(LIST);
        assert!(desk.get(LIST).text().contains("Máy ở cơ quan"));
        let form = desk.get(&page).page().form("form[action$='/ten']").set("name", &"a".repeat(61));
        assert!(errors(&desk.submit(&form).assert_status(422)).contains("nhiều nhất 60 ký tự"));
        assert_eq!(world.node.audited("directory.rename_passkey"), 1);
        // Somebody else's is not there.
        let mut other = world.signed_in("chi.ctx");
        other.get(&page).assert_status(404);
        for rest in ["ten", "go"] {
            let form =
                [("command", format!("thu-khoa-nguoi-khac-{rest}")), ("name", "X".into()), ("proof", PASSWORD.into())];
            let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
            other.post(&format!("{page}/{rest}"), &form).assert_status(404);
        }
        // It is the only factor: the password alone takes it from nobody.
        let form = removing(&mut desk, id).press("proof", PASSWORD);
        assert_eq!(desk.submit(&form).status, 422);
        let (question, asked) = super::passkeys::asked(&desk);
        let answer = device.answer(&asked, &Slip::None);
        let form = removing(&mut desk, id).set("ceremony", &question).set("answer", &answer);
        desk.submit(&form).assert_leads_to(LIST);
        desk.submit(&form).assert_leads_to(LIST);
        assert_eq!(kept(&world), []);
        assert_eq!(world.node.audited("directory.remove_passkey"), 1);
        assert_eq!(enter(&mut at_entrance(&world), &mut device, &Slip::None).status, 422, "a removed passkey");
        // Nobody else did it, so nobody is told.
        assert!(!desk.get("/tai-khoan").text().contains("đã gỡ khóa truy cập"));
        // A new one takes the handle of the old, so that devices replace it.
        let path = offered(&mut desk);
        assert_eq!(asked_on(&mut desk, &path)["user"]["id"], device.handle());
    });
}

#[test]
fn the_administrator_takes_a_lost_one_away_and_the_officer_is_told() {
    each_world(|world| {
        let mut desk = world.signed_in("uong.dd");
        let mut device = enrol(&mut desk);
        let mut admin = world.signed_in("hanh.ntm");
        let path = format!("/quan-tri/can-bo/{}", world.uong);
        let form = admin.get(&path).assert_status(200).page().form("form[action*='/khoa-truy-cap/']");
        world.signed_in("may.lt").submit(&form).assert_status(404);
        world.signed_in("chi.ctx").submit(&form).assert_status(403);
        assert_eq!(kept(&world).len(), 1);
        admin.submit(&form).assert_leads_to(&path);
        assert_eq!(admin.get(&path).page().count("form[action*='/khoa-truy-cap/']"), 0);
        assert_eq!(desk.get("/tai-khoan").status, 303, "its sessions end");
        assert_eq!(enter(&mut at_entrance(&world), &mut device, &Slip::None).status, 422);
        let mut again = world.signed_in("uong.dd");
        for page in ["/tai-khoan", LIST] {
            let text = again.get(page).assert_status(200).text();
            assert!(text.contains("Nguyễn Thị Mỹ Hạnh đã gỡ khóa truy cập «Điện thoại»"), "{page}: {text}");
        }
        let (actor,): (Id,) = world
            .node
            .read(|r| r.one("SELECT actor_id FROM audit WHERE action = 'directory.remove_passkey'", params![]));
        assert_eq!(actor, world.hanh);
        world.wait_minutes(31 * 24 * 60);
        let mut later = world.signed_in("uong.dd");
        assert!(!later.get("/tai-khoan").text().contains("đã gỡ khóa truy cập"));
    });
}

#[test]
fn an_administrator_keeps_a_second_factor_of_some_kind() {
    each_world_with(
        |rules| rules.second_factor_for_administrators = true,
        |world| {
            let mut admin = world.signed_in("hanh.ntm");
            let mut device = enrol(&mut admin);
            let first = kept(&world)[0];
            let page = format!("{LIST}/{first}");
            assert!(admin.get(&page).text().contains("cách đăng nhập đủ mạnh duy nhất"));
            let refused = admin.post(&format!("{page}/go"), &[("command", "go-khoa-cuoi-cung"), ("proof", PASSWORD)]);
            refused.assert_status(409);
            // With another one it may go.
            let (question, asked) = super::passkeys::asked(&admin);
            let answer = device.answer(&asked, &Slip::None);
            let form = admin.get(LIST).page().form(&format!("form[action='{LIST}']"));
            let path = admin.submit(&form.set("ceremony", &question).set("answer", &answer)).assert_status(303);
            let path = path.location().to_owned();
            let asked = asked_on(&mut admin, &path);
            assert_eq!(
                asked["excludeCredentials"].as_array().map(Vec::len),
                Some(1),
                "no second one in the same device"
            );
            let mut second = Authenticator::at(PUBLIC_URL);
            send_made(&mut admin, &path, &second.make(&asked, &Slip::None)).assert_leads_to(LIST);
            let (question, asked) = super::passkeys::asked(&admin);
            let form = removing(&mut admin, first).set("ceremony", &question);
            admin.submit(&form.set("answer", &second.answer(&asked, &Slip::None))).assert_leads_to(LIST);
            admin.get("/quan-tri/don-vi").assert_status(200);
            // From the command line, where nobody can be asked any more.
            let hanh = world.hanh;
            world.node.write(move |tx| account::remove_factors(tx, hanh));
            assert_eq!(kept(&world), []);
            assert!(world.node.try_write(move |tx| account::remove_factors(tx, hanh)).is_err());
            // The officer is told of it, though nobody had signed in.
            let text = world.signed_in("hanh.ntm").get(LIST).assert_status(200).text();
            assert!(text.contains("Người quản trị máy chủ đã gỡ khóa truy cập «Điện thoại»"), "{text}");
        },
    );
}

#[test]
fn nobody_has_more_than_twenty() {
    each_world(|world| {
        let mut desk = world.signed_in("uong.dd");
        let mut device = enrol(&mut desk);
        let sql = "INSERT INTO passkey (id, officer_id, credential_id, user_handle, name, credential, sign_count,
            backup_eligible, backed_up, created_at) SELECT {n}, officer_id, 'thu-{n}', user_handle, name, credential, 0,
            FALSE, FALSE, created_at FROM passkey WHERE name = 'Điện thoại' ORDER BY id DESC LIMIT 1";
        (1..19).for_each(|n| world.database.script(&sql.replace("{n}", &n.to_string())));
        let (question, asked) = super::passkeys::asked(&desk);
        let answer = device.answer(&asked, &Slip::None);
        let form = desk.get(LIST).page().form(&format!("form[action='{LIST}']"));
        let path = desk.submit(&form.set("ceremony", &question).set("answer", &answer)).assert_status(303);
        let path = path.location().to_owned();
        let asked = asked_on(&mut desk, &path);
        world.database.script(&sql.replace("{n}", "19"));
        let answer = Authenticator::at(PUBLIC_URL).make(&asked, &Slip::None);
        let refused = send_made(&mut desk, &path, &answer);
        assert!(errors(&refused).contains("đã có 20 khóa truy cập"), "{} {}", refused.status, errors(&refused));
        assert_eq!(desk.get(LIST).page().count(&format!("form[action='{LIST}']")), 0);
    });
}

#[test]
fn a_passkey_that_becomes_a_copied_one_is_refused() {
    each_world(|world| {
        let mut device = enrol(&mut world.signed_in("uong.dd"));
        device.synced = true;
        assert_eq!(enter(&mut at_entrance(&world), &mut device, &Slip::None).status, 422);
        let mut copied = Authenticator::at(PUBLIC_URL);
        copied.synced = true;
        let mut desk = world.signed_in("chi.ctx");
        enrol_in(&mut desk, &mut copied);
        assert!(desk.get(LIST).text().contains("đồng bộ giữa các thiết bị"));
        let flags: (bool, bool) = world
            .node
            .read(|r| r.one("SELECT backup_eligible, backed_up FROM passkey ORDER BY id DESC LIMIT 1", params![]));
        assert_eq!(flags, (true, true));
        enter(&mut at_entrance(&world), &mut copied, &Slip::None).assert_status(303);
    });
}
