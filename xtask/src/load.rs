//! `cargo xtask load`: a province's working day in some minutes, over one server. Requests come when they are due, whether
//! or not the ones before were answered, and their time counts from then.
//!
//! First the morning: 500 officers sign in within ten seconds. Then 2,000 officers and 5,000 citizens look at a page each a
//! minute while 100 dossiers a second are received; in the middle a calendar changes and 10,000 due times are computed
//! anew. At last the database stands still for a moment under too much at once. `--scale` makes all numbers smaller in
//! proportion, and no bound wider.

mod burst;
mod morning;
mod stage;
mod stream;
mod told;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::harness::journal::Journal;
use crate::harness::place::Place;
use crate::harness::verify::{verify_list, verify_numbers};
use stage::Stage;

/// The numbers at full scale.
const SIGN_INS: f64 = 500.0;
const SIGN_INS_WITHIN: Duration = Duration::from_secs(10);
const OFFICERS: f64 = 2_000.0;
const CITIZENS_A_MINUTE: f64 = 5_000.0;
const RECEIPTS_A_SECOND: f64 = 100.0;
const DUE_TIMES: f64 = 10_000.0;

/// How much, for how long, over which engine.
#[derive(Debug, Clone, clap::Args)]
pub struct LoadArgs {
    /// Minutes of pages and receipts.
    #[arg(long, default_value_t = 10.0)]
    minutes: f64,
    /// The part of a province's numbers, for a smaller machine.
    #[arg(long, default_value_t = 1.0, value_parser = scale)]
    scale: f64,
    #[arg(long, value_enum, default_value = "postgres")]
    database: Database,
    /// Where to work; kept afterwards. Default: a temporary directory, kept only after a failure.
    #[arg(long)]
    place: Option<PathBuf>,
}

/// Which engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Database {
    Sqlite,
    Postgres,
}

fn scale(text: &str) -> std::result::Result<f64, String> {
    let scale = text.parse::<f64>().ok().filter(|scale| (0.01..=10.0).contains(scale));
    scale.ok_or_else(|| "a number from 0.01 to 10".to_owned())
}

impl LoadArgs {
    /// A number at this scale, and at least one.
    fn of(&self, whole: f64) -> usize {
        // Within the scale's limits this is far from any end of the type.
        (whole * self.scale).round().max(1.0) as usize
    }
}

/// Runs the command; an error when a bound was not kept.
pub fn run(args: &LoadArgs) -> Result<()> {
    let processors = std::thread::available_parallelism()?;
    println!("load: {:?}, {} min, scale {}, {processors} processors", args.database, args.minutes, args.scale);
    let place = Place::new("load", args.place.as_deref())?;
    let begun = Instant::now();
    let done = Stage::set_up(args, &place.path).and_then(|mut stage| day(args, &mut stage));
    if done.is_err() {
        place.keep();
    }
    let wrong = done?;
    if !wrong.is_empty() {
        bail!("{} bounds not kept:\n{}", wrong.len(), wrong.join("\n"));
    }
    println!("load: ok; {:.0} s", begun.elapsed().as_secs_f64());
    Ok(())
}

/// The whole day; answers what was not as it should be.
fn day(args: &LoadArgs, stage: &mut Stage) -> Result<Vec<String>> {
    let journal = Journal::default();
    let mut wrong = morning::sign_in(args, stage)?;
    wrong.extend(stream::flow(args, stage, &journal)?);
    wrong.extend(burst::too_much(stage, &journal)?);
    verify_list(&stage.client, &journal, &stage.before)?;
    verify_numbers(&stage.client, &journal)?;
    if let Err(error) = stage.surroundings.run("check", None) {
        journal.violation(format!("at the end: {error:#}"));
    }
    wrong.extend(journal.violations());
    Ok(wrong)
}
