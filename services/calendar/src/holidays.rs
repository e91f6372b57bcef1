//! Public holidays of Viet Nam as dated law and dated decisions.
//!
//! Holidays with a fixed solar or lunar day are computed from `data/holidays.toml`, where each has its dates of
//! validity and its basis. What the Prime Minister decides each year (the days of Tết, the second day of National
//! Day, swapped working days) stands in `data/years/<year>.toml`, one decision each. A year without such a file is
//! not known, and a question about it is an error.

mod law;
mod read;
mod write;
mod year;

use jiff::civil::{Date, Weekday};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use law::Law;

use crate::error::CalendarError;
use crate::lunar;
use crate::moment::day_number;
pub(crate) use read::is_address;
pub use year::{Break, Decision, Mistake, Swap, YearFile};

/// A break that is longer was typed wrong.
const BREAK_DAYS_MAX: i64 = 31;

/// The years that ship with the program.
const SHIPPED_YEARS: [&str; 8] = [
    include_str!("../data/years/2020.toml"),
    include_str!("../data/years/2021.toml"),
    include_str!("../data/years/2022.toml"),
    include_str!("../data/years/2023.toml"),
    include_str!("../data/years/2024.toml"),
    include_str!("../data/years/2025.toml"),
    include_str!("../data/years/2026.toml"),
    include_str!("../data/years/2027.toml"),
];

static SHIPPED_FILES: LazyLock<Vec<YearFile>> = LazyLock::new(|| {
    SHIPPED_YEARS.iter().map(|text| YearFile::read(text).expect("a test reads every shipped year")).collect()
});

static SHIPPED: LazyLock<PublicHolidays> = LazyLock::new(|| {
    SHIPPED_FILES.iter().fold(PublicHolidays::without_years(), |known, file| {
        known.with_decisions(file).expect("a test builds every shipped year")
    })
});

/// Why a day is off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum OffKind {
    /// The holiday itself.
    Holiday,
    /// The working day given in place of a holiday that fell on a weekend.
    InLieu,
    /// A day of the break decided for Tết or National Day.
    Break,
    /// Exchanged for a day worked instead.
    Swapped,
}

/// A day off, with what makes it one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DayOff {
    /// What people call it, e.g. `Giỗ Tổ Hùng Vương`, `nghỉ bù Quốc tế Lao động 01/5`.
    pub name: String,
    /// Why it is off.
    pub kind: OffKind,
    /// Article of law, or number, date and issuer of the decision.
    pub basis: String,
    /// Where the basis can be read, when known.
    pub source: Option<String>,
    /// Whether the basis was seen in a public source; the screen says so where it was not.
    pub verified: bool,
}

/// A weekend day that is worked in place of a day off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WorkedInstead {
    /// The day off whose hours this day has.
    pub replaces: Date,
    /// The occasion, e.g. `Quốc khánh 02/9`.
    pub occasion: String,
    /// Number, date and issuer of the decision.
    pub basis: String,
    /// Whether the decision was seen in a public source.
    pub verified: bool,
}

/// What the whole country does on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PublicDay {
    /// Nothing special: each unit follows its weekdays.
    Ordinary,
    /// A day off.
    Off(DayOff),
    /// A weekend day that is worked.
    Worked(WorkedInstead),
}

/// The country's days off and swapped working days, for the years that are known.
#[derive(Debug, Clone)]
pub struct PublicHolidays {
    law: Law,
    years: BTreeSet<i16>,
    off: BTreeMap<Date, DayOff>,
    worked: BTreeMap<Date, WorkedInstead>,
}

impl PublicHolidays {
    /// The years 2020 to 2027.
    pub fn shipped() -> &'static Self {
        &SHIPPED
    }

    fn without_years() -> Self {
        let law = toml::from_str(include_str!("../data/holidays.toml")).expect("a test reads the shipped law");
        Self { law, years: BTreeSet::new(), off: BTreeMap::new(), worked: BTreeMap::new() }
    }

    /// The same calendar with one more year, or with a known year replaced; the form of `text` is that of
    /// `data/years/2026.toml`. Of several mistakes the first is told; [`YearFile::read`] and
    /// [`PublicHolidays::with_decisions`] tell all.
    ///
    /// # Errors
    /// `BadYearFile` when the text cannot be read; `BadYear` when Tết or National Day is not decided, or a swap
    /// makes no sense.
    pub fn with_year(&self, text: &str) -> Result<Self, CalendarError> {
        let first = |mistakes: Vec<Mistake>| mistakes.into_iter().next();
        let file = YearFile::read(text).map_err(|mistakes| {
            CalendarError::BadYearFile(first(mistakes).map_or_else(String::new, |mistake| mistake.to_string()))
        })?;
        self.with_decisions(&file).map_err(|mistakes| CalendarError::BadYear {
            year: file.year,
            what: first(mistakes).map_or_else(String::new, |mistake| mistake.what),
        })
    }

    /// The same calendar with the decisions of one more year, or with those of a known year replaced.
    ///
    /// # Errors
    /// Everything that makes no sense: Tết or National Day not decided, a swap of a day that is off anyway.
    pub fn with_decisions(&self, file: &YearFile) -> Result<Self, Vec<Mistake>> {
        let mut next = self.clone();
        let mut mistakes = Vec::new();
        next.forget(file);
        next.add_breaks(file, &mut mistakes);
        next.add_holidays(file, &mut mistakes);
        for swap in &file.swaps {
            match next.wrong_with_swap(file.year, swap) {
                Some((part, what)) => {
                    let what = format!("ngày hoán đổi {}: {what}", swap.off);
                    mistakes.push(Mistake { line: swap.line, part, what });
                }
                None => next.add_swap(swap),
            }
        }
        next.years.insert(file.year);
        if mistakes.is_empty() { Ok(next) } else { Err(mistakes) }
    }

    /// The decisions that ship with the program, year by year.
    pub fn shipped_files() -> &'static [YearFile] {
        &SHIPPED_FILES
    }

    /// The years that are known, in order.
    pub fn years(&self) -> impl Iterator<Item = i16> + '_ {
        self.years.iter().copied()
    }

    /// What the country does on `date`.
    ///
    /// # Errors
    /// `NoCalendar` when the year is not known.
    pub fn day(&self, date: Date) -> Result<PublicDay, CalendarError> {
        if !self.years.contains(&date.year()) {
            return Err(CalendarError::NoCalendar { year: date.year() });
        }
        if let Some(off) = self.off.get(&date) {
            return Ok(PublicDay::Off(off.clone()));
        }
        Ok(self.worked.get(&date).map_or(PublicDay::Ordinary, |worked| PublicDay::Worked(worked.clone())))
    }

    /// All days off of a known year, in order.
    pub fn days_off(&self, year: i16) -> impl Iterator<Item = (Date, &DayOff)> {
        self.off.iter().filter(move |(date, _)| date.year() == year).map(|(date, off)| (*date, off))
    }

    /// All swapped working days of a known year, in order.
    pub fn worked_days(&self, year: i16) -> impl Iterator<Item = (Date, &WorkedInstead)> {
        self.worked.iter().filter(move |(date, _)| date.year() == year).map(|(date, worked)| (*date, worked))
    }

    /// Takes back what an earlier version of the same year said.
    fn forget(&mut self, file: &YearFile) {
        self.off.retain(|date, _| date.year() != file.year);
        let off = &self.off;
        self.worked.retain(|_, worked| off.contains_key(&worked.replaces));
        self.years.remove(&file.year);
    }

    fn add_breaks(&mut self, file: &YearFile, mistakes: &mut Vec<Mistake>) {
        for decided in &file.breaks {
            let wrong = |part, what: &str| {
                let what = format!("đợt nghỉ {} {what}", decided.occasion);
                Mistake { line: decided.line, part, what }
            };
            if decided.from.year() != file.year {
                mistakes.push(wrong("from", &format!("có ngày bắt đầu sai: phải nằm trong năm {}.", file.year)));
            } else if decided.to.year() != file.year {
                mistakes.push(wrong("to", &format!("có ngày kết thúc sai: phải nằm trong năm {}.", file.year)));
            } else if decided.to < decided.from {
                mistakes.push(wrong("to", "có ngày bắt đầu, kết thúc sai: kết thúc trước khi bắt đầu."));
            } else if day_number(decided.to) - day_number(decided.from) >= BREAK_DAYS_MAX {
                mistakes.push(wrong("to", &format!("dài hơn {BREAK_DAYS_MAX} ngày; hãy xem lại ngày kết thúc.")));
            } else {
                let mut date = decided.from;
                while date <= decided.to {
                    self.off.insert(date, decided.decision.day_off(&decided.occasion, OffKind::Break));
                    date = tomorrow(date);
                }
            }
        }
        match lunar::new_year(file.year) {
            Some(tet) if file.breaks.iter().any(|decided| decided.from < tet && tet < decided.to) => {}
            Some(tet) => mistakes.push(Mistake::of_year(format!(
                "chưa có quyết định nghỉ Tết Nguyên đán (mùng 1 là {}).",
                crate::words::date(tet)
            ))),
            None => mistakes.push(Mistake::of_year("không tính được ngày Tết.".to_owned())),
        }
    }

    fn add_holidays(&mut self, file: &YearFile, mistakes: &mut Vec<Mistake>) {
        let holidays = self.law.holidays_of(file.year);
        let mut to_make_up = Vec::new();
        for (date, holiday) in &holidays {
            let decided = self.off.contains_key(date);
            if holiday.adjacent && !file.breaks.iter().any(|decided| decided.holds_beside(*date)) {
                let what = format!("chưa có quyết định ngày nghỉ liền kề của {}.", holiday.name);
                mistakes.push(Mistake::of_year(what));
            }
            self.off.insert(*date, holiday.day_off());
            if is_weekend(*date) && !decided {
                to_make_up.push((*date, holiday.name.clone()));
            }
        }
        for (date, name) in to_make_up {
            let Some(rule) = self.law.in_lieu_on(date) else { continue };
            let mut free = tomorrow(date);
            while is_weekend(free) || self.off.contains_key(&free) {
                free = tomorrow(free);
            }
            let off = DayOff {
                name: format!("nghỉ bù {name}"),
                kind: OffKind::InLieu,
                basis: rule.basis.clone(),
                source: rule.source.clone(),
                verified: rule.verified,
            };
            self.off.insert(free, off);
        }
    }

    /// What is wrong with a swap, and with which of its two days.
    fn wrong_with_swap(&self, year: i16, swap: &Swap) -> Option<(&'static str, &'static str)> {
        let covered_by_break = self.off.get(&swap.off).is_some_and(|off| off.kind == OffKind::Break);
        if swap.off.year() != year || is_weekend(swap.off) {
            return Some(("off", "ngày nghỉ phải là ngày làm việc trong năm."));
        }
        if self.off.contains_key(&swap.off) && !covered_by_break {
            return Some(("off", "ngày này đã là ngày nghỉ."));
        }
        if !is_weekend(swap.work) || self.off.contains_key(&swap.work) {
            return Some(("work", "ngày làm bù phải là thứ Bảy hoặc Chủ nhật không trùng ngày lễ."));
        }
        if self.worked.contains_key(&swap.work) {
            return Some(("work", "ngày này đã làm bù cho một ngày khác."));
        }
        None
    }

    fn add_swap(&mut self, swap: &Swap) {
        let name = format!("nghỉ hoán đổi dịp {}, làm bù {}", swap.occasion, crate::words::day(swap.work));
        self.off.insert(swap.off, swap.decision.day_off(&name, OffKind::Swapped));
        let worked = WorkedInstead {
            replaces: swap.off,
            occasion: swap.occasion.clone(),
            basis: swap.decision.basis(),
            verified: swap.decision.verified,
        };
        self.worked.insert(swap.work, worked);
    }
}

pub(crate) fn is_weekend(date: Date) -> bool {
    matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// The day after; years are checked long before the end of what dates can represent.
fn tomorrow(date: Date) -> Date {
    date.tomorrow().unwrap_or(date)
}

#[cfg(test)]
#[path = "tests/holidays.rs"]
mod tests;
