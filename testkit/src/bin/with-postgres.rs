//! Runs a command with a PostgreSQL cluster beside it: `with-postgres cargo test`.
//! The cluster's address stands in `NHAVIEC_TEST_POSTGRES` and ends with the command.

use std::process::{Command, ExitCode};
use testkit::postgres::{ADDRESS, Cluster};

fn main() -> ExitCode {
    let mut words = std::env::args_os().skip(1);
    let Some(program) = words.next() else {
        eprintln!("with-postgres COMMAND [ARGUMENT]...");
        return ExitCode::from(2);
    };
    let cluster = Cluster::start();
    let status = Command::new(&program).args(words).env(ADDRESS, cluster.server().url()).status();
    drop(cluster);
    match status {
        Ok(status) => status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from),
        Err(error) => {
            eprintln!("{}: {error}", program.display());
            ExitCode::FAILURE
        }
    }
}
