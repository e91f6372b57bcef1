//! Units with their hours, once raw and once through the crate's interface, and random cases drawn at the edges.

use calendar::{HoursFrom, Period, PublicHolidays, WeekHours, WorkingCalendar, WorkingHours};
use jiff::civil::Date;

use crate::oracle::{Amount, Oracle, day_index};

/// Hours of Monday to Friday and of Saturday from a date on, in minutes after midnight.
pub struct Season {
    from: (i64, i64, i64),
    weekdays: &'static [(i64, i64)],
    friday: &'static [(i64, i64)],
    saturday: &'static [(i64, i64)],
}

/// A unit to compare.
pub struct Unit {
    pub name: &'static str,
    pub seed: u64,
    seasons: &'static [Season],
}

const EIGHT_HOURS: &[(i64, i64)] = &[(450, 690), (810, 1050)];
const SUMMER: &[(i64, i64)] = &[(420, 690), (810, 1020)];
const MORNING: &[(i64, i64)] = &[(450, 690)];

const fn plain(year: i64, month: i64, day: i64, weekdays: &'static [(i64, i64)]) -> Season {
    Season { from: (day, month, year), weekdays, friday: weekdays, saturday: &[] }
}

pub static STANDARD: Unit = Unit { name: "standard", seed: 10, seasons: &[plain(2020, 1, 1, EIGHT_HOURS)] };

pub static SATURDAY_MORNINGS: Unit = Unit {
    name: "Saturday mornings",
    seed: 20,
    seasons: &[Season { from: (1, 1, 2020), weekdays: EIGHT_HOURS, friday: EIGHT_HOURS, saturday: MORNING }],
};

pub static SEASONAL: Unit = Unit {
    name: "seasonal",
    seed: 30,
    seasons: &[
        plain(2020, 1, 1, EIGHT_HOURS),
        plain(2020, 4, 15, SUMMER),
        plain(2020, 10, 16, EIGHT_HOURS),
        plain(2021, 4, 15, SUMMER),
        plain(2021, 10, 16, EIGHT_HOURS),
        plain(2024, 4, 15, SUMMER),
        plain(2024, 10, 16, EIGHT_HOURS),
        plain(2026, 4, 15, SUMMER),
        plain(2026, 10, 16, EIGHT_HOURS),
    ],
};

pub static CHANGED_BETWEEN_SWAPS: Unit = Unit {
    name: "changed between swaps",
    seed: 40,
    seasons: &[
        plain(2020, 1, 1, EIGHT_HOURS),
        plain(2025, 4, 29, SUMMER),
        plain(2026, 8, 25, &[(480, 720), (780, 1020)]),
    ],
};

pub static RAGGED: Unit = Unit {
    name: "ragged",
    seed: 50,
    seasons: &[
        Season {
            from: (1, 1, 2020),
            weekdays: &[(431, 433), (500, 501), (600, 913)],
            friday: MORNING,
            saturday: &[(0, 61)],
        },
        Season { from: (1, 7, 2023), weekdays: &[(450, 690), (690, 900)], friday: &[(1380, 1440)], saturday: &[] },
    ],
};

pub static UNITS: [&Unit; 5] = [&STANDARD, &SATURDAY_MORNINGS, &SEASONAL, &CHANGED_BETWEEN_SWAPS, &RAGGED];

impl Unit {
    /// The hours a day has by weekday and season alone; 1 January 2020 was a Wednesday.
    pub fn raw_hours(&self, day: i64) -> Vec<(i64, i64)> {
        let season = self.seasons.iter().rfind(|s| day_index(s.from.0, s.from.1, s.from.2) <= day).unwrap();
        match (day + 2) % 7 {
            0..=3 => season.weekdays.to_vec(),
            4 => season.friday.to_vec(),
            5 => season.saturday.to_vec(),
            _ => Vec::new(),
        }
    }

    /// The same unit through the crate's interface.
    pub fn calendar(&self) -> WorkingCalendar {
        let periods = |raw: &[(i64, i64)]| -> Vec<Period> {
            raw.iter().map(|(start, end)| Period::new(*start as u16, *end as u16).unwrap()).collect()
        };
        let versions = self.seasons.iter().map(|season| {
            let (day, month, year) = season.from;
            let weekday = || periods(season.weekdays);
            let days =
                [weekday(), weekday(), weekday(), weekday(), periods(season.friday), periods(season.saturday), vec![]];
            HoursFrom {
                from: Date::new(year as i16, month as i8, day as i8).unwrap(),
                week: WeekHours::new(days).unwrap(),
            }
        });
        WorkingCalendar::new(&WorkingHours::new(versions.collect()), PublicHolidays::shipped()).unwrap()
    }
}

/// A question: minutes since 2020, stops as (from, to), and a second added to every moment, which must not matter.
#[derive(Debug, Clone)]
pub struct Case {
    pub received: i64,
    pub seconds: i64,
    pub amount: Amount,
    pub stops: Vec<(i64, i64)>,
}

/// Splitmix64, so that a failing case is the same on every machine.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 to `limit` - 1.
    pub fn below(&mut self, limit: i64) -> i64 {
        (self.next() % limit.max(1) as u64) as i64
    }

    /// Any moment but the last three months; one in three near Tết, a swapped day or a year's end.
    pub fn moment(&mut self, oracle: &Oracle) -> i64 {
        let hot =
            ["20/1/2023", "20/4/2024", "22/4/2025", "20/12/2025", "10/2/2026", "15/8/2026", "18/11/2026", "28/1/2027"];
        let at = if self.below(3) == 0 {
            let parts: Vec<i64> = hot[self.below(8) as usize].split('/').map(|p| p.parse().unwrap()).collect();
            day_index(parts[0], parts[1], parts[2]) * 1_440 + self.below(14 * 1_440)
        } else {
            self.below(oracle.minutes() - 90 * 1_440)
        };
        self.nudged(oracle, at)
    }

    /// Half of the moments are moved to an edge of working time, or a minute beside it.
    fn nudged(&mut self, oracle: &Oracle, at: i64) -> i64 {
        if self.below(2) == 0 {
            return at;
        }
        let edge = (at.max(1)..oracle.minutes() - 1).find(|m| oracle.works(*m) != oracle.works(*m - 1)).unwrap_or(at);
        (edge + self.below(3) - 1).max(0)
    }

    fn amount(&mut self) -> Amount {
        match self.below(10) {
            0..=3 => Amount::WorkingDays(1 + self.below(12) as u32),
            4..=5 => Amount::WorkingMinutes(60 * (1 + self.below(60) as u32)),
            6 => Amount::WorkingMinutes(1 + self.below(1_500) as u32),
            7 => Amount::CalendarDays(1 + self.below(25) as u32),
            8 => Amount::Months(1 + self.below(2) as u32),
            _ => Amount::SameDay,
        }
    }

    pub fn case(&mut self, oracle: &Oracle) -> Case {
        let received = match self.below(200) {
            0 => oracle.minutes() - 1 - self.below(12 * 1_440),
            _ => self.moment(oracle),
        };
        let amount = self.amount();
        let mut stops = Vec::new();
        let mut at = received;
        for _ in 0..self.below(4) {
            let gap = match self.below(4) {
                0 => 0,
                1 => self.below(600),
                _ => self.below(5 * 1_440),
            };
            let longest = [90, 1_440, 4 * 1_440][self.below(3) as usize];
            let length = 1 + self.below(longest);
            let from = self.nudged(oracle, (at + gap).min(oracle.minutes() - 3)).max(at);
            let to = self.nudged(oracle, (from + length).min(oracle.minutes() - 2)).max(from);
            if to > oracle.minutes() - 2 {
                break;
            }
            stops.push((from, to));
            at = to;
        }
        Case { received, seconds: self.below(60), amount, stops }
    }
}
