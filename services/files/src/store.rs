//! Where the bytes lie, and the rows that name them.

use crate::durable::{FolderLock, cannot_write, make_folder, sync_folder};
use crate::incoming::{self, Incoming};
use crate::kind::Kind;
use crate::strays::Walk;
use ::store::{FromRow, Reader, Row, Tx, in_list, params};
use sha2::{Digest, Sha256};
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use types::{Error, Id, Result, Timestamp, text};
use web::Settings;

/// The folder of content files. Cheap to clone.
#[derive(Debug, Clone)]
pub struct FileStore {
    pub(crate) root: PathBuf,
    /// How far this program has come in looking for what nobody needs.
    pub(crate) walk: Arc<Mutex<Walk>>,
}

/// Bytes that are durable, waiting for a row.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize, PartialEq, Eq)]
pub struct Kept {
    /// SHA-256 in hex.
    pub hash: String,
    /// Bytes.
    pub size: i64,
    pub media_type: String,
    /// As the sender called it, cleaned, with an ending that belongs to the bytes.
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
    fn from_row(row: &Row<'_>) -> Result<Self> {
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

/// The folder, below that of the content, for what is coming in.
const INCOMING: &str = "incoming";

const COLUMNS: &str = "id, hash, size, media_type, name, created_at";

/// A file that should be there and is not; `nhaviec check` tells of it too.
pub(crate) fn unreadable(hash: &str, error: &std::io::Error) -> Error {
    Error::unavailable("Tệp này không đọc được trên máy chủ; hãy báo quản trị.", format!("{hash}: {error}"))
}

impl FileStore {
    /// The store under the installation's data folder; makes its folders.
    pub fn open(data: &Path) -> Result<Self> {
        let root = data.join("files");
        fs::create_dir_all(data).map_err(|e| cannot_write(&e))?;
        // Where the folder of the data stands may be readable for others only.
        let _ = data.parent().map(sync_folder);
        for folder in [&root, &root.join(INCOMING)] {
            make_folder(folder)?;
        }
        Ok(Self { root, walk: Arc::default() })
    }

    /// Where the bytes of a hash lie.
    pub fn path(&self, hash: &str) -> PathBuf {
        path_of(&self.root, hash)
    }

    /// The bytes of a hash. Call it on a thread that may be busy.
    ///
    /// # Errors
    /// `Unavailable` when they cannot be read.
    pub fn read(&self, hash: &str) -> Result<Vec<u8>> {
        fs::read(self.path(hash)).map_err(|e| unreadable(hash, &e))
    }

    /// A new empty file for bytes that are coming in; what a crash leaves is swept a day later.
    pub(crate) fn incoming(&self) -> Result<Incoming> {
        Incoming::create(&self.root.join(INCOMING))
    }

    /// Keeps bytes that the house itself made or that are already in memory.
    pub fn keep_bytes(&self, name: &str, bytes: &[u8]) -> Result<Kept> {
        let mut incoming = self.incoming()?;
        incoming.file.write_all(bytes).map_err(|e| cannot_write(&e))?;
        self.keep(name, incoming)
    }

    /// Checks what came in, makes it durable under its hash and answers what to write into the row.
    pub(crate) fn keep(&self, name: &str, incoming: Incoming) -> Result<Kept> {
        let name = file_name(name);
        let size = incoming.file.metadata().map_err(|e| cannot_write(&e))?.len();
        if size == 0 {
            return Err(Error::invalid(
                "file",
                format!("Tệp «{name}» rỗng (0 byte). Hãy kiểm tra lại rồi chọn tệp khác."),
            ));
        }
        incoming.file.sync_all().map_err(|e| cannot_write(&e))?;
        let reading = || incoming.reopen().map_err(|e| Error::internal(format!("reopening an upload: {e}")));
        let kind = Kind::of(&name, reading()?)?;
        let hash = hash_of(reading()?).map_err(|e| Error::internal(format!("hashing an upload: {e}")))?;
        let target = self.path(&hash);
        let folder = target.parent().ok_or_else(|| Error::internal("a content path without a folder"))?;
        // Not while unneeded bytes are taken away: these may be the same, and are needed from now on.
        let _held = FolderLock::shared_in(&self.root)?;
        fs::create_dir_all(folder).map_err(|e| cannot_write(&e))?;
        // The name, and the folders that may be new, must survive a power cut before a row points at them.
        let folders: Vec<&Path> = folder.ancestors().take(3).collect();
        incoming.rename(&target, &folders).map_err(|e| cannot_write(&e))?;
        let size = i64::try_from(size).map_err(Error::internal)?;
        Ok(Kept { hash, size, media_type: kind.media_type().to_owned(), name: kind.rename(&name) })
    }

    /// Removes what a crash left among the incoming longer than a day ago.
    pub fn sweep(&self) {
        incoming::sweep(&self.root.join(INCOMING));
    }
}

pub(crate) fn path_of(root: &Path, hash: &str) -> PathBuf {
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

/// Writes the row that names kept bytes. Whoever keeps its id refers to `file` by a foreign key: what no key refers to is
/// forgotten after some days ([`crate::forget`]).
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
    let mut values = Vec::new();
    let list = in_list(1, ids, &mut values);
    reader.all(&format!("SELECT {COLUMNS} FROM file WHERE id IN ({list}) ORDER BY id"), &values)
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
