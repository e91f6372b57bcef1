//! A span of days as the fewest whole years, months and days.

use types::Day;

/// For how long a sum is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grain {
    Day,
    Month,
    Year,
}

impl Grain {
    pub const ALL: [Self; 3] = [Self::Day, Self::Month, Self::Year];

    /// As it stands in the database.
    pub fn number(self) -> i64 {
        self as i64
    }

    /// The first day of the day, month or year in which `day` lies.
    pub fn first_day(self, day: Day) -> Day {
        match self {
            Self::Day => day,
            Self::Month => Day(day.0.first_of_month()),
            Self::Year => Day(day.0.first_of_year()),
        }
    }

    fn last_day(self, day: Day) -> Day {
        match self {
            Self::Day => day,
            Self::Month => Day(day.0.last_of_month()),
            Self::Year => Day(day.0.last_of_year()),
        }
    }

    /// The next longer one.
    fn longer(self) -> Option<Self> {
        Self::ALL.into_iter().find(|grain| *grain > self)
    }
}

/// Whole days, months or years one after another: those that begin from `first` (or ever) to `last`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    pub grain: Grain,
    pub first: Option<Day>,
    pub last: Day,
}

/// Parts that cover the days from `first` (or ever) to `last` once.
pub fn parts(first: Option<Day>, last: Day) -> Vec<Part> {
    let mut parts = Vec::new();
    if first.is_none_or(|first| first <= last) {
        cover(Grain::Day, (first, last), &mut parts);
    }
    parts
}

/// What does not fill a longer time stays at this grain; the middle goes to the longer one.
fn cover(grain: Grain, (first, last): (Option<Day>, Day), parts: &mut Vec<Part>) {
    let Some(longer) = grain.longer() else { return parts.push(Part { grain, first, last }) };
    let ends_whole = longer.last_day(last) == last;
    let middle_last = if ends_whole { Some(last) } else { before(longer.first_day(last)) };
    let middle_first = match first {
        Some(first) if longer.first_day(first) == first => Some(first),
        Some(first) => Some(longer.last_day(first).next()),
        None => None,
    };
    let whole = middle_last.filter(|to| middle_first.is_none_or(|from| from <= *to));
    let Some(middle_last) = whole else { return parts.push(Part { grain, first, last }) };
    if let (Some(first), Some(from)) = (first, middle_first)
        && first < from
        && let Some(to) = before(from)
    {
        parts.push(Part { grain, first: Some(first), last: to });
    }
    cover(longer, (middle_first, middle_last), parts);
    if !ends_whole {
        parts.push(Part { grain, first: Some(middle_last.next()), last });
    }
}

fn before(day: Day) -> Option<Day> {
    day.0.yesterday().ok().map(Day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn told(first: Option<&str>, last: &str) -> Vec<String> {
        let part = |part: &Part| {
            let from = part.first.map_or("…".to_owned(), |day| day.to_string());
            format!("{:?} {from} {}", part.grain, part.last)
        };
        parts(first.map(day), day(last)).iter().map(part).collect()
    }

    #[test]
    fn whole_months_and_years_are_taken_whole() {
        assert_eq!(told(Some("2026-01-01"), "2026-12-31"), ["Year 2026-01-01 2026-12-31"]);
        assert_eq!(told(Some("2026-03-01"), "2026-03-31"), ["Month 2026-03-01 2026-03-31"]);
        assert_eq!(told(Some("2026-03-02"), "2026-03-31"), ["Day 2026-03-02 2026-03-31"]);
        assert_eq!(
            told(Some("2024-11-20"), "2026-02-03"),
            [
                "Day 2024-11-20 2024-11-30",
                "Month 2024-12-01 2024-12-31",
                "Year 2025-01-01 2025-12-31",
                "Month 2026-01-01 2026-01-31",
                "Day 2026-02-01 2026-02-03"
            ]
        );
        assert_eq!(
            told(None, "2026-02-03"),
            ["Year … 2025-12-31", "Month 2026-01-01 2026-01-31", "Day 2026-02-01 2026-02-03"]
        );
        assert_eq!(told(Some("2026-02-04"), "2026-02-03"), Vec::<String>::new());
    }

    proptest! {
        #[test]
        fn every_day_is_covered_once(from in 0i64..1_500, length in 0i64..1_200) {
            use jiff::ToSpan;
            let start = day("2023-01-01").0;
            let at = |n: i64| Day(start.checked_add(n.days()).unwrap());
            let parts = parts(Some(at(from)), at(from + length));
            prop_assert!(parts.len() <= 5);
            for n in from - 3..=from + length + 3 {
                let holds = |part: &&Part| {
                    let key = part.grain.first_day(at(n));
                    part.first.is_none_or(|first| first <= key) && key <= part.last
                };
                let wanted = usize::from((from..=from + length).contains(&n));
                prop_assert_eq!(parts.iter().filter(holds).count(), wanted, "day {}", n);
            }
        }
    }
}
