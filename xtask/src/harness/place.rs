//! Where a harness works.

use std::path::{Path, PathBuf};

use anyhow::Result;

/// The working directory: named by the user, or temporary.
#[derive(Debug)]
pub struct Place {
    pub path: PathBuf,
    task: &'static str,
    temporary: Option<std::cell::RefCell<tempfile::TempDir>>,
}

impl Place {
    /// For the work of a task of ours.
    pub fn new(task: &'static str, named: Option<&Path>) -> Result<Self> {
        if let Some(path) = named {
            std::fs::create_dir_all(path)?;
            return Ok(Self { path: path.to_owned(), task, temporary: None });
        }
        let made = tempfile::Builder::new().prefix(&format!("nhaviec-{task}-")).permissions(open_to_all()).tempdir()?;
        Ok(Self { path: made.path().to_owned(), task, temporary: Some(std::cell::RefCell::new(made)) })
    }

    /// After a failure: for study.
    pub fn keep(&self) {
        if let Some(made) = &self.temporary {
            made.borrow_mut().disable_cleanup(true);
        }
        println!("{}: the directory stays: {}", self.task, self.path.display());
    }
}

/// The user postgres must be able to pass.
fn open_to_all() -> std::fs::Permissions {
    std::os::unix::fs::PermissionsExt::from_mode(0o755)
}
