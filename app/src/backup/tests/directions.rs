//! From either engine to either engine, while people work.

use super::house::{THINGS, attach, backup, circle, dump, find, furnish, furnish_late, out, restore};
use crate::backup::{BackupFile, archive, content, save};
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::thread;
use store::{Actor, Engine, audit, params};
use testkit::{TestDatabase, fresh_command};

const ENGINES: [Engine; 2] = [Engine::Sqlite, Engine::Postgres];

#[test]
fn everything_comes_back_in_all_four_directions() {
    for from in ENGINES {
        let db = TestDatabase::on(from);
        let store = db.migrate(&[THINGS]).open();
        furnish(&store, 3000);
        circle(&db);
        let files = [b"".to_vec(), "Giấy khai sinh".into(), vec![7; 300_000]];
        let hashes: Vec<String> = files.iter().map(|bytes| attach(&store, &db.dir, bytes)).collect();
        attach(&store, &db.dir, &files[1]);
        while audit::seal(&store).unwrap() > 0 {}
        furnish_late(&store);
        let summary = backup(&db, &out(&db)).unwrap();
        let before = dump(&db.location);
        assert_eq!(summary.rows, before.values().map(|rows| rows.len() as u64).sum::<u64>());
        assert_eq!((summary.files, summary.bytes), (3, 300_016));
        assert_eq!(summary.missing.len() + summary.damaged.len(), 0);
        for to in ENGINES {
            let copy = TestDatabase::on(to);
            let restored =
                restore(&out(&db), &copy).unwrap_or_else(|e| panic!("{from:?} to {to:?}: {e} {}", e.inward()));
            assert_eq!((restored.rows, restored.files, &restored.head), (summary.rows, 3, &summary.head));
            let after = dump(&copy.location);
            for (table, rows) in &before {
                assert!(
                    rows == &after[table],
                    "{table} differs from {from:?} to {to:?}: {:?}",
                    differ(rows, &after[table])
                );
            }
            assert_eq!(before.len(), after.len());
            assert!(before["thing"].len() == 3000 && before["unit"].len() == 3001 && before["label"].len() == 9000);
            for (hash, bytes) in hashes.iter().zip(&files) {
                assert_eq!(&std::fs::read(copy.dir.join(content::name(hash))).unwrap(), bytes);
            }
            let store_again = copy.open();
            assert_eq!(find(&store_again, "ưởng"), find(&store, "ưởng"));
            assert_eq!(find(&store_again, "uong").len(), 500);
            let found = store_again.read_blocking(|r| audit::verify(r, Some(&summary.head))).unwrap();
            assert_eq!(found, Vec::<String>::new());
            furnish_late(&store_again);
        }
    }
}

fn differ(a: &[String], b: &[String]) -> Option<(String, String)> {
    a.iter().zip(b).find(|(a, b)| a != b).map(|(a, b)| (a.clone(), b.clone()))
}

#[test]
fn a_backup_is_one_moment_although_everybody_writes_meanwhile() {
    for (from, to) in [(Engine::Sqlite, Engine::Postgres), (Engine::Postgres, Engine::Sqlite)] {
        let db = TestDatabase::on(from);
        let store = db.migrate(&[THINGS]).open();
        furnish(&store, 2000);
        let (stop, next) = (AtomicBool::new(false), AtomicI64::new(1));
        // Each write adds a head and its member, so that at every moment there are as many of both.
        let written = thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| {
                    while !stop.load(Ordering::SeqCst) {
                        let n = next.fetch_add(1, Ordering::SeqCst);
                        let command = store.command(fresh_command(), "things.pair", Actor::Anyone);
                        let pair = store.write_blocking(command, move |tx| {
                            tx.not_audited("a test");
                            tx.exec("INSERT INTO head (id, member_id) VALUES ($1, $1)", params![n])?;
                            tx.exec("INSERT INTO member (id, head_id) VALUES ($1, $1)", params![n])
                        });
                        pair.unwrap();
                    }
                });
            }
            while next.load(Ordering::SeqCst) < 50 {
                thread::yield_now();
            }
            let mut grew = 0;
            let mut last = next.load(Ordering::SeqCst);
            let made = save::save(&db.location, &db.dir, &BackupFile::at(&out(&db)), &mut |_, _| {
                // Writers go on between any two steps of the backup.
                while next.load(Ordering::SeqCst) < last + 5 {
                    thread::yield_now();
                }
                last = next.load(Ordering::SeqCst);
                grew += 1;
            });
            stop.store(true, Ordering::SeqCst);
            assert!(grew > 5);
            made.unwrap();
            next.load(Ordering::SeqCst)
        });
        let copy = TestDatabase::on(to);
        restore(&out(&db), &copy).unwrap();
        let rows = dump(&copy.location);
        let heads = rows["head"].len();
        assert_eq!(heads, rows["member"].len());
        assert!((1..written as usize - 10).contains(&heads), "{heads} of {written} stood when the backup began");
        let commands = rows["command"].len();
        assert_eq!(commands, heads + 20, "each command with what it wrote");
    }
}

#[test]
fn a_large_table_goes_through_in_pieces() {
    let db = TestDatabase::sqlite();
    let store = db.migrate(&[THINGS]).open();
    furnish(&store, 14_000);
    drop(store);
    backup(&db, &out(&db)).unwrap();
    let (mut pieces, mut largest) = (0, 0);
    archive::read(&BackupFile::at(&out(&db)), |name, size, _| {
        if save::table_of(name) == Some("thing") {
            (pieces, largest) = (pieces + 1, largest.max(size));
        }
        Ok(())
    })
    .unwrap();
    assert!(pieces > 1, "all of it in {pieces} entry of {largest} bytes");
    assert!(largest < 6 << 20);
}

#[test]
fn leases_stay_behind_and_the_second_backup_says_the_same() {
    for (from, to) in [(Engine::Sqlite, Engine::Postgres), (Engine::Postgres, Engine::Sqlite)] {
        let db = TestDatabase::on(from);
        let store = db.migrate(&[THINGS]).open();
        furnish(&store, 200);
        let first = backup(&db, &out(&db)).unwrap();
        let copy = TestDatabase::on(to);
        restore(&out(&db), &copy).unwrap();
        let leases: (i64,) =
            store::snapshot::hold(&copy.location, |r| r.one("SELECT count(*) FROM lease", params![])).unwrap();
        assert_eq!(leases, (0,));
        let second = backup(&copy, &out(&copy)).unwrap();
        assert_eq!(first, second);
    }
}
