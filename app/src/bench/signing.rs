//! Documents: what a typeset page takes, what signing and verifying take beside pyHanko on the same files in the same run,
//! and the memory that a long document takes.
//!
//! Both sides do the same: a person signs (RSA 2048), the agency signs after (P-256), and the file with both signatures is
//! verified, what the second one changed included; level B-B, so that nobody is asked over a network. They take turns, and
//! only their processor time is compared: a busy moment of the machine makes both dearer.

mod beside;
mod ours;
mod pages;
mod told;
mod weight;

pub(super) use told::SigningReport;
pub(super) use weight::serve;

use crate::os::cpu_ms;
use crate::progress::{Far, Progress};
use beside::Beside;
use ours::{Ours, Work};
use std::path::{Path, PathBuf};
use told::{BesideReport, LongReport, WorkReport};
use types::{Error, Result};

/// Under this variable stands the Python that has pyHanko.
pub(super) const PYHANKO: &str = "NHAVIEC_BENCH_PYHANKO";
/// Documents that both sides work on.
const DOCUMENTS: usize = 8;
/// Times that ours goes through them in a round: its processor time is told in hundredths of a second only.
const PASSES: usize = 25;
/// Both sides take turns so many times.
const ROUNDS: usize = 5;
/// Pages that are typeset in a round.
const PAGES: usize = 20;
/// The name of the long document.
const LONG: &str = "dai";

/// Measures everything; what needs pyHanko only where it is.
pub(super) fn measure(folder: &Path, progress: &Progress) -> Result<SigningReport> {
    progress.tell("Đo trang in", Far::default());
    let page_cpu_ms = typeset()?;
    let python = std::env::var_os(PYHANKO).filter(|python| !python.is_empty());
    let Some(python) = python.map(PathBuf::from) else {
        return Ok(SigningReport { page_cpu_ms, beside: None, long: None });
    };
    let folder = folder.join("signing");
    std::fs::create_dir_all(&folder).map_err(Error::internal)?;
    let mut theirs = Beside::start(&python, &folder)?;
    let ours = Ours::open(&folder)?;
    for number in 0..DOCUMENTS {
        let two = pages::receipt(number, 2)?;
        ours.take_through(&two, (&folder, &number.to_string()))?;
    }
    let works = beside_each_other(&ours, (&mut theirs, &folder), progress)?;
    let beside = BesideReport { version: theirs.version.clone(), documents: DOCUMENTS, works };
    drop(theirs);
    progress.tell("Đo bộ nhớ của văn bản dài", Far::default());
    let long = weigh(&ours, &folder)?;
    Ok(SigningReport { page_cpu_ms, beside: Some(beside), long: Some(long) })
}

/// Processor time of a page after warm-up: the calmest round, since others make the same work dearer and never cheaper.
/// No two pages say the same, or the typesetter would answer from memory.
fn typeset() -> Result<f64> {
    let mut rounds = Vec::new();
    for round in 0..=ROUNDS {
        let before = used();
        for page in 0..PAGES {
            pages::receipt(round * PAGES + page, 1)?;
        }
        rounds.push((used() - before) / PAGES as f64);
    }
    // The first is the warm-up.
    Ok(rounds.into_iter().skip(1).fold(f64::INFINITY, f64::min))
}

/// Each work by both sides, in turns.
fn beside_each_other(
    ours: &Ours,
    (theirs, folder): (&mut Beside, &Path),
    progress: &Progress,
) -> Result<Vec<WorkReport>> {
    let mut reports = Work::ALL.map(WorkReport::of);
    for round in 0..=ROUNDS {
        progress.tell("Đo ký số bên cạnh pyHanko", Far::of(round as u64 + 1, ROUNDS as u64 + 1));
        for (work, report) in Work::ALL.into_iter().zip(&mut reports) {
            let paths: Vec<PathBuf> = (0..DOCUMENTS).map(|n| work.file(folder, &n.to_string())).collect();
            let files = paths.iter().map(|path| std::fs::read(path).map_err(Error::internal));
            let files = files.collect::<Result<Vec<_>>>()?;
            let before = used();
            for file in files.iter().cycle().take(PASSES * DOCUMENTS) {
                ours.work(work, file)?;
            }
            let own = (used() - before) / (PASSES * DOCUMENTS) as f64;
            let other = theirs.work(work, &paths)? / DOCUMENTS as f64;
            // The first round is the warm-up.
            if round > 0 {
                report.rounds_cpu_ms.push((own, other));
            }
        }
    }
    Ok(reports.into())
}

/// The memory of a document of a hundred scanned pages, by work.
fn weigh(ours: &Ours, folder: &Path) -> Result<LongReport> {
    let scanned = pages::scanned();
    ours.take_through(&scanned, (folder, LONG))?;
    let times = Work::ALL.map(|work| Ok((work.name(), weight::of(folder, work)?)));
    Ok(LongReport {
        pages: pages::SCANNED_PAGES,
        megabytes: scanned.len() as f64 / f64::from(1 << 20),
        times: times.into_iter().collect::<Result<_>>()?,
    })
}

/// Processor time of this process so far, in milliseconds.
fn used() -> f64 {
    cpu_ms(std::process::id()).unwrap_or(0.0)
}
