//! The file of a backup: `tar` under `zstd`, perhaps sealed, written aside and renamed when it is whole.

use super::key::Key;
use crate::tls::authority::Authority;
use age::stream::StreamWriter;
use age::{Decryptor, Encryptor};
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use types::{Error, Result, Timestamp};

/// The first entry, by which a backup is known.
pub const MARK: &str = "nhaviec-backup";
/// The last one.
pub const MANIFEST: &str = "manifest.json";
/// The keys that only a sealed backup carries: that of the accounts' secrets, and the authority whose certificate the
/// devices of the network trust.
pub const KEYS: [&str; 2] = ["keys/directory.key", Authority::FILE];
/// What the name of an unfinished backup ends with.
pub const PARTIAL: &str = ".partial";

/// What a sealed backup begins with.
const SEALED: &[u8] = b"age-encryption.org/v1";

/// A backup's file, and what writing or opening it takes.
#[derive(Debug, Clone)]
pub struct BackupFile {
    path: PathBuf,
    key: Option<Key>,
    stop: Option<Arc<AtomicBool>>,
}

impl BackupFile {
    /// An open one.
    pub fn at(path: &Path) -> Self {
        Self { path: path.to_owned(), key: None, stop: None }
    }

    /// Sealed with `key`, or opened with it if it is sealed.
    #[must_use]
    pub fn sealed(self, key: Key) -> Self {
        Self { key: Some(key), ..self }
    }

    /// Given up when `stop` is set.
    #[must_use]
    pub fn until(self, stop: &Arc<AtomicBool>) -> Self {
        Self { stop: Some(stop.clone()), ..self }
    }

    /// Whether it is written sealed.
    pub fn is_sealed(&self) -> bool {
        self.key.is_some()
    }

    /// Where it stands.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn go_on(&self) -> Result<()> {
        if self.stop.as_ref().is_some_and(|stop| stop.load(Ordering::Relaxed)) {
            return Err(Error::unavailable("Máy chủ dừng khi đang làm dở.", "stopped"));
        }
        Ok(())
    }
}

type Packing = tar::Builder<zstd::Encoder<'static, Sink>>;

enum Sink {
    Open(BufWriter<File>),
    Sealed(StreamWriter<BufWriter<File>>),
}

impl Sink {
    /// What was written is whole, and on its way to the disk.
    fn finish(self) -> io::Result<File> {
        let file = match self {
            Self::Open(file) => file,
            Self::Sealed(stream) => stream.finish()?,
        };
        file.into_inner().map_err(io::IntoInnerError::into_error)
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Open(file) => file.write(bytes),
            Self::Sealed(stream) => stream.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Open(file) => file.flush(),
            Self::Sealed(stream) => stream.flush(),
        }
    }
}

/// A backup being written. Unless it is finished, nothing of it remains.
pub struct Writer {
    tar: Option<Packing>,
    out: BackupFile,
    partial: PathBuf,
    made_at: Timestamp,
}

fn cannot(out: &Path) -> impl Fn(std::io::Error) -> Error + '_ {
    move |e| {
        let shown = out.display();
        let sentence = match e.kind() {
            io::ErrorKind::StorageFull => {
                format!(
                    "Nơi lưu đã đầy, không ghi hết được tệp sao lưu {shown}. Hãy giảm số bản giữ lại hoặc dùng ổ lớn hơn."
                )
            }
            io::ErrorKind::FileTooLarge => format!(
                "Nơi lưu không nhận tệp lớn như {shown} (USB định dạng FAT32?). Hãy định dạng lại thành exFAT hoặc ext4."
            ),
            _ => format!("Không ghi được tệp sao lưu {shown}."),
        };
        Error::unavailable(sentence, e)
    }
}

impl Writer {
    /// Begins a backup that will be called `out`. Only its owner can read it.
    pub fn create(backup: &BackupFile, made_at: Timestamp) -> Result<Self> {
        let out = backup.path();
        if out.exists() {
            return Err(Error::conflict(format!("Tệp {} đã có. Hãy đặt tên khác cho bản sao lưu.", out.display())));
        }
        let name = out.file_name().ok_or_else(|| Error::conflict("Hãy cho tên tệp sao lưu."))?;
        let partial = out.with_file_name(format!(".{}{PARTIAL}", name.display()));
        // What a power cut left of an earlier try; a link that stands there is taken away and not followed.
        let _ = fs::remove_file(&partial);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&partial).map_err(cannot(out))?;
        let packed = (|| {
            let file = BufWriter::new(file);
            let sink = match &backup.key {
                None => Sink::Open(file),
                Some(key) => {
                    let to = key.identity().to_public();
                    let sealing = Encryptor::with_recipients(std::iter::once(&to as &dyn age::Recipient));
                    Sink::Sealed(sealing.map_err(io::Error::other)?.wrap_output(file)?)
                }
            };
            let mut packed = zstd::Encoder::new(sink, 3)?;
            packed.include_checksum(true)?;
            Ok(packed)
        })();
        let tar = Some(tar::Builder::new(packed.map_err(cannot(out))?));
        let mut writer = Self { tar, out: backup.clone(), partial, made_at };
        writer.add(MARK, format!("{}\n", super::manifest::FORMAT).as_bytes())?;
        Ok(writer)
    }

    /// Adds an entry.
    pub fn add(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        self.add_from(name, bytes.len() as u64, bytes)
    }

    /// Adds an entry of `size` bytes that are read from `from`.
    pub fn add_from(&mut self, name: &str, size: u64, from: impl Read) -> Result<()> {
        self.out.go_on()?;
        let mut header = tar::Header::new_gnu();
        header.set_size(size);
        header.set_mode(0o600);
        header.set_mtime(u64::try_from(self.made_at.0 / 1_000_000).unwrap_or(0));
        let tar = self.tar.as_mut().ok_or_else(|| Error::internal("the backup is finished"))?;
        tar.append_data(&mut header, name, from).map_err(cannot(self.out.path()))
    }

    /// Makes the file durable and gives it its name.
    pub fn finish(mut self) -> Result<()> {
        let tar = self.tar.take().ok_or_else(|| Error::internal("the backup is finished"))?;
        let finished = (|| {
            let file = tar.into_inner()?.finish()?.finish()?;
            file.sync_all()?;
            fs::rename(&self.partial, self.out.path())?;
            match super::content::sync_folder(self.out.path().parent()) {
                // A drive of another kind may not know how to sync a folder.
                Err(e) if matches!(e.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => Ok(()),
                Err(e) => {
                    // What is not told done must not pile up.
                    let _ = fs::remove_file(self.out.path());
                    Err(e)
                }
                Ok(()) => Ok(()),
            }
        })();
        finished.map_err(cannot(self.out.path()))
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        // After `finish` it has its name and is not there.
        let _ = fs::remove_file(&self.partial);
    }
}

/// What is wrong with a file that was given as a backup, in Vietnamese.
pub fn damaged(path: &Path, what: &str) -> Error {
    Error::conflict(format!(
        "Tệp sao lưu {} hỏng hoặc không đầy đủ ({what}). Chưa có gì được phục hồi.",
        path.display()
    ))
}

/// A backup that breaks off while an entry is read.
pub fn unreadable(error: std::io::Error) -> Error {
    Error::conflict(format!("Tệp sao lưu hỏng hoặc không đầy đủ ({error}). Chưa có gì được phục hồi."))
}

/// The bytes of a backup's pack, out of its seal if it has one.
fn opened(backup: &BackupFile) -> Result<Box<dyn Read>> {
    let path = backup.path();
    let unread = |e: io::Error| Error::unavailable(format!("Không đọc được tệp sao lưu {}.", path.display()), e);
    let mut file = BufReader::with_capacity(1 << 17, File::open(path).map_err(unread)?);
    if !file.fill_buf().map_err(unread)?.starts_with(SEALED) {
        return Ok(Box::new(file));
    }
    let Some(key) = &backup.key else {
        return Err(Error::conflict(format!(
            "Bản sao lưu {} được khóa. Hãy chỉ tệp khóa đã cất riêng: nhaviec restore {0} --key TỆP_KHÓA",
            path.display()
        )));
    };
    let sealed = Decryptor::new_buffered(file).map_err(|e| damaged(path, &e.to_string()))?;
    let open = sealed.decrypt(std::iter::once(key.identity() as &dyn age::Identity));
    let open = open.map_err(|_| {
        Error::conflict(format!("Khóa này không mở được bản sao lưu {}: nó được khóa bằng khóa khác.", path.display()))
    })?;
    Ok(Box::new(open))
}

/// Calls `each` for every entry of a backup in its order: its name, its size, its bytes.
pub fn read(backup: &BackupFile, mut each: impl FnMut(&str, u64, &mut dyn Read) -> Result<()>) -> Result<()> {
    let path = backup.path();
    let unread = |e: std::io::Error| Error::unavailable(format!("Không đọc được tệp sao lưu {}.", path.display()), e);
    let foreign = || Error::conflict(format!("Tệp {} không phải là bản sao lưu của Nhà Việc.", path.display()));
    let broken = |e: std::io::Error| damaged(path, &e.to_string());
    let pack = BufReader::with_capacity(1 << 17, opened(backup)?);
    let mut archive = tar::Archive::new(zstd::Decoder::with_buffer(pack).map_err(unread)?);
    let mut first = true;
    for entry in archive.entries().map_err(|_| foreign())? {
        let mut entry = entry.map_err(|e| if first { foreign() } else { broken(e) })?;
        let name = entry.path().map_err(broken)?.to_string_lossy().into_owned();
        if first {
            let mut format = String::new();
            if name != MARK || entry.read_to_string(&mut format).is_err() {
                return Err(foreign());
            }
            if format.trim() != super::manifest::FORMAT.to_string() {
                return Err(Error::conflict(
                    "Bản sao lưu do phiên bản mới hơn của chương trình tạo ra. Hãy cập nhật chương trình.",
                ));
            }
            first = false;
            continue;
        }
        let size = entry.size();
        backup.go_on()?;
        each(&name, size, &mut entry)?;
    }
    // The end of the pack has a sum of its own.
    std::io::copy(&mut archive.into_inner(), &mut std::io::sink()).map_err(broken)?;
    if first { Err(foreign()) } else { Ok(()) }
}
