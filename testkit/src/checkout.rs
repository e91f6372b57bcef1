//! Where the checkout stands whose tests run.

use std::path::{Path, PathBuf};

/// A file or folder of it, by its path from the top. Asked when a test runs: checkouts may share a target folder, so that what
/// was compiled in one of them is run in another.
///
/// # Panics
/// The test does not run in a folder of a checkout.
pub fn checkout(path: impl AsRef<Path>) -> PathBuf {
    let here = std::env::current_dir().expect("a test runs somewhere");
    let top = here.ancestors().find(|folder| folder.join("Cargo.lock").is_file());
    top.expect("tests run in their package's folder").join(path)
}
