//! The day itself: pages and receipts when they are due, and a calendar that changes in the middle.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use jiff::ToSpan;
use jiff::Zoned;

use super::stage::{Stage, address};
use super::told::{Measured, Summary, slower};
use super::{CITIZENS_A_MINUTE, LoadArgs, OFFICERS, RECEIPTS_A_SECOND};
use crate::harness::browser::Browser;
use crate::harness::client::Outcome;
use crate::harness::journal::Journal;

/// Requests on their way at once; while fewer are, each begins when it is due.
const HANDS: usize = 256;
/// Pages that citizens look at, besides those on which they follow a dossier.
const PUBLIC: [&str; 3] = ["/", "/thu-tuc", "/thu-tuc/2.000884"];
/// When the calendar changes, and what counts as before, in parts of the whole.
const CHANGE: f64 = 0.4;
const WARM: f64 = 0.1;
/// For so long due times are computed at least, all of them once more if there is time: what is over in a moment shows
/// nobody's median.
const COMPUTING: f64 = 0.2;

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ask {
    Officer(usize),
    Citizen(usize),
    Receipt(usize),
}

impl Ask {
    fn kind(self) -> usize {
        match self {
            Self::Officer(_) => 0,
            Self::Citizen(_) => 1,
            Self::Receipt(_) => 2,
        }
    }
}

/// Asks for everything when it is due; answers each with what came of it, in no order.
pub fn run<A: Sync + Send + Copy>(
    schedule: Vec<(Duration, A)>,
    ask: impl Fn(&A) -> Option<String> + Sync,
) -> Vec<(A, Measured)> {
    let (next, begun) = (AtomicUsize::new(0), Instant::now());
    let hand = || {
        let mut done = Vec::new();
        while let Some((due, what)) = schedule.get(next.fetch_add(1, Ordering::Relaxed)) {
            std::thread::sleep(due.saturating_sub(begun.elapsed()));
            let error = ask(what);
            done.push((*what, Measured { due: *due, took: begun.elapsed().saturating_sub(*due), error }));
        }
        done
    };
    std::thread::scope(|scope| {
        let hands: Vec<_> = (0..HANDS.min(schedule.len())).map(|_| scope.spawn(hand)).collect();
        hands.into_iter().flat_map(|hand| hand.join().expect("it does not panic")).collect()
    })
}

/// Everything that is due, in its order: each kind evenly at its rate.
fn schedule(args: &LoadArgs, lasts: Duration) -> Vec<(Duration, Ask)> {
    let evenly = |a_second: f64, ask: fn(usize) -> Ask| {
        let count = (a_second * lasts.as_secs_f64()).round() as usize;
        (0..count).map(move |n| (Duration::from_secs_f64(n as f64 / a_second), ask(n)))
    };
    let mut all: Vec<(Duration, Ask)> = evenly(rates(args)[0], Ask::Officer)
        .chain(evenly(rates(args)[1], Ask::Citizen))
        .chain(evenly(rates(args)[2], Ask::Receipt))
        .collect();
    all.sort_by_key(|(due, _)| *due);
    all
}

/// Officers' pages, citizens' pages and receipts, a second.
fn rates(args: &LoadArgs) -> [f64; 3] {
    [OFFICERS / 60.0, CITIZENS_A_MINUTE / 60.0, RECEIPTS_A_SECOND].map(|rate| rate * args.scale)
}

/// Lets everything flow and judges.
pub fn flow(args: &LoadArgs, stage: &Stage, journal: &Journal) -> Result<Vec<String>> {
    let lasts = Duration::from_secs_f64(args.minutes * 60.0);
    let (processor, over) = (stage.processor_seconds()?, AtomicBool::new(false));
    let begun = Instant::now();
    let (all, computed) = std::thread::scope(|scope| {
        let computing = scope.spawn(|| {
            std::thread::sleep(lasts.mul_f64(CHANGE));
            compute_anew(stage, (begun, lasts.mul_f64(COMPUTING)), &over)
        });
        let all = run(schedule(args, lasts), |ask| answer(stage, journal, *ask));
        over.store(true, Ordering::Relaxed);
        (all, computing.join().expect("it does not panic"))
    });
    let computed = computed?;
    let processor = stage.processor_seconds()? - processor;
    let each = processor * 1000.0 / (all.len() + computed.done) as f64;
    println!("{:.0} s, {each:.2} ms of the server's processor for a request", begun.elapsed().as_secs_f64());
    println!(
        "the calendar changed; {} due times of {} dossiers computed anew in {:.1} s",
        computed.done,
        stage.promised.len(),
        (computed.until - computed.from).as_secs_f64()
    );
    let mut wrong = computed.errors.clone();
    if computed.done < stage.promised.len() {
        wrong.push(format!("{} of {} due times were computed anew in time", computed.done, stage.promised.len()));
    }
    for (kind, name) in ["officers' pages", "citizens' pages", "receipts"].into_iter().enumerate() {
        let of_kind = all.iter().filter(|(ask, _)| ask.kind() == kind);
        let measured: Vec<Measured> = of_kind.map(|(_, measured)| measured.clone()).collect();
        let whole = Summary::of(&measured, (Duration::ZERO, lasts));
        let before = Summary::of(&measured, (lasts.mul_f64(WARM), lasts.mul_f64(CHANGE)));
        let during = Summary::of(&measured, (computed.from, computed.until));
        println!("{}", whole.line(name));
        println!("{}", before.line("  before the computation"));
        println!("{}", during.line("  during the computation"));
        wrong.extend(whole.faults(name, rates(args)[kind]));
        wrong.extend(slower(name, (&before, &during)));
    }
    Ok(wrong)
}

/// Asks for one thing; answers what was wrong.
fn answer(stage: &Stage, journal: &Journal, ask: Ask) -> Option<String> {
    let page = |mut browser: Browser, path: &str| match browser.get(stage.port(), path) {
        Ok(shown) if shown.status == 200 => None,
        Ok(shown) => Some(format!("{path} was answered {} {}", shown.status, shown.to)),
        Err(error) => Some(format!("{path}: {error:#}")),
    };
    match ask {
        Ask::Officer(n) => page(stage.officers[n % stage.officers.len()].browser.clone(), "/viec-cua-toi"),
        Ask::Citizen(n) => {
            let kinds = PUBLIC.len() + 1;
            let followed = || stage.followed[n / kinds % stage.followed.len()].as_str();
            let path = PUBLIC.get(n % kinds).copied().unwrap_or_else(followed);
            page(Browser::new().at(address(n)), path)
        }
        Ask::Receipt(n) => {
            let command = format!("load-receipt-{n}");
            journal.sent(&command, 0);
            match stage.client.receive_bare(&command) {
                Outcome::Received(answer) => {
                    journal.answered(&command, answer);
                    None
                }
                other => Some(format!("{other:?}")),
            }
        }
    }
}

/// What became of the computation.
struct Computed {
    from: Duration,
    until: Duration,
    done: usize,
    errors: Vec<String>,
}

/// Closes the unit on a day to come, and then has every due time computed anew, one after another, for `at_least`. A promise once made is not moved by the program itself, so due times are computed where they are explained: on
/// the dossier's own page, once as promised and once as today's calendar has it.
fn compute_anew(stage: &Stage, (begun, at_least): (Instant, Duration), over: &AtomicBool) -> Result<Computed> {
    let from = begun.elapsed();
    let day = Zoned::now().date().saturating_add(3.days());
    let (year, month, of_month) = (day.year().to_string(), day.month().to_string(), day.day().to_string());
    let fields = [
        ("day.year", year.as_str()),
        ("day.month", &month),
        ("day.day", &of_month),
        ("kind", "closed"),
        ("reason", "Đóng cửa do lũ quét"),
        ("basis", "Thông báo số 12/TB-UBND ngày 20/11/2026"),
    ];
    let path = format!("/quan-tri/lich-lam-viec/{}/ngay", stage.unit);
    let changed = stage.administrator.clone().submit(stage.port(), &path, &fields)?;
    ensure!(changed.status == 303, "changing the calendar is answered {}", changed.status);
    let (mut done, mut errors, mut reader) = (0, Vec::new(), stage.reader.clone());
    for code in stage.promised.iter().cycle() {
        let enough = done >= stage.promised.len() && begun.elapsed() >= from + at_least;
        if enough || over.load(Ordering::Relaxed) || !errors.is_empty() {
            break;
        }
        match reader.get(stage.port(), &format!("/ho-so/{code}")) {
            Ok(shown) if shown.status == 200 => done += 1,
            Ok(shown) => errors.push(format!("the page of {code} was answered {}", shown.status)),
            Err(error) => errors.push(format!("the page of {code}: {error:#}")),
        }
    }
    Ok(Computed { from, until: begun.elapsed(), done, errors })
}
