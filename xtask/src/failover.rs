//! `cargo xtask failover`: the database's machine burns down under load, its hot standby takes over, and the nodes go on.
//!
//! With synchronous replication nothing acknowledged may be lost. In both runs the standby lags behind by a second when the
//! machine goes: with `--control`, where nobody waits for it, that second is lost, and the harness must notice.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Result, bail, ensure};

use crate::harness::cluster::Cluster;
use crate::harness::journal::Journal;
use crate::harness::place::Place;
use crate::harness::province::{Node, Province};
use crate::harness::relay::Relay;
use crate::harness::steady::Steady;
use crate::harness::verify::{verify, verify_list, verify_numbers};

const PAUSE: Duration = Duration::from_millis(80);
const NODES: usize = 2;
/// What the standby lags behind when the primary goes.
const LAG: Duration = Duration::from_secs(1);
/// What was confirmed before the lag began may still be on its way to a client.
const ON_ITS_WAY: Duration = Duration::from_millis(300);

/// How it is done.
#[derive(Debug, Clone, clap::Args)]
pub struct FailoverArgs {
    /// Seconds of work before and after.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(2..=3600))]
    seconds: u64,
    /// Replicate without waiting for the standby, and fail unless the loss is noticed.
    #[arg(long)]
    control: bool,
    /// Seconds for which nobody may be answered while the standby takes over.
    #[arg(long, default_value_t = 30)]
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

/// Runs the command; an error when a promise was broken, or when the control was not caught.
pub fn run(args: &FailoverArgs) -> Result<()> {
    let how = if args.control { "asynchronous" } else { "synchronous" };
    println!("failover: {how} standby, {NODES} nodes, {} clients, seed {}", args.clients, args.seed);
    let place = Place::new("failover", args.place.as_deref())?;
    let begun = Instant::now();
    let told = drill(args, &place.path);
    if told.is_err() {
        place.keep();
    }
    let told = told?;
    println!("failover: {told}; {:.0} s", begun.elapsed().as_secs_f64());
    Ok(())
}

fn drill(args: &FailoverArgs, place: &Path) -> Result<String> {
    let mut primary = Cluster::create(place, place, true)?;
    let province = Province::set_up(place, primary.port(), NODES)?;
    let replication = Relay::to(&[primary.port()])?;
    let standby = primary.standby(place, replication.port())?;
    replicate(&primary, !args.control)?;
    let journal = Journal::default();
    let steady = Steady::new((&province.client, &journal), ("failover", args.seed), PAUSE);
    std::thread::scope(|scope| {
        for thread in 0..args.clients {
            let steady = &steady;
            scope.spawn(move || steady.run(thread));
        }
        let databases = (&mut primary, &standby, &replication);
        let done = burn_down(args, databases, (&province.nodes, &steady, &journal));
        // Also after an error: nobody else would stop them.
        steady.stop();
        done
    })?;
    province.wait_for_all()?;
    let answered = journal.entries(None).iter().filter(|(_, entry)| entry.answer.is_some()).count();
    verify(&province.client, &journal, None)?;
    verify_list(&province.client, &journal, &province.before)?;
    verify_numbers(&province.client, &journal)?;
    if !args.control
        && let Err(error) = province.nodes[0].run("check")
    {
        journal.violation(format!("at the end: {error:#}"));
    }
    judge(args.control, &journal.violations(), answered)
}

/// In a plain run nothing may have gone wrong; in a control something acknowledged must have been lost.
fn judge(control: bool, wrong: &[String], answered: usize) -> Result<String> {
    let lost = wrong.iter().filter(|text| text.contains("was acknowledged for")).count();
    match (control, wrong) {
        (false, []) => Ok(format!("ok, {answered} commands answered, nothing lost, nothing twice")),
        (false, wrong) => bail!("{} promises broken:\n{}", wrong.len(), wrong.join("\n")),
        (true, _) if lost == 0 => bail!("the control lost nothing: the harness is blind; it noticed {wrong:?}"),
        (true, wrong) => {
            let first = wrong.first().map_or("", String::as_str);
            Ok(format!("control caught: {lost} of {answered} acknowledged commands lost, such as: {first}"))
        }
    }
}

/// Lets the primary wait for the standby, or not, and waits until the standby follows so.
fn replicate(primary: &Cluster, synchronous: bool) -> Result<()> {
    let mut ask = primary.ask()?;
    if synchronous {
        ask.batch_execute("ALTER SYSTEM SET synchronous_standby_names = 'standby'")?;
        ask.batch_execute("SELECT pg_reload_conf()")?;
    }
    let wanted = if synchronous { "sync" } else { "async" };
    let until = Instant::now() + Duration::from_secs(60);
    loop {
        let follows = "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming' AND sync_state = $1";
        if ask.query_one(follows, &[&wanted])?.get::<_, i64>(0) == 1 {
            return Ok(());
        }
        ensure!(Instant::now() < until, "the standby does not follow after a minute");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn burn_down(
    args: &FailoverArgs,
    (primary, standby, replication): (&mut Cluster, &Cluster, &Relay),
    (nodes, steady, journal): (&[Node], &Steady<'_>, &Journal),
) -> Result<()> {
    let quiet = Duration::from_secs(args.seconds);
    let begun = Instant::now();
    std::thread::sleep(quiet);
    println!("before: {} answered in {} s", steady.since(begun).answered, args.seconds);

    replication.hold(true);
    std::thread::sleep(ON_ITS_WAY);
    let lagging = Instant::now();
    std::thread::sleep(LAG);
    let unconfirmed = steady.since(lagging).answered;
    println!("while the standby lagged: {unconfirmed} answered");
    if !args.control && unconfirmed > 0 {
        journal.violation(format!("{unconfirmed} commands were acknowledged that the standby had not confirmed"));
    }

    let burnt = Instant::now();
    primary.kill()?;
    for node in nodes {
        node.way.cut();
    }
    replication.cut();
    standby.promote()?;
    let promoted = burnt.elapsed().as_secs_f64();
    for node in nodes {
        node.way.lead_to(&[standby.port()]);
    }
    std::thread::sleep(quiet);
    let seen = steady.since(burnt);
    let silence = seen.silence.as_secs_f64();
    println!(
        "after: the standby was promoted in {promoted:.1} s, nobody was served for {silence:.1} s, then {} answered",
        seen.answered
    );
    if seen.silence > Duration::from_secs(args.silence_max) || seen.answered == 0 {
        journal.violation(format!("nobody was answered for {silence:.1} s while the standby took over"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_control_must_lose_something_and_a_plain_run_nothing() {
        let lost = ["H-261128-0007 was acknowledged for failover-1-0-7 and is gone".to_owned()];
        let other = ["nobody was answered for 40.0 s while the standby took over".to_owned()];
        assert!(judge(false, &[], 9).is_ok() && judge(true, &lost, 9).is_ok());
        assert!(judge(false, &lost, 9).is_err() && judge(false, &other, 9).is_err());
        assert!(judge(true, &[], 9).is_err() && judge(true, &other, 9).is_err());
    }
}
