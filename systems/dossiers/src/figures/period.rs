//! The period that is reported, and those that are asked for most.

use jiff::civil::Date;
use jiff::{ToSpan, Unit};
use types::Day;

/// From a day to a day, both counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    pub first: Day,
    pub last: Day,
}

/// What people call it, and where it lies.
pub type Preset = (&'static str, fn(Date) -> Period);

/// Names of periods, each with how it lies around a day; those that are not over end today.
///
/// They are those of the calendar. A report whose circular closes it on another day takes its days from the boxes.
pub static PRESETS: [Preset; 7] = [
    ("Tháng này", |today| months(today, 1, 0)),
    ("Tháng trước", |today| months(today, 1, -1)),
    ("Quý này", |today| months(today, 3, 0)),
    ("Quý trước", |today| months(today, 3, -1)),
    ("6 tháng đầu năm", |today| whole(today.first_of_year(), 6)),
    ("Từ đầu năm", |today| whole(today.first_of_year(), 12)),
    ("Năm trước", |today| months(today, 12, -1)),
];

/// The stretch of so many months in which a day lies, or one that many later.
fn months(day: Date, length: i32, later: i32) -> Period {
    let begun = (i32::from(day.month()) - 1) / length * length;
    let first = day.first_of_year().saturating_add((begun + later * length).months());
    whole(first, length)
}

fn whole(first: Date, months: i32) -> Period {
    let next = first.saturating_add(months.months());
    Period { first: Day(first), last: Day(next.yesterday().unwrap_or(next)) }
}

impl Period {
    /// What is asked for as far as it is over: nothing is counted of days to come. Without days, this month.
    pub fn asked(first: Option<Day>, last: Option<Day>, today: Day) -> Self {
        let month = Self { first: Day(today.0.first_of_month()), last: today };
        let last = last.unwrap_or(today).min(today);
        let first = first.unwrap_or(if last < month.first { Day(last.0.first_of_month()) } else { month.first });
        Self { first: first.min(last), last }
    }

    /// The same as far as it is over.
    pub fn until(self, today: Day) -> Self {
        Self { first: self.first.min(today), last: self.last.min(today) }
    }

    /// The last day of the period before.
    pub fn day_before(self) -> Day {
        Day(self.first.0.yesterday().unwrap_or(self.first.0))
    }

    /// How many days it has.
    pub fn days(self) -> i64 {
        self.first.0.until((Unit::Day, self.last.0)).map_or(0, |span| i64::from(span.get_days())) + 1
    }

    /// "từ 01/11/2026 đến 30/11/2026".
    pub fn words(self) -> String {
        format!("từ {} đến {}", self.first.0.strftime("%d/%m/%Y"), self.last.0.strftime("%d/%m/%Y"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn presets_lie_where_their_names_say() {
        let told = |today: &str| {
            let today = day(today).0;
            PRESETS.map(|(_, preset)| format!("{} {}", preset(today).first, preset(today).last))
        };
        assert_eq!(
            told("2026-11-28"),
            [
                "2026-11-01 2026-11-30",
                "2026-10-01 2026-10-31",
                "2026-10-01 2026-12-31",
                "2026-07-01 2026-09-30",
                "2026-01-01 2026-06-30",
                "2026-01-01 2026-12-31",
                "2025-01-01 2025-12-31",
            ]
        );
        assert_eq!(told("2026-01-15")[1], "2025-12-01 2025-12-31");
        assert_eq!(told("2026-01-15")[3], "2025-10-01 2025-12-31");
    }

    #[test]
    fn days_to_come_are_not_asked_for_and_a_period_does_not_end_before_it_begins() {
        let today = day("2026-11-28");
        let asked = |first: Option<&str>, last: Option<&str>| {
            let period = Period::asked(first.map(day), last.map(day), today);
            (period.first.to_string(), period.last.to_string())
        };
        let told = |first: &str, last: &str| (first.to_owned(), last.to_owned());
        assert_eq!(asked(None, None), told("2026-11-01", "2026-11-28"));
        assert_eq!(asked(None, Some("2026-12-31")), told("2026-11-01", "2026-11-28"));
        assert_eq!(asked(None, Some("2026-09-14")), told("2026-09-01", "2026-09-14"));
        assert_eq!(asked(Some("2026-12-01"), None), told("2026-11-28", "2026-11-28"));
        assert_eq!(Period::asked(Some(day("2026-11-01")), None, today).days(), 28);
    }
}
