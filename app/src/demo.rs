//! `nhaviec demo`: a fictional commune with two months of work behind it, in an empty database.
//!
//! Everything goes through the verbs that officers use, at the moments at which officers would have done it, so that
//! lists, clocks, statistics and the audit are those of a real commune. The same seed and day make the same commune.

mod history;
mod life;
mod place;
mod plan;
mod result;
mod signers;
mod staff;
mod told;

use crate::progress::{Far, Progress, Tell};
use crate::settings::Settings;
use crate::{anchor, modules, setup, vacant};
use dossiers::services::Services;
use dossiers::stored::Procedures;
use history::History;
use jiff::ToSpan;
use place::Place;
use std::process::ExitCode;
use std::sync::Arc;
use store::{Options, Store, audit, outbox};
use types::time::SetClock;
use types::{Day, Error, Result, Timestamp};

pub use staff::{Account, PASSWORD};

/// How far back the history reaches.
const DAYS: i64 = 61;

/// What is asked.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// In kết quả dạng JSON: địa chỉ, tài khoản, mã truy cập API.
    #[arg(long)]
    json: bool,
    /// Số hồ sơ trong hai tháng.
    #[arg(long, default_value_t = 600, value_parser = clap::value_parser!(u32).range(0..=50_000))]
    dossiers: u32,
    /// Hạt giống: cùng hạt giống, cùng ngày thì cùng dữ liệu.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// What the demo is made from.
#[derive(Debug, Clone, Copy)]
pub struct Wish {
    /// How many dossiers, the neighbour's among them.
    pub dossiers: u32,
    pub seed: u64,
    /// The present, at which the history ends.
    pub now: Timestamp,
}

/// What was made.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Made {
    /// Where the server will be found.
    pub url: String,
    /// Everybody's account; all have [`PASSWORD`].
    pub accounts: Vec<Account>,
    /// A bearer token of a counter officer of the demo commune.
    pub token: String,
    /// What unlocks the certificates with which leaders sign and clerks seal.
    pub signing_code: String,
}

/// Runs the command.
pub fn run(settings: &Settings, args: &Args) -> Result<ExitCode> {
    let wish = Wish { dossiers: args.dossiers, seed: args.seed, now: Timestamp::now() };
    let progress = Progress::start();
    let made = make(settings, wish, &mut |what, far| progress.tell(what, far))?;
    progress.end();
    if args.json {
        println!("{}", serde_json::to_string(&made).map_err(Error::internal)?);
    } else {
        print!("{}", told::in_words(&made));
    }
    Ok(ExitCode::SUCCESS)
}

/// Fills an empty database; `tell` hears what is being done and how far it is.
///
/// # Errors
/// `Conflict` when the database is not empty; what the store and the verbs answer otherwise.
pub fn make(settings: &Settings, wish: Wish, tell: Tell<'_>) -> Result<Made> {
    vacant::refuse_unless_vacant(settings, "bản dùng thử")?;
    store::migrate::migrate(&settings.database, &modules::migrations())?;
    let first_day = Day(wish.now.day().0.checked_sub(DAYS.days()).map_err(Error::internal)?);
    let clock = Arc::new(SetClock::new(first_day.start().plus_seconds(6 * 3600)));
    let store = Store::open(&settings.database, Options { clock: clock.clone(), ..Options::default() })?;
    tell("Đơn vị hành chính, cán bộ, vị trí", Far::default());
    let place = Place::install(&store, wish)?;
    signers::install(&store, &place)?;
    tell("Thủ tục", Far::default());
    let command = store.system_command("dossiers.import-procedures", 400);
    store.write_blocking(command, setup::install_procedures)?;
    let services = Services {
        // The key file stands from now on, so that a backup made before the first start has it.
        directory: directory::Directory::open(&settings.data, clock.clone(), directory::Rules::default())?,
        calendars: calendar::Calendars::default(),
        procedures: Procedures::default(),
    };
    let files = files::FileStore::open(&settings.data)?;
    let mut history = History::new((&store, &clock), services, (&place, files), wish)?;
    history.live(first_day, tell)?;
    clock.set(wish.now);
    let token = place.issue_token(&store)?;
    tell("Chuyển sự kiện, niêm phong nhật ký", Far::default());
    let listeners = modules::listeners();
    while outbox::deliver(&store, listeners)? > 0 {}
    while audit::seal(&store)? > 0 {}
    let head = store.read_blocking(audit::head)?;
    anchor::write(&settings.data, &head)?;
    Ok(Made { url: settings.public_url.clone(), accounts: place.accounts(), token, signing_code: PASSWORD.to_owned() })
}

#[cfg(test)]
mod tests;
