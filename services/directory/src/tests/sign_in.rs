//! The entrance: who comes in, who does not, and what is told and kept about it.

use super::world::{PASSWORD, each_world, errors, sign_in};
use crate::SESSION_COOKIE;
use store::params;
use testkit::Client;

#[test]
fn an_officer_signs_in_and_comes_back_to_the_page_they_wanted() {
    each_world(|world| {
        let mut browser = world.browser();
        let entrance = browser.get("/tai-khoan").assert_status(303);
        assert_eq!(entrance.location(), "/dang-nhap?tiep=/tai-khoan");
        let form = browser.get(entrance.location()).assert_status(200).page().form("form");
        let answer = browser.submit(&form.set("username", " UONG.dd ").set("password", PASSWORD));
        let cookies: Vec<&str> = answer.headers.get_all("set-cookie").iter().map(|c| c.to_str().unwrap()).collect();
        let session = cookies.iter().find(|cookie| cookie.starts_with(SESSION_COOKIE)).unwrap();
        assert!(session.contains("HttpOnly") && session.contains("SameSite=Lax"), "{session}");
        answer.assert_leads_to("/tai-khoan");
        let page = browser.get("/tai-khoan").assert_status(200).text();
        assert!(page.contains("Đặng Đình Ưởng") && page.contains("Phiên này"));
        assert_eq!(world.node.audited("directory.sign_in"), 1);
        let token = browser.cookie(SESSION_COOKIE).unwrap().to_owned();
        let (kept,): (i64,) =
            world.node.read(|r| r.one("SELECT count(*) FROM session WHERE token_hash = $1", params![&token]));
        assert_eq!(kept, 0, "the token itself is not in the database");
    });
}

#[test]
fn behind_tls_cookies_are_of_this_very_host() {
    each_world(|world| {
        let node = world.behind_tls();
        let mut browser = Client::new(&node.router);
        let entrance = browser.get("/dang-nhap").assert_status(200);
        let form = entrance.page().form("form").set("username", "uong.dd").set("password", PASSWORD);
        let inside = browser.submit(&form).assert_status(303);
        let set = [&entrance, &inside].map(|answer| answer.header("set-cookie").unwrap().to_owned());
        for (cookie, name) in set.iter().zip(["__Host-nhaviec_may=", "__Host-nhaviec_phien="]) {
            assert!(cookie.starts_with(name), "{cookie}");
            let parts: Vec<&str> = cookie.split("; ").collect();
            for must in ["Secure", "Path=/", "HttpOnly", "SameSite=Lax"] {
                assert!(parts.contains(&must), "{must} is missing: {cookie}");
            }
            assert!(!cookie.to_ascii_lowercase().contains("domain"), "{cookie}");
        }
        browser.get("/tai-khoan").assert_status(200);
        let token = browser.cookie("__Host-nhaviec_phien").unwrap().to_owned();
        // Under the plain name any host below the same domain could have planted it.
        let mut planted = Client::new(&node.router);
        planted.set_cookie(SESSION_COOKIE, &token);
        assert_eq!(planted.get("/tai-khoan").status, 303);
        let left = browser.post("/dang-xuat", &[]);
        let cookie = left.header("set-cookie").unwrap();
        assert!(cookie.contains("; Max-Age=0") && cookie.ends_with("; Secure"), "{cookie}");
        assert_eq!(browser.cookie("__Host-nhaviec_phien"), None);
    });
}

#[test]
fn a_wrong_password_and_an_unknown_name_are_told_alike() {
    each_world(|world| {
        let wrong = sign_in(&mut world.browser(), "uong.dd", "Sai mật khẩu rồi 1.").assert_status(422);
        let unknown = sign_in(&mut world.browser(), "Mật khẩu của tôi 1.", "Sai mật khẩu rồi 1.").assert_status(422);
        assert_eq!(errors(&wrong), errors(&unknown));
        assert!(errors(&wrong).contains("Tên đăng nhập hoặc mật khẩu không đúng."), "{}", errors(&wrong));
        assert_eq!(world.node.audited("directory.fail_sign_in"), 2);
        let rows: Vec<(String,)> =
            world.node.read(|r| r.all("SELECT detail FROM audit WHERE action LIKE 'directory.fail%'", params![]));
        let subjects: Vec<(String,)> = world.node.read(|r| r.all("SELECT subject FROM sign_in_failure", params![]));
        for (text,) in rows.iter().chain(&subjects) {
            assert!(
                !text.contains("cua toi") && !text.contains("của tôi"),
                "a name that is perhaps a password is kept: {text}"
            );
        }
        assert_eq!(world.browser().get("/tai-khoan").status, 303);
    });
}

#[test]
fn empty_fields_are_told_and_nothing_is_counted() {
    each_world(|world| {
        let answer = sign_in(&mut world.browser(), "", "").assert_status(422);
        let page = answer.page();
        assert!(page.text("title").starts_with("Lỗi: "));
        assert!(errors(&answer).contains("Nhập tên đăng nhập."));
        let (rows,): (i64,) = world.node.read(|r| r.one("SELECT count(*) FROM sign_in_failure", params![]));
        assert_eq!(rows, 0);
    });
}

#[test]
fn a_hostile_way_back_leads_to_the_start_page() {
    each_world(|world| {
        for hostile in ["//evil.vn", "/\\evil.vn", "https://evil.vn/", "/%09/evil.vn"] {
            let mut browser = world.browser();
            let fields = [("username", "uong.dd"), ("password", PASSWORD), ("tiep", hostile)];
            let place = browser.post("/dang-nhap", &fields).assert_status(303).location().to_owned();
            assert!(place == "/" || place == "/%09/evil.vn", "{hostile} leads to {place}");
            let form =
                world.browser().get(&format!("/dang-nhap?tiep={}", hostile.replace('\\', "%5C"))).page().form("form");
            assert_eq!(form.value("tiep"), Some("/"), "{hostile}");
        }
    });
}

#[test]
fn signing_out_ends_the_session_on_the_server_too() {
    each_world(|world| {
        let mut browser = world.signed_in("uong.dd");
        let token = browser.cookie(SESSION_COOKIE).unwrap().to_owned();
        browser.post("/dang-xuat", &[]).assert_leads_to("/dang-nhap");
        assert_eq!(browser.cookie(SESSION_COOKIE), None);
        browser.set_cookie(SESSION_COOKIE, &token);
        assert_eq!(browser.get("/tai-khoan").status, 303, "the old token is worth nothing");
        assert_eq!(world.node.audited("directory.sign_out"), 1);
        // Leaving twice is no mistake.
        browser.post("/dang-xuat", &[]).assert_leads_to("/dang-nhap");
        assert_eq!(world.node.audited("directory.sign_out"), 1);
    });
}

#[test]
fn somebody_signed_in_is_not_asked_again() {
    each_world(|world| {
        let mut browser = world.signed_in("uong.dd");
        browser.get("/dang-nhap?tiep=/tai-khoan").assert_leads_to("/tai-khoan");
    });
}

#[test]
fn a_sign_in_from_another_site_is_refused() {
    each_world(|world| {
        let mut browser = world.browser().header("sec-fetch-site", "cross-site").header("origin", "https://evil.vn");
        let answer = browser.post("/dang-nhap", &[("username", "uong.dd"), ("password", PASSWORD)]);
        assert_eq!(answer.status, 403);
        assert_eq!(world.node.audited("directory.sign_in"), 0);
    });
}
