//! Names: nobody else's, durable before anything points at them, and swept only when a crash left them long ago.

use super::{png, store};
use crate::FileStore;
use crate::durable::{FolderLock, SYNCED};
use std::fs::{self, File};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

pub(super) fn make_older(path: &Path, days: u64) {
    let then = SystemTime::now() - Duration::from_secs(days * 24 * 3600 + 60);
    File::options().write(true).open(path).unwrap().set_modified(then).unwrap();
}

fn synced() -> Vec<PathBuf> {
    SYNCED.with_borrow_mut(std::mem::take)
}

#[test]
fn two_servers_over_one_folder_do_not_take_each_others_names() {
    let (dir, store) = store();
    let other = FileStore::open(dir.path()).unwrap();
    let held: Vec<_> = (0..50).flat_map(|_| [store.incoming().unwrap(), other.incoming().unwrap()]).collect();
    assert_eq!(fs::read_dir(dir.path().join("files/incoming")).unwrap().count(), 100);
    // Even with the other's numbers: nothing that is there is emptied.
    let path = dir.path().join("files/incoming").join(format!("{}-0", std::process::id()));
    fs::write(&path, "another's").unwrap();
    store.keep_bytes("a.png", &png(2, 2)).unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"another's");
    drop(held);
}

#[test]
fn the_sweep_takes_only_what_a_crash_left_long_ago() {
    let (dir, store) = store();
    let incoming = store.incoming().unwrap();
    let left = dir.path().join("files/incoming/left-by-a-crash");
    fs::write(&left, "half").unwrap();
    make_older(&left, 1);
    FileStore::open(dir.path()).unwrap().sweep();
    assert!(!left.exists(), "what a crash left is gone");
    assert!(incoming.reopen().is_ok(), "a running upload is still there");
}

#[test]
fn bytes_that_are_there_already_get_a_durable_name_all_the_same() {
    let (dir, store) = store();
    synced();
    let kept = store.keep_bytes("a.png", &png(2, 2)).unwrap();
    let path = store.path(&kept.hash);
    let folders: Vec<PathBuf> = path.ancestors().skip(1).take(3).map(Path::to_path_buf).collect();
    assert_eq!(synced(), folders, "the name and the folders that may be new");
    let first = fs::metadata(&path).unwrap().ino();
    make_older(&path, 3);
    store.keep_bytes("a.png", &png(2, 2)).unwrap();
    assert_eq!(synced(), folders, "whoever made the first may not have come so far");
    let again = fs::metadata(&path).unwrap();
    assert_ne!(again.ino(), first, "the new file stands in its place");
    assert!(again.modified().unwrap() > SystemTime::now() - Duration::from_secs(3600), "and is young");
    assert_eq!(fs::read_dir(dir.path().join("files/incoming")).unwrap().count(), 0);
}

#[test]
fn the_folder_itself_is_durable() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    synced();
    FileStore::open(&data).unwrap();
    let synced = synced();
    for folder in [dir.path(), &data, &data.join("files")] {
        assert!(synced.iter().any(|s| s == folder), "{} was not synced: {synced:?}", folder.display());
    }
}

#[test]
fn the_lock_is_held_together_or_alone() {
    let (dir, store) = store();
    let together = [FolderLock::shared(dir.path()).unwrap(), FolderLock::shared(dir.path()).unwrap()];
    assert!(FolderLock::alone_in(&store.root).unwrap().is_none());
    drop(together);
    assert!(FolderLock::alone_in(&store.root).unwrap().is_some());
}
