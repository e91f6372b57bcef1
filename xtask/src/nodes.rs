//! `cargo xtask nodes`: several servers over one PostgreSQL, behind a proxy, with clients that go on. One server is killed,
//! one paused for longer than its leases, one cut from the database, the latter two in the middle of a write.
//!
//! Clients must go on, and afterwards everything acknowledged is there once, numbers have no gap, no lease had two holders,
//! sessions and limits of sign-ins hold on every node, and what is taken from an officer is gone everywhere.

mod faults;
mod leases;
mod together;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::harness::cluster::Cluster;
use crate::harness::journal::Journal;
use crate::harness::place::Place;
use crate::harness::province::Province;
use crate::harness::steady::Steady;
use crate::harness::verify::{verify, verify_list, verify_numbers};

/// Between two commands of a client: enough for a commune at its busiest, and what was acknowledged is all read again.
const PAUSE: Duration = Duration::from_millis(80);
/// Servers behind the proxy.
const NODES: usize = 3;

/// How long each fault lasts.
#[derive(Debug, Clone, clap::Args)]
pub struct NodesArgs {
    /// Seconds of work before, between and after the faults, and for which a node is killed or cut off.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u64).range(2..=3600))]
    seconds: u64,
    /// Seconds for which one node is paused. From 62 on its leases have ended, and another node takes its number.
    #[arg(long, default_value_t = 70, value_parser = clap::value_parser!(u64).range(2..=3600))]
    pause_seconds: u64,
    /// Seconds for which nobody may be answered while a node falls out.
    #[arg(long, default_value_t = 15)]
    silence_max: u64,
    /// Client threads.
    #[arg(long, default_value_t = 6)]
    clients: usize,
    /// Repeats the clients' choices; printed at the start.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Where to work; kept afterwards. Default: a temporary directory, kept only after a failure.
    #[arg(long)]
    place: Option<PathBuf>,
}

/// Runs the command; an error when a promise was broken.
pub fn run(args: &NodesArgs) -> Result<()> {
    println!("nodes: {NODES} nodes, {} clients, seed {}", args.clients, args.seed);
    let place = Place::new("nodes", args.place.as_deref())?;
    let begun = Instant::now();
    let told = drill(args, &place.path);
    if told.is_err() {
        place.keep();
    }
    let told = told?;
    println!("nodes: ok, {told}; {:.0} s", begun.elapsed().as_secs_f64());
    Ok(())
}

fn drill(args: &NodesArgs, place: &Path) -> Result<String> {
    let cluster = Cluster::create(place, place, true)?;
    let mut province = Province::set_up(place, cluster.port(), NODES)?;
    let journal = Journal::default();
    let (client, port) = (province.client.clone(), province.proxy.port());
    let steady = Steady::new((&client, &journal), ("nodes", args.seed), PAUSE);
    std::thread::scope(|scope| {
        let watch = scope.spawn(|| leases::watch(&cluster, &journal, &steady));
        let session = scope.spawn(|| together::stay_signed_in(port, &journal, &steady));
        for thread in 0..args.clients {
            let steady = &steady;
            scope.spawn(move || steady.run(thread));
        }
        let broken = faults::all(args, (&cluster, &mut province, place), (&steady, &journal));
        // Also after an error: nobody else would stop them.
        steady.stop();
        let looks = watch.join().expect("it does not panic")?;
        let pages = session.join().expect("it does not panic")?;
        println!("meanwhile: leases looked at {looks} times, {pages} pages seen in one session");
        broken
    })?;
    let answered = journal.entries(None).iter().filter(|(_, entry)| entry.answer.is_some()).count();
    verify(&client, &journal, None)?;
    verify_list(&client, &journal, &province.before)?;
    verify_numbers(&client, &journal)?;
    leases::apart(&province, &journal)?;
    together::all(&cluster, &province, &journal)?;
    if let Err(error) = province.nodes[0].run("check") {
        journal.violation(format!("at the end: {error:#}"));
    }
    let wrong = journal.violations();
    if !wrong.is_empty() {
        bail!("{} promises broken:\n{}", wrong.len(), wrong.join("\n"));
    }
    Ok(format!(
        "{answered} commands answered once, {} sent again, the longest wait {:.1} s",
        steady.refused(),
        steady.worst().as_secs_f64()
    ))
}
