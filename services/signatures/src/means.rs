//! What signing is done with on this installation: its timestamp authority, its tokens, and a watch over unlocking codes.

use signing::{Authority, HttpTransport, Transport};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Semaphore;
use types::{Error, Id, Result, Timestamp};

/// Wrong codes for one certificate before it rests; a token destroys its key after some ten.
const WRONG_MAX: u32 = 5;
/// How long it rests, in seconds.
const REST_SECONDS: i64 = 15 * 60;
/// Timestamps that are asked for at the same time: the government's server wants no more.
pub(crate) const STAMPING_MAX: usize = 4;

/// One for the whole process, among the house's services. Cheap to clone.
#[derive(Clone)]
pub struct Means {
    authority: Option<Arc<Authority>>,
    transport: Arc<dyn Transport>,
    library: Option<Arc<Path>>,
    pub(crate) stamping: Arc<Semaphore>,
    wrong: Arc<Mutex<HashMap<Id, Wrong>>>,
}

/// Wrong codes for one certificate.
struct Wrong {
    count: u32,
    last: Timestamp,
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
            wrong: Arc::default(),
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

    /// The library of the server's tokens.
    pub fn library(&self) -> Option<&Path> {
        self.library.as_deref()
    }

    /// Whether a code may be tried on this certificate.
    ///
    /// # Errors
    /// `TooMany` after some wrong ones, for a quarter of an hour.
    pub(crate) fn check_rest(&self, signer: Id, now: Timestamp) -> Result<()> {
        let wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        let rests = wrong
            .get(&signer)
            .is_some_and(|wrong| wrong.count >= WRONG_MAX && now < wrong.last.plus_seconds(REST_SECONDS));
        if !rests {
            return Ok(());
        }
        Err(Error::TooMany(format!(
            "Đã nhập sai mã mở khóa {WRONG_MAX} lần. Để bảo vệ khóa, hãy chờ 15 phút rồi thử lại."
        )))
    }

    /// Notes whether a code opened the key.
    pub(crate) fn note(&self, signer: Id, opened: bool, now: Timestamp) {
        let mut wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        if opened {
            wrong.remove(&signer);
            return;
        }
        let known = wrong.entry(signer).or_insert(Wrong { count: 0, last: now });
        if now >= known.last.plus_seconds(REST_SECONDS) {
            known.count = 0;
        }
        known.count += 1;
        known.last = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_rests_after_some_wrong_codes_and_others_do_not() {
        let (means, now) = (Means::default(), Timestamp(1_800_000_000_000_000));
        for _ in 0..WRONG_MAX {
            assert!(means.check_rest(Id(1), now).is_ok());
            means.note(Id(1), false, now);
        }
        assert!(matches!(means.check_rest(Id(1), now), Err(Error::TooMany(_))));
        assert!(means.check_rest(Id(2), now).is_ok());
        let later = now.plus_seconds(REST_SECONDS);
        assert!(means.check_rest(Id(1), later).is_ok());
        means.note(Id(1), false, later);
        assert!(means.check_rest(Id(1), later).is_ok(), "it counts anew");
        means.note(Id(1), true, later);
        assert!(means.wrong.lock().unwrap().is_empty());
    }
}
