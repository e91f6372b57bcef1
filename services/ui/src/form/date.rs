//! A date in three boxes, as it was typed and as it is meant.

use jiff::civil::Date;
use types::Day;

/// Which of the boxes is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DatePart {
    /// The first box.
    Day,
    /// The second box.
    Month,
    /// The third box.
    Year,
}

/// What stands in the three boxes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DateEntry {
    /// The day as typed.
    pub day: String,
    /// The month as typed.
    pub month: String,
    /// The year as typed.
    pub year: String,
}

impl DateEntry {
    /// From the three boxes.
    pub fn new(day: impl Into<String>, month: impl Into<String>, year: impl Into<String>) -> Self {
        Self { day: day.into(), month: month.into(), year: year.into() }
    }

    /// The boxes for a known day.
    pub fn of(day: Day) -> Self {
        Self::new(day.0.day().to_string(), day.0.month().to_string(), day.0.year().to_string())
    }

    /// Whether all three boxes are empty.
    pub fn is_empty(&self) -> bool {
        [&self.day, &self.month, &self.year].iter().all(|part| part.trim().is_empty())
    }

    /// The day it means. A year has four digits: `26` could be 1926 or 2026, so it is asked again.
    ///
    /// # Errors
    /// The first box that cannot be right.
    pub fn read(&self) -> Result<Day, DatePart> {
        let year: i16 = digits(&self.year, 4..=4).ok_or(DatePart::Year)?;
        let month: i8 = digits(&self.month, 1..=2).filter(|m| (1..=12).contains(m)).ok_or(DatePart::Month)?;
        let day: i8 = digits(&self.day, 1..=2).ok_or(DatePart::Day)?;
        Date::new(year, month, day).map(Day).map_err(|_| DatePart::Day)
    }
}

fn digits<T: std::str::FromStr>(text: &str, length: std::ops::RangeInclusive<usize>) -> Option<T> {
    let text = text.trim();
    let plain = length.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}
