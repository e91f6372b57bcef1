//! The other side: a Python with pyHanko, told what to do by lines of JSON.

use super::ours::Work;
use serde::Deserialize;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use types::{Error, Result};

/// What it runs.
const SCRIPT: &str = include_str!("beside.py");

/// A running pyHanko; killed when dropped.
pub(super) struct Beside {
    child: Child,
    orders: ChildStdin,
    answers: BufReader<ChildStdout>,
    pub version: String,
}

/// One answer.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Answer {
    version: Option<String>,
    cpu_ms: Option<f64>,
    failed: Option<String>,
}

impl Beside {
    /// Starts it; it puts what both sides sign with and trust into the folder.
    pub fn start(python: &Path, folder: &Path) -> Result<Self> {
        let script = folder.join("beside.py");
        std::fs::write(&script, SCRIPT).map_err(Error::internal)?;
        let mut command = Command::new(python);
        command.arg(&script).arg(folder).stdin(Stdio::piped()).stdout(Stdio::piped());
        let cannot = |e| Error::unavailable(format!("Không chạy được {}.", python.display()), e);
        let mut child = command.spawn().map_err(cannot)?;
        let pipes = child.stdin.take().zip(child.stdout.take());
        let (orders, answers) = pipes.ok_or_else(|| Error::internal("pyHanko without pipes"))?;
        let mut beside = Self { child, orders, answers: BufReader::new(answers), version: String::new() };
        beside.version = beside.answer()?.version.unwrap_or_default();
        Ok(beside)
    }

    /// Has it do this with each file; the processor time in milliseconds.
    pub fn work(&mut self, work: Work, files: &[PathBuf]) -> Result<f64> {
        let order = serde_json::json!({ "work": work, "files": files });
        writeln!(self.orders, "{order}").and_then(|()| self.orders.flush()).map_err(Error::internal)?;
        self.answer()?.cpu_ms.ok_or_else(|| Error::internal("pyHanko told no time"))
    }

    fn answer(&mut self) -> Result<Answer> {
        let mut line = String::new();
        self.answers.read_line(&mut line).map_err(Error::internal)?;
        let wrong = |e| Error::unavailable("pyHanko không trả lời.", format!("«{}»: {e}", line.trim()));
        let answer: Answer = serde_json::from_str(&line).map_err(wrong)?;
        match answer.failed {
            Some(failed) => Err(Error::unavailable("pyHanko báo lỗi.", failed)),
            None => Ok(answer),
        }
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
