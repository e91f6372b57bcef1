//! A small country for tests: a province, two communes, a department; and people who ask.

use axum::Router;
use directory::{Directory, PostKind, RolePreset, Rules, UnitEntry, UnitKind, UnitTree, setup};
use http::request::Parts;
use std::sync::Arc;
use store::{Actor, Command, Options, Reader, Store, Tx, params};
use testkit::{Client, TestDatabase, clock, fresh_command};
use types::time::SetClock;
use types::{Day, Error, Id, Result};
use web::{Draw, Gate, HeldPost, House, Module, Officer, Page, Settings, Who};

use crate::{Calendars, MODULE, WorkingCalendar};

pub(super) static MODULES: &[&Module] = &[&directory::MODULE, &MODULE];

/// The header by which a test says who asks.
const PERSONA: &str = "x-persona";

/// Units of the test country.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) struct Units {
    pub province: Id,
    pub commune: Id,
    pub department: Id,
    pub neighbour: Id,
    province_post: Id,
    commune_post: Id,
    officer: Id,
}

pub(super) struct World {
    pub db: TestDatabase,
    pub store: Store,
    pub calendars: Calendars,
    pub units: Units,
    pub clock: Arc<SetClock>,
}

pub(super) fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn unit(tx: &mut Tx<'_>, (name, code): (&str, &str), kind: UnitKind, parent: Option<Id>) -> Result<Id> {
    let entry = UnitEntry {
        name: name.to_owned(),
        short_name: String::new(),
        kind,
        code: code.to_owned(),
        gso_code: String::new(),
    };
    setup::create_unit(tx, &entry, parent, day("2020-01-01"))
}

fn post(tx: &mut Tx<'_>, unit: Id, officer: Id) -> Result<Id> {
    let entry = directory::post::PostEntry {
        kind: PostKind::Administrator,
        title: "Quản trị hệ thống".to_owned(),
        fields: Vec::new(),
    };
    let post = setup::create_post(tx, unit, &entry, day("2020-01-01"))?;
    setup::hold(tx, post, officer, (day("2020-01-01"), None))?;
    Ok(post)
}

fn found(tx: &mut Tx<'_>) -> Result<Units> {
    let province = unit(tx, ("Tỉnh Thái Nguyên", "H55"), UnitKind::Province, None)?;
    let commune = unit(tx, ("Xã La Bằng", "H55.62"), UnitKind::Commune, Some(province))?;
    let department = unit(tx, ("Phòng Kinh tế xã La Bằng", "H55.62.05"), UnitKind::Department, Some(commune))?;
    let neighbour = unit(tx, ("Xã Đại Phúc", "H55.63"), UnitKind::Commune, Some(province))?;
    let permissions = vec!["calendar.see", "calendar.keep"];
    setup::seed_roles(tx, province, &[RolePreset { kind: PostKind::Administrator, permissions }])?;
    let entry = directory::officer::OfficerEntry { name: "Đặng Đình Ưởng".to_owned(), ..Default::default() };
    let officer = setup::create_officer(tx, province, &entry)?;
    let (province_post, commune_post) = (post(tx, province, officer)?, post(tx, commune, officer)?);
    Ok(Units { province, commune, department, neighbour, province_post, commune_post, officer })
}

impl World {
    /// The country on a fresh database; it is Monday 23 November 2026, half past eight.
    pub fn new(db: TestDatabase) -> Self {
        let migrations: Vec<_> = MODULES.iter().map(|module| (module.name, module.migrations)).collect();
        db.migrate(&migrations);
        let clock = clock("2026-11-23T08:30");
        let store = db.open_with(testkit::options_at(&clock));
        let units = store.write_blocking(command(&store), found).unwrap();
        Self { db, store, calendars: Calendars::new(), units, clock }
    }

    /// Another node on the same database.
    pub fn other_node(&self) -> Store {
        self.db.open_with(Options { clock: self.clock.clone(), ..testkit::options() })
    }

    pub fn write<T>(&self, work: impl Fn(&mut Tx<'_>) -> Result<T> + Send + 'static) -> Result<T>
    where
        T: serde::Serialize + serde::de::DeserializeOwned + Send + 'static,
    {
        self.store.write_blocking(command(&self.store), work)
    }

    /// The unit's calendar by the long-lived service.
    pub fn calendar(&self, unit: Id) -> Arc<WorkingCalendar> {
        self.calendar_by(&self.store, unit).unwrap()
    }

    pub fn calendar_by(&self, store: &Store, unit: Id) -> Result<Arc<WorkingCalendar>> {
        store.read_blocking(|reader| {
            let tree = UnitTree::load(reader, day("2026-11-23"))?;
            self.calendars.of(reader, unit, &tree)
        })
    }

    /// The waiting events as the listeners will get them.
    pub fn events(&self) -> Vec<serde_json::Value> {
        let sql = "SELECT payload FROM outbox WHERE event = 'calendar.changed.v1' ORDER BY id";
        let rows = self.store.read_blocking(|r| r.all::<(store::Json<serde_json::Value>,)>(sql, params![]));
        rows.unwrap().into_iter().map(|(store::Json(payload),)| payload).collect()
    }

    /// How many entries of the audit tell of this action.
    pub fn audited(&self, action: &str) -> i64 {
        let count =
            |r: &mut Reader<'_>| r.one::<(i64,)>("SELECT count(*) FROM audit WHERE action = $1", params![action]);
        self.store.read_blocking(count).unwrap().0
    }

    pub fn router(&self) -> Router {
        let mut services = http::Extensions::new();
        services.insert(Directory::open(&self.db.dir, self.clock.clone(), Rules::default()).unwrap());
        services.insert(self.calendars.clone());
        let settings = Settings {
            data: self.db.dir.clone(),
            public_url: "http://nhaviec.test".to_owned(),
            demo: false,
            secure_cookies: false,
        };
        let parts: (Box<dyn Gate>, Box<dyn Draw>) = (Box::new(TestGate(self.units)), Box::new(TestDraw));
        web::router(&House::new(self.store.clone(), MODULES, settings, parts, services))
    }

    /// Somebody at a browser: `province` and `commune` keep calendars there, `clerk` only sees the commune's.
    pub fn client(&self, persona: &str) -> Client {
        Client::new(&self.router()).header(PERSONA, persona)
    }

    pub fn settings(&self) -> Settings {
        Settings { data: self.db.dir.clone(), public_url: String::new(), demo: false, secure_cookies: false }
    }
}

pub(super) fn command(store: &Store) -> Command {
    store.command(fresh_command(), "test.write", Actor::System)
}

struct TestGate(Units);

impl Gate for TestGate {
    fn identify<'a>(
        &'a self,
        _: &'a House,
        parts: &'a Parts,
    ) -> std::pin::Pin<Box<dyn Future<Output = Result<Who>> + Send + 'a>> {
        let units = &self.0;
        let persona = parts.headers.get(PERSONA).and_then(|value| value.to_str().ok());
        let (post, unit, keeps) = match persona {
            Some("province") => (units.province_post, units.province, true),
            Some("commune") => (units.commune_post, units.commune, true),
            Some("clerk") => (units.commune_post, units.commune, false),
            _ => return Box::pin(async { Ok(Who::default()) }),
        };
        let names = if keeps { vec!["calendar.see", "calendar.keep"] } else { vec!["calendar.see"] };
        let held = HeldPost {
            id: post,
            title: "Quản trị hệ thống".to_owned(),
            unit,
            unit_name: "đơn vị".to_owned(),
            permissions: names.into_iter().map(ToOwned::to_owned).collect(),
            stand_in: false,
        };
        let officer =
            Officer { id: units.officer, name: "Đặng Đình Ưởng".to_owned(), session: None, posts: vec![held] };
        Box::pin(async { Ok(Who { officer: Some(Arc::new(officer)), ..Who::default() }) })
    }
}

struct TestDraw;

impl Draw for TestDraw {
    fn page(&self, _: &House, _: &Who, _: &http::Uri, page: &Page) -> String {
        format!("<!doctype html><title>{}</title><body>{}</body>", page.title, page.body)
    }

    fn error(&self, _: &Who, error: &Error, _: i64) -> Page {
        Page::desk("Lỗi", ui::Notice::new(ui::Tone::Danger, error.to_string()))
    }
}
