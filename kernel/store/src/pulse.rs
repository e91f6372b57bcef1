//! What a store tells of itself to whoever watches the node: what waits, and how commands ended.

use crate::params;
use crate::reader::Reader;
use std::sync::atomic::{AtomicU64, Ordering};
use types::{Error, Id, Result, Timestamp};

/// A store at one moment. Counts begin when it is opened.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pulse {
    /// Writes in line that people wait for.
    pub writes_waiting: usize,
    /// Writes in line behind them.
    pub background_waiting: usize,
    /// Reads in line; none where a read runs on the thread that asks for it.
    pub reads_waiting: Option<usize>,
    /// Commands that were carried out, or answered as the first time.
    pub done: u64,
    /// Commands that the state of things or their own content forbade.
    pub refused: u64,
    /// Commands that failed by a fault of the machine or a mistake of ours.
    pub failed: u64,
    /// Commands that were answered "busy".
    pub busy: u64,
    /// Reads that were answered "busy".
    pub reads_busy: u64,
}

/// How what was asked of a store has ended, so far.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    done: AtomicU64,
    refused: AtomicU64,
    failed: AtomicU64,
    busy: AtomicU64,
    reads_busy: AtomicU64,
}

fn add(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}

impl Counts {
    /// A command has ended: well, or with this error.
    pub fn command_ended(&self, error: Option<&Error>) {
        add(match error {
            None => &self.done,
            Some(Error::Busy(_)) => &self.busy,
            Some(Error::Unavailable { .. } | Error::Internal { .. }) => &self.failed,
            Some(_) => &self.refused,
        });
    }

    /// A read has ended: well, or with this error.
    pub fn read_ended(&self, error: Option<&Error>) {
        if let Some(Error::Busy(_)) = error {
            add(&self.reads_busy);
        }
    }

    /// The counts beside what waits now.
    pub fn beside(&self, (writes_waiting, background_waiting): (usize, usize), reads_waiting: Option<usize>) -> Pulse {
        let now = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Pulse {
            writes_waiting,
            background_waiting,
            reads_waiting,
            done: now(&self.done),
            refused: now(&self.refused),
            failed: now(&self.failed),
            busy: now(&self.busy),
            reads_busy: now(&self.reads_busy),
        }
    }
}

/// What waits in a table for work of the house's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backlog {
    pub count: i64,
    /// When the oldest of it was made, to the millisecond; none when nothing waits.
    pub since: Option<Timestamp>,
}

impl Backlog {
    /// Asks a statement that answers how many wait, and the least id of them: an id says when it was made, and stands in
    /// the index of what waits.
    pub(crate) fn of(reader: &mut Reader<'_>, sql: &str) -> Result<Self> {
        let (count, oldest) = reader.one::<(i64, Option<Id>)>(sql, params![])?;
        Ok(Self { count, since: oldest.map(|id| Timestamp(id.unix_ms() * 1000)) })
    }

    /// How long the oldest of it has waited by `now`, in seconds; 0 when nothing waits, or a clock went back.
    pub fn age_seconds(&self, now: Timestamp) -> i64 {
        self.since.map_or(0, |since| ((now.0 - since.0) / 1_000_000).max(0))
    }
}
