//! The shape of `data/holidays.toml`: law with its dates of validity.

use jiff::civil::Date;
use serde::Deserialize;

use super::{DayOff, OffKind};
use crate::lunar::LunarDate;

/// `data/holidays.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Law {
    #[serde(rename = "holiday")]
    holidays: Vec<Holiday>,
    in_lieu: Vec<InLieuRule>,
}

/// A holiday that comes every year on a solar or lunar day.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holiday {
    pub name: String,
    #[serde(default)]
    solar: Option<MonthDay>,
    #[serde(default)]
    lunar: Option<MonthDay>,
    /// Whether the day before or after it is off too, as decided each year.
    #[serde(default)]
    pub adjacent: bool,
    from: Date,
    #[serde(default)]
    to: Option<Date>,
    basis: String,
    #[serde(default)]
    source: Option<String>,
    verified: bool,
}

/// That a holiday on a weekend is made up on the next working day.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InLieuRule {
    from: Date,
    #[serde(default)]
    to: Option<Date>,
    pub basis: String,
    #[serde(default)]
    pub source: Option<String>,
    pub verified: bool,
}

/// `04-30`.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "String")]
struct MonthDay {
    month: i8,
    day: i8,
}

impl TryFrom<String> for MonthDay {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let parsed = text.split_once('-').and_then(|(month, day)| Some((month.parse().ok()?, day.parse().ok()?)));
        let (month, day) = parsed.ok_or_else(|| format!("«{text}» is not month-day"))?;
        Ok(Self { month, day })
    }
}

impl Law {
    /// The holidays that rest in `year`, in order of date.
    pub fn holidays_of(&self, year: i16) -> Vec<(Date, Holiday)> {
        let mut found: Vec<_> = self
            .holidays
            .iter()
            .filter_map(|holiday| Some((holiday.date_in(year)?, holiday.clone())))
            .filter(|(date, holiday)| holiday.in_force(*date))
            .collect();
        found.sort_by_key(|(date, _)| *date);
        found
    }

    /// The rule on making up for weekends that is in force on `date`.
    pub fn in_lieu_on(&self, date: Date) -> Option<&InLieuRule> {
        self.in_lieu.iter().find(|rule| rule.from <= date && rule.to.is_none_or(|to| date <= to))
    }
}

impl Holiday {
    fn date_in(&self, year: i16) -> Option<Date> {
        match (self.solar, self.lunar) {
            (Some(solar), _) => Date::new(year, solar.month, solar.day).ok(),
            (None, Some(lunar)) => LunarDate::new(year, lunar.month, lunar.day).to_solar(),
            (None, None) => None,
        }
    }

    fn in_force(&self, date: Date) -> bool {
        self.from <= date && self.to.is_none_or(|to| date <= to)
    }

    pub fn day_off(&self) -> DayOff {
        DayOff {
            name: self.name.clone(),
            kind: OffKind::Holiday,
            basis: self.basis.clone(),
            source: self.source.clone(),
            verified: self.verified,
        }
    }
}
