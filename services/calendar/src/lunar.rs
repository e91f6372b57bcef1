//! The Vietnamese lunar calendar, computed for UTC+7.
//!
//! Source: Hồ Ngọc Đức, "Computing the Vietnamese lunar calendar", which follows Jean Meeus, *Astronomical
//! Algorithms* (1998): new moons from a truncated series, leap months from the sun's longitude at each new moon.
//! Viet Nam has reckoned the calendar for UTC+7 since 1968, so that it differs from China's (UTC+8) in some years.
//! Good for the years 1900 to 2100; outside them the series is not precise enough to promise the day.

use jiff::civil::Date;
use std::f64::consts::PI;

/// Hours east of Greenwich for which new moons and solar terms are dated.
const UTC_OFFSET_HOURS: f64 = 7.0;
/// Julian day of the new moon of 1 January 1900, from which lunations are numbered.
const FIRST_NEW_MOON: f64 = 2_415_021.076_998_695;
/// Mean length of a lunation in days.
const LUNATION_DAYS: f64 = 29.530_588_853;
/// Julian day number of 1970-01-01.
const JULIAN_DAY_1970: i64 = 2_440_588;

/// A day of the Vietnamese lunar calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LunarDate {
    /// The lunar year, named by the solar year in which it begins.
    pub year: i16,
    /// 1 to 12.
    pub month: i8,
    /// Whether this is the second of two months with the same number.
    pub leap: bool,
    /// 1 to 30.
    pub day: i8,
}

impl LunarDate {
    /// A day of an ordinary (not leap) month.
    pub const fn new(year: i16, month: i8, day: i8) -> Self {
        Self { year, month, leap: false, day }
    }

    /// The lunar day that falls on a solar date.
    pub fn from_solar(date: Date) -> Self {
        let day = julian_day(date);
        // The mean length can be off by a day or so; step back to the new moon on or before the day.
        let mut lunation = ((day as f64 - FIRST_NEW_MOON) / LUNATION_DAYS).floor() as i64 + 1;
        while new_moon_day(lunation) > day {
            lunation -= 1;
        }
        let month_start = new_moon_day(lunation);
        let year = i64::from(date.year());
        let (start, end, lunar_year) = match month_eleven(year) {
            this if this >= month_start => (month_eleven(year - 1), this, year),
            this => (this, month_eleven(year + 1), year + 1),
        };
        let position = ((month_start - start) as f64 / 29.0).floor() as i64;
        let mut month = position + 11;
        let mut leap = false;
        if end - start > 365 {
            let leap_position = leap_position(start);
            if position >= leap_position {
                month = position + 10;
                leap = position == leap_position;
            }
        }
        if month > 12 {
            month -= 12;
        }
        let belongs_to_last_year = month >= 11 && position < 4;
        Self {
            year: (lunar_year - i64::from(belongs_to_last_year)) as i16,
            month: month as i8,
            leap,
            day: (day - month_start + 1) as i8,
        }
    }

    /// The solar date of this lunar day; none when the month or day does not exist (no such leap month, a 30th in
    /// a month of 29 days).
    pub fn to_solar(self) -> Option<Date> {
        if !(1..=12).contains(&self.month) || !(1..=30).contains(&self.day) {
            return None;
        }
        let year = i64::from(self.year);
        let first = if self.month < 11 { year - 1 } else { year };
        let (start, end) = (month_eleven(first), month_eleven(first + 1));
        let mut position = (i64::from(self.month) - 11).rem_euclid(12);
        if end - start > 365 {
            let leap_position = leap_position(start);
            let leap_month = (leap_position + 9).rem_euclid(12) + 1;
            if self.leap && i64::from(self.month) != leap_month {
                return None;
            }
            if self.leap || position >= leap_position {
                position += 1;
            }
        } else if self.leap {
            return None;
        }
        let lunation = lunation_near(start) + position;
        let day = new_moon_day(lunation) + i64::from(self.day) - 1;
        if day >= new_moon_day(lunation + 1) {
            return None;
        }
        date_of(day)
    }
}

/// The first day of the lunar year that begins in `year` (mùng 1 Tết).
pub fn new_year(year: i16) -> Option<Date> {
    LunarDate::new(year, 1, 1).to_solar()
}

fn julian_day(date: Date) -> i64 {
    crate::moment::day_number(date) + JULIAN_DAY_1970
}

fn date_of(julian_day: i64) -> Option<Date> {
    crate::moment::date_of_day(julian_day - JULIAN_DAY_1970)
}

/// Julian day number (at UTC+7) of the `lunation`-th new moon after 1 January 1900.
fn new_moon_day(lunation: i64) -> i64 {
    (new_moon(lunation) + 0.5 + UTC_OFFSET_HOURS / 24.0).floor() as i64
}

/// The lunation whose new moon begins the month that starts on `month_start`.
fn lunation_near(month_start: i64) -> i64 {
    (0.5 + (month_start as f64 - FIRST_NEW_MOON) / LUNATION_DAYS).floor() as i64
}

/// Moment of a new moon as a Julian date in universal time (Meeus, truncated).
fn new_moon(lunation: i64) -> f64 {
    let k = lunation as f64;
    let t = k / 1236.85;
    let (t2, t3) = (t * t, t * t * t);
    let radians = PI / 180.0;
    let mean = 2_415_020.759_33 + 29.530_588_68 * k + 0.000_117_8 * t2 - 0.000_000_155 * t3
        + 0.000_33 * ((166.56 + 132.87 * t - 0.009_173 * t2) * radians).sin();
    let sun = (359.2242 + 29.105_356_08 * k - 0.000_033_3 * t2 - 0.000_003_47 * t3) * radians;
    let moon = (306.0253 + 385.816_918_06 * k + 0.010_730_6 * t2 + 0.000_012_36 * t3) * radians;
    let latitude = (21.2964 + 390.670_506_46 * k - 0.001_652_8 * t2 - 0.000_002_39 * t3) * radians;
    let correction = (0.1734 - 0.000_393 * t) * sun.sin() + 0.0021 * (2.0 * sun).sin() - 0.4068 * moon.sin()
        + 0.0161 * (2.0 * moon).sin()
        - 0.0004 * (3.0 * moon).sin()
        + 0.0104 * (2.0 * latitude).sin()
        - 0.0051 * (sun + moon).sin()
        - 0.0074 * (sun - moon).sin()
        + 0.0004 * (2.0 * latitude + sun).sin()
        - 0.0004 * (2.0 * latitude - sun).sin()
        - 0.0006 * (2.0 * latitude + moon).sin()
        + 0.0010 * (2.0 * latitude - moon).sin()
        + 0.0005 * (2.0 * moon + sun).sin();
    let clock_drift = if t < -11.0 {
        0.001 + 0.000_839 * t + 0.000_226_1 * t2 - 0.000_008_45 * t3 - 0.000_000_081 * t * t3
    } else {
        -0.000_278 + 0.000_265 * t + 0.000_262 * t2
    };
    mean + correction - clock_drift
}

/// Which twelfth of its yearly path (0 to 11, from the spring equinox) the sun is in as a local day begins.
fn sun_sector(julian_day: i64) -> i64 {
    let t = (julian_day as f64 - 0.5 - UTC_OFFSET_HOURS / 24.0 - 2_451_545.0) / 36_525.0;
    let t2 = t * t;
    let radians = PI / 180.0;
    let anomaly = (357.529_10 + 35_999.050_30 * t - 0.000_155_9 * t2 - 0.000_000_48 * t * t2) * radians;
    let mean = 280.466_45 + 36_000.769_83 * t + 0.000_303_2 * t2;
    let centre = (1.914_600 - 0.004_817 * t - 0.000_014 * t2) * anomaly.sin()
        + (0.019_993 - 0.000_101 * t) * (2.0 * anomaly).sin()
        + 0.000_290 * (3.0 * anomaly).sin();
    ((mean + centre).rem_euclid(360.0) / 30.0).floor() as i64
}

/// First day of the eleventh lunar month, the one that holds the winter solstice of the solar `year`.
fn month_eleven(year: i64) -> i64 {
    let last_day = Date::new(year as i16, 12, 31).map_or(JULIAN_DAY_1970, julian_day);
    let lunation = ((last_day - 2_415_021) as f64 / LUNATION_DAYS).floor() as i64;
    let start = new_moon_day(lunation);
    if sun_sector(start) >= 9 { new_moon_day(lunation - 1) } else { start }
}

/// Position after month eleven of the first month in which the sun does not enter a new sector: the leap month.
fn leap_position(month_eleven: i64) -> i64 {
    let lunation = lunation_near(month_eleven);
    let mut position = 1;
    let mut sector = sun_sector(new_moon_day(lunation + position));
    loop {
        let last = sector;
        position += 1;
        sector = sun_sector(new_moon_day(lunation + position));
        if sector == last || position >= 14 {
            return position - 1;
        }
    }
}

#[cfg(test)]
#[path = "tests/lunar.rs"]
mod tests;
