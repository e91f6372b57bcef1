//! Keeping procedures: which definitions the house has, where each of their facts comes from, and bringing in new ones.

mod import;
mod list;
mod read;
mod upload;

pub use import::{ImportedFile, import_files};

use crate::PROCEDURES_KEEP;
use web::{Allow, Routes, Sample};

/// Definition files of one upload: at most 30 of at most 256 KB.
const UPLOAD_BYTES_MAX: usize = 8 * 1024 * 1024;

/// The pages of those who keep procedures.
pub fn routes() -> Routes {
    let keep = Allow::staff(&PROCEDURES_KEEP);
    Routes::new()
        .get("/quan-tri/thu-tuc", list::show, keep)
        .post("/quan-tri/thu-tuc", upload::import, keep)
        .body_max(UPLOAD_BYTES_MAX)
        .get("/quan-tri/thu-tuc/{code}", read::show, keep)
}

/// Each page in its states, for the law of templates.
pub fn samples() -> Vec<Sample> {
    list::samples().into_iter().chain(read::samples()).collect()
}
