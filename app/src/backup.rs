//! Backups: the whole house in one file, readable by either engine, and back again; or copied from place to place with
//! no file between.
//!
//! A backup reads from one held view of the database while everybody goes on working; large tables and files stream
//! through. The file is a `tar` under `zstd`, and sealed where a key is given: one line of JSON for each row, each content file under its hash, and at the
//! end `manifest.json` with what must be found. It is written under another name, synced, and renamed when it is whole.
//!
//! A restore reads the file twice: first to prove every sum, then to fill an **empty** database in one transaction. When
//! anything fails, or the machine stops, the database is as empty as before and the restore can simply begin again;
//! content files that were already put down lie under their hash and hurt nobody. A copy fills in the same way.

mod archive;
mod content;
mod copy;
mod key;
mod load;
mod manifest;
mod rows;
mod save;
mod tables;
mod tally;

pub use archive::{BackupFile, PARTIAL};
pub use key::Key;
pub(crate) use key::place;

use crate::progress::Tell;
use std::fmt;
use std::path::Path;
use store::Location;
use store::audit::Head;
use store::migrate::ModuleMigrations;
use types::Result;
use web::Module;
use web::module::Reindex;

/// What a restore needs to know of the modules.
pub struct Modules {
    pub migrations: Vec<ModuleMigrations>,
    pub reindex: Vec<Reindex>,
}

impl Modules {
    fn of(modules: &[&Module]) -> Self {
        Self {
            migrations: modules.iter().map(|module| (module.name, module.migrations)).collect(),
            reindex: modules.iter().filter_map(|module| module.reindex).collect(),
        }
    }
}

/// Where an installation stands.
#[derive(Debug, Clone, Copy)]
pub struct Place<'p> {
    pub database: &'p Location,
    /// The folder of content files, keys and audit heads.
    pub data: &'p Path,
}

/// Which of the three it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    Saved,
    Restored,
    Copied,
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    pub done: Done,
    pub tables: usize,
    pub rows: u64,
    pub files: u64,
    /// Of the content files.
    pub bytes: u64,
    /// Content files that a copy found where it brings them, and left alone.
    pub present: u64,
    /// Whether the source was written to between the beginning and the end of a copy.
    pub written_meanwhile: bool,
    /// Hashes of content files that the database names and the folder did not have.
    pub missing: Vec<String>,
    /// Hashes of content files whose bytes were others.
    pub damaged: Vec<String>,
    /// The end of the audit chain in it.
    pub head: Head,
}

/// Writes a backup of the database at `location` and the content files under `data` to `out`, which must not be there.
pub fn backup(location: &Location, data: &Path, out: &BackupFile, tell: Tell<'_>) -> Result<Summary> {
    save::save(location, data, out, tell)
}

/// Fills the empty database at `location` and the folder `data` from a backup; answers a conflict when the database is
/// not empty.
pub fn restore(
    archive: &BackupFile,
    location: &Location,
    data: &Path,
    modules: &[&Module],
    tell: Tell<'_>,
) -> Result<Summary> {
    load::load(archive, location, data, &Modules::of(modules), tell)
}

/// Copies the installation `from` one place `to` another: rows of one held view, and the content files that it names.
/// Every row and file is proven where it arrives. The key file stays behind, as it does with a backup.
///
/// # Errors
/// `Conflict` when both are one place, when somebody works on the database and it is not to be copied `while_serving`,
/// when the other database is not empty, when content files are missing or damaged, or when something arrived otherwise
/// than it was sent; `Unavailable` when the schema is not that of `modules`. The other database is as empty as before
/// then, and files that were copied stay for the next time.
pub fn copy(
    from: Place<'_>,
    to: Place<'_>,
    modules: &[&Module],
    while_serving: bool,
    tell: Tell<'_>,
) -> Result<Summary> {
    copy::copy(from, to, &Modules::of(modules), while_serving, tell)
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let done = match self.done {
            Done::Saved => "Đã sao lưu",
            Done::Restored => "Đã phục hồi",
            Done::Copied => "Đã chép",
        };
        let present = match self.present {
            0 => String::new(),
            present => format!("; {} tệp đã có sẵn", dots(present)),
        };
        write!(
            f,
            "{done} {} dòng của {} bảng và {} tệp ({} byte{present}). Nhật ký kiểm toán đến niêm phong số {}.",
            dots(self.rows),
            self.tables,
            dots(self.files),
            dots(self.bytes),
            self.head.number
        )?;
        for (what, hashes) in [("không có trong thư mục", &self.missing), ("bị hỏng nội dung", &self.damaged)]
        {
            if let Some(first) = hashes.first() {
                write!(f, "\nChú ý: {} tệp {what}, ví dụ {first}. Hãy chạy: nhaviec check", hashes.len())?;
            }
        }
        Ok(())
    }
}

/// Thousands as people write them: `1.234.567`.
fn dots(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push('.');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests;
