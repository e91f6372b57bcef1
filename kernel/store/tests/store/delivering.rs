//! The outbox: in order per record, again after a failure, nothing lost.

use crate::{OFFICER, THINGS, count};
use serde_json::{Value, json};
use std::sync::Arc;
use std::thread;
use store::outbox::{Event, Listener, deliver};
use store::{Store, Tx, params};
use testkit::{TestDatabase, clock, each_engine, fresh_command, options_at};
use types::time::SetClock;
use types::{Error, Id, Result};

const HEARD: &[Listener] = &[
    Listener { event: "things.put.v1", name: "note", hear: note },
    Listener { event: "things.put.v1", name: "stumble", hear: stumble },
];

/// Writes down what it heard, in the order of hearing.
fn note(tx: &mut Tx<'_>, event: &Event) -> Result<()> {
    let (n,): (i64,) = tx.one("SELECT count(*) FROM thing", params![])?;
    let heard = format!("{} {}", event.record, event.payload["n"]);
    tx.exec("INSERT INTO thing (id, name, done) VALUES ($1, $2, $3)", params![n + 1, heard, true])?;
    Ok(())
}

/// Fails as long as the stone lies there, for the record it lies before.
fn stumble(tx: &mut Tx<'_>, event: &Event) -> Result<()> {
    let stone: Option<(i64,)> =
        tx.opt("SELECT n FROM counter WHERE unit_id = $1 AND year = 0", params![event.record])?;
    match stone {
        Some(_) => Err(Error::conflict("vấp")),
        None => Ok(()),
    }
}

fn publish(store: &Store, record: i64, n: i64) {
    store
        .write_blocking(store.command(fresh_command(), "things.put", OFFICER), move |tx| {
            tx.not_audited("a test");
            tx.publish("things.put.v1", Id(record), &json!({"n": n, "tên": "Đặng Đình Ưởng"}))
        })
        .unwrap();
}

fn heard(store: &Store) -> Vec<String> {
    crate::names(store)
}

fn open(db: TestDatabase) -> (TestDatabase, Store, Arc<SetClock>) {
    db.migrate(&[THINGS]);
    let clock = clock("2026-11-20T08:00");
    let store = db.open_with(options_at(&clock));
    (db, store, clock)
}

fn later(clock: &SetClock, seconds: i64) {
    use types::Clock;
    clock.set(clock.now().plus_seconds(seconds));
}

#[test]
fn events_of_a_record_are_heard_in_order_and_once() {
    each_engine(|db| {
        let (_db, store, _) = open(db);
        for n in 1..=3 {
            publish(&store, 1, n);
            publish(&store, 2, n);
        }
        assert_eq!(deliver(&store, HEARD).unwrap(), 2, "the oldest of each record");
        assert_eq!(deliver(&store, HEARD).unwrap() + deliver(&store, HEARD).unwrap(), 4);
        assert_eq!(deliver(&store, HEARD).unwrap(), 0);
        assert_eq!(heard(&store), ["1 1", "2 1", "1 2", "2 2", "1 3", "2 3"]);
    });
}

#[test]
fn a_failure_holds_back_its_record_only_and_is_tried_again_later() {
    each_engine(|db| {
        let (db, store, clock) = open(db);
        db.script("INSERT INTO counter (unit_id, year, n) VALUES (1, 0, 1)");
        for n in 1..=2 {
            publish(&store, 1, n);
            publish(&store, 2, n);
        }
        assert_eq!(deliver(&store, HEARD).unwrap(), 1);
        assert_eq!(deliver(&store, HEARD).unwrap(), 1);
        assert_eq!(heard(&store), ["2 1", "2 2"], "what the first listener of a failed event wrote is gone");
        for (pause, tries) in [(1, 1), (2, 2), (4, 3)] {
            let waiting = |tries: i64| {
                let row: (i64, i64) = store
                    .read_blocking(|r| {
                        r.one(
                            "SELECT tries, count(*) FROM outbox WHERE done_at IS NULL AND tries > 0 GROUP BY tries",
                            params![],
                        )
                    })
                    .unwrap();
                assert_eq!(row, (tries, 1));
            };
            waiting(tries);
            assert_eq!(deliver(&store, HEARD).unwrap(), 0);
            waiting(tries);
            later(&clock, pause);
            assert_eq!(deliver(&store, HEARD).unwrap(), 0);
            waiting(tries + 1);
        }
        db.script("DELETE FROM counter");
        later(&clock, 3600);
        assert_eq!(deliver(&store, HEARD).unwrap(), 1);
        assert_eq!(deliver(&store, HEARD).unwrap(), 1);
        assert_eq!(heard(&store), ["2 1", "2 2", "1 1", "1 2"]);
        assert_eq!(count(&store, "outbox"), 4);
    });
}

#[test]
fn two_nodes_that_deliver_at_once_do_not_do_the_work_twice() {
    each_engine(|db| {
        let (db, store, clock) = open(db);
        let other = db.open_with(options_at(&clock));
        for record in 1..=40 {
            publish(&store, record, 1);
        }
        thread::scope(|scope| {
            for node in [&store, &other] {
                scope.spawn(move || {
                    // A key taken by the other node's listener at the same moment is tried again.
                    for _ in 0..20 {
                        deliver(node, HEARD).unwrap();
                    }
                });
            }
        });
        for _ in 0..40 {
            later(&clock, 7200);
            deliver(&store, HEARD).unwrap();
        }
        let mut all = heard(&store);
        all.sort();
        let mut expected: Vec<String> = (1..=40).map(|record| format!("{record} 1")).collect();
        expected.sort();
        assert_eq!(all, expected);
    });
}

#[test]
fn an_event_carries_what_was_published() {
    const LOOK: &[Listener] = &[Listener {
        event: "things.put.v1",
        name: "look",
        hear: |tx, event| {
            let payload: &Value = &event.payload;
            let name = format!("{} {} {}", event.name, event.record, payload["tên"].as_str().unwrap_or("?"));
            tx.exec("INSERT INTO thing (id, name, done) VALUES ($1, $2, $3)", params![event.id, name, true]).map(|_| ())
        },
    }];
    each_engine(|db| {
        let (_db, store, _) = open(db);
        publish(&store, i64::MAX, 1);
        deliver(&store, LOOK).unwrap();
        assert_eq!(heard(&store), [format!("things.put.v1 {} Đặng Đình Ưởng", i64::MAX)]);
    });
}

#[test]
fn an_event_nobody_listens_to_is_done() {
    each_engine(|db| {
        let (_db, store, _) = open(db);
        publish(&store, 1, 1);
        assert_eq!(deliver(&store, &[]).unwrap(), 1);
        assert_eq!(deliver(&store, &[]).unwrap(), 0);
    });
}
