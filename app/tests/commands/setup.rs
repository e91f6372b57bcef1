//! `nhaviec setup`: from an empty folder to an officer who receives a dossier, as a commune does on its first day.

use crate::world::program::Program;
use crate::world::work::{PROCEDURE, filled};
use crate::world::{program_path, settings};
use app::{house, modules};
use hmac::{KeyInit, Mac};
use std::sync::Arc;
use store::params;
use testkit::{Answer, Client, TestDatabase, each_engine, options_at};
use types::time::SetClock;
use types::{Clock, Id, Timestamp};
use web::House;

/// Xã La Bằng, Thái Nguyên.
const WORDS: [&str; 8] = [
    "--unit",
    "05818",
    "--code",
    "H55.62.05",
    "--admin-name",
    "Nguyễn Thị Mỹ Hạnh",
    "--admin-username",
    "Hanh.QuanTri",
];
const OWN_PASSWORD: &str = "Sương sớm trên nương 2026!";

fn words<'a>(changed: &[(&'a str, &'a str)]) -> Vec<&'a str> {
    let mut words = vec!["setup"];
    for pair in WORDS.chunks(2) {
        let value = changed.iter().find(|(name, _)| *name == pair[0]).map_or(pair[1], |(_, value)| *value);
        words.extend([pair[0], value]);
    }
    words.extend(changed.iter().filter(|(name, _)| !WORDS.contains(name)).flat_map(|(name, value)| [*name, *value]));
    words
}

/// A running house over what the command made.
struct Running {
    house: House,
    clock: Arc<SetClock>,
    router: axum::Router,
    unit: Id,
}

impl Running {
    fn over(database: &TestDatabase) -> Self {
        let clock = Arc::new(SetClock::new(Timestamp::now()));
        let printing = print::Settings::of(program_path(), ["print-worker"]);
        let house = house::open_with(&settings(database), options_at(&clock), (printing, modules::ALL))
            .unwrap_or_else(|e| panic!("opening the house: {e} {}", e.inward()));
        let (unit,): (Id,) = house
            .store()
            .read_blocking(|reader| reader.one("SELECT id FROM unit WHERE code = 'H55.62.05'", params![]))
            .expect("the unit");
        Self { router: web::router(&house), house, clock, unit }
    }

    fn count(&self, sql: &'static str) -> i64 {
        self.house.store().read_blocking(|reader| reader.one::<(i64,)>(sql, params![])).expect("a count").0
    }

    fn sign_in(&self, username: &str, password: &str) -> (Client, Answer) {
        let mut browser = Client::new(&self.router);
        let form = browser.get("/dang-nhap").assert_status(200).page().form("form[method=post]");
        let answer = browser.submit(&form.set("username", username).set("password", password));
        (browser, answer)
    }

    /// Signs in for the first time: nothing is open before a password of one's own is chosen.
    fn first_sign_in(&self, username: &str, password: &str) -> Client {
        let (mut browser, answer) = self.sign_in(username, password);
        answer.assert_status(303);
        browser.get("/viec-cua-toi").assert_leads_to("/tai-khoan/mat-khau");
        let form = browser.get("/tai-khoan/mat-khau").page().form("form[action='/tai-khoan/mat-khau']");
        let form = form.set("current", password).set("password", OWN_PASSWORD).set("again", OWN_PASSWORD);
        browser.submit(&form).assert_status(303);
        browser
    }

    /// Sets the second factor up, without which an administrator gets no further.
    fn second_factor(&self, browser: &mut Client) {
        browser.get("/quan-tri/don-vi").assert_leads_to("/tai-khoan/xac-thuc");
        let form = browser.get("/tai-khoan/xac-thuc").page().form("form[action='/tai-khoan/xac-thuc']");
        browser.submit(&form.set("proof", OWN_PASSWORD)).assert_status(303);
        let page = browser.get("/tai-khoan/xac-thuc").page();
        let at = page.texts("dt").iter().position(|text| text.contains("Nhập khóa này vào ứng dụng"));
        let typed = page.texts("dd").remove(at.expect("the secret for typing")).replace(' ', "");
        let secret = data_encoding::BASE32_NOPAD.decode(typed.as_bytes()).expect("base32");
        let form = page.form("form[action='/tai-khoan/xac-thuc/xac-nhan']").set("code", &code(&secret, &self.clock));
        browser.submit(&form).assert_status(303);
    }

    /// Adds a post of a kind through the pages; answers its address.
    fn add_post(&self, browser: &mut Client, kind: &str, title: &str) -> String {
        let page = format!("/quan-tri/don-vi/{}/vi-tri/moi", self.unit);
        let form = browser.get(&page).assert_status(200).page().form("form[method=post][action$='/vi-tri/moi']");
        browser.submit(&form.set("kind", kind).set("title", title)).assert_status(303).location().to_owned()
    }

    /// Adds an officer through the pages; answers their address.
    fn add_officer(&self, browser: &mut Client, name: &str) -> String {
        let form = browser.get("/quan-tri/can-bo/moi").page().form("form[action='/quan-tri/can-bo/moi']");
        let form = form.set("name", name).set("unit", &self.unit.to_string());
        browser.submit(&form).assert_status(303).location().to_owned()
    }

    fn open_account(&self, browser: &mut Client, officer: &str, username: &str) -> Answer {
        let form = browser.get(officer).assert_status(200).page().form(&format!("form[action='{officer}/tai-khoan']"));
        browser.submit(&form.set("username", username))
    }
}

/// What the telephone shows (RFC 6238).
fn code(secret: &[u8], clock: &SetClock) -> String {
    let step = u64::try_from(clock.now().0 / 1_000_000 / 30).expect("after 1970");
    let mut mac = hmac::Hmac::<sha1::Sha1>::new_from_slice(secret).expect("any length");
    mac.update(&step.to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let at = usize::from(hash[19] & 15);
    let bits = u32::from_be_bytes([hash[at] & 0x7f, hash[at + 1], hash[at + 2], hash[at + 3]]);
    format!("{:06}", bits % 1_000_000)
}

/// The one-time password that a command or a page shows.
fn one_time(text: &str) -> String {
    let at = text.find("Mật khẩu dùng một lần").expect("it is named");
    let found = text[at..].split(|c: char| c.is_whitespace() || c == '<' || c == '>').find(|word| {
        word.len() == 19
            && word.matches('-').count() == 3
            && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    });
    found.expect("a password for one use").to_owned()
}

#[test]
fn from_an_empty_folder_to_an_officer_who_receives_a_dossier() {
    each_engine(|database| {
        let ran = Program::over(&database).run(&words(&[])).ok();
        for part in ["Xã La Bằng, tỉnh Thái Nguyên", "hanh.quantri", "nhaviec serve", "/dang-nhap", "nhaviec backup"]
        {
            assert!(ran.out.contains(part), "«{part}» is not said:\n{}", ran.out);
        }
        Program::over(&database).run(&["check"]).ok();
        let running = Running::over(&database);
        assert_eq!(running.count("SELECT count(*) FROM account"), 1, "nobody but the administrator");
        assert_eq!(running.count("SELECT count(*) FROM procedure"), 44);
        assert_eq!(running.count("SELECT count(*) FROM dossier"), 0);
        assert_eq!(running.count("SELECT count(*) FROM unit"), 34 + 3321);
        assert!(!running.house.settings().demo);
        assert!(Client::new(&running.router).get("/").text().contains("UBND xã La Bằng"), "whose pages these are");
        // The administrator.
        let mut admin = running.first_sign_in("hanh.quantri", &one_time(&ran.out));
        running.second_factor(&mut admin);
        let counter = running.add_post(&mut admin, "counter", "Cán bộ một cửa");
        running.add_post(&mut admin, "specialist", "Công chức Tư pháp – Hộ tịch");
        let officer = running.add_officer(&mut admin, "Lò Thị Mẩy");
        let form = admin.get(&format!("{counter}/nguoi-giu")).page().form("form[method=post][action$='/nguoi-giu']");
        let id = officer.rsplit('/').next().expect("an id");
        admin.submit(&form.set("officer", id)).assert_status(303);
        // A name of a demo account is refused, another is taken.
        for name in ["motcua1.demo", "May.DEMO", "  mẩy.demo "] {
            let refused = running.open_account(&mut admin, &officer, name).assert_status(422);
            assert!(refused.text().contains("chỉ dành cho tài khoản của bản dùng thử"), "{name}");
        }
        assert_eq!(running.count("SELECT count(*) FROM account"), 1);
        let shown = running.open_account(&mut admin, &officer, "may.motcua").assert_status(200).text();
        // The officer.
        let mut officer = running.first_sign_in("may.motcua", &one_time(&shown));
        let page = format!("/tiep-nhan/{PROCEDURE}");
        let form = officer.get(&page).assert_status(200).page().form(&format!("form[method=post][action='{page}']"));
        let form = filled().into_iter().fold(form, |form, (key, value)| form.set(&format!("f.{key}"), value));
        let form = form.set("p.ban-chinh", "1");
        let answer = officer.submit(&form);
        let answer = match answer.status {
            422 => {
                let asked = answer.page().attribute("input[name=confirm]", "value");
                let confirm = asked.unwrap_or_else(|| panic!("{}", answer.page().text("main")));
                officer.submit(&form.press("confirm", &confirm))
            }
            _ => answer,
        };
        answer.assert_status(303);
        assert_eq!(running.count("SELECT count(*) FROM dossier"), 1);
        assert!(officer.get("/ho-so").text().contains("H55.62.05-"), "its code is the unit's");
        // Nobody signs in with what everybody knows.
        let (_, answer) = running.sign_in("motcua1.demo", app::demo::PASSWORD);
        assert_ne!(answer.status, 303);
        drop(running);
        Program::over(&database).run(&["check"]).ok();
    });
}

#[test]
fn a_database_in_use_is_left_alone() {
    each_engine(|database| {
        let program = Program::over(&database);
        // A server was started over nothing before: that is no use yet.
        program.run(&["migrate"]).ok();
        program.serve().stop();
        program.run(&words(&[])).ok();
        let again = words(&[("--admin-username", "ke.khac"), ("--public-url", "https://khac.example")]);
        program.run(&again).refused(&["đã có dữ liệu", "NHAVIEC_DATABASE"]);
        program.run(&["demo", "--dossiers", "1"]).refused(&["đã có dữ liệu"]);
        let running = Running::over(&database);
        assert_eq!(running.count("SELECT count(*) FROM account"), 1);
        assert_eq!(running.count("SELECT count(*) FROM account WHERE username LIKE '%.demo'"), 0);
        assert!(!program.folder().join("nhaviec.toml").exists());
    });
}

#[test]
fn what_cannot_be_taken_is_told_and_nothing_is_made() {
    each_engine(|database| {
        let program = Program::over(&database);
        for (changed, said) in [
            (("--unit", "99999"), "99999"),
            (("--code", "H55..5"), "ịnh danh điện tử"),
            (("--code", " "), "ịnh danh điện tử"),
            (("--admin-name", " "), "họ và tên"),
            (("--admin-username", "a"), "Tên đăng nhập"),
            (("--admin-username", "quantri.demo"), "bản dùng thử"),
            (("--public-url", "labang"), "NHAVIEC_PUBLIC_URL"),
        ] {
            program.run(&words(&[changed])).refused(&[said]);
        }
        // Nothing stands in the way of doing it right.
        program.run(&words(&[])).ok();
    });
}

#[test]
fn the_public_address_is_kept_and_one_that_nobody_reaches_is_warned_of() {
    let program = Program::alone();
    std::fs::write(program.folder().join("nhaviec.toml"), "data = \"kho\"\n").expect("a file of settings");
    let ran = program.run(&words(&[("--public-url", "https://dichvu.labang.example/")])).ok();
    assert!(ran.out.contains("https://dichvu.labang.example/dang-nhap"), "{}", ran.out);
    assert!(!ran.err.contains("Chú ý"), "{}", ran.err);
    let kept = std::fs::read_to_string(program.folder().join("nhaviec.toml")).expect("the file");
    assert!(
        kept.contains("public_url = \"https://dichvu.labang.example\"") && kept.contains("data = \"kho\""),
        "{kept}"
    );
    assert!(!program.run(&["check"]).ok().err.contains("Chú ý"));
    let hidden = program.with("NHAVIEC_PUBLIC_URL", "http://127.0.0.1:8080");
    assert!(hidden.run(&["check"]).ok().err.contains("mã QR trên giấy tiếp nhận vô dụng"));
    let told: serde_json::Value = serde_json::from_str(&hidden.run(&["check", "--json"]).ok().out).expect("JSON");
    assert_eq!((told["findings"].as_i64(), told["warnings"].as_array().map(Vec::len)), (Some(0), Some(1)), "{told}");
    let mut server = hidden.serve();
    assert!(server.ended().contains("NHAVIEC_PUBLIC_URL"), "serve says it too");
}
