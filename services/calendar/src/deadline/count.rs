//! The count itself: from receipt to the due time, stop by stop.

use jiff::Span;
use jiff::civil::Date;

use super::Pause;
use crate::error::CalendarError;
use crate::moment::{DAY_MINUTES, Minute, day_number};
use crate::takes::Takes;
use crate::working::WorkingCalendar;

/// What a stop did.
#[derive(Debug)]
pub struct Move {
    pub stop: Pause,
    /// Working minutes, or calendar minutes since the count's start.
    pub minutes: i64,
    /// Whether it began after the due time and moved nothing.
    pub late: bool,
    /// The end of a calendar count after this stop.
    pub end: Minute,
    /// The due time after this stop.
    pub due: Minute,
}

/// A finished count.
#[derive(Debug)]
pub struct Count {
    pub start: Minute,
    /// Where a calendar count ends before days off are looked at; for working time the due time.
    pub end: Minute,
    pub due_without_stops: Minute,
    pub moves: Vec<Move>,
    pub due: Minute,
}

pub fn count(
    calendar: &WorkingCalendar,
    received: Minute,
    takes: Takes,
    stops: &[Pause],
) -> Result<Count, CalendarError> {
    let start = calendar.next_working(received)?;
    let end = end_of_count(calendar, start, takes)?;
    let due = if takes.is_working_time() { end } else { closing_from(calendar, end)? };
    let mut count = Count { start, end, due_without_stops: due, moves: Vec::new(), due };
    let mut end = end;
    for stop in stops {
        let late = calendar.between(count.due, stop.from)? > 0;
        let mut minutes = 0;
        if !late && takes.is_working_time() {
            minutes = calendar.between(stop.from, stop.to)?;
            end = match minutes {
                0 => end,
                _ => calendar.when_worked(calendar.worked(end)? + minutes, end)?,
            };
            count.due = end;
        } else if !late {
            minutes = (stop.to.0 - stop.from.max(start).0).max(0);
            end = Minute(end.max(stop.from).0 + minutes);
            count.due = closing_from(calendar, end)?;
        }
        count.moves.push(Move { stop: *stop, minutes, late, end, due: count.due });
    }
    Ok(count)
}

/// The end of the count: for working time the due time, otherwise the clock time of the start on the last day.
fn end_of_count(calendar: &WorkingCalendar, start: Minute, takes: Takes) -> Result<Minute, CalendarError> {
    match takes {
        Takes::WorkingDays(0) | Takes::WorkingMinutes(0) | Takes::CalendarDays(0) | Takes::Months(0) => {
            Err(CalendarError::BadTakes(takes.vietnamese()))
        }
        Takes::WorkingDays(days) => {
            let last = calendar.working_day(start.day(), days.into())?;
            calendar.canonical(Minute::on(last.number(), start.of_day()))
        }
        Takes::WorkingMinutes(minutes) => calendar.when_worked(calendar.worked(start)? + i64::from(minutes), start),
        Takes::SameDay => {
            let days = i64::from(start.of_day() > calendar.cut_off_of(start.day()));
            let last = calendar.working_day(start.day(), days)?;
            Ok(Minute::on(last.number(), last.closing()))
        }
        Takes::CalendarDays(days) => Ok(Minute(start.0 + i64::from(days) * DAY_MINUTES)),
        Takes::Months(months) => {
            let later = Span::new().try_months(months).and_then(|span| start.date().checked_add(span));
            let last = later.map_err(|_| CalendarError::NoCalendar { year: Date::MAX.year() })?;
            Ok(Minute::on(day_number(last), start.of_day()))
        }
    }
}

/// Closing of the day of `end`, or of the next working day when that is off.
fn closing_from(calendar: &WorkingCalendar, end: Minute) -> Result<Minute, CalendarError> {
    let day = calendar.working_day_from(end.day())?;
    Ok(Minute::on(day.number(), day.closing()))
}
