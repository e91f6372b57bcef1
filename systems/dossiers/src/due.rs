//! From a procedure's time limit and a unit's calendar to due times.

use crate::dossier::{Dossier, DossierStop};
use crate::procedure::Definition;
use crate::procedure::step::Step;
use crate::procedure::takes::Takes as Limit;
use calendar::{CalendarError, Deadline, Outcome, Slack, Stop, Takes, WorkingCalendar};
use types::{Error, Result, Timestamp};

/// A cut-off that no moment of a day is after.
const MIDNIGHT: u16 = 24 * 60;

/// The calendar's own words for a procedure's limit.
pub fn takes(limit: &Limit) -> Takes {
    match *limit {
        Limit::SameDay { .. } => Takes::SameDay,
        Limit::WorkingHours { amount } => Takes::working_hours(amount),
        Limit::WorkingDays { amount } => Takes::WorkingDays(amount),
        Limit::CalendarDays { amount } => Takes::CalendarDays(amount),
        Limit::Months { amount } => Takes::Months(amount),
    }
}

/// When a dossier of this procedure is due, with every day explained.
pub fn explain(
    definition: &Definition,
    case: Option<&str>,
    calendar: &WorkingCalendar,
    received: Timestamp,
    stops: &[Stop],
) -> Result<Deadline> {
    count(definition, case, calendar, |calendar, takes| calendar::deadline(calendar, received, takes, stops))
}

/// The same moment for a dossier that is received now, without the explanation, which a receipt does not tell.
pub fn promised(
    definition: &Definition,
    case: Option<&str>,
    calendar: &WorkingCalendar,
    received: Timestamp,
) -> Result<Timestamp> {
    count(definition, case, calendar, |calendar, takes| calendar::due(calendar, received, takes, &[]))
}

/// Counts by the procedure's limit; on a same-day procedure the calendar has the limit's own cut-off.
fn count<T>(
    definition: &Definition,
    case: Option<&str>,
    calendar: &WorkingCalendar,
    count: impl Fn(&WorkingCalendar, Takes) -> std::result::Result<T, CalendarError>,
) -> Result<T> {
    let answer = match &definition.takes(case).takes {
        Limit::SameDay { cutoff } => {
            let minutes = u16::try_from(i32::from(cutoff.hour()) * 60 + i32::from(cutoff.minute())).unwrap_or(900);
            count(&calendar.clone().with_cut_off(minutes), Takes::SameDay)
        }
        limit => count(calendar, takes(limit)),
    };
    answer.map_err(told)
}

/// When a step that begins now is due: its allotment, but never after the dossier itself.
pub fn step_due(
    definition: &Definition,
    case: Option<&str>,
    step: &Step,
    calendar: &WorkingCalendar,
    (now, dossier_due): (Timestamp, Timestamp),
) -> Result<Timestamp> {
    let minutes = step.minutes(definition.takes(case).takes.working_minutes()).max(1);
    let due = calendar::due(calendar, now, Takes::WorkingMinutes(minutes), &[]).map_err(told)?;
    Ok(due.min(dossier_due))
}

/// When a step that was due at `due` is due after a stop: what was left of its time goes on. A step that was late
/// already stays as late, and none is due after the dossier.
pub fn step_due_after(
    calendar: &WorkingCalendar,
    due: Timestamp,
    stop: Stop,
    dossier_due: Timestamp,
) -> Result<Timestamp> {
    let left = calendar.working_minutes(stop.from, due).map_err(told)?;
    let Some(left) = u32::try_from(left).ok().filter(|left| *left > 0) else { return Ok(due) };
    let moved = calendar::due(calendar, stop.to, Takes::WorkingMinutes(left), &[]).map_err(told)?;
    Ok(moved.min(dossier_due))
}

/// The stops as the calendar wants them; one that still lasts ends now.
pub fn ended_stops(stops: &[DossierStop], now: Timestamp) -> Vec<Stop> {
    stops.iter().map(|stop| Stop { from: stop.from, to: stop.to.unwrap_or(now).max(stop.from) }).collect()
}

/// When a dossier is due after its last stop has ended: what was promised, moved by exactly the time of that stop on
/// today's calendar. A calendar that has changed since receipt moves no promise by itself.
pub fn after_stop(
    definition: &Definition,
    calendar: &WorkingCalendar,
    dossier: &Dossier,
    stops: &[Stop],
) -> Result<Timestamp> {
    let promised = dossier.due_at;
    let Some((last, before)) = stops.split_last() else { return Ok(promised) };
    let count = |stops: &[Stop]| explain(definition, dossier.case.as_deref(), calendar, dossier.received_at, stops);
    let without = count(before)?;
    if without.due == promised {
        return Ok(count(stops)?.due);
    }
    if calendar.working_minutes(promised, last.from).map_err(told)? > 0 {
        // A stop that begins after the due time moves nothing.
        return Ok(promised);
    }
    if without.takes.is_working_time() {
        let minutes = calendar.working_minutes(last.from, last.to).map_err(told)?;
        let Some(minutes) = u32::try_from(minutes).ok().filter(|minutes| *minutes > 0) else { return Ok(promised) };
        return calendar::due(calendar, promised, Takes::WorkingMinutes(minutes), &[]).map_err(told);
    }
    // Counted through the calendar: from the time of day at which the count began, by the clock time of the stop, to the
    // end of the working day that it comes to.
    let from = without.counts_from;
    let end = Timestamp(promised.day().start().0 + from.0 - from.day().start().0);
    let moved = Timestamp(end.max(last.from).0 + (last.to.0 - last.from.0).max(0));
    let day = calendar.next_working_moment(moved).map_err(told)?;
    calendar::due(&calendar.clone().with_cut_off(MIDNIGHT), day, Takes::SameDay, &[]).map_err(told)
}

/// The due time as today's calendar has it, where that is not what was promised. A stop that still lasts has moved
/// nothing yet and is left out.
pub fn differs(
    definition: &Definition,
    calendar: &WorkingCalendar,
    dossier: &Dossier,
    stops: &[DossierStop],
) -> Option<Timestamp> {
    let ended: Vec<DossierStop> = stops.iter().filter(|stop| stop.to.is_some()).cloned().collect();
    let ended = ended_stops(&ended, dossier.received_at);
    let today = explain(definition, dossier.case.as_deref(), calendar, dossier.received_at, &ended).ok()?;
    (today.due != dossier.due_at).then_some(today.due)
}

/// How a dossier that ends now ends: `early`, `on_time` or `late`.
pub fn outcome(calendar: &WorkingCalendar, dossier: &Dossier, ended: Timestamp) -> Result<&'static str> {
    let outcome = calendar.outcome(dossier.due_at, ended, Slack::default()).map_err(told)?;
    Ok(match outcome {
        Outcome::Early => "early",
        Outcome::OnTime => "on_time",
        Outcome::Late => "late",
    })
}

/// A calendar that is missing is the administrator's to enter; the sentence says so.
pub fn told(error: CalendarError) -> Error {
    Error::conflict(error.to_string())
}
