//! What is made of many measured requests.

use std::time::Duration;

/// One request.
#[derive(Debug, Clone)]
pub struct Measured {
    /// When it was due, from the beginning.
    pub due: Duration,
    /// From then to the end of its answer.
    pub took: Duration,
    /// What was wrong with the answer.
    pub error: Option<String>,
}

/// Requests of one kind, summed up.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Summary {
    pub asked: usize,
    pub errors: usize,
    pub first_error: Option<String>,
    /// Requests a second, to the last answer.
    pub rate: f64,
    pub median: Duration,
    pub p95: Duration,
}

impl Summary {
    /// Of the requests that were due in a span.
    pub fn of(all: &[Measured], (from, until): (Duration, Duration)) -> Self {
        let span: Vec<&Measured> = all.iter().filter(|one| one.due >= from && one.due < until).collect();
        let mut took: Vec<Duration> = span.iter().filter(|one| one.error.is_none()).map(|one| one.took).collect();
        took.sort_unstable();
        let at = |percent: usize| took.get(took.len().saturating_sub(1) * percent / 100).copied().unwrap_or_default();
        let last = span.iter().map(|one| one.due + one.took).max().unwrap_or_default();
        let seconds = last.saturating_sub(from).as_secs_f64();
        Self {
            asked: span.len(),
            errors: span.len() - took.len(),
            first_error: span.iter().find_map(|one| one.error.clone()),
            rate: if seconds > 0.0 { span.len() as f64 / seconds } else { 0.0 },
            median: at(50),
            p95: at(95),
        }
    }

    /// A line of a table.
    pub fn line(&self, name: &str) -> String {
        format!(
            "{name}: {} asked, {} errors, {:.1}/s, median {:.1} ms, 95th percentile {:.1} ms",
            self.asked,
            self.errors,
            self.rate,
            self.median.as_secs_f64() * 1000.0,
            self.p95.as_secs_f64() * 1000.0
        )
    }

    /// What is wrong with it: errors, or answers that came much more slowly than they were asked for.
    pub fn faults(&self, name: &str, wanted: f64) -> Vec<String> {
        let mut wrong = Vec::new();
        if self.errors > 0 {
            let first = self.first_error.as_deref().unwrap_or("?");
            wrong.push(format!("{name}: {} of {} went wrong, the first: {first}", self.errors, self.asked));
        }
        if self.rate < wanted * RATE_MIN {
            wrong.push(format!("{name}: {:.1} a second were answered, and {wanted:.1} asked for", self.rate));
        }
        wrong
    }
}

/// A queue that grows shows in the rate; the ends of a run may cost some of it.
const RATE_MIN: f64 = 0.9;
/// So much longer may the median become while something runs in the background.
const SLOWER_MAX: u32 = 2;
/// The median of fewer is chance.
const FEWEST: usize = 10;

/// What is wrong with how much slower it became.
pub fn slower(name: &str, (before, during): (&Summary, &Summary)) -> Option<String> {
    let fewest = during.asked.min(before.asked);
    if fewest < FEWEST {
        return Some(format!(
            "{name}: {fewest} requests before or during the computation tell nothing; let it run longer"
        ));
    }
    let worse = during.median > before.median * SLOWER_MAX;
    worse.then(|| format!("{name}: the median went from {:.1?} to {:.1?}", before.median, during.median))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(due: u64, took: u64, error: bool) -> Measured {
        let error = error.then(|| "500".to_owned());
        Measured { due: Duration::from_millis(due), took: Duration::from_millis(took), error }
    }

    const SECOND: (Duration, Duration) = (Duration::ZERO, Duration::from_secs(1));

    #[test]
    fn medians_are_of_what_was_answered_in_the_span() {
        let all: Vec<_> =
            (0..100).map(|n| measured(n * 10, n + 1, n == 7)).chain([measured(1500, 9000, true)]).collect();
        let summary = Summary::of(&all, SECOND);
        assert_eq!((summary.asked, summary.errors), (100, 1));
        assert_eq!(summary.median, Duration::from_millis(51));
        assert_eq!(summary.p95, Duration::from_millis(95));
        assert!((summary.rate - 100.0 / 1.09).abs() < 0.1, "{}", summary.rate);
    }

    #[test]
    fn errors_and_a_queue_that_grows_are_faults() {
        let good: Vec<_> = (0..100).map(|n| measured(n * 10, 5, false)).collect();
        assert_eq!(Summary::of(&good, SECOND).faults("pages", 100.0), Vec::<String>::new());
        let late: Vec<_> = (0..100).map(|n| measured(n * 10, n * 10, false)).collect();
        assert_eq!(Summary::of(&late, SECOND).faults("pages", 100.0).len(), 1);
        let wrong: Vec<_> = (0..100).map(|n| measured(n * 10, 5, n == 3)).collect();
        assert_eq!(Summary::of(&wrong, SECOND).faults("pages", 100.0).len(), 1);
        assert_eq!(Summary::default().faults("pages", 100.0).len(), 1, "nothing was asked");
    }

    #[test]
    fn a_median_may_double_and_no_more() {
        let of = |took| Summary::of(&vec![measured(0, took, false); FEWEST], SECOND);
        assert_eq!(slower("pages", (&of(10), &of(20))), None);
        assert!(slower("pages", (&of(10), &of(21))).is_some());
        assert!(slower("pages", (&of(10), &Summary::default())).is_some());
        let few = Summary::of(&vec![measured(0, 10, false); FEWEST - 1], SECOND);
        assert!(slower("pages", (&of(10), &few)).is_some(), "too few to tell");
    }
}
