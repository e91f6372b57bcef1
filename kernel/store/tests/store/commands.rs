//! Commands: one id, one write, however often and from however many threads it is sent.

use crate::{OFFICER, THINGS, command, count, names, put};
use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use store::{Actor, params};
use testkit::{clock, each_engine, fresh_command, options_at};
use types::Id;

#[test]
fn the_same_command_is_answered_and_not_run_again() {
    each_engine(|db| {
        let store = db.migrate(&[THINGS]).open();
        let runs = Arc::new(AtomicUsize::new(0));
        let id = fresh_command();
        let send = || {
            let runs = runs.clone();
            store.write_blocking(store.command(id.clone(), "things.put", OFFICER), move |tx| {
                runs.fetch_add(1, Ordering::SeqCst);
                put(tx, "Lò Thị Mẩy")
            })
        };
        let first = send().unwrap();
        assert_eq!(send().unwrap(), first);
        assert_eq!(runs.load(Ordering::SeqCst), 1);
        assert_eq!(names(&store), ["Lò Thị Mẩy"]);
        drop(store);
        let store = db.open();
        let again = store.write_blocking(store.command(id.clone(), "things.put", OFFICER), |tx| put(tx, "khác"));
        assert_eq!(again.unwrap(), first, "known also after a restart");
    });
}

#[test]
fn a_command_id_of_another_verb_or_actor_is_refused() {
    each_engine(|db| {
        let store = db.migrate(&[THINGS]).open();
        let id = fresh_command();
        store.write_blocking(store.command(id.clone(), "things.put", OFFICER), |tx| put(tx, "a")).unwrap();
        let other = Actor::Officer { id: Id(72), on_behalf_of: None };
        for (verb, actor) in [
            ("things.drop", OFFICER),
            ("things.put", other),
            ("things.put", Actor::Party),
            ("things.put", Actor::Anyone),
        ] {
            let refused = store.write_blocking(store.command(id.clone(), verb, actor), |tx| put(tx, "b"));
            assert_eq!(refused.unwrap_err().code(), "conflict", "{verb} {actor:?}");
        }
        assert_eq!(names(&store), ["a"]);
    });
}

#[test]
fn one_command_from_eight_threads_is_one_write() {
    each_engine(|db| {
        let store = db.migrate(&[THINGS]).open();
        for round in 0..10 {
            let id = fresh_command();
            let answers: HashSet<Id> = thread::scope(|scope| {
                let threads: Vec<_> = (0..8)
                    .map(|_| {
                        let command = store.command(id.clone(), "things.put", OFFICER);
                        let store = &store;
                        scope.spawn(move || {
                            store.write_blocking(command, move |tx| put(tx, &format!("vòng {round}"))).unwrap()
                        })
                    })
                    .collect();
                threads.into_iter().map(|t| t.join().unwrap()).collect()
            });
            assert_eq!(answers.len(), 1, "all are told the same");
        }
        assert_eq!(count(&store, "thing"), 10);
        assert_eq!(count(&store, "audit"), 10);
    });
}

#[test]
fn many_writers_lose_nothing_and_repeat_no_id() {
    each_engine(|db| {
        let store = db.migrate(&[THINGS]).open();
        let ids: Vec<Id> = thread::scope(|scope| {
            let threads: Vec<_> = (0..8)
                .map(|t| {
                    let store = &store;
                    scope.spawn(move || {
                        let one = |n: i32| {
                            store.write_blocking(command(store), move |tx| put(tx, &format!("{t}/{n}"))).unwrap()
                        };
                        (0..40).map(one).collect::<Vec<Id>>()
                    })
                })
                .collect();
            threads.into_iter().flat_map(|t| t.join().unwrap()).collect()
        });
        assert_eq!(ids.iter().collect::<HashSet<_>>().len(), 320);
        let stored: HashSet<String> = names(&store).into_iter().collect();
        let sent = (0..8).flat_map(|t| (0..40).map(move |n| format!("{t}/{n}")));
        assert_eq!(stored, sent.collect());
    });
}

#[test]
fn ids_are_large_ordered_by_time_and_survive_a_clock_that_goes_back() {
    each_engine(|db| {
        let db = db.migrate(&[THINGS]);
        let clock = clock("2026-11-20T08:00");
        let mut last = Id(1 << 53);
        for (time, note) in [("2026-11-20T08:00", "first"), ("2026-11-20T08:01", "later"), ("2026-11-19T08:00", "back")]
        {
            let store = db.open_with(options_at(&clock));
            clock.set(time.parse().unwrap());
            for _ in 0..3 {
                let id = store.write_blocking(command(&store), |tx| put(tx, "x")).unwrap();
                assert!(id > last, "{note}: {id} after {last}");
                last = id;
            }
        }
        let store = db.open_with(options_at(&clock));
        let kept: Vec<(Id,)> = store.read_blocking(|r| r.all("SELECT id FROM thing ORDER BY id", params![])).unwrap();
        assert_eq!(kept.last(), Some(&(last,)));
        assert_eq!(kept.len(), 9);
    });
}

#[test]
fn a_write_draws_the_same_ids_and_moment_when_it_runs_again() {
    each_engine(|db| {
        let clock = clock("2026-11-20T08:00");
        let store = db.migrate(&[THINGS]).open_with(options_at(&clock));
        let drawn = store.command(fresh_command(), "things.put", OFFICER);
        clock.set("2026-11-20T09:00".parse().unwrap());
        let failed = store.write_blocking(drawn.clone(), |tx| {
            put(tx, "mất")?;
            Err::<(), _>(types::Error::conflict(format!("{} {}", tx.at(), tx.id()?)))
        });
        let told = failed.unwrap_err().to_string();
        let kept = store.write_blocking(drawn, |tx| {
            put(tx, "còn")?;
            Ok(format!("{} {}", tx.at(), tx.id()?))
        });
        assert_eq!(kept.unwrap(), told);
        assert!(told.starts_with("2026-11-20T08:00"), "{told}");
        assert_eq!(names(&store), ["còn"]);
    });
}

#[test]
fn a_job_that_finds_nothing_to_do_leaves_no_trace() {
    each_engine(|db| {
        let store = db.migrate(&[THINGS]).open();
        store
            .write_blocking(store.system_command("things.sweep", 1), |tx| {
                tx.exec("DELETE FROM thing WHERE id = 0", params![])
            })
            .unwrap();
        assert_eq!(count(&store, "command"), 0);
        store.write_blocking(store.system_command("things.sweep", 4), |tx| put(tx, "việc nền")).unwrap();
        assert_eq!(count(&store, "command"), 1);
    });
}
