//! `nhaviec second-factor`: the way out when a phone or the server's key is lost and no administrator can sign in.

use super::token::officer;
use crate::settings::Settings;
use directory::account::remove_second_factor;
use std::process::ExitCode;
use store::{Options, Store};
use types::{Id, Result};

/// What is asked.
#[derive(clap::Args)]
pub struct Args {
    /// Tên đăng nhập của cán bộ cần gỡ xác thực hai bước; cán bộ phải đặt mật khẩu mới khi đăng nhập.
    #[arg(required_unless_present = "broken")]
    username: Option<String>,
    /// Gỡ của mọi tài khoản có bí mật mà khóa hiện có (keys/directory.key) không mở được.
    #[arg(long, conflicts_with = "username")]
    broken: bool,
}

/// Runs the command.
pub fn run(settings: &Settings, args: &Args) -> Result<ExitCode> {
    let store = Store::open(&settings.database, Options::default())?;
    let data = settings.data.clone();
    let officers = match &args.username {
        Some(username) => vec![officer(&store, username)?],
        None => store.read_blocking(move |reader| directory::broken_second_factors(reader, &data))?,
    };
    for officer in &officers {
        remove(&store, *officer)?;
    }
    println!("Đã gỡ xác thực hai bước của {} tài khoản.", officers.len());
    Ok(ExitCode::SUCCESS)
}

fn remove(store: &Store, officer: Id) -> Result<()> {
    let command = store.system_command("directory.remove_second_factor", 8);
    store.write_blocking(command, move |tx| remove_second_factor(tx, officer))
}
