//! Failures on both engines: nothing half done, the others undisturbed, a clear answer.

use crate::{THINGS, command, count, names, put};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::task::{Context, Poll, Waker};
use store::{Command, Options, Store, params};
use testkit::{each_engine, fresh_command, options};
use types::{Error, Result};

/// A write that is under way.
type Sent = Pin<Box<dyn Future<Output = Result<String>> + Send>>;

/// Puts a write in line without waiting for it.
fn send(
    store: &Store,
    command: Command,
    work: impl Fn(&mut store::Tx<'_>) -> Result<String> + Send + Sync + 'static,
) -> Sent {
    let store = store.clone();
    let mut sent: Sent = Box::pin(async move { store.write(command, work).await });
    // The first poll submits; what it answers at once is kept for the caller.
    match sent.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(answer) => Box::pin(std::future::ready(answer)),
        Poll::Pending => sent,
    }
}

fn answer(sent: Sent) -> Result<String> {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(sent)
}

/// Occupies the one writer until the sender is dropped.
fn occupy(store: &Store) -> (Sent, mpsc::Sender<()>) {
    let (release, wait) = mpsc::channel::<()>();
    let (started, begun) = mpsc::channel();
    let wait = Mutex::new(wait);
    let sent = send(store, command(store), move |_| {
        let _ = started.send(());
        let _ = wait.lock().unwrap().recv();
        Ok("cửa".into())
    });
    begun.recv().unwrap();
    (sent, release)
}

fn one_writer(queue: usize) -> Options {
    Options { writers: 1, queue, ..options() }
}

#[test]
fn a_write_without_an_audit_entry_is_refused() {
    each_engine(|db| {
        let store = db.migrate(&[THINGS]).open();
        let silent = store.write_blocking(command(&store), |tx| {
            tx.exec("INSERT INTO thing (id, name, done) VALUES (1, 'lén', $1)", params![true])
        });
        assert!(silent.unwrap_err().inward().contains("without an audit entry"));
        let returning = store.write_blocking(command(&store), |tx| {
            tx.all::<(i64,)>("INSERT INTO thing (id, name, done) VALUES (2, 'lén', $1) RETURNING id", params![true])?;
            Ok(())
        });
        assert!(returning.unwrap_err().inward().contains("without an audit entry"));
        let nothing =
            store.write_blocking(command(&store), |tx| tx.exec_counted("DELETE FROM thing WHERE id = 5", params![]));
        assert_eq!(nothing.unwrap(), 0, "nothing changed, nothing owed");
        assert_eq!(count(&store, "thing"), 0);
    });
}

#[test]
fn a_panic_is_answered_and_leaves_nothing() {
    each_engine(|db| {
        let store = db.migrate(&[THINGS]).open_with(one_writer(16));
        let broken = store.write_blocking(command(&store), |tx| {
            put(tx, "dở dang")?;
            let none: Option<i64> = tx.one::<(Option<i64>,)>("SELECT max(n) FROM counter", params![])?.0;
            Ok(none.expect("lỗi lập trình"))
        });
        assert!(broken.unwrap_err().inward().contains("lỗi lập trình"));
        assert_eq!(count(&store, "thing") + count(&store, "audit") + count(&store, "command"), 0);
        store.write_blocking(command(&store), |tx| put(tx, "sau đó")).unwrap();
        assert_eq!(names(&store), ["sau đó"]);
    });
}

#[test]
fn a_refused_write_leaves_nothing_and_may_be_sent_again() {
    each_engine(|db| {
        let store = db.migrate(&[THINGS]).open();
        let id = fresh_command();
        let send = |fail: bool| {
            store.write_blocking(store.command(id.clone(), "things.put", crate::OFFICER), move |tx| {
                put(tx, "Chẩu Thị Xuyến Chi")?;
                tx.publish("things.put.v1", types::Id(1), &"x")?;
                if fail { Err(Error::conflict("hồ sơ đang chờ người khác")) } else { Ok(()) }
            })
        };
        assert_eq!(send(true).unwrap_err().to_string(), "hồ sơ đang chờ người khác");
        assert_eq!(
            count(&store, "thing") + count(&store, "audit") + count(&store, "command") + count(&store, "outbox"),
            0
        );
        send(false).unwrap();
        assert_eq!((count(&store, "thing"), count(&store, "outbox")), (1, 1));
    });
}

#[test]
fn a_taken_key_is_a_conflict_and_a_broken_rule_our_mistake() {
    each_engine(|db| {
        let store = db.migrate(&[THINGS]).open();
        let insert = |sql: &'static str| {
            store.write_blocking(command(&store), move |tx| {
                tx.not_audited("a test");
                tx.exec(sql, params![])
            })
        };
        insert("INSERT INTO counter (unit_id, year, n) VALUES (1, 2026, 1)").unwrap();
        let taken = insert("INSERT INTO counter (unit_id, year, n) VALUES (1, 2026, 5)").unwrap_err();
        assert_eq!(taken.code(), "conflict");
        assert!(taken.to_string().contains("tải lại trang"));
        for broken in [
            "INSERT INTO counter (unit_id, year, n) VALUES (2, 2026, NULL)",
            "INSERT INTO part (id, thing_id, name) VALUES (1, 404, 'mồ côi')",
            "INSERT INTO nowhere (id) VALUES (1)",
        ] {
            assert_eq!(insert(broken).unwrap_err().code(), "internal", "{broken}");
        }
        assert_eq!((count(&store, "counter"), count(&store, "part")), (1, 0));
    });
}

#[test]
fn a_failed_statement_ends_the_write_even_when_its_error_is_swallowed() {
    each_engine(|db| {
        let store = db.migrate(&[THINGS]).open();
        let swallowed = store.write_blocking(command(&store), |tx| {
            put(tx, "trước")?;
            let _ = tx.exec("INSERT INTO nowhere (id) VALUES (1)", params![]);
            put(tx, "sau")
        });
        assert_eq!(swallowed.unwrap_err().code(), "internal");
        let last = store.write_blocking(command(&store), |tx| {
            let id = put(tx, "trước")?;
            let _ = tx.exec("INSERT INTO nowhere (id) VALUES (1)", params![]);
            Ok(id)
        });
        assert_eq!(last.unwrap_err().code(), "internal");
        assert_eq!(count(&store, "thing"), 0);
        assert_eq!(count(&store, "command"), 0);
    });
}

#[test]
fn a_full_queue_answers_busy_and_recovers() {
    each_engine(|db| {
        let store = db.migrate(&[THINGS]).open_with(one_writer(4));
        let (gate, release) = occupy(&store);
        let waiting: Vec<Sent> = (0..4)
            .map(|n| send(&store, command(&store), move |tx| put(tx, &format!("chờ {n}")).map(|_| "ok".into())))
            .collect();
        let late = command(&store);
        let refused = answer(send(&store, late.clone(), |tx| put(tx, "muộn").map(|_| "ok".into())));
        assert_eq!(refused.as_ref().unwrap_err().code(), "busy");
        assert!(refused.unwrap_err().to_string().contains("chưa có gì được lưu"));
        let pulse = store.pulse();
        assert_eq!((pulse.writes_waiting, pulse.background_waiting, pulse.done, pulse.busy), (4, 0, 0, 1));
        drop(release);
        assert_eq!(answer(gate).unwrap(), "cửa");
        for sent in waiting {
            assert_eq!(answer(sent).unwrap(), "ok");
        }
        assert_eq!(count(&store, "thing"), 4);
        assert_eq!(answer(send(&store, late, |tx| put(tx, "muộn").map(|_| "ok".into()))).unwrap(), "ok");
        assert_eq!(count(&store, "thing"), 5);
        let pulse = store.pulse();
        assert_eq!((pulse.writes_waiting, pulse.done, pulse.busy), (0, 6, 1));
    });
}

#[test]
fn what_people_wait_for_goes_before_background_work() {
    each_engine(|db| {
        let store = db.migrate(&[THINGS]).open_with(one_writer(16));
        let (gate, release) = occupy(&store);
        let order = Arc::new(Mutex::new(Vec::new()));
        let note = |command: Command, name: &'static str| {
            let order = order.clone();
            send(&store, command, move |_| {
                order.lock().unwrap().push(name);
                Ok(name.into())
            })
        };
        let mut sent: Vec<Sent> = (0..3).map(|_| note(store.system_command("things.sweep", 1), "nền")).collect();
        sent.extend((0..3).map(|_| note(command(&store), "người")));
        drop(release);
        answer(gate).unwrap();
        for one in sent {
            answer(one).unwrap();
        }
        assert_eq!(*order.lock().unwrap(), ["người", "người", "người", "nền", "nền", "nền"]);
    });
}

#[test]
fn a_caller_who_goes_away_does_not_take_the_write_along() {
    each_engine(|db| {
        let store = db.migrate(&[THINGS]).open_with(one_writer(16));
        let (gate, release) = occupy(&store);
        drop(send(&store, command(&store), |tx| put(tx, "người gửi đã đi").map(|_| "ok".into())));
        drop(release);
        answer(gate).unwrap();
        store.write_blocking(command(&store), |tx| put(tx, "tiếp")).unwrap();
        assert_eq!(names(&store), ["người gửi đã đi", "tiếp"]);
    });
}

#[test]
fn a_store_that_closes_serves_what_waits() {
    each_engine(|db| {
        let db = db.migrate(&[THINGS]);
        let store = db.open_with(one_writer(16));
        let (gate, release) = occupy(&store);
        let sent: Vec<Sent> = (0..5)
            .map(|n| send(&store, command(&store), move |tx| put(tx, &n.to_string()).map(|_| "ok".into())))
            .collect();
        drop(release);
        drop(store);
        assert!(answer(gate).is_ok());
        assert!(sent.into_iter().all(|one| answer(one).is_ok()));
        assert_eq!(count(&db.open(), "thing"), 5);
    });
}

#[test]
fn a_panic_in_a_read_does_not_use_up_the_readers() {
    each_engine(|db| {
        let store = db.migrate(&[THINGS]).open();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let tried = Arc::new(AtomicBool::new(false));
        for _ in 0..8 {
            let (store, tried) = (store.clone(), tried.clone());
            let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                runtime.block_on(store.read::<(), _>(move |r| {
                    r.one::<(i64,)>("SELECT count(*) FROM thing", params![])?;
                    tried.store(true, Ordering::SeqCst);
                    panic!("lỗi lập trình trong khi đọc")
                }))
            }));
            assert!(!matches!(outcome, Ok(Ok(()))));
        }
        assert!(tried.load(Ordering::SeqCst));
        assert_eq!(count(&store, "thing"), 0);
    });
}

#[test]
fn a_database_that_is_not_there_is_not_made() {
    let db = testkit::TestDatabase::sqlite();
    let refused = Store::open(&db.location, options());
    assert_eq!(refused.err().unwrap().code(), "unavailable");
    let store::Location::Sqlite(path) = &db.location else { unreachable!("a SQLite database") };
    assert!(!path.exists());
}
