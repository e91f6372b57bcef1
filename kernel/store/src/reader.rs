//! Reading: statements over either engine, and the faults they meet.

use crate::engine::Engine;
use crate::pg::{Failure, PgConn};
use crate::row::{FromRow, Row};
use crate::value::Val;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio_postgres::error::Severity;
use types::{Error, Id, Result};

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
    /// Whether all statements see one state.
    pub(crate) is_view: bool,
    /// What [`crate::revision::last`] knows of this view.
    pub(crate) revisions: Option<Vec<(String, Id)>>,
    /// The id under which caches will know this write, once it has changed something they keep.
    pub(crate) change: Option<Id>,
}

static STATEMENTS: AtomicU64 = AtomicU64::new(0);

/// How many statements this process has run; tests compare it to prove that a list asks once, not once a row.
pub fn statements_run() -> u64 {
    STATEMENTS.load(Ordering::Relaxed)
}

impl<'c> Reader<'c> {
    pub(crate) fn new(conn: Conn<'c>) -> Self {
        Self { conn, fault: None, changed: 0, is_view: false, revisions: None, change: None }
    }

    /// Over a transaction that only reads and sees one state all the time.
    pub(crate) fn view(conn: Conn<'c>) -> Self {
        let mut reader = Self { is_view: true, ..Self::new(conn) };
        // Nearly every page asks for it.
        reader.foresee(crate::revision::ALL, &[]);
        reader
    }

    /// Says that this very question will be asked. On PostgreSQL it goes with the next one, so that its answer costs no
    /// round trip; it is that of the moment when it goes, which must be as good to whoever asks.
    pub fn foresee(&mut self, sql: &str, params: &[Val]) {
        if let Conn::Pg(conn) = &mut self.conn {
            conn.foresee(sql, params);
        }
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
                let mut failed = Ok(());
                let outcome = conn.each(sql, params, |row| {
                    failed = T::from_row(&Row::Pg(row)).and_then(&mut each);
                    failed.is_ok()
                });
                self.told(outcome)?;
                failed
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
                let outcome = conn.rows(sql, params);
                let rows = self.told(outcome)?;
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
        self.refuse_after(sql)
    }

    fn refuse_after(&self, sql: &str) -> Result<()> {
        match self.fault {
            None => Ok(()),
            Some(fault) => Err(outward(fault, sql, "an earlier statement of this transaction failed")),
        }
    }

    /// Runs a statement that changes rows and answers how many; only [`crate::Tx`] offers it.
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
                let outcome = conn.count(sql, params);
                self.told(outcome)?
            }
        };
        self.changed += changed;
        Ok(changed)
    }

    /// Runs a statement that changes rows when nobody needs to know how many; on PostgreSQL it is sent with the next
    /// question, and fails there.
    pub(crate) fn put(&mut self, sql: &str, params: &[Val]) -> Result<()> {
        if self.engine() == Engine::Postgres {
            self.refuse_after_fault(sql)?;
        }
        let Conn::Pg(conn) = &mut self.conn else { return self.run(sql, params).map(|_| ()) };
        let outcome = conn.put(sql, params);
        self.told(outcome)
    }

    /// Whether any row was changed so far.
    pub(crate) fn has_changed(&mut self) -> Result<bool> {
        if self.changed == 0
            && let Conn::Pg(conn) = &mut self.conn
        {
            let outcome = conn.flush();
            self.told(outcome)?;
        }
        Ok(self.changed > 0)
    }

    /// Runs several statements without parameters: migrations and transaction control only.
    pub(crate) fn batch(&mut self, sql: &str) -> Result<()> {
        self.refuse_after(sql)?;
        match &mut self.conn {
            Conn::Lite(conn) => conn.execute_batch(sql).map_err(|e| self.lite_error(sql, &e)),
            Conn::Pg(conn) => {
                let outcome = conn.batch(sql);
                self.told(outcome)
            }
        }
    }

    /// Ends a transaction of which nothing is to be kept, whatever has failed in it.
    pub(crate) fn roll_back(&mut self) {
        match &mut self.conn {
            // Without a transaction, which a fault may have ended, there is nothing to do.
            Conn::Lite(conn) => {
                let _ = conn.execute_batch("ROLLBACK");
            }
            Conn::Pg(conn) => conn.leave(),
        }
    }

    fn lite_error(&mut self, sql: &str, error: &rusqlite::Error) -> Error {
        let fault = lite_fault(error);
        self.fault = Some(fault);
        outward(fault, sql, &error.to_string())
    }

    /// What PostgreSQL answered, with the rows that were changed on the way.
    fn told<T>(&mut self, outcome: std::result::Result<T, Failure>) -> Result<T> {
        if let Conn::Pg(conn) = &mut self.conn {
            self.changed += conn.take_changed();
        }
        outcome.map_err(|failure| {
            self.fault = Some(failure.fault);
            outward(failure.fault, &failure.sql, &failure.told)
        })
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
pub(crate) fn pg_fault(error: &tokio_postgres::Error) -> Fault {
    // The server ends the connection with such an answer, whatever its reason; one to a commit leaves open what came of it.
    let severity = error.as_db_error().and_then(tokio_postgres::error::DbError::parsed_severity);
    if matches!(severity, Some(Severity::Fatal | Severity::Panic)) {
        return Fault::Lost;
    }
    match error.code().map(tokio_postgres::error::SqlState::code) {
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
