//! `nhaviec import procedures|calendar|trust FILE…`: all files are read and checked before anything is written.

use crate::progress::{Far, Progress};
use crate::settings::Settings;
use dossiers::stored::Imported;
use std::path::{Path, PathBuf};
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
    /// Chứng thư của tổ chức chứng thực để tin cậy chữ ký số (.cer, .crt, .pem, .p7b).
    Trust {
        file: PathBuf,
        /// Mã băm SHA-256 do tổ chức công bố; cần khi phần mềm chưa biết chứng thư này.
        #[arg(long, default_value = "")]
        sha256: String,
        /// Nơi công bố mã băm.
        #[arg(long, default_value = "")]
        source: String,
    },
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
            let text = std::fs::read_to_string(file).map_err(|e| unreadable(file, &e))?;
            let command = store.system_command("calendar.import", 400);
            let year = store.write_blocking(command, move |tx| calendar::import_year(tx, &text))?;
            progress.end();
            println!("Đã nhập lịch năm {year}.");
        }
        What::Trust { file, sha256, source } => {
            progress.tell(&file.display().to_string(), Far::of(1, 1));
            let bytes = std::fs::read(file).map_err(|e| unreadable(file, &e))?;
            let brought = signatures::trusted::bring(&bytes, (sha256, source))?;
            let command = store.system_command("signatures.trust", 400);
            let added = store.write_blocking(command, move |tx| signatures::trusted::add(tx, &brought))?;
            progress.end();
            println!("Đã thêm {added} chứng thư tin cậy.");
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn unreadable(file: &Path, error: &std::io::Error) -> Error {
    Error::invalid("file", format!("Không đọc được {}: {error}", file.display()))
}
