//! `nhaviec import procedures|calendar FILE…`: all files are read and checked before anything is written.

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
    match &args.what {
        What::Procedures { files } => {
            for done in dossiers::keep::import_files(&store, files)? {
                let outcome = match done.imported {
                    Imported::New => "thủ tục mới".to_owned(),
                    Imported::NewVersion(version) => format!("phiên bản {version}"),
                    Imported::Unchanged => "không có gì thay đổi".to_owned(),
                };
                println!("{}: {} – {outcome}", done.file, done.code);
            }
        }
        What::Calendar { file } => {
            let text = std::fs::read_to_string(file)
                .map_err(|e| Error::invalid("file", format!("Không đọc được {}: {e}", file.display())))?;
            let command = store.system_command("calendar.import", 400);
            let year = store.write_blocking(command, move |tx| calendar::import_year(tx, &text))?;
            println!("Đã nhập lịch năm {year}.");
        }
    }
    Ok(ExitCode::SUCCESS)
}
