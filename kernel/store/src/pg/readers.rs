//! Connections for reading, each lent to one read at a time.
//!
//! A read runs on the thread that asks for it, as on SQLite: a thread of its own would be woken for each question and wake
//! the asker again, which costs more than the question. So a runtime needs that many threads more than it has processors
//! ([`crate::Options::readers`]), and a server that keeps silent is given up in time.

use super::PgConn;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::{Semaphore, SemaphorePermit};
use types::{Error, Result};

pub(super) struct Readers {
    /// The one used last comes first: its statements are prepared, and its memory is warm.
    free: Mutex<Vec<PgConn>>,
    /// As many turns as there are connections.
    turns: Semaphore,
    waiting: AtomicUsize,
    waiting_max: usize,
}

/// A connection, given back when it is dropped.
pub(super) struct Lent<'p> {
    conn: Option<PgConn>,
    pool: &'p Readers,
    /// Ends after the connection was given back.
    _turn: SemaphorePermit<'p>,
}

impl Readers {
    /// At most `waiting_max` wait in line for one.
    pub fn new(connections: Vec<PgConn>, waiting_max: usize) -> Self {
        let turns = Semaphore::new(connections.len());
        Self { free: Mutex::new(connections), turns, waiting: AtomicUsize::new(0), waiting_max }
    }

    /// How many reads wait in line.
    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    /// Waits in line for a connection.
    ///
    /// # Errors
    /// `Busy` when the line is full.
    pub async fn lend(&self) -> Result<Lent<'_>> {
        let turn = match self.turns.try_acquire() {
            Ok(turn) => turn,
            Err(_) => self.wait().await?,
        };
        let conn = self.free().pop();
        Ok(Lent { conn, pool: self, _turn: turn })
    }

    async fn wait(&self) -> Result<SemaphorePermit<'_>> {
        let line = Line(&self.waiting);
        if line.0.fetch_add(1, Ordering::Relaxed) >= self.waiting_max {
            return Err(Error::Busy("Máy chủ đang có quá nhiều việc. Ông/bà hãy thử lại sau ít giây.".into()));
        }
        self.turns.acquire().await.map_err(|_| Error::internal("the readers' turns have ended"))
    }

    fn free(&self) -> MutexGuard<'_, Vec<PgConn>> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A place in line; who goes away leaves it.
struct Line<'p>(&'p AtomicUsize);

impl Drop for Line<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Lent<'_> {
    pub fn conn(&mut self) -> &mut PgConn {
        self.conn.as_mut().expect("whoever has a turn has a connection")
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        if let Some(conn) = self.conn.take() {
            self.pool.free().push(conn);
        }
    }
}
