//! Restores what a power cut would have left: takes back every change that was not durable.
//!
//! In the mode [`Cut::Torn`] some of them survive, as on a real disk: single sectors of unsynced writes, in any
//! order, a truncation that reached the disk although nobody asked, and a first part of the unsynced changes of names
//! (file systems write those in order).

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::log::{Change, Data, Log};
use crate::harness::chance::Chance;

/// How much of what was not durable is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// All of it.
    Clean,
    /// By chance, in sectors of 512 or 4096 bytes.
    Torn { seed: u64 },
}

/// What was taken back.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Undone {
    pub writes: usize,
    pub names: usize,
}

/// Brings the directory to the state after the cut, and empties the log and its trash.
/// All processes that wrote to the log must be dead.
pub fn undo(log_path: &Path, dir: &Path, cut: Cut) -> Result<Undone> {
    let log = Log::read(log_path)?;
    let trash = beside(log_path, "trash");
    let mut files = HashMap::new();
    for root in [dir, &trash] {
        list(root, &mut files)?;
    }
    let mut chance = match cut {
        Cut::Clean => None,
        Cut::Torn { seed } => Some(Chance::new(seed)),
    };
    let undone =
        Undone { writes: undo_data(&log, &files, &mut chance)?, names: undo_names(&log, &trash, &mut chance)? };
    // A shared-memory index is never on disk; SQLite rebuilds it.
    for path in files.values().filter(|path| path.to_string_lossy().ends_with("-shm") && path.exists()) {
        fs::remove_file(path)?;
    }
    File::create(log_path).context("emptying the log")?;
    for kept in fs::read_dir(&trash)? {
        fs::remove_file(kept?.path())?;
    }
    Ok(undone)
}

/// `LOG.trash`, `LOG.state`.
pub fn beside(log: &Path, what: &str) -> PathBuf {
    let mut name = log.as_os_str().to_owned();
    name.push(".");
    name.push(what);
    PathBuf::from(name)
}

fn list(dir: &Path, into: &mut HashMap<u64, PathBuf>) -> Result<()> {
    for entry in fs::read_dir(dir).with_context(|| format!("listing {}", dir.display()))? {
        let path = entry?.path();
        let about = path.symlink_metadata()?;
        if about.is_dir() {
            list(&path, into)?;
        } else if about.is_file() {
            into.insert(about.ino(), path);
        }
    }
    Ok(())
}

fn undo_data(log: &Log, files: &HashMap<u64, PathBuf>, chance: &mut Option<Chance>) -> Result<usize> {
    let mut by_file: HashMap<u64, Vec<&Data>> = HashMap::new();
    for data in &log.data {
        by_file.entry(data.file).or_default().push(data);
    }
    let mut inodes: Vec<u64> = by_file.keys().copied().collect();
    inodes.sort_unstable();
    let mut count = 0;
    for inode in inodes {
        // A file that neither the directory nor the trash holds was never linked: nobody can miss it.
        let Some(path) = files.get(&inode) else { continue };
        let durable = log.durable(inode);
        let lost: Vec<&Data> = by_file[&inode].iter().copied().filter(|data| data.seq > durable).collect();
        count += lost.len();
        let file = OpenOptions::new().read(true).write(true).open(path);
        let file = file.with_context(|| format!("opening {}", path.display()))?;
        undo_file(&file, &lost, chance).with_context(|| format!("undoing {}", path.display()))?;
    }
    Ok(count)
}

/// Goes backwards through the lost changes of one file. A sector that survives a change keeps its bytes from then on.
fn undo_file(file: &File, lost: &[&Data], chance: &mut Option<Chance>) -> Result<()> {
    let sector = chance.as_mut().map_or(4096, |chance| if chance.once_in(2) { 512 } else { 4096 });
    let mut survivors = std::collections::HashSet::new();
    let mut length = file.metadata()?.len();
    let mut length_survives = false;
    for data in lost.iter().rev() {
        let end = data.at + data.extent.max(data.old.len() as u64);
        for number in data.at / sector..end.div_ceil(sector) {
            let (from, until) = (data.at.max(number * sector), end.min((number + 1) * sector));
            // A truncation is one change of the length, not of sectors.
            let survives = survivors.contains(&number)
                || (!data.truncates && chance.as_mut().is_some_and(|chance| chance.once_in(3)));
            if survives {
                survivors.insert(number);
            } else {
                put_back(file, data, from, until)?;
            }
        }
        length_survives |= data.truncates && chance.as_mut().is_some_and(|chance| chance.once_in(3));
        if !length_survives {
            length = data.length;
        }
    }
    if !length_survives {
        // Sectors that reached the disk beyond the old end took the length with them.
        let now = file.metadata()?.len();
        let last = survivors.iter().map(|number| (number + 1) * sector).max().unwrap_or(0).min(now);
        length = length.max(last);
    }
    file.set_len(length)?;
    Ok(())
}

/// Restores the old bytes of `[from, until)`; beyond the old end of the file that is nothing, so zeros.
fn put_back(file: &File, data: &Data, from: u64, until: u64) -> Result<()> {
    let old_end = data.at + data.old.len() as u64;
    let kept = until.min(old_end);
    if from < kept {
        let start = usize::try_from(from - data.at)?;
        let stop = usize::try_from(kept - data.at)?;
        file.write_all_at(&data.old[start..stop], from)?;
    }
    // fallocate records its extent without bytes: what lay below the old length stayed as it was.
    let blank = from.max(old_end).max(data.length);
    let now = file.metadata()?.len();
    if blank < until.min(now) {
        file.write_all_at(&vec![0; usize::try_from(until.min(now) - blank)?], blank)?;
    }
    Ok(())
}

fn undo_names(log: &Log, trash: &Path, chance: &mut Option<Chance>) -> Result<usize> {
    let durable = |parents: &[u64; 2]| parents.iter().map(|parent| log.durable(*parent)).max().unwrap_or(0);
    let lost: Vec<_> = log.names.iter().filter(|name| name.seq > durable(&name.parents)).collect();
    let survive = chance.as_mut().map_or(0, |chance| chance.below(lost.len() as u64 + 1));
    let lost = &lost[usize::try_from(survive)?..];
    for name in lost.iter().rev() {
        take_back(&name.change, trash).with_context(|| format!("undoing {:?}", name.change))?;
    }
    Ok(lost.len())
}

/// Undoes one change of names. The last change of a log may not have been carried out.
fn take_back(change: &Change, trash: &Path) -> Result<()> {
    let there = |path: &Path| path.symlink_metadata().is_ok();
    let restore = |kept: u64, path: &Path| fs::hard_link(trash.join(kept.to_string()), path);
    match change {
        Change::Create(path) if there(path) => fs::remove_file(path)?,
        Change::Rename { from, to, replaced } if there(to) && !there(from) => {
            fs::rename(to, from)?;
            if *replaced > 0 {
                restore(*replaced, to)?;
            }
        }
        Change::Unlink { path, kept } if *kept > 0 && !there(path) && there_parent(path) => restore(*kept, path)?,
        Change::MakeDir(path) if there(path) => fs::remove_dir_all(path)?,
        Change::RemoveDir(path) if !there(path) => {
            fs::create_dir(path)?;
            let parent = path.parent().context("a directory has a parent")?.metadata()?;
            std::os::unix::fs::chown(path, Some(parent.uid()), Some(parent.gid()))?;
        }
        _ => {}
    }
    Ok(())
}

fn there_parent(path: &Path) -> bool {
    path.parent().is_some_and(Path::exists)
}
