//! `cargo xtask crash`: kills the server at random moments as a power cut would, and checks that every acknowledged
//! dossier survives exactly once. The control, the same without syncs, must be caught.
//!
//! The kill is a SIGKILL under the library of `xtask/shim`, which remembers what was not synced; `undo` then takes it
//! back, cleanly in even rounds, torn into sectors in odd ones. What is modelled stands in `shim/record.h`.

mod load;
mod log;
mod rounds;
pub(crate) mod shim;
mod undo;

use std::path::PathBuf;

use anyhow::Result;

#[cfg(test)]
mod tests;

/// What to crash and how often.
#[derive(Debug, Clone, clap::Args)]
pub struct CrashArgs {
    #[command(subcommand)]
    tool: Option<Tool>,
    /// The program, and words before its verb. Default: the `nhaviec` that was built beside this, over a small demo.
    #[arg(long, value_delimiter = ' ')]
    program: Vec<String>,
    /// Commands of the program that make the database ready, run once, e.g. "migrate".
    #[arg(long, requires = "program")]
    prepare: Vec<String>,
    /// A command of the program whose last printed line is the bearer token, run after those.
    #[arg(long, conflicts_with = "token")]
    token_command: Option<String>,
    /// The bearer token of an officer who may receive dossiers.
    #[arg(long, default_value = "")]
    token: String,
    /// A JSON file with the body to post; `{marker}` in its strings becomes the request's own mark.
    #[arg(long)]
    body: Option<PathBuf>,
    #[arg(long, value_enum, default_value = "sqlite")]
    database: Database,
    /// Fail unless so many commands a round were acknowledged before the cut, on average.
    #[arg(long, default_value_t = 5)]
    acknowledged_min: usize,
    /// How often to cut the power.
    #[arg(long, default_value_t = 20)]
    rounds: usize,
    /// Begin with a fresh installation after so many rounds: each restart checks all that is stored, so that a thousand
    /// rounds over one would mostly check.
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u64).range(1..))]
    fresh_every: u64,
    /// Client threads.
    #[arg(long, default_value_t = 8)]
    clients: usize,
    /// Repeats the same choices; printed at the start.
    #[arg(long)]
    seed: Option<u64>,
    /// The longest time from the start of a round to its kill, in milliseconds.
    #[arg(long, default_value_t = 2_000)]
    kill_ms_max: u64,
    /// Run without syncs, and fail unless the loss is noticed within the rounds.
    #[arg(long)]
    control: bool,
    /// Where to work; kept afterwards. Default: a temporary directory, kept only after a failure.
    #[arg(long)]
    place: Option<PathBuf>,
}

/// Which engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Database {
    Sqlite,
    Postgres,
}

/// Parts of the harness by themselves.
#[derive(Debug, Clone, clap::Subcommand)]
enum Tool {
    /// Build the library into a directory and print how to run a program under it.
    Shim { place: PathBuf },
    /// Take back what was not durable, after the processes are dead.
    Undo {
        log: PathBuf,
        dir: PathBuf,
        /// Let some of it survive, by this seed.
        #[arg(long)]
        seed: Option<u64>,
    },
}

impl CrashArgs {
    fn command_line(&self) -> Result<Vec<String>> {
        if self.program.is_empty() {
            return Ok(vec![crate::run::program("nhaviec")?.display().to_string()]);
        }
        Ok(self.program.clone())
    }

    fn preparation(&self) -> Vec<&str> {
        if self.program.is_empty() {
            return vec!["demo --dossiers 3"];
        }
        self.prepare.iter().map(String::as_str).collect()
    }

    fn token_words(&self) -> Option<&str> {
        let own = self.program.is_empty() && self.token.is_empty();
        self.token_command.as_deref().or_else(|| own.then_some("token motcua1.demo"))
    }
}

/// Runs the command; an error when a promise was broken, or when the control was not caught.
pub fn run(args: &CrashArgs) -> Result<()> {
    match &args.tool {
        None => rounds::run(args),
        Some(Tool::Shim { place }) => {
            std::fs::create_dir_all(place)?;
            println!("{}", shim::Shim::build(place)?.instructions());
            Ok(())
        }
        Some(Tool::Undo { log, dir, seed }) => {
            let cut = seed.map_or(undo::Cut::Clean, |seed| undo::Cut::Torn { seed });
            let undone = undo::undo(log, dir, cut)?;
            println!("took back {} writes and {} changes of names", undone.writes, undone.names);
            Ok(())
        }
    }
}
