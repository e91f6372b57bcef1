//! `nhaviec token`: bearer tokens for the API. A new one is shown once; those that act are listed and ended.

use crate::settings::Settings;
use directory::api_token;
use std::process::ExitCode;
use store::{Options, Store};
use types::{Error, Id, Result};

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
    /// Không cấp mã mới mà liệt kê các mã đang có hiệu lực của cán bộ.
    #[arg(long, conflicts_with_all = ["name", "days", "end"])]
    list: bool,
    /// Không cấp mã mới mà kết thúc ngay mã có số này (xem số bằng --list).
    #[arg(long, value_name = "SỐ", conflicts_with_all = ["name", "days"])]
    end: Option<Id>,
}

/// Runs the command.
pub fn run(settings: &Settings, args: &Args) -> Result<ExitCode> {
    let store = Store::open(&settings.database, Options::default())?;
    let officer = officer(&store, &args.username)?;
    match args.end {
        _ if args.list => list(&store, officer)?,
        Some(token) => end(&store, officer, token)?,
        None => issue(&store, officer, args)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// The officer behind a user name.
pub(super) fn officer(store: &Store, username: &str) -> Result<Id> {
    let typed = username.to_owned();
    store
        .read_blocking(move |reader| directory::officer_of_account(reader, &typed))?
        .ok_or_else(|| Error::not_found(format!("tài khoản {username}")))
}

fn issue(store: &Store, officer: Id, args: &Args) -> Result<()> {
    let token = api_token::draw();
    let command = store.system_command("directory.issue_token", 8);
    let ends_at = command.at.plus_seconds(i64::from(args.days) * 86_400);
    store.write_blocking(command, {
        let (token, name) = (token.clone(), args.name.clone());
        move |tx| api_token::issue(tx, officer, &token, (&name, ends_at)).map(|_| ())
    })?;
    println!("{token}");
    Ok(())
}

fn list(store: &Store, officer: Id) -> Result<()> {
    let now = store.now();
    let tokens = store.read_blocking(move |reader| api_token::open_of(reader, officer, now))?;
    for token in &tokens {
        let (from, to) = (ui::format::moment(token.created_at), ui::format::moment(token.ends_at));
        println!("{}  {}  (cấp {from}, hết hạn {to})", token.id, token.name);
    }
    if tokens.is_empty() {
        println!("Không có mã truy cập nào đang có hiệu lực.");
    }
    Ok(())
}

fn end(store: &Store, officer: Id, token: Id) -> Result<()> {
    store.write_blocking(store.system_command("directory.end_token", 8), move |tx| {
        if api_token::one(tx, token)?.is_none_or(|found| found.officer != officer) {
            return Err(Error::not_found(format!("mã truy cập số {token} của cán bộ này")));
        }
        api_token::end(tx, token)
    })?;
    println!("Đã kết thúc mã truy cập số {token}.");
    Ok(())
}
