//! A backup is worth what its restoring is worth: it is restored aside, checked as `nhaviec check` does, and thrown away.

use crate::backup::{self, BackupFile, Key};
use crate::commands::check;
use crate::settings::Settings;
use crate::{modules, os};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use store::Location;
use types::{Error, Result};
use web::House;

/// What a backup unpacks to, at most so many times its size.
const UNPACKED_TIMES: u64 = 6;
/// What the database itself takes besides.
const BESIDE: u64 = 256 * 1024 * 1024;

fn folder(house: &House) -> PathBuf {
    house.settings().data.join("rehearsal")
}

fn cannot(e: std::io::Error) -> Error {
    Error::unavailable("Không dọn được chỗ để diễn tập phục hồi.", e)
}

/// Takes away what an earlier rehearsal left.
pub fn clear(house: &House) -> Result<()> {
    match std::fs::remove_dir_all(folder(house)) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(cannot(e)),
        _ => Ok(()),
    }
}

/// Restores the backup in `file` into a folder beside the data and checks it; answers the file's size in bytes.
///
/// # Errors
/// Whatever keeps it from being restored, and what the check found.
pub fn rehearse(house: &House, file: &Path, stop: &Arc<AtomicBool>, renew: &mut dyn FnMut()) -> Result<u64> {
    let data = &house.settings().data;
    let shown = file.display();
    let size = file.metadata().map(|found| found.len());
    let size = size.map_err(|e| Error::unavailable(format!("Không thấy tệp sao lưu {shown} (đã rút USB?)."), e))?;
    let folder = folder(house);
    clear(house)?;
    let needed = size.saturating_mul(UNPACKED_TIMES).saturating_add(BESIDE);
    if os::free_bytes(data).is_some_and(|free| free < needed) {
        let needed = ui::format::file_size(needed);
        return Err(Error::unavailable(
            format!("Ổ đĩa dữ liệu không còn đủ chỗ để diễn tập phục hồi (cần {needed})."),
            file.display(),
        ));
    }
    // What is restored lies there unsealed.
    std::fs::DirBuilder::new().mode(0o700).create(&folder).map_err(cannot)?;
    let outcome = restore_and_check(house, file, &folder, stop, renew);
    // What came of it is told; what cannot be cleared now is cleared before the next one.
    let _ = std::fs::remove_dir_all(&folder);
    outcome.map(|()| size)
}

fn restore_and_check(
    house: &House,
    file: &Path,
    folder: &Path,
    stop: &Arc<AtomicBool>,
    renew: &mut dyn FnMut(),
) -> Result<()> {
    let database = Location::Sqlite(folder.join("nhaviec.db"));
    let sealed = BackupFile::at(file).sealed(Key::open(&house.settings().data)?).until(stop);
    backup::restore(&sealed, &database, folder, modules::ALL, &mut |_, _| renew())?;
    let settings = Settings::of_copy(house.settings(), database, folder);
    let mut first = None;
    let mut tell = |_: &str, _: crate::progress::Far<'_>| renew();
    let found = check::ask_telling(&settings, house.settings().demo, &mut tell, |answer| {
        first = first.take().or_else(|| answer.findings.first().cloned());
    })?;
    match first {
        None => Ok(()),
        Some(first) => Err(Error::conflict(format!("Bản phục hồi có {found} điểm không khớp. {first}"))),
    }
}
