//! A node number belongs to one store at a time, and a store whose lease ended writes no more.

use super::*;
use crate::{Actor, Options, Store, migrate};
use std::sync::atomic::AtomicU64;
use testkit::postgres::server;

/// A migrated database on each engine. The types of testkit belong to the library as others link it, so only addresses
/// come from there.
fn each_engine(body: impl Fn(&Location)) {
    let dir = tempfile::tempdir().unwrap();
    // Two tests may begin in one microsecond.
    static SCHEMAS: AtomicU64 = AtomicU64::new(0);
    let schema = format!("leases_{}_{}", std::process::id(), SCHEMAS.fetch_add(1, Ordering::Relaxed));
    server().run(&format!("CREATE SCHEMA {schema}"));
    for location in [Location::Sqlite(dir.path().join("x.db")), Location::Postgres(server().url_of_schema(&schema))] {
        migrate::migrate(&location, &[]).unwrap();
        body(&location);
    }
    server().run(&format!("DROP SCHEMA {schema} CASCADE"));
}

fn options() -> Options {
    Options { readers: 1, writers: 1, ..Options::default() }
}

fn holders(location: &Location) -> Vec<(String,)> {
    crate::snapshot::hold(location, |r| r.all("SELECT name FROM lease ORDER BY name", params![])).unwrap()
}

#[test]
fn two_stores_have_different_numbers_and_a_closed_one_gives_its_own_back() {
    each_engine(|location| {
        let first = NodeLease::take(location).unwrap();
        let second = NodeLease::take(location).unwrap();
        assert_eq!((first.number(), second.number()), (0, 1));
        drop(first);
        assert_eq!(holders(location), [("node/1".to_owned(),)]);
        assert_eq!(NodeLease::take(location).unwrap().number(), 0);
    });
}

#[test]
fn ids_of_two_stores_never_meet() {
    each_engine(|location| {
        let stores = [Store::open(location, options()).unwrap(), Store::open(location, options()).unwrap()];
        let mut ids: Vec<types::Id> = stores.iter().flat_map(|s| (0..500).map(|_| s.new_id())).collect();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), 1000);
    });
}

#[test]
fn stores_that_open_at_the_same_moment_share_no_number() {
    each_engine(|location| {
        let numbers: Vec<i64> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..6).map(|_| scope.spawn(|| NodeLease::take(location).unwrap())).collect();
            let leases: Vec<NodeLease> = threads.into_iter().map(|t| t.join().unwrap()).collect();
            let mut numbers: Vec<i64> = leases.iter().map(NodeLease::number).collect();
            numbers.sort_unstable();
            numbers
        });
        assert_eq!(numbers, [0, 1, 2, 3, 4, 5]);
    });
}

#[test]
fn a_store_whose_lease_ended_refuses_writes_until_it_is_renewed() {
    each_engine(|location| {
        let store = Store::open(location, options()).unwrap();
        let send = || {
            let command =
                store.command(format!("lease-{}", store.new_id()).parse().unwrap(), "leases.try", Actor::Anyone);
            store.write_blocking(command, |_| Ok(7))
        };
        assert_eq!((send().unwrap(), store.node()), (7, Some(0)));
        store.inner.lease.held.give_up();
        assert_eq!(store.node(), None);
        let error = send().unwrap_err();
        assert_eq!(error.code(), "unavailable");
        assert!(error.to_string().contains("chưa có gì được lưu"), "{error}");
        let (commands,): (i64,) = store.read_blocking(|r| r.one("SELECT count(*) FROM command", params![])).unwrap();
        assert_eq!(commands, 1);
        assert_eq!(store.pulse().failed, 1, "a command that is not begun is counted too");
        store.inner.lease.held.hold_from(Instant::now());
        assert_eq!((send().unwrap(), store.node()), (7, Some(0)));
    });
}

/// As if the process had been away for longer than its lease and another had taken its number.
fn lose(location: &Location, name: &str) {
    let mut own = Own::connect(location).unwrap();
    let past = moment(&mut own.reader()).unwrap().plus_seconds(-1);
    own.reader().run("UPDATE lease SET until = $1 WHERE name = $2", params![past, name]).unwrap();
    assert!(take(&mut own.reader(), name, "another", 60).unwrap());
}

#[test]
fn a_lease_is_its_holders_until_it_ends() {
    each_engine(|location| {
        let mut own = Own::connect(location).unwrap();
        assert!(take(&mut own.reader(), "node/7", "one", 60).unwrap());
        assert!(take(&mut own.reader(), "node/7", "one", 60).unwrap(), "its holder renews it");
        assert!(!take(&mut own.reader(), "node/7", "two", 60).unwrap(), "nobody else gets it");
        lose(location, "node/7");
        assert!(!take(&mut own.reader(), "node/7", "one", 60).unwrap(), "after its end another has it");
    });
}

#[test]
fn a_database_is_in_use_while_a_process_holds_a_number() {
    each_engine(|location| {
        let used = || crate::snapshot::hold(location, in_use).unwrap();
        assert!(!used());
        let lease = NodeLease::take(location).unwrap();
        assert!(used());
        drop(lease);
        assert!(!used());
        let mut own = Own::connect(location).unwrap();
        assert!(take(&mut own.reader(), "job/audit-seal", "one", 60).unwrap());
        assert!(!used(), "the lease of a job outlives its server");
        assert!(take(&mut own.reader(), "node/3", "one", 400 * 24 * 3600).unwrap());
        assert!(!used(), "a lease that a wrong clock took is nobody's");
    });
}

#[test]
fn a_lease_taken_while_a_clock_was_years_ahead_is_not_kept_for_years() {
    each_engine(|location| {
        let mut own = Own::connect(location).unwrap();
        assert!(take(&mut own.reader(), "job/audit-seal", "one", 400 * 24 * 3600).unwrap());
        assert!(take(&mut own.reader(), "job/audit-seal", "two", 36).unwrap());
    });
}

#[test]
fn a_store_whose_number_was_taken_over_goes_on_under_another() {
    each_engine(|location| {
        let store = Store::open(location, options()).unwrap();
        let lease = &store.inner.lease;
        assert_eq!(lease.number(), 0);
        let drawn_before = lease.ids().reserve(Timestamp::now().unix_ms(), 4);
        lease.hold(&drawn_before).unwrap();
        lose(location, "node/0");
        let mut renewing = Renewing {
            location: location.clone(),
            own: None,
            holder: "the store's renewing thread".into(),
            held: lease.held.clone(),
            ids: lease.ids.clone(),
        };
        renewing.renew().unwrap();
        assert_eq!(lease.number(), 1);
        assert_eq!(
            lease.hold(&drawn_before).unwrap_err().code(),
            "unavailable",
            "ids of the lost number are not stored"
        );
        let drawn_after = lease.ids().reserve(Timestamp::now().unix_ms(), 4);
        assert_eq!(drawn_after.node(), 1);
        lease.hold(&drawn_after).unwrap();
        let command = store.command("after-the-loss".parse().unwrap(), "leases.try", Actor::Anyone);
        assert_eq!(store.write_blocking(command, |_| Ok(7)).unwrap(), 7);
    });
}
