//! The key file: a line for each generation, the first one's first. A line is never taken out: older backups are sealed with it.

use super::KEY_BYTES;
use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use std::io::Write;
use std::path::{Path, PathBuf};
use types::{Error, Result};

/// What stands in the place of a key that was declared lost.
const LOST: &str = "lost";

/// The masters of all generations; none for a lost one.
pub(super) type Masters = Vec<Option<[u8; KEY_BYTES]>>;

/// Where the key file stands under the data folder.
pub(crate) fn path(data: &Path) -> PathBuf {
    data.join("keys").join("directory.key")
}

/// Reads it.
pub(super) fn read(data: &Path) -> Result<Masters> {
    let path = path(data);
    let text = std::fs::read_to_string(&path).map_err(|e| cannot(&path, e))?;
    let masters: Masters = text.lines().map(line).collect::<Option<_>>().unwrap_or_default();
    // The newest is what is sealed with from now on.
    match masters.last() {
        Some(Some(_)) => Ok(masters),
        _ => Err(cannot(&path, "it holds no key, or something else beside keys")),
    }
}

/// The same from a file that may be empty, cut off or garbled: a line that is no key counts as lost.
pub(super) fn read_what_is_left(data: &Path) -> Result<Masters> {
    let path = path(data);
    match std::fs::read(&path) {
        Ok(bytes) => Ok(String::from_utf8_lossy(&bytes).lines().map(|text| line(text).flatten()).collect()),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(Masters::new()),
        Err(e) => Err(cannot(&path, e)),
    }
}

/// Keeps every other command that changes the file out until it is dropped: of two at once, one key would be lost.
pub(super) fn lock(data: &Path) -> Result<std::fs::File> {
    let path = path(data).with_extension("lock");
    let take = || {
        std::fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
        let file = std::fs::OpenOptions::new().create(true).truncate(false).write(true).open(&path)?;
        file.lock()?;
        Ok(file)
    };
    take().map_err(|e: std::io::Error| cannot(&path, e))
}

fn line(text: &str) -> Option<Option<[u8; KEY_BYTES]>> {
    if text.trim() == LOST {
        return Some(None);
    }
    let bytes = HEXLOWER_PERMISSIVE.decode(text.trim().as_bytes()).ok()?;
    Some(Some(bytes.try_into().ok()?))
}

/// Makes it with a first key where there is none.
pub(super) fn make_missing(data: &Path) -> Result<()> {
    let path = path(data);
    if !path.try_exists().map_err(|e| cannot(&path, e))? {
        make(&path).map_err(|e| cannot(&path, e))?;
    }
    Ok(())
}

/// Puts other generations in its place at once: whoever reads it meanwhile reads the old ones.
pub(super) fn replace(data: &Path, masters: &Masters) -> Result<()> {
    let path = path(data);
    let lines: Vec<String> =
        masters.iter().map(|key| key.map_or_else(|| LOST.to_owned(), |key| HEXLOWER.encode(&key))).collect();
    let put = || {
        let draft = write_draft(&path, lines.join("\n").as_bytes())?;
        std::fs::rename(&draft, &path)?;
        sync_folders(&path)
    };
    put().map_err(|e| cannot(&path, e))
}

/// Gives the file another name beside it, so that no key is ever destroyed by a command; answers the name.
pub(super) fn put_aside(data: &Path) -> Result<Option<PathBuf>> {
    let path = path(data);
    if !path.try_exists().map_err(|e| cannot(&path, e))? {
        return Ok(None);
    }
    let aside = path.with_file_name(format!("directory.key.aside-{:08x}", rand::random::<u32>()));
    std::fs::hard_link(&path, &aside).map_err(|e| cannot(&aside, e))?;
    Ok(Some(aside))
}

fn cannot(path: &Path, error: impl std::fmt::Display) -> Error {
    Error::unavailable("Không đọc hoặc không tạo được khóa mã hóa của máy chủ.", format!("{}: {error}", path.display()))
}

/// Writes a new key beside the place and links it there, so that of two programs that start at once one wins.
fn make(path: &Path) -> std::io::Result<()> {
    let key: [u8; KEY_BYTES] = rand::random();
    let draft = write_draft(path, HEXLOWER.encode(&key).as_bytes())?;
    let linked = std::fs::hard_link(&draft, path);
    std::fs::remove_file(&draft)?;
    match linked {
        Err(e) if e.kind() != std::io::ErrorKind::AlreadyExists => return Err(e),
        _ => {}
    }
    sync_folders(path)
}

/// The draft's name is a random one: what a crash left behind stands in nobody's way.
fn write_draft(path: &Path, bytes: &[u8]) -> std::io::Result<PathBuf> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let draft = folder.join(format!("directory.key.{:016x}", rand::random::<u64>()));
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&draft)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    Ok(draft)
}

/// A secret sealed with a key whose name the disk has forgotten opens never again.
fn sync_folders(path: &Path) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    for folder in [Some(folder), folder.parent()].into_iter().flatten().filter(|one| !one.as_os_str().is_empty()) {
        #[cfg(unix)]
        std::fs::File::open(folder)?.sync_all()?;
    }
    Ok(())
}
