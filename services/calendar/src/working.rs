//! A unit's working calendar: its hours, the country's days off and swapped days, and the unit's own exceptions,
//! laid out day by day for all known years.
//!
//! Working time is a clock that runs only in working minutes. The calendar keeps, for each day, how many working
//! minutes came before it, so that measuring and adding are look-ups, not walks.
//!
//! **The same moment.** Two moments with no working minute between them (17:30 and 07:30 the next day, 11:30 and
//! 13:30) are one moment for every comparison. Its canonical form is the *earliest*: the end of the working period.
//! Deadlines are given in that form, so that a paper says "17:30 Friday" and not "07:30 Monday".

mod day;
mod measure;

use jiff::civil::Date;
use std::collections::BTreeMap;
use std::sync::Arc;

pub use day::{DayKind, DayPlan, LocalDay};
pub use measure::{Outcome, Slack};

use crate::error::CalendarError;
use crate::holidays::PublicHolidays;
use crate::hours::WorkingHours;
use crate::moment::{Minute, day_number};

/// After this minute of the day a same-day dossier is due on the next working day: 15:00.
const SAME_DAY_CUT_OFF: i64 = 15 * 60;

/// When a unit works, day by day, for every known year. Cheap to clone.
#[derive(Debug, Clone)]
pub struct WorkingCalendar {
    /// Every day of every known year, in order; years may be missing between.
    days: Arc<[DayPlan]>,
    /// From which day on which minute of the day; in order, the first from the beginning of time.
    cut_offs: Vec<(i64, i64)>,
}

impl WorkingCalendar {
    /// A calendar from a unit's hours and the country's days, with the default cut-off of 15:00.
    ///
    /// # Errors
    /// `NoHours` when the hours do not reach back to the first known year; `NeverWorks` when no day has hours.
    pub fn new(hours: &WorkingHours, public: &PublicHolidays) -> Result<Self, CalendarError> {
        Self::with_local_days(hours, public, &[])
    }

    /// The same with days on which this unit alone differs (closed after a flood, open on a Saturday). A local day
    /// stands above the country's calendar.
    ///
    /// # Errors
    /// As for [`WorkingCalendar::new`], and `BadHours` when a local day's periods overlap.
    pub fn with_local_days(
        hours: &WorkingHours,
        public: &PublicHolidays,
        local: &[LocalDay],
    ) -> Result<Self, CalendarError> {
        let local: BTreeMap<Date, &LocalDay> = local.iter().map(|day| (day.date, day)).collect();
        let mut days = Vec::new();
        let mut before = 0;
        for year in public.years() {
            let mut date = Date::new(year, 1, 1).map_err(|_| CalendarError::NoCalendar { year })?;
            while date.year() == year {
                let plan = day::plan(date, hours, public, local.get(&date).copied())?.starting_at(before);
                before = plan.after();
                days.push(plan);
                let Ok(next) = date.tomorrow() else { break };
                date = next;
            }
        }
        if before == 0 {
            return Err(CalendarError::NeverWorks);
        }
        Ok(Self { days: days.into(), cut_offs: vec![(i64::MIN, SAME_DAY_CUT_OFF)] })
    }

    /// Monday to Friday, the shipped years: the default of a unit that has declared nothing.
    pub fn standard() -> Self {
        Self::new(&WorkingHours::default(), PublicHolidays::shipped()).expect("a test builds the standard calendar")
    }

    /// The same calendar with another cut-off for same-day procedures on every day, in minutes after midnight.
    pub fn with_cut_off(mut self, minute_of_day: u16) -> Self {
        self.cut_offs = vec![(i64::MIN, minute_of_day.into())];
        self
    }

    /// The same calendar with cut-offs that change: each holds from its day on, 15:00 before the first.
    pub fn with_cut_offs(mut self, changes: &[(Date, u16)]) -> Self {
        self.cut_offs = vec![(i64::MIN, SAME_DAY_CUT_OFF)];
        self.cut_offs.extend(changes.iter().map(|(from, minute)| (day_number(*from), i64::from(*minute))));
        self.cut_offs.sort_by_key(|(from, _)| *from);
        self
    }

    /// Minutes after midnight after which a same-day dossier is due on the next working day, as it holds last.
    pub fn cut_off(&self) -> i64 {
        self.cut_offs.last().map_or(SAME_DAY_CUT_OFF, |(_, minute)| *minute)
    }

    /// The cut-off that holds on a day.
    pub fn cut_off_on(&self, date: Date) -> i64 {
        self.cut_off_of(day_number(date))
    }

    pub(crate) fn cut_off_of(&self, day: i64) -> i64 {
        let after = self.cut_offs.partition_point(|(from, _)| *from <= day);
        after.checked_sub(1).and_then(|i| self.cut_offs.get(i)).map_or(SAME_DAY_CUT_OFF, |(_, minute)| *minute)
    }

    /// The years that are known, in order.
    pub fn years(&self) -> Vec<i16> {
        let mut years: Vec<i16> = self.days.iter().map(|plan| plan.date().year()).collect();
        years.dedup();
        years
    }

    /// The days of a known year, in order; none of an unknown one.
    pub fn days_of(&self, year: i16) -> &[DayPlan] {
        let from = self.days.partition_point(|plan| plan.date().year() < year);
        let to = self.days.partition_point(|plan| plan.date().year() <= year);
        &self.days[from..to]
    }

    /// The plan of a day.
    ///
    /// # Errors
    /// `NoCalendar` when the year is not known.
    pub fn day(&self, date: Date) -> Result<&DayPlan, CalendarError> {
        self.plan_of(day_number(date)).ok_or(CalendarError::NoCalendar { year: date.year() })
    }

    /// Whether the unit works at all on a day.
    ///
    /// # Errors
    /// `NoCalendar` when the year is not known.
    pub fn is_working_day(&self, date: Date) -> Result<bool, CalendarError> {
        Ok(self.day(date)?.is_working())
    }

    fn plan_of(&self, day: i64) -> Option<&DayPlan> {
        self.days.binary_search_by_key(&day, DayPlan::number).ok().and_then(|at| self.days.get(at))
    }

    fn day_of(&self, at: Minute) -> Result<&DayPlan, CalendarError> {
        self.plan_of(at.day()).ok_or_else(|| CalendarError::NoCalendar { year: at.date().year() })
    }

    /// Working minutes from the calendar's beginning to `at`.
    pub(crate) fn worked(&self, at: Minute) -> Result<i64, CalendarError> {
        Ok(self.day_of(at)?.worked_until(at.of_day()))
    }

    /// An error when a year is missing between two days: working time cannot be measured across it.
    fn no_gap(&self, from: i64, to: i64) -> Result<(), CalendarError> {
        let (from, to) = (Minute::on(from.min(to), 0).date().year(), Minute::on(from.max(to), 0).date().year());
        for year in from..=to {
            let known = Date::new(year, 1, 1).is_ok_and(|first| self.plan_of(day_number(first)).is_some());
            if !known {
                return Err(CalendarError::NoCalendar { year });
            }
        }
        Ok(())
    }

    /// Working minutes between two moments; negative when `to` lies before `from`.
    pub(crate) fn between(&self, from: Minute, to: Minute) -> Result<i64, CalendarError> {
        self.no_gap(from.day(), to.day())?;
        Ok(self.worked(to)? - self.worked(from)?)
    }

    /// The earliest moment at which `worked` minutes have been worked, sought from the day of `from`.
    pub(crate) fn when_worked(&self, worked: i64, from: Minute) -> Result<Minute, CalendarError> {
        let at = self.days.partition_point(|plan| plan.after() < worked);
        let beyond = || CalendarError::NoCalendar { year: self.days.last().map_or(0, |plan| plan.date().year() + 1) };
        let plan = self.days.get(at).ok_or_else(beyond)?;
        self.no_gap(from.day(), plan.number())?;
        Ok(Minute::on(plan.number(), plan.when_worked(worked)))
    }

    /// The canonical form of a moment: the earliest with no working minute up to it.
    pub(crate) fn canonical(&self, at: Minute) -> Result<Minute, CalendarError> {
        match self.worked(at)? {
            // Before the first working minute of all there is nothing earlier to name.
            0 => Ok(at),
            worked => self.when_worked(worked, at),
        }
    }

    /// `at` itself in working time, otherwise the next moment at which work begins.
    pub(crate) fn next_working(&self, at: Minute) -> Result<Minute, CalendarError> {
        let worked = self.worked(at)?;
        // The minute after the one sought: it is the first one worked.
        Ok(Minute(self.when_worked(worked + 1, at)?.0 - 1))
    }

    /// The day of `date` when it is worked, otherwise the next working day.
    pub(crate) fn working_day_from(&self, day: i64) -> Result<&DayPlan, CalendarError> {
        self.working_day(day, 0)
    }

    /// The `n`-th working day after `day` (0: `day` itself or the next working day).
    pub(crate) fn working_day(&self, day: i64, n: i64) -> Result<&DayPlan, CalendarError> {
        let mut left = n;
        let mut number = day;
        loop {
            let plan = self.day_of(Minute::on(number, 0))?;
            if plan.is_working() && (number > day || n == 0) {
                left -= 1;
                if left <= 0 {
                    return Ok(plan);
                }
            }
            number += 1;
        }
    }
}

#[cfg(test)]
#[path = "tests/working.rs"]
mod tests;
