//! What only PostgreSQL can do to us: deadlocks, refused transactions, lost connections, a server that stands still.

use crate::{THINGS, command, count, names, put};
use futures::executor::block_on;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::{Duration, Instant};
use store::{Store, Tx, Val, params};
use testkit::TestDatabase;
use testkit::postgres::{Cluster, server};
use types::{Id, Result};

fn pid(tx: &mut Tx<'_>) -> Result<i64> {
    Ok(tx.one::<(i64,)>("SELECT CAST(pg_backend_pid() AS BIGINT)", params![])?.0)
}

fn terminate(pid: i64) {
    server().run(&format!("SELECT pg_terminate_backend({pid}, 5000)"));
}

fn with_two_things() -> (TestDatabase, Store) {
    let db = TestDatabase::postgres();
    let store = db.migrate(&[THINGS]).open();
    db.script("INSERT INTO thing (id, name, done, amount) VALUES (1, 'một', false, 0), (2, 'hai', false, 0)");
    (db, store)
}

#[test]
fn two_writes_that_block_each_other_both_come_through() {
    let (_db, store) = with_two_things();
    let runs = Arc::new(AtomicUsize::new(0));
    thread::scope(|scope| {
        let meet = Arc::new(Barrier::new(2));
        for (first, second) in [(Id(1), Id(2)), (Id(2), Id(1))] {
            let (meet, runs, store) = (meet.clone(), runs.clone(), &store);
            scope.spawn(move || {
                let met = AtomicBool::new(false);
                store.write_blocking(command(store), move |tx| {
                    runs.fetch_add(1, Ordering::SeqCst);
                    tx.lock("thing", first)?;
                    if !met.swap(true, Ordering::SeqCst) {
                        meet.wait();
                    }
                    tx.lock("thing", second)?;
                    tx.exec("UPDATE thing SET amount = amount + 1 WHERE id IN (1, 2)", params![])?;
                    put(tx, &format!("khóa {first}"))
                })
            });
        }
    });
    assert!(runs.load(Ordering::SeqCst) >= 3, "one of them was the victim and ran again");
    let amounts: Vec<(i64,)> =
        store.read_blocking(|r| r.all("SELECT amount FROM thing WHERE id IN (1, 2)", params![])).unwrap();
    assert_eq!(amounts, [(2,), (2,)]);
}

#[test]
fn a_connection_keeps_only_so_many_statements_prepared() {
    let (_db, store) = with_two_things();
    store
        .read_blocking(|r| {
            for n in 0..600 {
                r.one::<(i64,)>(&format!("SELECT CAST({n} AS BIGINT)"), params![])?;
            }
            let (kept,): (i64,) = r.one("SELECT count(*) FROM pg_prepared_statements", params![])?;
            assert!((200..=300).contains(&kept), "{kept} statements are kept");
            Ok(())
        })
        .unwrap();
}

#[test]
fn interleaved_writes_that_lock_first_lose_no_update() {
    let (_db, store) = with_two_things();
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..25 {
                    let add = store.write_blocking(command(&store), |tx| {
                        tx.not_audited("a test");
                        tx.lock("thing", Id(1))?;
                        let (amount,): (i64,) = tx.one("SELECT amount FROM thing WHERE id = 1", params![])?;
                        tx.exec("UPDATE thing SET amount = $1 WHERE id = 1", params![amount + 1])
                    });
                    add.unwrap();
                }
            });
        }
    });
    let (amount,): (i64,) = store.read_blocking(|r| r.one("SELECT amount FROM thing WHERE id = 1", params![])).unwrap();
    assert_eq!(amount, 100);
}

/// A statement that fails with a serialisation failure.
const CLASH: &str = "DO $$ BEGIN RAISE EXCEPTION 'clash' USING ERRCODE = '40001'; END $$";

#[test]
fn a_serialisation_failure_runs_again_until_it_is_given_up() {
    let (_db, store) = with_two_things();
    let send = |clashes: usize| {
        let runs = Arc::new(AtomicUsize::new(0));
        let counted = runs.clone();
        let outcome = store.write_blocking(command(&store), move |tx| {
            put(tx, &format!("{clashes} lần"))?;
            if counted.fetch_add(1, Ordering::SeqCst) < clashes {
                tx.exec(CLASH, params![])?;
            }
            Ok(())
        });
        (outcome, runs.load(Ordering::SeqCst))
    };
    let (outcome, runs) = send(3);
    outcome.unwrap();
    assert_eq!(runs, 4);
    let (outcome, _) = send(usize::MAX);
    assert_eq!(outcome.unwrap_err().code(), "busy");
    assert_eq!(names(&store), ["một", "hai", "3 lần"]);
}

#[test]
fn a_commit_that_the_server_refuses_is_not_called_stored() {
    let (db, store) = with_two_things();
    db.script("ALTER TABLE part ADD CONSTRAINT late FOREIGN KEY (parent_id) REFERENCES part (id) DEFERRABLE INITIALLY DEFERRED; ALTER TABLE part DROP CONSTRAINT part_parent_id_fkey");
    let refused = store.write_blocking(command(&store), |tx| {
        put(tx, "mất")?;
        tx.exec("INSERT INTO part (id, thing_id, parent_id, name) VALUES (1, 1, 404, 'mồ côi')", params![])
    });
    assert_eq!(refused.unwrap_err().code(), "internal");
    assert_eq!(names(&store), ["một", "hai"]);
    // Deferred checks that clash at every commit: the closure was content each time, the caller is told all the same.
    db.script(
        "CREATE FUNCTION clash() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'clash' USING ERRCODE = '40001'; END $$;
         CREATE CONSTRAINT TRIGGER clash AFTER INSERT ON part DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION clash()",
    );
    let refused = store.write_blocking(command(&store), |tx| {
        put(tx, "mất nữa")?;
        tx.exec("INSERT INTO part (id, thing_id, name) VALUES (2, 1, 'va chạm')", params![])
    });
    assert_eq!(refused.unwrap_err().code(), "busy");
    assert_eq!(names(&store), ["một", "hai"]);
}

#[test]
fn a_parameter_that_does_not_fit_is_our_mistake_and_not_a_lost_connection() {
    let db = TestDatabase::postgres();
    let store = db.migrate(&[THINGS]).open_with(store::Options { writers: 1, ..testkit::options() });
    let runs = Arc::new(AtomicUsize::new(0));
    let send = |name: &'static str, done: Val| {
        let runs = runs.clone();
        store.write_blocking(command(&store), move |tx| {
            runs.fetch_add(1, Ordering::SeqCst);
            put(tx, name)?;
            tx.exec("UPDATE thing SET done = $1 WHERE id = 1", std::slice::from_ref(&done))
        })
    };
    // First it goes alone, as the connection does not know it yet; later it would go with the commit.
    assert_eq!(send("mất", Val::Int(5)).unwrap_err().code(), "internal");
    send("được", Val::Bool(true)).unwrap();
    assert_eq!(send("cũng mất", Val::Int(5)).unwrap_err().code(), "internal");
    // Each that failed ran twice: the second time it was known that it had not been carried out before.
    assert_eq!(runs.load(Ordering::SeqCst), 5, "running a third time would not help");
    assert_eq!(names(&store), ["được"]);
}

#[test]
fn a_connection_killed_inside_a_write_is_replaced_and_the_write_stands_once() {
    let (_db, store) = with_two_things();
    let killed = AtomicBool::new(false);
    store
        .write_blocking(command(&store), move |tx| {
            put(tx, "bị cắt")?;
            let pid = pid(tx)?;
            if !killed.swap(true, Ordering::SeqCst) {
                terminate(pid);
            }
            put(tx, "tiếp")
        })
        .unwrap();
    assert_eq!(names(&store), ["một", "hai", "bị cắt", "tiếp"]);
}

#[test]
fn a_node_that_stands_still_inside_a_write_holds_up_the_others_only_briefly() {
    let (db, store) = with_two_things();
    let patience = Duration::from_millis(300);
    let still = db.open_with(store::Options { write_pause_max: patience, ..testkit::options() });
    let (locked, told) = std::sync::mpsc::channel();
    let stood = AtomicUsize::new(0);
    let (pause, begun) = (Duration::from_secs(4), Instant::now());
    let waited = thread::scope(|scope| {
        scope.spawn(|| {
            let standing = still.write_blocking(command(&still), move |tx| {
                tx.lock("thing", Id(1))?;
                if stood.fetch_add(1, Ordering::SeqCst) == 0 {
                    locked.send(()).unwrap();
                    thread::sleep(pause);
                }
                put(tx, "đứng lại")
            });
            standing.unwrap();
        });
        told.recv().unwrap();
        store
            .write_blocking(command(&store), |tx| {
                tx.lock("thing", Id(1))?;
                put(tx, "đi tiếp")
            })
            .unwrap();
        begun.elapsed()
    });
    assert!(waited >= patience && waited < pause, "{waited:?}");
    assert_eq!(names(&store), ["một", "hai", "đứng lại", "đi tiếp"], "each once, in the order of their ids");
}

#[test]
fn a_connection_killed_each_time_is_given_up_with_a_clear_answer() {
    let (_db, store) = with_two_things();
    let given_up = store.write_blocking(command(&store), |tx| {
        put(tx, "không bao giờ")?;
        terminate(pid(tx)?);
        put(tx, "tiếp")
    });
    let error = given_up.unwrap_err();
    assert_eq!(error.code(), "unavailable");
    assert!(error.to_string().contains("không nhận hai lần"), "{error}");
    assert_eq!(names(&store), ["một", "hai"]);
}

#[test]
fn connections_killed_while_idle_are_not_noticed_by_anyone() {
    let db = TestDatabase::postgres();
    let store = db.migrate(&[THINGS]).open_with(store::Options { writers: 1, readers: 1, ..testkit::options() });
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    for round in 0..3 {
        let seen = Arc::new(AtomicI64::new(0));
        let writer = seen.clone();
        store
            .write_blocking(command(&store), move |tx| {
                writer.store(pid(tx)?, Ordering::SeqCst);
                put(tx, &format!("vòng {round}"))
            })
            .unwrap();
        terminate(seen.load(Ordering::SeqCst));
        let read = |store: &Store| {
            let store = store.clone();
            runtime.block_on(async move {
                let sql = "SELECT CAST(pg_backend_pid() AS BIGINT), count(*) FROM thing";
                store.read(move |r| r.one::<(i64, i64)>(sql, params![])).await
            })
        };
        let (reader, things) = read(&store).unwrap();
        assert_eq!(things, round + 1);
        terminate(reader);
        assert_eq!(read(&store).unwrap().1, round + 1);
    }
    assert_eq!(count(&store, "thing"), 3);
}

#[test]
fn several_statements_of_a_read_see_one_state() {
    let (_db, store) = with_two_things();
    let writing = store.clone();
    let counts = block_on(store.read(move |r| {
        let before: (i64,) = r.one("SELECT count(*) FROM thing", params![])?;
        writing.write_blocking(command(&writing), |tx| put(tx, "giữa chừng"))?;
        let after: (i64,) = r.one("SELECT count(*) FROM thing", params![])?;
        Ok((before.0, after.0))
    }));
    assert_eq!(counts.unwrap(), (2, 2));
    assert_eq!(count(&store, "thing"), 3);
}

#[test]
fn a_server_that_stands_still_is_said_so_and_used_again_when_it_is_back() {
    let cluster = Cluster::start();
    let db = TestDatabase::in_cluster(&cluster);
    let store = db.migrate(&[THINGS]).open();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let read = || {
        let store = store.clone();
        runtime.block_on(async move { store.read(|r| r.one::<(i64,)>("SELECT count(*) FROM thing", params![])).await })
    };
    store.write_blocking(command(&store), |tx| put(tx, "trước")).unwrap();
    assert_eq!(read().unwrap(), (1,));
    cluster.stop();
    let kept = command(&store);
    let started = Instant::now();
    for error in
        [store.write_blocking(kept.clone(), |tx| put(tx, "trong khi")).map(|_| ()).unwrap_err(), read().unwrap_err()]
    {
        assert_eq!(error.code(), "unavailable");
        assert!(error.to_string().starts_with("Cơ sở dữ liệu không trả lời"), "{error}");
    }
    assert!(started.elapsed() < Duration::from_secs(10));
    assert!(Store::open(&db.location, testkit::options()).is_err());
    cluster.resume();
    store.write_blocking(kept, |tx| put(tx, "trong khi")).unwrap();
    store.write_blocking(command(&store), |tx| put(tx, "sau")).unwrap();
    assert_eq!(read().unwrap(), (3,));
    assert_eq!(names(&store), ["trước", "trong khi", "sau"]);
}
