//! From place to place without a file between: everything arrives, or nothing does and the copy begins again.

use super::house::{
    CREATE, THINGS, assert_still_empty, attach, circle, copy_to, dump, find, furnish, furnish_late, modules, place,
};
use crate::anchor;
use crate::backup::{Modules, Place, content, copy};
use std::fs::{self, File};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, UNIX_EPOCH};
use store::migrate::Migration;
use store::{Engine, Store, audit, params, snapshot};
use testkit::{TestDatabase, each_engine};

const BOTH_WAYS: [(Engine, Engine); 2] = [(Engine::Sqlite, Engine::Postgres), (Engine::Postgres, Engine::Sqlite)];

/// A furnished house with these files; answers their hashes.
fn furnished(db: &TestDatabase, files: &[&str]) -> (Store, Vec<String>) {
    let store = db.migrate(&[THINGS]).open();
    furnish(&store, 300);
    circle(db);
    let hashes = files.iter().map(|text| attach(&store, &db.dir, text.as_bytes())).collect();
    while audit::seal(&store).unwrap() > 0 {}
    (store, hashes)
}

fn leases(db: &TestDatabase) -> i64 {
    snapshot::hold(&db.location, |r| r.one::<(i64,)>("SELECT count(*) FROM lease", params![])).unwrap().0
}

#[test]
fn everything_arrives_in_all_four_directions() {
    for from in [Engine::Sqlite, Engine::Postgres] {
        let db = TestDatabase::on(from);
        let (store, hashes) = furnished(&db, &["", "Giấy khai sinh", "Đơn xin xác nhận"]);
        furnish_late(&store);
        let (before, head) = (dump(&db.location), snapshot::hold(&db.location, audit::head).unwrap());
        assert!(head.number > 0);
        for to in [Engine::Sqlite, Engine::Postgres] {
            let other = TestDatabase::on(to);
            let copied = copy_to(&db, &other).unwrap_or_else(|e| panic!("{from:?} to {to:?}: {e} {}", e.inward()));
            assert_eq!(copied.rows, before.values().map(|rows| rows.len() as u64).sum::<u64>());
            assert_eq!((copied.tables, copied.files, copied.present), (before.len(), 3, 0));
            assert_eq!(copied.head, head);
            let after = dump(&other.location);
            for (table, rows) in &before {
                assert!(rows == &after[table], "{table} differs from {from:?} to {to:?}");
            }
            assert_eq!((before.len(), leases(&other)), (after.len(), 0));
            for hash in &hashes {
                let read = |db: &TestDatabase| fs::read(db.dir.join(content::name(hash))).unwrap();
                assert_eq!(read(&db), read(&other));
            }
            let again = other.open();
            assert_eq!(find(&again, "ưởng"), find(&store, "ưởng"));
            assert_eq!(again.read_blocking(|r| audit::verify(r, Some(&head))).unwrap(), Vec::<String>::new());
            furnish_late(&again);
        }
    }
}

#[test]
fn a_house_in_use_is_copied_only_when_that_is_asked_for_and_as_it_was_then() {
    for (from, to) in BOTH_WAYS {
        let (db, other) = (TestDatabase::on(from), TestDatabase::on(to));
        let (store, _) = furnished(&db, &["một"]);
        let before = dump(&db.location);
        let copy = |while_serving| {
            copy::copy(place(&db), place(&other), &modules(), while_serving, &mut |_, _| furnish_late(&store))
        };
        let refused = copy(false).unwrap_err();
        assert_eq!(refused.code(), "conflict");
        assert!(refused.to_string().contains("--while-serving"), "{refused}");
        assert_still_empty(&other);
        assert_eq!(copy(true).unwrap().present, 0);
        assert_eq!(dump(&other.location), before, "what was written meanwhile is not in it");
        assert!(dump(&db.location)["command"].len() > before["command"].len());
        drop(store);
        let last = TestDatabase::on(to);
        copy::copy(place(&db), place(&last), &modules(), false, &mut |_, _| ()).unwrap();
        assert_eq!(dump(&last.location), dump(&db.location));
    }
}

#[test]
fn a_copy_that_breaks_off_leaves_the_database_empty_and_can_begin_again() {
    for (from, to) in BOTH_WAYS {
        let (db, other) = (TestDatabase::on(from), TestDatabase::on(to));
        let (_store, _) = furnished(&db, &["một", "hai"]);
        for point in ["Tệp nội dung", "Bảng unit", "Bảng thing", "Lập lại chỉ mục tìm kiếm"] {
            let broken = catch_unwind(AssertUnwindSafe(|| {
                copy::copy(place(&db), place(&other), &modules(), true, &mut |what, _| {
                    assert!(what != point, "mất điện ở {what}");
                })
            }));
            assert!(broken.is_err(), "{point} was reached");
            assert_still_empty(&other);
        }
        let copied = copy_to(&db, &other).unwrap();
        assert_eq!((copied.files, copied.present), (2, 2), "the files lay there already");
        assert!(copied.to_string().contains("2 tệp đã có sẵn"), "{copied}");
        assert_eq!(dump(&other.location), dump(&db.location));
    }
}

#[test]
fn missing_and_damaged_content_ends_the_copy_and_what_is_whole_is_not_copied_again() {
    for (from, to) in BOTH_WAYS {
        let (db, other) = (TestDatabase::on(from), TestDatabase::on(to));
        let (_store, hashes) = furnished(&db, &["một", "hai", "ba"]);
        let path = |db: &TestDatabase, n: usize| db.dir.join(content::name(&hashes[n]));
        fs::remove_file(path(&db, 0)).unwrap();
        fs::write(path(&db, 1), "khác").unwrap();
        let refused = copy_to(&db, &other).unwrap_err();
        assert_eq!(refused.code(), "conflict");
        let told = refused.to_string();
        assert!(told.contains("2 tệp nội dung") && told.contains(&hashes[0]) && told.contains("vẫn trống"), "{told}");
        assert_still_empty(&other);
        assert_eq!([0, 1, 2].map(|n| path(&other, n).exists()), [false, false, true]);
        let left = fs::read_dir(path(&other, 1).parent().unwrap()).map_or(0, Iterator::count);
        assert_eq!(left, 0, "nothing remains of the damaged one");
        fs::write(path(&db, 0), "một").unwrap();
        fs::write(path(&db, 1), "hai").unwrap();
        // One that is there with other bytes is replaced; one that is whole is not touched.
        fs::create_dir_all(path(&other, 0).parent().unwrap()).unwrap();
        fs::write(path(&other, 0), "mo").unwrap();
        let long_ago = UNIX_EPOCH + Duration::from_secs(1_700_000_000);
        File::options().write(true).open(path(&other, 2)).unwrap().set_modified(long_ago).unwrap();
        let copied = copy_to(&db, &other).unwrap();
        assert_eq!((copied.files, copied.present), (3, 1));
        assert_eq!(fs::metadata(path(&other, 2)).unwrap().modified().unwrap(), long_ago);
        for n in 0..3 {
            assert_eq!(fs::read(path(&other, n)).unwrap(), fs::read(path(&db, n)).unwrap());
        }
        assert_eq!(dump(&other.location), dump(&db.location));
    }
}

#[test]
fn the_names_of_copied_files_are_durable_up_to_the_data_folder() {
    each_engine(|db| {
        let (_store, hashes) = furnished(&db, &["một"]);
        let other = TestDatabase::on(db.engine());
        for _ in 0..2 {
            content::SYNCED.take();
            // The second time to a fresh database, over a folder in which the file lies already.
            let fresh = TestDatabase::on(db.engine());
            let to = Place { database: &fresh.location, data: &other.dir };
            copy::copy(place(&db), to, &modules(), true, &mut |_, _| ()).unwrap();
            let synced = content::SYNCED.take();
            for folder in other.dir.join(content::name(&hashes[0])).ancestors().skip(1).take(4) {
                assert!(synced.iter().any(|s| s == folder), "{} was not synced: {synced:?}", folder.display());
            }
        }
    });
}

#[test]
fn what_arrives_otherwise_than_it_was_sent_is_noticed() {
    let (db, other) = (TestDatabase::postgres(), TestDatabase::sqlite());
    let (_store, _) = furnished(&db, &[]);
    // SQLite has no such number and keeps NULL in its place, without a word.
    db.script("UPDATE thing SET score = 'NaN' WHERE id = 7");
    let refused = copy_to(&db, &other).unwrap_err();
    assert_eq!(refused.code(), "conflict");
    assert!(refused.to_string().contains("bảng thing đến nơi khác"), "{refused}");
    assert_still_empty(&other);
    db.script("UPDATE thing SET score = 0.5 WHERE id = 7");
    copy_to(&db, &other).unwrap();
}

#[test]
fn a_database_that_is_not_empty_is_refused_and_left_alone() {
    for (from, to) in BOTH_WAYS {
        let (db, other) = (TestDatabase::on(from), TestDatabase::on(to));
        let (_store, hashes) = furnished(&db, &["một"]);
        other.migrate(&[THINGS]);
        let before = dump(&other.location);
        let refused = copy_to(&db, &other).unwrap_err();
        assert_eq!(refused.code(), "conflict");
        assert!(refused.to_string().contains("không trống"), "{refused}");
        assert_eq!(dump(&other.location), before);
        assert!(!other.dir.join(content::name(&hashes[0])).exists());
    }
}

#[test]
fn nothing_is_copied_onto_itself() {
    each_engine(|db| {
        let (_store, hashes) = furnished(&db, &["một"]);
        let before = dump(&db.location);
        let other = TestDatabase::on(db.engine());
        let roundabout = db.dir.join("files").join("..");
        let folders = [
            Place { database: &db.location, data: &db.dir },
            Place { database: &db.location, data: &other.dir },
            Place { database: &other.location, data: &db.dir },
            Place { database: &other.location, data: &roundabout },
        ];
        for to in folders {
            let refused = copy::copy(place(&db), to, &modules(), true, &mut |_, _| ()).unwrap_err();
            assert_eq!(refused.code(), "conflict");
            assert!(refused.to_string().contains("Nơi đến trùng"), "{to:?}: {refused}");
        }
        assert_still_empty(&other);
        assert_eq!(dump(&db.location), before);
        assert!(db.dir.join(content::name(&hashes[0])).exists());
    });
}

#[test]
fn a_house_of_another_schema_is_told_and_not_copied() {
    const SECOND: Migration = Migration::new(2, "create_more", "CREATE TABLE more (id {PK});");
    let newer = || Modules { migrations: vec![("things", &[CREATE, SECOND])], reindex: modules().reindex };
    for (from, to) in BOTH_WAYS {
        let (db, other) = (TestDatabase::on(from), TestDatabase::on(to));
        let (_store, _) = furnished(&db, &[]);
        let copy = |modules: &Modules| copy::copy(place(&db), place(&other), modules, true, &mut |_, _| ());
        let older = copy(&newer()).unwrap_err();
        assert!(older.to_string().contains("nhaviec migrate"), "{older}");
        db.migrate(&newer().migrations);
        let refused = copy(&modules()).unwrap_err();
        assert!(refused.to_string().contains("phiên bản mới hơn"), "{refused}");
        assert_still_empty(&other);
        copy(&newer()).unwrap();
    }
}

#[test]
fn nobody_takes_content_files_away_on_either_side_while_a_copy_runs() {
    let (db, other) = (TestDatabase::sqlite(), TestDatabase::sqlite());
    let (_store, _) = furnished(&db, &["một"]);
    let mut told = 0;
    copy::copy(place(&db), place(&other), &modules(), true, &mut |what, _| {
        told += 1;
        let is_free = |db: &TestDatabase| File::open(db.dir.join("files/.lock")).unwrap().try_lock().is_ok();
        assert!(!is_free(&db), "{what}: the old place could be held alone");
        if what == "Tệp nội dung" {
            assert!(!is_free(&other), "the new place could be held alone");
        }
    })
    .unwrap();
    assert!(told > 2, "rows and files were told of");
}

#[test]
fn an_audit_that_was_cut_is_not_copied_into_a_whole_one() {
    each_engine(|db| {
        let (store, _) = furnished(&db, &["một"]);
        anchor::write(&db.dir, &store.read_blocking(audit::head).unwrap()).unwrap();
        drop(store);
        db.script("DELETE FROM audit_seal WHERE number = (SELECT max(number) FROM audit_seal)");
        let other = TestDatabase::on(Engine::Sqlite);
        let refused = copy_to(&db, &other).unwrap_err();
        assert_eq!(refused.code(), "conflict");
        assert!(refused.to_string().contains("Nhật ký kiểm toán"), "{refused}");
        assert_still_empty(&other);
    });
}

#[test]
fn what_would_not_last_is_no_place_to_copy_to() {
    let db = TestDatabase::on(Engine::Sqlite);
    let (store, _) = furnished(&db, &["một"]);
    drop(store);
    for address in ["sqlite::memory:", "sqlite:file:x.db?mode=memory"] {
        let to = address.parse().unwrap();
        let data = tempfile::tempdir().unwrap();
        let to = Place { database: &to, data: data.path() };
        let refused = copy::copy(place(&db), to, &modules(), true, &mut |_, _| ()).unwrap_err();
        assert!(refused.to_string().contains("đường dẫn của một tệp"), "{refused}");
    }
    for folder in [db.dir.join("files"), db.dir.join("chua-co"), db.dir.parent().unwrap().to_owned()] {
        let other = TestDatabase::on(Engine::Sqlite);
        let to = Place { database: &other.location, data: &folder };
        let refused = copy::copy(place(&db), to, &modules(), true, &mut |_, _| ()).unwrap_err();
        assert!(refused.to_string().contains("trùng"), "{refused}");
    }
}
