//! The key that seals backups: whoever finds the disk or the stick with a backup reads nothing of it.
//!
//! A sealed backup is an `age` file (<https://age-encryption.org/v1>), so that it opens without this program, too:
//! `age --decrypt -i KEY FILE | zstd -d | tar x`. The key stands beside the other keys of the installation, in no backup,
//! and on a paper that somebody put away: without it, a backup is worth nothing on another machine.

use age::secrecy::{ExposeSecret, SecretString};
use age::x25519::Identity;
use std::fmt;
use std::io::Write;
use std::path::{Path, PathBuf};
use types::{Error, Result};

/// What a key is written as begins with.
const BEGINS: &str = "AGE-SECRET-KEY-";

/// A key of backups.
#[derive(Clone)]
pub struct Key(Identity);

impl Key {
    /// Where an installation keeps its own.
    pub fn path(data: &Path) -> PathBuf {
        data.join("keys").join("backup.key")
    }

    /// The installation's own; one is made where there is none.
    pub fn open(data: &Path) -> Result<Self> {
        let path = Self::path(data);
        if !path.try_exists().map_err(|e| cannot(&path, e))? {
            make(&path).map_err(|e| cannot(&path, e))?;
        }
        Self::read(&path)
    }

    /// The key in a file: the first line that is one.
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).map(SecretString::from).map_err(|e| cannot(path, e))?;
        let mut lines = text.expose_secret().lines().map(str::trim);
        let key = lines.find(|line| line.starts_with(BEGINS)).and_then(|line| line.parse().ok());
        key.map(Self).ok_or_else(|| {
            Error::conflict(format!("Tệp {} không có khóa sao lưu (dòng bắt đầu bằng {BEGINS}).", path.display()))
        })
    }

    /// As it is written down.
    pub fn word(&self) -> SecretString {
        self.0.to_string()
    }

    /// Its public half, by which it is told from others and opens nothing.
    pub fn public(&self) -> String {
        self.0.to_public().to_string()
    }

    /// Its last letters, by which somebody shows that the paper is at hand.
    pub fn ending(&self) -> String {
        let word = self.word();
        let word = word.expose_secret();
        word[word.len() - 6..].to_owned()
    }

    pub(super) fn identity(&self) -> &Identity {
        &self.0
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

fn cannot(path: &Path, error: impl fmt::Display) -> Error {
    Error::unavailable(format!("Không đọc hoặc không ghi được tệp khóa sao lưu {}.", path.display()), error)
}

fn make(path: &Path) -> std::io::Result<()> {
    let key = Identity::generate().to_string();
    let text =
        format!("# Khóa mở các bản sao lưu của Nhà Việc. Hãy cất riêng, ngoài máy chủ.\n{}\n", key.expose_secret());
    place(path, SecretString::from(text).expose_secret().as_bytes())
}

/// Writes a key aside and links it to its place where none is, so that of two programs that start at once one wins. What is
/// sealed with a key whose name the disk forgets opens never again, so file and folders are synced.
pub(crate) fn place(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut draft = tempfile::Builder::new().prefix("key.").tempfile_in(folder)?;
    draft.write_all(bytes)?;
    draft.as_file().sync_all()?;
    match draft.persist_noclobber(path) {
        Err(e) if e.error.kind() != std::io::ErrorKind::AlreadyExists => return Err(e.error),
        _ => {}
    }
    for folder in [Some(folder), folder.parent()].into_iter().flatten().filter(|one| !one.as_os_str().is_empty()) {
        std::fs::File::open(folder)?.sync_all()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_made_once_and_read_back_and_shows_itself_to_nobody() {
        let folder = tempfile::tempdir().unwrap();
        let made = Key::open(folder.path()).unwrap();
        let again = Key::open(folder.path()).unwrap();
        assert_eq!(made.word().expose_secret(), again.word().expose_secret());
        assert_eq!(made.ending().len(), 6);
        assert!(made.word().expose_secret().ends_with(&made.ending()));
        assert_eq!(format!("{made:?}"), "Key(…)");
        let mode = std::os::unix::fs::PermissionsExt::mode(&Key::path(folder.path()).metadata().unwrap().permissions());
        assert_eq!(mode & 0o077, 0, "only its owner reads it");
    }

    #[test]
    fn a_file_without_a_key_is_told_by_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("khoa.txt");
        assert_eq!(Key::read(&path).unwrap_err().code(), "unavailable");
        std::fs::write(&path, "AGE-SECRET-KEY-1ABC\n").unwrap();
        let error = Key::read(&path).unwrap_err();
        assert_eq!(error.code(), "conflict");
        assert!(error.to_string().contains("khoa.txt"), "{error}");
    }
}
