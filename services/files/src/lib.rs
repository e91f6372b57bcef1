//! Content files: checked when they come in, kept under their hash, never changed.
//!
//! Bytes are durable (file and folder synced) before the row that names them is written, so a row never points at
//! nothing; bytes without a row are harmless and go after a day. A row that nothing refers to goes after some days, its
//! bytes with it. `nhaviec check` finds a missing or changed file.

mod durable;
pub mod forget;
mod incoming;
pub mod kind;
pub mod serve;
pub mod store;
mod strays;
pub mod upload;

pub use durable::FolderLock;
pub use kind::Kind;
pub use serve::serve;
pub use store::{File, FileStore, Kept, by_id, by_ids, enter};
pub use upload::{Limits, Upload, Uploads, read_form};

use ::store::Migration;
use web::{Check, Job, Module, Routes};

/// The files service as the house sees it.
pub static MODULE: Module = Module {
    name: "files",
    title: "Tệp",
    migrations: &[Migration::new(1, "create_files", include_str!("../migrations/0001_create_files.sql"))],
    permissions: &[],
    routes: Routes::new,
    navigation: &[],
    indicators: &[],
    jobs: &[Job { name: "files-forget", every_seconds: 60, run: forget::round }],
    events: &[],
    listeners: &[],
    samples: Vec::new,
    checks: &[Check { title: "Tệp đính kèm còn đủ và nguyên vẹn", run: store::check_files }],
    keeps: &[forget::KEPT],
    sealed: &[],
    reindex: None,
};

#[cfg(test)]
mod tests;
