//! PostgreSQL: closures stay synchronous and plain. Writes have threads, each with a connection of its own; a read runs on
//! the thread that asks, over a connection that it is lent ([`readers`]).
//!
//! What a command changes without asking is sent together with its next question, or its commit ([`conn`]).
//!
//! Every command is a READ COMMITTED transaction. A serialisation failure, a deadlock, a taken command id or a lost
//! connection runs the command again: its id decides whether the first run had already been committed.

mod address;
mod conn;
mod joined;
mod readers;
mod session;
mod wire;

pub(crate) use conn::{Failure, PgConn};

use crate::meter::Meter;
use crate::queue::Queue;
use crate::reader::{Conn, Fault, Reader, outward};
use crate::store::{Job, Look, Options, Ran};
use address::Address;
use readers::Readers;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;
use types::{Error, Result};

/// How often a command is tried again before its caller is told.
const TRIES: u32 = 8;

/// Connections that [`Pg::read_here`] keeps.
const SPARE_MAX: usize = 4;

/// A view that several statements see alike, as a read transaction of SQLite is.
pub(crate) const BEGIN_READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY";

/// What several questions see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sight {
    /// One state.
    View,
    /// Each its own moment.
    Glance,
}

pub(crate) struct Pg {
    writes: Arc<Queue<Box<dyn Job>>>,
    readers: Readers,
    threads: Vec<JoinHandle<()>>,
    address: Address,
    /// Connections of threads that are not ours, kept for the next: making one costs more than a read.
    spare: Mutex<Vec<PgConn>>,
    meter: Option<Meter>,
}

/// Connects now, so that a wrong address is told at once.
pub(crate) fn connect(url: &str) -> Result<PgConn> {
    let mut conn = PgConn::new(Address::of(url)?);
    conn.connect().map_err(|failure| unreachable(&failure.told))?;
    Ok(conn)
}

fn unreachable(error: &dyn std::fmt::Display) -> Error {
    let told = error.to_string();
    if told.contains("invalid peer certificate") {
        let sentence = "Máy chủ PostgreSQL không có chứng thư do sslrootcert chứng nhận cho địa chỉ này, hoặc chứng thư không phải X.509 phiên bản 3. Không kết nối. Nếu máy chủ ở ngay trong mạng kín thì có thể thêm ?sslmode=disable.";
        return Error::unavailable(sentence, format!("connecting: {told}"));
    }
    Error::unavailable("Cơ sở dữ liệu không trả lời. Ông/bà hãy thử lại sau ít phút.", format!("connecting: {error}"))
}

impl Pg {
    pub fn open(url: &str, options: &Options) -> Result<Self> {
        connect(url)?;
        let (address, meter) = (Address::of(url)?, options.meter.clone());
        let fresh = || PgConn::new(address.clone()).measured(meter.as_ref());
        let writes: Arc<Queue<Box<dyn Job>>> = Arc::new(Queue::new(options.queue));
        let reading = (0..options.readers.max(1)).map(|_| fresh().patient(options.read_answer_max)).collect();
        let readers = Readers::new(reading, options.queue);
        let mut threads = Vec::new();
        for n in 0..options.writers.max(1) {
            let (queue, mut conn) = (writes.clone(), fresh().brisk(options.write_pause_max));
            threads.push(spawn(format!("pg-write-{n}"), move || {
                while let Some(job) = queue.pop() {
                    write(&mut conn, job);
                }
            })?);
        }
        Ok(Self { writes, readers, threads, address, spare: Mutex::default(), meter })
    }

    pub fn submit(&self, job: Box<dyn Job>, interactive: bool) -> std::result::Result<(), Box<dyn Job>> {
        self.writes.push(job, interactive)
    }

    /// How many writes wait: those that people wait for, and those behind them.
    pub fn writes_waiting(&self) -> (usize, usize) {
        self.writes.waiting()
    }

    /// How many reads wait.
    pub fn reads_waiting(&self) -> usize {
        self.readers.waiting()
    }

    /// Reads on the calling thread, once a connection is free.
    pub async fn read<T>(&self, sight: Sight, work: impl FnOnce(&mut Reader<'_>) -> Result<T>) -> Result<T> {
        let mut lent = self.readers.lend().await?;
        let outcome = read_with(lent.conn(), sight, work);
        lent.conn().leave();
        outcome
    }

    /// Reads on the calling thread; for the command line and threads of our own.
    pub fn read_here<T>(&self, work: impl FnOnce(&mut Reader<'_>) -> Result<T>) -> Result<T> {
        let fresh = || PgConn::new(self.address.clone()).measured(self.meter.as_ref());
        let mut conn = self.spare().pop().unwrap_or_else(fresh);
        conn.begin(BEGIN_READ);
        // One that a panic leaves behind is dropped.
        let outcome = work(&mut Reader::view(Conn::Pg(&mut conn)));
        // A read that failed has its error already.
        let _ = conn.measure();
        conn.leave();
        let mut spare = self.spare();
        if spare.len() < SPARE_MAX {
            spare.push(conn);
        }
        outcome
    }

    fn spare(&self) -> MutexGuard<'_, Vec<PgConn>> {
        self.spare.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn spawn(name: String, work: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>> {
    std::thread::Builder::new().name(name).spawn(work).map_err(|e| Error::internal(format!("starting a thread: {e}")))
}

fn read_with<T>(conn: &mut PgConn, sight: Sight, work: impl FnOnce(&mut Reader<'_>) -> Result<T>) -> Result<T> {
    let outcome = catch_unwind(AssertUnwindSafe(|| match sight {
        Sight::View => {
            conn.begin(BEGIN_READ);
            work(&mut Reader::view(Conn::Pg(conn)))
        }
        Sight::Glance => {
            conn.glance();
            work(&mut Reader::new(Conn::Pg(conn)))
        }
    }));
    // A read that failed has its error already.
    let _ = conn.measure();
    outcome.unwrap_or_else(|_| {
        conn.close();
        Err(Error::internal("panic in a read"))
    })
}

/// Runs one command to its end.
fn write(conn: &mut PgConn, mut job: Box<dyn Job>) {
    let (mut unknown, mut duplicates) = (None, 0);
    // Whether a command was sent before is asked only where that may be why it did not come about: a repeated one meets
    // its own changes, or the row of its id.
    match attempt_once(conn, job.as_mut(), Look::Next) {
        Attempt::Kept => return job.settle(),
        Attempt::Unknown(error) => unknown = Some(error),
        Attempt::Again | Attempt::Lost => std::thread::sleep(pause(1)),
        Attempt::Duplicate => duplicates = 1,
        Attempt::Refused | Attempt::Failed => {}
    }
    for attempt in 1..TRIES {
        let last = attempt == TRIES - 1;
        match attempt_once(conn, job.as_mut(), Look::First) {
            Attempt::Kept | Attempt::Refused => return job.settle(),
            // A try that cannot even look does not know what became of the one before it.
            Attempt::Failed => return if let Some(error) = unknown { job.fail(error) } else { job.settle() },
            Attempt::Duplicate => {
                duplicates += 1;
                if duplicates > 1 || last {
                    return job.settle();
                }
            }
            Attempt::Again if last => {
                return job.fail(Error::Busy(
                    "Hệ thống đang bận. Ông/bà hãy gửi lại sau ít giây; chưa có gì được lưu.".into(),
                ));
            }
            Attempt::Again => {}
            Attempt::Lost if last => return job.fail(unknown.unwrap_or_else(lost)),
            Attempt::Lost => {}
            // Whatever comes after, a commit may have been carried out.
            Attempt::Unknown(error) if last => return job.fail(error),
            Attempt::Unknown(error) => unknown = Some(error),
        }
        std::thread::sleep(pause(attempt + 1));
    }
}

enum Attempt {
    /// Committed.
    Kept,
    /// Rolled back, with an answer that running again would not change.
    Refused,
    /// Rolled back, because disk or memory failed.
    Failed,
    /// Rolled back; running again may come out otherwise.
    Again,
    /// Rolled back: a key was taken, perhaps by the same command, committed by another thread meanwhile. Then the
    /// second run finds its answer.
    Duplicate,
    /// The connection went away, or could not be made, before the commit: nothing stands.
    Lost,
    /// The connection went away under the commit; whether it was carried out is not known.
    Unknown(Error),
}

fn attempt_once(conn: &mut PgConn, job: &mut dyn Job, look: Look) -> Attempt {
    // Two runs of one command (a second click, a retry while the first commit is still under way) wait for each other
    // before anything is read, so that the second finds the first one's answer instead of its changes. The id has letters,
    // digits, `-` and `_` only.
    conn.begin(format!("BEGIN; SELECT pg_advisory_xact_lock(hashtextextended('{}', 0))", job.id()));
    let fault = match job.run(Conn::Pg(conn), look) {
        // Nothing of it was sent yet where all of it waits for the commit.
        Ran::Keep if conn.reach().is_err() => Fault::Lost,
        Ran::Keep => match conn.measure().and_then(|()| conn.commit()) {
            Ok(()) => return Attempt::Kept,
            Err(failure) if failure.fault == Fault::Lost => return Attempt::Unknown(unknown(&failure.told)),
            Err(failure) => {
                // The server answered, so it has rolled back, and what the work answered does not stand.
                job.undo(outward(failure.fault, &failure.sql, &failure.told));
                failure.fault
            }
        },
        Ran::Faulted(fault) => fault,
        Ran::Discard => Fault::Other,
    };
    conn.leave();
    match fault {
        Fault::Again => Attempt::Again,
        Fault::Duplicate => Attempt::Duplicate,
        Fault::Lost => Attempt::Lost,
        Fault::Io => Attempt::Failed,
        Fault::Other => Attempt::Refused,
    }
}

fn lost() -> Error {
    Error::unavailable(
        "Cơ sở dữ liệu không trả lời. Ông/bà hãy gửi lại sau ít phút: hệ thống không nhận hai lần.",
        "connection lost inside a write",
    )
}

fn unknown(why: &str) -> Error {
    Error::unavailable(
        "Cơ sở dữ liệu không trả lời, chưa rõ đã lưu hay chưa. Ông/bà hãy bấm gửi lại: hệ thống không nhận hai lần.",
        why,
    )
}

/// Grows from 2 ms to about 250 ms; enough for a restart of the database to begin, short enough to wait for.
fn pause(attempt: u32) -> Duration {
    Duration::from_millis(1 << attempt.min(8))
}

impl Drop for Pg {
    fn drop(&mut self) {
        self.writes.close();
        for thread in self.threads.drain(..) {
            if thread.thread().id() != std::thread::current().id() {
                let _ = thread.join();
            }
        }
    }
}
