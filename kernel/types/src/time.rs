//! Moments and days. Moments are microseconds since 1970 (UTC); days are calendar days in Viet Nam.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// Viet Nam's offset; the country has kept UTC+7 without summer time since 1975.
const VIETNAM_OFFSET_US: i64 = 7 * 3_600_000_000;

/// A moment in microseconds since 1970-01-01T00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// The machine's clock. Only `SystemClock` and command-line tools call this; verbs get the clock passed in.
    pub fn now() -> Self {
        Self(jiff::Timestamp::now().as_microsecond())
    }

    /// Milliseconds since 1970, for ids.
    pub fn unix_ms(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// Wall-clock time in Viet Nam.
    pub fn local(self) -> DateTime {
        let utc = jiff::Timestamp::from_microsecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        utc.to_zoned(vietnam()).datetime()
    }

    /// The moment of a wall-clock time in Viet Nam.
    pub fn from_local(local: DateTime) -> Self {
        let zoned = local.to_zoned(vietnam()).expect("Viet Nam's clock has no gaps after 1975");
        Self(zoned.timestamp().as_microsecond())
    }

    /// The calendar day in Viet Nam.
    pub fn day(self) -> Day {
        Day(self.local().date())
    }

    /// Microseconds later (or earlier, when negative).
    pub fn plus_us(self, us: i64) -> Self {
        Self(self.0.saturating_add(us))
    }

    /// Seconds later.
    pub fn plus_seconds(self, seconds: i64) -> Self {
        self.plus_us(seconds.saturating_mul(1_000_000))
    }

    /// RFC 3339 with Viet Nam's offset, e.g. `2026-11-21T14:05:00+07:00`.
    pub fn rfc3339(self) -> String {
        let local = self.local();
        let fraction = local.subsec_nanosecond() / 1000;
        let base = local.strftime("%Y-%m-%dT%H:%M:%S").to_string();
        if fraction == 0 { format!("{base}+07:00") } else { format!("{base}.{fraction:06}+07:00") }
    }
}

/// Asia/Ho_Chi_Minh from the bundled time-zone data.
pub fn vietnam() -> TimeZone {
    TimeZone::get("Asia/Ho_Chi_Minh").unwrap_or_else(|_| TimeZone::fixed(jiff::tz::offset(7)))
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.rfc3339())
    }
}

impl FromStr for Timestamp {
    type Err = String;
    /// RFC 3339, or a wall-clock time in Viet Nam (`2026-11-20T14:00`).
    fn from_str(s: &str) -> Result<Self, String> {
        if let Ok(moment) = s.parse::<jiff::Timestamp>() {
            return Ok(Self(moment.as_microsecond()));
        }
        s.parse::<DateTime>()
            .map(Self::from_local)
            .map_err(|_| format!("«{s}» không phải là thời điểm, ví dụ đúng: 2026-11-20T14:00"))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&self.rfc3339())
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
    }
}

/// A calendar day in Viet Nam; `2026-11-21` in the database and in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Day(pub Date);

impl Day {
    /// The first moment of the day.
    pub fn start(self) -> Timestamp {
        Timestamp::from_local(self.0.at(0, 0, 0, 0))
    }

    /// The day after.
    pub fn next(self) -> Self {
        Self(self.0.tomorrow().unwrap_or(self.0))
    }

    /// Days since 1970, for arithmetic and compact keys.
    pub fn number(self) -> i64 {
        (self.start().0 + VIETNAM_OFFSET_US).div_euclid(86_400_000_000)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Day {
    type Err = String;
    /// `2026-11-21` or, as people write it, `21/11/2026`.
    fn from_str(s: &str) -> Result<Self, String> {
        if let Ok(date) = s.parse::<Date>() {
            return Ok(Self(date));
        }
        Date::strptime("%d/%m/%Y", s).map(Self).map_err(|_| format!("«{s}» không phải là ngày, ví dụ đúng: 21/11/2026"))
    }
}

/// Where the time comes from; tests and the demo pass their own.
pub trait Clock: Send + Sync + 'static {
    /// The present moment.
    fn now(&self) -> Timestamp;
}

/// A clock that can be shared.
pub type SharedClock = Arc<dyn Clock>;

/// The machine's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// A clock that stands where it is put; for tests and for the demo's two months of history.
pub struct SetClock(std::sync::atomic::AtomicI64);

impl SetClock {
    /// A clock standing at `at`.
    pub fn new(at: Timestamp) -> Self {
        Self(at.0.into())
    }

    /// Puts the clock to `at`.
    pub fn set(&self, at: Timestamp) {
        self.0.store(at.0, std::sync::atomic::Ordering::SeqCst);
    }
}

impl Clock for SetClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(std::sync::atomic::Ordering::SeqCst))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_with_vietnams_offset_and_read_back() {
        let moment: Timestamp = "2026-11-20T14:00".parse().unwrap();
        assert_eq!(moment.rfc3339(), "2026-11-20T14:00:00+07:00");
        assert_eq!(moment.rfc3339().parse::<Timestamp>().unwrap(), moment);
        assert_eq!(moment.day().to_string(), "2026-11-20");
        assert_eq!("20/11/2026".parse::<Day>().unwrap(), moment.day());
        assert!("20/13/2026".parse::<Day>().is_err());
    }

    #[test]
    fn a_day_begins_at_midnight_in_vietnam() {
        let day: Day = "2026-11-21".parse().unwrap();
        assert_eq!(day.start().rfc3339(), "2026-11-21T00:00:00+07:00");
        assert_eq!(day.next().number(), day.number() + 1);
    }
}
