//! Making names durable, and the folder's lock.
//!
//! A file system may forget a new name after a power cut until the folder that holds it is synced, and forgets a new
//! folder until its parent is.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::Path;
use types::{Error, Result};

/// Makes the names in a folder durable, where the system knows how.
pub(crate) fn sync_folder(folder: &Path) -> std::io::Result<()> {
    #[cfg(test)]
    SYNCED.with_borrow_mut(|synced| synced.push(folder.to_owned()));
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

#[cfg(test)]
thread_local! {
    /// Folders that this thread has synced.
    pub(crate) static SYNCED: std::cell::RefCell<Vec<std::path::PathBuf>> = const { std::cell::RefCell::new(Vec::new()) };
}

/// Makes a folder whose name is durable, below one that is there.
pub(crate) fn make_folder(folder: &Path) -> Result<()> {
    let made = fs::create_dir_all(folder).and_then(|()| folder.parent().map_or(Ok(()), sync_folder));
    made.map_err(|e| cannot_write(&e))
}

pub(crate) fn cannot_write(error: &std::io::Error) -> Error {
    Error::unavailable("Máy chủ không ghi được tệp (đĩa đầy hoặc hỏng). Chưa có gì được lưu; hãy báo quản trị.", error)
}

/// The lock of the folder of content files. Whoever puts bytes there or copies them holds it together with others;
/// whoever takes bytes away holds it alone. The system lets go of it when the program ends.
#[derive(Debug)]
pub struct FolderLock(#[allow(dead_code)] File);

/// The lock's name in the folder.
const LOCK: &str = ".lock";

impl FolderLock {
    /// Holds it together with others; waits while bytes are being taken away, which is short.
    pub fn shared(data: &Path) -> Result<Self> {
        Self::shared_in(&data.join("files"))
    }

    pub(crate) fn shared_in(root: &Path) -> Result<Self> {
        let file = open(root).map_err(|e| cannot_write(&e))?;
        file.lock_shared().map_err(|e| cannot_write(&e))?;
        Ok(Self(file))
    }

    /// Holds it alone, or answers `None` at once when others hold it.
    pub(crate) fn alone_in(root: &Path) -> Result<Option<Self>> {
        let file = open(root).map_err(|e| cannot_write(&e))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self(file))),
            Err(fs::TryLockError::WouldBlock) => Ok(None),
            Err(fs::TryLockError::Error(e)) => Err(cannot_write(&e)),
        }
    }
}

fn open(root: &Path) -> std::io::Result<File> {
    let path = root.join(LOCK);
    match fs::OpenOptions::new().read(true).write(true).open(&path) {
        Err(e) if e.kind() == ErrorKind::NotFound => {
            fs::create_dir_all(root)?;
            fs::OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path)
        }
        // A backup may run under an account that only reads.
        Err(e) if e.kind() == ErrorKind::PermissionDenied => File::open(&path),
        opened => opened,
    }
}
