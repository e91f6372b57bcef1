//! The world that the laws are tried in: the demo's communes, and officers of our own in two of them.
//!
//! Every kind of post is held twice, in the demo's commune and in its neighbour; for each permission there is an officer
//! who has every other one; and there is one who holds nothing. All people are invented.

pub mod acts;
mod people;
pub mod program;
pub mod provider;
pub mod requests;
pub mod signing;
pub mod things;
pub mod tool;
pub mod work;

pub use people::{PASSWORD, Person, Rank};
pub use things::with_date;

use app::secret::Secret;
use app::settings::Settings;
use app::{house, modules};
use axum::Router;
use signatures::RemoteSettings;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use store::{Engine, Location, Reader, Tx, params};
use testkit::{Client, TestDatabase, options_at};
use types::time::SetClock;
use types::{Clock, Id, Result, Timestamp};
use web::{House, Module};

/// The commune of the demo and its neighbour, by their electronic identifiers.
pub const OWN: &str = "H99.01";
const NEIGHBOUR: &str = "H99.02";
const PROVINCE: &str = "H99";

/// What opens the figures of a node.
pub const METRICS_TOKEN: &str = "ma-doc-so-lieu-may-chu-cua-kiem-thu";

/// How many dossiers the demo makes for a test.
const DOSSIERS: u32 = 60;

/// The executable, which is also its own print worker.
pub fn program_path() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_nhaviec"))
}

/// Settings over a test's database.
pub fn settings(database: &TestDatabase) -> Settings {
    Settings {
        public_url: "https://nhaviec.test".to_owned(),
        metrics_token: Secret::of(METRICS_TOKEN),
        ..Settings::alone(database.location.clone(), &database.dir)
    }
}

/// Brings the key file along, as an administrator does by hand: neither a copy nor an open backup carries it.
pub fn carry_key(from: &TestDatabase, to: &TestDatabase) {
    std::fs::create_dir_all(to.dir.join("keys")).expect("a folder for keys");
    std::fs::copy(from.dir.join("keys/directory.key"), to.dir.join("keys/directory.key")).expect("the key file");
}

/// A database as `nhaviec demo` leaves it now; for the executable, which knows no other time.
pub fn demo_database(engine: Engine) -> TestDatabase {
    let database = TestDatabase::on(engine);
    fill(&database, Timestamp::now());
    database
}

/// Makes the demo in an empty database, as of `now`.
pub fn fill(database: &TestDatabase, now: Timestamp) {
    let wish = app::demo::Wish { dossiers: DOSSIERS, seed: 1, now };
    let made = app::demo::make(&settings(database), wish, &mut |_, _| {});
    made.unwrap_or_else(|e| panic!("the demo: {e} {}", e.inward()));
}

/// The words by which `nhaviec demo` is told how many dossiers to make.
pub fn demo_words() -> (&'static str, &'static str) {
    ("--dossiers", "60")
}

/// The moment at which tests within this process stand: a Friday morning, with calendars known a year ahead.
pub fn standing() -> Timestamp {
    "2026-11-20T09:30".parse().expect("a moment")
}

/// A running house over the demo, with everybody signed in.
pub struct World {
    pub house: House,
    pub router: Router,
    pub clock: Arc<SetClock>,
    pub commune: Id,
    pub neighbour: Id,
    pub province: Id,
    people: BTreeMap<Rank, Person>,
    // Last, so that stores are closed before their database goes.
    pub database: TestDatabase,
}

impl World {
    /// The demo on this engine, and our officers in it.
    pub fn on(engine: Engine) -> Self {
        Self::with(engine, modules::ALL)
    }

    /// The same with these modules.
    pub fn with(engine: Engine, modules: &'static [&'static Module]) -> Self {
        let database = TestDatabase::on(engine);
        fill(&database, standing());
        Self::over(database, standing(), modules)
    }

    /// The same with a remote signing service.
    pub fn with_remote(engine: Engine, remote: &RemoteSettings) -> Self {
        let database = TestDatabase::on(engine);
        fill(&database, standing());
        let settings = Settings { remote_signing: Some(remote.clone()), ..settings(&database) };
        Self::by((database, settings), standing(), modules::ALL)
    }

    /// A world over a database with the demo in it.
    pub fn over(database: TestDatabase, now: Timestamp, modules: &'static [&'static Module]) -> Self {
        let settings = settings(&database);
        Self::by((database, settings), now, modules)
    }

    fn by((database, settings): (TestDatabase, Settings), now: Timestamp, modules: &'static [&'static Module]) -> Self {
        let clock = Arc::new(SetClock::new(now));
        let printing = print::Settings::of(program_path(), ["print-worker"]);
        let house = house::open_with(&settings, options_at(&clock), (printing, modules))
            .unwrap_or_else(|e| panic!("opening the house: {e} {}", e.inward()));
        let router = web::router(&house);
        let unit = |code: &str| {
            let (id,): (Id,) = house
                .store()
                .read_blocking(|reader| reader.one("SELECT id FROM unit WHERE code = $1", params![code]))
                .unwrap_or_else(|e| panic!("the demo has no unit {code}: {e}"));
            id
        };
        let (commune, neighbour, province) = (unit(OWN), unit(NEIGHBOUR), unit(PROVINCE));
        let mut world = Self { router, clock, commune, neighbour, province, people: BTreeMap::new(), house, database };
        world.people = people::settle(&world);
        world.trusts_nobody();
        world
    }

    /// Somebody of this rank.
    pub fn person(&self, rank: Rank) -> &Person {
        self.people.get(&rank).unwrap_or_else(|| panic!("nobody is {rank:?}"))
    }

    /// A browser that was never here.
    pub fn stranger(&self) -> Client {
        Client::new(&self.router)
    }

    /// Lets the clock go on.
    pub fn wait_seconds(&self, seconds: i64) {
        self.clock.set(self.clock.now().plus_seconds(seconds));
    }

    /// The database alone, everything over it closed.
    pub fn into_database(self) -> TestDatabase {
        let Self { database, house, router, people, .. } = self;
        drop((house, router, people));
        database
    }

    /// Reads past the web.
    pub fn read<T>(&self, work: impl FnOnce(&mut Reader<'_>) -> Result<T>) -> T {
        self.house.store().read_blocking(work).unwrap_or_else(|e| panic!("reading: {e} {}", e.inward()))
    }

    /// Writes past the web, as the program itself.
    pub fn write<T, F>(&self, work: F) -> T
    where
        T: serde::Serialize + serde::de::DeserializeOwned + Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        let command = self.house.store().system_command("app.test", 400);
        self.house.store().write_blocking(command, work).unwrap_or_else(|e| panic!("writing: {e} {}", e.inward()))
    }

    /// Rows of every table. What a node writes by itself about the last use of sessions does not count.
    pub fn rows(&self) -> BTreeMap<String, i64> {
        self.read(|reader| {
            let mut rows = BTreeMap::new();
            for table in store::schema::tables(reader)? {
                let but = if table.name == "command" { " WHERE verb <> 'directory.touch_sessions'" } else { "" };
                let (count,): (i64,) = reader.one(&format!("SELECT count(*) FROM {}{but}", table.name), params![])?;
                rows.insert(table.name, count);
            }
            Ok(rows)
        })
    }

    /// Audit entries of whoever is not signed in.
    pub fn audited_by_nobody(&self) -> i64 {
        let sql = "SELECT count(*) FROM audit WHERE actor_id IS NULL";
        self.read(|reader| reader.one::<(i64,)>(sql, params![])).0
    }

    /// Audit entries whose actor is this officer.
    pub fn audited_by(&self, officer: Id) -> i64 {
        let (count,): (i64,) =
            self.read(|reader| reader.one("SELECT count(*) FROM audit WHERE actor_id = $1", params![officer]));
        count
    }
}

/// How the program is told of a database.
pub fn database_variable(location: &Location) -> String {
    match location {
        Location::Sqlite(path) => format!("sqlite:{}", path.display()),
        Location::Postgres(url) => url.clone(),
    }
}

/// Tables that differ, with their rows before and after.
pub fn changed(before: &BTreeMap<String, i64>, after: &BTreeMap<String, i64>) -> Vec<String> {
    let tables = before.keys().chain(after.keys()).collect::<std::collections::BTreeSet<_>>();
    let count = |rows: &BTreeMap<String, i64>, table: &str| rows.get(table).copied().unwrap_or(0);
    let told = |table: &&String| format!("{table} {} → {}", count(before, table), count(after, table));
    tables.into_iter().filter(|table| count(before, table) != count(after, table)).map(|t| told(&t)).collect()
}
