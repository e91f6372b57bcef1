//! The file of a backup: `tar` under `zstd`, written aside and renamed when it is whole.

use std::fs::{self, File, OpenOptions};
use std::io::{BufReader, BufWriter, Read};
use std::path::{Path, PathBuf};
use types::{Error, Result, Timestamp};

/// The first entry, by which a backup is known.
pub const MARK: &str = "nhaviec-backup";
/// The last one.
pub const MANIFEST: &str = "manifest.json";

type Packing = tar::Builder<zstd::Encoder<'static, BufWriter<File>>>;

/// A backup being written. Unless it is finished, nothing of it remains.
pub struct Writer {
    tar: Option<Packing>,
    out: PathBuf,
    partial: PathBuf,
    made_at: Timestamp,
}

fn cannot(out: &Path) -> impl Fn(std::io::Error) -> Error + '_ {
    move |e| Error::unavailable(format!("Không ghi được tệp sao lưu {}.", out.display()), e)
}

impl Writer {
    /// Begins a backup that will be called `out`. Only its owner can read it.
    pub fn create(out: &Path, made_at: Timestamp) -> Result<Self> {
        if out.exists() {
            return Err(Error::conflict(format!("Tệp {} đã có. Hãy đặt tên khác cho bản sao lưu.", out.display())));
        }
        let name = out.file_name().ok_or_else(|| Error::conflict("Hãy cho tên tệp sao lưu."))?;
        let partial = out.with_file_name(format!(".{}.partial", name.display()));
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&partial).map_err(cannot(out))?;
        let packed = (|| {
            let mut packed = zstd::Encoder::new(BufWriter::new(file), 3)?;
            packed.include_checksum(true)?;
            Ok(packed)
        })();
        let tar = Some(tar::Builder::new(packed.map_err(cannot(out))?));
        let mut writer = Self { tar, out: out.to_owned(), partial, made_at };
        writer.add(MARK, format!("{}\n", super::manifest::FORMAT).as_bytes())?;
        Ok(writer)
    }

    /// Adds an entry.
    pub fn add(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        self.add_from(name, bytes.len() as u64, bytes)
    }

    /// Adds an entry of `size` bytes that are read from `from`.
    pub fn add_from(&mut self, name: &str, size: u64, from: impl Read) -> Result<()> {
        let mut header = tar::Header::new_gnu();
        header.set_size(size);
        header.set_mode(0o600);
        header.set_mtime(u64::try_from(self.made_at.0 / 1_000_000).unwrap_or(0));
        let tar = self.tar.as_mut().ok_or_else(|| Error::internal("the backup is finished"))?;
        tar.append_data(&mut header, name, from).map_err(cannot(&self.out))
    }

    /// Makes the file durable and gives it its name.
    pub fn finish(mut self) -> Result<()> {
        let tar = self.tar.take().ok_or_else(|| Error::internal("the backup is finished"))?;
        let finished = (|| {
            let file = tar.into_inner()?.finish()?.into_inner().map_err(std::io::IntoInnerError::into_error)?;
            file.sync_all()?;
            fs::rename(&self.partial, &self.out)?;
            super::content::sync_folder(self.out.parent())
        })();
        finished.map_err(cannot(&self.out))
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

/// Calls `each` for every entry of a backup in its order: its name, its size, its bytes.
pub fn read(path: &Path, mut each: impl FnMut(&str, u64, &mut dyn Read) -> Result<()>) -> Result<()> {
    let unread = |e: std::io::Error| Error::unavailable(format!("Không đọc được tệp sao lưu {}.", path.display()), e);
    let foreign = || Error::conflict(format!("Tệp {} không phải là bản sao lưu của Nhà Việc.", path.display()));
    let broken = |e: std::io::Error| damaged(path, &e.to_string());
    let file = File::open(path).map_err(unread)?;
    let mut archive =
        tar::Archive::new(zstd::Decoder::with_buffer(BufReader::with_capacity(1 << 17, file)).map_err(unread)?);
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
        each(&name, size, &mut entry)?;
    }
    // The end of the pack has a sum of its own.
    std::io::copy(&mut archive.into_inner(), &mut std::io::sink()).map_err(broken)?;
    if first { Err(foreign()) } else { Ok(()) }
}
