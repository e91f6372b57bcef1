//! `make run`: the demo commune on this machine.

mod place;
#[cfg(test)]
mod tests;

use anyhow::{Context, Result, bail};
use place::{Database, Place};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Fills the demo database when there is none, prints address and accounts, and serves until it is stopped.
pub fn run() -> Result<()> {
    let program = program("nhaviec")?;
    let place = place_of_this_machine();
    place.make_ready(|folder| filled(nhaviec(&program, "demo", (&place, folder))))?;
    print!("{}", place.accounts()?);
    println!("Dừng bằng Ctrl+C. Dữ liệu ở thư mục {}.", place.data().display());
    let status = nhaviec(&program, "serve", (&place, place.data())).status().context("running nhaviec serve")?;
    if status.success() { Ok(()) } else { bail!("nhaviec serve ended with {status}") }
}

/// What the environment and the file of settings say, as `nhaviec` itself will read them.
fn place_of_this_machine() -> Place {
    let data = said("NHAVIEC_DATA").map_or_else(|| PathBuf::from("data"), PathBuf::from);
    let file = std::fs::read_to_string("nhaviec.toml").unwrap_or_default();
    let database = match said("NHAVIEC_DATABASE") {
        Some(address) => address.to_str().map_or(Database::Elsewhere, Database::named),
        None if place::names_database(&file) => Database::Elsewhere,
        None => Database::InFolder,
    };
    Place::at(data, database)
}

/// A variable; one that is blank says nothing, as for `nhaviec`.
fn said(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.to_string_lossy().trim().is_empty())
}

/// A command of the program over the demo of `place`, which stands in `folder` now.
fn nhaviec(program: &Path, verb: &str, (place, folder): (&Place, &Path)) -> Command {
    let mut command = Command::new(program);
    command.arg(verb).env("NHAVIEC_DATA", folder);
    if let Some(database) = place.database_in(folder) {
        command.env("NHAVIEC_DATABASE", database);
    }
    command
}

/// Runs `nhaviec demo`; answers what it printed: address and accounts.
fn filled(mut demo: Command) -> Result<Vec<u8>> {
    println!("Đang tạo xã dùng thử (người và đơn vị đều hư cấu)…");
    // Its progress is for whoever waits; its answer is kept.
    let made = demo.stderr(Stdio::inherit()).output().context("running nhaviec demo")?;
    if made.status.success() { Ok(made.stdout) } else { bail!("nhaviec demo ended with {}", made.status) }
}

/// An executable that cargo built beside this one.
pub fn program(name: &str) -> Result<PathBuf> {
    let here = std::env::current_exe().context("finding this program")?;
    let found = here.parent().unwrap_or(Path::new(".")).join(name);
    if found.exists() { Ok(found) } else { bail!("{} is not built", found.display()) }
}
