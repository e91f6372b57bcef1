//! SQLite: a small pool of readers and one writer thread with group commit.

mod footprint;
pub(crate) mod writer;

use crate::meter::Meter;
use crate::queue::Queue;
use crate::reader::{Conn, Fault, Reader, lite_fault};
use crate::store::{Job, Options};
use footprint::Footprint;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;
use types::{Error, Result};

pub(crate) struct Sqlite {
    footprint: Footprint,
    readers: Readers,
    queue: Arc<Queue<Box<dyn Job>>>,
    writer: Option<JoinHandle<()>>,
}

/// How a connection is opened, kept so that the writer can reopen after an I/O error.
#[derive(Clone)]
pub(crate) struct Opening {
    pub path: PathBuf,
    pub synchronous: &'static str,
    /// Pages kept in memory, in KiB.
    pub cache_kib: u32,
    pub meter: Option<Meter>,
}

/// A reader looks at a page or two of a list.
pub const READER_CACHE_KIB: u32 = 8 * 1024;
/// The writer comes back to the ends of all indexes with every receipt.
pub const WRITER_CACHE_KIB: u32 = 32 * 1024;

impl Opening {
    pub fn open(&self) -> rusqlite::Result<Connection> {
        let mut conn = connect(&self.path, self.synchronous)?;
        conn.pragma_update(None, "cache_size", -i64::from(self.cache_kib))?;
        if let Some(meter) = self.meter.clone() {
            // Asked after every step whether to go on, also of what the text index does behind a statement.
            let tell = move || {
                meter.add(1);
                false
            };
            conn.progress_handler(1, Some(tell))?;
        }
        Ok(conn)
    }

    pub fn connect(&self) -> Result<Connection> {
        self.open()
            .map_err(|e| Error::unavailable("Không mở được cơ sở dữ liệu.", format!("{}: {e}", self.path.display())))
    }
}

/// Opens a database that must be there: a disk that went away must not be answered with a new, empty file.
pub(crate) fn connect(path: &Path, synchronous: &str) -> rusqlite::Result<Connection> {
    let create = OpenFlags::SQLITE_OPEN_CREATE;
    settle(Connection::open_with_flags(path, OpenFlags::default().difference(create))?, synchronous)
}

/// Opens a database, making the file when it is not there; for migrations and restores.
pub(crate) fn create(path: &Path) -> rusqlite::Result<Connection> {
    settle(Connection::open(path)?, "FULL")
}

/// The settings that every connection of ours has. The log grows to 64 MB before it is copied into the database: the pages
/// that every receipt touches are copied once for many receipts.
fn settle(conn: Connection, synchronous: &str) -> rusqlite::Result<Connection> {
    conn.busy_timeout(Duration::from_secs(10))?;
    conn.set_prepared_statement_cache_capacity(256);
    // A plan depends on the statement alone. Without this, SQLite parses and plans a statement again at every run when a
    // partial index might fit some values of its parameters: a fifth of the time of a page.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    keep_log(&conn)?;
    conn.execute_batch(&format!(
        "PRAGMA synchronous={synchronous}; PRAGMA foreign_keys=ON;
         PRAGMA temp_store=MEMORY; PRAGMA mmap_size=0; PRAGMA wal_autocheckpoint=16000; PRAGMA journal_size_limit=67108864;"
    ))?;
    Ok(conn)
}

/// Lets writes go to a log beside the database. SQLite does not wait when several connections ask for that on a new file at
/// once, whatever the timeout, so the waiting is done here.
fn keep_log(conn: &Connection) -> rusqlite::Result<()> {
    let mut tries = 0;
    loop {
        match conn.execute_batch("PRAGMA journal_mode=WAL") {
            Err(error) if lite_fault(&error) == Fault::Again && tries < 100 => tries += 1,
            outcome => return outcome,
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

impl Sqlite {
    pub fn open(path: &Path, options: &Options) -> Result<Self> {
        let reading = Opening {
            path: path.to_owned(),
            synchronous: options.synchronous,
            cache_kib: READER_CACHE_KIB,
            meter: options.meter.clone(),
        };
        let opening = Opening { cache_kib: WRITER_CACHE_KIB, ..reading.clone() };
        let queue = Arc::new(Queue::new(options.queue));
        let conn = opening.connect()?;
        let readers = (0..options.readers.max(1)).map(|_| reading.connect()).collect::<Result<Vec<_>>>()?;
        // As SQLite itself names it: an address may be a URI.
        let file = PathBuf::from(conn.path().unwrap_or_default());
        let unopened = |e: &dyn std::fmt::Display| {
            Error::unavailable("Không mở được cơ sở dữ liệu.", format!("{}: {e}", file.display()))
        };
        let footprint = Footprint::of(&file).map_err(|e| unopened(&e))?;
        // The log is there from the first read on; none where the file system cannot have one.
        conn.execute_batch("SELECT count(*) FROM sqlite_schema").map_err(|e| unopened(&e))?;
        let files: Vec<Footprint> = std::iter::once(footprint.clone()).chain(footprint.of_log().ok()).collect();
        let writer = std::thread::Builder::new()
            .name("sqlite-writer".into())
            .spawn({
                let queue = queue.clone();
                move || writer::run(conn, &opening, &files, &queue)
            })
            .map_err(|e| Error::internal(format!("starting the writer: {e}")))?;
        Ok(Self {
            footprint,
            readers: Readers { free: Mutex::new(readers), returned: Condvar::new() },
            queue,
            writer: Some(writer),
        })
    }

    pub fn submit(&self, job: Box<dyn Job>, interactive: bool) -> std::result::Result<(), Box<dyn Job>> {
        self.queue.push(job, interactive)
    }

    /// How many writes wait: those that people wait for, and those behind them.
    pub fn writes_waiting(&self) -> (usize, usize) {
        self.queue.waiting()
    }

    /// Reads on this thread, in a read transaction, so that several statements see one state.
    pub fn read<T>(&self, work: impl FnOnce(&mut Reader<'_>) -> Result<T>) -> Result<T> {
        let conn = self.readers.lend();
        let mut reader = Reader::view(Conn::Lite(conn.get()));
        reader.batch("BEGIN")?;
        if !self.footprint.stands() {
            return Err(self.footprint.unread());
        }
        work(&mut reader)
    }
}

impl Drop for Sqlite {
    fn drop(&mut self) {
        self.queue.close();
        if let Some(writer) = self.writer.take() {
            // The writer may itself hold the last reference when a job drops it; it must not wait for itself.
            if writer.thread().id() != std::thread::current().id() {
                let _ = writer.join();
            }
        }
    }
}

struct Readers {
    free: Mutex<Vec<Connection>>,
    returned: Condvar,
}

struct Lent<'p> {
    conn: Option<Connection>,
    pool: &'p Readers,
}

impl Readers {
    fn lend(&self) -> Lent<'_> {
        let mut free = self.free.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        loop {
            if let Some(conn) = free.pop() {
                return Lent { conn: Some(conn), pool: self };
            }
            free = self.returned.wait(free).unwrap_or_else(std::sync::PoisonError::into_inner);
        }
    }
}

impl Lent<'_> {
    fn get(&self) -> &Connection {
        self.conn.as_ref().expect("a lent connection is there until it is given back")
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        if let Some(conn) = self.conn.take() {
            if !conn.is_autocommit() {
                let _ = conn.execute_batch("ROLLBACK");
            }
            self.pool.free.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(conn);
            self.pool.returned.notify_one();
        }
    }
}

#[cfg(test)]
mod tests;
