//! A backup that is not whole is refused, and a restore that breaks off leaves nothing.

use super::house::{CREATE, THINGS, assert_still_empty, attach, backup, circle, dump, furnish, modules, out, restore};
use crate::backup::{BackupFile, Modules, Summary, archive, content, load, save};
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use store::migrate::Migration;
use store::{Engine, Location, schema, snapshot};
use testkit::{TestDatabase, each_engine};

/// Furnishes a house and answers a backup of it.
fn make(db: &TestDatabase) -> PathBuf {
    let store = db.migrate(&[THINGS]).open();
    furnish(&store, 300);
    circle(db);
    attach(&store, &db.dir, "Đơn xin xác nhận".as_bytes());
    drop(store);
    let path = out(db);
    backup(db, &path).unwrap();
    path
}

/// A backup of a furnished house, where it does not matter which engine it comes from.
fn made() -> (TestDatabase, PathBuf) {
    let db = TestDatabase::sqlite();
    let path = make(&db);
    (db, path)
}

#[test]
fn a_database_that_is_not_empty_is_refused_and_left_alone() {
    let (_source, path) = made();
    each_engine(|db| {
        db.migrate(&[THINGS]);
        let before = dump(&db.location);
        let refused = restore(&path, &db).unwrap_err();
        assert_eq!(refused.code(), "conflict");
        assert!(
            refused.to_string().contains("không trống") && refused.to_string().contains("cơ sở dữ liệu mới"),
            "{refused}"
        );
        assert_eq!(dump(&db.location), before);
    });
}

#[test]
fn a_flipped_byte_anywhere_is_found() {
    each_engine(|source| {
        let path = make(&source);
        let whole = fs::read(&path).unwrap();
        let db = TestDatabase::on(source.engine());
        let broken = db.dir.join("broken");
        for place in [8, whole.len() / 4, whole.len() / 2, whole.len() - 2000, whole.len() - 1] {
            let mut bytes = whole.clone();
            bytes[place] ^= 0x10;
            fs::write(&broken, &bytes).unwrap();
            let refused = restore(&broken, &db).map(|_| place).unwrap_err();
            assert_eq!(refused.code(), "conflict", "byte {place}: {refused} {}", refused.inward());
            assert_still_empty(&db);
        }
        for length in [0, 10, whole.len() / 2, whole.len() - 1] {
            fs::write(&broken, &whole[..length]).unwrap();
            let refused = restore(&broken, &db).map(|_| length).unwrap_err();
            assert_eq!(refused.code(), "conflict", "cut at {length}: {refused} {}", refused.inward());
            assert_still_empty(&db);
        }
        fs::write(&broken, "không phải bản sao lưu").unwrap();
        assert!(restore(&broken, &db).unwrap_err().to_string().contains("không phải là bản sao lưu"));
        assert_eq!(restore(&db.dir.join("không có"), &db).unwrap_err().code(), "unavailable");
        assert_still_empty(&db);
    });
}

/// Writes a backup anew, with its entries changed by `change`: an empty answer leaves one out.
fn repack(path: &Path, to: &Path, change: impl Fn(&str, Vec<u8>) -> Option<Vec<u8>>) {
    let mut writer = archive::Writer::create(&BackupFile::at(to), types::Timestamp::now()).unwrap();
    archive::read(&BackupFile::at(path), |name, _, entry| {
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        change(name, bytes).map_or(Ok(()), |bytes| writer.add(name, &bytes))
    })
    .unwrap();
    writer.finish().unwrap();
}

fn in_text(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    String::from_utf8(bytes.to_vec()).unwrap().replacen(from, to, 1).into_bytes()
}

#[test]
fn a_backup_that_was_packed_anew_with_other_contents_is_refused() {
    each_engine(|source| {
        let path = make(&source);
        let db = TestDatabase::on(source.engine());
        let is_thing = |name: &str| save::table_of(name) == Some("thing");
        type Change = Box<dyn Fn(&str, Vec<u8>) -> Option<Vec<u8>>>;
        let changes: [(&str, Change); 6] = [
            (
                "a changed value",
                Box::new(move |name, bytes| {
                    Some(if is_thing(name) { in_text(&bytes, "Hạnh", "Hanh") } else { bytes })
                }),
            ),
            ("a missing table", Box::new(move |name, bytes| (!is_thing(name)).then_some(bytes))),
            (
                "a changed file",
                Box::new(|name, bytes| Some(if content::hash_of(name).is_some() { b"khac".to_vec() } else { bytes })),
            ),
            ("a missing file", Box::new(|name, bytes| content::hash_of(name).is_none().then_some(bytes))),
            ("no manifest", Box::new(|name, bytes| (name != archive::MANIFEST).then_some(bytes))),
            (
                "another sum",
                Box::new(|name, bytes| {
                    Some(if name == archive::MANIFEST {
                        in_text(&bytes, "\"rows\": 300", "\"rows\": 299")
                    } else {
                        bytes
                    })
                }),
            ),
        ];
        for (n, (what, change)) in changes.iter().enumerate() {
            let broken = source.dir.join(format!("broken-{n}"));
            repack(&path, &broken, change);
            let refused = restore(&broken, &db).map(|_| what).unwrap_err();
            assert!(refused.to_string().contains("Chưa có gì được phục hồi"), "{what}: {refused}");
            assert_still_empty(&db);
        }
        let same = source.dir.join("same");
        repack(&path, &same, |_, bytes| Some(bytes));
        restore(&same, &db).unwrap();
    });
}

#[test]
fn a_restore_that_breaks_off_leaves_the_database_empty_and_can_begin_again() {
    let (source, path) = made();
    each_engine(|db| {
        for point in ["Bảng unit", "Bảng thing", "Tệp nội dung", "Lập lại chỉ mục tìm kiếm"] {
            let broken = catch_unwind(AssertUnwindSafe(|| {
                load::load(&BackupFile::at(&path), &db.location, &db.dir, &modules(), &mut |what, _| {
                    assert!(what != point, "mất điện ở {what}")
                })
            }));
            assert!(broken.is_err(), "{point} was reached");
            assert_still_empty(&db);
        }
        restore(&path, &db).unwrap();
        assert_eq!(dump(&db.location), dump(&source.location));
    });
}

#[test]
fn a_power_cut_in_the_middle_leaves_an_empty_database() {
    let (source, path) = made();
    let db = TestDatabase::sqlite();
    let Location::Sqlite(file) = &db.location else { unreachable!("a SQLite database") };
    let after = TestDatabase::sqlite();
    let Location::Sqlite(left) = &after.location else { unreachable!("a SQLite database") };
    let mut cut = false;
    load::load(&BackupFile::at(&path), &db.location, &db.dir, &modules(), &mut |what, _| {
        if what == "Lập lại chỉ mục tìm kiếm" && !cut {
            cut = true;
            for end in ["", "-wal"] {
                fs::copy(format!("{}{end}", file.display()), format!("{}{end}", left.display())).unwrap();
            }
        }
    })
    .unwrap();
    assert!(cut, "what stood on the disk in the middle was kept");
    assert_still_empty(&after);
    restore(&path, &after).unwrap();
    assert_eq!(dump(&after.location), dump(&source.location));
}

#[test]
fn a_row_that_refers_to_nothing_is_refused() {
    let (source, _) = made();
    source.script("PRAGMA foreign_keys = OFF; INSERT INTO member (id, head_id) VALUES (77, 404)");
    let path = source.dir.join("orphan");
    backup(&source, &path).unwrap();
    each_engine(|db| {
        let refused = restore(&path, &db).unwrap_err();
        assert!(refused.inward().contains("member") || refused.inward().contains("head"), "{}", refused.inward());
        assert_still_empty(&db);
    });
}

#[test]
fn an_older_backup_is_restored_and_brought_up_to_date() {
    const SECOND: Migration = Migration::new(
        2,
        "add_seen",
        "ALTER TABLE thing ADD COLUMN seen BIGINT NOT NULL DEFAULT 7; CREATE TABLE seen (id {PK});",
    );
    const MORE: Migration = Migration::new(
        1,
        "create_more",
        "CREATE TABLE more (id {PK}, thing_id BIGINT NOT NULL REFERENCES thing (id)); CREATE INDEX more_thing ON more (thing_id);",
    );
    let (_source, path) = made();
    let newer =
        || Modules { migrations: vec![("things", &[CREATE, SECOND]), ("more", &[MORE])], reindex: modules().reindex };
    each_engine(|db| {
        load::load(&BackupFile::at(&path), &db.location, &db.dir, &newer(), &mut |_, _| ()).unwrap();
        snapshot::hold(&db.location, |r| {
            store::migrate::verify(r, &newer().migrations)?;
            let seen: (i64, i64) = r.one("SELECT min(seen), count(*) FROM thing", store::params![])?;
            assert_eq!(seen, (7, 300));
            assert!(schema::tables(r)?.iter().any(|table| table.name == "more"));
            Ok(())
        })
        .unwrap();
        let newest = db.dir.join("newest");
        backup(&db, &newest).unwrap();
        let behind = TestDatabase::on(Engine::Sqlite);
        let refused = restore(&newest, &behind).unwrap_err();
        assert!(refused.to_string().contains("phiên bản mới hơn"), "{refused}");
        assert_still_empty(&behind);
    });
}

#[test]
fn a_backup_of_another_schema_is_refused() {
    const OTHER: Migration = Migration::new(1, "create_things", "CREATE TABLE thing (id {PK});");
    let (_source, path) = made();
    let other = Modules { migrations: vec![("things", &[OTHER])], reindex: Vec::new() };
    each_engine(|db| {
        let refused = load::load(&BackupFile::at(&path), &db.location, &db.dir, &other, &mut |_, _| ()).unwrap_err();
        assert!(refused.to_string().contains("things 0001 create_things"), "{refused}");
        assert_still_empty(&db);
    });
}

#[test]
fn a_backup_is_never_written_over_and_a_failed_one_leaves_nothing() {
    each_engine(|source| {
        let path = make(&source);
        let whole = fs::read(&path).unwrap();
        assert_eq!(backup(&source, &path).unwrap_err().code(), "conflict");
        assert_eq!(fs::read(&path).unwrap(), whole);
        let nowhere = source.dir.join("không có").join("x");
        assert_eq!(backup(&source, &nowhere).unwrap_err().code(), "unavailable");
        let folder = source.dir.join("trống");
        fs::create_dir(&folder).unwrap();
        let broken = catch_unwind(AssertUnwindSafe(|| {
            save::save(&source.location, &source.dir, &BackupFile::at(&folder.join("x")), &mut |what, _| {
                assert!(what != "Bảng thing", "mất điện")
            })
        }));
        assert!(broken.is_err());
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
        backup(&source, &folder.join("x")).unwrap();
        let names: Vec<_> = fs::read_dir(&folder).unwrap().map(|e| e.unwrap().file_name()).collect();
        assert_eq!(names, ["x"]);
    });
}

#[test]
fn missing_and_damaged_content_is_told_and_does_not_stop_the_others() {
    for (from, to) in [(Engine::Sqlite, Engine::Postgres), (Engine::Postgres, Engine::Sqlite)] {
        let db = TestDatabase::on(from);
        let store = db.migrate(&[THINGS]).open();
        let hashes: Vec<String> =
            ["một", "hai", "ba", "bốn"].iter().map(|t| attach(&store, &db.dir, t.as_bytes())).collect();
        let file = |n: usize| db.dir.join(content::name(&hashes[n]));
        fs::remove_file(file(0)).unwrap();
        fs::write(file(1), "khác").unwrap();
        let summary = backup(&db, &out(&db)).unwrap();
        assert_eq!((&summary.missing, &summary.damaged), (&vec![hashes[0].clone()], &vec![hashes[1].clone()]));
        assert!(summary.to_string().contains("nhaviec check"), "{summary}");
        let copy = TestDatabase::on(to);
        let restored = restore(&out(&db), &copy).unwrap();
        assert_eq!((restored.missing, restored.damaged), (summary.missing, summary.damaged));
        let there = |n: usize| copy.dir.join(content::name(&hashes[n])).exists();
        assert_eq!([there(0), there(1), there(2), there(3)], [false, false, true, true]);
    }
}

#[test]
fn a_summary_reads_as_people_write_numbers() {
    let (db, _) = made();
    let summary = backup(&db, &db.dir.join("again")).unwrap();
    let sentence = Summary { rows: 1_234_567, files: 999, bytes: 1000, ..summary }.to_string();
    assert!(sentence.starts_with("Đã sao lưu 1.234.567 dòng của"), "{sentence}");
    assert!(sentence.contains("999 tệp (1.000 byte)"), "{sentence}");
}
