//! From a procedure's time limit and a unit's calendar to due times.

use crate::dossier::{Dossier, DossierStop};
use crate::procedure::Definition;
use crate::procedure::step::Step;
use crate::procedure::takes::Takes as Limit;
use calendar::{CalendarError, Deadline, Outcome, Slack, Stop, Takes, WorkingCalendar};
use types::{Error, Result, Timestamp};

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
    let limit = &definition.takes(case).takes;
    let answer = match limit {
        Limit::SameDay { cutoff } => {
            let minutes = u16::try_from(i32::from(cutoff.hour()) * 60 + i32::from(cutoff.minute())).unwrap_or(900);
            calendar::deadline(&calendar.clone().with_cut_off(minutes), received, Takes::SameDay, stops)
        }
        other => calendar::deadline(calendar, received, takes(other), stops),
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
    let due = calendar::deadline(calendar, now, Takes::WorkingMinutes(minutes), &[]).map_err(told)?.due;
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
    let moved = calendar::deadline(calendar, stop.to, Takes::WorkingMinutes(left), &[]).map_err(told)?.due;
    Ok(moved.min(dossier_due))
}

/// The stops as the calendar wants them; one that still lasts ends now.
pub fn ended_stops(stops: &[DossierStop], now: Timestamp) -> Vec<Stop> {
    stops.iter().map(|stop| Stop { from: stop.from, to: stop.to.unwrap_or(now).max(stop.from) }).collect()
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
