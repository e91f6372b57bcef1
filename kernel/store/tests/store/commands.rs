//! Commands: one id, one write, however often and from however many threads it is sent.

use crate::{OFFICER, THINGS, command, count, names, put};
use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use store::{Actor, Engine, Options, params};
use testkit::{clock, each_engine, fresh_command, options, options_at};
use types::Id;

#[test]
fn the_same_command_is_answered_and_counts_once() {
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
        // PostgreSQL finds out by running it, and takes that back; SQLite asks before.
        let thrown_away = usize::from(store.engine() == Engine::Postgres);
        assert_eq!(runs.load(Ordering::SeqCst), 1 + thrown_away);
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
fn a_command_id_with_other_content_is_refused_and_the_same_content_is_answered() {
    each_engine(|db| {
        let store = db.migrate(&[THINGS]).open();
        let id = fresh_command();
        let send = |path: &str, body: &[(&str, &str)]| {
            let command = store.command(id.clone(), "things.put", OFFICER).about(&path).about(&body);
            store.write_blocking(command, |tx| put(tx, "a"))
        };
        let first = send("/ho-so/1", &[("note", "đúng")]).unwrap();
        assert_eq!(send("/ho-so/1", &[("note", "đúng")]).unwrap(), first);
        for (path, body) in [("/ho-so/2", &[("note", "đúng")][..]), ("/ho-so/1", &[("note", "sửa")]), ("/ho-so/1", &[])]
        {
            let refused = send(path, body).unwrap_err();
            assert_eq!(refused.code(), "conflict", "{path} {body:?}");
            assert!(refused.to_string().contains("nội dung khác"), "{refused}");
        }
        let bare = store.write_blocking(store.command(id.clone(), "things.put", OFFICER), |tx| put(tx, "b"));
        assert_eq!(bare.unwrap_err().code(), "conflict");
        assert_eq!(names(&store), ["a"]);
    });
}

#[test]
fn what_was_asked_for_is_kept_under_the_key_of_the_installation() {
    each_engine(|db| {
        let (store, plain) = (db.migrate(&[THINGS]).open(), db.open());
        store.key_contents([7; 32]);
        let (id, body) = (fresh_command(), [("identity", "099198000217")]);
        let asked =
            |store: &store::Store| store.command(id.clone(), "things.put", OFFICER).about(&"/ho-so/1").about(&body);
        let first = store.write_blocking(asked(&store), |tx| put(tx, "a")).unwrap();
        // Another node, and the same one opened anew.
        let other = db.open();
        other.key_contents([7; 32]);
        assert_eq!(other.write_blocking(asked(&other), |tx| put(tx, "a")).unwrap(), first);
        // Whoever has the rows and guesses the number rightly sees no sign of it.
        let (kept,): (String,) =
            store.read_blocking(|r| r.one("SELECT content FROM command WHERE id = $1", params![id.as_str()])).unwrap();
        let guessed = asked(&plain);
        assert_eq!(guessed.content.as_ref().map(|content| content.as_str().len()), Some(kept.len()));
        assert_ne!(guessed.content.as_ref().map(store::command::Content::as_str), Some(kept.as_str()));
        assert_eq!(plain.write_blocking(guessed, |tx| put(tx, "a")).unwrap_err().code(), "conflict");
        assert_eq!(format!("{:?}", asked(&store).content_key), "Some(ContentKey(…))");
    });
}

#[test]
fn a_command_whose_post_is_found_out_later_is_known_without_it() {
    each_engine(|db| {
        let store = db.migrate(&[THINGS]).open();
        let drawn = store.command(fresh_command(), "things.put", OFFICER).about(&"a");
        let in_post = |post| Actor::Officer { id: Id(71), on_behalf_of: Some(Id(post)) };
        let first = store.write_blocking(drawn.clone().by(in_post(8)), |tx| put(tx, "a")).unwrap();
        assert_eq!(store.read_blocking(|r| store::command::answered::<Id>(r, &drawn)).unwrap(), Some(first));
        assert_eq!(store.write_blocking(drawn.by(in_post(9)), |tx| put(tx, "b")).unwrap(), first);
        let audited: Vec<(Option<Id>,)> =
            store.read_blocking(|r| r.all("SELECT on_behalf_of FROM audit", params![])).unwrap();
        assert_eq!(audited, [(Some(Id(8)),)]);
        assert_eq!(names(&store), ["a"]);
    });
}

#[test]
fn a_second_sending_that_meets_the_first_under_way_is_answered_alike() {
    each_engine(|db| {
        let store = db.migrate(&[THINGS]).open();
        let thing = store.write_blocking(command(&store), |tx| put(tx, "việc")).unwrap();
        for _ in 0..20 {
            // As a verb does: lock, look at the state, change it. Whoever looks second must not be told "already done".
            let (id, before) = (fresh_command(), amount(&store, thing));
            let answers: HashSet<i64> = thread::scope(|scope| {
                let threads: Vec<_> = (0..4)
                    .map(|_| {
                        let (command, store) = (store.command(id.clone(), "things.raise", OFFICER), &store);
                        scope.spawn(move || store.write_blocking(command, move |tx| raise(tx, thing, before)).unwrap())
                    })
                    .collect();
                threads.into_iter().map(|t| t.join().unwrap()).collect()
            });
            assert_eq!(answers, HashSet::from([before + 1]));
        }
    });
}

fn amount(store: &store::Store, thing: Id) -> i64 {
    let sql = "SELECT coalesce(amount, 0) FROM thing WHERE id = $1";
    store.read_blocking(|r| r.one::<(i64,)>(sql, params![thing])).unwrap().0
}

fn raise(tx: &mut store::Tx<'_>, thing: Id, seen: i64) -> types::Result<i64> {
    tx.not_audited("a test");
    tx.lock("thing", thing)?;
    let (now,): (i64,) = tx.one("SELECT coalesce(amount, 0) FROM thing WHERE id = $1", params![thing])?;
    if now != seen {
        return Err(types::Error::conflict("vừa được người khác xử lý"));
    }
    tx.exec("UPDATE thing SET amount = $1 WHERE id = $2", params![now + 1, thing])?;
    Ok(now + 1)
}

#[test]
fn old_commands_without_an_audit_entry_are_forgotten_and_others_stay() {
    each_engine(|db| {
        let old = clock("2026-11-01T08:00:00+07:00");
        let store = db.migrate(&[THINGS]).open_with(options_at(&old));
        store.write_blocking(command(&store), |tx| put(tx, "còn")).unwrap();
        for n in 0..1_203 {
            let id = format!("touch-{n:06}").parse().unwrap();
            let touch = store.command(id, "things.touch", Actor::Anyone);
            store.write_blocking(touch, |_| Ok(())).unwrap();
        }
        assert_eq!(store::command::forget_old(&store).unwrap(), 0, "a form may stay open for days");
        drop(store);
        let later = clock("2026-11-09T08:00:00+07:00");
        let store = db.open_with(options_at(&later));
        assert_eq!(store::command::forget_old(&store).unwrap(), 1_203);
        let with_audits: i64 = store
            .read_blocking(|r| r.one::<(i64,)>("SELECT count(*) FROM command WHERE audits > 0", params![]))
            .unwrap()
            .0;
        assert_eq!((with_audits, names(&store)), (1, vec!["còn".to_owned()]));
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

#[test]
fn insertions_that_go_together_are_held_to_each_other_and_told_apart_when_one_fails() {
    const THING: &str = "INSERT INTO thing (id, name, done) VALUES ($1, $2, $3)";
    const PART: &str = "INSERT INTO part (id, thing_id, name) VALUES ($1, $2, $3)";
    each_engine(|db| {
        let store = db.migrate(&[THINGS]).open_with(Options { writers: 1, ..options() });
        let send = |first: i64, owner: i64, again: i64| {
            store.write_blocking(command(&store), move |tx| {
                tx.not_audited("a test");
                tx.exec(THING, params![first, "một", false])?;
                tx.exec(PART, params![first, owner, "của một"])?;
                tx.exec(THING, params![again, "hai", false])
            })
        };
        // Twice, since what a connection sees for the first time goes alone.
        for round in [10, 20] {
            send(round, round, round + 1).unwrap();
            assert!(send(round + 2, round, round).is_err(), "one is there already");
            assert!(send(round + 2, 999, round + 3).is_err(), "the whole of a part is nowhere");
        }
        assert_eq!(names(&store), ["một", "hai", "một", "hai"]);
    });
}
