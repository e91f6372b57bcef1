//! The audit's head kept outside the database, so that a cut tail is noticed.
//!
//! `<data>/audit-heads.log` has a line for each hour in which something was sealed; `nhaviec check` holds the last one
//! against the chain. An administrator may print it or hand it to the parent unit.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};
use store::audit::{self, Head};
use types::{Error, Result, Timestamp};
use web::House;

fn path(data: &Path) -> PathBuf {
    data.join("audit-heads.log")
}

/// The last head that was kept, if any.
pub fn last(data: &Path) -> Result<Option<Head>> {
    match std::fs::read_to_string(path(data)) {
        Ok(text) => text.lines().rev().find_map(|line| line.split_once(' ')).map(|(_, head)| head.parse()).transpose(),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(Error::unavailable("Không đọc được mốc nhật ký kiểm toán.", e)),
    }
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
    let cannot = |e: std::io::Error| Error::unavailable("Không ghi được mốc nhật ký kiểm toán.", e);
    let mut file = OpenOptions::new().create(true).append(true).open(path(data)).map_err(cannot)?;
    writeln!(file, "{} {}", Timestamp::now().rfc3339(), head.to_line()).map_err(cannot)?;
    file.sync_all().map_err(cannot)
}

fn same_hour(data: &Path) -> bool {
    let Ok(text) = std::fs::read_to_string(path(data)) else { return false };
    let hour = |moment: &str| moment.get(..13).map(ToOwned::to_owned);
    let kept = text.lines().last().and_then(|line| line.split_once(' ')).and_then(|(moment, _)| hour(moment));
    kept.is_some() && kept == hour(&Timestamp::now().rfc3339())
}
