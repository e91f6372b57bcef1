//! The keys of a running node: read anew when another program has put a new generation into the key file.

use super::{Keys, key_path};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};
use types::Result;

/// How long a node may not have heard of a new generation; an old one is retired only long after.
const LOOK_EVERY: Duration = Duration::from_secs(5);

pub(crate) struct Watched {
    data: PathBuf,
    held: Mutex<Held>,
}

struct Held {
    keys: Keys,
    looked: Instant,
    stamp: Stamp,
}

/// A replaced file has another number, a moment of its own, or another length.
type Stamp = Option<(u64, SystemTime, u64)>;

impl Watched {
    pub fn open(data: &Path) -> Result<Self> {
        // The stamp first: what comes between is read again.
        let _ = Keys::open(data)?;
        let stamp = stamp(data);
        let held = Mutex::new(Held { keys: Keys::read(data)?, looked: Instant::now(), stamp });
        Ok(Self { data: data.to_owned(), held })
    }

    /// The keys as they now are. A file that cannot be read leaves those that were read before.
    pub fn now(&self) -> Keys {
        let mut held = self.held();
        if held.looked.elapsed() >= LOOK_EVERY {
            self.renew(&mut held);
        }
        held.keys.clone()
    }

    /// The same, looking at the file whenever it was looked at last.
    pub fn looked_up(&self) -> Keys {
        let mut held = self.held();
        self.renew(&mut held);
        held.keys.clone()
    }

    fn renew(&self, held: &mut Held) {
        held.looked = Instant::now();
        let now = stamp(&self.data);
        if now == held.stamp {
            return;
        }
        match Keys::read(&self.data) {
            Ok(keys) => (held.keys, held.stamp) = (keys, now),
            Err(error) => tracing::warn!(context = error.inward(), "the key file has changed and cannot be read"),
        }
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn stamp(data: &Path) -> Stamp {
    let found = std::fs::metadata(key_path(data)).ok()?;
    let number = std::os::unix::fs::MetadataExt::ino(&found);
    Some((number, found.modified().ok()?, found.len()))
}
