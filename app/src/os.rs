//! What the operating system says of a process (processor time and memory), and of the disk under a folder.

use rustix::fs::{Access, access, statvfs};
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// Ticks of processor time in a second, as Linux tells them to programs on every platform we build for.
const TICKS_PER_SECOND: f64 = 100.0;

/// Processor time of a process so far, its own threads only, in milliseconds; none when it is gone.
pub(crate) fn cpu_ms(pid: u32) -> Option<f64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name in brackets may hold anything; the fields after it are fixed.
    let (_, fields) = stat.rsplit_once(')')?;
    let field = |n: usize| fields.split_whitespace().nth(n).and_then(|text| text.parse::<f64>().ok());
    let ticks = field(11)? + field(12)?;
    Some(ticks * 1000.0 / TICKS_PER_SECOND)
}

/// Memory of a process.
#[derive(Debug, Clone, Copy, Default, serde::Serialize)]
pub(crate) struct Memory {
    /// Resident now, in MB.
    pub resident_mb: f64,
    /// The most it ever was, in MB.
    pub peak_mb: f64,
}

/// The memory of a process; none when it is gone.
pub(crate) fn memory(pid: u32) -> Option<Memory> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let kb = |name: &str| -> Option<f64> {
        let line = status.lines().find(|line| line.starts_with(name))?;
        line.split_whitespace().nth(1)?.parse().ok()
    };
    Some(Memory { resident_mb: kb("VmRSS:")? / 1024.0, peak_mb: kb("VmHWM:")? / 1024.0 })
}

/// Bytes that the program may still fill on the disk under a folder; none when the folder is not there, or on a disk
/// that does not tell.
pub(crate) fn free_bytes(folder: &Path) -> Option<u64> {
    let disk = statvfs(folder).ok().filter(|disk| disk.f_blocks > 0)?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize))
}

/// Whether two folders stand on one disk; one that is not there stands on none.
pub(crate) fn same_disk(one: &Path, other: &Path) -> bool {
    let device = |path: &Path| path.metadata().ok().map(|found| found.dev());
    device(one).is_some() && device(one) == device(other)
}

/// Whether files can be made in a folder: it is there, it may be written into, and its disk is not full. A disk that went
/// read-only after a fault says so too. Writes nothing.
pub(crate) fn takes_files(folder: &Path) -> bool {
    access(folder, Access::WRITE_OK | Access::EXEC_OK).is_ok() && free_bytes(folder) != Some(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernel_tells_what_this_process_has_used() {
        let before = cpu_ms(std::process::id()).unwrap();
        let mut sum = 0_u64;
        let started = std::time::Instant::now();
        while started.elapsed() < std::time::Duration::from_millis(150) {
            sum = std::hint::black_box(sum.wrapping_add(1));
        }
        assert!(cpu_ms(std::process::id()).unwrap() > before);
        let memory = memory(std::process::id()).unwrap();
        assert!(memory.resident_mb > 1.0 && memory.peak_mb >= memory.resident_mb);
        assert!(cpu_ms(u32::MAX).is_none());
    }

    #[test]
    fn a_folder_takes_files_as_long_as_it_is_there() {
        let kept = tempfile::tempdir().unwrap();
        let folder = kept.path().join("data");
        assert!(!takes_files(&folder) && free_bytes(&folder).is_none());
        fs::create_dir(&folder).unwrap();
        assert!(takes_files(&folder) && free_bytes(&folder).unwrap() > 4096);
    }
}
