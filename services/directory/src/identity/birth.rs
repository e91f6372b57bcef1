//! Birth dates, which papers may know only to the month or the year, and sex as cards print it.

use std::fmt;

use jiff::civil::Date;
use types::{Day, text::fold};

/// Sex (giới tính) as identity papers record it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sex {
    /// Nam.
    Male,
    /// Nữ.
    Female,
}

impl Sex {
    /// Reads `Nam` or `Nữ` in any case, with or without marks.
    pub fn parse(text: &str) -> Option<Self> {
        match fold(text).as_str() {
            "nam" => Some(Self::Male),
            "nu" => Some(Self::Female),
            _ => None,
        }
    }

    /// The word on papers.
    pub fn label(self) -> &'static str {
        match self {
            Self::Male => "Nam",
            Self::Female => "Nữ",
        }
    }
}

/// A date of birth as far as the papers know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BirthDate {
    /// `23/05/2002`.
    Day(Day),
    /// `05/2002`: the day was never recorded.
    Month { year: i16, month: i8 },
    /// `2002`: only the year was recorded.
    Year(i16),
}

/// Nobody alive was born earlier; nobody is registered later than personal numbers can say.
const YEARS: std::ops::RangeInclusive<i16> = 1850..=2399;

impl BirthDate {
    /// Reads the card's `ddMMyyyy`, where `00` stands for a day or month that is not known.
    pub fn from_card(digits: &str) -> Option<Self> {
        if digits.len() != 8 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        Self::new(digits[4..].parse().ok()?, digits[2..4].parse().ok()?, digits[..2].parse().ok()?)
    }

    /// Reads what people type: `23/5/2002`, `05/2002`, `2002`, also with hyphens or dots, and the card's eight digits.
    pub fn parse(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.split(['/', '-', '.']).map(str::trim).collect();
        if parts.iter().any(|part| part.is_empty() || !part.bytes().all(|byte| byte.is_ascii_digit())) {
            return None;
        }
        match parts[..] {
            [whole] if whole.len() == 8 => Self::from_card(whole),
            [year] => Self::new(year.parse().ok()?, 0, 0),
            [month, year] => Self::new(year.parse().ok()?, month.parse().ok()?, 0),
            [day, month, year] => Self::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?),
            _ => None,
        }
    }

    /// Reads what [`BirthDate::iso`] wrote.
    pub fn from_iso(text: &str) -> Option<Self> {
        let parts: Vec<i16> = text.split('-').map(|part| part.parse().ok()).collect::<Option<_>>()?;
        match parts[..] {
            [year] => Self::new(year, 0, 0),
            [year, month] => Self::new(year, i8::try_from(month).ok()?, 0),
            [year, month, day] => Self::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?),
            _ => None,
        }
    }

    /// `2002-05-23`, `2002-05` or `2002`: for the database and JSON; sorts by time.
    pub fn iso(self) -> String {
        match self {
            Self::Day(Day(date)) => format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day()),
            Self::Month { year, month } => format!("{year:04}-{month:02}"),
            Self::Year(year) => format!("{year:04}"),
        }
    }

    /// The year of birth, always known.
    pub fn year(self) -> i16 {
        match self {
            Self::Day(Day(date)) => date.year(),
            Self::Month { year, .. } | Self::Year(year) => year,
        }
    }

    /// Whether the birth lies after `day` for certain.
    pub fn is_after(self, day: Day) -> bool {
        self.iso().as_str() > &Self::Day(day).iso()[..self.iso().len()]
    }

    fn new(year: i16, month: i8, day: i8) -> Option<Self> {
        if !YEARS.contains(&year) {
            return None;
        }
        match (month, day) {
            (0, 0) => Some(Self::Year(year)),
            (1..=12, 0) => Some(Self::Month { year, month }),
            _ => Date::new(year, month, day).ok().map(|date| Self::Day(Day(date))),
        }
    }
}

/// As papers show it: `23/05/2002`, `05/2002`, `2002`.
impl fmt::Display for BirthDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(Day(date)) => write!(f, "{:02}/{:02}/{}", date.day(), date.month(), date.year()),
            Self::Month { year, month } => write!(f, "{month:02}/{year}"),
            Self::Year(year) => write!(f, "{year}"),
        }
    }
}
