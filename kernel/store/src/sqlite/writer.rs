//! The one writer of a SQLite database.
//!
//! Waiting commands run one after another, each in a savepoint, and are committed together before anyone is answered.
//! What can go wrong, and what happens:
//! - a command fails or panics: its savepoint is rolled back, the others go on;
//! - SQLite gives the whole transaction up (disk full, interrupt): seen by `is_autocommit`; the batch is abandoned and
//!   each command runs again alone;
//! - the commit is refused: the same;
//! - the commit meets an I/O error: the connection is reopened and everyone is told "unknown"; repeating the command
//!   finds its id in the database, or not;
//! - the file, or its log, is no longer the one that was opened: nothing is begun, and nobody is told "done".

use super::Opening;
use super::footprint::Footprint;
use crate::queue::Queue;
use crate::reader::{Conn, Fault, lite_fault};
use crate::store::{Job, Look, Ran};
use rusqlite::Connection;
use std::time::{Duration, Instant};
use types::Error;

/// A batch ends at this many commands …
const BATCH_MAX: usize = 256;
/// … or after this long, so that nobody waits for strangers; nobody notices a hundredth of a second.
const BATCH_TIME: Duration = Duration::from_millis(10);

/// Runs until the queue is closed and empty.
pub(crate) fn run(conn: Connection, opening: &Opening, files: &[Footprint], queue: &Queue<Box<dyn Job>>) {
    let mut writer = Writer { conn, opening, files, broken: false };
    while let Some(first) = queue.pop() {
        let mut gave_background = false;
        writer.batch(first, || {
            queue.try_pop_interactive().or_else(|| {
                if gave_background {
                    return None;
                }
                gave_background = true;
                queue.try_pop_background()
            })
        });
    }
}

struct Writer<'o> {
    conn: Connection,
    opening: &'o Opening,
    /// The database and its log.
    files: &'o [Footprint],
    /// The connection met an I/O error and could not be replaced yet.
    broken: bool,
}

impl Writer<'_> {
    fn batch(&mut self, first: Box<dyn Job>, mut more: impl FnMut() -> Option<Box<dyn Job>>) {
        if let Err(error) = self.begin() {
            return first.fail(error);
        }
        let started = Instant::now();
        let mut done: Vec<Box<dyn Job>> = Vec::new();
        let mut next = Some(first);
        while let Some(mut job) = next {
            let whole = self.savepoint(job.as_mut());
            done.push(job);
            if !whole {
                return self.one_by_one(done);
            }
            let full = done.len() >= BATCH_MAX || started.elapsed() >= BATCH_TIME;
            next = if full { None } else { more() };
        }
        match self.control("COMMIT") {
            Ok(()) if self.displaced().is_some() => {
                done.into_iter().for_each(|job| job.fail(unknown("a file is gone")))
            }
            Ok(()) => done.into_iter().for_each(Job::settle),
            Err(error) if lite_fault(&error) == Fault::Io => {
                self.reopen();
                done.into_iter().for_each(|job| job.fail(unknown(&error.to_string())));
            }
            Err(error) => {
                tracing::warn!(%error, commands = done.len(), "a batch could not be committed; running its commands alone");
                self.abandon();
                self.one_by_one(done);
            }
        }
    }

    /// Runs a job in a savepoint; `false` when the transaction around it is gone.
    fn savepoint(&mut self, job: &mut dyn Job) -> bool {
        if self.control("SAVEPOINT command").is_err() {
            return false;
        }
        let ran = job.run(Conn::Lite(&self.conn), Look::First);
        if self.conn.is_autocommit() {
            return false;
        }
        let ended = match ran {
            Ran::Keep => self.control("RELEASE command"),
            Ran::Discard | Ran::Faulted(_) => {
                self.control("ROLLBACK TO command").and_then(|()| self.control("RELEASE command"))
            }
        };
        ended.is_ok() && !self.conn.is_autocommit()
    }

    /// Runs each command in a transaction of its own, so that one bad command cannot hurt the others.
    fn one_by_one(&mut self, jobs: Vec<Box<dyn Job>>) {
        self.abandon();
        for job in jobs {
            self.alone(job);
        }
    }

    fn alone(&mut self, mut job: Box<dyn Job>) {
        if let Err(error) = self.begin() {
            return job.fail(error);
        }
        let ran = job.run(Conn::Lite(&self.conn), Look::First);
        if ran != Ran::Keep {
            self.abandon();
            return job.settle();
        }
        if self.conn.is_autocommit() {
            return job.fail(Error::internal("the transaction ended under a command that reported success"));
        }
        match self.control("COMMIT") {
            Ok(()) if self.displaced().is_some() => job.fail(unknown("a file is gone")),
            Ok(()) => job.settle(),
            Err(error) if lite_fault(&error) == Fault::Io => {
                self.reopen();
                job.fail(unknown(&error.to_string()));
            }
            Err(error) => {
                self.abandon();
                job.fail(refused(&error));
            }
        }
    }

    fn control(&self, sql: &str) -> rusqlite::Result<()> {
        self.conn.prepare_cached(sql)?.execute([]).map(|_| ())
    }

    /// Begins a transaction, on a fresh connection where the old one is not to be trusted.
    fn begin(&mut self) -> Result<(), Error> {
        if let Some(displaced) = self.displaced() {
            return Err(displaced.unwritten());
        }
        self.begin_on_disk().map_err(|error| refused(&error))
    }

    /// The file that is no longer the one at its place.
    fn displaced(&self) -> Option<&Footprint> {
        self.files.iter().find(|file| !file.stands())
    }

    fn begin_on_disk(&mut self) -> rusqlite::Result<()> {
        if self.broken || !self.conn.is_autocommit() {
            self.conn = self.opening.open()?;
            self.broken = false;
        }
        let begun = self.control("BEGIN IMMEDIATE");
        self.broken = begun.as_ref().is_err_and(|e| lite_fault(e) == Fault::Io);
        begun
    }

    fn abandon(&mut self) {
        if !self.conn.is_autocommit() && self.control("ROLLBACK").is_err() {
            self.reopen();
        }
    }

    /// A connection that met an I/O error is not trusted again.
    fn reopen(&mut self) {
        self.broken = true;
        for pause in [10, 50, 250, 1000] {
            match self.opening.connect() {
                Ok(conn) => {
                    self.conn = conn;
                    self.broken = false;
                    return;
                }
                Err(error) => {
                    tracing::error!(context = error.inward(), "the database cannot be reopened");
                    std::thread::sleep(Duration::from_millis(pause));
                }
            }
        }
        // Every command tries once more to open the database, and fails with a clear answer until the disk is back.
    }
}

fn unknown(why: &str) -> Error {
    tracing::error!(why, "the outcome of a commit is unknown");
    Error::unavailable(
        "Máy chủ gặp lỗi khi ghi, chưa rõ đã lưu hay chưa. Ông/bà hãy bấm gửi lại: hệ thống không nhận hai lần.",
        format!("commit: {why}"),
    )
}

fn refused(error: &rusqlite::Error) -> Error {
    match lite_fault(error) {
        Fault::Again => {
            Error::Busy("Hệ thống đang bận ghi. Ông/bà hãy gửi lại sau ít giây; chưa có gì được lưu.".into())
        }
        Fault::Io => Error::unavailable(
            "Máy chủ không ghi được dữ liệu (đĩa đầy hoặc hỏng). Chưa có gì được lưu; hãy báo quản trị.",
            error,
        ),
        _ => Error::internal(format!("transaction: {error}")),
    }
}
