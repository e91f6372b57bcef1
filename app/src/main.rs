//! The executable; everything it does stands in the library beside it, where tests reach it too.

use std::process::ExitCode;

/// Pages are made of many small texts; the system's allocator takes a fifth of the time they cost.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // Before anything writes to standard output: the print worker speaks a protocol there.
    if std::env::args().nth(1).as_deref() == Some("print-worker") {
        return typesetter::worker_main();
    }
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("NHAVIEC_LOG").unwrap_or_else(|_| "warn,nhaviec=info".into()),
        )
        .with_writer(std::io::stderr)
        .init();
    let asked = match app::commands::Cli::read() {
        Ok(asked) => asked,
        Err(code) => return code,
    };
    match asked.run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{error}");
            if !error.inward().is_empty() {
                eprintln!("({})", error.inward());
            }
            ExitCode::FAILURE
        }
    }
}
