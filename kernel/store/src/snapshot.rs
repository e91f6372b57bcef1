//! The whole database at once: a held view to read a backup or a copy from, and an empty database to fill from one.

use crate::command::{Actor, Command};
use crate::engine::{Engine, Location};
use crate::migrate::{self, ModuleMigrations};
use crate::reader::{Conn, Reader};
use crate::tx::Tx;
use crate::{params, pg, schema, sqlite};
use types::id::IdMaker;
use types::{Error, Result, Timestamp};

/// A long pause between two statements must not end the transaction, as it does for people's writes.
const PATIENT: &str = "SET LOCAL idle_in_transaction_session_timeout = 0";

/// Runs `work` over a view that does not change while writes go on, on a connection of its own.
pub fn hold<T>(location: &Location, work: impl FnOnce(&mut Reader<'_>) -> Result<T>) -> Result<T> {
    match location {
        Location::Sqlite(path) => {
            let conn = sqlite::connect(path, "FULL").map_err(unopened)?;
            let mut reader = Reader::new(Conn::Lite(&conn));
            // The first read takes the snapshot; BEGIN alone does not.
            reader.batch("BEGIN; SELECT count(*) FROM migration")?;
            work(&mut reader)
        }
        Location::Postgres(url) => {
            let mut conn = pg::connect(url)?;
            let mut reader = Reader::new(Conn::Pg(&mut conn));
            reader.batch(pg::BEGIN_READ)?;
            reader.batch(PATIENT)?;
            work(&mut reader)
        }
    }
}

/// Runs `work` on an empty database in one transaction: when it fails, or the process ends, the database stays empty.
/// A SQLite file that is not there is made; a database that has any table is refused.
pub fn fill<T>(location: &Location, work: impl FnOnce(&mut Filling<'_>) -> Result<T>) -> Result<T> {
    match location {
        Location::Sqlite(path) => {
            let conn = sqlite::create(path).map_err(unopened)?;
            let done = fill_with(Reader::new(Conn::Lite(&conn)), location, work)?;
            // The whole database stands in the log now; the file takes it over.
            let _ = conn.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)");
            Ok(done)
        }
        Location::Postgres(url) => {
            let mut conn = pg::connect(url)?;
            fill_with(Reader::new(Conn::Pg(&mut conn)), location, work)
        }
    }
}

fn unopened(error: rusqlite::Error) -> Error {
    Error::unavailable("Không mở được cơ sở dữ liệu.", error)
}

fn fill_with<T>(
    mut reader: Reader<'_>,
    location: &Location,
    work: impl FnOnce(&mut Filling<'_>) -> Result<T>,
) -> Result<T> {
    migrate::begin(&mut reader)?;
    if reader.engine() == Engine::Postgres {
        reader.batch(PATIENT)?;
    }
    let tables = schema::tables(&mut reader)?.len();
    if tables > 0 {
        return Err(Error::conflict(format!(
            "Cơ sở dữ liệu {location} không trống (đã có {tables} bảng). Chỉ phục hồi hoặc chép được vào cơ sở dữ liệu \
             trống: hãy chỉ một tệp hoặc một cơ sở dữ liệu mới, hoặc tự xóa cái cũ sau khi chắc chắn không cần nữa."
        )));
    }
    // Rows come with their ids, so none are drawn.
    let ids = IdMaker::new(0, None).reserve(0, 0);
    let id = "store-fill".parse().map_err(Error::internal)?;
    let at = Timestamp::now();
    let command = Command {
        id,
        verb: "store.fill",
        actor: Actor::System,
        at,
        request: 0,
        ids,
        content: None,
        content_key: None,
        interactive: false,
    };
    let mut filling = Filling { tx: Tx::new(reader, &command) };
    let done = work(&mut filling)?;
    filling.tx.batch("COMMIT")?;
    Ok(done)
}

/// An empty database that is being filled. What it has done stands only when all of it succeeded.
pub struct Filling<'c> {
    tx: Tx<'c>,
}

impl<'c> Filling<'c> {
    /// Brings the schema to that of `modules`, the store's own first, as [`migrate::migrate`] does.
    /// `store` is how many of the store's own migrations to take; `None` means all.
    pub fn migrate(&mut self, store: Option<usize>, modules: &[ModuleMigrations]) -> Result<()> {
        let own = migrate::STORE.1;
        let own = store.map_or(own, |count| &own[..count.min(own.len())]);
        migrate::apply_all(&mut self.tx, own, modules, &mut |_, _, _| ()).map(|_| ())
    }

    /// Takes out what migrations put in, then runs `load`, which may write rows in any order: every foreign key is
    /// proven after it.
    pub fn load(&mut self, load: impl FnOnce(&mut Tx<'_>) -> Result<()>) -> Result<()> {
        let tables = schema::tables(&mut self.tx)?;
        let dropped = self.free_references()?;
        for table in tables.iter().rev().filter(|table| table.name != "migration") {
            self.tx.exec(&format!("DELETE FROM {}", table.name), params![])?;
        }
        load(&mut self.tx)?;
        self.prove_references(&dropped)
    }

    /// The write in progress.
    pub fn tx(&mut self) -> &mut Tx<'c> {
        &mut self.tx
    }

    /// Lets rows stand before those they refer to; answers what makes the foreign keys again.
    fn free_references(&mut self) -> Result<Vec<String>> {
        if self.tx.engine() == Engine::Sqlite {
            self.tx.batch("PRAGMA defer_foreign_keys = ON")?;
            return Ok(Vec::new());
        }
        let keys: Vec<(String, String, String)> = self.tx.all(
            "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint
             WHERE contype = 'f' AND connamespace = current_schema()::regnamespace ORDER BY conrelid, conname",
            params![],
        )?;
        for (table, name, _) in &keys {
            self.tx.batch(&format!("ALTER TABLE {table} DROP CONSTRAINT {name}"))?;
        }
        Ok(keys
            .into_iter()
            .map(|(table, name, rule)| format!("ALTER TABLE {table} ADD CONSTRAINT {name} {rule}"))
            .collect())
    }

    fn prove_references(&mut self, dropped: &[String]) -> Result<()> {
        if self.tx.engine() == Engine::Sqlite {
            let lost: Option<(String, String)> =
                self.tx.opt("SELECT \"table\", parent FROM pragma_foreign_key_check LIMIT 1", params![])?;
            return match lost {
                Some((table, parent)) => {
                    Err(Error::internal(format!("a row of {table} refers to a missing row of {parent}")))
                }
                None => Ok(()),
            };
        }
        for rule in dropped {
            self.tx.batch(rule).map_err(|e| e.while_doing("proving foreign keys"))?;
        }
        Ok(())
    }
}
