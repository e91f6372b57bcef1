//! Files that go away under an open store: nothing is written, and each is told what concerns them.

use crate::migrate::migrate;
use crate::{Location, Options, Store};
use std::fs::rename;
use std::path::{Path, PathBuf};
use types::{Error, Result};

const GONE: &str = "không còn ở chỗ của nó";
const NOTHING_SAVED: &str = "Chưa có gì được lưu";

/// A store that nobody has written to since it was opened.
fn opened() -> (tempfile::TempDir, PathBuf, Store) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("nhaviec.db");
    let location = Location::Sqlite(path.clone());
    migrate(&location, &[]).unwrap();
    let store = Store::open(&location, Options::default()).unwrap();
    (dir, path, store)
}

fn write(store: &Store) -> Result<()> {
    store.write_blocking(store.system_command("things.none", 1), |_| Ok(()))
}

fn read(store: &Store) -> Result<()> {
    store.read_blocking(|_| Ok(()))
}

/// What was told while the file at this path stood elsewhere.
fn while_away(path: &Path, ask: impl FnOnce() -> Result<()>) -> Result<()> {
    let away = path.with_extension("away");
    rename(path, &away).unwrap();
    let told = ask();
    rename(&away, path).unwrap();
    told
}

fn assert_told(error: &Error, nothing_saved: bool) {
    assert_eq!(error.code(), "unavailable");
    let told = error.to_string();
    assert!(told.contains(GONE) && told.contains(NOTHING_SAVED) == nothing_saved, "{told}");
}

#[test]
fn a_log_that_was_moved_before_the_first_write_is_noticed() {
    let (_dir, path, store) = opened();
    let log = path.with_extension("db-wal");
    assert_told(&while_away(&log, || write(&store)).unwrap_err(), true);
    write(&store).unwrap();
}

#[test]
fn only_a_writer_is_told_that_nothing_was_saved() {
    let (_dir, path, store) = opened();
    assert_told(&while_away(&path, || read(&store)).unwrap_err(), false);
    assert_told(&while_away(&path, || write(&store)).unwrap_err(), true);
    read(&store).unwrap();
    write(&store).unwrap();
}
