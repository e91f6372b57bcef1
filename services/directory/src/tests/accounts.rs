//! Passwords and accounts, as officers and administrators keep them.

use super::world::{PASSWORD, World, each_world, each_world_with, errors, sign_in};
use crate::{api_token, jobs, officer, setup};
use store::params;
use testkit::Client;
use types::Id;

const NEW: &str = "Suối trong bên nương ngô 7.";

fn change(browser: &mut Client, current: &str, wanted: &str, again: &str) -> testkit::Answer {
    let form = browser.get("/tai-khoan/mat-khau").assert_status(200).page().form("form");
    browser.submit(&form.set("current", current).set("password", wanted).set("again", again))
}

#[test]
fn a_password_is_changed_and_other_sessions_end() {
    each_world(|world| {
        let mut desk = world.signed_in("uong.dd");
        let mut phone = world.signed_in("uong.dd");
        change(&mut desk, PASSWORD, NEW, NEW).assert_leads_to("/tai-khoan");
        desk.get("/tai-khoan").assert_status(200);
        assert_eq!(phone.get("/tai-khoan").status, 303);
        assert_eq!(sign_in(&mut world.browser(), "uong.dd", PASSWORD).status, 422);
        sign_in(&mut world.browser(), "uong.dd", NEW).assert_status(303);
        assert_eq!(world.node.audited("directory.change_password"), 1);
    });
}

#[test]
fn what_is_wrong_with_a_new_password_stands_at_its_field() {
    each_world(|world| {
        let mut browser = world.signed_in("uong.dd");
        let short = change(&mut browser, PASSWORD, "Ngắn 1.", "Ngắn 1.").assert_status(422);
        assert!(errors(&short).contains("ít nhất 14 ký tự"), "{}", errors(&short));
        assert!(!short.text().contains("Ngắn 1."), "a password is never sent back");
        let differs = change(&mut browser, PASSWORD, NEW, PASSWORD).assert_status(422);
        assert!(errors(&differs).contains("không giống nhau"));
        let wrong = change(&mut browser, NEW, NEW, NEW).assert_status(422);
        assert!(errors(&wrong).contains("hiện tại không đúng"));
        let same = change(&mut browser, PASSWORD, PASSWORD, PASSWORD).assert_status(422);
        assert!(errors(&same).contains("đã dùng gần đây"));
    });
}

#[test]
fn what_is_guessed_first_is_no_password_and_a_long_sentence_is_one() {
    each_world(|world| {
        let mut browser = world.signed_in("uong.dd");
        for (wanted, told) in [
            ("Password@2026!", "rất hay gặp"),
            ("Mật khẩu: 123456.", "rất hay gặp"),
            ("LA BẰNG quê tôi 7.", "tên đơn vị"),
            ("Cả tỉnh Thái-Nguyên 7.", "tên đơn vị"),
            ("Nhà Việc của tôi 7.", "tên phần mềm"),
        ] {
            let refused = change(&mut browser, PASSWORD, wanted, wanted).assert_status(422);
            assert!(errors(&refused).contains(told), "{wanted}: {}", errors(&refused));
        }
        // The neighbour's name is no name of ours.
        let wanted = "Chợ phiên ở Đại Phúc có 64 gian hàng, gian nào cũng bán chè mới.";
        assert_eq!(wanted.chars().count(), 64);
        change(&mut browser, PASSWORD, wanted, wanted).assert_leads_to("/tai-khoan");
        sign_in(&mut world.browser(), "uong.dd", wanted).assert_status(303);
    });
}

#[test]
fn guessing_at_the_present_password_is_limited_by_the_session() {
    each_world(|world| {
        let mut desk = world.signed_in("uong.dd");
        let guess = |n: i32| {
            desk.set_cookie(web::cookies::DEVICE_COOKIE, &format!("mot-may-khac-{n}"));
            change(&mut desk, &format!("Đoán bừa lần {n}."), NEW, NEW).status
        };
        let statuses: Vec<u16> = (0..6).map(guess).collect();
        assert_eq!(statuses, [422, 422, 422, 422, 422, 429]);
        assert_eq!(world.node.audited("directory.fail_proof"), 5);
        // Another session of the same officer is another place.
        change(&mut world.signed_in("uong.dd"), PASSWORD, NEW, NEW).assert_leads_to("/tai-khoan");
    });
}

#[test]
fn the_last_ten_passwords_do_not_come_again() {
    each_world(|world| {
        let mut browser = world.signed_in("uong.dd");
        let nth = |n: usize| if n == 0 { PASSWORD.to_owned() } else { format!("{NEW} lần {n}") };
        for n in 1..=9 {
            world.wait_minutes(1);
            change(&mut browser, &nth(n - 1), &nth(n), &nth(n)).assert_status(303);
        }
        world.wait_minutes(1);
        assert_eq!(change(&mut browser, &nth(9), PASSWORD, PASSWORD).status, 422, "it is the tenth of the last ten");
        change(&mut browser, &nth(9), &nth(10), &nth(10)).assert_status(303);
        world.wait_minutes(1);
        change(&mut browser, &nth(10), PASSWORD, PASSWORD).assert_status(303);
    });
}

#[test]
fn an_account_is_opened_with_a_password_for_one_use_shown_once() {
    each_world(|world| {
        let unit = world.department;
        let entry = officer::OfficerEntry { name: "Triệu Mùi Pham".into(), ..officer::OfficerEntry::default() };
        let id = world.node.write(move |tx| officer::create(tx, unit, &entry));
        let mut admin = world.signed_in("hanh.ntm");
        let path = format!("/quan-tri/can-bo/{id}");
        let form = admin.get(&path).assert_status(200).page().form("form[action$='/tai-khoan']");
        let taken = admin.submit(&form.clone().set("username", "Uong.DD")).assert_status(422);
        assert!(errors(&taken).contains("đã có người dùng"));
        // Everybody knows the password of a demo account, however its name is written.
        let demo = admin.submit(&form.clone().set("username", "Pham.TM.Demo")).assert_status(422);
        assert!(errors(&demo).contains("bản dùng thử"), "{}", errors(&demo));
        let form = taken.page().form("form[action$='/tai-khoan']").set("username", "pham.tm");
        let shown = admin.submit(&form).assert_status(200);
        let password = shown.page().texts("dd")[1].clone();
        // The same form sent again: nothing is done twice, and no password that does not work is shown.
        let again = admin.submit(&form).assert_status(200);
        assert!(again.text().contains("đã hiện trước đó") && !again.text().contains("<dd>"));
        let (kept,): (i64,) = world
            .node
            .read(|r| r.one("SELECT count(*) FROM command WHERE answer LIKE $1", params![format!("%{password}%")]));
        assert_eq!(kept, 0);
        let mut browser = world.browser();
        sign_in(&mut browser, "pham.tm", &password).assert_status(303);
        browser.get("/tai-khoan/thay-mat").assert_leads_to("/tai-khoan/mat-khau");
        change(&mut browser, &password, NEW, NEW).assert_leads_to("/tai-khoan");
        browser.get("/tai-khoan/thay-mat").assert_status(200);
    });
}

#[test]
fn an_administrators_password_wears_out() {
    each_world_with(
        |rules| rules.password_days_administrator = Some(60),
        |world| {
            world.at("2027-01-20T07:00");
            let mut admin = world.signed_in("hanh.ntm");
            admin.get("/quan-tri/don-vi").assert_leads_to("/tai-khoan/mat-khau");
            world.signed_in("uong.dd").get("/tai-khoan").assert_status(200);
        },
    );
}

#[test]
fn accounts_nobody_uses_are_closed_but_not_the_administrators() {
    each_world(|world| {
        world.at("2026-12-20T08:00");
        world.signed_in("chi.ctx");
        world.at("2027-01-10T08:00");
        for job in jobs::JOBS {
            (job.run)(&world.node.house).unwrap();
        }
        let closed: Vec<(String,)> = world
            .node
            .read(|r| r.all("SELECT username FROM account WHERE disabled_at IS NOT NULL ORDER BY username", params![]));
        assert_eq!(closed, [("uong.dd".to_owned(),)]);
        assert_eq!(sign_in(&mut world.browser(), "uong.dd", PASSWORD).status, 403);
        let mut admin = world.signed_in("hanh.ntm");
        let path = format!("/quan-tri/can-bo/{}", world.uong);
        let form = admin.get(&path).page().form("form[action$='/mo']");
        admin.submit(&form).assert_leads_to(&path);
        sign_in(&mut world.browser(), "uong.dd", PASSWORD).assert_status(303);
    });
}

/// A token of Chi's, and its number.
fn token(world: &World, name: &'static str) -> (String, Id) {
    let token = api_token::draw();
    let (given, chi, ends) = (token.clone(), world.chi, super::world::moment("2027-11-21T00:00"));
    let id = world.node.write(move |tx| api_token::issue(tx, chi, &given, (name, ends)));
    (token, id)
}

/// Whether a program with this token is anybody at this path.
fn works(world: &World, token: &str, path: &str) -> bool {
    let request = http::Request::builder().uri(path).header("authorization", format!("Bearer {token}"));
    world.node.identify(&request.body(()).unwrap().into_parts().0).officer.is_some()
}

const API: &str = "/api/v1/dossiers";

#[test]
fn a_bearer_token_acts_as_its_officer_until_it_ends() {
    each_world(|world| {
        let (token, id) = token(&world, "Ki-ốt bộ phận một cửa");
        assert!(works(&world, &token, API));
        assert!(!works(&world, "nv_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", API));
        world.wait_minutes(600);
        assert!(works(&world, &token, API));
        world.node.write(move |tx| api_token::end(tx, id));
        assert!(!works(&world, &token, API));
        assert!(world.node.try_write(move |tx| api_token::end(tx, id)).is_err(), "it ends once");
        assert_eq!(setup::one_time_password().len(), 19);
    });
}

#[test]
fn a_bearer_token_opens_no_page() {
    each_world(|world| {
        let (token, _) = token(&world, "Ki-ốt");
        for path in ["/quan-tri/don-vi", "/tai-khoan", "/tai-khoan/xac-thuc", "/api", "/apis/v1"] {
            assert!(!works(&world, &token, path), "{path}");
        }
        assert_eq!(world.browser().bearer(&token).get("/quan-tri/don-vi").status, 303);
    });
}

#[test]
fn the_administrator_sees_and_ends_tokens_and_nobody_elses() {
    each_world(|world| {
        let ((kiosk, id), (other, _)) = (token(&world, "Ki-ốt số 1"), token(&world, "Ki-ốt số 2"));
        let mut admin = world.signed_in("hanh.ntm");
        let path = format!("/quan-tri/can-bo/{}", world.chi);
        let page = admin.get(&path).assert_status(200);
        assert!(page.text().contains("Ki-ốt số 1") && page.text().contains("Ki-ốt số 2"));
        let action = format!("{path}/ma-truy-cap/{id}/ket-thuc");
        let form = page.page().form(&format!("form[action='{action}']"));
        world.signed_in("may.lt").submit(&form).assert_status(404);
        let wrong = format!("/quan-tri/can-bo/{}/ma-truy-cap/{id}/ket-thuc", world.uong);
        admin.post(&wrong, &[("command", "thu-ma-cua-nguoi-khac")]).assert_status(404);
        assert!(works(&world, &kiosk, API));
        admin.submit(&form).assert_leads_to(&path);
        assert!(!works(&world, &kiosk, API) && works(&world, &other, API));
        assert!(!admin.get(&path).text().contains("Ki-ốt số 1"));
        assert_eq!(world.node.audited("directory.end_token"), 1);
    });
}

#[test]
fn a_new_password_from_the_administrator_and_a_closed_account_end_tokens_for_good() {
    each_world(|world| {
        let mut admin = world.signed_in("hanh.ntm");
        let path = format!("/quan-tri/can-bo/{}", world.chi);
        let press = |admin: &mut Client, act: &str| {
            let form = admin.get(&path).page().form(&format!("form[action='{path}/{act}']"));
            admin.submit(&form)
        };
        let (first, _) = token(&world, "Ki-ốt");
        press(&mut admin, "mat-khau").assert_status(200);
        assert!(!works(&world, &first, API));
        let (second, _) = token(&world, "Ki-ốt");
        press(&mut admin, "khoa").assert_status(303);
        assert!(!works(&world, &second, API));
        press(&mut admin, "mo").assert_status(303);
        assert!(!works(&world, &second, API), "opened again, it has none");
    });
}
