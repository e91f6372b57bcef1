//! What signing is done with on this installation: its timestamp authority and its tokens.

use signing::{Authority, HttpTransport, Transport};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use types::{Error, Result};

/// Timestamps that are asked for at the same time: the government's server wants no more.
pub(crate) const STAMPING_MAX: usize = 4;
/// Files that are received from tools at the same time, each in memory.
const RECEIVING_MAX: usize = 4;
/// Documents that are signed or drawn at the same time, each several times in memory.
const WORKING_MAX: usize = 2;

/// One for the whole process, among the house's services. Cheap to clone.
#[derive(Clone)]
pub struct Means {
    authority: Option<Arc<Authority>>,
    transport: Arc<dyn Transport>,
    library: Option<Arc<Path>>,
    pub(crate) stamping: Arc<Semaphore>,
    working: Arc<Semaphore>,
    receiving: Arc<Semaphore>,
}

/// A file that was received, in memory for as long as it has its place.
pub(crate) struct Received {
    pub bytes: Vec<u8>,
    pub place: OwnedSemaphorePermit,
}

impl Default for Means {
    fn default() -> Self {
        Self::new(None, None)
    }
}

impl Means {
    /// Those of an installation: where timestamps are given (`http://…`), and the PKCS#11 library of the server's tokens.
    pub fn new(timestamps: Option<&str>, library: Option<PathBuf>) -> Self {
        Self::over(timestamps, library, Arc::new(HttpTransport::new()))
    }

    /// The same, asking servers in another way; for tests.
    pub fn over(timestamps: Option<&str>, library: Option<PathBuf>, transport: Arc<dyn Transport>) -> Self {
        // Whom its answers must come from, the list of trust says.
        let authority = timestamps.map(|url| Arc::new(Authority { url: url.to_owned(), trusted: Vec::new() }));
        Self {
            authority,
            transport,
            library: library.map(Into::into),
            stamping: Arc::new(Semaphore::new(STAMPING_MAX)),
            working: Arc::new(Semaphore::new(WORKING_MAX)),
            receiving: Arc::new(Semaphore::new(RECEIVING_MAX)),
        }
    }

    /// Who gives timestamps; nobody where the installation has none.
    pub fn authority(&self) -> Option<&Authority> {
        self.authority.as_deref()
    }

    /// How servers are asked.
    pub fn transport(&self) -> &dyn Transport {
        &*self.transport
    }

    /// A place for a document that is signed or drawn; held as long as it is in memory.
    pub(crate) async fn place(&self) -> Result<OwnedSemaphorePermit> {
        self.working.clone().acquire_owned().await.map_err(|_| Error::internal("signing has ended"))
    }

    /// A place for a file that is about to come in from a tool.
    pub(crate) async fn receiving(&self) -> Result<OwnedSemaphorePermit> {
        self.receiving.clone().acquire_owned().await.map_err(|_| Error::internal("receiving has ended"))
    }

    /// The library of the server's tokens.
    pub fn library(&self) -> Option<&Path> {
        self.library.as_deref()
    }
}
