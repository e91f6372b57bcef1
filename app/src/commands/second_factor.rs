//! `nhaviec second-factor`: the way out when a phone, a passkey or the server's key is lost and no administrator can sign in.

use super::token::officer;
use crate::settings::Settings;
use directory::account::{broken_offers, drop_broken_offer, remove_factors, remove_second_factor};
use std::path::Path;
use std::process::ExitCode;
use store::{Options, Store, Tx};
use types::{Id, Result};

/// What is asked.
#[derive(clap::Args)]
pub struct Args {
    /// Tên đăng nhập của cán bộ cần gỡ xác thực hai bước và mọi khóa truy cập; ai đã bật xác thực hai bước phải đặt mật khẩu
    /// mới khi đăng nhập.
    #[arg(required_unless_present = "broken")]
    username: Option<String>,
    /// Gỡ của mọi tài khoản có bí mật mà khóa hiện có (keys/directory.key) không mở được.
    #[arg(long, conflicts_with = "username")]
    broken: bool,
}

/// Runs the command.
pub fn run(settings: &Settings, args: &Args) -> Result<ExitCode> {
    let store = Store::open(&settings.database, Options::default())?;
    if let Some(username) = &args.username {
        remove(&store, officer(&store, username)?, remove_factors)?;
        println!("Đã gỡ xác thực hai bước và khóa truy cập của tài khoản.");
        return Ok(ExitCode::SUCCESS);
    }
    println!("Đã gỡ xác thực hai bước của {} tài khoản.", remove_broken(&store, &settings.data)?);
    Ok(ExitCode::SUCCESS)
}

/// Takes the second factors away that no key opens; answers how many.
pub(super) fn remove_broken(store: &Store, data: &Path) -> Result<usize> {
    let officers = store.read_blocking(|reader| directory::broken_second_factors(reader, data))?;
    for officer in &officers {
        remove(store, *officer, remove_second_factor)?;
    }
    // What waits to be confirmed needs its key as well, and nobody will confirm it.
    for officer in store.read_blocking(|reader| broken_offers(reader, data))? {
        remove(store, officer, drop_broken_offer)?;
    }
    Ok(officers.len())
}

/// What takes factors from an officer.
type Removal = fn(&mut Tx<'_>, Id) -> Result<()>;

/// Takes one officer's factors away; each passkey leaves an entry of its own in the audit.
fn remove(store: &Store, officer: Id, how: Removal) -> Result<()> {
    let command = store.system_command("directory.remove_second_factor", 64);
    store.write_blocking(command, move |tx| how(tx, officer))
}
