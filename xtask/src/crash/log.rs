//! Reads the log that `xtask/shim` writes; the records are described in `shim/record.h`.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

/// `RECORD_MAGIC` of the shim.
const MAGIC: u32 = 0x5455_4350;
/// `sizeof(struct record)`.
const HEADER_BYTES: usize = 72;

/// A change of a file's bytes or length.
#[derive(Debug)]
pub struct Data {
    pub seq: u64,
    /// Inode.
    pub file: u64,
    pub at: u64,
    /// Bytes that were written from `at` on; 0 for a truncation.
    pub extent: u64,
    /// The file's length before.
    pub length: u64,
    /// What stood at `at` before.
    pub old: Vec<u8>,
    pub truncates: bool,
}

/// A change of a directory.
#[derive(Debug)]
pub struct Name {
    pub seq: u64,
    /// Inodes of the directories; syncing one of them makes the change durable.
    pub parents: [u64; 2],
    pub change: Change,
}

/// What happened to the name. Numbers name files in the trash, 0 means none.
#[derive(Debug)]
pub enum Change {
    Create(PathBuf),
    Rename { from: PathBuf, to: PathBuf, replaced: u64 },
    Unlink { path: PathBuf, kept: u64 },
    MakeDir(PathBuf),
    RemoveDir(PathBuf),
}

/// "This file or directory is durable up to that record."
#[derive(Debug)]
struct Sync {
    file: Option<u64>,
    up_to: u64,
}

/// A whole log, in the order in which things happened.
#[derive(Debug, Default)]
pub struct Log {
    pub data: Vec<Data>,
    pub names: Vec<Name>,
    syncs: Vec<Sync>,
}

impl Log {
    /// Reads the log. A record cut off by the kill is left out: its change had not begun.
    pub fn read(path: &Path) -> Result<Self> {
        let bytes = std::fs::read(path).with_context(|| format!("reading {}", path.display()))?;
        let mut log = Self::default();
        let mut cancelled = HashSet::new();
        let mut rest = bytes.as_slice();
        while let Some((record, after)) = Record::take(rest)? {
            if record.op == 'X' {
                cancelled.insert(record.at);
            }
            log.push(record)?;
            rest = after;
        }
        log.data.retain(|data| !cancelled.contains(&data.seq));
        log.names.retain(|name| !cancelled.contains(&name.seq));
        Ok(log)
    }

    /// Up to which record a file or directory with this inode is durable.
    pub fn durable(&self, file: u64) -> u64 {
        let syncs = self.syncs.iter().filter(|sync| sync.file.is_none_or(|synced| synced == file));
        syncs.map(|sync| sync.up_to).max().unwrap_or(0)
    }

    fn push(&mut self, record: Record) -> Result<()> {
        let Record { op, seq, file, at, extent, length, parents, one, two } = record;
        let name = |change| Name { seq, parents, change };
        match op {
            'W' => self.data.push(Data { seq, file, at, extent, length, old: one, truncates: false }),
            'T' => self.data.push(Data { seq, file, at, extent: 0, length, old: one, truncates: true }),
            'S' => self.syncs.push(Sync { file: Some(file), up_to: at }),
            'A' => self.syncs.push(Sync { file: None, up_to: at }),
            'C' => self.names.push(name(Change::Create(path(one)?))),
            'R' => self.names.push(name(Change::Rename { from: path(one)?, to: path(two)?, replaced: file })),
            'U' => self.names.push(name(Change::Unlink { path: path(one)?, kept: file })),
            'M' => self.names.push(name(Change::MakeDir(path(one)?))),
            'D' => self.names.push(name(Change::RemoveDir(path(one)?))),
            'X' => {}
            '!' => bail!("the shim saw what it cannot take back: {}", String::from_utf8_lossy(&one)),
            other => bail!("record {seq} is of an unknown kind {other:?}"),
        }
        Ok(())
    }
}

fn path(bytes: Vec<u8>) -> Result<PathBuf> {
    Ok(PathBuf::from(String::from_utf8(bytes).context("a path that is not UTF-8")?))
}

struct Record {
    op: char,
    seq: u64,
    file: u64,
    at: u64,
    extent: u64,
    length: u64,
    parents: [u64; 2],
    one: Vec<u8>,
    two: Vec<u8>,
}

impl Record {
    fn take(bytes: &[u8]) -> Result<Option<(Self, &[u8])>> {
        let Some((header, rest)) = bytes.split_at_checked(HEADER_BYTES) else { return Ok(None) };
        let word = |at: usize| u32::from_ne_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]);
        let long = |at: usize| u64::from(word(at)) | u64::from(word(at + 4)) << 32;
        ensure!(word(0) == MAGIC, "the log is not one of the shim's, or two processes wrote at once");
        let (one_bytes, two_bytes) = (word(64) as usize, word(68) as usize);
        let Some((payload, after)) = rest.split_at_checked(one_bytes + two_bytes) else { return Ok(None) };
        let op = char::from_u32(word(4)).context("the kind of a record")?;
        let (one, two) = payload.split_at(one_bytes);
        let record = Self {
            op,
            seq: long(8),
            file: long(16),
            at: long(24),
            extent: long(32),
            length: long(40),
            parents: [long(48), long(56)],
            one: one.to_vec(),
            two: two.to_vec(),
        };
        Ok(Some((record, after)))
    }
}
