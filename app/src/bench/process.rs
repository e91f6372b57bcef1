//! What the kernel says of a process: its processor time and memory; and of the machine.

use std::fs;

/// Ticks of processor time in a second, as Linux tells them to programs on every platform we build for.
const TICKS_PER_SECOND: f64 = 100.0;

/// Processor time of a process so far, its own threads only, in milliseconds; none when it is gone.
pub(super) fn cpu_ms(pid: u32) -> Option<f64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name in brackets may hold anything; the fields after it are fixed.
    let (_, fields) = stat.rsplit_once(')')?;
    let field = |n: usize| fields.split_whitespace().nth(n).and_then(|text| text.parse::<f64>().ok());
    let ticks = field(11)? + field(12)?;
    Some(ticks * 1000.0 / TICKS_PER_SECOND)
}

/// Memory of a process.
#[derive(Debug, Clone, Copy, Default, serde::Serialize)]
pub(super) struct Memory {
    /// Resident now, in MB.
    pub resident_mb: f64,
    /// The most it ever was, in MB.
    pub peak_mb: f64,
}

/// The memory of a process; none when it is gone.
pub(super) fn memory(pid: u32) -> Option<Memory> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let kb = |name: &str| -> Option<f64> {
        let line = status.lines().find(|line| line.starts_with(name))?;
        line.split_whitespace().nth(1)?.parse().ok()
    };
    Some(Memory { resident_mb: kb("VmRSS:")? / 1024.0, peak_mb: kb("VmHWM:")? / 1024.0 })
}

/// On what it was measured.
#[derive(Debug, Clone, serde::Serialize)]
pub(super) struct Machine {
    pub processor: String,
    pub processors: usize,
    pub memory_gb: f64,
    pub kernel: String,
    /// How many processes wanted to run when it began, on average of the last minute.
    pub load: String,
    /// `debug` checks arithmetic; a release does not. The name of the folder that cargo built it in.
    pub build: String,
}

impl Machine {
    pub fn read() -> Self {
        let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
        let info = read("/proc/cpuinfo");
        let model = info.lines().find(|line| line.starts_with("model name")).and_then(|line| line.split_once(": "));
        let memory = read("/proc/meminfo");
        let total = memory.lines().find(|line| line.starts_with("MemTotal:"));
        let kb = total.and_then(|line| line.split_whitespace().nth(1)).and_then(|text| text.parse::<f64>().ok());
        Self {
            processor: model.map_or_else(|| "?".to_owned(), |(_, name)| name.to_owned()),
            processors: std::thread::available_parallelism().map_or(1, usize::from),
            memory_gb: kb.unwrap_or(0.0) / 1024.0 / 1024.0,
            kernel: read("/proc/sys/kernel/osrelease").trim().to_owned(),
            load: read("/proc/loadavg").split_whitespace().next().unwrap_or("?").to_owned(),
            build: built(),
        }
    }
}

fn built() -> String {
    let program = std::env::current_exe().ok();
    let folder = program.as_deref().and_then(std::path::Path::parent).and_then(std::path::Path::file_name);
    folder.map_or_else(|| "?".to_owned(), |name| name.to_string_lossy().into_owned())
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
}
