//! `nhaviec import procedures|calendar FILE…`: all files are read and checked before anything is written.

use crate::progress::{Far, Progress};
use crate::settings::Settings;
use dossiers::stored::Imported;
use std::path::PathBuf;
use std::process::ExitCode;
use store::{Options, Store};
use types::{Error, Result};

/// What is imported.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    /// Định nghĩa thủ tục (.toml).
    Procedures {
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Ngày nghỉ, ngày làm bù của một năm (.toml).
    Calendar { file: PathBuf },
}

/// Runs the command.
pub fn run(settings: &Settings, args: &Args) -> Result<ExitCode> {
    let store = Store::open(&settings.database, Options::default())?;
    let progress = Progress::start();
    match &args.what {
        What::Procedures { files } => {
            let mut number = 0;
            let all_done = dossiers::keep::import_files(&store, files, |file| {
                number += 1;
                progress.tell(file, Far::of(number, files.len() as u64));
            })?;
            progress.end();
            for done in all_done {
                let outcome = match done.imported {
                    Imported::New => "thủ tục mới".to_owned(),
                    Imported::NewVersion(version) => format!("phiên bản {version}"),
                    Imported::Unchanged => "không có gì thay đổi".to_owned(),
                };
                println!("{}: {} – {outcome}", done.file, done.code);
            }
        }
        What::Calendar { file } => {
            progress.tell(&file.display().to_string(), Far::of(1, 1));
            let text = std::fs::read_to_string(file)
                .map_err(|e| Error::invalid("file", format!("Không đọc được {}: {e}", file.display())))?;
            let command = store.system_command("calendar.import", 400);
            let year = store.write_blocking(command, move |tx| calendar::import_year(tx, &text))?;
            progress.end();
            println!("Đã nhập lịch năm {year}.");
        }
    }
    Ok(ExitCode::SUCCESS)
}
