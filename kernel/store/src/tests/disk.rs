//! The disk fails under a commit: everyone is told that it is unknown, and sending again leaves each write once.

use super::house::{House, Write, is_unknown, stored};
use crate::{Actor, Location, Options, Store};
use rusqlite::ffi;
use std::sync::atomic::Ordering::SeqCst;
use types::Error;

fn nine(house: &House) -> Vec<Write> {
    house.around(house.plain("giữa"))
}

fn all_unknown(house: &House, writes: &[Write], meanwhile: impl FnOnce()) {
    let told = house.batch(writes, meanwhile);
    house.assert_honest(writes, &told);
    for told in &told {
        assert!(told.as_ref().is_err_and(is_unknown), "{told:?}");
    }
}

#[test]
fn a_log_that_cannot_be_written_stores_nothing() {
    for code in [ffi::SQLITE_IOERR_WRITE, ffi::SQLITE_FULL] {
        let house = House::new();
        let writes = nine(&house);
        all_unknown(&house, &writes, || house.faults.fail_writes(code));
        assert_eq!(house.stored(), Vec::<String>::new());
        house.faults.heal();
        house.assert_recovers(&writes);
    }
}

#[test]
fn a_log_that_cannot_be_synced_may_be_stored_after_a_power_cut() {
    let house = House::new();
    let writes = nine(&house);
    all_unknown(&house, &writes, || house.faults.sync.store(ffi::SQLITE_IOERR_FSYNC, SeqCst));
    // What a power cut would leave: the files without the shared memory that says how far the log counts.
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("nhaviec.db");
    for end in ["", "-wal"] {
        std::fs::copy(format!("{}{end}", house.path.display()), format!("{}{end}", path.display())).unwrap();
    }
    let after = stored(&path);
    assert_eq!(after.len(), 9, "all of the batch was in the log: {after:?}");
    house.faults.heal();
    house.assert_recovers(&writes);
    // The same commands, sent to the machine that came back.
    let came_back = House::over(dir, path);
    let sent_again: Vec<Write> = writes.iter().map(|write| came_back.again(write)).collect();
    came_back.assert_recovers(&sent_again);
    assert_eq!(came_back.stored().len(), 10);
}

/// Makes the commit answer an error after it has happened: the hook's answer becomes the statement's.
fn fail_after_commit(tx: &mut crate::Tx<'_>) -> types::Result<()> {
    #![allow(unsafe_code, reason = "the safe hook needs the connection exclusively, which the writer has")]
    unsafe extern "C" fn hook(
        _: *mut std::ffi::c_void,
        _: *mut ffi::sqlite3,
        _: *const std::ffi::c_char,
        _: std::ffi::c_int,
    ) -> std::ffi::c_int {
        ffi::SQLITE_IOERR
    }
    // SAFETY: the handle is that of an open connection, and the hook uses none of its arguments.
    unsafe { ffi::sqlite3_wal_hook(super::house::writers_own(tx).handle(), Some(hook), std::ptr::null_mut()) };
    Ok(())
}

#[test]
fn a_commit_that_happened_and_still_answers_an_error_is_not_run_twice() {
    let house = House::new();
    let writes = house.around(house.write("móc", fail_after_commit));
    let told = house.batch(&writes, || ());
    assert_eq!(house.stored().len(), 9, "all are stored");
    house.assert_honest(&writes, &told);
    house.assert_recovers(&writes);
    assert_eq!(house.stored().len(), 10);
}

#[test]
fn a_commit_alone_that_happened_and_still_answers_an_error_is_not_run_twice() {
    let house = House::new();
    let write = house.write("móc", fail_after_commit);
    let told = house.alone(&write);
    assert_eq!(house.stored(), ["móc"]);
    house.assert_honest(std::slice::from_ref(&write), &[told]);
    house.assert_recovers(&[write]);
}

#[test]
fn a_write_that_fails_before_the_commit_runs_each_alone() {
    let house = House::new();
    // More than the cache holds, so that the log is written while the batch still runs.
    let special = house.write("lớn", |tx| {
        for _ in 0..3 {
            let id = tx.id()?;
            tx.exec("INSERT INTO thing (id, name, raw) VALUES ($1, 'mảnh', randomblob(6000000))", crate::params![id])?;
        }
        Ok(())
    });
    let writes = house.around(special);
    let told = house.batch(&writes, || {
        house.faults.write_times.store(1, SeqCst);
        house.faults.write.store(ffi::SQLITE_IOERR_WRITE, SeqCst);
    });
    house.assert_honest(&writes, &told);
    house.faults.heal();
    house.assert_recovers(&writes);
    assert_eq!(house.stored().iter().filter(|name| *name == "mảnh").count(), 3);
}

#[test]
fn a_disk_that_is_gone_is_said_so_and_used_again_when_it_is_back() {
    let house = House::new();
    let writes = nine(&house);
    all_unknown(&house, &writes, || {
        house.faults.open.store(ffi::SQLITE_CANTOPEN, SeqCst);
        house.faults.fail_writes(ffi::SQLITE_IOERR_WRITE);
    });
    for write in &writes {
        let error: Error = house.alone(write).unwrap_err();
        assert_eq!(error.code(), "unavailable", "{error}");
        assert!(error.to_string().contains("Chưa có gì được lưu") || is_unknown(&error), "{error}");
    }
    assert_eq!(house.stored(), Vec::<String>::new());
    house.faults.heal();
    house.assert_recovers(&writes);
}

#[test]
fn without_a_fault_the_same_batches_are_stored_and_told_so() {
    let house = House::new();
    let writes = nine(&house);
    let told = house.batch(&writes, || ());
    assert!(told.iter().all(Result::is_ok), "the control: {told:?}");
    house.assert_honest(&writes, &told);
    let store = Store::open(&Location::Sqlite(house.path.clone()), Options::default()).unwrap();
    let command = store.command("another-node".parse().unwrap(), "things.put", Actor::Anyone);
    store.write_blocking(command, |_| Ok(())).unwrap();
}
