//! Leases: who may use a node number or run a job, until when.
//!
//! A lease is a row with a holder and an end. A process that was paused past the end has lost it and stops writing.

use crate::engine::{Engine, Location};
use crate::reader::{Conn, Reader};
use crate::{params, pg, sqlite};
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};
use types::id::{IdBlock, IdMaker, NODES_MAX};
use types::{Error, Id, Result, Timestamp};

/// How long a lease lasts without being renewed.
const NODE_SECONDS: i64 = 60;
const RENEW_EVERY: Duration = Duration::from_secs(15);

/// More time left than a lease of this length can have, and so much again for clocks that differ: a clock was wrong when
/// it was taken, and nobody would ever get it back.
const SLACK_SECONDS: i64 = 300;

/// The lease of this process's node number and the ids made under it, renewed by a thread until dropped.
pub(crate) struct NodeLease {
    ids: Arc<IdMaker>,
    held: Arc<Held>,
    stop: Arc<(Mutex<bool>, Condvar)>,
    thread: Option<std::thread::JoinHandle<()>>,
}

/// Which number this process may use, until when. Measured by the machine's own steady clock: the wall clock may be set.
struct Held {
    number: AtomicI64,
    until: Mutex<Instant>,
}

impl Held {
    fn until(&self) -> std::sync::MutexGuard<'_, Instant> {
        self.until.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Counts from before the lease was asked for, so that this process never believes in it longer than the database.
    fn hold_from(&self, asked: Instant) {
        *self.until() = asked + Duration::from_secs(NODE_SECONDS.unsigned_abs());
    }

    fn give_up(&self) {
        *self.until() = Instant::now();
    }
}

/// A connection of the lease's own, so that renewal never waits behind people's writes' queue.
enum Own {
    Lite(rusqlite::Connection),
    Pg(Box<pg::PgConn>),
}

impl Own {
    fn connect(location: &Location) -> Result<Self> {
        Ok(match location {
            Location::Sqlite(path) => Self::Lite(
                sqlite::connect(path, "NORMAL").map_err(|e| Error::unavailable("Không mở được cơ sở dữ liệu.", e))?,
            ),
            Location::Postgres(url) => Self::Pg(Box::new(pg::connect(url)?)),
        })
    }

    fn reader(&mut self) -> Reader<'_> {
        match self {
            Self::Lite(conn) => Reader::new(Conn::Lite(conn)),
            Self::Pg(conn) => Reader::new(Conn::Pg(conn)),
        }
    }
}

/// The moment by which all nodes compare: the database's own where nodes share one, this machine's otherwise.
fn moment(reader: &mut Reader<'_>) -> Result<Timestamp> {
    match reader.engine() {
        Engine::Sqlite => Ok(Timestamp::now()),
        Engine::Postgres => {
            let sql = "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT)";
            let (now,) = reader.one::<(Timestamp,)>(sql, params![])?;
            Ok(now)
        }
    }
}

/// Takes or renews `name` for `holder` for so long; `false` when somebody else holds it.
pub(crate) fn take(reader: &mut Reader<'_>, name: &str, holder: &str, seconds: i64) -> Result<bool> {
    let now = moment(reader)?;
    let until = now.plus_seconds(seconds);
    let taken = reader.run(
        "INSERT INTO lease (name, holder, until) VALUES ($1, $2, $3)
         ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
         WHERE lease.holder = excluded.holder OR lease.until < $4 OR lease.until > $5",
        params![name, holder, until, now, until.plus_seconds(SLACK_SECONDS)],
    )?;
    Ok(taken == 1)
}

/// Takes or keeps the lease of a job for `seconds`; `false` when another node does it.
pub fn hold_job(store: &crate::Store, job: &str, holder: &str, seconds: i64) -> Result<bool> {
    let (name, holder) = (format!("job/{job}"), holder.to_owned());
    let fresh = store.read_blocking({
        let (name, holder) = (name.clone(), holder.clone());
        move |r| {
            let sql = "SELECT until FROM lease WHERE name = $1 AND holder = $2";
            let held = r.opt::<(Timestamp,)>(sql, params![name, holder])?;
            // A lease that has more than half its time left needs no write.
            let half = moment(r)?.plus_seconds(seconds / 2);
            Ok(held.is_some_and(|(until,)| until > half))
        }
    })?;
    if fresh {
        return Ok(true);
    }
    let command = store.system_command("store.lease", 1);
    store.write_blocking(command, move |tx| {
        tx.not_audited("leases say who works, not what was done");
        take(tx, &name, &holder, seconds)
    })
}

/// Whether a process works on this database now, as a server does: it holds a node number. One that was killed seems to
/// hold its own for up to a minute more.
pub fn in_use(reader: &mut Reader<'_>) -> Result<bool> {
    let now = moment(reader)?;
    let held: Option<(String,)> = reader.opt(
        "SELECT name FROM lease WHERE name LIKE 'node/%' AND until >= $1 AND until <= $2 LIMIT 1",
        params![now, now.plus_seconds(NODE_SECONDS + SLACK_SECONDS)],
    )?;
    Ok(held.is_some())
}

/// Takes a number that nobody has, and finds the newest id that was ever made.
fn take_number(reader: &mut Reader<'_>, holder: &str) -> Result<(i64, Option<Id>)> {
    for n in 0..NODES_MAX {
        if take(reader, &format!("node/{n}"), holder, NODE_SECONDS)? {
            let (newest,) = reader.one::<(Option<Id>,)>("SELECT max(id) FROM audit", params![])?;
            return Ok((n, newest));
        }
    }
    Err(Error::unavailable("Đã có quá nhiều máy chủ cùng chạy.", "no node number is free"))
}

impl NodeLease {
    pub fn take(location: &Location) -> Result<Self> {
        let mut own = Own::connect(location)?;
        // Containers share process numbers and threads share microseconds, so chance joins them.
        let chance = std::hash::BuildHasher::hash_one(&std::hash::RandomState::new(), location.to_string());
        let holder = format!("{}-{}-{chance:x}", std::process::id(), Timestamp::now().0);
        let asked = Instant::now();
        let (number, newest) = take_number(&mut own.reader(), &holder)?;
        let held = Arc::new(Held { number: number.into(), until: Mutex::new(asked) });
        held.hold_from(asked);
        let ids = Arc::new(IdMaker::new(number, newest));
        let stop = Arc::new((Mutex::new(false), Condvar::new()));
        let renewing =
            Renewing { location: location.clone(), own: Some(own), holder, held: held.clone(), ids: ids.clone() };
        let thread = std::thread::Builder::new()
            .name("node-lease".into())
            .spawn({
                let stop = stop.clone();
                move || renewing.run(&stop)
            })
            .map_err(|e| Error::internal(format!("starting the lease: {e}")))?;
        Ok(Self { ids, held, stop, thread: Some(thread) })
    }

    #[cfg(test)]
    pub fn number(&self) -> i64 {
        self.held.number.load(Ordering::Acquire)
    }

    /// The number that this process may use now; none once the lease has ended.
    pub fn number_held(&self) -> Option<i64> {
        (Instant::now() < *self.held.until()).then(|| self.held.number.load(Ordering::Acquire))
    }

    /// Makes ids under the number that is held.
    pub fn ids(&self) -> &IdMaker {
        &self.ids
    }

    /// Fails when the lease has ended, or when the number under which `ids` were drawn was lost since: another node may
    /// be using it.
    pub fn hold(&self, ids: &IdBlock) -> Result<()> {
        if self.number_held() == Some(ids.node()) {
            return Ok(());
        }
        Err(Error::unavailable(
            "Máy chủ vừa mất liên lạc với cơ sở dữ liệu. Ông/bà hãy gửi lại sau ít giây; chưa có gì được lưu.",
            "the node's lease has ended",
        ))
    }
}

struct Renewing {
    location: Location,
    own: Option<Own>,
    holder: String,
    held: Arc<Held>,
    ids: Arc<IdMaker>,
}

impl Renewing {
    fn run(mut self, stop: &(Mutex<bool>, Condvar)) {
        let failing = AtomicBool::new(false);
        let mut stopped = stop.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        while !*stopped {
            let every = if failing.load(Ordering::Relaxed) { Duration::from_secs(1) } else { RENEW_EVERY };
            stopped = stop.1.wait_timeout(stopped, every).unwrap_or_else(std::sync::PoisonError::into_inner).0;
            if *stopped {
                break;
            }
            let renewed = self.renew();
            failing.store(renewed.is_err(), Ordering::Relaxed);
            if let Err(error) = renewed {
                tracing::warn!(context = error.inward(), "the node's lease could not be renewed");
                self.own = None;
            }
        }
        let name = self.name();
        if let Some(own) = &mut self.own {
            let _ = own.reader().run("DELETE FROM lease WHERE name = $1 AND holder = $2", params![name, self.holder]);
        }
    }

    fn name(&self) -> String {
        format!("node/{}", self.held.number.load(Ordering::Acquire))
    }

    /// Keeps the number, or takes another when this process was away so long that somebody else got it.
    fn renew(&mut self) -> Result<()> {
        let (asked, name) = (Instant::now(), self.name());
        let own = match &mut self.own {
            Some(own) => own,
            none => none.insert(Own::connect(&self.location)?),
        };
        if !take(&mut own.reader(), &name, &self.holder, NODE_SECONDS)? {
            self.held.give_up();
            let (number, newest) = take_number(&mut own.reader(), &self.holder)?;
            tracing::warn!(lost = name, taken = number, "another process holds the node number; another one is used");
            self.ids.renumber(number, newest);
            self.held.number.store(number, Ordering::Release);
        }
        self.held.hold_from(asked);
        Ok(())
    }
}

impl Drop for NodeLease {
    fn drop(&mut self) {
        *self.stop.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = true;
        self.stop.1.notify_all();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests;
