//! One command of a batch goes wrong: the others are stored, and everyone is told the truth.

use super::house::{House, Write, writers_own};
use crate::params;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use types::{Error, Result};

/// Runs nine writes of which the fifth is special; only that one may fail.
fn only_the_special_one_fails(house: &House, special: Write) -> (Vec<Write>, Error) {
    let writes = house.around(special);
    let mut told = house.batch(&writes, || ());
    house.assert_honest(&writes, &told);
    for (write, told) in writes.iter().zip(&told) {
        assert!(told.is_ok() != write.name.starts_with("hỏng"), "{}: {told:?}", write.name);
    }
    let error = told.swap_remove(4).unwrap_err();
    assert_eq!(house.stored().len(), 8);
    house.alone(&house.plain("việc sau")).unwrap();
    assert_eq!(house.stored().len(), 9);
    (writes, error)
}

#[test]
fn a_panic() {
    let house = House::new();
    let (_, error) = only_the_special_one_fails(&house, house.write("hỏng vì lỗi lập trình", |_| panic!("giữa lô")));
    assert!(error.inward().contains("panic in things.put: giữa lô"), "{}", error.inward());
}

#[test]
fn a_refusal() {
    let house = House::new();
    let (_, error) =
        only_the_special_one_fails(&house, house.write("hỏng vì bị từ chối", |_| Err(Error::conflict("không được"))));
    assert_eq!(error.to_string(), "không được");
}

/// A function that interrupts the statement it stands in; SQLite then gives up the whole transaction.
fn interrupting(tx: &mut crate::Tx<'_>) -> Result<()> {
    let conn = writers_own(tx);
    let handle = Arc::new(conn.get_interrupt_handle());
    let flags = rusqlite::functions::FunctionFlags::SQLITE_UTF8;
    let made = conn.create_scalar_function("interrupt_me", 0, flags, move |_| {
        handle.interrupt();
        Ok(1_i64)
    });
    made.map_err(Error::internal)?;
    let id = tx.id()?;
    tx.exec(
        "INSERT INTO thing (id, name) WITH RECURSIVE n (i) AS (SELECT interrupt_me() UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
         SELECT $1 + i, 'rác' FROM n",
        params![id],
    )
    .map(|_| ())
}

#[test]
fn a_statement_that_is_interrupted_once() {
    let house = House::new();
    let (first, runs) = (AtomicBool::new(true), Arc::new(AtomicUsize::new(0)));
    let counted = runs.clone();
    let special = house.write("bị ngắt một lần", move |tx| {
        counted.fetch_add(1, SeqCst);
        if first.swap(false, SeqCst) { interrupting(tx) } else { Ok(()) }
    });
    let writes = house.around(special);
    let told = house.batch(&writes, || ());
    assert!(told.iter().all(Result::is_ok), "{told:?}");
    assert_eq!(runs.load(SeqCst), 2, "the batch was given up and each ran alone");
    house.assert_honest(&writes, &told);
    house.assert_recovers(&writes);
}

#[test]
fn a_statement_that_is_always_interrupted() {
    let house = House::new();
    let (writes, error) = only_the_special_one_fails(&house, house.write("hỏng vì bị ngắt", interrupting));
    assert!(error.inward().contains("interrupted"), "{}", error.inward());
    assert!(!house.stored().contains(&"rác".to_owned()));
    assert_eq!(writes.len(), 9);
}

#[test]
fn a_swallowed_interrupt_stores_nothing_on_its_own() {
    let house = House::new();
    let special = house.write("hỏng vì nuốt lỗi", |tx| {
        let _ = interrupting(tx);
        let id = tx.id()?;
        let _ = tx.exec("INSERT INTO thing (id, name) VALUES ($1, 'rác')", params![id]);
        Ok(())
    });
    only_the_special_one_fails(&house, special);
    assert!(!house.stored().contains(&"rác".to_owned()), "outside a transaction it would have been stored at once");
}

#[test]
fn a_rule_that_breaks_only_at_the_commit() {
    let house = House::new();
    let special = house.write("hỏng vì mồ côi", |tx| {
        let id = tx.id()?;
        tx.exec("INSERT INTO thing (id, name, parent_id) VALUES ($1, 'rác', 404)", params![id]).map(|_| ())
    });
    let (_, error) = only_the_special_one_fails(&house, special);
    assert!(error.inward().contains("FOREIGN KEY"), "{}", error.inward());
}

#[test]
fn a_commit_that_is_refused_once() {
    let house = House::new();
    let first = AtomicBool::new(true);
    let special = house.write("ngăn một lần", move |tx| {
        if first.swap(false, SeqCst) {
            let id = tx.id()?;
            tx.exec("INSERT INTO thing (id, name, parent_id) VALUES ($1, 'rác', 404)", params![id])?;
        }
        Ok(())
    });
    let writes = house.around(special);
    let told = house.batch(&writes, || ());
    assert!(told.iter().all(Result::is_ok), "{told:?}");
    house.assert_honest(&writes, &told);
    assert!(!house.stored().contains(&"rác".to_owned()));
    house.assert_recovers(&writes);
}

#[test]
fn a_database_that_may_not_grow() {
    let house = House::new();
    let special = house.write("hỏng vì đĩa đầy", |tx| {
        let (pages,): (i64,) = tx.one("PRAGMA page_count", params![])?;
        let conn = writers_own(tx);
        conn.query_row(&format!("PRAGMA max_page_count = {}", pages + 20), [], |_| Ok(())).map_err(Error::internal)?;
        let id = tx.id()?;
        let full = tx.exec("INSERT INTO thing (id, name, raw) VALUES ($1, 'rác', zeroblob(1000000))", params![id]);
        full.map(|_| ())
    });
    let (_, error) = only_the_special_one_fails(&house, special);
    assert_eq!(error.code(), "unavailable");
    assert!(error.to_string().contains("đĩa đầy"), "{error}");
}

#[test]
fn commands_that_wait_together_are_committed_together() {
    let house = House::new();
    let writes: Vec<Write> = (0..200).map(|n| house.plain(&format!("việc {n}"))).collect();
    let syncs = || house.faults.syncs.load(SeqCst);
    let before = syncs();
    let told = house.batch(&writes, || ());
    assert!(told.iter().all(Result::is_ok));
    house.assert_all_once(&writes);
    let together = syncs() - before;
    assert!(together <= 50, "200 commands were synced {together} times");
    let before = syncs();
    for n in 0..20 {
        house.alone(&house.plain(&format!("riêng {n}"))).unwrap();
    }
    assert!(syncs() - before >= 20, "one after another each is synced before its answer");
}
