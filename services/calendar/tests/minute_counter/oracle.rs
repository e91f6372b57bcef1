//! The walking counter and its raw calendar.

use crate::random::{Case, Unit};

/// Minutes from 1970-01-01 to 2020-01-01 on Viet Nam's clock; moments here are minutes since 2020-01-01T00:00.
pub const EPOCH_MINUTES: i64 = 18_262 * DAY;
const DAY: i64 = 1_440;
/// 15:00.
const CUT_OFF: i64 = 900;

/// Days off 2020 to 2027 as month and day, weekends left out unless a unit working on Saturdays would notice.
const DAYS_OFF: [(i64, &str); 8] = [
    (2020, "1/1 23/1 24/1 25/1 26/1 27/1 28/1 29/1 2/4 30/4 1/5 2/9"),
    (2021, "1/1 10/2 11/2 12/2 13/2 14/2 15/2 16/2 21/4 30/4 1/5 3/5 2/9 3/9 4/9 5/9"),
    (2022, "1/1 3/1 29/1 30/1 31/1 1/2 2/2 3/2 4/2 5/2 6/2 10/4 11/4 30/4 1/5 2/5 3/5 1/9 2/9 3/9 4/9"),
    (2023, "1/1 2/1 20/1 21/1 22/1 23/1 24/1 25/1 26/1 29/4 30/4 1/5 2/5 3/5 1/9 2/9 3/9 4/9"),
    (2024, "1/1 8/2 9/2 10/2 11/2 12/2 13/2 14/2 18/4 29/4 30/4 1/5 31/8 1/9 2/9 3/9"),
    (2025, "1/1 25/1 26/1 27/1 28/1 29/1 30/1 31/1 1/2 2/2 7/4 30/4 1/5 2/5 30/8 31/8 1/9 2/9"),
    (2026, "1/1 2/1 14/2 15/2 16/2 17/2 18/2 19/2 20/2 21/2 22/2 26/4 27/4 30/4 1/5 29/8 30/8 31/8 1/9 2/9 24/11"),
    (2027, "1/1 4/2 5/2 6/2 7/2 8/2 9/2 10/2 16/4 30/4 1/5 3/5 2/9 3/9 4/9 5/9 24/11"),
];

/// Saturdays worked, each with the day off whose hours it has.
const SWAPS: [(&str, &str); 4] =
    [("4/5/2024", "29/4/2024"), ("26/4/2025", "2/5/2025"), ("10/1/2026", "2/1/2026"), ("22/8/2026", "31/8/2026")];

/// What a procedure takes.
#[derive(Debug, Clone, Copy)]
pub enum Amount {
    WorkingDays(u32),
    WorkingMinutes(u32),
    CalendarDays(u32),
    Months(u32),
    SameDay,
}

impl Amount {
    pub fn plus(self, more: u32) -> Self {
        match self {
            Self::WorkingDays(n) => Self::WorkingDays(n + more),
            Self::WorkingMinutes(n) => Self::WorkingMinutes(n + more * 37),
            Self::CalendarDays(n) => Self::CalendarDays(n + more),
            Self::Months(n) => Self::Months(n + more),
            Self::SameDay => Self::SameDay,
        }
    }
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from 2020-01-01 to a date, counted month by month.
pub fn day_index(day: i64, month: i64, year: i64) -> i64 {
    let mut index = day - 1;
    for y in 2020..year {
        index += if is_leap(y) { 366 } else { 365 };
    }
    for m in 1..month {
        index += days_in_month(year, m);
    }
    index
}

fn date_at(mut index: i64) -> (i64, i64, i64) {
    let (mut month, mut year) = (1, 2020);
    while index >= days_in_month(year, month) {
        index -= days_in_month(year, month);
        month += 1;
        if month > 12 {
            (month, year) = (1, year + 1);
        }
    }
    (index + 1, month, year)
}

fn parse_day(text: &str) -> i64 {
    let parts: Vec<i64> = text.split('/').map(|part| part.parse().unwrap()).collect();
    day_index(parts[0], parts[1], parts[2])
}

/// Which minutes of 2020 to 2027 a unit works.
pub struct Oracle {
    working: Vec<bool>,
    /// Days with a working minute.
    worked: Vec<bool>,
    days: i64,
}

impl Oracle {
    pub fn new(unit: &Unit) -> Self {
        let days = day_index(1, 1, 2028);
        let mut off = vec![false; days as usize];
        for (year, list) in DAYS_OFF {
            for day in list.split(' ') {
                off[parse_day(&format!("{day}/{year}")) as usize] = true;
            }
        }
        let mut working = vec![false; (days * DAY) as usize];
        for day in 0..days {
            let replaced = SWAPS.iter().find(|(worked, _)| parse_day(worked) == day).map(|(_, off)| parse_day(off));
            if off[day as usize] {
                continue;
            }
            for (opens, closes) in unit.raw_hours(replaced.unwrap_or(day)) {
                for minute in opens..closes {
                    working[(day * DAY + minute) as usize] = true;
                }
            }
        }
        let worked = working.chunks(DAY as usize).map(|day| day.contains(&true)).collect();
        Self { working, worked, days }
    }

    pub fn minutes(&self) -> i64 {
        self.days * DAY
    }

    pub fn works(&self, minute: i64) -> bool {
        self.working[minute as usize]
    }

    fn works_on(&self, day: i64) -> bool {
        self.worked[day as usize]
    }

    /// Working minutes between two moments, signed.
    pub fn count(&self, from: i64, to: i64) -> i64 {
        let (first, last, sign) = if from <= to { (from, to, 1) } else { (to, from, -1) };
        sign * (first..last).filter(|minute| self.works(*minute)).count() as i64
    }

    /// The due time; none when the calendar ends first.
    pub fn due(&self, case: &Case) -> Option<i64> {
        let (first, last) = (case.stops.first().map_or(0, |stop| stop.0), case.stops.last().map_or(0, |stop| stop.1));
        let stopped = |minute: i64| {
            (first..last).contains(&minute) && case.stops.iter().any(|(from, to)| (*from..*to).contains(&minute))
        };
        let start = (case.received..self.minutes()).find(|minute| self.works(*minute))?;
        match case.amount {
            Amount::CalendarDays(n) => self.calendar_due(start, i64::from(n) * DAY, &stopped),
            Amount::Months(n) => {
                let (day, month, year) = date_at(start / DAY);
                let months = year * 12 + month - 1 + i64::from(n);
                let (year, month) = (months / 12, months % 12 + 1);
                let last = day_index(day.min(days_in_month(year, month)), month, year);
                self.calendar_due(start, (last - start / DAY) * DAY, &stopped)
            }
            Amount::WorkingMinutes(n) => self.working_due(start, i64::from(n), &stopped),
            Amount::WorkingDays(n) => {
                let target = self.working_day_after(start / DAY, n)? * DAY + start % DAY;
                self.working_due(start, self.count(start, target), &stopped)
            }
            Amount::SameDay => {
                let late = u32::from(start % DAY > CUT_OFF);
                let day = self.working_day_after(start / DAY, late)?;
                self.working_due(start, self.count(start, (day + 1) * DAY), &stopped)
            }
        }
    }

    /// The `n`-th day worked after `day`.
    fn working_day_after(&self, day: i64, n: u32) -> Option<i64> {
        let (mut at, mut left) = (day, n);
        while left > 0 {
            at += 1;
            if at >= self.days {
                return None;
            }
            left -= u32::from(self.works_on(at));
        }
        Some(at)
    }

    /// Walks until a minute would count beyond `allotted`; due is the end of the last working minute before it.
    fn working_due(&self, start: i64, allotted: i64, stopped: &impl Fn(i64) -> bool) -> Option<i64> {
        let (mut left, mut due) = (allotted, None);
        for minute in start..self.minutes() {
            if !self.works(minute) {
                continue;
            }
            if !stopped(minute) {
                if left == 0 {
                    return due;
                }
                left -= 1;
            }
            due = Some(minute + 1);
        }
        if left == 0 { due } else { None }
    }

    /// Walks through all minutes that lie in no stop; the deadline ends with the day on which the count ends.
    fn calendar_due(&self, start: i64, allotted: i64, stopped: &impl Fn(i64) -> bool) -> Option<i64> {
        let (mut at, mut left) = (start, allotted);
        while left > 0 || (at < self.minutes() && stopped(at)) {
            if at >= self.minutes() {
                return None;
            }
            left -= i64::from(!stopped(at));
            at += 1;
        }
        // The grace: to the end of the day, or of the next one worked; a stop in it moves the end of the count.
        let mut end_day = at / DAY;
        let (mut due, mut minute) = (None, at);
        loop {
            while end_day < self.days && !self.works_on(end_day) {
                end_day += 1;
            }
            if end_day >= self.days {
                return None;
            }
            if minute >= self.minutes() || (self.works(minute) && minute / DAY > end_day && !stopped(minute)) {
                break;
            }
            if stopped(minute) {
                // The count ends when the stop does: its end is not itself stopped.
                end_day = (minute + 1) / DAY;
            }
            minute += 1;
        }
        for minute in end_day * DAY..(end_day + 1) * DAY {
            if self.works(minute) {
                due = Some(minute + 1);
            }
        }
        due
    }
}
