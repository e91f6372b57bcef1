//! Number and date that were written into a signed document, and the signature that vouches for them.

use super::changes::{Found, Kind, Purpose};
use super::judge::Case;
use super::report::{Report, Verdict};
use std::collections::BTreeSet;
use types::Day;

/// Number and date of a document, as its fields say and a signature vouches for.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Issued {
    /// Number and symbol: `12/QĐ-UBND`.
    pub number: Option<String>,
    /// Day of issue.
    pub date: Option<Day>,
    /// Which of [`Report::signatures`] vouches for them: the first one made after they were written. Whose it must be is
    /// for the caller to ask, for whoever has a certificate can sign.
    pub signature: usize,
}

/// What comparing the sections of a file found, step by step.
type Steps = [Result<Vec<Found>, String>];

/// Of each step the signature that vouches for what it wrote: the first person's or agency's that covers it, when nothing
/// is wrong with it. Cases are in the order in which they were made.
pub fn vouchers(cases: &[Case<'_, '_>], steps: &Steps) -> Vec<Option<usize>> {
    let one = |step: usize| {
        let covers = |case: &Case<'_, '_>| case.covered.as_ref().is_some_and(|c| c.view.sections >= step + 2);
        let (first, case) = cases.iter().enumerate().find(|(_, case)| !case.is_stamp() && covers(case))?;
        case.holds().then_some(first)
    };
    (0..steps.len()).map(one).collect()
}

/// Number and date of a file that is not refused. Places that contradict each other say nothing.
pub fn issued(report: &Report, steps: &Steps, vouchers: &[Option<usize>]) -> Option<Issued> {
    let (mut numbers, mut dates, mut by) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for (step, voucher) in steps.iter().zip(vouchers) {
        let (Ok(step), Some(voucher)) = (step, voucher) else { continue };
        for found in step {
            let Kind::Numbered { purpose, text, .. } = &found.kind else { continue };
            match purpose {
                Purpose::Number => _ = numbers.insert(text.clone()),
                Purpose::Date => dates.extend(day(text)),
            }
            by.insert(*voucher);
        }
    }
    let alone = numbers.len() <= 1 && dates.len() <= 1 && by.len() == 1;
    let signature = by.pop_first().filter(|_| alone && report.verdict != Verdict::Invalid)?;
    Some(Issued { number: numbers.pop_first(), date: dates.pop_first(), signature })
}

/// Whether places for the same thing say different things.
pub fn contradict(steps: &Steps) -> bool {
    let mut said: [BTreeSet<&str>; 2] = Default::default();
    for found in steps.iter().flatten().flatten() {
        if let Kind::Numbered { purpose, text, .. } = &found.kind {
            said[usize::from(*purpose == Purpose::Date)].insert(text);
        }
    }
    said.iter().any(|texts| texts.len() > 1)
}

/// The day in `ngày 05 tháng 02 năm 2026`, when it is written as Decree 30/2020/NĐ-CP writes it and in no other way.
pub fn day(text: &str) -> Option<Day> {
    let (day, rest) = text.strip_prefix("ngày ")?.split_once(" tháng ")?;
    let (month, year) = rest.split_once(" năm ")?;
    let number = |digits: &str, length: usize| -> Option<i16> {
        let plain = digits.len() == length && digits.bytes().all(|byte| byte.is_ascii_digit());
        digits.parse().ok().filter(|_| plain)
    };
    let month = match number(month, 2) {
        Some(two @ (1 | 2 | 10..=12)) => two,
        Some(_) => return None,
        None => number(month, 1).filter(|one| *one >= 3)?,
    };
    let (year, month, day) = (number(year, 4)?, i8::try_from(month).ok()?, i8::try_from(number(day, 2)?).ok()?);
    jiff::civil::Date::new(year, month, day).ok().map(Day)
}

#[cfg(test)]
mod tests {
    use super::day;

    #[test]
    fn days_are_read_in_one_way_only() {
        let read = |text: &str| day(text).map(|day| day.to_string());
        assert_eq!(read("ngày 05 tháng 02 năm 2026").as_deref(), Some("2026-02-05"));
        assert_eq!(read("ngày 15 tháng 3 năm 2026").as_deref(), Some("2026-03-15"));
        assert_eq!(read("ngày 31 tháng 12 năm 2026").as_deref(), Some("2026-12-31"));
        for bad in [
            "",
            "ngày 5 tháng 02 năm 2026",
            "ngày 05 tháng 2 năm 2026",
            "ngày 05 tháng 03 năm 2026",
            "ngày 31 tháng 11 năm 2026",
            "ngày 05 tháng 13 năm 2026",
            "ngày 05 tháng 02 năm 26",
            "ngày 05 tháng 02 năm 2026 ",
            "ngày +5 tháng 02 năm 2026",
            "Tân Phú, ngày 05 tháng 02 năm 2026",
            "2026-02-05",
        ] {
            assert_eq!(day(bad), None, "{bad}");
        }
    }
}
