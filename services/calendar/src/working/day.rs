//! One day of a unit's calendar: which hours it has, and why.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::error::CalendarError;
use crate::holidays::{DayOff, PublicDay, PublicHolidays, WorkedInstead};
use crate::hours::{Period, WorkingHours, in_order};
use crate::moment::day_number;

/// A day on which one unit differs from the country.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocalDay {
    /// The day.
    pub date: Date,
    /// The hours worked; none: closed.
    pub periods: Vec<Period>,
    /// Why, for the people who ask, e.g. `đóng cửa do lũ quét`.
    pub reason: String,
    /// The decision behind it.
    pub basis: String,
}

/// Why a day is worked or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DayKind {
    /// A weekday on which the unit works.
    Working,
    /// A weekday on which the unit never works (for most, Saturday and Sunday).
    WeeklyRest,
    /// A public holiday, a day in lieu, a decided break, or a swapped day off.
    Off(DayOff),
    /// A weekend day worked in place of a day off.
    WorkedInstead(WorkedInstead),
    /// The unit's own exception.
    Local(LocalDay),
}

/// A day with its hours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayPlan {
    date: Date,
    number: i64,
    kind: DayKind,
    periods: Vec<Period>,
    /// Working minutes of all days before this one.
    before: i64,
}

/// The plan of `date`, as if nothing had been worked before.
///
/// A swapped working day has the hours of the day it replaces, season included; where the unit would not have
/// worked on that day either, it keeps its own hours.
pub(super) fn plan(
    date: Date,
    hours: &WorkingHours,
    public: &PublicHolidays,
    local: Option<&LocalDay>,
) -> Result<DayPlan, CalendarError> {
    let own = hours.on(date)?;
    let (kind, periods) = match (local, public.day(date)?) {
        (Some(local), _) => {
            in_order(&local.periods)?;
            (DayKind::Local(local.clone()), local.periods.clone())
        }
        (None, PublicDay::Off(off)) => (DayKind::Off(off), Vec::new()),
        (None, PublicDay::Worked(worked)) => {
            let replaced = hours.on(worked.replaces)?;
            let periods = if replaced.is_empty() { own } else { replaced };
            (DayKind::WorkedInstead(worked), periods.to_vec())
        }
        (None, PublicDay::Ordinary) if own.is_empty() => (DayKind::WeeklyRest, Vec::new()),
        (None, PublicDay::Ordinary) => (DayKind::Working, own.to_vec()),
    };
    Ok(DayPlan { date, number: day_number(date), kind, periods, before: 0 })
}

impl DayPlan {
    pub(super) fn starting_at(mut self, before: i64) -> Self {
        self.before = before;
        self
    }

    /// The day.
    pub fn date(&self) -> Date {
        self.date
    }

    /// Why it is worked or not.
    pub fn kind(&self) -> &DayKind {
        &self.kind
    }

    /// The hours worked, in order.
    pub fn periods(&self) -> &[Period] {
        &self.periods
    }

    /// Whether any minute is worked.
    pub fn is_working(&self) -> bool {
        !self.periods.is_empty()
    }

    /// Minutes worked on this day.
    pub fn minutes(&self) -> i64 {
        self.periods.iter().map(|period| period.end() - period.start()).sum()
    }

    pub(crate) fn number(&self) -> i64 {
        self.number
    }

    /// Minute of the day at which work ends; 0 on a day off.
    pub(crate) fn closing(&self) -> i64 {
        self.periods.last().map_or(0, |period| period.end())
    }

    pub(super) fn after(&self) -> i64 {
        self.before + self.minutes()
    }

    /// Working minutes from the calendar's beginning to a minute of this day.
    pub(super) fn worked_until(&self, minute_of_day: i64) -> i64 {
        self.before + self.minutes_within(0, minute_of_day)
    }

    /// Minutes worked on this day from one minute of the day to another.
    pub(crate) fn minutes_within(&self, from: i64, to: i64) -> i64 {
        self.periods.iter().map(|p| (to.min(p.end()) - from.max(p.start())).max(0)).sum()
    }

    /// The earliest minute of this day at which `worked` minutes have been worked since the calendar's beginning.
    pub(super) fn when_worked(&self, worked: i64) -> i64 {
        let mut left = worked - self.before;
        for period in &self.periods {
            let length = period.end() - period.start();
            if left <= length {
                return period.start() + left;
            }
            left -= length;
        }
        self.closing()
    }
}
