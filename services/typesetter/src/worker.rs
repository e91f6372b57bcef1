//! The print worker's loop.

use crate::lay_out;
use print::wire;
use std::io;
use std::process::ExitCode;

/// Answers jobs from standard input on standard output until the server closes the pipe. What `nhaviec
/// print-worker` runs, before anything else is set up: nothing else may write to standard output.
pub fn worker_main() -> ExitCode {
    match serve() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("print worker: {error}");
            ExitCode::FAILURE
        }
    }
}

fn serve() -> io::Result<()> {
    let (mut stdin, mut stdout) = (io::stdin().lock(), io::stdout().lock());
    while let Some(job) = wire::read_job(&mut stdin)? {
        wire::write_print(&mut stdout, lay_out(&job))?;
    }
    Ok(())
}
