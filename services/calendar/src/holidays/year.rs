//! The decisions of one year: breaks and swapped days, each with the paper behind it.

use jiff::civil::Date;
use std::fmt;

use super::{DayOff, OffKind};
use crate::words;

/// What was decided for one year, as `data/years/<year>.toml` has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YearFile {
    /// The year.
    pub year: i16,
    /// Breaks of several days: Tết, National Day.
    pub breaks: Vec<Break>,
    /// Working days exchanged for weekend days.
    pub swaps: Vec<Swap>,
}

/// A break of several days, weekends included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Break {
    /// E.g. `Tết Nguyên đán Bính Ngọ`.
    pub occasion: String,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
    /// The paper behind it.
    pub decision: Decision,
    /// The line at which it begins in the text it was read from.
    pub line: Option<usize>,
}

impl Break {
    /// Whether the break holds `date` and the day before or after it.
    pub(super) fn holds_beside(&self, date: Date) -> bool {
        self.from <= date && date <= self.to && self.from < self.to
    }
}

/// A working day exchanged for a weekend day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Swap {
    /// E.g. `Quốc khánh 02/9`.
    pub occasion: String,
    /// The working day that is off.
    pub off: Date,
    /// The weekend day that is worked.
    pub work: Date,
    /// The paper behind it.
    pub decision: Decision,
    /// The line at which it begins in the text it was read from.
    pub line: Option<usize>,
}

/// The paper by which a break or swap was decided; a part that was not found is left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Decision {
    /// E.g. `9859/VPCP-KGVX`.
    pub number: Option<String>,
    /// When it was signed.
    pub date: Option<Date>,
    /// Who issued it.
    pub issuer: Option<String>,
    /// Where it or a report of it can be read.
    pub source: Option<String>,
    /// Whether number, date and days were seen in a public source.
    pub verified: bool,
}

impl Decision {
    /// `9859/VPCP-KGVX ngày 13/10/2025 của Văn phòng Chính phủ`, with what is missing said.
    pub fn basis(&self) -> String {
        let mut words = match &self.number {
            Some(number) => number.clone(),
            None => "văn bản chưa rõ số".to_string(),
        };
        if let Some(date) = self.date {
            words.push_str(&format!(" ngày {}", words::date(date)));
        }
        if let Some(issuer) = &self.issuer {
            words.push_str(&format!(" của {issuer}"));
        }
        words
    }

    pub(super) fn day_off(&self, name: &str, kind: OffKind) -> DayOff {
        DayOff {
            name: name.to_string(),
            kind,
            basis: self.basis(),
            source: self.source.clone(),
            verified: self.verified,
        }
    }
}

/// Something that is wrong with the decisions of a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The line of the text; none for what was not read from a text, or belongs to the whole year.
    pub line: Option<usize>,
    /// Which part of a decision: `occasion`, `from`, `to`, `off`, `work`; empty for the whole year.
    pub part: &'static str,
    /// What is wrong, in Vietnamese.
    pub what: String,
}

impl Mistake {
    /// About the whole year.
    pub(super) fn of_year(what: String) -> Self {
        Self { line: None, part: "", what }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "dòng {line}: {}", self.what),
            None => f.write_str(&self.what),
        }
    }
}
