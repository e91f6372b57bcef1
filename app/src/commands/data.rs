//! `migrate`, `check`, `backup`, `restore`: what is done to the data as a whole.

use super::check;
use crate::backup::{BackupFile, Key};
use crate::progress::{Far, Progress};
use crate::settings::Settings;
use crate::{anchor, backup, front, modules, warnings};
use directory::Directory;
use serde_json::json;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use store::{Location, snapshot};
use types::{Error, Result, Timestamp};

/// `nhaviec migrate`
pub fn migrate(settings: &Settings) -> Result<ExitCode> {
    let progress = Progress::start();
    let mut tell = |number: u64, all: u64, name: &str| progress.tell(name, Far::of(number, all));
    let done = store::migrate::migrate_telling(&settings.database, &modules::migrations(), &mut tell)?;
    progress.end();
    for step in &done {
        println!("{step}");
    }
    println!("Cơ sở dữ liệu {} đã đúng phiên bản ({} bước mới).", settings.database, done.len());
    Ok(ExitCode::SUCCESS)
}

/// `nhaviec check`
pub fn check(settings: &Settings, as_json: bool) -> Result<ExitCode> {
    let demo = snapshot::hold(&settings.database, front::is_demo)?;
    let now = Timestamp::now();
    let warnings = snapshot::hold(&settings.database, |reader| warnings::all(reader, settings, demo, now))?;
    for warning in &warnings {
        // Whoever reads it may have gone away.
        let _ = writeln!(std::io::stderr(), "{warning}");
    }
    let progress = Progress::start();
    let mut answers = Vec::new();
    let found = check::ask_telling(settings, demo, &mut |what, far| progress.tell(what, far), |answer| {
        if as_json {
            answers.push(json!({ "title": answer.title, "findings": answer.findings }));
        } else {
            progress.beside(|| print(answer));
        }
    })?;
    progress.end();
    if as_json {
        println!("{}", json!({ "findings": found, "checks": answers, "warnings": warnings }));
    } else if found == 0 {
        println!("Dữ liệu nguyên vẹn.");
    } else {
        println!("Có {found} điểm không khớp. Hãy giữ nguyên hiện trạng và liên hệ người hỗ trợ.");
    }
    Ok(if found == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn print(answer: &check::Answer) {
    let mark = if answer.findings.is_empty() { "✓" } else { "✗" };
    println!("{mark} {}", answer.title);
    for finding in &answer.findings {
        println!("    {finding}");
    }
}

/// `nhaviec backup FILE`
pub fn backup(settings: &Settings, file: &Path, sealed: bool) -> Result<ExitCode> {
    let progress = Progress::start();
    let (location, data) = (&settings.database, &settings.data);
    let mut out = BackupFile::at(file);
    if sealed {
        out = out.sealed(Key::open(data)?);
    }
    let summary = backup::backup(location, data, &out, &mut |what, far| progress.tell(what, far))?;
    progress.end();
    println!("{summary}");
    if sealed {
        let key = Key::path(data);
        println!(
            "Bản sao lưu được khóa bằng {}: không có khóa này thì không phục hồi được. Hãy cất khóa riêng.",
            key.display()
        );
    }
    Ok(ExitCode::SUCCESS)
}

/// `nhaviec restore FILE`; a sealed one opens with `key`, or with the installation's own.
pub fn restore(settings: &Settings, file: &Path, key: Option<&Path>) -> Result<ExitCode> {
    let progress = Progress::start();
    let (location, data) = (&settings.database, &settings.data);
    let own = Key::path(data);
    let key = key.or(Some(own.as_path()).filter(|own| own.exists())).map(Key::read).transpose()?;
    let file = key.into_iter().fold(BackupFile::at(file), BackupFile::sealed);
    let summary = backup::restore(&file, location, data, modules::ALL, &mut |what, far| progress.tell(what, far))?;
    progress.end();
    let head = snapshot::hold(&settings.database, store::audit::head)?;
    anchor::write(&settings.data, &head)?;
    println!("{summary}");
    let apart = if file.is_sealed() {
        "Khóa mã hóa (keys/directory.key) chỉ đi cùng bản sao lưu được khóa; khóa đã có trên máy này được giữ nguyên."
    } else {
        "Khóa mã hóa (keys/directory.key) không nằm trong bản sao lưu mà được cất riêng."
    };
    println!("{}", about_key(location, data, apart)?);
    Ok(ExitCode::SUCCESS)
}

/// What is to be done about the key of the accounts' secrets; `apart` says whether it came along.
pub(super) fn about_key(database: &Location, data: &Path, apart: &str) -> Result<String> {
    match snapshot::hold(database, |reader| Directory::prove_key(reader, data)) {
        Ok(()) => Ok(format!("{apart} Không cần làm gì thêm.")),
        Err(Error::Conflict(sentence)) => Ok(format!("{apart}\nTrước khi khởi động: {sentence}")),
        Err(other) => Err(other),
    }
}
