//! Asking: questions that go together, questions without a transaction, and which server is asked.

use crate::{THINGS, command, names, put};
use futures::executor::block_on;
use std::net::TcpListener;
use std::thread;
use std::time::Duration;
use store::{Location, Options, Store, params, statements_run};
use testkit::postgres::server;
use testkit::{TestDatabase, each_engine, fresh_command, options};
use types::{Error, Id};

const AMOUNT: &str = "SELECT amount FROM thing WHERE id = $1";
const ADDED: &str = "UPDATE thing SET amount = amount + 1 WHERE id = $1 RETURNING amount";
const THING: &str = "INSERT INTO thing (id, name, done, amount) VALUES (1, 'một', false, 0)";

#[test]
fn a_command_that_its_own_changes_would_refuse_is_answered_when_it_is_sent_again() {
    each_engine(|db| {
        let store = db.migrate(&[THINGS]).open();
        db.script(THING);
        let id = fresh_command();
        let send = |id| {
            store.write_blocking(store.command(id, "things.finish", crate::OFFICER), |tx| {
                put(tx, "việc đã xong")?;
                match tx.exec_counted("UPDATE thing SET done = true WHERE id = 1 AND NOT done", params![])? {
                    1 => Ok("xong".to_owned()),
                    _ => Err(Error::conflict("Việc này đã xong.")),
                }
            })
        };
        assert_eq!(send(id.clone()).unwrap(), "xong");
        assert_eq!(send(id).unwrap(), "xong", "the same command");
        assert_eq!(send(fresh_command()).unwrap_err().code(), "conflict", "another one");
        assert_eq!(names(&store).iter().filter(|name| *name == "việc đã xong").count(), 1);
    });
}

#[test]
fn what_is_foreseen_is_answered_as_of_the_next_question() {
    each_engine(|db| {
        let store = db.migrate(&[THINGS]).open_with(Options { writers: 1, ..options() });
        db.script(THING);
        let asked_before = |round: i64| {
            store.write_blocking(command(&store), move |tx| {
                tx.not_audited("a test");
                let before = statements_run();
                tx.foresee(AMOUNT, params![Id(1)]);
                let (added,): (i64,) = tx.one(ADDED, params![Id(1)])?;
                let (amount,): (i64,) = tx.one(AMOUNT, params![Id(1)])?;
                let (now,): (i64,) = tx.one(AMOUNT, params![Id(1)])?;
                assert_eq!(added, round + 1);
                assert_eq!(now, round + 1, "asked once more it is asked anew");
                assert!(statements_run() >= before + 3);
                Ok(amount)
            })
        };
        for round in 0..3 {
            // Where nothing is foreseen, and for what a connection does not know yet, it is asked when it is asked.
            let amount = asked_before(round).unwrap();
            assert!([round, round + 1].contains(&amount), "{amount} in round {round}");
            assert_eq!(db.engine() == store::Engine::Postgres && round > 0, amount == round, "round {round}");
        }
    });
}

#[test]
fn what_was_foreseen_and_not_asked_for_is_forgotten() {
    each_engine(|db| {
        let store = db.migrate(&[THINGS]).open_with(Options { writers: 1, ..options() });
        db.script(THING);
        for round in 1..4 {
            let (amount, other) = store
                .write_blocking(command(&store), |tx| {
                    tx.not_audited("a test");
                    let (amount,): (i64,) = tx.one(AMOUNT, params![Id(1)])?;
                    tx.exec("UPDATE thing SET amount = amount + 1 WHERE id = 1", params![])?;
                    tx.foresee(AMOUNT, params![Id(1)]);
                    tx.foresee(AMOUNT, params![Id(2)]);
                    Ok((amount, tx.opt::<(i64,)>(AMOUNT, params![Id(2)])?))
                })
                .unwrap();
            assert_eq!((amount, other), (round - 1, None), "nothing of the write before is taken for an answer");
        }
    });
}

#[test]
fn a_question_that_fails_beside_what_was_foreseen_is_told() {
    each_engine(|db| {
        let store = db.migrate(&[THINGS]).open_with(Options { writers: 1, ..options() });
        db.script(THING);
        let broken = "SELECT 1 / (amount - amount) FROM thing WHERE id = $1";
        for _ in 0..2 {
            let outcome = store.write_blocking(command(&store), move |tx| {
                put(tx, "mất")?;
                tx.foresee(AMOUNT, params![Id(1)]);
                // SQLite divides by zero without a word.
                let divided = tx.opt::<(Option<i64>,)>(broken, params![Id(1)])?;
                assert_eq!(divided, Some((None,)));
                let (amount,): (i64,) = tx.one(AMOUNT, params![Id(1)])?;
                Err::<i64, _>(Error::conflict(amount.to_string()))
            });
            let code = if db.engine() == store::Engine::Postgres { "internal" } else { "conflict" };
            assert_eq!(outcome.unwrap_err().code(), code);
        }
        assert_eq!(names(&store), ["một"]);
    });
}

#[test]
fn a_glance_sees_what_is_there_and_outlives_its_connection() {
    each_engine(|db| {
        let store = db.migrate(&[THINGS]).open_with(Options { readers: 1, ..options() });
        db.script(THING);
        let glance = || block_on(store.glance(|reader| reader.one::<(i64,)>(AMOUNT, params![Id(1)]))).unwrap().0;
        assert_eq!(glance(), 0);
        db.script("UPDATE thing SET amount = 7");
        assert_eq!(glance(), 7);
        if store.engine() == store::Engine::Postgres {
            let pid = |r: &mut store::Reader<'_>| r.one::<(i64,)>("SELECT CAST(pg_backend_pid() AS BIGINT)", params![]);
            let open = "SELECT count(*) FROM pg_stat_activity WHERE pid = $1 AND state LIKE 'idle in transaction%'";
            let (old,) = block_on(store.glance(pid)).unwrap();
            let open: (i64,) = store.read_blocking(|r| r.one(open, params![old])).unwrap();
            assert_eq!(open, (0,), "no transaction is left behind");
            // Twice: before a glance, and in the midst of one, which has no transaction to lose.
            server().run(&format!("SELECT pg_terminate_backend({old}, 5000)"));
            assert_eq!(glance(), 7);
            let twice = block_on(store.glance(move |reader| {
                let (first,) = pid(reader)?;
                server().run(&format!("SELECT pg_terminate_backend({first}, 5000)"));
                Ok((first, pid(reader)?.0))
            }));
            let (first, second) = twice.unwrap();
            assert_ne!(first, second);
        }
        // A view after a glance over the same connection is one state again.
        let view = store.read_blocking(|reader| {
            let before: (i64,) = reader.one(AMOUNT, params![Id(1)])?;
            db.script("UPDATE thing SET amount = 8");
            Ok((before, reader.one::<(i64,)>(AMOUNT, params![Id(1)])?))
        });
        assert_eq!(view.unwrap(), ((7,), (7,)));
    });
}

/// A read that PostgreSQL answers after so many seconds.
fn slow(store: &Store, seconds: u32) -> types::Result<i64> {
    let sql = format!("SELECT 1::BIGINT FROM pg_sleep({seconds})");
    block_on(store.glance(move |reader| reader.one::<(i64,)>(&sql, params![]))).map(|(one,)| one)
}

#[test]
fn a_server_that_keeps_silent_is_given_up_and_the_next_read_goes_on() {
    let db = TestDatabase::postgres();
    let patience = Duration::from_millis(500);
    let store = db.migrate(&[THINGS]).open_with(Options { readers: 1, read_answer_max: patience, ..options() });
    assert_eq!(slow(&store, 0).unwrap(), 1);
    assert_eq!(slow(&store, 20).unwrap_err().code(), "unavailable");
    assert_eq!(slow(&store, 0).unwrap(), 1);
    // What takes long on purpose has a connection with all the patience in the world.
    let long = store.read_blocking(|reader| reader.one::<(i64,)>("SELECT 1::BIGINT FROM pg_sleep(1)", params![]));
    assert_eq!(long.unwrap(), (1,));
}

#[test]
fn reads_beyond_the_line_are_told_that_all_are_busy() {
    let db = TestDatabase::postgres();
    let store = db.migrate(&[THINGS]).open_with(Options { readers: 1, queue: 2, ..options() });
    let reads: Vec<_> = (0..6)
        .map(|_| {
            let store = store.clone();
            thread::spawn(move || slow(&store, 1))
        })
        .collect();
    let answers: Vec<_> = reads.into_iter().map(|read| read.join().unwrap()).collect();
    let busy = answers.iter().filter(|answer| answer.as_ref().is_err_and(|error| error.code() == "busy")).count();
    assert_eq!((busy, answers.iter().filter(|answer| answer.is_ok()).count()), (3, 3), "one reads, two wait in line");
    assert_eq!(store.pulse().reads_waiting, Some(0));
}

/// The address `of` a database, with what `hosts` makes of its folder as its servers, and `wish` added.
fn address(of: &str, hosts: impl Fn(&str) -> String, wish: &str) -> Location {
    let (user, rest) = of.split_once('@').unwrap();
    let (folder, path) = rest.split_once('/').unwrap();
    let joint = if path.contains('?') { '&' } else { '?' };
    let wish = if wish.is_empty() { String::new() } else { format!("{joint}target_session_attrs={wish}") };
    Location::Postgres(format!("{user}@{}/{path}{wish}", hosts(folder)))
}

#[test]
fn the_first_server_that_suits_is_asked() {
    let db = TestDatabase::postgres();
    db.migrate(&[THINGS]);
    let Location::Postgres(url) = db.open().location().clone() else { panic!("PostgreSQL") };
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let open = |hosts: &dyn Fn(&str) -> String, wish| Store::open(&address(&url, hosts, wish), options());
    let second = |real: &str| format!("{nobody},{real}");
    open(&second, "").unwrap();
    open(&second, "read-write").unwrap();
    let error = open(&second, "read-only").err().unwrap();
    assert_eq!(error.code(), "unavailable");
    assert!(error.inward().contains("transaction_read_only is off"), "{}", error.inward());
    let error = open(&|_| nobody.to_string(), "").err().unwrap();
    assert!(error.inward().contains("refused"), "{}", error.inward());
}

#[test]
fn a_server_that_takes_the_connection_and_keeps_silent_is_given_up() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    let held =
        thread::spawn(move || silent.accept().map(|(stream, _)| (stream, thread::sleep(Duration::from_secs(30)))));
    let location = Location::Postgres(format!("postgres://a@127.0.0.1:{port}/b"));
    let (sender, told) = std::sync::mpsc::channel();
    thread::spawn(move || sender.send(Store::open(&location, options()).err().map(|error| error.code())));
    assert_eq!(told.recv_timeout(Duration::from_secs(28)).unwrap(), Some("unavailable"));
    drop(held);
}
