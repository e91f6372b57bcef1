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
    /// The file as it was when it was refused last.
    refused: Option<Stamp>,
}

/// A replaced file has another number, a moment of its own, or another length.
type Stamp = Option<(u64, SystemTime, u64)>;

impl Watched {
    pub fn open(data: &Path) -> Result<Self> {
        // The stamp first: what comes between is read again.
        let _ = Keys::open(data)?;
        let stamp = stamp(data);
        let held = Mutex::new(Held { keys: Keys::read(data)?, looked: Instant::now(), stamp, refused: None });
        Ok(Self { data: data.to_owned(), held })
    }

    /// The keys as they now are. A file that cannot be read, or that is no continuation of the keys that were read before,
    /// leaves those: with another key what is written would not open after the right file is back.
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
            held.refused = None;
            return;
        }
        let why = match Keys::read(&self.data) {
            Ok(keys) if keys.continues(&held.keys) => {
                (held.keys, held.stamp, held.refused) = (keys, now, None);
                return;
            }
            Ok(_) => "keys that were there are missing or others".to_owned(),
            Err(error) => error.inward().to_owned(),
        };
        if held.refused.as_ref() != Some(&now) {
            tracing::error!(why, "the key file has changed and is not taken; this node goes on with the keys it has");
            held.refused = Some(now);
        }
    }

    /// Whether the file as it is now was not taken.
    pub fn refuses(&self) -> bool {
        let mut held = self.held();
        self.renew(&mut held);
        held.refused.is_some()
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
