//! PostgreSQL: a few threads, each with a connection of its own; closures stay synchronous and plain.
//!
//! Every command is a READ COMMITTED transaction. A serialisation failure, a deadlock, a taken command id or a lost
//! connection runs the command again: its id decides whether the first run had already been committed.

use crate::queue::Queue;
use crate::reader::{Conn, Fault, PgConn, Reader, outward, pg_fault};
use crate::store::{Job, Options, Ran};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::oneshot;
use types::{Error, Result};

/// How often a command is tried again before its caller is told.
const TRIES: u32 = 8;

/// A view that several statements see alike, as a read transaction of SQLite is.
pub(crate) const BEGIN_READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY";

type Read = Box<dyn FnOnce(&mut Worker) + Send>;

pub(crate) struct Pg {
    writes: Arc<Queue<Box<dyn Job>>>,
    reads: Arc<Queue<Read>>,
    threads: Vec<JoinHandle<()>>,
    url: String,
}

/// A thread's connection, made when it is first needed and again after it was lost.
pub(crate) struct Worker {
    url: String,
    conn: Option<PgConn>,
}

impl Worker {
    fn conn(&mut self) -> Result<&mut PgConn> {
        if self.conn.as_ref().is_none_or(|c| c.client.is_closed()) {
            self.conn = None;
            self.conn = Some(connect(&self.url)?);
        }
        self.conn.as_mut().ok_or_else(|| Error::internal("a connection that was just made is not there"))
    }

    /// Begins a view that several statements see alike. A connection that the server closed while it was idle is
    /// noticed only now; then a fresh one is made, once.
    fn begin_read(&mut self) -> Result<&mut PgConn> {
        if self.conn()?.client.batch_execute(BEGIN_READ).is_err() {
            self.conn = None;
            self.conn()?.client.batch_execute(BEGIN_READ).map_err(|e| unreachable(&e))?;
        }
        self.conn()
    }

    /// Ends the view, after the caller has its answer.
    fn end_read(&mut self) {
        if self.conn.as_mut().is_some_and(|conn| conn.client.batch_execute("COMMIT").is_err()) {
            self.conn = None;
        }
    }
}

/// Connects and fixes the session's settings.
pub(crate) fn connect(url: &str) -> Result<PgConn> {
    let mut config: postgres::Config = url.parse().map_err(|e| unreachable(&e))?;
    // A server that vanished without a word is noticed in seconds, not in the quarter of an hour that TCP waits.
    config
        .application_name("nhaviec")
        .connect_timeout(Duration::from_secs(5))
        .tcp_user_timeout(Duration::from_secs(10))
        .keepalives_idle(Duration::from_secs(20))
        .keepalives_interval(Duration::from_secs(5))
        .keepalives_retries(3);
    let mut client = config.connect(postgres::NoTls).map_err(|e| unreachable(&e))?;
    client
        .batch_execute(
            "SET client_min_messages = warning; SET idle_in_transaction_session_timeout = '60s'; SET TIME ZONE 'UTC'",
        )
        .map_err(|e| unreachable(&e))?;
    Ok(PgConn::new(client))
}

fn unreachable(error: &postgres::Error) -> Error {
    Error::unavailable("Cơ sở dữ liệu không trả lời. Ông/bà hãy thử lại sau ít phút.", format!("connecting: {error}"))
}

impl Pg {
    pub fn open(url: &str, options: &Options) -> Result<Self> {
        connect(url)?;
        let writes: Arc<Queue<Box<dyn Job>>> = Arc::new(Queue::new(options.queue));
        let reads: Arc<Queue<Read>> = Arc::new(Queue::new(options.queue));
        let mut threads = Vec::new();
        for n in 0..options.writers.max(1) {
            let (queue, mut worker) = (writes.clone(), Worker { url: url.to_owned(), conn: None });
            threads.push(spawn(format!("pg-write-{n}"), move || {
                while let Some(job) = queue.pop() {
                    write(&mut worker, job);
                }
            })?);
        }
        for n in 0..options.readers.max(1) {
            let (queue, mut worker) = (reads.clone(), Worker { url: url.to_owned(), conn: None });
            threads.push(spawn(format!("pg-read-{n}"), move || {
                while let Some(read) = queue.pop() {
                    read(&mut worker);
                }
            })?);
        }
        Ok(Self { writes, reads, threads, url: url.to_owned() })
    }

    pub fn submit(&self, job: Box<dyn Job>, interactive: bool) -> std::result::Result<(), Box<dyn Job>> {
        self.writes.push(job, interactive)
    }

    pub async fn read<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Reader<'_>) -> Result<T> + Send + 'static,
    {
        let (sender, receiver) = oneshot::channel();
        let read: Read = Box::new(move |worker| {
            let _ = sender.send(read_with(worker, work));
            worker.end_read();
        });
        if self.reads.push(read, true).is_err() {
            return Err(Error::Busy("Máy chủ đang có quá nhiều việc. Ông/bà hãy thử lại sau ít giây.".into()));
        }
        receiver.await.unwrap_or_else(|_| Err(Error::internal("a reading thread ended")))
    }

    /// Reads on a connection made for it; for the command line.
    pub fn read_here<T>(&self, work: impl FnOnce(&mut Reader<'_>) -> Result<T>) -> Result<T> {
        let mut conn = connect(&self.url)?;
        let mut reader = Reader::new(Conn::Pg(&mut conn));
        reader.batch(BEGIN_READ)?;
        let value = work(&mut reader)?;
        reader.batch("COMMIT")?;
        Ok(value)
    }
}

fn spawn(name: String, work: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>> {
    std::thread::Builder::new().name(name).spawn(work).map_err(|e| Error::internal(format!("starting a thread: {e}")))
}

fn read_with<T>(worker: &mut Worker, work: impl FnOnce(&mut Reader<'_>) -> Result<T>) -> Result<T> {
    let mut reader = Reader::new(Conn::Pg(worker.begin_read()?));
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| work(&mut reader)));
    let lost = reader.fault == Some(Fault::Lost);
    if outcome.is_err() || lost {
        worker.conn = None;
    }
    outcome.unwrap_or_else(|_| Err(Error::internal("panic in a read")))
}

/// Runs one command to its end.
fn write(worker: &mut Worker, mut job: Box<dyn Job>) {
    let mut duplicates = 0;
    for attempt in 1..=TRIES {
        let last = attempt == TRIES;
        match attempt_once(worker, job.as_mut()) {
            Attempt::Answered => return job.settle(),
            Attempt::Failed(error) => return job.fail(error),
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
            Attempt::Lost(error) => {
                worker.conn = None;
                if last {
                    return job.fail(error);
                }
            }
        }
        std::thread::sleep(pause(attempt));
    }
}

enum Attempt {
    /// Committed, or rolled back with an answer that running again would not change.
    Answered,
    /// Rolled back: what the closure answered does not stand.
    Failed(Error),
    /// Rolled back; running again may come out otherwise.
    Again,
    /// Rolled back: a key was taken, perhaps by the same command, committed by another thread meanwhile. Then the
    /// second run finds its answer.
    Duplicate,
    /// The connection went away; whether it was committed is not known.
    Lost(Error),
}

fn attempt_once(worker: &mut Worker, job: &mut dyn Job) -> Attempt {
    let conn = match worker.conn() {
        Ok(conn) => conn,
        Err(error) => return Attempt::Lost(error),
    };
    // Two runs of one command (a second click, a retry while the first commit is still under way) wait for each other
    // before anything is read, so that the second finds the first one's answer instead of its changes. The id has letters,
    // digits, `-` and `_` only.
    let begin = format!("BEGIN; SELECT pg_advisory_xact_lock(hashtextextended('{}', 0))", job.id());
    if let Err(error) = conn.client.batch_execute(&begin) {
        return Attempt::Lost(lost(&error));
    }
    let ran = job.run(Conn::Pg(conn));
    match ran {
        Ran::Keep => match conn.client.batch_execute("COMMIT") {
            Ok(()) => Attempt::Answered,
            Err(error) => match pg_fault(&error) {
                Fault::Lost => Attempt::Lost(lost(&error)),
                Fault::Again => Attempt::Again,
                // The server answered, so it has rolled back.
                Fault::Duplicate => Attempt::Duplicate,
                fault => Attempt::Failed(outward(fault, "COMMIT", &error.to_string())),
            },
        },
        Ran::Faulted(Fault::Lost) => Attempt::Lost(Error::unavailable(
            "Cơ sở dữ liệu không trả lời. Ông/bà hãy gửi lại sau ít phút: hệ thống không nhận hai lần.",
            "connection lost inside a write",
        )),
        Ran::Faulted(fault) => match conn.client.batch_execute("ROLLBACK") {
            Ok(()) if fault == Fault::Again => Attempt::Again,
            Ok(()) if fault == Fault::Duplicate => Attempt::Duplicate,
            Ok(()) => Attempt::Answered,
            Err(error) => Attempt::Lost(lost(&error)),
        },
        Ran::Discard => match conn.client.batch_execute("ROLLBACK") {
            Ok(()) => Attempt::Answered,
            Err(_) => {
                worker.conn = None;
                Attempt::Answered
            }
        },
    }
}

fn lost(error: &postgres::Error) -> Error {
    Error::unavailable(
        "Cơ sở dữ liệu không trả lời, chưa rõ đã lưu hay chưa. Ông/bà hãy bấm gửi lại: hệ thống không nhận hai lần.",
        error,
    )
}

/// Grows from 2 ms to about 250 ms; enough for a restart of the database to begin, short enough to wait for.
fn pause(attempt: u32) -> Duration {
    Duration::from_millis(1 << attempt.min(8))
}

impl Drop for Pg {
    fn drop(&mut self) {
        self.writes.close();
        self.reads.close();
        for thread in self.threads.drain(..) {
            if thread.thread().id() != std::thread::current().id() {
                let _ = thread.join();
            }
        }
    }
}
