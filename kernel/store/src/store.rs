//! The front door: opening, reading, writing.

use crate::command::{Actor, Command, CommandId, Content, ContentKey, answered};
use crate::engine::{Engine, Location};
use crate::lease::NodeLease;
use crate::meter::Meter;
use crate::params;
use crate::pg::{Pg, Sight};
use crate::pulse::{Counts, Pulse};
use crate::reader::{Conn, Fault, Reader, outward};
use crate::sqlite::Sqlite;
use crate::tx::Tx;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::sync::oneshot;
use types::time::{SharedClock, SystemClock};
use types::{Error, Id, Result, Timestamp};

/// Ids that a command of a person or a program may use: a dossier with two hundred papers, each with its file, takes 410.
/// A millisecond has 16,384, so drawing them for each command does not run ahead of the clock before 32,000 a second.
const IDS_OF_A_COMMAND: u16 = 512;

/// How a store is opened.
#[derive(Clone)]
pub struct Options {
    /// Where moments come from.
    pub clock: SharedClock,
    /// `PRAGMA synchronous`; anything but `FULL` is for the control of the crash test.
    pub synchronous: &'static str,
    /// Connections for reading. Reads run on the threads that ask: a runtime needs so many more than it has processors.
    pub readers: usize,
    /// How long PostgreSQL may keep silent on a read that a person waits for, before its connection is given up.
    pub read_answer_max: Duration,
    /// PostgreSQL connections for writing.
    pub writers: usize,
    /// How long a write may pause within its transaction before PostgreSQL takes it back. Nothing but the database is
    /// touched there, so whoever pauses stands still or is cut off, and what it has locked holds up all other nodes.
    pub write_pause_max: Duration,
    /// How many writes may wait before the store answers "busy". Fewer than may be connected: while writes stand still,
    /// whoever reads or watches must find a seat.
    pub queue: usize,
    /// Who is told what everything costs; for tests.
    pub meter: Option<Meter>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            clock: Arc::new(SystemClock),
            synchronous: "FULL",
            readers: 4,
            read_answer_max: Duration::from_secs(45),
            writers: 8,
            write_pause_max: Duration::from_secs(5),
            queue: 1000,
            meter: None,
        }
    }
}

/// An open database. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    backend: Backend,
    clock: SharedClock,
    location: Location,
    pub(crate) lease: NodeLease,
    content_key: OnceLock<ContentKey>,
    /// Shared with the commands on their way, which may end after the store was let go.
    counts: Arc<Counts>,
}

enum Backend {
    Sqlite(Sqlite),
    Pg(Box<Pg>),
}

/// A write on its way to the engine. It can run more than once; only the last outcome is answered.
pub(crate) trait Job: Send {
    /// The command's id, under which two runs of it must not overlap.
    fn id(&self) -> &CommandId;
    /// Runs inside an open transaction.
    fn run(&mut self, conn: Conn<'_>, look: Look) -> Ran;
    /// The transaction is durable (or nothing was to be kept): answers what `run` found.
    fn settle(self: Box<Self>);
    /// What `run` found does not stand: `settle` will answer this error.
    fn undo(&mut self, error: Error);
    /// Answers an error instead.
    fn fail(mut self: Box<Self>, error: Error) {
        self.undo(error);
        self.settle();
    }
}

/// When to look whether the command was carried out before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
    /// Before it runs.
    First,
    /// Not in this run: the id is fresh nearly always, and one that is taken lets nothing be kept. Whatever else this run
    /// comes to than being kept, the next one looks first.
    Next,
}

/// What a run came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ran {
    Keep,
    Discard,
    /// The engine failed under it: the fault says whether running again may help.
    Faulted(Fault),
}

struct WriteJob<T, F> {
    command: Command,
    work: F,
    outcome: Option<Result<T>>,
    answer: oneshot::Sender<Result<T>>,
    counts: Arc<Counts>,
}

impl<T, F> Job for WriteJob<T, F>
where
    T: Serialize + DeserializeOwned + Send,
    F: Fn(&mut Tx<'_>) -> Result<T> + Send,
{
    fn id(&self) -> &CommandId {
        &self.command.id
    }

    fn run(&mut self, conn: Conn<'_>, look: Look) -> Ran {
        let mut tx = Tx::new(Reader::new(conn), &self.command);
        let mut outcome = catch_unwind(AssertUnwindSafe(|| run_once(&mut tx, &self.command, look, &self.work)))
            .unwrap_or_else(|panic| {
                Err(Error::internal(format!("panic in {}: {}", self.command.verb, panic_text(&*panic))))
            });
        let ran = match (&outcome, tx.fault) {
            (Ok(_), None) => Ran::Keep,
            // The closure passed over a failure; what it did before is gone all the same.
            (Ok(_), Some(fault)) => {
                outcome = Err(outward(fault, self.command.verb, "a failure was passed over"));
                Ran::Faulted(fault)
            }
            (Err(_), Some(fault)) => Ran::Faulted(fault),
            (Err(_), None) => Ran::Discard,
        };
        self.outcome = Some(outcome);
        ran
    }

    fn settle(self: Box<Self>) {
        let outcome = self.outcome.unwrap_or_else(|| Err(Error::internal("a write was settled before it ran")));
        self.counts.command_ended(outcome.as_ref().err());
        // The caller may have gone away; the write stands all the same.
        let _ = self.answer.send(outcome);
    }

    fn undo(&mut self, error: Error) {
        self.outcome = Some(Err(error));
    }
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    panic
        .downcast_ref::<&str>()
        .map(|s| (*s).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "unknown".to_owned())
}

/// Answers what the command answered before, or runs it and keeps its answer under its id.
fn run_once<T: Serialize + DeserializeOwned>(
    tx: &mut Tx<'_>,
    command: &Command,
    look: Look,
    work: &(impl Fn(&mut Tx<'_>) -> Result<T> + Send),
) -> Result<T> {
    if look == Look::First
        && let Some(answer) = answered(tx, command)?
    {
        return Ok(answer);
    }
    let content = command.content.as_ref().map(Content::as_str);
    let value = work(tx)?;
    if tx.owes_audit()? {
        return Err(Error::internal(format!("{} wrote without an audit entry", command.verb)));
    }
    if command.actor == Actor::System && !tx.changed()? {
        // A job's fresh id is never repeated; a round that found nothing to do leaves no trace.
        return Ok(value);
    }
    let answer = serde_json::to_string(&value).map_err(|e| Error::internal(format!("keeping an answer: {e}")))?;
    let audits = tx.audits;
    tx.exec(
        "INSERT INTO command (id, verb, actor_kind, actor_id, at, answer, audits, audit_first, audit_last, content)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        params![
            command.id.as_str(),
            command.verb,
            command.actor.kind(),
            command.actor.officer(),
            command.at,
            answer,
            audits.count,
            audits.first,
            audits.last,
            content
        ],
    )?;
    Ok(value)
}

impl Store {
    /// Opens a migrated database and takes a node number in it.
    pub fn open(location: &Location, options: Options) -> Result<Self> {
        let backend = match location {
            Location::Sqlite(path) => Backend::Sqlite(Sqlite::open(path, &options)?),
            Location::Postgres(url) => Backend::Pg(Box::new(Pg::open(url, &options)?)),
        };
        let lease = NodeLease::take(location)?;
        let (clock, location, counts) = (options.clock, location.clone(), Arc::default());
        Ok(Self { inner: Arc::new(Inner { backend, clock, location, lease, content_key: OnceLock::new(), counts }) })
    }

    /// Gives the secret of the installation with which the contents of commands are hashed from now on; once. All nodes have
    /// the same one, and it never changes: the same form is known again by it.
    pub fn key_contents(&self, key: [u8; 32]) {
        let _ = self.inner.content_key.set(ContentKey::new(key));
    }

    fn content_key(&self) -> Option<ContentKey> {
        self.inner.content_key.get().cloned()
    }

    /// Which engine it is.
    pub fn engine(&self) -> Engine {
        self.inner.location.engine()
    }

    /// Where it stands.
    pub fn location(&self) -> &Location {
        &self.inner.location
    }

    /// The clock of this house.
    pub fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }

    /// The clock itself, for jobs.
    pub fn clock(&self) -> SharedClock {
        self.inner.clock.clone()
    }

    /// The number under which this node makes ids; none when its lease has ended, and nothing can be written.
    pub fn node(&self) -> Option<i64> {
        self.inner.lease.number_held()
    }

    /// What waits now, and how commands have ended so far.
    pub fn pulse(&self) -> Pulse {
        let (writes, reads) = match &self.inner.backend {
            Backend::Sqlite(lite) => (lite.writes_waiting(), None),
            Backend::Pg(pg) => (pg.writes_waiting(), Some(pg.reads_waiting())),
        };
        self.inner.counts.beside(writes, reads)
    }

    /// A new id outside a write, e.g. for a command of our own.
    pub fn new_id(&self) -> Id {
        self.inner.lease.ids().reserve(self.now().unix_ms(), 1).draw().expect("a block of one holds one")
    }

    /// Draws what a write needs from outside: the moment and ids for new rows.
    pub fn command(&self, id: CommandId, verb: &'static str, actor: Actor) -> Command {
        let at = self.now();
        let ids = self.inner.lease.ids().reserve(at.unix_ms(), IDS_OF_A_COMMAND);
        let content_key = self.content_key();
        Command { id, verb, actor, at, request: 0, ids, content: None, content_key, interactive: true }
    }

    /// A command of the program itself, run once under a fresh id, behind what people wait for.
    /// `rows` is how many ids it needs at most.
    pub fn system_command(&self, verb: &'static str, rows: u16) -> Command {
        let at = self.now();
        let ids = self.inner.lease.ids().reserve(at.unix_ms(), rows);
        let id = format!("system-{}", self.new_id()).parse().expect("digits and letters only");
        let (actor, content_key) = (Actor::System, self.content_key());
        Command { id, verb, actor, at, request: 0, ids, content: None, content_key, interactive: false }
    }

    /// Runs `work` over a consistent view. Short reads only: they run on the calling thread.
    pub async fn read<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Reader<'_>) -> Result<T> + Send + 'static,
    {
        let outcome = match &self.inner.backend {
            Backend::Sqlite(lite) => lite.read(work),
            Backend::Pg(pg) => pg.read(Sight::View, work).await,
        };
        self.inner.counts.read_ended(outcome.as_ref().err());
        outcome
    }

    /// As [`Store::read`], for a single question, or for several that need not agree: on PostgreSQL no transaction is made.
    pub async fn glance<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Reader<'_>) -> Result<T> + Send + 'static,
    {
        let outcome = match &self.inner.backend {
            Backend::Sqlite(lite) => lite.read(work),
            Backend::Pg(pg) => pg.read(Sight::Glance, work).await,
        };
        self.inner.counts.read_ended(outcome.as_ref().err());
        outcome
    }

    /// As [`Store::read`], for the command line and threads of our own.
    pub fn read_blocking<T, F>(&self, work: F) -> Result<T>
    where
        F: FnOnce(&mut Reader<'_>) -> Result<T>,
    {
        let outcome = match &self.inner.backend {
            Backend::Sqlite(lite) => lite.read(work),
            Backend::Pg(pg) => pg.read_here(work),
        };
        self.inner.counts.read_ended(outcome.as_ref().err());
        outcome
    }

    /// Runs `work` as one durable command and answers after it is durable. `work` may run twice.
    pub async fn write<T, F>(&self, command: Command, work: F) -> Result<T>
    where
        T: Serialize + DeserializeOwned + Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        let answer = self.submit(command, work)?;
        answer.await.unwrap_or_else(|_| Err(stopped()))
    }

    /// As [`Store::write`], for the command line and threads of our own.
    pub fn write_blocking<T, F>(&self, command: Command, work: F) -> Result<T>
    where
        T: Serialize + DeserializeOwned + Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        let answer = self.submit(command, work)?;
        answer.blocking_recv().unwrap_or_else(|_| Err(stopped()))
    }

    fn submit<T, F>(&self, command: Command, work: F) -> Result<oneshot::Receiver<Result<T>>>
    where
        T: Serialize + DeserializeOwned + Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        let counts = self.inner.counts.clone();
        self.inner.lease.hold(&command.ids).inspect_err(|error| counts.command_ended(Some(error)))?;
        let interactive = command.interactive;
        let (sender, receiver) = oneshot::channel();
        let job = Box::new(WriteJob { command, work, outcome: None, answer: sender, counts });
        let pushed = match &self.inner.backend {
            Backend::Sqlite(lite) => lite.submit(job, interactive),
            Backend::Pg(pg) => pg.submit(job, interactive),
        };
        match pushed {
            Ok(()) => Ok(receiver),
            Err(refused) => {
                refused.fail(Error::Busy(
                    "Máy chủ đang có quá nhiều việc. Ông/bà hãy gửi lại sau ít giây; chưa có gì được lưu.".into(),
                ));
                Ok(receiver)
            }
        }
    }
}

fn stopped() -> Error {
    Error::unavailable("Máy chủ đang dừng. Ông/bà hãy gửi lại; hệ thống không nhận hai lần.", "the writer has stopped")
}
