//! Migrations: numbered per module, the same schema on both engines.
//!
//! One SQL text serves both; `{JSON}` stands for the JSON column type, `{PK}` for an id key and `{KEY}` for text that is
//! ordered byte by byte (`types::text::order_key`); `BYTEA` holds bytes on both. Where an engine needs other words (the
//! text index), a migration carries both texts. A node refuses a schema newer than itself.

use crate::engine::{Engine, Location};
use crate::reader::{Conn, Reader};
use crate::{params, pg, sqlite};
use sha2::{Digest, Sha256};
use types::{Error, Result, Timestamp};

/// One step of a module's schema.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// From 1, without gaps within the module.
    pub number: i64,
    /// Verb first, as in the file's name: `create_records`.
    pub name: &'static str,
    pub sqlite: &'static str,
    pub postgres: &'static str,
}

impl Migration {
    /// A migration whose text serves both engines.
    pub const fn new(number: i64, name: &'static str, sql: &'static str) -> Self {
        Self { number, name, sqlite: sql, postgres: sql }
    }

    fn text(&self, engine: Engine) -> String {
        match engine {
            Engine::Sqlite => {
                let text = self.sqlite.replace("{JSON}", "TEXT").replace("{KEY}", "TEXT");
                text.replace("{PK}", "INTEGER PRIMARY KEY")
            }
            Engine::Postgres => {
                let text = self.postgres.replace("{JSON}", "JSONB").replace("{KEY}", "TEXT COLLATE \"C\"");
                text.replace("{PK}", "BIGINT PRIMARY KEY")
            }
        }
    }

    fn sum(&self) -> String {
        let mut hash = Sha256::new();
        hash.update(self.sqlite);
        hash.update(self.postgres);
        data_encoding::HEXLOWER.encode(&hash.finalize()[..8])
    }
}

/// The migrations of one module, by its name.
pub type ModuleMigrations = (&'static str, &'static [Migration]);

/// The store's own tables.
pub const STORE: ModuleMigrations = (
    "store",
    &[
        Migration::new(1, "create_kernel_tables", include_str!("../migrations/0001_create_kernel_tables.sql")),
        Migration {
            number: 2,
            name: "create_search_text",
            sqlite: include_str!("../migrations/0002_create_search_text.sqlite.sql"),
            postgres: include_str!("../migrations/0002_create_search_text.postgres.sql"),
        },
    ],
);

const JOURNAL: &str = "CREATE TABLE IF NOT EXISTS migration (
    module TEXT NOT NULL, number BIGINT NOT NULL, name TEXT NOT NULL, sum TEXT NOT NULL, applied_at BIGINT NOT NULL,
    PRIMARY KEY (module, number))";

/// Told of each migration before it runs: which one it is, of how many that are missing, and its module, number and name.
pub type Tell<'a> = &'a mut dyn FnMut(u64, u64, &str);

/// Brings the database at `location` to the schema of `modules` (the store's own first); answers what was applied.
/// A SQLite file that is not there is made.
pub fn migrate(location: &Location, modules: &[ModuleMigrations]) -> Result<Vec<String>> {
    migrate_telling(location, modules, &mut |_, _, _| ())
}

/// The same as [`migrate`] for somebody who waits for it.
pub fn migrate_telling(location: &Location, modules: &[ModuleMigrations], tell: Tell<'_>) -> Result<Vec<String>> {
    match location {
        Location::Sqlite(path) => {
            let conn = sqlite::create(path)
                .map_err(|e| Error::unavailable("Không mở được cơ sở dữ liệu.", format!("{}: {e}", path.display())))?;
            apply(&mut Reader::new(Conn::Lite(&conn)), modules, tell)
        }
        Location::Postgres(url) => {
            let mut conn = pg::connect(url)?;
            apply(&mut Reader::new(Conn::Pg(&mut conn)), modules, tell)
        }
    }
}

fn apply(reader: &mut Reader<'_>, modules: &[ModuleMigrations], tell: Tell<'_>) -> Result<Vec<String>> {
    begin(reader)?;
    let outcome = apply_all(reader, STORE.1, modules, tell);
    match outcome {
        Ok(done) => reader.batch("COMMIT").map(|()| done),
        Err(error) => {
            reader.roll_back();
            Err(error)
        }
    }
}

/// Begins the transaction that changes the schema. One node migrates, the others wait for it.
pub(crate) fn begin(reader: &mut Reader<'_>) -> Result<()> {
    match reader.engine() {
        Engine::Sqlite => reader.batch("BEGIN IMMEDIATE"),
        // The number is ours alone: "nhaviec" as hex.
        Engine::Postgres => reader.batch("BEGIN; SELECT pg_advisory_xact_lock(31078117498643811)"),
    }
}

/// Applies what is missing, the store's `own` migrations first, inside a transaction that the caller holds.
pub(crate) fn apply_all(
    reader: &mut Reader<'_>,
    own: &'static [Migration],
    modules: &[ModuleMigrations],
    tell: Tell<'_>,
) -> Result<Vec<String>> {
    reader.batch(JOURNAL)?;
    refuse_unknown(reader, modules)?;
    // All that is missing is found first, so that it can be said how many there are.
    let mut missing: Vec<(&'static str, &'static Migration)> = Vec::new();
    for &(module, migrations) in [&(STORE.0, own)].into_iter().chain(modules) {
        let known: Vec<(i64, String)> =
            reader.all("SELECT number, sum FROM migration WHERE module = $1 ORDER BY number", params![module])?;
        refuse_newer(module, migrations, &known)?;
        missing.extend(migrations.iter().skip(known.len()).map(|migration| (module, migration)));
    }
    let all = missing.len() as u64;
    let mut done = Vec::with_capacity(missing.len());
    for (number, (module, migration)) in (1..).zip(missing) {
        let name = format!("{module} {:04} {}", migration.number, migration.name);
        tell(number, all, &name);
        reader.batch(&migration.text(reader.engine())).map_err(|e| e.while_doing(migration.name))?;
        reader.run(
            "INSERT INTO migration (module, number, name, sum, applied_at) VALUES ($1, $2, $3, $4, $5)",
            params![module, migration.number, migration.name, migration.sum(), Timestamp::now()],
        )?;
        done.push(name);
    }
    Ok(done)
}

/// A module that this program does not know was added by a newer one.
fn refuse_unknown(reader: &mut Reader<'_>, modules: &[ModuleMigrations]) -> Result<()> {
    let known: Vec<(String,)> = reader.all("SELECT DISTINCT module FROM migration ORDER BY module", params![])?;
    let strange = known.iter().find(|(name,)| *name != STORE.0 && !modules.iter().any(|(module, _)| module == name));
    match strange {
        None => Ok(()),
        Some((name,)) => {
            Err(Error::unavailable(NEWER, format!("the database has a module {name}, which this program has not")))
        }
    }
}

const NEWER: &str =
    "Cơ sở dữ liệu thuộc phiên bản mới hơn chương trình này. Hãy cập nhật chương trình rồi khởi động lại.";

fn refuse_newer(module: &str, migrations: &[Migration], known: &[(i64, String)]) -> Result<()> {
    if known.len() > migrations.len() {
        return Err(Error::unavailable(
            NEWER,
            format!("{module} has {} migrations, this program knows {}", known.len(), migrations.len()),
        ));
    }
    for (migration, (number, sum)) in migrations.iter().zip(known) {
        if migration.number != *number || migration.sum() != *sum {
            return Err(Error::internal(format!("migration {module} {number} was changed after it had been applied")));
        }
    }
    Ok(())
}

/// Fails unless the database has exactly this schema; what a serving node asks before it starts.
pub fn verify(reader: &mut Reader<'_>, modules: &[ModuleMigrations]) -> Result<()> {
    refuse_unknown(reader, modules)?;
    for (module, migrations) in [&STORE].into_iter().chain(modules) {
        let known: Vec<(i64, String)> =
            reader.all("SELECT number, sum FROM migration WHERE module = $1 ORDER BY number", params![*module])?;
        refuse_newer(module, migrations, &known)?;
        if known.len() < migrations.len() {
            return Err(Error::unavailable(
                "Cơ sở dữ liệu thuộc phiên bản cũ. Hãy chạy lệnh: nhaviec migrate",
                format!("{module} has {} of {} migrations", known.len(), migrations.len()),
            ));
        }
    }
    Ok(())
}
