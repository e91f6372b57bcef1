//! What nobody needs goes, and nothing else: on both engines, with a table of another module that refers to files.

use super::keeping::make_older;
use crate::durable::FolderLock;
use crate::{FileStore, Kept, enter, forget};
use http::Extensions;
use std::pin::Pin;
use std::sync::Arc;
use store::{Actor, AuditEntry, Location, Migration, Tx, params};
use testkit::{TestDatabase, clock, each_engine, fresh_command, options_at};
use types::time::SetClock;
use types::{Id, Result};
use web::{Draw, Gate, House, Module, Page, Settings, Who};

const NEEDS: Migration = Migration::new(
    1,
    "create_needs",
    "CREATE TABLE need (id {PK}, paper_id BIGINT REFERENCES file (id)); CREATE INDEX need_paper ON need (paper_id);",
);
static OTHER: Module = Module {
    name: "others",
    title: "Khác",
    migrations: &[NEEDS],
    permissions: &[],
    routes: web::Routes::new,
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
/// Stands for the directory, which this service's rows refer to.
const OFFICERS: Migration = Migration::new(1, "create_officers", "CREATE TABLE officer (id {PK});");
static MODULES: &[&Module] = &[&crate::MODULE, &OTHER];

struct Nothing;

impl Gate for Nothing {
    fn identify<'a>(
        &'a self,
        _: &'a House,
        _: &'a http::request::Parts,
    ) -> Pin<Box<dyn Future<Output = Result<Who>> + Send + 'a>> {
        Box::pin(async { Ok(Who::default()) })
    }
}

impl Draw for Nothing {
    fn page(&self, _: &House, _: &Who, _: &http::Uri, page: &Page) -> String {
        page.body.clone()
    }

    fn error(&self, _: &Who, error: &types::Error, _: i64) -> Page {
        Page::citizen("Lỗi", error)
    }
}

struct World {
    house: House,
    files: FileStore,
    clock: Arc<SetClock>,
    database: TestDatabase,
}

fn world(database: TestDatabase) -> World {
    database.migrate(&[("officers", &[OFFICERS]), ("files", crate::MODULE.migrations), ("others", OTHER.migrations)]);
    let clock = clock("2026-11-20T14:00");
    let store = database.open_with(options_at(&clock));
    let files = FileStore::open(&database.dir).unwrap();
    let mut services = Extensions::new();
    services.insert(files.clone());
    let settings = Settings {
        data: database.dir.clone(),
        public_url: "https://nhaviec.test".into(),
        demo: false,
        secure_cookies: false,
    };
    let house = House::new(store, MODULES, settings, (Box::new(Nothing), Box::new(Nothing)), services);
    World { house, files, clock, database }
}

impl World {
    fn keep(&self, content: &str) -> Kept {
        self.files.keep_bytes("giấy.pdf", format!("%PDF-1.7 {content}").as_bytes()).unwrap()
    }

    fn write(&self, work: impl Fn(&mut Tx<'_>) -> Result<Id> + Send + 'static) -> Id {
        let command = self.house.store().command(fresh_command(), "files.test", Actor::Anyone);
        let audited = move |tx: &mut Tx<'_>| {
            let id = work(tx)?;
            let detail = serde_json::json!({});
            tx.audit(&AuditEntry { action: "files.test", entity: "file", entity_id: id, unit: None, detail })?;
            Ok(id)
        };
        self.house.store().write_blocking(command, audited).unwrap_or_else(|e| panic!("{e} {}", e.inward()))
    }

    fn enter(&self, kept: &Kept) -> Id {
        let kept = kept.clone();
        self.write(move |tx| enter(tx, &kept))
    }

    fn need(&self, file: Id) {
        self.write(move |tx| {
            let id = tx.id()?;
            tx.exec("INSERT INTO need (id, paper_id) VALUES ($1, $2)", params![id, file])?;
            Ok(id)
        });
    }

    fn there(&self, file: Id) -> bool {
        self.house.store().read_blocking(|r| crate::by_id(r, file)).unwrap().is_some()
    }

    /// All rounds of a walk over rows and folders.
    fn walk(&self) {
        for _ in 0..300 {
            forget::round(&self.house).unwrap_or_else(|e| panic!("{e} {}", e.inward()));
        }
    }

    fn audited(&self) -> i64 {
        let sql = "SELECT count(*) FROM audit WHERE action = 'files.forget'";
        self.house.store().read_blocking(|r| r.one::<(i64,)>(sql, params![])).unwrap().0
    }
}

#[test]
fn a_scan_that_nothing_refers_to_goes_after_some_days_with_its_bytes() {
    each_engine(|database| {
        let world = world(database);
        let (used, left, shared, late) = (world.keep("a"), world.keep("b"), world.keep("c"), world.keep("d"));
        let (used_id, left_id) = (world.enter(&used), world.enter(&left));
        let (shared_used, shared_left) = (world.enter(&shared), world.enter(&shared));
        world.need(used_id);
        world.need(shared_used);
        for kept in [&used, &left, &shared] {
            make_older(&world.files.path(&kept.hash), 8);
        }
        world.clock.set("2026-11-27T13:59".parse().unwrap());
        let late_id = world.enter(&late);
        world.walk();
        assert!(world.there(left_id), "it is not old enough");

        world.clock.set("2026-11-27T14:01".parse().unwrap());
        let world = World { files: FileStore::open(&world.database.dir).unwrap(), ..world };
        let world = rested(world);
        world.walk();
        for (file, stays) in
            [(used_id, true), (left_id, false), (shared_used, true), (shared_left, false), (late_id, true)]
        {
            assert_eq!(world.there(file), stays);
        }
        let bytes = |kept: &Kept| world.files.path(&kept.hash).exists();
        assert!(bytes(&used) && bytes(&shared) && bytes(&late), "bytes that are needed");
        assert!(!bytes(&left), "bytes that nobody needs");
        assert_eq!(world.audited(), 1);
        let found =
            world.house.store().read_blocking(|r| crate::store::check_files(r, world.house.settings())).unwrap();
        assert_eq!(found, Vec::<String>::new());
    });
}

/// The same house a day later: the walk begins anew.
fn rested(world: World) -> World {
    let mut services = Extensions::new();
    services.insert(world.files.clone());
    let (settings, store) = (world.house.settings().clone(), world.house.store().clone());
    let house = House::new(store, MODULES, settings, (Box::new(Nothing), Box::new(Nothing)), services);
    World { house, ..world }
}

#[test]
fn bytes_without_a_row_go_after_a_day_but_never_while_a_backup_runs() {
    each_engine(|database| {
        let world = world(database);
        let known: Vec<Kept> = (0..3).map(|n| world.keep(&format!("known {n}"))).collect();
        known.iter().for_each(|kept| world.need(world.enter(kept)));
        let (old, young) = (world.keep("old stray"), world.keep("young stray"));
        known.iter().chain([&old]).for_each(|kept| make_older(&world.files.path(&kept.hash), 1));
        let backup = FolderLock::shared(&world.database.dir).unwrap();
        world.walk();
        assert!(world.files.path(&old.hash).exists(), "a backup may be about to copy it");
        drop(backup);
        let world = World { files: FileStore::open(&world.database.dir).unwrap(), ..world };
        let world = rested(world);
        world.walk();
        assert!(!world.files.path(&old.hash).exists(), "an old stray");
        assert!(world.files.path(&young.hash).exists(), "it may be waiting for its row");
        assert!(known.iter().all(|kept| world.files.path(&kept.hash).exists()));
    });
}

#[test]
fn over_the_folder_of_another_database_nothing_is_taken_away() {
    each_engine(|database| {
        let world = world(database);
        let strangers: Vec<Kept> = (0..5).map(|n| world.keep(&format!("another's {n}"))).collect();
        strangers.iter().for_each(|kept| make_older(&world.files.path(&kept.hash), 30));
        let own = world.keep("own");
        world.need(world.enter(&own));
        make_older(&world.files.path(&own.hash), 30);
        world.walk();
        assert!(
            strangers.iter().all(|kept| world.files.path(&kept.hash).exists()),
            "an empty database made strays of all"
        );
    });
}

#[test]
fn on_a_cluster_whoever_comes_to_need_a_file_at_the_same_moment_keeps_it() {
    let world = world(TestDatabase::postgres());
    let kept = world.keep("a");
    let file = world.enter(&kept);
    make_older(&world.files.path(&kept.hash), 30);
    world.clock.set("2026-12-20T14:00".parse().unwrap());
    let Location::Postgres(_) = world.database.location else { panic!("a cluster") };
    let (begun, wait) = std::sync::mpsc::channel();
    let result = std::thread::scope(|scope| {
        let needing = scope.spawn(|| {
            world.write(move |tx| {
                let id = tx.id()?;
                tx.exec("INSERT INTO need (id, paper_id) VALUES ($1, $2)", params![id, file])?;
                begun.send(()).ok();
                std::thread::sleep(std::time::Duration::from_millis(500));
                Ok(id)
            })
        });
        wait.recv().unwrap();
        let round = forget::round(&world.house);
        needing.join().unwrap();
        round
    });
    assert!(world.there(file), "a file that is needed was forgotten: {result:?}");
    assert!(world.files.path(&kept.hash).exists());
}
