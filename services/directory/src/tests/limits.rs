//! Guessing: locked where it happens, and no stranger can lock the commune out.

use super::world::{PASSWORD, each_world, each_world_with, errors, sign_in};
use testkit::Client;

const WRONG: &str = "Đoán bừa một lần 1.";

fn guess(browser: &mut Client, times: usize) {
    for _ in 0..times {
        assert_eq!(sign_in(browser, "uong.dd", WRONG).status, 422);
    }
}

#[test]
fn five_failures_lock_the_device_for_a_quarter_of_an_hour_then_longer() {
    each_world(|world| {
        let mut browser = world.browser();
        guess(&mut browser, 5);
        let locked = sign_in(&mut browser, "uong.dd", PASSWORD).assert_status(429);
        assert!(
            locked.text().contains("thử lại sau 16 phút") || locked.text().contains("thử lại sau 15 phút"),
            "{}",
            locked.text()
        );
        assert_eq!(world.node.audited("directory.limit_sign_in"), 1);
        // The same device may sign in to another account: the lock is the pair's.
        sign_in(&mut browser, "chi.ctx", PASSWORD).assert_status(303);
        browser.post("/dang-xuat", &[]);
        world.wait_minutes(15);
        guess(&mut browser, 5);
        world.wait_minutes(15);
        assert_eq!(sign_in(&mut browser, "uong.dd", PASSWORD).status, 429, "the second lock lasts longer");
        world.wait_minutes(15);
        sign_in(&mut browser, "uong.dd", PASSWORD).assert_status(303);
    });
}

#[test]
fn a_right_password_starts_the_count_anew() {
    each_world(|world| {
        let mut browser = world.browser();
        for _ in 0..3 {
            guess(&mut browser, 4);
            sign_in(&mut browser, "uong.dd", PASSWORD).assert_status(303);
            browser.post("/dang-xuat", &[]);
        }
    });
}

#[test]
fn a_stranger_slows_other_strangers_but_never_the_officers_own_device() {
    each_world(|world| {
        let mut own = world.signed_in("uong.dd");
        own.post("/dang-xuat", &[]);
        // A stranger who throws the browser's mark away each time.
        let mut refused = 0;
        for _ in 0..12 {
            refused += i32::from(sign_in(&mut world.browser(), "uong.dd", WRONG).status == 429);
        }
        assert_eq!(refused, 2, "ten tries, then strangers wait");
        assert_eq!(sign_in(&mut world.browser(), "uong.dd", PASSWORD).status, 429);
        sign_in(&mut own, "uong.dd", PASSWORD).assert_status(303);
        // Other accounts are not touched, and the wait is short.
        sign_in(&mut world.browser(), "chi.ctx", PASSWORD).assert_status(303);
        world.wait_minutes(1);
        sign_in(&mut world.browser(), "uong.dd", PASSWORD).assert_status(303);
    });
}

#[test]
fn spraying_many_names_from_one_address_is_limited() {
    each_world_with(
        |rules| rules.behind_proxy = true,
        |world| {
            let from = |address: &str| world.browser().header("x-forwarded-for", address);
            let mut own = from("10.0.0.9");
            sign_in(&mut own, "chi.ctx", PASSWORD).assert_status(303);
            own.post("/dang-xuat", &[]);
            let mut refused = 0;
            for n in 0..32 {
                // What the client writes in front of the proxy's own entry counts for nothing.
                let mut browser = from(&format!("192.0.2.{n}, 10.0.0.9"));
                refused += i32::from(sign_in(&mut browser, &format!("nguoi{n}"), WRONG).status == 429);
            }
            assert_eq!(refused, 2, "thirty tries, then the address waits");
            assert_eq!(sign_in(&mut from("10.0.0.9"), "uong.dd", PASSWORD).status, 429);
            sign_in(&mut from("10.0.0.10"), "uong.dd", PASSWORD).assert_status(303);
            sign_in(&mut own, "chi.ctx", PASSWORD).assert_status(303);
        },
    );
}

#[test]
fn guesses_sent_all_at_once_gain_nothing() {
    each_world(|world| {
        let mut browser = world.browser();
        browser.get("/dang-nhap");
        let answers: Vec<u16> = std::thread::scope(|scope| {
            let tries: Vec<_> = (0..12)
                .map(|n| {
                    let mut copy = browser.clone();
                    let password = format!("Đoán bừa lần {n}.");
                    scope.spawn(move || {
                        copy.post("/dang-nhap", &[("username", "uong.dd"), ("password", &password)]).status
                    })
                })
                .collect();
            tries.into_iter().map(|one| one.join().unwrap()).collect()
        });
        assert_eq!(answers.iter().filter(|status| **status == 422).count(), 5, "{answers:?}");
        assert_eq!(answers.iter().filter(|status| **status == 429).count(), 7, "{answers:?}");
    });
}

#[test]
fn a_new_password_from_the_administrator_opens_the_lock() {
    each_world(|world| {
        let mut browser = world.browser();
        guess(&mut browser, 5);
        let mut admin = world.signed_in("hanh.ntm");
        let page = admin.get(&format!("/quan-tri/can-bo/{}", world.uong)).assert_status(200).page();
        let shown = admin.submit(&page.form("form[action$='/mat-khau']")).assert_status(200);
        let password = shown.page().texts("dd")[1].clone();
        let answer = sign_in(&mut browser, "uong.dd", &password).assert_status(303);
        assert!(errors(&answer).is_empty());
        browser.get("/tai-khoan").assert_leads_to("/tai-khoan/mat-khau");
    });
}
