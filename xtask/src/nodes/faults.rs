//! What is done to the nodes, one after another, under load.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use super::NodesArgs;
use crate::harness::cluster::Cluster;
use crate::harness::journal::Journal;
use crate::harness::province::{Node, Province};
use crate::harness::relay::Relay;
use crate::harness::steady::Steady;

/// A node's lease of its number, in seconds (`store::lease`), and some for the clocks.
const LEASE_SECONDS: u64 = 61;
/// How often a moment is sought at which a node is in the middle of a write.
const TRIES: u32 = 2_000;

/// All faults in turn; between them the province is whole.
pub fn all(
    args: &NodesArgs,
    (cluster, province, place): (&Cluster, &mut Province, &Path),
    (steady, journal): (&Steady<'_>, &Journal),
) -> Result<()> {
    let quiet = Duration::from_secs(args.seconds);
    let told = Told { args, steady, journal };
    let begun = Instant::now();
    std::thread::sleep(quiet);
    told.of("whole", begun);

    let begun = Instant::now();
    province.nodes[0].kill()?;
    std::thread::sleep(quiet);
    province.nodes[0].start()?;
    province.wait_for_all()?;
    told.of("one killed and started again", begun);

    let begun = Instant::now();
    let successors = pause(args, (cluster, province, place))?;
    province.wait_for_all()?;
    std::thread::sleep(quiet / 2);
    told.of(&format!("one paused for {} s and woken", args.pause_seconds), begun);
    drop(successors);

    let begun = Instant::now();
    cut_off(quiet, cluster, province)?;
    told.of("one cut from the database and healed", begun);
    Ok(())
}

struct Told<'a> {
    args: &'a NodesArgs,
    steady: &'a Steady<'a>,
    journal: &'a Journal,
}

impl Told<'_> {
    /// Says what clients saw since the fault began; a long silence is a broken promise.
    fn of(&self, fault: &str, begun: Instant) {
        let seen = self.steady.since(begun);
        let silence = seen.silence.as_secs_f64();
        let seconds = begun.elapsed().as_secs_f64();
        println!("{fault}: {} answered in {seconds:.0} s, the longest silence {silence:.1} s", seen.answered);
        if seen.silence > Duration::from_secs(self.args.silence_max) {
            self.journal.violation(format!("{fault}: nobody was answered for {silence:.1} s"));
        }
    }
}

/// Pauses a node in the middle of a write for as long as is asked. Once its lease has ended others are started until one
/// has its number; they stay until the paused one is back.
fn pause(args: &NodesArgs, (cluster, province, place): (&Cluster, &Province, &Path)) -> Result<Vec<Node>> {
    let node = &province.nodes[1];
    let lasts = Duration::from_secs(args.pause_seconds);
    let number = node.number()?;
    let caught = in_a_write(cluster, &node.way, |paused| if paused { node.pause() } else { node.wake() });
    let begun = Instant::now();
    caught?;
    province.proxy.wait_for(&province.without(1), Duration::from_secs(20))?;
    let mut successors = Vec::new();
    if args.pause_seconds > LEASE_SECONDS {
        std::thread::sleep(Duration::from_secs(LEASE_SECONDS).saturating_sub(begun.elapsed()));
        // The lowest free number comes first: that of the node that was killed may be free, too.
        let mut taken = None;
        while taken != number {
            if successors.len() > province.nodes.len() {
                bail!(
                    "the paused node's number {number:?} should be free, and new nodes took others, at last {taken:?}"
                );
            }
            let mut other = province.another(place, cluster.port())?;
            other.start()?;
            taken = other.number()?;
            successors.push(other);
        }
    }
    std::thread::sleep(lasts.saturating_sub(begun.elapsed()));
    node.wake()?;
    if !successors.is_empty() {
        // It asks for its lease within a second and finds it taken.
        province.wait_for_all()?;
        let until = Instant::now() + Duration::from_secs(20);
        while node.number()? == number {
            if Instant::now() > until {
                bail!("the woken node goes on under the number {number:?}, which another node holds");
            }
            std::thread::sleep(Duration::from_millis(100));
        }
    }
    Ok(successors)
}

/// Cuts a node from the database in the middle of a write, at first without a word to either side, then in the open.
fn cut_off(lasts: Duration, cluster: &Cluster, province: &Province) -> Result<()> {
    let node = &province.nodes[2];
    in_a_write(cluster, &node.way, |held| {
        node.way.hold(held);
        Ok(())
    })?;
    province.proxy.wait_for(&province.without(2), Duration::from_secs(20))?;
    std::thread::sleep(lasts / 2);
    node.way.cut();
    node.way.hold(false);
    std::thread::sleep(lasts / 2);
    node.way.lead_to(&[cluster.port()]);
    province.wait_for_all()
}

/// Stops something again and again until the database says that a receipt of that node has its number and waits for the
/// node: the worst moment, since the unit's next numbers wait for that one.
fn in_a_write(cluster: &Cluster, way: &Relay, stop: impl Fn(bool) -> Result<()>) -> Result<()> {
    let mut ask = cluster.ask()?;
    for n in 0..TRIES {
        stop(true)?;
        // What the server was just doing for it comes to an end.
        std::thread::sleep(Duration::from_millis(3));
        let ports: Vec<i32> = way.outgoing().into_iter().map(i32::from).collect();
        let waiting = "SELECT count(*) FROM pg_stat_activity a JOIN pg_locks l ON l.pid = a.pid
             WHERE a.client_port = ANY($1) AND a.state = 'idle in transaction'
             AND l.relation = to_regclass('dossier_number') AND l.mode = 'RowExclusiveLock'";
        if ask.query_one(waiting, &[&ports])?.get::<_, i64>(0) > 0 {
            return Ok(());
        }
        stop(false)?;
        std::thread::sleep(Duration::from_millis(1 + u64::from(n % 7)));
    }
    bail!("in {TRIES} tries the node was never in the middle of a receipt")
}
