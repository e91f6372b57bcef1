//! Minutes of Viet Nam's clock: the grain in which working time is counted.
//!
//! The outside speaks [`Timestamp`] (microseconds, UTC). Inside, a moment is a whole number of minutes since
//! 1970-01-01T00:00 on Viet Nam's clock; seconds are dropped, because receipts and control sheets are written to
//! the minute. Viet Nam has kept UTC+7 without summer time since 1975, so this is plain arithmetic
//! (a test compares it with the time-zone data).

use jiff::Span;
use jiff::civil::Date;
use types::Timestamp;

const US_PER_MINUTE: i64 = 60_000_000;
const OFFSET_MINUTES: i64 = 7 * 60;
/// Minutes in a calendar day.
pub(crate) const DAY_MINUTES: i64 = 24 * 60;
const EPOCH: Date = Date::constant(1970, 1, 1);

/// A minute of Viet Nam's clock, counted from 1970-01-01T00:00.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Minute(pub i64);

impl Minute {
    /// The minute in which a moment lies.
    pub fn of(moment: Timestamp) -> Self {
        Self(moment.0.div_euclid(US_PER_MINUTE) + OFFSET_MINUTES)
    }

    /// The beginning of this minute.
    pub fn timestamp(self) -> Timestamp {
        Timestamp((self.0 - OFFSET_MINUTES).saturating_mul(US_PER_MINUTE))
    }

    /// A minute of the day numbered `day`.
    pub fn on(day: i64, minute_of_day: i64) -> Self {
        Self(day * DAY_MINUTES + minute_of_day)
    }

    /// Days since 1970.
    pub fn day(self) -> i64 {
        self.0.div_euclid(DAY_MINUTES)
    }

    /// 0 to 1439.
    pub fn of_day(self) -> i64 {
        self.0.rem_euclid(DAY_MINUTES)
    }

    /// The calendar day; the last day that can be represented when out of range.
    pub fn date(self) -> Date {
        date_of_day(self.day()).unwrap_or(Date::MAX)
    }
}

/// Days since 1970-01-01.
pub(crate) fn day_number(date: Date) -> i64 {
    date.duration_since(EPOCH).as_hours() / 24
}

/// The date that many days after 1970-01-01; none beyond what dates can represent.
pub(crate) fn date_of_day(day: i64) -> Option<Date> {
    EPOCH.checked_add(Span::new().try_days(day).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_agree_with_the_time_zone_data_on_every_day_of_the_shipped_years() {
        let mut date = Date::constant(2020, 1, 1);
        while date.year() < 2028 {
            let at = date.at(13, 37, 59, 0);
            let minute = Minute::of(Timestamp::from_local(at));
            assert_eq!((minute.date(), minute.of_day()), (date, 13 * 60 + 37), "{date}");
            assert_eq!(minute.timestamp(), Timestamp::from_local(date.at(13, 37, 0, 0)), "{date}");
            date = date.tomorrow().unwrap();
        }
    }

    #[test]
    fn days_before_1970_are_counted_down() {
        let eve = Date::constant(1969, 12, 31);
        assert_eq!(day_number(eve), -1);
        assert_eq!(date_of_day(-1), Some(eve));
        assert_eq!(date_of_day(i64::MAX), None);
    }
}
