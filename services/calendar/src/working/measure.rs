//! Questions to a working calendar: how much working time lies between, is it the same moment, in time or late.

use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use types::Timestamp;

use super::WorkingCalendar;
use crate::error::CalendarError;
use crate::moment::Minute;

/// How a dossier or step ended against its due time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// More than the slack before the due time.
    Early,
    /// By the due time.
    OnTime,
    /// After the due time.
    Late,
}

/// How far before the due time a dossier must end to count as early.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Slack {
    /// On an earlier working day than the due time.
    #[default]
    EarlierWorkingDay,
    /// By more than so many working minutes.
    WorkingMinutes(u32),
}

impl WorkingCalendar {
    /// Working minutes from `from` to `to`; negative when `to` lies before `from`.
    ///
    /// # Errors
    /// `NoCalendar` when a year from the one to the other is not known.
    pub fn working_minutes(&self, from: Timestamp, to: Timestamp) -> Result<i64, CalendarError> {
        self.between(Minute::of(from), Minute::of(to))
    }

    /// The order of two moments in working time: equal when no working minute lies between them.
    ///
    /// # Errors
    /// As for [`WorkingCalendar::working_minutes`].
    pub fn compare(&self, a: Timestamp, b: Timestamp) -> Result<Ordering, CalendarError> {
        Ok(0.cmp(&self.working_minutes(a, b)?))
    }

    /// The moment itself in working time, otherwise the next at which work begins: from when a count runs.
    ///
    /// # Errors
    /// `NoCalendar` when the year, or the next in which work begins, is not known.
    pub fn next_working_moment(&self, at: Timestamp) -> Result<Timestamp, CalendarError> {
        self.next_working(Minute::of(at)).map(Minute::timestamp)
    }

    /// The canonical form of a moment: the end of the working period, when `at` lies outside working time.
    ///
    /// # Errors
    /// `NoCalendar` when the year is not known.
    pub fn canonical_moment(&self, at: Timestamp) -> Result<Timestamp, CalendarError> {
        self.canonical(Minute::of(at)).map(Minute::timestamp)
    }

    /// The same moment `days` working days earlier, in canonical form: by when an apology must be out.
    ///
    /// # Errors
    /// `NoCalendar` when the count runs into a year that is not known.
    pub fn working_days_before(&self, at: Timestamp, days: u32) -> Result<Timestamp, CalendarError> {
        let at = self.canonical(Minute::of(at))?;
        let (mut day, mut left) = (at.day(), days);
        while left > 0 {
            day -= 1;
            left -= u32::from(self.day_of(Minute::on(day, 0))?.is_working());
        }
        self.canonical(Minute::on(day, at.of_day())).map(Minute::timestamp)
    }

    /// How something that was due at `due` and ended at `ended` ended. Late when a working minute lies between.
    ///
    /// # Errors
    /// `NoCalendar` when a year from the one to the other is not known.
    pub fn outcome(&self, due: Timestamp, ended: Timestamp, slack: Slack) -> Result<Outcome, CalendarError> {
        let (due, ended) = (self.canonical(Minute::of(due))?, self.canonical(Minute::of(ended))?);
        let left = self.between(ended, due)?;
        let early = match slack {
            Slack::EarlierWorkingDay => ended.day() < due.day(),
            Slack::WorkingMinutes(minutes) => left > i64::from(minutes),
        };
        Ok(match left {
            ..0 => Outcome::Late,
            _ if early => Outcome::Early,
            _ => Outcome::OnTime,
        })
    }
}
