//! Too much at once: the database stands still for a moment, and more is sent than may wait.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use super::stage::Stage;
use crate::harness::browser::Browser;
use crate::harness::client::Outcome;
use crate::harness::journal::Journal;

/// Receipts that are sent at once: more than may wait for their turn (`store::Options::queue`), and fewer than may be
/// connected.
const AT_ONCE: usize = 1_500;
/// How long the database stands still.
const STILL: Duration = Duration::from_secs(5);
/// How soon a receipt is answered again once those that waited have been.
const RECOVERED_WITHIN: Duration = Duration::from_secs(2);
/// A thread that waits for an answer needs little.
const STACK: usize = 256 * 1024;
/// Holds the embedded database's one lock for writing until it is told to end.
const HOLD: &str = "import sqlite3, sys
place = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=30)
place.execute('BEGIN IMMEDIATE')
print('held', flush=True)
sys.stdin.read()
place.execute('ROLLBACK')";

/// Sends too much; answers what was not as it should be: who finds no place in line is told so at once and when to come
/// again, pages are shown meanwhile, who waits is answered, and afterwards it is as before.
pub fn too_much(stage: &mut Stage, journal: &Journal) -> Result<Vec<String>> {
    let still = Still::hold(stage)?;
    let [answered, busy, other] = [0; 3].map(AtomicUsize::new);
    let first_other = std::sync::Mutex::new(None);
    let begun = Instant::now();
    let (mut wrong, page, drained) = std::thread::scope(|scope| -> Result<_> {
        for n in 0..AT_ONCE {
            let (answered, busy, other, first_other, stage) = (&answered, &busy, &other, &first_other, &*stage);
            let send = move || {
                let command = format!("load-burst-{n}");
                journal.sent(&command, 1);
                match stage.unsettled.receive_bare(&command) {
                    Outcome::Received(answer) => {
                        journal.answered(&command, answer);
                        answered.fetch_add(1, Ordering::Relaxed);
                    }
                    Outcome::Busy => {
                        busy.fetch_add(1, Ordering::Relaxed);
                    }
                    outcome => {
                        other.fetch_add(1, Ordering::Relaxed);
                        first_other.lock().expect("nobody panics with it").get_or_insert(format!("{outcome:?}"));
                    }
                }
            };
            std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, send)?;
        }
        std::thread::sleep(STILL.saturating_sub(begun.elapsed()));
        let mut wrong = Vec::new();
        let told = busy.load(Ordering::Relaxed);
        if told == 0 {
            wrong.push(format!("{AT_ONCE} receipts at once over a database that stands still: nobody was told 'busy'"));
        }
        let asked = Instant::now();
        let shown = Browser::new().get(stage.port(), "/")?;
        let page = asked.elapsed();
        if shown.status != 200 {
            wrong.push(format!("while receipts waited, a page was answered {}", shown.status));
        }
        still.release()?;
        let released = Instant::now();
        while answered.load(Ordering::Relaxed) + busy.load(Ordering::Relaxed) + other.load(Ordering::Relaxed) < AT_ONCE
        {
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok((wrong, page, released.elapsed()))
    })?;
    let asked = Instant::now();
    journal.sent("load-after", 1);
    match stage.unsettled.receive_bare("load-after") {
        Outcome::Received(answer) => journal.answered("load-after", answer),
        outcome => wrong.push(format!("after all had been answered, a receipt was answered {outcome:?}")),
    }
    let recovered = asked.elapsed();
    println!(
        "{AT_ONCE} receipts at once: {} answered, {} told 'busy', {} otherwise; a page meanwhile in {page:.1?}; the line was \
         empty {drained:.1?} after the database went on, and the next receipt took {recovered:.1?}",
        answered.load(Ordering::Relaxed),
        busy.load(Ordering::Relaxed),
        other.load(Ordering::Relaxed)
    );
    if recovered > RECOVERED_WITHIN {
        wrong.push(format!("after all had been answered, a receipt took {recovered:.1?}"));
    }
    if let Some(first) = first_other.into_inner().expect("nobody panics with it") {
        wrong.push(format!("{} receipts at once went wrong, the first: {first}", other.load(Ordering::Relaxed)));
    }
    Ok(wrong)
}

/// A database that stands still until it is released, or this is dropped.
enum Still {
    Postgres(Box<postgres::Client>),
    Sqlite(Child),
}

impl Still {
    fn hold(stage: &Stage) -> Result<Self> {
        if let Some(cluster) = &stage.cluster {
            let mut ask = cluster.ask()?;
            // No receipt gets its number.
            ask.batch_execute("BEGIN; LOCK TABLE dossier_number IN EXCLUSIVE MODE")?;
            return Ok(Self::Postgres(Box::new(ask)));
        }
        let path = stage.surroundings.database.trim_start_matches("sqlite:");
        let mut command = Command::new("python3");
        command.args(["-c", HOLD, path]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut holder = command.spawn().context("running python3")?;
        let mut said = String::new();
        BufReader::new(holder.stdout.take().context("a pipe that was asked for")?).read_line(&mut said)?;
        ensure!(said == "held\n", "the database's lock was not got: {said:?}");
        Ok(Self::Sqlite(holder))
    }

    fn release(self) -> Result<()> {
        match self {
            Self::Postgres(mut ask) => ask.batch_execute("ROLLBACK")?,
            Self::Sqlite(mut holder) => {
                drop(holder.stdin.take());
                ensure!(holder.wait()?.success(), "who held the database's lock failed");
            }
        }
        Ok(())
    }
}
