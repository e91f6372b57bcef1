//! Measuring: exact, the same at every run, and of one store alone.

use crate::{THINGS, command, put};
use store::{Meter, Options, Store, Tx, params};
use testkit::{each_engine, options};

fn work(meter: &Meter, go: impl FnOnce()) -> u64 {
    let before = meter.steps();
    go();
    meter.steps() - before
}

fn named(store: &Store, name: &str) -> usize {
    store.read_blocking(|r| r.all::<(i64,)>("SELECT id FROM thing WHERE name = $1", params![name])).unwrap().len()
}

#[test]
fn the_work_of_reads_and_writes_is_told() {
    each_engine(|db| {
        let meter = Meter::default();
        let store = db.migrate(&[THINGS]).open_with(Options { meter: Some(meter.clone()), ..options() });
        let many = work(&meter, || {
            let all = |tx: &mut Tx<'_>| (0..200).try_for_each(|n| put(tx, &format!("vật {n}")).map(|_| ()));
            store.write_blocking(command(&store), all).unwrap();
        });
        assert!(many >= 200, "{many} steps for 200 rows that were written");
        // The first question of a connection reads what the schema is, too.
        named(&store, "vật 7");
        let through_all = work(&meter, || assert_eq!(named(&store, "vật 7"), 1));
        assert!(through_all >= 200, "{through_all} steps through 200 rows without an index");
        assert_eq!(work(&meter, || assert_eq!(named(&store, "vật 7"), 1)), through_all, "the same again");
        let nothing = work(&meter, || {
            store.read_blocking(|r| r.one::<(i64,)>("SELECT CAST(1 AS BIGINT)", params![])).unwrap();
        });
        assert!(nothing < 50, "{nothing} steps for nothing");
        let other = db.open();
        assert_eq!(work(&meter, || assert_eq!(named(&other, "vật 7"), 1)), 0, "another store tells nobody");
    });
}
