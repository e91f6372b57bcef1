//! Guessing: locked where it happens, and no stranger can lock the commune out.

use super::second_factor::enrol;
use super::world::{PASSWORD, World, each_world, each_world_with, errors, sign_in};
use crate::totp;
use store::params;
use testkit::Client;
use types::Clock;

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

fn failures(world: &World) -> Vec<(String, i64)> {
    world
        .node
        .read(|r| r.all("SELECT scope, failures FROM sign_in_failure WHERE failures > 0 ORDER BY scope", params![]))
}

#[test]
fn a_right_sign_in_with_both_factors_leaves_no_failure_behind() {
    each_world_with(
        |rules| rules.behind_proxy = true,
        |world| {
            let secret = enrol(&world, &mut world.signed_in("uong.dd"));
            assert_eq!(failures(&world), []);
            // Roll-out day: every PC is new, and all are behind one address.
            for n in 0..12 {
                world.clock.set(world.clock.now().plus_seconds(31));
                let mut browser = world.browser().header("x-forwarded-for", "203.0.113.7");
                sign_in(&mut browser, "uong.dd", PASSWORD).assert_status(303);
                let waiting = failures(&world);
                assert_eq!(waiting, [("pair".to_owned(), 1)], "the code can still be guessed at from this device only");
                let form = browser.get("/dang-nhap/ma").page().form("form");
                let typed = totp::code(&secret, totp::step(world.clock.now()), 6);
                browser.submit(&form.set("code", &typed)).assert_status(303);
                assert_eq!(failures(&world), [], "after {n} sign-ins");
            }
        },
    );
}

#[test]
fn who_knows_the_password_does_not_guess_codes_without_an_end() {
    each_world(|world| {
        enrol(&world, &mut world.signed_in("uong.dd"));
        world.wait_minutes(1);
        let mut tries = 0;
        let mut browser = world.browser();
        while sign_in(&mut browser, "uong.dd", PASSWORD).status == 303 {
            tries += 1;
            assert!(tries < 10, "the password again and again");
            browser.post("/dang-nhap/ma", &[("code", "000000")]);
        }
        assert_eq!(tries, 3, "five tries of this device: password, code, password, code, password");
        // Other devices: each guess of a code counts for the account.
        let mut guesses = 0;
        loop {
            let mut browser = world.browser();
            if sign_in(&mut browser, "uong.dd", PASSWORD).status != 303 {
                break;
            }
            if browser.post("/dang-nhap/ma", &[("code", "000000")]).status != 422 {
                break;
            }
            guesses += 1;
            assert!(guesses < 20);
        }
        assert!(guesses <= 10, "{guesses}");
    });
}

#[test]
fn an_ipv6_line_is_one_client_and_a_port_behind_the_address_is_none() {
    each_world_with(
        |rules| rules.behind_proxy = true,
        |world| {
            let from = |address: &str| world.browser().header("x-forwarded-for", address);
            let mut refused = 0;
            for n in 0..32 {
                let mut browser = from(&format!("2001:db8:1:2:{n:x}::1"));
                refused += i32::from(sign_in(&mut browser, &format!("nguoi{n}"), WRONG).status == 429);
            }
            assert_eq!(refused, 2, "thirty tries from one line, then it waits");
            sign_in(&mut from("2001:db8:1:3::1"), "uong.dd", PASSWORD).assert_status(303);
            let told: (String,) = world.node.read(|r| {
                r.one("SELECT detail FROM audit WHERE action = 'directory.sign_in' ORDER BY id DESC LIMIT 1", params![])
            });
            assert!(told.0.contains("2001:db8:1:3::1"), "the audit keeps the whole address: {}", told.0);
            // Some proxies write the port too; the clients behind them are not one client.
            let mut refused = 0;
            for n in 0..32 {
                let mut browser = from(&format!("198.51.100.{n}:{}", 50_000 + n));
                refused += i32::from(sign_in(&mut browser, &format!("ai{n}"), WRONG).status == 429);
            }
            assert_eq!(refused, 0);
            let mut refused = 0;
            for n in 0..32 {
                let mut browser = from(&format!("192.0.2.1:{}", 50_000 + n));
                refused += i32::from(sign_in(&mut browser, &format!("kia{n}"), WRONG).status == 429);
            }
            assert_eq!(refused, 2, "another port is no other client");
        },
    );
}
