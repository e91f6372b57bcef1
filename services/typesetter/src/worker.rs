//! The print worker's loop.

use crate::{draw, lay_out};
use print::wire::{self, Order};
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
    while let Some(order) = wire::read_order(&mut stdin)? {
        match order {
            Order::Job(job) => wire::write_print(&mut stdout, lay_out(&job))?,
            Order::Drawing(drawing) => wire::write_picture(&mut stdout, &draw(drawing))?,
        }
    }
    Ok(())
}
