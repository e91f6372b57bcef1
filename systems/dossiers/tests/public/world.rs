//! A small world: a province, the commune Suối Mơ with its counter and a department, and its neighbour. All invented.

use axum::Router;
use calendar::Calendars;
use directory::officer::OfficerEntry;
use directory::post::PostEntry;
use directory::setup::{create_account, create_officer, create_post, create_unit, hash_password, hold, seed_roles};
use directory::{Directory, PostKind, RolePreset, Rules, SessionGate, UnitEntry, UnitKind, api_token};
use dossiers::procedure::catalogue;
use dossiers::stored::{self, Procedures};
use files::FileStore;
use http::Extensions;
use serde_json::{Value, json};
use std::sync::{Arc, OnceLock};
use store::{Reader, Store, Tx};
use testkit::{Client, TestDatabase, clock, each_engine, options_at};
use types::time::SetClock;
use types::{Day, Error, Id, Result, Timestamp};
use web::{Draw, House, Module, Page, Settings, Who};

static MODULES: &[&Module] =
    &[&directory::MODULE, &calendar::MODULE, &files::MODULE, &records::MODULE, &signatures::MODULE, &dossiers::MODULE];

/// The party of every dossier here; nothing of it may stand on a tracking page.
pub const PARTY: [&str; 5] = ["Nông Thị Hoàng Yến", "019192000217", "0975000418", "Xóm Rừng Vần", "Nông Gia Ưởng"];
/// The last digits of the party's identity number and phone.
pub const TAILS: [&str; 2] = ["0217", "0418"];

/// Draws pages in the real shell, so that weights are real.
struct Pen;

impl Draw for Pen {
    fn page(&self, _: &House, _: &Who, _: &http::Uri, page: &Page) -> String {
        let surface = match page.surface {
            web::Surface::Citizen => ui::Surface::Citizen,
            web::Surface::Desk | web::Surface::Bare => ui::Surface::Desk,
        };
        ui::sample_shell(surface, ui::Lang::Vi, &page.title).wrap(&page.body)
    }

    fn error(&self, _: &Who, error: &Error, _: i64) -> Page {
        Page::citizen("Lỗi", ui::Notice::new(ui::Tone::Danger, error.to_string()))
    }
}

/// Who works here, each with a token.
pub struct World {
    pub store: Store,
    pub router: Router,
    pub clock: Arc<SetClock>,
    tokens: Vec<(&'static str, String)>,
    // Last, so that the store is closed before its database goes.
    pub database: TestDatabase,
}

/// Runs a test in a fresh world on both engines. It is Friday, 14:00.
pub fn each_world(body: impl Fn(World)) {
    each_engine(|database| body(World::new(database)));
}

fn unit(name: &str, kind: UnitKind, code: &str) -> UnitEntry {
    UnitEntry { name: name.into(), short_name: String::new(), kind, code: code.into(), gso_code: String::new() }
}

fn start() -> Day {
    "2025-07-01".parse().unwrap()
}

const PASSWORD: &str = "Nắng sớm trên đồi chè 2026.";

/// One hash for all, since it is slow to make.
fn password_hash() -> &'static str {
    static HASH: OnceLock<String> = OnceLock::new();
    HASH.get_or_init(|| hash_password(PASSWORD).unwrap())
}

/// An officer in a post, with a token; `who` is the user name.
fn seat(
    tx: &mut Tx<'_>,
    unit: Id,
    (kind, title): (PostKind, &str),
    (name, who, token): (&str, &str, &str),
) -> Result<()> {
    let officer = create_officer(tx, unit, &OfficerEntry { name: name.into(), ..OfficerEntry::default() })?;
    let post = create_post(tx, unit, &PostEntry { kind, title: title.into(), fields: Vec::new() }, start())?;
    hold(tx, post, officer, (start(), None))?;
    create_account(tx, officer, who, (password_hash(), false))?;
    api_token::issue(tx, officer, token, ("Kiểm thử", "2027-06-30T00:00".parse().unwrap()))?;
    Ok(())
}

fn presets() -> Vec<RolePreset> {
    let see = "dossiers.see";
    vec![
        RolePreset { kind: PostKind::Counter, permissions: vec![see, "dossiers.receive", "dossiers.deliver"] },
        RolePreset { kind: PostKind::Specialist, permissions: vec![see, "dossiers.handle"] },
        RolePreset { kind: PostKind::Leader, permissions: vec![see, "dossiers.handle"] },
        RolePreset { kind: PostKind::Clerk, permissions: vec![see, "dossiers.handle"] },
        RolePreset { kind: PostKind::Administrator, permissions: vec!["dossiers.keep-procedures"] },
    ]
}

fn fill(tx: &mut Tx<'_>, tokens: &[(&'static str, String)]) -> Result<()> {
    let token = |who: &str| tokens.iter().find(|(name, _)| *name == who).map(|(_, token)| token.clone()).unwrap();
    let province = create_unit(tx, &unit("Tỉnh Phú Lâm", UnitKind::Province, "H99"), None, start())?;
    seed_roles(tx, province, &presets())?;
    let here = create_unit(tx, &unit("Xã Suối Mơ", UnitKind::Commune, "H99.01"), Some(province), start())?;
    let counter = create_unit(tx, &unit("Bộ phận một cửa", UnitKind::Counter, ""), Some(here), start())?;
    let office = create_unit(tx, &unit("Phòng Văn hóa – Xã hội", UnitKind::Department, ""), Some(here), start())?;
    let there = create_unit(tx, &unit("Xã Đồng Giữa", UnitKind::Commune, "H99.02"), Some(province), start())?;
    let people = [
        (counter, PostKind::Counter, "Công chức một cửa", "Nguyễn Thị Mỹ Hạnh", "counter"),
        (office, PostKind::Specialist, "Công chức Tư pháp – Hộ tịch", "Đặng Đình Ưởng", "specialist"),
        (here, PostKind::Leader, "Phó Chủ tịch", "Lò Thị Mẩy", "leader"),
        (here, PostKind::Clerk, "Văn thư", "Chẩu Thị Xuyến Chi", "clerk"),
        (here, PostKind::Administrator, "Quản trị", "Ma Thị Oanh", "keeper"),
        (there, PostKind::Counter, "Công chức một cửa", "Hoàng Văn Khuyển", "neighbour"),
        (there, PostKind::Specialist, "Chuyên viên", "Vừ A Chỉa", "neighbour-specialist"),
    ];
    for (unit, kind, title, name, who) in people {
        seat(tx, unit, (kind, title), (name, who, &token(who)))?;
    }
    Ok(())
}

impl World {
    fn new(database: TestDatabase) -> Self {
        let migrations: Vec<_> = MODULES.iter().map(|module| (module.name, module.migrations)).collect();
        database.migrate(&migrations);
        let clock = clock("2026-11-20T14:00");
        let store = database.open_with(options_at(&clock));
        let directory = Directory::open(
            &database.dir,
            store.clock(),
            Rules { behind_proxy: true, second_factor_for_administrators: false, ..Rules::default() },
        )
        .unwrap();
        let names = ["counter", "specialist", "leader", "clerk", "keeper", "neighbour", "neighbour-specialist"];
        let tokens: Vec<(&'static str, String)> = names.into_iter().map(|name| (name, api_token::draw())).collect();
        let settings = Settings {
            data: database.dir.clone(),
            public_url: "https://suoimo.test".into(),
            demo: false,
            secure_cookies: false,
        };
        let mut services = Extensions::new();
        services.insert(directory.clone());
        services.insert(records::look::Looks::default());
        services.insert(Calendars::default());
        services.insert(signatures::Checker::default());
        services.insert(signatures::Trusting::default());
        services.insert(signatures::Means::default());
        services.insert(FileStore::open(&database.dir).unwrap());
        services.insert(Procedures::default());
        let gate = Box::new(SessionGate::new(directory));
        let house = House::new(store.clone(), MODULES, settings, (gate, Box::new(Pen)), services);
        let world = Self { router: web::router(&house), store, clock, tokens, database };
        let tokens = world.tokens.clone();
        world.write(move |tx| {
            fill(tx, &tokens)?;
            catalogue::FILES.iter().try_for_each(|(_, text)| stored::import(tx, text).map(|_| ()))
        });
        world
    }

    pub fn write<T>(&self, work: impl Fn(&mut Tx<'_>) -> Result<T> + Send + 'static) -> T
    where
        T: serde::Serialize + serde::de::DeserializeOwned + Send + 'static,
    {
        let command = self.store.system_command("dossiers.test", 400);
        self.store.write_blocking(command, work).unwrap_or_else(|e| panic!("{e} {}", e.inward()))
    }

    pub fn read<T>(&self, work: impl FnOnce(&mut Reader<'_>) -> Result<T>) -> T {
        self.store.read_blocking(work).unwrap_or_else(|e| panic!("{e} {}", e.inward()))
    }

    /// How many audit entries tell of `action`.
    pub fn audited(&self, action: &str) -> i64 {
        let (n,): (i64,) = self.read(|r| r.one("SELECT count(*) FROM audit WHERE action = $1", store::params![action]));
        n
    }

    pub fn at(&self, local: &str) {
        let at: Timestamp = local.parse().unwrap();
        self.clock.set(at);
    }

    /// A browser that was never here.
    pub fn browser(&self) -> Client {
        Client::new(&self.router)
    }

    /// The same, from this address.
    pub fn browser_at(&self, address: &str) -> Client {
        self.browser().header("x-forwarded-for", address)
    }

    /// A browser in which this person has signed in; pages open to no token.
    pub fn signed_in(&self, who: &str) -> Client {
        let mut browser = self.browser();
        let form = browser.get("/dang-nhap").assert_status(200).page().form("form[action='/dang-nhap']");
        browser.submit(&form.set("username", who).set("password", PASSWORD)).assert_status(303);
        browser
    }

    /// A program that acts as this person.
    pub fn program(&self, who: &str) -> Client {
        let token = self.tokens.iter().find(|(name, _)| *name == who).map(|(_, token)| token.as_str());
        self.browser().bearer(token.unwrap_or_else(|| panic!("nobody is called {who}")))
    }

    /// The same under a command id.
    pub fn program_with(&self, who: &str, key: &str) -> Client {
        self.program(who).header("idempotency-key", key)
    }

    /// Receives a birth registration; answers what the interface said.
    pub fn receive(&self, key: &str) -> Value {
        self.program_with("counter", key).post_json("/api/v1/dossiers", &birth()).assert_status(201).json()
    }

    /// A move that must succeed.
    pub fn act(&self, who: &str, code: &str, action: Value) -> Value {
        let key = format!("move-{}", self.store.new_id());
        let path = format!("/api/v1/dossiers/{code}/moves");
        self.program_with(who, &key).post_json(&path, &action).assert_status(200).json()
    }
}

/// A birth registration with everything it needs.
pub fn birth() -> Value {
    let [name, identity, _, address, child] = PARTY;
    json!({
        "procedure": "1.001193",
        "case": "thong-thuong",
        "channel": "counter",
        "form": {
            "applicant_name": name,
            "applicant_birth_date": "02/09/1992",
            "applicant_identity": identity,
            "applicant_address": format!("{address}, xã Suối Mơ"),
            "applicant_phone": "0975 000 418",
            "applicant_relation": "me",
            "child_name": child,
            "child_birth_date": "14/11/2026",
            "child_sex": "nam",
            "child_ethnicity": "Tày",
            "child_nationality": "Việt Nam",
            "child_birth_place": "Trung tâm Y tế Phú Lâm",
            "child_hometown": "Xã Suối Mơ",
            "parents_married": "chua-ket-hon",
            "pledge": "yes",
        },
        "papers": [
            { "requirement": "to-khai", "originals": 1 },
            { "requirement": "giay-chung-sinh", "originals": 1 },
        ],
        "return_way": "counter",
    })
}
