//! How much memory a document takes: each work in a process of its own, where nothing else has been.

use super::LONG;
use super::ours::{Ours, Work};
use crate::os::memory;
use serde::{Deserialize, Serialize};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use types::{Error, Result};

/// What the process is to do, on its standard input.
#[derive(Serialize, Deserialize)]
struct Order {
    folder: PathBuf,
    work: Work,
}

/// The process: does it with a short document first, and tells how many megabytes the long one took besides.
pub(in crate::bench) fn serve() -> Result<ExitCode> {
    let Order { folder, work } = serde_json::from_reader(std::io::stdin().lock()).map_err(Error::internal)?;
    let ours = Ours::open(&folder)?;
    let own = || memory(std::process::id()).ok_or_else(|| Error::internal("the kernel tells no memory"));
    let run = |document: &str| -> Result<()> {
        let file = std::fs::read(work.file(&folder, document)).map_err(Error::internal)?;
        ours.work(work, &file).map(drop)
    };
    run("0")?;
    let before = own()?.resident_mb;
    run(LONG)?;
    println!("{}", own()?.peak_mb - before);
    Ok(ExitCode::SUCCESS)
}

/// How many times its size the long document takes while this is done with it, itself included.
pub(super) fn of(folder: &Path, work: Work) -> Result<f64> {
    let program = std::env::current_exe().map_err(Error::internal)?;
    let mut command = Command::new(program);
    command.args(["bench", "--weigh"]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().map_err(Error::internal)?;
    let order = serde_json::to_vec(&Order { folder: folder.to_owned(), work }).map_err(Error::internal)?;
    // With the pipe it is dropped, and the order ends.
    let sent = child.stdin.take().map(|mut input| input.write_all(&order));
    sent.transpose().map_err(Error::internal)?;
    let output = child.wait_with_output().map_err(Error::internal)?;
    let said = String::from_utf8_lossy(&output.stdout);
    let megabytes: f64 = said.trim().parse().map_err(|_| Error::internal(format!("weighing answered «{said}»")))?;
    let size = std::fs::metadata(work.file(folder, LONG)).map_err(Error::internal)?.len();
    Ok(megabytes * f64::from(1 << 20) / size.max(1) as f64)
}
