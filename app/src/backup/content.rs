//! Content files: they lie in `files/ab/cd/<sha256>` and go into a backup, or into another data folder, under the same
//! names.

use super::archive;
use super::archive::Writer;
use super::manifest::{FileSum, Sum};
use crate::progress::{Far, Tell};
use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use store::{Reader, params};
use types::{Error, Result};

/// The name of a file in the backup, and its path under the data folder.
pub fn name(hash: &str) -> String {
    format!("files/{}/{}/{hash}", &hash[..2], &hash[2..4])
}

/// Whether it is SHA-256 in hex; nothing else becomes a path.
pub fn is_hash(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// The hashes that the database names, each once, in order. They are kept as bytes: 32 MB for a million.
pub fn named(reader: &mut Reader<'_>) -> Result<Vec<[u8; 32]>> {
    let mut hashes = Vec::new();
    reader.each("SELECT DISTINCT hash FROM file", params![], |(hash,): (String,)| {
        let wrong = || Error::internal(format!("a file row holds «{hash}», which is not a hash"));
        let bytes = if is_hash(&hash) { data_encoding::HEXLOWER.decode(hash.as_bytes()).ok() } else { None };
        hashes.push(bytes.and_then(|b| b.try_into().ok()).ok_or_else(wrong)?);
        Ok(())
    })?;
    hashes.sort_unstable();
    Ok(hashes)
}

/// Puts the files of `hashes` into the backup. One that is not there, or has other bytes, is noted and does not stop
/// the backup of all others.
pub fn save(hashes: &[[u8; 32]], data: &Path, out: &mut Writer, tell: Tell<'_>) -> Result<FileSum> {
    let mut sum = FileSum::default();
    let mut names = Sum::default();
    for (number, hash) in (1..).zip(hashes) {
        tell("Tệp nội dung", Far::of(number, hashes.len() as u64));
        let hash = data_encoding::HEXLOWER.encode(hash);
        let name = name(&hash);
        let path = data.join(&name);
        let Some((file, size)) = open(&path)? else {
            sum.missing.push(hash);
            continue;
        };
        let mut reading = Reading { file: file.take(size), sum: Sum::default(), left: size, filled: 0 };
        out.add_from(&name, size, &mut reading)?;
        if reading.left > 0 || reading.sum.hex() != hash {
            sum.damaged.push(hash);
        }
        names.add(format!("{name}\n").as_bytes());
        sum.count += 1;
        sum.bytes += size;
    }
    sum.sha256 = names.hex();
    Ok(sum)
}

fn open(path: &Path) -> Result<Option<(File, u64)>> {
    let opened = File::open(path).and_then(|file| file.metadata().map(|facts| (file, facts.len())));
    match opened {
        Ok(opened) => Ok(Some(opened)),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(unread(path)(e)),
    }
}

/// What a read fails with, in words that fit what is read.
type Unread<'u> = &'u dyn Fn(std::io::Error) -> Error;

fn unread(path: &Path) -> impl Fn(std::io::Error) -> Error + '_ {
    move |e| Error::unavailable(format!("Không đọc được tệp nội dung {}.", path.display()), e)
}

/// Sums what is read. A file that ends early is filled up with zeros, since its size is already written; it is damaged.
struct Reading {
    file: std::io::Take<File>,
    sum: Sum,
    /// Bytes that the file still owes.
    left: u64,
    /// Zeros given in their place.
    filled: u64,
}

impl Read for &mut Reading {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let n = self.file.read(buffer)?;
        if n > 0 {
            self.sum.add(&buffer[..n]);
            self.left -= n as u64;
            return Ok(n);
        }
        let owed = usize::try_from(self.left - self.filled).unwrap_or(usize::MAX).min(buffer.len());
        buffer[..owed].fill(0);
        self.filled += owed as u64;
        Ok(owed)
    }
}

/// Holds an entry against its name; answers whether its bytes are what it says.
pub fn check(name: &str, bytes: &mut dyn Read) -> Result<bool> {
    let sum = copy(bytes, &archive::unreadable, |_| Ok(()))?;
    Ok(name.rsplit('/').next() == Some(sum.as_str()))
}

/// The hash of an entry's name, when it is the name of a content file.
pub fn hash_of(entry: &str) -> Option<&str> {
    let hash = entry.rsplit('/').next()?;
    (is_hash(hash) && name(hash) == entry).then_some(hash)
}

/// Puts a file down under its hash; one that is there is replaced, since nobody proved its bytes. Answers whether the
/// bytes are what the hash says: others are not kept. Its name is durable once [`sync_folders`] was called.
pub fn put(data: &Path, hash: &str, bytes: &mut dyn Read, unread: Unread<'_>) -> Result<bool> {
    let path = data.join(name(hash));
    let cannot = |e: std::io::Error| Error::unavailable(format!("Không ghi được tệp nội dung {}.", path.display()), e);
    let folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
    fs::create_dir_all(&folder).map_err(cannot)?;
    let partial = PathBuf::from(format!("{}.partial", path.display()));
    let mut file = File::create(&partial).map_err(cannot)?;
    if copy(bytes, unread, |piece| file.write_all(piece).map_err(cannot))? != hash {
        fs::remove_file(&partial).map_err(cannot)?;
        return Ok(false);
    }
    file.sync_all().and_then(|()| fs::rename(&partial, &path)).map_err(cannot)?;
    Ok(true)
}

/// Copies the files of `hashes` from one data folder to another; answers also how many of them lay there already, as a
/// copy that broke off leaves them. One that is missing, or has other bytes, is noted and does not stop the others.
/// Their names are durable once [`sync_folders`] was called.
pub fn carry(hashes: &[[u8; 32]], (from, to): (&Path, &Path), tell: Tell<'_>) -> Result<(FileSum, u64)> {
    let _held = files::FolderLock::shared(to)?;
    let (mut sum, mut present) = (FileSum::default(), 0);
    for (number, hash) in (1..).zip(hashes) {
        tell("Tệp nội dung", Far::of(number, hashes.len() as u64));
        let hash = data_encoding::HEXLOWER.encode(hash);
        let source = from.join(name(&hash));
        let size = if let Some(size) = whole(&to.join(name(&hash)), &hash)? {
            present += 1;
            size
        } else if let Some((mut file, size)) = open(&source)? {
            if !put(to, &hash, &mut file, &unread(&source))? {
                sum.damaged.push(hash);
                continue;
            }
            size
        } else {
            sum.missing.push(hash);
            continue;
        };
        sum.count += 1;
        sum.bytes += size;
    }
    Ok((sum, present))
}

/// The size of a file that is there with the bytes that its hash says. Whoever put it there may not have waited for the
/// disk, so that is done now.
fn whole(path: &Path, hash: &str) -> Result<Option<u64>> {
    let Some((mut file, size)) = open(path)? else { return Ok(None) };
    if copy(&mut file, &unread(path), |_| Ok(()))? != hash {
        return Ok(None);
    }
    file.sync_all().map_err(unread(path))?;
    Ok(Some(size))
}

/// Makes the names of all content files durable, and those of their folders up to the data folder: a row that names
/// them may be committed after it.
pub fn sync_folders(data: &Path) -> Result<()> {
    let synced = (|| {
        let files = data.join("files");
        if files.exists() {
            for outer in folders_in(&files)? {
                folders_in(&outer)?.iter().try_for_each(|inner| sync_folder(Some(inner)))?;
                sync_folder(Some(&outer))?;
            }
            sync_folder(Some(&files))?;
        }
        sync_folder(Some(data))?;
        // Where the data folder stands may be readable for others only.
        let _ = sync_folder(data.parent());
        Ok(())
    })();
    synced.map_err(|e: std::io::Error| {
        Error::unavailable(format!("Không ghi được thư mục tệp nội dung dưới {}.", data.display()), e)
    })
}

fn folders_in(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let inside: Vec<PathBuf> =
        fs::read_dir(folder)?.map(|entry| entry.map(|e| e.path())).collect::<std::io::Result<_>>()?;
    Ok(inside.into_iter().filter(|path| path.is_dir()).collect())
}

/// Hands on what is read, piece by piece; answers its SHA-256 in hex.
fn copy(from: &mut dyn Read, unread: Unread<'_>, mut to: impl FnMut(&[u8]) -> Result<()>) -> Result<String> {
    let (mut sum, mut buffer) = (Sum::default(), vec![0_u8; 1 << 16]);
    loop {
        match from.read(&mut buffer).map_err(unread)? {
            0 => return Ok(sum.hex()),
            n => {
                sum.add(&buffer[..n]);
                to(&buffer[..n])?;
            }
        }
    }
}

/// Makes the names in a folder durable, where the system knows how.
pub fn sync_folder(folder: Option<&Path>) -> std::io::Result<()> {
    let folder = folder.filter(|f| !f.as_os_str().is_empty()).unwrap_or(Path::new("."));
    #[cfg(test)]
    SYNCED.with_borrow_mut(|synced| synced.push(folder.to_owned()));
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

#[cfg(test)]
thread_local! {
    /// Folders that this thread has synced.
    pub static SYNCED: std::cell::RefCell<Vec<PathBuf>> = const { std::cell::RefCell::new(Vec::new()) };
}

/// Fails unless every file that the database names came along or was known to be missing.
pub fn prove_complete(reader: &mut Reader<'_>, came: &HashSet<[u8; 32]>, known: &FileSum) -> Result<()> {
    for hash in named(reader)? {
        let hex = data_encoding::HEXLOWER.encode(&hash);
        if !came.contains(&hash) && !known.missing.contains(&hex) && !known.damaged.contains(&hex) {
            return Err(Error::conflict(format!(
                "Thiếu tệp nội dung {hex} mà dữ liệu nhắc đến. Cơ sở dữ liệu đến vẫn trống."
            )));
        }
    }
    Ok(())
}
