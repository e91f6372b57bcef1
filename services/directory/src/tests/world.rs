//! A small world: the province, the commune La Bằng with a department, and Đại Phúc, its neighbour. All people are invented.

use crate::post::{PostEntry, hold};
use crate::role::RolePreset;
use crate::unit::{UnitEntry, UnitKind};
use crate::{Directory, MODULE, PostKind, Rules, SESSION_COOKIE, SessionGate, officer, permissions, post, setup, unit};
use axum::Router;
use http::Extensions;
use std::sync::{Arc, OnceLock};
use store::{AuditEntry, Reader, Store, Tx};
use testkit::{Answer, Client, TestDatabase, clock, each_engine, options_at};
use types::time::SetClock;
use types::{Day, Error, Id, Result, Timestamp};
use web::{Draw, House, Module, Page, Permission, Reach, Routes, Settings, Who};

/// Everybody's password here.
pub(super) const PASSWORD: &str = "Nắng sớm trên đồi chè 2026.";

static MODULES: &[&Module] = &[&MODULE, &WORK];

/// A permission that reaches the authority, as a system's do.
pub(super) static WORK_SEE: Permission =
    Permission { name: "work.see", title: "Xem mọi việc của cơ quan", reach: Reach::Authority };

static WORK: Module = Module {
    name: "work",
    title: "Việc",
    migrations: &[],
    permissions: &[&WORK_SEE],
    routes: Routes::new,
    navigation: &[],
    indicators: &[],
    jobs: &[],
    events: &[],
    listeners: &[],
    samples: Vec::new,
    checks: &[],
    keeps: &[],
    sealed: &[],
    reindex: None,
};

/// Draws a page without a shell.
struct Plain;

impl Draw for Plain {
    fn page(&self, _: &House, _: &Who, _: &http::Uri, page: &Page) -> String {
        format!("<!doctype html><title>{}</title><body>{}</body>", page.title, page.body)
    }

    fn error(&self, _: &Who, error: &Error, _: i64) -> Page {
        Page::bare("Lỗi", format!("<p class=error>{error}</p>"))
    }
}

/// One running program over the database.
pub(super) struct Node {
    pub directory: Directory,
    pub house: House,
    pub router: Router,
}

impl Node {
    pub fn store(&self) -> &Store {
        self.house.store()
    }

    /// Writes as the program itself.
    pub fn write<T, F>(&self, work: F) -> T
    where
        T: serde::Serialize + serde::de::DeserializeOwned + Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        self.try_write(work).unwrap_or_else(|e| panic!("{e} {}", e.inward()))
    }

    pub fn try_write<T, F>(&self, work: F) -> Result<T>
    where
        T: serde::Serialize + serde::de::DeserializeOwned + Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        self.store().write_blocking(self.store().system_command("directory.test", 200), work)
    }

    pub fn read<T>(&self, work: impl FnOnce(&mut Reader<'_>) -> Result<T>) -> T {
        self.store().read_blocking(work).unwrap_or_else(|e| panic!("{e} {}", e.inward()))
    }

    /// How many audit entries tell of `action`.
    pub fn audited(&self, action: &str) -> i64 {
        let (count,): (i64,) =
            self.read(|reader| reader.one("SELECT count(*) FROM audit WHERE action = $1", store::params![action]));
        count
    }

    /// Who stands behind a browser's cookies.
    pub fn who(&self, client: &Client) -> Who {
        let cookie = format!("{SESSION_COOKIE}={}", client.cookie(SESSION_COOKIE).unwrap_or_default());
        let request = http::Request::builder().uri("/").header("cookie", cookie).body(()).unwrap();
        self.identify(&request.into_parts().0)
    }

    pub fn identify(&self, parts: &http::request::Parts) -> Who {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(self.house.gate().identify(&self.house, parts)).unwrap()
    }
}

pub(super) struct World {
    pub node: Node,
    pub clock: Arc<SetClock>,
    pub province: Id,
    pub la_bang: Id,
    pub department: Id,
    pub dai_phuc: Id,
    /// Administrator of La Bằng.
    pub hanh: Id,
    /// Specialist of La Bằng.
    pub uong: Id,
    pub uong_post: Id,
    /// Leader of La Bằng.
    pub chi: Id,
    pub chi_post: Id,
    /// Administrator of Đại Phúc, the neighbour who is always refused.
    pub may: Id,
    rules: Rules,
    // Last, so that stores are closed before their database goes.
    pub database: TestDatabase,
}

/// The day on which the world begins to be lived in.
pub(super) fn start() -> Day {
    day("2025-07-01")
}

pub(super) fn day(text: &str) -> Day {
    text.parse().unwrap()
}

pub(super) fn moment(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Runs a test in a fresh world on both engines.
pub(super) fn each_world(body: impl Fn(World)) {
    each_world_with(|_| {}, body);
}

/// The same with other rules.
pub(super) fn each_world_with(change: impl Fn(&mut Rules), body: impl Fn(World)) {
    each_engine(|database| {
        let mut rules =
            Rules { second_factor_for_administrators: false, password_days_administrator: None, ..Rules::default() };
        change(&mut rules);
        body(World::new(database, rules));
    });
}

fn password_hash() -> &'static str {
    static HASH: OnceLock<String> = OnceLock::new();
    HASH.get_or_init(|| setup::hash_password(PASSWORD).unwrap())
}

/// The address at which passkeys work here.
pub(super) const PUBLIC_URL: &str = "https://nhaviec.test";

fn node(database: &TestDatabase, clock: &Arc<SetClock>, rules: Rules, (url, secure_cookies): (&str, bool)) -> Node {
    let store = database.open_with(options_at(clock));
    let directory = Directory::open(&database.dir, store.clock(), rules).unwrap();
    let fields = [("CHUNGTHUC", "Chứng thực"), ("HOTICH", "Hộ tịch")];
    directory.name_fields_by(Box::new(move |_| Ok(fields.map(|(code, name)| (code.into(), name.into())).to_vec())));
    let settings = Settings { data: database.dir.clone(), public_url: url.into(), demo: false, secure_cookies };
    let mut services = Extensions::new();
    services.insert(directory.clone());
    let gate = Box::new(SessionGate::new(directory.clone()));
    let house = House::new(store, MODULES, settings, (gate, Box::new(Plain)), services);
    let router = web::router(&house);
    Node { directory, house, router }
}

fn entry(name: &str, kind: UnitKind, code: &str) -> UnitEntry {
    UnitEntry { name: name.into(), short_name: String::new(), kind, code: code.into(), gso_code: String::new() }
}

/// An officer with an account in a post.
fn officer_in(
    tx: &mut Tx<'_>,
    unit: Id,
    (name, username): (&str, &str),
    (kind, title): (PostKind, &str),
) -> Result<(Id, Id)> {
    let entry = officer::OfficerEntry { name: name.into(), ..officer::OfficerEntry::default() };
    let id = officer::create(tx, unit, &entry)?;
    setup::create_account(tx, id, username, (password_hash(), false))?;
    let post = post::create(tx, unit, &PostEntry { kind, title: title.into(), fields: Vec::new() }, start())?;
    hold(tx, post, id, (start(), None))?;
    Ok((id, post))
}

type Made = (Id, Id, Id, Id, (Id, Id), (Id, Id), (Id, Id), (Id, Id));

fn fill(tx: &mut Tx<'_>) -> Result<Made> {
    let province = unit::create(tx, &entry("Tỉnh Thái Nguyên", UnitKind::Province, "H55"), None, start())?;
    let la_bang = unit::create(tx, &entry("Xã La Bằng", UnitKind::Commune, "H55.62.05"), Some(province), start())?;
    let department =
        unit::create(tx, &entry("Phòng Văn hóa – Xã hội", UnitKind::Department, ""), Some(la_bang), start())?;
    let dai_phuc = unit::create(tx, &entry("Xã Đại Phúc", UnitKind::Commune, "H55.62.06"), Some(province), start())?;
    let all: Vec<&'static str> = permissions::ALL.iter().map(|permission| permission.name).collect();
    let presets = [
        RolePreset { kind: PostKind::Administrator, permissions: all },
        RolePreset { kind: PostKind::Leader, permissions: vec![permissions::DIRECTORY_SEE.name] },
    ];
    setup::seed_roles(tx, province, &presets)?;
    let hanh = officer_in(tx, la_bang, ("Nguyễn Thị Mỹ Hạnh", "hanh.ntm"), (PostKind::Administrator, "Quản trị"))?;
    let uong = officer_in(tx, department, ("Đặng Đình Ưởng", "uong.dd"), (PostKind::Specialist, "Chuyên viên"))?;
    let chi = officer_in(tx, la_bang, ("Chẩu Thị Xuyến Chi", "chi.ctx"), (PostKind::Leader, "Phó Chủ tịch"))?;
    let may = officer_in(tx, dai_phuc, ("Lò Thị Mẩy", "may.lt"), (PostKind::Administrator, "Quản trị"))?;
    Ok((province, la_bang, department, dai_phuc, hanh, uong, chi, may))
}

impl World {
    fn new(database: TestDatabase, rules: Rules) -> Self {
        database.migrate(&[(MODULE.name, MODULE.migrations)]);
        let clock = clock("2026-11-20T08:00");
        let node = node(&database, &clock, rules.clone(), (PUBLIC_URL, false));
        let (province, la_bang, department, dai_phuc, (hanh, _), (uong, uong_post), (chi, chi_post), (may, _)) =
            node.write(fill);
        Self {
            node,
            clock,
            province,
            la_bang,
            department,
            dai_phuc,
            hanh,
            uong,
            uong_post,
            chi,
            chi_post,
            may,
            rules,
            database,
        }
    }

    /// Another program over the same database.
    pub fn second_node(&self) -> Node {
        self.node_at(PUBLIC_URL)
    }

    /// Another program over the same database, with another public address.
    pub fn node_at(&self, url: &str) -> Node {
        node(&self.database, &self.clock, self.rules.clone(), (url, false))
    }

    /// Another program over the same database, which browsers reach over TLS.
    pub fn behind_tls(&self) -> Node {
        node(&self.database, &self.clock, self.rules.clone(), (PUBLIC_URL, true))
    }

    /// Lets the clock go on.
    pub fn wait_minutes(&self, minutes: i64) {
        use types::Clock;
        self.clock.set(self.clock.now().plus_seconds(minutes * 60));
    }

    pub fn at(&self, local: &str) {
        self.clock.set(moment(local));
    }

    /// A browser that was never here.
    pub fn browser(&self) -> Client {
        Client::new(&self.node.router)
    }

    /// A browser in which somebody has signed in.
    #[track_caller]
    pub fn signed_in(&self, username: &str) -> Client {
        let mut browser = self.browser();
        sign_in(&mut browser, username, PASSWORD).assert_status(303);
        browser
    }
}

/// Types a name and a password into the entrance and sends it.
#[track_caller]
pub(super) fn sign_in(browser: &mut Client, username: &str, password: &str) -> Answer {
    let form = browser.get("/dang-nhap").assert_status(200).page().form("form");
    browser.submit(&form.set("username", username).set("password", password))
}

/// The text of the errors that a page shows.
#[track_caller]
pub(super) fn errors(answer: &Answer) -> String {
    answer.page().texts("[data-field=validation], .error, .ds-alert, .ds-error-summary").join(" | ")
}

/// An entry for writes that a test makes by hand.
pub(super) fn note(tx: &mut Tx<'_>) -> Result<()> {
    let detail = serde_json::json!({});
    tx.audit(&AuditEntry { action: "directory.test", entity: "unit", entity_id: Id(1), unit: None, detail })
}
