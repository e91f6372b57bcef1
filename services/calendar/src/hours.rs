//! The hours in which a unit works: periods of a day, a week of them, and weeks that hold from a date on.

mod typed;

use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

use crate::error::CalendarError;
use crate::moment::DAY_MINUTES;
use crate::words;
pub use typed::{typed_clock, typed_hours};

/// A stretch of work within one day, in minutes after midnight; `07:30-11:30` in text and JSON.
/// The first minute is worked, the minute at the end is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Period {
    start: u16,
    end: u16,
}

impl Period {
    /// A period from `start` to `end`, both in minutes after midnight.
    ///
    /// # Errors
    /// `BadHours` when it is empty, turned round, or leaves the day.
    pub fn new(start: u16, end: u16) -> Result<Self, CalendarError> {
        if start < end && i64::from(end) <= DAY_MINUTES {
            return Ok(Self { start, end });
        }
        let (start, end) = (words::clock(start.into()), words::clock(end.into()));
        Err(CalendarError::BadHours(format!("«{start}-{end}» phải bắt đầu trước khi kết thúc, trong cùng một ngày.")))
    }

    /// Minutes after midnight at which work begins.
    pub fn start(self) -> i64 {
        self.start.into()
    }

    /// Minutes after midnight at which work has ended.
    pub fn end(self) -> i64 {
        self.end.into()
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", words::clock(self.start()), words::clock(self.end()))
    }
}

impl FromStr for Period {
    type Err = CalendarError;

    /// `07:30-11:30`; a dash or an en dash.
    fn from_str(text: &str) -> Result<Self, CalendarError> {
        let clock = |part: &str| -> Option<u16> {
            let (hour, minute) = part.trim().split_once(':')?;
            let (hour, minute) = (hour.parse::<u16>().ok()?, minute.parse::<u16>().ok()?);
            (hour <= 24 && minute < 60).then_some(hour * 60 + minute)
        };
        let parsed = text.split_once(['-', '–']).and_then(|(start, end)| Some((clock(start)?, clock(end)?)));
        let unclear =
            || CalendarError::BadHours(format!("«{text}» không phải là giờ làm việc, ví dụ đúng: 07:30-11:30."));
        let (start, end) = parsed.ok_or_else(unclear)?;
        Self::new(start, end)
    }
}

impl Serialize for Period {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Period {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
    }
}

/// The periods of each weekday; an empty day is not worked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "[Vec<Period>; 7]", into = "[Vec<Period>; 7]")]
pub struct WeekHours {
    /// Monday first.
    days: [Vec<Period>; 7],
}

impl WeekHours {
    /// A week from its seven days, Monday first.
    ///
    /// # Errors
    /// `BadHours` when periods of a day overlap or are out of order.
    pub fn new(days: [Vec<Period>; 7]) -> Result<Self, CalendarError> {
        days.iter().try_for_each(|day| in_order(day))?;
        Ok(Self { days })
    }

    /// Monday to Friday 07:30–11:30 and 13:30–17:30: eight hours a day.
    pub fn standard() -> Self {
        let day = vec![Period { start: 450, end: 690 }, Period { start: 810, end: 1050 }];
        let [mon, tue, wed, thu, fri] = std::array::from_fn(|_| day.clone());
        Self { days: [mon, tue, wed, thu, fri, Vec::new(), Vec::new()] }
    }

    /// The same week with other hours on one weekday.
    ///
    /// # Errors
    /// `BadHours` as for [`WeekHours::new`].
    pub fn with_day(mut self, weekday: Weekday, periods: Vec<Period>) -> Result<Self, CalendarError> {
        in_order(&periods)?;
        self.days[index(weekday)] = periods;
        Ok(self)
    }

    /// Whether no day of the week is worked.
    pub fn is_empty(&self) -> bool {
        self.days.iter().all(Vec::is_empty)
    }

    /// Minutes worked in a week.
    pub fn minutes(&self) -> i64 {
        self.days.iter().flatten().map(|period| period.end() - period.start()).sum()
    }

    /// The periods of a weekday.
    pub fn on(&self, weekday: Weekday) -> &[Period] {
        &self.days[index(weekday)]
    }
}

impl TryFrom<[Vec<Period>; 7]> for WeekHours {
    type Error = CalendarError;

    fn try_from(days: [Vec<Period>; 7]) -> Result<Self, CalendarError> {
        Self::new(days)
    }
}

impl From<WeekHours> for [Vec<Period>; 7] {
    fn from(week: WeekHours) -> Self {
        week.days
    }
}

fn index(weekday: Weekday) -> usize {
    usize::try_from(weekday.to_monday_zero_offset()).unwrap_or(0)
}

/// Whether periods follow one another without overlap; touching periods are fine.
pub(crate) fn in_order(periods: &[Period]) -> Result<(), CalendarError> {
    match periods.windows(2).find(|pair| pair[1].start < pair[0].end) {
        None => Ok(()),
        Some(pair) => Err(CalendarError::BadHours(format!("{} và {} chồng nhau.", pair[0], pair[1]))),
    }
}

/// Hours that hold from a date on, until the next ones: how a unit changes with the season or by decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoursFrom {
    /// The first day on which they hold.
    pub from: Date,
    /// The week.
    pub week: WeekHours,
}

/// A unit's working hours through the years.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<HoursFrom>", into = "Vec<HoursFrom>")]
pub struct WorkingHours {
    /// In order of `from`; of two with the same date the later given holds.
    versions: Vec<HoursFrom>,
}

impl WorkingHours {
    /// Hours that change at the dates given, in any order.
    pub fn new(mut versions: Vec<HoursFrom>) -> Self {
        versions.sort_by_key(|version| version.from);
        Self { versions }
    }

    /// One week that always holds.
    pub fn always(week: WeekHours) -> Self {
        Self { versions: vec![HoursFrom { from: Date::MIN, week }] }
    }

    /// The periods that a plain day with the weekday of `date` has.
    ///
    /// # Errors
    /// `NoHours` before the first version.
    pub fn on(&self, date: Date) -> Result<&[Period], CalendarError> {
        let after = self.versions.partition_point(|version| version.from <= date);
        let version = after.checked_sub(1).and_then(|i| self.versions.get(i));
        version.map(|version| version.week.on(date.weekday())).ok_or(CalendarError::NoHours { date })
    }
}

impl Default for WorkingHours {
    /// [`WeekHours::standard`], always.
    fn default() -> Self {
        Self::always(WeekHours::standard())
    }
}

impl From<Vec<HoursFrom>> for WorkingHours {
    fn from(versions: Vec<HoursFrom>) -> Self {
        Self::new(versions)
    }
}

impl From<WorkingHours> for Vec<HoursFrom> {
    fn from(hours: WorkingHours) -> Self {
        hours.versions
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn hours_are_read_written_and_checked() {
        let morning: Period = "07:30 – 11:30".parse().unwrap();
        assert_eq!(morning.to_string(), "07:30-11:30");
        for wrong in ["11:30-07:30", "07:30-07:30", "7h30-11h30", "07:30-25:00", "23:00-24:01", "07:60-08:00"] {
            assert!(matches!(wrong.parse::<Period>(), Err(CalendarError::BadHours(_))), "{wrong}");
        }
        let afternoon: Period = "11:00-17:00".parse().unwrap();
        assert!(WeekHours::standard().with_day(Weekday::Friday, vec![morning, afternoon]).is_err());
        let week = WeekHours::standard().with_day(Weekday::Saturday, vec![morning]).unwrap();
        let json = serde_json::to_string(&week).unwrap();
        assert!(json.ends_with(r#"["07:30-11:30"],[]]"#), "{json}");
        assert_eq!(serde_json::from_str::<WeekHours>(&json).unwrap(), week);
    }

    #[test]
    fn hours_change_on_their_date_and_are_missing_before_the_first() {
        let early = WeekHours::standard().with_day(Weekday::Monday, vec!["07:00-11:00".parse().unwrap()]).unwrap();
        let hours = WorkingHours::new(vec![
            HoursFrom { from: date(2026, 10, 16), week: WeekHours::standard() },
            HoursFrom { from: date(2026, 4, 16), week: early.clone() },
        ]);
        assert_eq!(hours.on(date(2026, 4, 13)), Err(CalendarError::NoHours { date: date(2026, 4, 13) }));
        assert_eq!(hours.on(date(2026, 4, 20)).unwrap(), early.on(Weekday::Monday));
        assert_eq!(hours.on(date(2026, 10, 19)).unwrap(), WeekHours::standard().on(Weekday::Monday));
        let text = serde_json::to_string(&hours).unwrap();
        assert_eq!(serde_json::from_str::<WorkingHours>(&text).unwrap(), hours);
    }
}
