//! The print worker alone, as the tests start it; the program has it as `nhaviec print-worker`.

use std::process::ExitCode;

fn main() -> ExitCode {
    typesetter::worker_main()
}
