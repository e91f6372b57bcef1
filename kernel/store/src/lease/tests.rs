//! A node number belongs to one store at a time, and a store whose lease ended writes no more.

use super::*;
use crate::{Actor, Options, Store, migrate};
use std::sync::atomic::Ordering::SeqCst;
use testkit::postgres::server;

/// A migrated database on each engine. The types of testkit belong to the library as others link it, so only addresses
/// come from there.
fn each_engine(body: impl Fn(&Location)) {
    let dir = tempfile::tempdir().unwrap();
    let schema = format!("leases_{}", Timestamp::now().0);
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
        assert_eq!(send().unwrap(), 7);
        let until = store.inner.lease.until.swap(Timestamp::now().0, SeqCst);
        let error = send().unwrap_err();
        assert_eq!(error.code(), "unavailable");
        assert!(error.to_string().contains("chưa có gì được lưu"), "{error}");
        let (commands,): (i64,) = store.read_blocking(|r| r.one("SELECT count(*) FROM command", params![])).unwrap();
        assert_eq!(commands, 1);
        store.inner.lease.until.store(until, SeqCst);
        assert_eq!(send().unwrap(), 7);
    });
}

#[test]
fn a_number_that_another_process_took_over_is_not_renewed() {
    each_engine(|location| {
        let mut own = Own::connect(location).unwrap();
        let end = Timestamp::now().plus_seconds(60);
        assert!(take(&mut own.reader(), "node/7", "one", end).unwrap());
        assert!(take(&mut own.reader(), "node/7", "one", end).unwrap(), "its holder renews it");
        assert!(!take(&mut own.reader(), "node/7", "two", end).unwrap(), "nobody else gets it");
        own.reader()
            .run("UPDATE lease SET until = $1 WHERE name = 'node/7'", params![Timestamp::now().plus_seconds(-1)])
            .unwrap();
        assert!(take(&mut own.reader(), "node/7", "two", end).unwrap(), "after its end another does");
        let until = Arc::new(AtomicI64::new(0));
        let mut renewing = Renewing {
            location: location.clone(),
            own: None,
            name: "node/7".into(),
            holder: "one".into(),
            until: until.clone(),
        };
        assert!(renewing.renew().unwrap_err().inward().contains("another process"));
        assert_eq!(until.load(SeqCst), 0);
        renewing.holder = "two".into();
        renewing.renew().unwrap();
        assert!(until.load(SeqCst) > Timestamp::now().0);
    });
}
