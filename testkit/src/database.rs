//! A database of its own for each test, on either engine.

use crate::clock::options;
use crate::postgres::{Cluster, Server, server};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use store::migrate::ModuleMigrations;
use store::{CommandId, Engine, Location, Options, Store};

/// An empty database and a folder for files; both are gone when it is dropped.
pub struct TestDatabase {
    pub location: Location,
    /// An empty folder outside the checkout, for what stands beside the database.
    pub dir: PathBuf,
    schema: Option<(String, String)>,
    _kept: tempfile::TempDir,
}

static COUNT: AtomicU64 = AtomicU64::new(0);

fn unique() -> String {
    format!("{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}

/// A command id that no other test uses.
pub fn fresh_command() -> CommandId {
    format!("test-{}", unique()).parse().expect("letters, digits, - and _ only")
}

/// Runs a test body on both engines, each with a fresh database.
pub fn each_engine(body: impl Fn(TestDatabase)) {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let database = TestDatabase::on(engine);
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| body(database))) {
            eprintln!("the test failed on {engine:?}");
            resume_unwind(panic);
        }
    }
}

impl TestDatabase {
    /// A fresh database on this engine.
    pub fn on(engine: Engine) -> Self {
        match engine {
            Engine::Sqlite => Self::sqlite(),
            Engine::Postgres => Self::in_server(server()),
        }
    }

    /// A SQLite file that does not exist yet.
    pub fn sqlite() -> Self {
        let kept = tempfile::tempdir().expect("a temporary folder can be made");
        let dir = kept.path().join("data");
        std::fs::create_dir(&dir).expect("a folder can be made");
        let location = Location::Sqlite(kept.path().join("nhaviec.db"));
        Self { location, dir, schema: None, _kept: kept }
    }

    /// A schema of its own in the cluster that all tests of this process share.
    pub fn postgres() -> Self {
        Self::on(Engine::Postgres)
    }

    /// A schema in a cluster of the test's own, which it may stop.
    pub fn in_cluster(cluster: &Cluster) -> Self {
        Self::in_server(cluster.server())
    }

    fn in_server(server: &Server) -> Self {
        let kept = tempfile::tempdir().expect("a temporary folder can be made");
        let dir = kept.path().join("data");
        std::fs::create_dir(&dir).expect("a folder can be made");
        let schema = format!("nhaviec_test_{}", unique());
        server.run(&format!("CREATE SCHEMA {schema}"));
        let location = Location::Postgres(server.url_of_schema(&schema));
        Self { location, dir, schema: Some((server.url().to_owned(), schema)), _kept: kept }
    }

    /// Which engine it is.
    pub fn engine(&self) -> Engine {
        self.location.engine()
    }

    /// Makes the schema of `modules` above the store's own; answers the database, to go on with.
    pub fn migrate(&self, modules: &[ModuleMigrations]) -> &Self {
        store::migrate::migrate(&self.location, modules).unwrap_or_else(|e| panic!("migrating: {e} {}", e.inward()));
        self
    }

    /// Opens it with the options for tests.
    pub fn open(&self) -> Store {
        self.open_with(options())
    }

    /// Opens it with these options.
    pub fn open_with(&self, options: Options) -> Store {
        Store::open(&self.location, options).unwrap_or_else(|e| panic!("opening: {e} {}", e.inward()))
    }

    /// Runs statements past the store, as somebody with the database's password could; for tampering and for tables
    /// that only a test has.
    pub fn script(&self, sql: &str) {
        match &self.location {
            Location::Sqlite(path) => {
                let conn = rusqlite::Connection::open(path).expect("the file can be opened");
                conn.busy_timeout(std::time::Duration::from_secs(10)).expect("a timeout can be set");
                conn.execute_batch(sql).unwrap_or_else(|e| panic!("{sql}: {e}"));
            }
            Location::Postgres(url) => {
                let mut client = postgres::Client::connect(url, postgres::NoTls).expect("PostgreSQL answers");
                client.batch_execute(sql).unwrap_or_else(|e| panic!("{sql}: {e:?}"));
            }
        }
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if let Some((url, schema)) = &self.schema {
            // A store that is still open, or a stopped cluster, may keep it; the cluster goes away anyhow.
            if let Ok(mut client) = postgres::Client::connect(url, postgres::NoTls) {
                let _ = client.batch_execute(&format!("SET lock_timeout = '2s'; DROP SCHEMA {schema} CASCADE"));
            }
        }
    }
}
