//! Whether the file that is open is still the one at its place.
//!
//! A file that somebody deletes, moves or replaces stays open: writing to it succeeds, and what was written is gone with
//! the process. So nobody is answered from such a file.

use std::fs::metadata;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use types::Error;

/// A file as it was when it was opened.
#[derive(Debug, Clone)]
pub(crate) struct Footprint {
    path: PathBuf,
    device: u64,
    inode: u64,
}

impl Footprint {
    /// The file that stands there now.
    pub fn of(path: &Path) -> io::Result<Self> {
        let found = metadata(path)?;
        Ok(Self { path: path.to_owned(), device: found.dev(), inode: found.ino() })
    }

    /// Its write-ahead log: there from the first read on, for as long as anybody has the database open.
    pub fn of_log(&self) -> io::Result<Self> {
        let mut name = self.path.as_os_str().to_owned();
        name.push("-wal");
        Self::of(Path::new(&name))
    }

    /// Whether it still does; one system call.
    pub fn stands(&self) -> bool {
        metadata(&self.path).is_ok_and(|found| found.dev() == self.device && found.ino() == self.inode)
    }

    /// What a reader is told while it does not.
    pub fn unread(&self) -> Error {
        self.gone("Hãy báo quản trị")
    }

    /// What a writer is told while it does not and nothing has begun.
    pub fn unwritten(&self) -> Error {
        self.gone("Chưa có gì được lưu; hãy báo quản trị")
    }

    fn gone(&self, what_now: &str) -> Error {
        Error::unavailable(
            format!(
                "Tệp cơ sở dữ liệu không còn ở chỗ của nó: đã bị xóa, dời đi hoặc thay bằng tệp khác khi máy chủ đang \
                 chạy. {what_now} trả tệp về chỗ cũ, hoặc khởi động lại máy chủ."
            ),
            format!("{} is not the file that was opened", self.path.display()),
        )
    }
}
