//! The machine on which it was measured.

use std::fs;

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
