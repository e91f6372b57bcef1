//! What was measured of documents, and which bounds it meets.

use super::ours::Work;
use crate::bench::engine::middle;
use crate::bench::report::Check;
use serde::Serialize;
use std::fmt::Write;

/// Under which word the bounds stand.
const LABEL: &str = "Văn bản";
/// Processor time of a typeset page, in milliseconds.
const PAGE_CPU_MS_MOST: f64 = 50.0;
/// How many times faster than pyHanko, for the same processor time.
const FASTER_LEAST: f64 = 10.0;
/// Memory of a long document, in its sizes.
const TIMES_MOST: f64 = 4.0;

/// Everything.
#[derive(Debug, Clone, Serialize)]
pub(in crate::bench) struct SigningReport {
    /// Processor time of a typeset page.
    pub page_cpu_ms: f64,
    /// None where there is no pyHanko.
    pub beside: Option<BesideReport>,
    pub long: Option<LongReport>,
}

/// Both sides on the same files.
#[derive(Debug, Clone, Serialize)]
pub(in crate::bench) struct BesideReport {
    /// Of pyHanko.
    pub version: String,
    pub documents: usize,
    pub works: Vec<WorkReport>,
}

/// One thing that both sides do.
#[derive(Debug, Clone, Serialize)]
pub(in crate::bench) struct WorkReport {
    pub name: &'static str,
    /// Processor time of one document, ours and pyHanko's, round by round.
    pub rounds_cpu_ms: Vec<(f64, f64)>,
}

/// Memory of a long document.
#[derive(Debug, Clone, Serialize)]
pub(in crate::bench) struct LongReport {
    pub pages: usize,
    pub megabytes: f64,
    /// In its sizes, the file itself included, by what was done.
    pub times: Vec<(&'static str, f64)>,
}

impl WorkReport {
    pub(super) fn of(work: Work) -> Self {
        Self { name: work.name(), rounds_cpu_ms: Vec::new() }
    }

    fn ours_ms(&self) -> f64 {
        middle(self.rounds_cpu_ms.iter().map(|(ours, _)| *ours))
    }

    fn theirs_ms(&self) -> f64 {
        middle(self.rounds_cpu_ms.iter().map(|(_, theirs)| *theirs))
    }

    /// The middle round's.
    fn faster(&self) -> f64 {
        middle(self.rounds_cpu_ms.iter().map(faster))
    }
}

impl BesideReport {
    /// All that is done with a document: the middle round's.
    fn faster(&self) -> f64 {
        let rounds = self.works.first().map_or(0, |work| work.rounds_cpu_ms.len());
        let all = |round: usize| {
            let works = self.works.iter().filter_map(|work| work.rounds_cpu_ms.get(round));
            works.fold((0.0, 0.0), |all, one| (all.0 + one.0, all.1 + one.1))
        };
        middle((0..rounds).map(|round| faster(&all(round))))
    }
}

/// How many times faster ours is.
fn faster((ours, theirs): &(f64, f64)) -> f64 {
    theirs / ours.max(1e-9)
}

impl SigningReport {
    /// The bounds; only the page's has a margin, since the others compare within one run.
    pub fn checks(&self, margin: f64) -> Vec<Check> {
        let check = |what: String, measured: f64, (bound, met): (String, bool)| Check {
            engine: LABEL.to_owned(),
            what,
            measured,
            bound,
            met,
            binds: true,
            near: met,
        };
        let most = |measured: f64, most: f64| (format!("≤ {most}"), measured <= most);
        let page = self.page_cpu_ms;
        let mut checks = vec![Check {
            near: page <= PAGE_CPU_MS_MOST * margin,
            ..check("CPU mỗi trang in (ms)".to_owned(), page, most(page, PAGE_CPU_MS_MOST))
        }];
        let least = |measured: f64| (format!("≥ {FASTER_LEAST}"), measured >= FASTER_LEAST);
        if let Some(beside) = &self.beside {
            let faster = beside.faster();
            checks.push(check("ký và kiểm tra: nhanh hơn pyHanko (lần)".to_owned(), faster, least(faster)));
            // What binds is the whole; one part that comes near the bound would fail a run by the noise alone.
            checks.extend(beside.works.iter().map(|work| {
                let faster = work.faster();
                let what = format!("  {} (lần)", work.name);
                Check { binds: false, ..check(what, faster, least(faster)) }
            }));
        }
        let long = self.long.iter().flat_map(|long| long.times.iter().map(|times| (long.pages, times)));
        for (pages, (name, times)) in long {
            let what = format!("{name}, {pages} trang: bộ nhớ so với tệp (lần)");
            checks.push(check(what, *times, most(*times, TIMES_MOST)));
        }
        checks
    }

    /// For people.
    pub fn in_words(&self, text: &mut String) {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "\n{LABEL}\nmột trang in: {:.1} ms CPU", self.page_cpu_ms);
        if let Some(beside) = &self.beside {
            let name = format!("{} văn bản hai trang, mức B-B", beside.documents);
            let theirs = format!("pyHanko {}", beside.version);
            let _ = writeln!(text, "{name:34} {:>11} {theirs:>16} {:>10}", "CPU ms/lần", "nhanh hơn");
            for work in &beside.works {
                let (ours, theirs, faster) = (work.ours_ms(), work.theirs_ms(), work.faster());
                let _ = writeln!(text, "{:34} {ours:>11.2} {theirs:>16.1} {faster:>6.0} lần", work.name);
            }
        }
        if let Some(long) = &self.long {
            let times: Vec<String> = long.times.iter().map(|(name, times)| format!("{name} {times:.1} lần")).collect();
            let (pages, megabytes) = (long.pages, long.megabytes);
            let _ = writeln!(text, "bộ nhớ của tệp {pages} trang quét, {megabytes:.1} MB: {}", times.join("; "));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(page_cpu_ms: f64, theirs_ms: f64, times: f64) -> SigningReport {
        let work = WorkReport { rounds_cpu_ms: vec![(1.0, theirs_ms)], ..WorkReport::of(Work::Person) };
        SigningReport {
            page_cpu_ms,
            beside: Some(BesideReport { version: "0".to_owned(), documents: 1, works: vec![work] }),
            long: Some(LongReport { pages: 100, megabytes: 15.0, times: vec![("ký", times)] }),
        }
    }

    fn unmet(report: &SigningReport, margin: f64) -> Vec<String> {
        let unmet = report.checks(margin).into_iter().filter(|check| check.binds && !check.near);
        unmet.map(|check| check.what).collect()
    }

    #[test]
    fn only_the_page_has_a_margin() {
        assert_eq!(unmet(&report(49.0, 10.0, 4.0), 1.0), Vec::<String>::new());
        assert_eq!(unmet(&report(60.0, 10.0, 4.0), 1.0), ["CPU mỗi trang in (ms)"]);
        assert_eq!(unmet(&report(60.0, 10.0, 4.0), 1.5), Vec::<String>::new());
        assert_eq!(unmet(&report(49.0, 9.0, 4.0), 1.5), ["ký và kiểm tra: nhanh hơn pyHanko (lần)"]);
        assert_eq!(unmet(&report(49.0, 10.0, 4.1), 1.5), ["ký, 100 trang: bộ nhớ so với tệp (lần)"]);
    }

    #[test]
    fn a_part_that_is_slow_is_told_and_the_whole_binds() {
        let mut report = report(20.0, 9.0, 3.0);
        let works = &mut report.beside.as_mut().unwrap().works;
        works.push(WorkReport { rounds_cpu_ms: vec![(1.0, 30.0)], ..WorkReport::of(Work::Verify) });
        assert_eq!(unmet(&report, 1.0), Vec::<String>::new());
        let told: Vec<(bool, f64)> = report.checks(1.0).iter().skip(1).map(|c| (c.met, c.measured)).take(3).collect();
        assert_eq!(told, [(true, 19.5), (false, 9.0), (true, 30.0)]);
    }

    #[test]
    fn without_pyhanko_the_page_alone_is_told() {
        let alone = SigningReport { beside: None, long: None, ..report(12.0, 0.0, 0.0) };
        assert_eq!(alone.checks(1.0).len(), 1);
        let mut text = String::new();
        alone.in_words(&mut text);
        assert_eq!(text, "\nVăn bản\nmột trang in: 12.0 ms CPU\n");
    }
}
