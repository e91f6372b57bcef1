//! The audit's head kept outside the database, so that a cut tail is noticed.
//!
//! `<data>/audit-heads.log` has a line for each hour in which something was sealed; `nhaviec check` holds the last one
//! against the chain. An administrator may print it or hand it to the parent unit.

use std::fs::OpenOptions;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use store::audit::{self, Head};
use types::{Error, Result, Timestamp};
use web::House;

fn path(data: &Path) -> PathBuf {
    data.join("audit-heads.log")
}

/// The last head that was kept, if any.
///
/// # Errors
/// When the last line that was written to its end is no head: whoever changed it may have cut the audit too.
pub fn last(data: &Path) -> Result<Option<Head>> {
    let text = kept(data)?;
    let Some(line) = text.lines().rfind(|line| !line.is_empty()) else { return Ok(None) };
    let head = line.split_once(' ').and_then(|(_, head)| head.parse().ok());
    head.map(Some).ok_or_else(|| {
        let path = path(data).display().to_string();
        Error::unavailable(format!("Dòng cuối của tệp {path} (mốc nhật ký kiểm toán) không đọc được. Hãy giữ nguyên tệp và báo người hỗ trợ."), line)
    })
}

/// The lines that were written to their end; of one that a power cut left half nobody was told.
fn kept(data: &Path) -> Result<String> {
    match std::fs::read_to_string(path(data)) {
        Ok(mut text) => {
            text.truncate(text.rfind('\n').map_or(0, |end| end + 1));
            Ok(text)
        }
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
        Err(e) => Err(Error::unavailable("Không đọc được mốc nhật ký kiểm toán.", e)),
    }
}

/// Takes the heads that were kept in one folder along to another that has none yet.
pub fn take_along(from: &Path, to: &Path) -> Result<()> {
    let text = kept(from)?;
    if text.is_empty() || path(to).exists() { Ok(()) } else { append(to, &text) }
}

/// Writes the present head down when the last one is of another hour.
pub fn keep(house: &House) -> Result<()> {
    let data = &house.settings().data;
    let head = house.store().read_blocking(audit::head)?;
    if head.number == 0 || last(data)?.is_some_and(|kept| kept.number >= head.number || same_hour(data)) {
        return Ok(());
    }
    write(data, &head)
}

/// Writes a head down now; also at the end of a backup, a restore or the demo.
pub fn write(data: &Path, head: &Head) -> Result<()> {
    append(data, &format!("{} {}\n", Timestamp::now().rfc3339(), head.to_line()))
}

/// In one write, and never behind half a line.
fn append(data: &Path, lines: &str) -> Result<()> {
    let append = || {
        let mut file = OpenOptions::new().create(true).append(true).read(true).open(path(data))?;
        let mut before = String::new();
        file.read_to_string(&mut before)?;
        let end = if before.is_empty() || before.ends_with('\n') { "" } else { "\n" };
        file.write_all(format!("{end}{lines}").as_bytes())?;
        file.sync_all()
    };
    append().map_err(|e: std::io::Error| Error::unavailable("Không ghi được mốc nhật ký kiểm toán.", e))
}

fn same_hour(data: &Path) -> bool {
    let Ok(text) = kept(data) else { return false };
    let hour = |moment: &str| moment.get(..13).map(ToOwned::to_owned);
    let kept = text.lines().last().and_then(|line| line.split_once(' ')).and_then(|(moment, _)| hour(moment));
    kept.is_some() && kept == hour(&Timestamp::now().rfc3339())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(number: i64) -> Head {
        Head { number, position: number * 10, hash: "ab".repeat(32) }
    }

    #[test]
    fn a_line_that_a_power_cut_left_half_is_no_head_and_spoils_none() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path();
        assert_eq!(last(data).unwrap(), None);
        write(data, &head(1)).unwrap();
        write(data, &head(2)).unwrap();
        let whole = std::fs::read_to_string(path(data)).unwrap();
        for cut in whole.len() / 2 + 1..whole.len() {
            std::fs::write(path(data), &whole[..cut]).unwrap();
            assert_eq!(last(data).unwrap(), Some(head(1)), "cut at {cut}");
            write(data, &head(3)).unwrap();
            assert_eq!(last(data).unwrap(), Some(head(3)), "cut at {cut}");
        }
    }

    #[test]
    fn a_last_line_that_is_no_head_is_told_with_its_file() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &head(1)).unwrap();
        for wrong in ["2026-11-27T08:00:00+07:00 7\n", "rubbish\n"] {
            std::fs::write(path(folder.path()), wrong).unwrap();
            let error = last(folder.path()).unwrap_err();
            assert!(error.to_string().contains("audit-heads.log"), "{error}");
        }
    }

    #[test]
    fn heads_are_taken_along_to_a_folder_without_any() {
        let (from, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        take_along(from.path(), to.path()).unwrap();
        assert!(!path(to.path()).exists());
        write(from.path(), &head(1)).unwrap();
        take_along(from.path(), to.path()).unwrap();
        write(to.path(), &head(2)).unwrap();
        take_along(from.path(), to.path()).unwrap();
        assert_eq!(kept(to.path()).unwrap().lines().count(), 2);
        assert_eq!(last(to.path()).unwrap(), Some(head(2)));
    }
}
