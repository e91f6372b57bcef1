//! When a dossier is due, and why: the count from receipt, the stops that moved it, each day explained.
//! The rules stand in the crate's header.

mod count;
mod explain;
mod show;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use types::Timestamp;

use crate::error::CalendarError;
use crate::moment::Minute;
use crate::takes::Takes;
use crate::words;
use crate::working::WorkingCalendar;

/// A time during which a dossier's clock stood still, between two recorded moments.
/// A stop that still lasts has no end to give here: ask with the present moment as its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stop {
    /// When the clock was stopped.
    pub from: Timestamp,
    /// When it ran again.
    pub to: Timestamp,
}

/// What a step of the explanation tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepKind {
    /// Receipt, and from when the count runs.
    Received,
    /// A working day that was counted; its minutes.
    Counted,
    /// A swapped working day that was counted; its minutes.
    SwappedWorkingDay,
    /// A day on which the unit alone worked; its minutes.
    LocalWorkingDay,
    /// A weekly day of rest.
    Weekend,
    /// A public holiday or a day of a decided break.
    Holiday,
    /// A day off exchanged for a weekend day.
    SwappedDayOff,
    /// A day on which the unit alone was closed.
    LocalDayOff,
    /// Days or months counted through the calendar, in one sentence.
    CalendarCount,
    /// A day of such a count: the one from which it runs, one counted, or the working day to which its end was moved.
    CalendarDay,
    /// A stop: working minutes for a working-time deadline, calendar minutes for the others.
    Stop,
    /// A stop that began after the due time and moves nothing.
    LateStop,
    /// The due time.
    Due,
}

/// One line of the explanation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StepExplained {
    /// The day it is about.
    pub date: Date,
    /// What it tells.
    pub kind: StepKind,
    /// Working minutes counted on the day; for stops see [`StepKind::Stop`]; otherwise 0.
    pub minutes: i64,
    /// A few Vietnamese words for a table.
    pub label: String,
    /// A whole Vietnamese sentence.
    pub sentence: String,
    /// The law or decision behind a day off or swapped day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub basis: Option<String>,
    /// False when the basis was not seen in a public source.
    pub verified: bool,
}

/// A due time with its explanation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deadline {
    /// When the dossier was received.
    pub received: Timestamp,
    /// From when the count runs: receipt, or when work next began.
    pub counts_from: Timestamp,
    /// What the procedure takes.
    pub takes: Takes,
    /// The due time had there been no stop.
    pub due_without_stops: Timestamp,
    /// The due time, in canonical form.
    pub due: Timestamp,
    /// The stops that moved the due time, in order.
    pub stops: Vec<Stop>,
    /// Line by line, in order of time; stops after the count that they moved.
    pub steps: Vec<StepExplained>,
}

/// How much of a deadline's working time has been used, stops left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// Working minutes used.
    pub used: i64,
    /// Working minutes there are.
    pub total: i64,
}

impl Share {
    /// Whether so many percent have been used: 70 and 90 for the warnings, 100 at the due time.
    pub fn reached(self, percent: u32) -> bool {
        self.used * 100 >= self.total * i64::from(percent)
    }

    /// Whole percent used, rounded down; above 100 when late.
    pub fn percent(self) -> i64 {
        if self.total > 0 { self.used * 100 / self.total } else { 100 }
    }
}

/// How a count through the calendar is told. Working time is always told day by day.
#[derive(Debug, Clone, Copy)]
enum Told {
    InOneSentence,
    DayByDay,
}

/// Computes when something received at `received` that takes `takes` is due, with the stops between. Days and months of
/// the calendar are told in one sentence, so that pages and prints stay short.
///
/// # Errors
/// `NoCalendar` when the count runs into a year that is not known; `BadStop` when a stop ends before it begins,
/// begins before receipt, or overlaps another; `BadTakes` for a time of zero.
pub fn deadline(
    calendar: &WorkingCalendar,
    received: Timestamp,
    takes: Takes,
    stops: &[Stop],
) -> Result<Deadline, CalendarError> {
    explained(calendar, received, takes, stops, Told::InOneSentence)
}

/// The same deadline with every day of a count through the calendar told, too: 366 lines for a year.
///
/// # Errors
/// As [`deadline`].
pub fn deadline_day_by_day(
    calendar: &WorkingCalendar,
    received: Timestamp,
    takes: Takes,
    stops: &[Stop],
) -> Result<Deadline, CalendarError> {
    explained(calendar, received, takes, stops, Told::DayByDay)
}

fn explained(
    calendar: &WorkingCalendar,
    received: Timestamp,
    takes: Takes,
    stops: &[Stop],
    told: Told,
) -> Result<Deadline, CalendarError> {
    let stops = in_order(received, stops)?;
    let count = count::count(calendar, Minute::of(received), takes, &stops)?;
    let steps = explain::explain(calendar, Minute::of(received), takes, &count, told)?;
    Ok(Deadline {
        received,
        counts_from: count.start.timestamp(),
        takes,
        due_without_stops: count.due_without_stops.timestamp(),
        due: count.due.timestamp(),
        stops: count.moves.iter().filter(|moved| !moved.late).map(|moved| moved.stop.outer()).collect(),
        steps,
    })
}

/// Computes the due time alone, without its explanation; for steps, whose due times nobody explains.
///
/// # Errors
/// As [`deadline`].
pub fn due(
    calendar: &WorkingCalendar,
    received: Timestamp,
    takes: Takes,
    stops: &[Stop],
) -> Result<Timestamp, CalendarError> {
    let stops = in_order(received, stops)?;
    count::count(calendar, Minute::of(received), takes, &stops).map(|count| count.due.timestamp())
}

/// A stop in minutes.
#[derive(Debug, Clone, Copy)]
struct Pause {
    from: Minute,
    to: Minute,
}

impl Pause {
    fn outer(self) -> Stop {
        Stop { from: self.from.timestamp(), to: self.to.timestamp() }
    }
}

/// The stops in order of time, those within one minute left out.
fn in_order(received: Timestamp, stops: &[Stop]) -> Result<Vec<Pause>, CalendarError> {
    let mut pauses: Vec<_> =
        stops.iter().map(|stop| Pause { from: Minute::of(stop.from), to: Minute::of(stop.to) }).collect();
    pauses.sort_by_key(|pause| (pause.from, pause.to));
    let written = |pause: &Pause| format!("từ {} đến {}", words::moment(pause.from), words::moment(pause.to));
    for pause in &pauses {
        if pause.to < pause.from {
            return Err(CalendarError::BadStop(format!("{} kết thúc trước khi bắt đầu.", written(pause))));
        }
        if pause.from < Minute::of(received) {
            return Err(CalendarError::BadStop(format!("{} bắt đầu trước khi tiếp nhận hồ sơ.", written(pause))));
        }
    }
    if let Some(pair) = pauses.windows(2).find(|pair| pair[1].from < pair[0].to) {
        return Err(CalendarError::BadStop(format!("{} chồng lên {}.", written(&pair[1]), written(&pair[0]))));
    }
    pauses.retain(|pause| pause.from < pause.to);
    Ok(pauses)
}

impl Deadline {
    /// Working minutes left at `now`; negative when late.
    ///
    /// # Errors
    /// `NoCalendar` when `now` lies in a year that is not known.
    pub fn left(&self, calendar: &WorkingCalendar, now: Timestamp) -> Result<i64, CalendarError> {
        calendar.working_minutes(now, self.due)
    }

    /// How much of the time has been used at `now`, the stops left out.
    ///
    /// # Errors
    /// `NoCalendar` when `now` lies in a year that is not known.
    pub fn share_used(&self, calendar: &WorkingCalendar, now: Timestamp) -> Result<Share, CalendarError> {
        let run = |until: Timestamp| -> Result<i64, CalendarError> {
            let mut minutes = calendar.working_minutes(self.counts_from, until.max(self.counts_from))?;
            for stop in &self.stops {
                let (from, to) = (stop.from.min(until), stop.to.min(until));
                minutes -= calendar.working_minutes(from, to)?;
            }
            Ok(minutes)
        };
        Ok(Share { used: run(now)?, total: run(self.due)? })
    }

    /// The moment at which so many percent of the time have been used: when a warning is to go out.
    ///
    /// # Errors
    /// `NoCalendar` when it lies in a year that is not known.
    pub fn reached_at(&self, calendar: &WorkingCalendar, percent: u32) -> Result<Timestamp, CalendarError> {
        let total = self.share_used(calendar, self.due)?.total;
        let wanted = (total * i64::from(percent) + 99) / 100;
        let start = Minute::of(self.counts_from);
        let mut worked = calendar.worked(start)? + wanted;
        for stop in &self.stops {
            let (from, to) = (calendar.worked(Minute::of(stop.from))?, calendar.worked(Minute::of(stop.to))?);
            if from < worked {
                worked += to - from;
            }
        }
        if wanted == 0 { Ok(self.counts_from) } else { calendar.when_worked(worked, start).map(Minute::timestamp) }
    }

    /// Whether every holiday and swap that was relied on was seen in a public source.
    pub fn is_verified(&self) -> bool {
        self.steps.iter().all(|step| step.verified)
    }
}

#[cfg(test)]
#[path = "tests/deadline.rs"]
mod tests;
