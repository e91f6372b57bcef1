//! Sealed backups: they open with their key alone, a changed byte is noticed, and nothing of them can be read.

use super::house::{THINGS, assert_still_empty, attach, dump, furnish, modules, out};
use crate::backup::{BackupFile, Key, load, save};
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use testkit::{TestDatabase, each_engine};

/// A furnished house, its sealed backup and the key.
fn sealed(db: &TestDatabase) -> (PathBuf, Key) {
    let store = db.migrate(&[THINGS]).open();
    furnish(&store, 300);
    attach(&store, &db.dir, "một tệp có tên Lò Thị Mẩy".as_bytes());
    drop(store);
    let (path, key) = (out(db), Key::open(&db.dir).unwrap());
    save::save(&db.location, &db.dir, &BackupFile::at(&path).sealed(key.clone()), &mut |_, _| ()).unwrap();
    (path, key)
}

#[test]
fn a_sealed_backup_opens_with_its_key_and_no_other() {
    each_engine(|source| {
        let (path, key) = sealed(&source);
        let db = TestDatabase::on(source.engine());
        let restore = |backup: &BackupFile| load::load(backup, &db.location, &db.dir, &modules(), &mut |_, _| ());
        let told = restore(&BackupFile::at(&path)).unwrap_err();
        assert_eq!(told.code(), "conflict");
        assert!(told.to_string().contains("--key"), "{told}");
        let folder = tempfile::tempdir().unwrap();
        let told = restore(&BackupFile::at(&path).sealed(Key::open(folder.path()).unwrap())).unwrap_err();
        assert!(told.to_string().contains("khóa khác"), "{told}");
        assert_still_empty(&db);
        restore(&BackupFile::at(&path).sealed(key.clone())).unwrap();
        assert_eq!(dump(&db.location), dump(&source.location));
        // A backup that is not sealed opens whatever key is at hand.
        let open = source.dir.join("mo.tar.zst");
        save::save(&source.location, &source.dir, &BackupFile::at(&open), &mut |_, _| ()).unwrap();
        let other = TestDatabase::on(source.engine());
        let open = BackupFile::at(&open).sealed(key);
        load::load(&open, &other.location, &other.dir, &modules(), &mut |_, _| ()).unwrap();
    });
}

#[test]
fn a_sealed_backup_tells_nothing_and_a_changed_or_cut_one_is_refused() {
    let source = TestDatabase::sqlite();
    let (path, key) = sealed(&source);
    let whole = fs::read(&path).unwrap();
    assert!(whole.starts_with(b"age-encryption.org/v1"));
    // Neither what it holds nor the marks of a pack stand in it.
    for part in ["Lò Thị Mẩy".as_bytes(), b"manifest.json", &[0x28, 0xb5, 0x2f, 0xfd]] {
        assert!(!whole[64..].windows(part.len()).any(|window| window == part));
    }
    let db = TestDatabase::sqlite();
    let broken = source.dir.join("hong");
    let refused = |bytes: &[u8]| {
        fs::write(&broken, bytes).unwrap();
        let backup = BackupFile::at(&broken).sealed(key.clone());
        let error = load::load(&backup, &db.location, &db.dir, &modules(), &mut |_, _| ()).unwrap_err();
        assert!(["conflict", "unavailable"].contains(&error.code()), "{error} {}", error.inward());
        assert_still_empty(&db);
    };
    for place in [30, 120, whole.len() / 3, whole.len() / 2, whole.len() - 1] {
        let mut bytes = whole.clone();
        bytes[place] ^= 1;
        refused(&bytes);
    }
    for length in [21, 100, whole.len() / 2, whole.len() - 1] {
        refused(&whole[..length]);
    }
    refused(&[&whole[..], b"x"].concat());
}

#[test]
fn one_that_is_told_to_stop_leaves_nothing() {
    let source = TestDatabase::sqlite();
    let (path, key) = sealed(&source);
    let (stop, second) = (Arc::new(AtomicBool::new(false)), source.dir.join("hai"));
    let backup = BackupFile::at(&second).sealed(key.clone()).until(&stop);
    let error = save::save(&source.location, &source.dir, &backup, &mut |_, _| stop.store(true, Ordering::Relaxed));
    assert_eq!(error.unwrap_err().code(), "unavailable");
    assert!(!second.exists());
    assert!(
        !fs::read_dir(&source.dir).unwrap().any(|entry| entry
            .unwrap()
            .file_name()
            .to_string_lossy()
            .ends_with("partial"))
    );
    let db = TestDatabase::sqlite();
    let backup = BackupFile::at(&path).sealed(key).until(&stop);
    assert!(load::load(&backup, &db.location, &db.dir, &modules(), &mut |_, _| ()).is_err());
    assert_still_empty(&db);
}
