//! Work that is done again and again, by one node at a time: the store's own and every module's.

use records::look::Looks;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use store::{audit, command, deltas, lease, outbox};
use types::{Error, Result};
use web::{House, Job};

/// The store's own work.
static OWN: &[Job] = &[
    Job { name: "audit-seal", every_seconds: 2, run: seal },
    Job { name: "outbox", every_seconds: 1, run: deliver },
    Job { name: "forget-commands", every_seconds: 6 * 3600, run: forget },
    Job { name: "fold-figures", every_seconds: 300, run: fold },
];

/// When this node last did each job well. Cheap to clone; the house has it among its services.
#[derive(Clone, Default)]
pub struct Rounds(Arc<Mutex<BTreeMap<&'static str, Instant>>>);

impl Rounds {
    /// How long ago each job was last done well; of one that never was, since it was first tried. What another node does
    /// is left out: that one tells of it.
    pub fn ages(&self) -> Vec<(&'static str, Duration)> {
        self.held().iter().map(|(job, done)| (*job, done.elapsed())).collect()
    }

    fn note(&self, job: &'static str, outcome: &Result<Done>) {
        let mut rounds = self.held();
        match outcome {
            Ok(Done::Here) => {
                rounds.insert(job, Instant::now());
            }
            Ok(Done::ByAnother) => {
                rounds.remove(job);
            }
            Err(_) => {
                rounds.entry(job).or_insert_with(Instant::now);
            }
        }
    }

    fn held(&self) -> MutexGuard<'_, BTreeMap<&'static str, Instant>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Who does a job now.
enum Done {
    Here,
    ByAnother,
}

/// Runs until dropped.
pub struct Jobs {
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Jobs {
    /// Starts the one thread that does them in turn, none of them long; and one that writes down who looked at what on this
    /// node, which no other node can do.
    pub fn start(house: &House) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let begin = |name: &str, work: fn(&House, &AtomicBool)| {
            let (house, stop) = (house.clone(), stop.clone());
            std::thread::Builder::new().name(name.into()).spawn(move || work(&house, &stop))
        };
        let threads = [begin("jobs", run), begin("looks", write_looks)];
        Self { stop, threads: threads.into_iter().flatten().collect() }
    }
}

impl Drop for Jobs {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

/// Looks wait so long to be written at most, counted in turns of [`TURN`].
const LOOK_TURNS: u32 = 10;
const TURN: Duration = Duration::from_millis(200);

/// Writes looks every two seconds, and what is left when the house closes.
fn write_looks(house: &House, stop: &AtomicBool) {
    let looks: Looks = house.service();
    loop {
        let stopping = (0..LOOK_TURNS).any(|_| {
            std::thread::sleep(TURN);
            stop.load(Ordering::Relaxed)
        });
        // A panic here would let looks pile up until nobody is shown anything any more.
        let outcome = catch_unwind(AssertUnwindSafe(|| looks.write(house.store())));
        if let Err(error) = outcome.unwrap_or_else(|_| Err(Error::internal("writing looks panicked"))) {
            tracing::warn!(context = error.inward(), "looks could not be written; they wait");
        }
        if stopping {
            return;
        }
    }
}

fn run(house: &House, stop: &AtomicBool) {
    let holder = format!("jobs-{}-{}", std::process::id(), house.store().new_id());
    let rounds: Rounds = house.service();
    let modules = house.modules().iter().flat_map(|module| module.jobs);
    let mut due: Vec<(Instant, &Job)> = OWN.iter().chain(modules).map(|job| (Instant::now(), job)).collect();
    while !stop.load(Ordering::Relaxed) {
        for (next, job) in &mut due {
            if *next > Instant::now() || stop.load(Ordering::Relaxed) {
                continue;
            }
            let every = Duration::from_secs(job.every_seconds);
            *next = Instant::now() + every;
            // One that panics must not take the seal of the audit and the outbox with it.
            let outcome = catch_unwind(AssertUnwindSafe(|| run_leased(house, job, &holder)));
            let outcome = outcome.unwrap_or_else(|_| Err(Error::internal("the job panicked")));
            rounds.note(job.name, &outcome);
            if let Err(error) = outcome {
                tracing::warn!(job = job.name, context = error.inward(), "a job failed; it will run again");
            }
        }
        std::thread::sleep(TURN);
    }
}

fn run_leased(house: &House, job: &Job, holder: &str) -> Result<Done> {
    // Long enough for a slow round, short enough that another node soon takes over from a dead one.
    let seconds = i64::try_from(job.every_seconds).unwrap_or(60) * 3 + 30;
    if !lease::hold_job(house.store(), job.name, holder, seconds)? {
        return Ok(Done::ByAnother);
    }
    (job.run)(house).map(|()| Done::Here)
}

fn seal(house: &House) -> Result<()> {
    while audit::seal(house.store())? > 0 {}
    crate::anchor::keep(house)
}

fn forget(house: &House) -> Result<()> {
    command::forget_old(house.store()).map(drop)
}

/// Rounds in a row, so that the seal of the audit does not wait long behind an installation's first folding.
const FOLDS: usize = 16;

fn fold(house: &House) -> Result<()> {
    let today = house.now().day();
    for _ in 0..FOLDS {
        let command = house.store().system_command("deltas.fold", 1);
        if house.store().write_blocking(command, move |tx| deltas::fold_round(tx, today))? < deltas::ROUND {
            break;
        }
    }
    Ok(())
}

fn deliver(house: &House) -> Result<()> {
    let listeners = crate::modules::listeners();
    while outbox::deliver(house.store(), listeners)? > 0 {}
    Ok(())
}
