//! Checking a file for somebody who waits: a few at a time, on threads that may be busy.

use signing::trust::TrustList;
use signing::verify::{Evidence, Issued, Report, verify_with_issue};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use types::{Error, Result, Timestamp};

/// Bytes of a file that is checked on a page; a scanned decision of a hundred pages has as many.
pub const FILE_BYTES_MAX: usize = 25 * 1024 * 1024;
/// Files that are taken in at the same time, each in memory.
const TAKEN_IN_MAX: usize = 4;
/// Of these, from one network: two slow lines must not close the page to everybody else.
const OF_ONE_NETWORK_MAX: usize = 2;
/// A file is in by then, or its sender tries again: 25 MB over a line of 140 KB a second.
pub(crate) const TAKE_MAX: Duration = Duration::from_secs(180);
/// Nobody waits for a turn longer than this.
const WAIT: Duration = Duration::from_secs(10);

/// Checks files. Cheap to clone; one for the whole process, among the house's services.
#[derive(Clone)]
pub struct Checker {
    taken_in: Arc<Semaphore>,
    working: Arc<Semaphore>,
    /// Whose files are in memory.
    networks: Arc<Mutex<Vec<String>>>,
}

/// A place for a file, as long as the file is in memory.
pub struct Place {
    _taken_in: OwnedSemaphorePermit,
    network: String,
    networks: Arc<Mutex<Vec<String>>>,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut networks = self.networks.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(place) = networks.iter().position(|network| *network == self.network) {
            networks.swap_remove(place);
        }
    }
}

impl Default for Checker {
    fn default() -> Self {
        // Signatures are all computing: with half of the processors the counter goes on beside it.
        let processors = std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get);
        let working = Arc::new(Semaphore::new((processors / 2).max(1)));
        Self { taken_in: Arc::new(Semaphore::new(TAKEN_IN_MAX)), working, networks: Arc::default() }
    }
}

impl Checker {
    /// A place for a file that is about to come in from a network.
    ///
    /// # Errors
    /// `Busy` when others take all places for long, or this network has its own.
    pub async fn place(&self, network: &str) -> Result<Place> {
        let taken_in = turn(&self.taken_in).await?;
        let mut networks = self.networks.lock().unwrap_or_else(PoisonError::into_inner);
        if networks.iter().filter(|other| *other == network).count() >= OF_ONE_NETWORK_MAX {
            return Err(busy());
        }
        networks.push(network.to_owned());
        Ok(Place { _taken_in: taken_in, network: network.to_owned(), networks: self.networks.clone() })
    }

    /// Checks all signatures of a file as of `now`, and reads what number and date they vouch for. Whoever asked may be gone before it ends: its place and its turn are
    /// free when the work has ended, and not before.
    ///
    /// # Errors
    /// `Busy` when others take all turns for long.
    pub async fn check(
        &self,
        (file, place): (Vec<u8>, Option<Place>),
        trust: Arc<TrustList>,
        now: Timestamp,
    ) -> Result<(Report, Option<Issued>)> {
        let turn = turn(&self.working).await?;
        let work = move || {
            let _held = (turn, place);
            verify_with_issue(&file, &trust, now, &Evidence::default())
        };
        tokio::task::spawn_blocking(work).await.map_err(|e| Error::internal(format!("checking a file: {e}")))
    }

    /// How many places and turns are free.
    #[cfg(test)]
    pub(crate) fn free(&self) -> (usize, usize) {
        (self.taken_in.available_permits(), self.working.available_permits())
    }
}

fn busy() -> Error {
    Error::Busy("Đang có nhiều người kiểm tra chữ ký. Ông/bà hãy thử lại sau ít giây.".to_owned())
}

async fn turn(turns: &Arc<Semaphore>) -> Result<OwnedSemaphorePermit> {
    let permit = tokio::time::timeout(WAIT, turns.clone().acquire_owned()).await.map_err(|_| busy())?;
    permit.map_err(|_| busy())
}
