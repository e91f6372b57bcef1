//! Requests that anyone may send: the front, the citizens' pages, the entrance.

use super::case::{Asked, Case, Sent, ask};
use crate::world::{METRICS_TOKEN, PASSWORD, Person, Rank, World};
use app::settings::{Settings, Tls};
use app::tls::Certificates;
use hmac::{KeyInit, Mac};
use serde_json::Value;
use testkit::{Authenticator, Client, Form, Part, Slip};
use types::{Clock, Id};

/// Where an officer keeps passkeys.
pub const PASSKEYS: &str = "/tai-khoan/xac-thuc/khoa-truy-cap";

fn open(path: &'static str, at: impl Fn(&World) -> String + 'static) -> Case {
    ask("GET", path, Rank::Idle, move |world| Asked::anyone(world, Sent::Get(at(world))))
}

pub fn cases() -> Vec<Case> {
    [front(), citizens(), entrance()].into_iter().flatten().collect()
}

fn front() -> Vec<Case> {
    vec![
        open("/assets/{file}", |world| {
            let page = world.stranger().get("/").page();
            page.attribute("link[rel=stylesheet]", "href").expect("a style sheet")
        }),
        open("/cai-chung-thu", |_| "/cai-chung-thu".into()),
        open("/cai-chung-thu/nha-viec.crt", |world| {
            let settings =
                Settings { tls: Tls::Local { names: Vec::new() }, ..crate::world::settings(&world.database) };
            let opened = world.house.service::<Certificates>().open(&settings, world.clock.now());
            opened.unwrap_or_else(|e| panic!("an authority: {e} {}", e.inward()));
            "/cai-chung-thu/nha-viec.crt".into()
        }),
        open("/giay-phep", |_| "/giay-phep".into()),
        open("/kieu-dang", |_| "/kieu-dang?mat=ban-lam-viec".into()),
        open("/healthz", |_| "/healthz".into()),
        open("/readyz", |_| "/readyz".into()),
        // Who has no token finds nothing; `watching` tries them.
        ask("GET", "/metrics", Rank::Idle, |world| {
            let client = world.stranger().bearer(METRICS_TOKEN);
            Asked { sent: Sent::get("/metrics"), client, officer: None }
        }),
        open("/", |_| "/".into()),
    ]
}

fn citizens() -> Vec<Case> {
    vec![
        open("/thu-tuc", |_| "/thu-tuc?q=khai+sinh".into()),
        open("/thu-tuc/{code}", |_| "/thu-tuc/1.001193".into()),
        open("/tra-cuu", |_| "/tra-cuu".into()),
        ask("POST", "/tra-cuu", Rank::Idle, |world| {
            let code = world.waiting();
            let mut citizen = world.stranger();
            let form = citizen.get("/tra-cuu").page().form("form[method=post][action='/tra-cuu']");
            let form = form.set("code", &code).set("tail", "4567");
            Asked { sent: Sent::Form(form), client: citizen, officer: None }
        })
        .unaudited("a citizen looks at their own dossier and nothing changes"),
        open("/theo-doi/{token}", |world| format!("/theo-doi/{}", world.received().1)),
        open("/theo-doi/{token}/giay-to/{event}", paper),
        ask("POST", "/theo-doi/{token}/giay-to/{event}", Rank::Idle, |world| {
            let mut citizen = world.stranger();
            let path = paper(world);
            let form = citizen.get(&path).page().form(&format!("form[method=post][action='{path}']"));
            Asked { sent: Sent::Form(form.set("number", "099190000017")), client: citizen, officer: None }
        })
        .twice("each time the paper goes out is written down"),
        open("/theo-doi/{token}/doi-chieu", |world| format!("/theo-doi/{}/doi-chieu", world.received().1)),
        ask("POST", "/theo-doi/{token}/doi-chieu", Rank::Idle, |world| {
            let path = format!("/theo-doi/{}/doi-chieu", world.received().1);
            let file = Part::file("file", "ket-qua.pdf", "application/pdf", &crate::world::work::pdf("x"));
            Asked::anyone(world, Sent::Files(path, vec![file]))
        })
        .unaudited("a file is held against a result and forgotten; nothing changes"),
        open("/api/openapi.json", |_| "/api/openapi.json".into()),
        open("/api/v1/procedures", |_| "/api/v1/procedures?q=sao+y".into()),
        open("/api/v1/procedures/{code}", |_| "/api/v1/procedures/2.000815".into()),
    ]
}

/// The party's own receipt.
fn paper(world: &World) -> String {
    let (code, token) = world.received();
    let page = world.own_form(&code, "received");
    format!("/theo-doi/{token}/giay-to/{}", page.rsplit('/').next().expect("an event"))
}

fn entrance() -> Vec<Case> {
    vec![
        open("/dang-nhap", |_| "/dang-nhap".into()),
        ask("POST", "/dang-nhap", Rank::Idle, |world| {
            let guest = world.guest();
            let mut browser = world.stranger();
            let form = browser.get("/dang-nhap").page().form("form[method=post]");
            let form = form.set("username", &guest.username).set("password", PASSWORD);
            Asked { sent: Sent::Form(form), client: browser, officer: Some(guest.officer) }
        })
        .twice("two sign-ins are two tries; a token never stands in an answer that is kept"),
        ask("GET", "/dang-nhap/ma", Rank::Idle, |world| {
            let half = half_way(world);
            Asked { sent: Sent::get("/dang-nhap/ma"), client: half.browser, officer: None }
        }),
        ask("POST", "/dang-nhap/ma", Rank::Idle, |world| {
            let half = half_way(world);
            let mut browser = half.browser;
            let form = browser.get("/dang-nhap/ma").page().form("form[method=post]");
            let form = form.set("code", &code(&half.secret, world));
            Asked { sent: Sent::Form(form), client: browser, officer: Some(half.officer) }
        }),
        ask("GET", "/dang-nhap/khoa-truy-cap/thach-thuc", Rank::Idle, |world| {
            let mut browser = world.stranger().header("x-requested-with", "fetch");
            browser.get("/dang-nhap").assert_status(200);
            Asked { sent: Sent::get("/dang-nhap/khoa-truy-cap/thach-thuc"), client: browser, officer: None }
        }),
        ask("POST", "/dang-nhap/khoa-truy-cap", Rank::Idle, |world| {
            let guest = world.guest();
            let mut device = with_passkey(world, &guest);
            let mut browser = world.stranger();
            let form = browser.get("/dang-nhap").page().form("form[action='/dang-nhap/khoa-truy-cap']");
            let (question, asked) = passkey_asked(&browser);
            let answer = device.answer(&asked, &Slip::None);
            let form = form.set("ceremony", &question).set("answer", &answer);
            Asked { sent: Sent::Form(form), client: browser, officer: Some(guest.officer) }
        }),
        ask("GET", "/tai-khoan/phien/con-lai", Rank::Idle, |world| {
            Asked::browser(world.person(Rank::Specialist), Sent::get("/tai-khoan/phien/con-lai"))
        }),
        ask("POST", "/dang-xuat", Rank::Idle, |world| {
            let guest = world.guest();
            Asked::browser(&guest, Sent::Fields("/dang-xuat".into(), Vec::new()))
        }),
    ]
}

/// A browser in which the password was right and the code is still to come.
struct HalfWay {
    browser: Client,
    officer: Id,
    secret: Vec<u8>,
}

fn half_way(world: &World) -> HalfWay {
    let (guest, secret) = with_second_factor(world);
    // A code is good once; the next one comes after half a minute.
    world.wait_seconds(30);
    let mut browser = world.stranger();
    let form = browser.get("/dang-nhap").page().form("form[method=post]");
    let answer = browser.submit(&form.set("username", &guest.username).set("password", PASSWORD)).assert_status(303);
    assert!(answer.location().starts_with("/dang-nhap/ma"));
    HalfWay { browser, officer: guest.officer, secret }
}

/// An officer who has set the second factor up, and its secret.
pub fn with_second_factor(world: &World) -> (Person, Vec<u8>) {
    let guest = world.guest();
    let secret = offered(&guest.browser);
    let form = world.form(&guest, "/tai-khoan/xac-thuc", "/tai-khoan/xac-thuc/xac-nhan");
    guest.browser.clone().submit(&form.set("code", &code(&secret, world))).assert_leads_to("/tai-khoan");
    (guest, secret)
}

/// What a browser is asked for a passkey, under the number of the question.
pub fn passkey_asked(browser: &Client) -> (String, Value) {
    let mut browser = browser.clone().header("x-requested-with", "fetch");
    let asked = browser.get("/dang-nhap/khoa-truy-cap/thach-thuc").assert_status(200).json();
    (asked["ceremony"].as_str().expect("a number").to_owned(), asked["publicKey"].clone())
}

/// The page on which somebody's browser makes a passkey.
pub fn passkey_offered(world: &World, person: &Person) -> String {
    let form = world.form(person, PASSKEYS, PASSKEYS).set("proof", PASSWORD);
    person.browser.clone().submit(&form).assert_status(303).location().to_owned()
}

/// The form of that page with what a device made.
pub fn passkey_made(world: &World, person: &Person, device: &mut Authenticator) -> Form {
    let path = passkey_offered(world, person);
    let page = person.browser.clone().get(&path).page();
    let asked = page.attribute("[data-asked]", "data-asked").expect("the page asks for a passkey");
    let asked: Value = serde_json::from_str(&asked).expect("JSON");
    world.form(person, &path, &path).set("answer", &device.make(&asked, &Slip::None))
}

/// Makes a passkey for somebody who has none; answers the device that holds it.
pub fn with_passkey(world: &World, person: &Person) -> Authenticator {
    let mut device = Authenticator::at("https://nhaviec.test");
    let form = passkey_made(world, person, &mut device);
    person.browser.clone().submit(&form).assert_leads_to(PASSKEYS);
    device
}

/// The newest passkey of somebody.
pub fn passkey_of(world: &World, person: &Person) -> Id {
    let (officer, sql) = (person.officer, "SELECT max(id) FROM passkey WHERE officer_id = $1");
    world.read(|reader| reader.one(sql, store::params![officer]).map(|(id,): (Id,)| id))
}

/// Begins to set up the second factor; answers the secret that the page shows.
pub fn offered(browser: &Client) -> Vec<u8> {
    let mut browser = browser.clone();
    let form = browser.get("/tai-khoan/xac-thuc").page().form("form[method=post][action='/tai-khoan/xac-thuc']");
    browser.submit(&form.set("proof", PASSWORD)).assert_status(303);
    let page = browser.get("/tai-khoan/xac-thuc").page();
    let at = page.texts("dt").iter().position(|text| text.contains("Nhập khóa này vào ứng dụng"));
    let typed = page.texts("dd").remove(at.expect("the page shows the secret for typing"));
    data_encoding::BASE32_NOPAD.decode(typed.replace(' ', "").as_bytes()).expect("the secret is base32")
}

/// The code that the officer's phone shows now (RFC 6238).
pub fn code(secret: &[u8], world: &World) -> String {
    let step = u64::try_from(world.clock.now().0 / 1_000_000 / 30).expect("after 1970");
    let mut mac = hmac::Hmac::<sha1::Sha1>::new_from_slice(secret).expect("any length");
    mac.update(&step.to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let at = usize::from(hash[19] & 15);
    let bits = u32::from_be_bytes([hash[at] & 0x7f, hash[at + 1], hash[at + 2], hash[at + 3]]);
    format!("{:06}", bits % 1_000_000)
}
