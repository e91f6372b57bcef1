//! Where the bytes lie, and the rows that name them.

use crate::kind::Kind;
use ::store::{FromRow, Reader, Row, Tx, params};
use sha2::{Digest, Sha256};
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use types::{Error, Id, Result, Timestamp, text};
use web::Settings;

/// The folder of content files. Cheap to clone.
#[derive(Debug, Clone)]
pub struct FileStore {
    root: PathBuf,
}

/// Bytes that are durable, waiting for a row.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize, PartialEq, Eq)]
pub struct Kept {
    /// SHA-256 in hex.
    pub hash: String,
    /// Bytes.
    pub size: i64,
    pub media_type: String,
    /// As the sender called it, cleaned.
    pub name: String,
}

/// A row that names bytes.
#[derive(Debug, Clone)]
pub struct File {
    pub id: Id,
    pub hash: String,
    /// Bytes.
    pub size: i64,
    pub media_type: String,
    pub name: String,
    pub created_at: Timestamp,
}

impl FromRow for File {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            hash: row.get(1)?,
            size: row.get(2)?,
            media_type: row.get(3)?,
            name: row.get(4)?,
            created_at: row.get(5)?,
        })
    }
}

const COLUMNS: &str = "id, hash, size, media_type, name, created_at";

impl FileStore {
    /// The store under the installation's data folder; makes its folders.
    pub fn open(data: &Path) -> Result<Self> {
        let root = data.join("files");
        for folder in [root.clone(), root.join("incoming")] {
            fs::create_dir_all(&folder).map_err(|e| cannot_write(&e))?;
        }
        Ok(Self { root })
    }

    /// Where the bytes of a hash lie.
    pub fn path(&self, hash: &str) -> PathBuf {
        path_of(&self.root, hash)
    }

    /// A new empty file for bytes that are coming in; what a crash leaves here is swept at the next start.
    pub(crate) fn incoming(&self) -> Result<(fs::File, PathBuf)> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let n = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = self.root.join("incoming").join(format!("{}-{n}", std::process::id()));
        let file = fs::File::create(&path).map_err(|e| cannot_write(&e))?;
        Ok((file, path))
    }

    /// Keeps bytes that the house itself made or that are already in memory.
    pub fn keep_bytes(&self, name: &str, bytes: &[u8]) -> Result<Kept> {
        let (mut file, path) = self.incoming()?;
        let written = file.write_all(bytes).map_err(|e| cannot_write(&e));
        let kept = written.and_then(|()| self.keep(name, file, &path));
        if kept.is_err() {
            let _ = fs::remove_file(&path);
        }
        kept
    }

    /// Checks what came in, makes it durable under its hash and answers what to write into the row.
    pub(crate) fn keep(&self, name: &str, file: fs::File, path: &Path) -> Result<Kept> {
        let name = file_name(name);
        let size = file.metadata().map_err(|e| cannot_write(&e))?.len();
        if size == 0 {
            return Err(Error::invalid(
                "file",
                format!("Tệp «{name}» rỗng (0 byte). Hãy kiểm tra lại rồi chọn tệp khác."),
            ));
        }
        file.sync_all().map_err(|e| cannot_write(&e))?;
        let reading = || fs::File::open(path).map_err(|e| Error::internal(format!("reopening an upload: {e}")));
        let kind = Kind::of(&name, reading()?)?;
        let hash = hash_of(reading()?).map_err(|e| Error::internal(format!("hashing an upload: {e}")))?;
        let target = self.path(&hash);
        if target.exists() {
            let _ = fs::remove_file(path);
        } else {
            let folder = target.parent().ok_or_else(|| Error::internal("a content path without a folder"))?;
            fs::create_dir_all(folder).map_err(|e| cannot_write(&e))?;
            fs::rename(path, &target).map_err(|e| cannot_write(&e))?;
            // The new name, and the folders that may be new, must survive a power cut before a row points at them.
            for folder in folder.ancestors().take(3) {
                fs::File::open(folder).and_then(|f| f.sync_all()).map_err(|e| cannot_write(&e))?;
            }
        }
        let size = i64::try_from(size).map_err(Error::internal)?;
        Ok(Kept { hash, size, media_type: kind.media_type().to_owned(), name })
    }

    /// Removes what a crash left among the incoming; called once at start.
    pub fn sweep(&self) {
        for entry in fs::read_dir(self.root.join("incoming")).into_iter().flatten().flatten() {
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn path_of(root: &Path, hash: &str) -> PathBuf {
    let (a, rest) = hash.split_at_checked(2).unwrap_or(("", hash));
    let b = rest.get(..2).unwrap_or("");
    root.join(a).join(b).join(hash)
}

fn hash_of(mut content: impl Read) -> std::io::Result<String> {
    let mut hash = Sha256::new();
    let mut buffer = vec![0_u8; 64 * 1024];
    loop {
        match content.read(&mut buffer)? {
            0 => break,
            n => hash.update(&buffer[..n]),
        }
    }
    Ok(data_encoding::HEXLOWER.encode(&hash.finalize()))
}

/// The last part of the name, cleaned, without what a file system or a header would trip over.
fn file_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let clean: String = text::clean(last).chars().filter(|c| !r#""<>|:*?"#.contains(*c)).take(120).collect();
    if clean.trim_matches('.').is_empty() { "tep".to_owned() } else { clean }
}

fn cannot_write(error: &std::io::Error) -> Error {
    Error::unavailable("Máy chủ không ghi được tệp (đĩa đầy hoặc hỏng). Chưa có gì được lưu; hãy báo quản trị.", error)
}

/// Writes the row that names kept bytes.
pub fn enter(tx: &mut Tx<'_>, kept: &Kept) -> Result<Id> {
    let (id, at, by) = (tx.id()?, tx.at(), tx.actor().officer());
    tx.exec(
        "INSERT INTO file (id, hash, size, media_type, name, created_at, created_by) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        params![id, &kept.hash, kept.size, &kept.media_type, &kept.name, at, by],
    )?;
    Ok(id)
}

/// The file with this id.
pub fn by_id(reader: &mut Reader<'_>, id: Id) -> Result<Option<File>> {
    reader.opt(&format!("SELECT {COLUMNS} FROM file WHERE id = $1"), params![id])
}

/// Several files in one query, in the order of their ids.
pub fn by_ids(reader: &mut Reader<'_>, ids: &[Id]) -> Result<Vec<File>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let list: Vec<String> = ids.iter().map(ToString::to_string).collect();
    reader.all(&format!("SELECT {COLUMNS} FROM file WHERE id IN ({}) ORDER BY id", list.join(", ")), params![])
}

/// For `nhaviec check`: every row's bytes are there and have their hash.
pub(crate) fn check_files(reader: &mut Reader<'_>, settings: &Settings) -> Result<Vec<String>> {
    let root = settings.data.join("files");
    let mut findings = Vec::new();
    reader.each(
        "SELECT DISTINCT hash, name FROM file ORDER BY hash",
        params![],
        |(hash, name): (String, String)| {
            if findings.len() < 50 {
                match fs::File::open(path_of(&root, &hash)).and_then(hash_of) {
                    Ok(found) if found == hash => {}
                    Ok(_) => findings.push(format!("Tệp «{name}» ({hash}) đã bị thay đổi nội dung.")),
                    Err(_) => findings.push(format!("Tệp «{name}» ({hash}) bị mất trên đĩa.")),
                }
            }
            Ok(())
        },
    )?;
    Ok(findings)
}
