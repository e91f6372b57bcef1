//! Bytes without a row: left by a power cut between the two, by a refused request, or by a row that was forgotten.
//!
//! Bytes are taken away only under the folder's lock alone, when they have lain for more than a day (whoever keeps the
//! same bytes again makes the file anew) and the database names them nowhere. A backup holds the lock together with
//! those who keep files, so nothing goes while it copies what its view names.

use crate::durable::FolderLock;
use crate::incoming::is_older;
use crate::store::{FileStore, path_of};
use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};
use store::params;
use types::{Error, Id, Result};
use web::House;

/// Younger bytes may be waiting for their row.
const LAIN: Duration = Duration::from_secs(24 * 3600);
/// Between two walks over everything.
const REST: Duration = Duration::from_secs(24 * 3600);
/// The folders `00` to `ff`.
const FOLDERS: u16 = 256;

/// How far a program has come.
#[derive(Debug, Clone)]
pub(crate) struct Walk {
    /// The last row that was looked at; none when all were.
    pub row: Option<Id>,
    folder: u16,
    strays: Vec<String>,
    known: usize,
    pub rests_until: Option<Instant>,
}

impl Default for Walk {
    fn default() -> Self {
        Self { row: Some(Id(0)), folder: 0, strays: Vec::new(), known: 0, rests_until: None }
    }
}

/// Looks into the next folder; after the last one takes away what was found, and rests.
pub(crate) fn round(house: &House, files: &FileStore) -> Result<()> {
    let mut walk = files.walk.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if walk.folder < FOLDERS {
        let (strays, known) = look(house, files, walk.folder)?;
        walk.strays.extend(strays);
        walk.known += known;
        walk.folder += 1;
        return Ok(());
    }
    let done = std::mem::replace(&mut *walk, Walk { rests_until: Some(Instant::now() + REST), ..Walk::default() });
    drop(walk);
    if done.strays.len() > done.known {
        // An empty or foreign database over this folder would make strays of everything that matters.
        tracing::warn!(
            strays = done.strays.len(),
            known = done.known,
            "most content files have no row in this database; none is removed. Is it the database of this folder?"
        );
        return Ok(());
    }
    remove(house, files, &done.strays).map(|_| ())
}

/// The hashes in a folder that have lain for long and have no row, and how many others there are.
fn look(house: &House, files: &FileStore, folder: u16) -> Result<(Vec<String>, usize)> {
    let (first, next) = (format!("{folder:02x}"), format!("{:02x}", folder + 1));
    // After `ff` come no hashes.
    let next = if folder + 1 < FOLDERS { next } else { "g".to_owned() };
    let lain = lain_in(&files.root.join(&first));
    if lain.is_empty() {
        return Ok((Vec::new(), 0));
    }
    let named: Vec<(String,)> = house.store().read_blocking(|reader| {
        reader.all("SELECT DISTINCT hash FROM file WHERE hash >= $1 AND hash < $2", params![first, next])
    })?;
    let named: HashSet<String> = named.into_iter().map(|(hash,)| hash).collect();
    let (known, strays): (Vec<String>, Vec<String>) = lain.into_iter().partition(|hash| named.contains(hash));
    Ok((strays, known.len()))
}

/// Content files below a folder that have lain for long, by their hashes.
fn lain_in(folder: &Path) -> Vec<String> {
    let inside = |folder: &Path| fs::read_dir(folder).into_iter().flatten().flatten();
    let files = inside(folder).filter(|entry| entry.path().is_dir()).flat_map(|entry| inside(&entry.path()));
    let lain = files.filter(|entry| has_lain(&entry.path()));
    lain.filter_map(|entry| entry.file_name().into_string().ok()).filter(|name| is_hash(name)).collect()
}

fn has_lain(path: &Path) -> bool {
    fs::metadata(path).and_then(|facts| facts.modified()).is_ok_and(|at| is_older(at, LAIN))
}

fn is_hash(name: &str) -> bool {
    name.len() == 64 && name.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// Takes away the bytes of those hashes that have lain for long and that no row names. Answers how many; none when
/// somebody keeps or copies files just now: the next walk finds them again.
pub(crate) fn remove(house: &House, files: &FileStore, hashes: &[String]) -> Result<usize> {
    if hashes.is_empty() {
        return Ok(0);
    }
    let Some(_alone) = FolderLock::alone_in(&files.root)? else { return Ok(0) };
    let mut removed = 0;
    for hash in hashes {
        let path = path_of(&files.root, hash);
        if !has_lain(&path) {
            continue;
        }
        let row: Option<(Id,)> = house
            .store()
            .read_blocking(|reader| reader.opt("SELECT id FROM file WHERE hash = $1 LIMIT 1", params![hash]))?;
        if row.is_none() {
            fs::remove_file(&path).map_err(|e| Error::internal(format!("removing {hash}: {e}")))?;
            removed += 1;
        }
    }
    tracing::info!(removed, "content files that nobody needs were removed");
    Ok(removed)
}
