//! The last entry of a backup: what must be found in it.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::audit::Head;

/// The format that this program writes; it reads no newer one.
pub const FORMAT: u32 = 1;

/// `manifest.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    pub format: u32,
    /// The version of the program that wrote it.
    pub program: String,
    pub made_at: types::Timestamp,
    /// The schema that the rows have.
    pub migrations: Vec<Step>,
    pub audit_head: Head,
    /// In the order of their entries: those referred to first.
    pub tables: Vec<TableSum>,
    pub files: FileSum,
}

/// A migration that had been applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    pub module: String,
    pub number: i64,
    pub name: String,
    pub sum: String,
}

/// What a table's entries must come to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableSum {
    pub name: String,
    /// In the order of the values in a row.
    pub columns: Vec<String>,
    pub rows: u64,
    /// SHA-256 in hex of all lines.
    pub sha256: String,
}

/// What the content files must come to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileSum {
    pub count: u64,
    pub bytes: u64,
    /// SHA-256 in hex over the names of the entries, each with a line end.
    pub sha256: String,
    /// Named by the database, not in the folder when the backup was made.
    pub missing: Vec<String>,
    /// In the backup, but with other bytes than their name says.
    pub damaged: Vec<String>,
}

/// SHA-256 that is fed piece by piece.
#[derive(Default)]
pub struct Sum(Sha256);

impl Sum {
    pub fn add(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// In hex.
    pub fn hex(self) -> String {
        data_encoding::HEXLOWER.encode(&self.0.finalize())
    }
}
