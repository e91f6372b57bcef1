//! The harness proves itself: the library on SQLite and on plain files, the rounds on a small server of their own.
//! Needs `cc`, `python3` and, for one test, PostgreSQL.

mod files;
mod rows;
mod toy;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::shim::Shim;

/// A script beside these tests, which run in the folder of their crate.
fn script(name: &str) -> PathBuf {
    Path::new("src/crash/tests").join(name).canonicalize().expect("the script is there")
}

/// Runs a script to its end, under the library where there is one.
fn python(shim: Option<&Shim>, name: &str, words: &[&str]) -> String {
    let mut command = Command::new("python3");
    command.arg(script(name)).args(words).stdin(Stdio::null());
    if let Some(shim) = shim {
        shim.cover(&mut command);
    }
    let done = command.output().expect("python3 is installed");
    assert!(done.status.success(), "{name} {words:?}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap()
}
