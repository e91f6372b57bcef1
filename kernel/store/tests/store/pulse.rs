//! What a store tells of itself: how commands ended, and what waits for how long.

use crate::{OFFICER, THINGS, command, put};
use store::{Backlog, Engine, audit, outbox, params};
use testkit::{clock, each_engine, fresh_command, options_at};
use types::{Error, Id};

#[test]
fn commands_are_counted_by_how_they_end() {
    each_engine(|db| {
        let store = db.migrate(&[THINGS]).open();
        let id = fresh_command();
        for _ in 0..2 {
            let same = store.command(id.clone(), "things.put", OFFICER);
            store.write_blocking(same, |tx| put(tx, "một lần")).unwrap();
        }
        let refused = store.write_blocking(command(&store), |_| Err::<(), _>(Error::conflict("không được")));
        assert_eq!(refused.unwrap_err().code(), "conflict");
        let failed = store
            .write_blocking(command(&store), |tx| tx.exec_counted("INSERT INTO nowhere (id) VALUES (1)", params![]));
        assert_eq!(failed.unwrap_err().code(), "internal");
        let pulse = store.pulse();
        assert_eq!((pulse.done, pulse.refused, pulse.failed, pulse.busy), (2, 1, 1, 0));
        assert_eq!((pulse.writes_waiting, pulse.background_waiting), (0, 0));
        let in_line = (db.engine() == Engine::Postgres).then_some(0);
        assert_eq!(pulse.reads_waiting, in_line, "SQLite reads on the thread that asks");
        assert_eq!(db.open().pulse().done, 0, "each store counts its own");
    });
}

#[test]
fn what_waits_is_told_with_its_age() {
    each_engine(|db| {
        let clock = clock("2026-11-20T08:00");
        let store = db.migrate(&[THINGS]).open_with(options_at(&clock));
        let backlogs = || store.read_blocking(|r| Ok((outbox::open(r)?, audit::unsealed(r)?))).unwrap();
        let nothing = Backlog { count: 0, since: None };
        assert_eq!(backlogs(), (nothing, nothing));
        assert_eq!(nothing.age_seconds(store.now()), 0);
        let began = store.now();
        for n in 0..3_i64 {
            let written = store.write_blocking(command(&store), move |tx| {
                put(tx, &format!("việc {n}"))?;
                tx.publish("things.put.v1", Id(n), &n)
            });
            written.unwrap();
            clock.set(store.now().plus_seconds(60));
        }
        let (events, entries) = backlogs();
        assert_eq!((events.count, entries.count), (3, 3));
        for backlog in [events, entries] {
            assert_eq!(backlog.age_seconds(store.now()), 180);
            assert_eq!(backlog.age_seconds(began.plus_seconds(-60)), 0, "a clock went back");
        }
        assert_eq!(outbox::deliver(&store, &[]).unwrap(), 3);
        assert_eq!(audit::seal(&store).unwrap(), 3);
        assert_eq!(backlogs(), (nothing, nothing));
    });
}
