//! Reading: statements over either engine, and the faults they meet.

use crate::engine::Engine;
use crate::row::{FromRow, Row};
use crate::value::Val;
use lru::LruCache;
use postgres::types::ToSql;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicU64, Ordering};
use types::{Error, Result};

/// Why the last statement failed, for the engine that decides what to do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Serialisation failure or deadlock: running again may succeed.
    Again,
    /// A unique key was taken meanwhile: running again finds the other's work.
    Duplicate,
    /// The connection is gone.
    Lost,
    /// Disk, memory or the database file failed.
    Io,
    /// Anything else: a mistake of ours or a broken rule.
    Other,
}

/// Statements that a connection keeps prepared, as many as on SQLite.
const PREPARED_MAX: NonZeroUsize = NonZeroUsize::new(256).expect("not zero");

/// A PostgreSQL connection with the statements it has prepared. The longest unused one goes when there are many: dropping
/// it frees the server's plan too, or a connection that lives for weeks would grow for ever.
pub(crate) struct PgConn {
    pub client: postgres::Client,
    prepared: LruCache<String, postgres::Statement>,
}

impl PgConn {
    pub fn new(client: postgres::Client) -> Self {
        Self { client, prepared: LruCache::new(PREPARED_MAX) }
    }

    fn statement(&mut self, sql: &str) -> std::result::Result<postgres::Statement, postgres::Error> {
        if let Some(statement) = self.prepared.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(sql)?;
        self.prepared.put(sql.to_owned(), statement.clone());
        Ok(statement)
    }
}

pub(crate) enum Conn<'c> {
    Lite(&'c rusqlite::Connection),
    Pg(&'c mut PgConn),
}

/// A consistent view of the database. [`crate::Tx`] is one too, so whatever reads can read inside a write.
pub struct Reader<'c> {
    pub(crate) conn: Conn<'c>,
    pub(crate) fault: Option<Fault>,
    /// Rows changed so far, kept for [`crate::Tx`].
    pub(crate) changed: u64,
}

static STATEMENTS: AtomicU64 = AtomicU64::new(0);

/// How many statements this process has run; tests compare it to prove that a list asks once, not once a row.
pub fn statements_run() -> u64 {
    STATEMENTS.load(Ordering::Relaxed)
}

impl<'c> Reader<'c> {
    pub(crate) fn new(conn: Conn<'c>) -> Self {
        Self { conn, fault: None, changed: 0 }
    }

    /// Which engine answers.
    pub fn engine(&self) -> Engine {
        match self.conn {
            Conn::Lite(_) => Engine::Sqlite,
            Conn::Pg(_) => Engine::Postgres,
        }
    }

    /// All rows of a query.
    pub fn all<T: FromRow>(&mut self, sql: &str, params: &[Val]) -> Result<Vec<T>> {
        self.rows(sql, params)
    }

    /// The first row, if there is one.
    pub fn opt<T: FromRow>(&mut self, sql: &str, params: &[Val]) -> Result<Option<T>> {
        Ok(self.rows(sql, params)?.into_iter().next())
    }

    /// The one row that must be there; its absence is a mistake of ours.
    pub fn one<T: FromRow>(&mut self, sql: &str, params: &[Val]) -> Result<T> {
        self.opt(sql, params)?.ok_or_else(|| Error::internal(format!("no row for: {sql}")))
    }

    /// Calls `each` for every row without keeping them all in memory; for exports and checks.
    pub fn each<T: FromRow>(&mut self, sql: &str, params: &[Val], mut each: impl FnMut(T) -> Result<()>) -> Result<()> {
        self.refuse_after_fault(sql)?;
        match &mut self.conn {
            Conn::Lite(conn) => {
                let outcome = lite_each(conn, sql, params, &mut |row| each(T::from_row(row)?));
                match outcome {
                    Ok(inner) => inner,
                    Err(e) => Err(self.lite_error(sql, &e)),
                }
            }
            Conn::Pg(conn) => {
                use postgres::fallible_iterator::FallibleIterator;
                let mut failed = Ok(());
                let outcome = (|| {
                    let statement = conn.statement(sql)?;
                    let mut rows = conn.client.query_raw(&statement, params.iter().map(|p| p as &dyn ToSql))?;
                    while let Some(row) = rows.next()? {
                        failed = T::from_row(&Row::Pg(&row)).and_then(&mut each);
                        if failed.is_err() {
                            break;
                        }
                    }
                    Ok(())
                })();
                match outcome {
                    Ok(()) => failed,
                    Err(e) => Err(self.pg_error(sql, &e)),
                }
            }
        }
    }

    fn rows<T: FromRow>(&mut self, sql: &str, params: &[Val]) -> Result<Vec<T>> {
        self.refuse_after_fault(sql)?;
        let rows = match &mut self.conn {
            Conn::Lite(conn) => {
                let mut rows = Vec::new();
                let outcome = lite_each(conn, sql, params, &mut |row| {
                    rows.push(T::from_row(row)?);
                    Ok(())
                });
                outcome.map_err(|e| self.lite_error(sql, &e))??;
                rows
            }
            Conn::Pg(conn) => {
                let outcome = conn.statement(sql).and_then(|statement| {
                    let params: Vec<&(dyn ToSql + Sync)> = params.iter().map(|p| p as _).collect();
                    conn.client.query(&statement, &params)
                });
                let rows = outcome.map_err(|e| self.pg_error(sql, &e))?;
                rows.iter().map(|row| T::from_row(&Row::Pg(row))).collect::<Result<Vec<T>>>()?
            }
        };
        if sql.contains("RETURNING") {
            self.changed += rows.len() as u64;
        }
        Ok(rows)
    }

    /// Counts the statement, and refuses it when one before it failed: a failed statement ends the transaction on
    /// PostgreSQL, and perhaps on SQLite, where what follows would then be stored on its own. The same on both.
    fn refuse_after_fault(&self, sql: &str) -> Result<()> {
        STATEMENTS.fetch_add(1, Ordering::Relaxed);
        match self.fault {
            None => Ok(()),
            Some(fault) => Err(outward(fault, sql, "an earlier statement of this transaction failed")),
        }
    }

    /// Runs a statement that changes rows; only [`crate::Tx`] offers it.
    pub(crate) fn run(&mut self, sql: &str, params: &[Val]) -> Result<u64> {
        self.refuse_after_fault(sql)?;
        let changed = match &mut self.conn {
            Conn::Lite(conn) => conn
                .prepare_cached(sql)
                .and_then(|mut statement| {
                    bind(&mut statement, params)?;
                    statement.raw_execute()
                })
                .map(|n| n as u64)
                .map_err(|e| self.lite_error(sql, &e))?,
            Conn::Pg(conn) => {
                let outcome = conn.statement(sql).and_then(|statement| {
                    let params: Vec<&(dyn ToSql + Sync)> = params.iter().map(|p| p as _).collect();
                    conn.client.execute(&statement, &params)
                });
                outcome.map_err(|e| self.pg_error(sql, &e))?
            }
        };
        self.changed += changed;
        Ok(changed)
    }

    /// Runs several statements without parameters: migrations and transaction control only.
    pub(crate) fn batch(&mut self, sql: &str) -> Result<()> {
        match &mut self.conn {
            Conn::Lite(conn) => conn.execute_batch(sql).map_err(|e| self.lite_error(sql, &e)),
            Conn::Pg(conn) => match conn.client.batch_execute(sql) {
                Ok(()) => Ok(()),
                Err(e) => Err(self.pg_error(sql, &e)),
            },
        }
    }

    fn lite_error(&mut self, sql: &str, error: &rusqlite::Error) -> Error {
        let fault = lite_fault(error);
        self.fault = Some(fault);
        outward(fault, sql, &error.to_string())
    }

    fn pg_error(&mut self, sql: &str, error: &postgres::Error) -> Error {
        let fault = pg_fault(error);
        self.fault = Some(fault);
        let detail = match error.as_db_error() {
            // The server's detail may quote the whole row, and a row holds what is no log's business.
            Some(db) => {
                format!("{} {} {}", db.code().code(), db.message(), db.constraint().unwrap_or_default())
            }
            None => error.to_string(),
        };
        outward(fault, sql, &detail)
    }
}

/// Gives each `$n` the n-th parameter, as PostgreSQL does. To SQLite `$2` is a name like any other, and names are
/// counted as they first appear.
fn bind(statement: &mut rusqlite::Statement<'_>, params: &[Val]) -> rusqlite::Result<()> {
    let mut named = 0;
    for index in 1..=statement.parameter_count() {
        let name = statement.parameter_name(index).and_then(|name| name.strip_prefix('$'));
        let number: usize = name.and_then(|n| n.parse().ok()).unwrap_or(index);
        named = named.max(number);
        let wrong = rusqlite::Error::InvalidParameterCount(params.len(), number);
        statement.raw_bind_parameter(index, params.get(number.wrapping_sub(1)).ok_or(wrong)?)?;
    }
    if named == params.len() { Ok(()) } else { Err(rusqlite::Error::InvalidParameterCount(params.len(), named)) }
}

fn lite_each(
    conn: &rusqlite::Connection,
    sql: &str,
    params: &[Val],
    each: &mut dyn FnMut(&Row<'_>) -> Result<()>,
) -> rusqlite::Result<Result<()>> {
    let mut statement = conn.prepare_cached(sql)?;
    bind(&mut statement, params)?;
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next()? {
        if let Err(e) = each(&Row::Lite(row)) {
            return Ok(Err(e));
        }
    }
    Ok(Ok(()))
}

/// Sorts a SQLite error; extended codes are in its low byte's family.
pub(crate) fn lite_fault(error: &rusqlite::Error) -> Fault {
    use rusqlite::ErrorCode as Code;
    match error {
        rusqlite::Error::SqliteFailure(e, _) => match e.code {
            Code::ConstraintViolation
                if e.extended_code == rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE
                    || e.extended_code == rusqlite::ffi::SQLITE_CONSTRAINT_PRIMARYKEY =>
            {
                Fault::Duplicate
            }
            Code::DatabaseBusy | Code::DatabaseLocked => Fault::Again,
            Code::SystemIoFailure | Code::DiskFull | Code::OutOfMemory | Code::DatabaseCorrupt | Code::CannotOpen => {
                Fault::Io
            }
            _ => Fault::Other,
        },
        _ => Fault::Other,
    }
}

/// Sorts a PostgreSQL error by its SQLSTATE.
pub(crate) fn pg_fault(error: &postgres::Error) -> Fault {
    match error.code().map(postgres::error::SqlState::code) {
        Some("40001" | "40P01") => Fault::Again,
        Some("23505") => Fault::Duplicate,
        Some("57P01" | "57P02" | "57P03" | "08000" | "08003" | "08006" | "25006") => Fault::Lost,
        Some("53100" | "53200" | "58030") => Fault::Io,
        Some(_) => Fault::Other,
        // Not from the server: the connection failed, or a parameter did not fit and nothing was sent.
        None => {
            let io = std::error::Error::source(error).is_some_and(|cause| cause.is::<std::io::Error>());
            if io || error.is_closed() { Fault::Lost } else { Fault::Other }
        }
    }
}

/// What is said of a fault, and what is logged.
pub(crate) fn outward(fault: Fault, sql: &str, detail: &str) -> Error {
    let context = format!("{detail} [{}]", sql.split_whitespace().take(12).collect::<Vec<_>>().join(" "));
    match fault {
        Fault::Again => Error::Busy("Hệ thống đang bận. Ông/bà hãy thử lại sau ít giây.".into()),
        Fault::Duplicate => {
            tracing::info!(detail = %context, "a unique key was already taken");
            Error::conflict(
                "Dữ liệu này đã có hoặc vừa được người khác thay đổi. Ông/bà hãy tải lại trang rồi thử lại.",
            )
        }
        Fault::Lost => Error::unavailable("Cơ sở dữ liệu không trả lời. Ông/bà hãy thử lại sau ít phút.", context),
        Fault::Io => Error::unavailable(
            "Máy chủ không ghi được dữ liệu (đĩa đầy hoặc hỏng). Chưa có gì được lưu; hãy báo quản trị.",
            context,
        ),
        Fault::Other => Error::internal(context),
    }
}
