//! What signing is done with on this installation: its timestamp authority, its tokens, and a remote service.

use signing::remote::{Account, ClientCredentials, RemoteError, Service, check_address};
use signing::{Authority, HttpTransport, Secret, Transport};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use types::time::SharedClock;
use types::{Error, Result};

/// Timestamps that are asked for at the same time: the government's server wants no more.
pub(crate) const STAMPING_MAX: usize = 4;
/// Files that are received from tools at the same time, each in memory.
const RECEIVING_MAX: usize = 4;
/// Documents that are signed or drawn at the same time, each several times in memory.
const WORKING_MAX: usize = 2;
/// How often a thread looks for a place.
const PLACE_PAUSE: Duration = Duration::from_millis(50);
/// Remote jobs that are asked about at the same time.
pub(crate) const ASKING_MAX: usize = 4;

/// One for the whole process, among the house's services. Cheap to clone.
#[derive(Clone)]
pub struct Means {
    authority: Option<Arc<Authority>>,
    transport: Arc<dyn Transport>,
    library: Option<Arc<Path>>,
    pub(crate) stamping: Arc<Semaphore>,
    working: Arc<Semaphore>,
    receiving: Arc<Semaphore>,
    pub(crate) asking: Arc<Semaphore>,
    remote: Option<Arc<Remote>>,
}

/// A remote signing service and the office's account there.
#[derive(Debug, Clone)]
pub struct RemoteSettings {
    /// Of its interface, e.g. `https://ca.example.vn/csc/v2`.
    pub url: String,
    /// Where it gives tokens.
    pub token_url: String,
    /// The office's name there, and its secret.
    pub client: String,
    pub secret: Secret,
    /// Authorities (PEM) that vouch for its server, where no public one does.
    pub authorities: Option<Vec<u8>>,
}

/// The service, as it is asked.
pub(crate) struct Remote {
    url: String,
    transport: Arc<dyn Transport>,
    office: ClientCredentials,
}

impl Remote {
    /// Runs something with the account of a person there. It blocks.
    ///
    /// # Errors
    /// What `run` says.
    pub fn with<T>(
        &self,
        user: &str,
        run: impl FnOnce(&Account<'_>) -> std::result::Result<T, RemoteError>,
    ) -> std::result::Result<T, RemoteError> {
        let service = Service::new(&self.url, &*self.transport)?;
        run(&service.account(&self.office, Some(user)))
    }
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
    /// Those of an installation: where timestamps are given, and the PKCS#11 library of the server's tokens.
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
            asking: Arc::new(Semaphore::new(ASKING_MAX)),
            remote: None,
        }
    }

    /// The same with a remote signing service.
    ///
    /// # Errors
    /// `Conflict` for an address without TLS, or authorities that cannot be read.
    pub fn with_remote(self, settings: RemoteSettings, clock: SharedClock) -> Result<Self> {
        let RemoteSettings { url, token_url, client, secret, authorities } = settings;
        check_address(&url)?;
        let transport: Arc<dyn Transport> = match authorities {
            Some(pem) => Arc::new(HttpTransport::new().trusting(&pem)?),
            None => Arc::new(HttpTransport::new()),
        };
        let office = ClientCredentials::new(&token_url, (&client, secret), (transport.clone(), clock))?;
        Ok(Self { remote: Some(Arc::new(Remote { url, transport, office })), ..self })
    }

    /// The remote signing service.
    ///
    /// # Errors
    /// `Conflict` where the installation has none.
    pub(crate) fn remote(&self) -> Result<Arc<Remote>> {
        let none = || {
            Error::conflict("Phần mềm chưa được nối với dịch vụ ký từ xa nào. Hãy báo quản trị (NHAVIEC_REMOTE_URL).")
        };
        self.remote.clone().ok_or_else(none)
    }

    /// Whether there is one.
    pub fn has_remote(&self) -> bool {
        self.remote.is_some()
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

    /// The same for a thread of its own, which may wait.
    pub(crate) fn place_blocking(&self) -> OwnedSemaphorePermit {
        loop {
            match self.working.clone().try_acquire_owned() {
                Ok(place) => return place,
                Err(_) => std::thread::sleep(PLACE_PAUSE),
            }
        }
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
