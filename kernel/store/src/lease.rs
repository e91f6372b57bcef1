//! Leases: who may use a node number or run a job, until when.
//!
//! A lease is a row with a holder and an end. A process that was paused past the end has lost it and stops writing.

use crate::engine::Location;
use crate::reader::{Conn, Reader};
use crate::{params, pg, sqlite};
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;
use types::{Error, Result, Timestamp, id::NODES_MAX};

/// How long a lease lasts without being renewed.
const NODE_SECONDS: i64 = 60;
const RENEW_EVERY: Duration = Duration::from_secs(15);

/// The lease of this process's node number, renewed by a thread until dropped.
pub(crate) struct NodeLease {
    number: i64,
    until: Arc<AtomicI64>,
    stop: Arc<(Mutex<bool>, Condvar)>,
    thread: Option<std::thread::JoinHandle<()>>,
}

/// A connection of the lease's own, so that renewal never waits behind people's writes' queue.
enum Own {
    Lite(rusqlite::Connection),
    Pg(Box<crate::reader::PgConn>),
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

/// Takes or renews `name` for `holder` until `until`; `false` when somebody else holds it.
pub(crate) fn take(reader: &mut Reader<'_>, name: &str, holder: &str, until: Timestamp) -> Result<bool> {
    let now = Timestamp::now();
    let taken = reader.run(
        "INSERT INTO lease (name, holder, until) VALUES ($1, $2, $3)
         ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
         WHERE lease.holder = excluded.holder OR lease.until < $4",
        params![name, holder, until, now],
    )?;
    Ok(taken == 1)
}

/// Takes or keeps the lease of a job for `seconds`; `false` when another node does it.
pub fn hold_job(store: &crate::Store, job: &str, holder: &str, seconds: i64) -> Result<bool> {
    let (name, holder) = (format!("job/{job}"), holder.to_owned());
    let now = Timestamp::now();
    let held = store.read_blocking({
        let (name, holder) = (name.clone(), holder.clone());
        move |r| r.opt::<(Timestamp,)>("SELECT until FROM lease WHERE name = $1 AND holder = $2", params![name, holder])
    })?;
    // A lease that has more than half its time left needs no write.
    if held.is_some_and(|(until,)| until > now.plus_seconds(seconds / 2)) {
        return Ok(true);
    }
    let command = store.system_command("store.lease", 1);
    store.write_blocking(command, move |tx| {
        tx.not_audited("leases say who works, not what was done");
        take(tx, &name, &holder, now.plus_seconds(seconds))
    })
}

impl NodeLease {
    pub fn take(location: &Location) -> Result<Self> {
        let mut own = Own::connect(location)?;
        // Containers share process numbers and threads share microseconds, so chance joins them.
        let chance = std::hash::BuildHasher::hash_one(&std::hash::RandomState::new(), location.to_string());
        let holder = format!("{}-{}-{chance:x}", std::process::id(), Timestamp::now().0);
        let end = || Timestamp::now().plus_seconds(NODE_SECONDS);
        let first = end();
        let mut number = None;
        for n in 0..NODES_MAX {
            if take(&mut own.reader(), &format!("node/{n}"), &holder, first)? {
                number = Some(n);
                break;
            }
        }
        let number =
            number.ok_or_else(|| Error::unavailable("Đã có quá nhiều máy chủ cùng chạy.", "no node number is free"))?;
        let until = Arc::new(AtomicI64::new(first.0));
        let stop = Arc::new((Mutex::new(false), Condvar::new()));
        let renewing = Renewing {
            location: location.clone(),
            own: Some(own),
            name: format!("node/{number}"),
            holder,
            until: until.clone(),
        };
        let thread = std::thread::Builder::new()
            .name("node-lease".into())
            .spawn({
                let stop = stop.clone();
                move || renewing.run(&stop)
            })
            .map_err(|e| Error::internal(format!("starting the lease: {e}")))?;
        Ok(Self { number, until, stop, thread: Some(thread) })
    }

    pub fn number(&self) -> i64 {
        self.number
    }

    /// Fails when the lease has ended: another node may be using the number.
    pub fn hold(&self) -> Result<()> {
        if Timestamp::now().0 < self.until.load(Ordering::Acquire) {
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
    name: String,
    holder: String,
    until: Arc<AtomicI64>,
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
        if let Some(own) = &mut self.own {
            let _ =
                own.reader().run("DELETE FROM lease WHERE name = $1 AND holder = $2", params![self.name, self.holder]);
        }
    }

    fn renew(&mut self) -> Result<()> {
        let until = Timestamp::now().plus_seconds(NODE_SECONDS);
        let own = match &mut self.own {
            Some(own) => own,
            none => none.insert(Own::connect(&self.location)?),
        };
        if take(&mut own.reader(), &self.name, &self.holder, until)? {
            self.until.store(until.0, Ordering::Release);
            Ok(())
        } else {
            Err(Error::internal("another process holds this node number"))
        }
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
