//! The folder of content files: durable before the rows are, and left alone while it is copied.

use super::house::{THINGS, attach, backup, out, restore};
use crate::backup::{BackupFile, content, save};
use std::fs::{File, TryLockError};
use testkit::{TestDatabase, each_engine};

#[test]
fn the_names_of_restored_files_are_durable_up_to_the_data_folder() {
    each_engine(|db| {
        let store = db.migrate(&[THINGS]).open();
        let hash = attach(&store, &db.dir, "Giấy khai sinh".as_bytes());
        backup(&db, &out(&db)).unwrap();
        let copy = TestDatabase::on(db.engine());
        content::SYNCED.take();
        restore(&out(&db), &copy).unwrap();
        let synced = content::SYNCED.take();
        let path = copy.dir.join(content::name(&hash));
        for folder in path.ancestors().skip(1).take(4) {
            assert!(synced.iter().any(|s| s == folder), "{} was not synced: {synced:?}", folder.display());
        }
    });
}

#[test]
fn nobody_takes_content_files_away_while_a_backup_runs() {
    each_engine(|db| {
        let store = db.migrate(&[THINGS]).open();
        attach(&store, &db.dir, b"one");
        let mut told = 0;
        save::save(&db.location, &db.dir, &BackupFile::at(&out(&db)), &mut |_, _| {
            told += 1;
            let lock = File::open(db.dir.join("files/.lock")).expect("the folder has a lock");
            assert!(matches!(lock.try_lock(), Err(TryLockError::WouldBlock)), "it could be held alone");
        })
        .unwrap();
        assert!(told > 2, "rows and files were told of");
        assert!(File::open(db.dir.join("files/.lock")).unwrap().try_lock().is_ok(), "it is let go of");
    });
}
