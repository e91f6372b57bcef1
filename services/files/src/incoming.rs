//! A file that is coming in: it lies aside under a name that nobody else has, and is gone when nobody keeps it.

use crate::durable::{cannot_write, sync_folder};
use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};
use types::Result;

/// What a crash left here is older than any upload that is still on its way.
const LEFT_AFTER: Duration = Duration::from_secs(24 * 3600);

/// Bytes that are coming in. Dropped (the line broke, the time was up, the bytes were refused), nothing of it remains.
#[derive(Debug)]
pub(crate) struct Incoming {
    pub file: File,
    path: PathBuf,
}

impl Incoming {
    /// A new empty file in `folder`. Several programs may share the folder, so chance makes the name.
    pub fn create(folder: &Path) -> Result<Self> {
        let path = folder.join(format!("{:032x}", rand::random::<u128>()));
        let file = OpenOptions::new().read(true).write(true).create_new(true).open(&path);
        Ok(Self { file: file.map_err(|e| cannot_write(&e))?, path })
    }

    /// Opens it again, to be read from its beginning.
    pub fn reopen(&self) -> std::io::Result<File> {
        File::open(&self.path)
    }

    /// Gives it its name for good. One that is there is replaced: it has the same bytes, but nobody knows whether its
    /// name was durable yet when it was made a moment ago. Then the name and its folders are durable.
    pub fn rename(self, target: &Path, folders: &[&Path]) -> std::io::Result<()> {
        fs::rename(&self.path, target)?;
        folders.iter().try_for_each(|folder| sync_folder(folder))
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        // After `rename` nothing has this name.
        let _ = fs::remove_file(&self.path);
    }
}

/// Removes what a crash left. Another program's uploads are younger and stay.
pub(crate) fn sweep(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.metadata().and_then(|facts| facts.modified()).is_ok_and(|at| is_older(at, LEFT_AFTER)) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Whether something happened longer ago than `age`; what lies in the future did not.
pub(crate) fn is_older(at: SystemTime, age: Duration) -> bool {
    SystemTime::now().duration_since(at).is_ok_and(|since| since > age)
}
