//! `nhaviec token`: a bearer token for the API, shown once.

use crate::settings::Settings;
use directory::api_token;
use std::process::ExitCode;
use store::{Options, Store};
use types::{Error, Result};

/// What is asked.
#[derive(clap::Args)]
pub struct Args {
    /// Tên đăng nhập của cán bộ mà mã này làm việc thay.
    username: String,
    /// Mã dùng để làm gì, ví dụ "kiosk quầy 1".
    #[arg(long, default_value = "API")]
    name: String,
    /// Hiệu lực trong bao nhiêu ngày.
    #[arg(long, default_value_t = 365, value_parser = clap::value_parser!(u32).range(1..=3650))]
    days: u32,
}

/// Runs the command.
pub fn run(settings: &Settings, args: &Args) -> Result<ExitCode> {
    let store = Store::open(&settings.database, Options::default())?;
    let username = args.username.clone();
    let officer = store
        .read_blocking(move |r| directory::officer_of_account(r, &username))?
        .ok_or_else(|| Error::not_found(format!("tài khoản {}", args.username)))?;
    let token = api_token::draw();
    let command = store.system_command("directory.issue_token", 8);
    let ends_at = command.at.plus_seconds(i64::from(args.days) * 86_400);
    store.write_blocking(command, {
        let (token, name) = (token.clone(), args.name.clone());
        move |tx| api_token::issue(tx, officer, &token, (&name, ends_at)).map(|_| ())
    })?;
    println!("{token}");
    Ok(ExitCode::SUCCESS)
}
