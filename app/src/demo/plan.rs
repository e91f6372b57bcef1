//! When things happen: arrivals over the working days, and how long a piece of work takes, in working time.

use calendar::{Takes, WorkingCalendar};
use dossiers::due;
use dossiers::sample::Chance;
use jiff::civil::Weekday;
use types::{Day, Error, Result, Timestamp};

/// Moments on a working calendar.
pub(super) struct Moments<'c>(pub &'c WorkingCalendar);

impl Moments<'_> {
    /// So many arrivals from `first` until `now`, in order: more on Mondays, most in the morning.
    pub fn arrivals(&self, chance: &mut Chance, count: u32, (first, now): (Day, Timestamp)) -> Result<Vec<Timestamp>> {
        let mut days = Vec::new();
        let mut day = first;
        while day <= now.day() {
            let plan = self.0.day(day.0).map_err(due::told)?;
            if plan.is_working() {
                days.push((day, plan.periods().to_vec(), crowd(day.0.weekday())));
            }
            day = day.next();
        }
        let mut arrivals = Vec::with_capacity(count as usize);
        while arrivals.len() < count as usize {
            if days.is_empty() {
                return Err(Error::conflict("Hai tháng qua không có ngày làm việc nào trong lịch."));
            }
            let (day, periods, _) = chance.weighted(&days, |(_, _, weight)| *weight);
            let period = if chance.percent(65) { periods.first() } else { periods.last() };
            let Some(period) = period else { continue };
            let minute = chance.between(period.start() + 3, period.end() - 15);
            let at = day.start().plus_seconds(minute * 60 + chance.between(0, 59));
            if at <= now {
                arrivals.push(at);
            } else if days.len() == 1 {
                // A database made before the first office hour of its only day has no arrivals yet.
                break;
            }
        }
        arrivals.sort_unstable();
        Ok(arrivals)
    }

    /// Working minutes from `at` until `due`; none when it has passed.
    pub fn left(&self, at: Timestamp, due: Timestamp) -> Result<i64> {
        if due <= at { Ok(0) } else { self.0.working_minutes(at, due).map_err(due::told) }
    }

    /// So many working minutes after `at`, at some second of that minute.
    pub fn after(&self, chance: &mut Chance, at: Timestamp, minutes: i64) -> Result<Timestamp> {
        let minutes = u32::try_from(minutes.max(2)).unwrap_or(2);
        let exact = calendar::deadline(self.0, at, Takes::WorkingMinutes(minutes), &[]).map_err(due::told)?.due;
        Ok(exact.plus_seconds(-chance.between(1, 59)).max(at.plus_seconds(20)))
    }
}

/// How many people come on a weekday, against the others.
fn crowd(weekday: Weekday) -> u32 {
    match weekday {
        Weekday::Monday => 6,
        Weekday::Tuesday => 5,
        Weekday::Saturday | Weekday::Sunday => 2,
        _ => 4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_arrive_in_office_hours_and_work_takes_working_time() {
        let calendar = WorkingCalendar::standard();
        let moments = Moments(&calendar);
        let mut chance = Chance::new(1);
        let now: Timestamp = "2026-11-20T10:00".parse().unwrap();
        let arrivals = moments.arrivals(&mut chance, 400, ("2026-09-20".parse().unwrap(), now)).unwrap();
        assert_eq!(arrivals.len(), 400);
        for at in &arrivals {
            assert!(calendar.is_working_day(at.day().0).unwrap() && *at <= now, "{at}");
            let hour = at.local().hour();
            assert!((7..=11).contains(&hour) || (13..=17).contains(&hour), "{at}");
        }
        let friday: Timestamp = "2026-11-20T16:30".parse().unwrap();
        let monday = moments.after(&mut chance, friday, 120).unwrap();
        assert_eq!(monday.day().to_string(), "2026-11-23");
        assert_eq!(moments.left(friday, "2026-11-23T08:30".parse().unwrap()).unwrap(), 120);
    }
}
