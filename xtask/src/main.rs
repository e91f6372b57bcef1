//! `cargo xtask`: what developers and CI run besides cargo itself.

mod crash;
mod failover;
mod fuzz;
mod harness;
mod load;
mod nodes;
mod release;
mod run;
mod test;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// Development tasks.
#[derive(Parser)]
struct Xtask {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Everything that must hold: format, lints, tests on both engines, browser, power cuts, benchmark, fuzzing.
    Test(test::TestArgs),
    /// The demo commune: fills the database once, prints the accounts, serves.
    Run,
    /// Kills the server as a power cut would and checks that nothing acknowledged is lost.
    Crash(Box<crash::CrashArgs>),
    /// Several nodes over one database: one is killed, one paused, one cut off, and clients go on.
    Nodes(nodes::NodesArgs),
    /// The database burns down and its standby takes over: nothing acknowledged is lost.
    Failover(failover::FailoverArgs),
    /// A province's working day in some minutes: sign-ins, pages, receipts, a calendar that changes, and too much at once.
    Load(load::LoadArgs),
    /// Tries the parsers of what comes from outside with inputs that a fuzzer makes up.
    Fuzz(fuzz::FuzzArgs),
    /// Archive, Debian package and their sums, in `dist/`.
    Release,
}

fn main() -> Result<()> {
    match Xtask::parse().task {
        Task::Test(args) => test::run(&args),
        Task::Run => run::run(),
        Task::Crash(args) => crash::run(&args),
        Task::Nodes(args) => nodes::run(&args),
        Task::Failover(args) => failover::run(&args),
        Task::Load(args) => load::run(&args),
        Task::Fuzz(args) => fuzz::run(&args),
        Task::Release => release::run(),
    }
}
