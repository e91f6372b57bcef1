//! The rounds: start, verify what went before, load, kill, undo.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use super::load::Load;
use super::shim::Shim;
use super::undo::{Cut, Undone};
use super::{CrashArgs, Database};
use crate::harness::chance::Chance;
use crate::harness::client::Client;
use crate::harness::cluster::Cluster;
use crate::harness::journal::Journal;
use crate::harness::place::Place;
use crate::harness::server::{Surroundings, files_folder, free_port, stop};
use crate::harness::verify::{repeat, verify, verify_list};

/// Proves what is stored, run after every restart.
const CHECK: &str = "check";

/// Everything that stays over the rounds.
struct Bench {
    shim: Shim,
    surroundings: Surroundings,
    cluster: Option<Cluster>,
    client: Client,
    journal: Journal,
    /// Codes that stood in the database before the first round.
    before: BTreeSet<String>,
    /// How often the power was cut so far.
    cuts: usize,
    /// Commands that were answered under load, before a cut.
    acknowledged: usize,
}

/// Runs all rounds and judges.
pub fn run(args: &CrashArgs) -> Result<()> {
    let seed = args.seed.unwrap_or_else(|| u64::from(std::process::id()) << 20 ^ now_us());
    let each = usize::try_from(args.fresh_every)?;
    let installations = args.rounds.div_ceil(each);
    for n in 0..installations {
        let mut span = args.clone();
        span.rounds = each.min(args.rounds - n * each);
        span.place = args.place.as_ref().map(|p| if installations > 1 { p.join(n.to_string()) } else { p.clone() });
        over_one_installation(&span, seed.wrapping_add(n as u64))?;
    }
    if installations > 1 {
        println!("crash: ok, {} power cuts over {installations} installations", args.rounds);
    }
    Ok(())
}

fn over_one_installation(args: &CrashArgs, seed: u64) -> Result<()> {
    println!("crash: {:?}, {} rounds, {} clients, seed {seed}", args.database, args.rounds, args.clients);
    let place = Place::new("crash", args.place.as_deref())?;
    let started = Instant::now();
    let mut bench = Bench::set_up(args, &place.path)?;
    let mut chance = Chance::new(seed);
    let judged = bench.all_rounds(args, seed, &mut chance);
    bench.shim.kill()?;
    let verdict = judge(args, &bench, judged);
    let entries = bench.journal.entries(None);
    let answered = entries.iter().filter(|(_, entry)| entry.answer.is_some()).count();
    match &verdict {
        Ok(text) => {
            println!(
                "crash: {text}; {answered} of {} commands answered, {:.0} s",
                entries.len(),
                started.elapsed().as_secs_f64()
            );
        }
        Err(_) => place.keep(),
    }
    verdict.map(|_| ())
}

/// The database did not open after a cut.
#[derive(Debug)]
struct Unopenable;

impl std::fmt::Display for Unopenable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the database does not open after the cut")
    }
}

/// In a plain run nothing may have gone wrong, and enough must have been acknowledged to lose; in a control something
/// must have been lost.
fn judge(args: &CrashArgs, bench: &Bench, judged: Result<usize>) -> Result<String> {
    let wrong = bench.journal.violations();
    let enough = args.acknowledged_min * args.rounds;
    let first = |text: &str| text.lines().next().unwrap_or_default().to_owned();
    match (args.control, judged) {
        (false, Ok(rounds)) if wrong.is_empty() && bench.acknowledged < enough => bail!(
            "only {} commands were acknowledged before {rounds} cuts; {enough} are needed to prove anything",
            bench.acknowledged
        ),
        (false, Ok(rounds)) if wrong.is_empty() => Ok(format!("ok, {rounds} power cuts, nothing lost, nothing twice")),
        (false, Ok(_)) => bail!("{} promises broken:\n{}", wrong.len(), wrong.join("\n")),
        (false, Err(error)) if wrong.is_empty() => Err(error),
        (false, Err(error)) => Err(error.context(format!("{} promises broken:\n{}", wrong.len(), wrong.join("\n")))),
        (true, Ok(rounds)) if wrong.is_empty() => {
            bail!("the control ran {rounds} rounds without syncs and nothing was noticed: the harness is blind")
        }
        (true, Ok(rounds)) => Ok(format!("control caught in round {rounds}: {}", first(&wrong[0]))),
        // Without syncs the database may not even open again. Whatever else fails proves nothing.
        (true, Err(error)) if error.is::<Unopenable>() => Ok(format!("control caught: {error:#}").replace('\n', " ")),
        (true, Err(_)) if !wrong.is_empty() => Ok(format!("control caught: {}", first(&wrong[0]))),
        (true, Err(error)) => Err(error.context("the control failed for another reason than a loss")),
    }
}

impl Bench {
    fn set_up(args: &CrashArgs, place: &Path) -> Result<Self> {
        let shim = Shim::build(place)?;
        let mut cluster = match args.database {
            Database::Sqlite => None,
            Database::Postgres => Some(Cluster::create(shim.watched(), place, !args.control)?),
        };
        let database = match &cluster {
            Some(cluster) => cluster.url(),
            None => format!("sqlite:{}", shim.watched().join("nhaviec.db").display()),
        };
        let surroundings = Surroundings {
            program: args.command_line()?,
            port: free_port()?,
            database,
            data: files_folder(shim.watched())?,
            unsynced: args.control && args.database == Database::Sqlite,
            output: place.join("server.txt"),
            more: Vec::new(),
        };
        for words in args.preparation() {
            surroundings.run(words, None)?;
        }
        let token = match args.token_words() {
            None => args.token.clone(),
            Some(words) => {
                let printed = surroundings.run(words, None)?;
                printed.lines().last().context("the token command prints nothing")?.trim().to_owned()
            }
        };
        if let Some(cluster) = &mut cluster {
            cluster.stop()?;
        }
        let body = match &args.body {
            None => Client::default_body(),
            Some(file) => serde_json::from_slice(&std::fs::read(file)?).context("reading the body")?,
        };
        let client = Client::new(surroundings.port, &token, &body);
        let (journal, before) = (Journal::default(), BTreeSet::new());
        Ok(Self { shim, surroundings, cluster, client, journal, before, cuts: 0, acknowledged: 0 })
    }

    /// Gives the number of the last round. A control ends with the first thing noticed.
    fn all_rounds(&mut self, args: &CrashArgs, seed: u64, chance: &mut Chance) -> Result<usize> {
        for round in 1..=args.rounds {
            let mut server = self.start()?;
            if round == 1 {
                self.before = self.client.codes()?.into_iter().collect();
                // Before anything is cut: the server must receive dossiers at all.
                let first = format!("crash-{seed:x}-first");
                self.journal.sent(&first, round);
                self.journal.answered(&first, repeat(&self.client, &first)?);
            } else {
                self.verify_round(round - 1)?;
            }
            if args.control && !self.journal.violations().is_empty() {
                self.shim.kill()?;
                server.wait()?;
                return Ok(round - 1);
            }
            ensure!(self.journal.violations().is_empty(), "round {}", round - 1);
            let kill_after = Duration::from_millis(100 + chance.below(args.kill_ms_max.saturating_sub(100)));
            let cut = if round % 2 == 0 { Cut::Clean } else { Cut::Torn { seed: chance.next() } };
            let undone = self.load_and_cut(args.clients, seed, (round, kill_after, cut))?;
            self.cuts += 1;
            server.wait()?;
            self.reap()?;
            self.report(round, kill_after, cut, undone)?;
        }
        let mut server = self.start()?;
        self.verify_round(args.rounds)?;
        verify(&self.client, &self.journal, None)?;
        verify_list(&self.client, &self.journal, &self.before)?;
        stop(&mut server)?;
        if let Err(error) = self.surroundings.run(CHECK, Some(&self.shim)) {
            self.journal.violation(format!("at the end: {error:#}"));
        }
        if let Some(cluster) = &mut self.cluster {
            cluster.stop()?;
        }
        Ok(args.rounds)
    }

    fn start(&mut self) -> Result<std::process::Child> {
        let started = match &mut self.cluster {
            Some(cluster) => cluster.start(Some(&self.shim)),
            None => Ok(()),
        };
        let served = started.and_then(|()| self.surroundings.serve(Some(&self.shim), &self.client));
        if self.cuts == 0 { served } else { served.context(Unopenable) }
    }

    fn reap(&mut self) -> Result<()> {
        self.cluster.as_mut().map_or(Ok(()), Cluster::reap)
    }

    fn verify_round(&self, round: usize) -> Result<()> {
        verify(&self.client, &self.journal, Some(round))?;
        // Under the library too: what it writes to a live database can be lost like the rest.
        if let Err(error) = self.surroundings.run(CHECK, Some(&self.shim)) {
            self.journal.violation(format!("after round {round}: {error:#}"));
        }
        Ok(())
    }

    fn load_and_cut(&self, clients: usize, seed: u64, plan: (usize, Duration, Cut)) -> Result<Undone> {
        let (round, kill_after, cut) = plan;
        let load = Load { client: &self.client, journal: &self.journal, round, seed };
        std::thread::scope(|scope| {
            for thread in 0..clients {
                let load = &load;
                scope.spawn(move || load.run(thread));
            }
            std::thread::sleep(kill_after);
            self.shim.kill()
        })?;
        self.shim.cut(cut)
    }

    fn report(&mut self, round: usize, kill_after: Duration, cut: Cut, undone: Undone) -> Result<()> {
        let entries = self.journal.entries(Some(round));
        let answered = entries.iter().filter(|(_, entry)| entry.answer.is_some()).count();
        self.acknowledged += answered;
        let how = if cut == Cut::Clean { "clean" } else { "torn" };
        println!(
            "round {round}: killed after {} ms, {answered} of {} acknowledged, {how} cut took back {} writes, {} names",
            kill_after.as_millis(),
            entries.len(),
            undone.writes,
            undone.names
        );
        Ok(std::io::stdout().flush()?)
    }
}

fn now_us() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_micros()).unwrap_or_default()
}
