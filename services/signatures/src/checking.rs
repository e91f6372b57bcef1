//! Checking a file for somebody who waits: a few at a time, on threads that may be busy.

use signing::trust::TrustList;
use signing::verify::{Evidence, Report, verify};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use types::{Error, Result, Timestamp};

/// Bytes of a file that is checked on a page; a scanned decision of a hundred pages has as many.
pub const FILE_BYTES_MAX: usize = 25 * 1024 * 1024;
/// Files that are taken in at the same time, each in memory.
const TAKEN_IN_MAX: usize = 4;
/// Nobody waits for a turn longer than this.
const WAIT: Duration = Duration::from_secs(10);

/// Checks files. Cheap to clone; one for the whole process, among the house's services.
#[derive(Clone)]
pub struct Checker {
    taken_in: Arc<Semaphore>,
    working: Arc<Semaphore>,
}

impl Default for Checker {
    fn default() -> Self {
        // Signatures are all computing: with half of the processors the counter goes on beside it.
        let processors = std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get);
        let working = (processors / 2).max(1);
        Self { taken_in: Arc::new(Semaphore::new(TAKEN_IN_MAX)), working: Arc::new(Semaphore::new(working)) }
    }
}

impl Checker {
    /// A place for a file that is about to come in, held as long as the file is in memory.
    ///
    /// # Errors
    /// `Busy` when others take all places for long.
    pub async fn place(&self) -> Result<OwnedSemaphorePermit> {
        turn(&self.taken_in).await
    }

    /// Checks all signatures of a file as of `now`.
    ///
    /// # Errors
    /// `Busy` when others take all turns for long.
    pub async fn check(&self, file: Vec<u8>, trust: Arc<TrustList>, now: Timestamp) -> Result<Report> {
        let _turn = turn(&self.working).await?;
        let work = move || verify(&file, &trust, now, &Evidence::default());
        tokio::task::spawn_blocking(work).await.map_err(|e| Error::internal(format!("checking a file: {e}")))
    }
}

async fn turn(turns: &Arc<Semaphore>) -> Result<OwnedSemaphorePermit> {
    let busy = || Error::Busy("Đang có nhiều người kiểm tra chữ ký. Ông/bà hãy thử lại sau ít giây.".to_owned());
    let permit = tokio::time::timeout(WAIT, turns.clone().acquire_owned()).await.map_err(|_| busy())?;
    permit.map_err(|_| busy())
}
