//! Signing in with a passkey: who comes in, who does not, and what is kept of it.

use super::world::{PASSWORD, PUBLIC_URL, World, each_world, each_world_with, errors, sign_in};
use crate::SESSION_COOKIE;
use serde_json::Value;
use store::params;
use testkit::{Answer, Authenticator, Client, Slip};

pub(super) const LIST: &str = "/tai-khoan/xac-thuc/khoa-truy-cap";
const ASK: &str = "/dang-nhap/khoa-truy-cap/thach-thuc";
const ENTER: &str = "/dang-nhap/khoa-truy-cap";

/// Opens the page on which a new passkey is made, proven by a password.
#[track_caller]
pub(super) fn offered(browser: &mut Client) -> String {
    let form = browser.get(LIST).assert_status(200).page().form(&format!("form[action='{LIST}']"));
    browser.submit(&form.set("proof", PASSWORD)).assert_status(303).location().to_owned()
}

/// The question on the page of a new passkey.
pub(super) fn asked_on(browser: &mut Client, path: &str) -> Value {
    let page = browser.get(path).assert_status(200).page();
    serde_json::from_str(page.all("[data-asked]")[0].value().attr("data-asked").unwrap()).unwrap()
}

/// Sends what a device made for the page at `path`.
pub(super) fn send_made(browser: &mut Client, path: &str, answer: &str) -> Answer {
    let form = browser.get(path).assert_status(200).page().form(&format!("form[action='{path}']"));
    browser.submit(&form.set("answer", answer).set("name", "Điện thoại"))
}

/// Makes a passkey for whoever is signed in, as a person would.
#[track_caller]
pub(super) fn enrol(browser: &mut Client) -> Authenticator {
    let mut device = Authenticator::at(PUBLIC_URL);
    enrol_in(browser, &mut device);
    device
}

#[track_caller]
pub(super) fn enrol_in(browser: &mut Client, device: &mut Authenticator) {
    let path = offered(browser);
    let asked = asked_on(browser, &path);
    send_made(browser, &path, &device.make(&asked, &Slip::None)).assert_leads_to(LIST);
}

/// What a browser is asked for a passkey: the question's number and the question.
#[track_caller]
pub(super) fn asked(browser: &Client) -> (String, Value) {
    let answer = browser.clone().header("x-requested-with", "fetch").get(ASK).assert_status(200);
    let answer: Value = serde_json::from_slice(&answer.body).unwrap();
    (answer["ceremony"].as_str().unwrap().to_owned(), answer["publicKey"].clone())
}

/// A browser at the entrance.
pub(super) fn at_entrance(world: &World) -> Client {
    let mut browser = world.browser();
    browser.get("/dang-nhap").assert_status(200);
    browser
}

fn send(browser: &mut Client, ceremony: &str, answer: &str) -> Answer {
    browser.post(ENTER, &[("ceremony", ceremony), ("answer", answer), ("tiep", "/tai-khoan")])
}

/// Signs in with the device's passkey, with or without something wrong.
#[track_caller]
pub(super) fn enter(browser: &mut Client, device: &mut Authenticator, slip: &Slip) -> Answer {
    let (ceremony, asked) = asked(browser);
    send(browser, &ceremony, &device.answer(&asked, slip))
}

fn questions(world: &World) -> i64 {
    world.node.read(|r| r.one("SELECT count(*) FROM passkey_ceremony", params![]).map(|(n,): (i64,)| n))
}

fn last_failure(world: &World) -> String {
    let sql = "SELECT detail FROM audit WHERE action = 'directory.fail_sign_in' ORDER BY id DESC LIMIT 1";
    world.node.read(|r| r.one(sql, params![]).map(|(detail,): (String,)| detail))
}

#[test]
fn an_officer_signs_in_with_a_passkey_and_nothing_else() {
    each_world(|world| {
        let mut device = enrol(&mut world.signed_in("uong.dd"));
        assert_eq!(
            (world.node.audited("directory.offer_passkey"), world.node.audited("directory.add_passkey")),
            (1, 1)
        );
        world.wait_minutes(10);
        let mut browser = at_entrance(&world);
        enter(&mut browser, &mut device, &Slip::None).assert_leads_to("/tai-khoan");
        let page = browser.get("/tai-khoan").assert_status(200).text();
        assert!(page.contains("Đặng Đình Ưởng") && page.contains("1 khóa"), "{page}");
        assert!(browser.get(LIST).text().contains("Điện thoại"));
        assert_eq!(world.node.audited("directory.sign_in"), 2);
        assert_eq!(questions(&world), 0, "a question is used up");
        let row: (i64, bool, bool) =
            world.node.read(|r| r.one("SELECT sign_count, used_at IS NOT NULL, backed_up FROM passkey", params![]));
        assert_eq!(row, (i64::from(device.counter) - 1, true, false), "counter and use are kept");
        let known: (i64,) = world.node.read(|r| {
            r.one("SELECT count(*) FROM session WHERE passkey_id IS NOT NULL AND ended_at IS NULL", params![])
        });
        assert_eq!(known.0, 2, "the session it was made in and the one it opened");
        // The same device answers again and again, and so does one that does not count.
        for _ in 0..3 {
            enter(&mut at_entrance(&world), &mut device, &Slip::None).assert_leads_to("/tai-khoan");
        }
        let mut still = Authenticator::at(PUBLIC_URL);
        still.counter = 0;
        still.synced = true;
        enrol_in(&mut world.signed_in("chi.ctx"), &mut still);
        for _ in 0..3 {
            enter(&mut at_entrance(&world), &mut still, &Slip::None).assert_leads_to("/tai-khoan");
        }
        assert!(browser.get(LIST).text().contains("chỉ ở một thiết bị"));
    });
}

#[test]
fn an_answer_with_anything_wrong_opens_nothing_and_is_written_down() {
    each_world(|world| {
        let mut device = enrol(&mut world.signed_in("uong.dd"));
        let slips = [
            (Slip::Origin("https://nhaviec.test.evil.example".into()), "passkey_origin"),
            (Slip::Origin("http://nhaviec.test".into()), "passkey_origin"),
            (Slip::Party("evil.example".into()), "passkey_party"),
            (Slip::Challenge, "passkey_challenge"),
            (Slip::Unverified, "passkey_unverified"),
            (Slip::Signature, "passkey_signature"),
            (Slip::Framed, "passkey_origin"),
            (Slip::Handle("AAAAAAAAAAAAAAAAAAAAAA".into()), "passkey_unknown"),
        ];
        for (slip, why) in slips {
            let mut browser = at_entrance(&world);
            let refused = enter(&mut browser, &mut device, &slip).assert_status(422);
            assert!(errors(&refused).contains("Không đăng nhập được bằng khóa truy cập này"), "{}", errors(&refused));
            assert!(browser.cookie(SESSION_COOKIE).is_none());
            assert!(last_failure(&world).contains(why), "{slip:?}: {}", last_failure(&world));
            assert_eq!(questions(&world), 0, "a wrong answer uses the question up too");
            world.wait_minutes(1);
        }
        for junk in ["", "x", "{}", "\u{0}", "[[[[", &"x".repeat(40_000)] {
            let mut browser = at_entrance(&world);
            let (ceremony, _) = asked(&browser);
            let status = send(&mut browser, &ceremony, junk).status;
            assert!(status == 422, "{status} for {}", &junk.chars().take(10).collect::<String>());
        }
        // A passkey of another house's device, which nobody here knows.
        let mut stranger = Authenticator::at(PUBLIC_URL);
        let foreign =
            serde_json::json!({ "rp": { "id": "nhaviec.test" }, "user": { "id": device.handle() }, "challenge": "AA" });
        stranger.make(&foreign, &Slip::None);
        assert_eq!(enter(&mut at_entrance(&world), &mut stranger, &Slip::None).status, 422);
        enter(&mut at_entrance(&world), &mut device, &Slip::None).assert_leads_to("/tai-khoan");
    });
}

#[test]
fn a_question_is_answered_once_in_time_and_in_its_own_browser() {
    each_world(|world| {
        let mut device = enrol(&mut world.signed_in("uong.dd"));
        let again = "/dang-nhap?tiep=/tai-khoan&khoa=lai";
        let (mut one, mut two) = (at_entrance(&world), at_entrance(&world));
        let ((first, first_asked), (second, second_asked)) = (asked(&one), asked(&two));
        let answer = device.answer(&first_asked, &Slip::None);
        send(&mut two, &first, &answer).assert_leads_to(again);
        assert!(two.cookie(SESSION_COOKIE).is_none(), "another browser's question");
        assert!(errors(&two.get(again)).contains("quá 5 phút hoặc đã được trả lời"));
        // Both at once, each with its own.
        send(&mut one, &first, &answer).assert_leads_to("/tai-khoan");
        send(&mut two, &second, &device.answer(&second_asked, &Slip::None)).assert_leads_to("/tai-khoan");
        // The same answer once more, in the browser that gave it.
        let mut replay = one.clone();
        replay.set_cookie(SESSION_COOKIE, "");
        send(&mut replay, &first, &answer).assert_leads_to(again);
        let mut late = at_entrance(&world);
        let (number, asked_late) = asked(&late);
        world.wait_minutes(5);
        send(&mut late, &number, &device.answer(&asked_late, &Slip::None)).assert_leads_to(again);
        // Without the mark of a browser, and to what is no script of ours, nothing is asked.
        assert_eq!(world.browser().header("x-requested-with", "fetch").get(ASK).status, 422);
        assert_eq!(at_entrance(&world).get(ASK).status, 404);
    });
}

#[test]
fn one_answer_sent_many_times_at_once_comes_in_once() {
    each_world(|world| {
        let mut device = enrol(&mut world.signed_in("uong.dd"));
        let browser = at_entrance(&world);
        let (ceremony, question) = asked(&browser);
        let answer = device.answer(&question, &Slip::None);
        let statuses: Vec<String> = std::thread::scope(|scope| {
            let sent = |_| {
                let (mut copy, ceremony, answer) = (browser.clone(), ceremony.clone(), answer.clone());
                scope.spawn(move || {
                    let came = send(&mut copy, &ceremony, &answer);
                    format!("{} {}", came.status, came.header("location").unwrap_or_default())
                })
            };
            let sent: Vec<_> = (0..4).map(sent).collect();
            sent.into_iter().map(|one| one.join().unwrap()).collect()
        });
        assert_eq!(statuses.iter().filter(|told| *told == "303 /tai-khoan").count(), 1, "{statuses:?}");
        assert_eq!(world.node.audited("directory.sign_in"), 2);
    });
}

#[test]
fn any_node_takes_the_answer_also_after_a_restart() {
    each_world(|world| {
        let mut device = enrol(&mut world.signed_in("uong.dd"));
        let browser = at_entrance(&world);
        let (ceremony, question) = asked(&browser);
        let other = world.second_node();
        let mut there = Client::new(&other.router);
        there.set_cookie(web::cookies::DEVICE_COOKIE, browser.cookie(web::cookies::DEVICE_COOKIE).unwrap());
        send(&mut there, &ceremony, &device.answer(&question, &Slip::None)).assert_leads_to("/tai-khoan");
        there.get("/tai-khoan").assert_status(200);
    });
}

#[test]
fn a_counter_that_goes_back_is_refused_and_shown() {
    each_world(|world| {
        let mut device = enrol(&mut world.signed_in("uong.dd"));
        let mut copy = device.clone();
        let mut browser = at_entrance(&world);
        for _ in 0..3 {
            enter(&mut browser, &mut device, &Slip::None).assert_leads_to("/tai-khoan");
            browser.post("/dang-xuat", &[]);
        }
        enter(&mut at_entrance(&world), &mut copy, &Slip::None).assert_status(422);
        assert!(last_failure(&world).contains("passkey_counter"), "{}", last_failure(&world));
        enter(&mut browser, &mut device, &Slip::None).assert_leads_to("/tai-khoan");
        assert!(browser.get(LIST).text().contains("Nghi bị sao chép"), "its owner sees it");
        let officer = format!("/quan-tri/can-bo/{}", world.uong);
        assert!(world.signed_in("hanh.ntm").get(&officer).text().contains("Nghi bị sao chép"), "and the administrator");
    });
}

#[test]
fn rules_and_limits_are_those_of_passwords() {
    each_world(|world| {
        let mut device = enrol(&mut world.signed_in("uong.dd"));
        // Five wrong answers lock this device out, passwords too.
        let mut browser = at_entrance(&world);
        let tries: Vec<u16> = (0..6).map(|_| enter(&mut browser, &mut device, &Slip::Signature).status).collect();
        assert_eq!(tries, [422, 422, 422, 422, 422, 429]);
        assert_eq!(sign_in(&mut browser, "uong.dd", PASSWORD).status, 429);
        enter(&mut at_entrance(&world), &mut device, &Slip::None).assert_leads_to("/tai-khoan");
        // Wrong passwords lock the passkey out in the same browser.
        let mut guessed = at_entrance(&world);
        for _ in 0..5 {
            sign_in(&mut guessed, "uong.dd", "Đoán bừa một lần 1.");
        }
        assert_eq!(enter(&mut guessed, &mut device, &Slip::None).status, 429);
        world.wait_minutes(20);
        // A closed account, open again.
        let uong = world.uong;
        world.node.write(move |tx| crate::account::disable(tx, uong));
        let closed = enter(&mut at_entrance(&world), &mut device, &Slip::None).assert_status(403);
        assert!(errors(&closed).contains("Tài khoản đã bị khóa"), "{}", errors(&closed));
        assert!(last_failure(&world).contains("passkey_closed"));
        world.node.write(move |tx| crate::account::enable(tx, uong));
        // A password for one use still has to be changed first.
        let change = format!("UPDATE account SET must_change = TRUE WHERE officer_id = {uong}");
        world.database.script(&change);
        let mut inside = at_entrance(&world);
        enter(&mut inside, &mut device, &Slip::None).assert_status(303);
        inside.get("/tai-khoan").assert_leads_to("/tai-khoan/mat-khau");
    });
}

#[test]
fn one_address_does_not_fill_the_house_with_questions() {
    each_world(|world| {
        let mut browser = at_entrance(&world).header("x-requested-with", "fetch");
        let statuses: Vec<u16> = (0..202).map(|_| browser.get(ASK).status).collect();
        assert!(statuses[..200].iter().all(|status| *status == 200));
        assert_eq!(statuses[200..], [429, 429]);
        world.wait_minutes(5);
        assert_eq!(browser.get(ASK).status, 200);
        assert_eq!(questions(&world), 1, "what is over goes with the next question");
    });
}

#[test]
fn an_administrator_needs_no_code_beside_a_passkey() {
    each_world_with(
        |rules| rules.second_factor_for_administrators = true,
        |world| {
            let mut admin = world.signed_in("hanh.ntm");
            admin.get("/quan-tri/don-vi").assert_leads_to("/tai-khoan/xac-thuc");
            let mut device = enrol(&mut admin);
            admin.get("/quan-tri/don-vi").assert_status(200);
            let mut browser = at_entrance(&world);
            enter(&mut browser, &mut device, &Slip::None).assert_status(303);
            browser.get("/quan-tri/don-vi").assert_status(200);
            // The password alone does not go round it.
            let mut thief = world.signed_in("hanh.ntm");
            thief.get("/quan-tri/don-vi").assert_leads_to("/tai-khoan/xac-thuc");
            let page = thief.get("/tai-khoan/xac-thuc").assert_status(200).page();
            assert_eq!(page.count("input[name=proof]"), 0);
            let form = page.form("form[action='/tai-khoan/xac-thuc']").press("proof", PASSWORD);
            assert_eq!(thief.submit(&form).status, 422);
            let form = thief.get(LIST).page().form(&format!("form[action='{LIST}']")).press("proof", PASSWORD);
            assert_eq!(thief.submit(&form).status, 422);
        },
    );
}

#[test]
fn without_https_the_page_says_so_and_offers_nothing() {
    each_world(|world| {
        let node = world.node_at("http://nhaviec.xa.example");
        let mut browser = Client::new(&node.router);
        let entrance = browser.get("/dang-nhap").assert_status(200);
        assert!(entrance.text().contains("chỉ dùng được khi Nhà Việc có địa chỉ https"));
        assert_eq!(entrance.page().count("[data-passkey]"), 0);
        sign_in(&mut browser, "uong.dd", PASSWORD).assert_status(303);
        let list = browser.get(LIST).assert_status(200);
        assert!(list.text().contains("Khóa truy cập không dùng được ở đây"));
        assert_eq!(list.page().count(&format!("form[action='{LIST}'], [data-passkey]")), 0);
        let mut here = Client::new(&world.node_at("http://localhost:8080").router);
        assert_eq!(here.get("/dang-nhap").assert_status(200).page().count("[data-passkey]"), 1);
    });
}
