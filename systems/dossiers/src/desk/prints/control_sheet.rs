//! The data of form 06: every hand-over with its time, and how the due time came about.

use super::{Source, heads};
use crate::due;
use crate::event::EventKind;
use calendar::{Deadline, Slack, StepKind};
use print::forms::{
    ControlSheetData, CountedDay, DayKind, DueTimeExplained, HandOver, Holder, Outcome, ProcedureName, Stop, StopEffect,
};
use records::Task;
use types::{Day, Result, Timestamp};

/// Fills form 06.
pub fn data(source: &Source) -> Result<ControlSheetData> {
    let (d, tree) = (&source.opened.dossier, &source.opened.tree);
    let definition = &source.opened.procedure.definition;
    let hand_overs: Vec<HandOver> = source.opened.tasks.iter().map(|task| hand_over(source, task)).collect();
    let handling = tree.get(d.unit).map_or_else(|| "–".to_owned(), heads::agency);
    Ok(ControlSheetData {
        demo: source.settings.demo,
        head: heads::head(tree, d.unit),
        place: heads::place(tree, d.unit),
        made_at: source.now,
        dossier_code: d.code.clone(),
        procedure: ProcedureName { code: definition.code.clone(), title: definition.name.clone() },
        party: (!d.restricted).then(|| d.applicant.name.clone()),
        handling_agency: handling,
        cooperating_agencies: Vec::new(),
        received_at: d.received_at,
        due_at: d.due_at,
        ended_at: d.ended_at,
        outcome: d.outcome.as_deref().and_then(outcome_of),
        hand_overs,
        due_time: source.deadline.as_ref().and_then(|deadline| due_time(source, deadline).ok()),
    })
}

fn outcome_of(word: &str) -> Option<Outcome> {
    match word {
        "early" => Some(Outcome::Early),
        "on_time" => Some(Outcome::OnTime),
        "late" => Some(Outcome::Late),
        _ => None,
    }
}

fn hand_over(source: &Source, task: &Task) -> HandOver {
    let (calendar, people) = (&source.opened.calendar, &source.people);
    // In a year without a calendar the time that a step took is left out, and the sheet is printed all the same.
    let minutes = |from: Timestamp, to: Timestamp| calendar.working_minutes(from, to).ok();
    let until = task.done_at;
    let stops = due::ended_stops(&source.stops, source.now);
    // Working time from when the step was handed over, the stops left out.
    let without_stops = |to: Timestamp| -> Option<i64> {
        let mut sum = minutes(task.opened_at, to)?;
        for stop in &stops {
            let (from, to) = (stop.from.max(task.opened_at), stop.to.min(to));
            if from < to {
                sum -= minutes(from, to)?;
            }
        }
        Some(sum)
    };
    let held = without_stops(until.unwrap_or(source.now));
    let outcome = until.and_then(|done| calendar.outcome(task.due_at, done, Slack::default()).ok());
    let outcome = outcome.map(|outcome| match outcome {
        calendar::Outcome::Early => Outcome::Early,
        calendar::Outcome::OnTime => Outcome::OnTime,
        calendar::Outcome::Late => Outcome::Late,
    });
    let post = people.post(task.post);
    // Somebody else's post: the stand-in is named with the post and its holders.
    let on_behalf_of = people.post(task.on_behalf_of).map(|post| match post.holders.first() {
        Some(holder) => format!("{holder}, {}", post.title),
        None => post.title.clone(),
    });
    let person = people.officer(task.done_by.or(task.officer)).map(ToOwned::to_owned);
    let person = person.or_else(|| post.and_then(|post| post.holders.first().cloned()));
    let note = source.events.iter().find(|event| {
        // A task does not end before it began, even where the clock was set back.
        Some(event.at.max(task.opened_at)) == until
            && event.from_step.as_deref() == Some(&task.step)
            && event.kind != EventKind::Taken
    });
    HandOver {
        holder: Holder {
            unit: post.map_or_else(|| source.opened.tree.name(task.unit).to_owned(), |post| post.unit.clone()),
            post: post.map(|post| post.title.clone()),
            person,
            on_behalf_of,
        },
        step: Some(task.title.clone()),
        from: task.opened_at,
        to: until,
        allotted_minutes: without_stops(task.due_at).and_then(whole),
        held_minutes: held.and_then(whole),
        outcome,
        note: note.filter(|event| event.kind != EventKind::Delivered).and_then(|event| event.text.clone()),
    }
}

fn whole(minutes: i64) -> Option<u32> {
    u32::try_from(minutes).ok()
}

fn due_time(source: &Source, deadline: &Deadline) -> Result<DueTimeExplained> {
    let d = &source.opened.dossier;
    let definition = &source.opened.procedure.definition;
    let limit = definition.takes(d.case.as_deref());
    let start = deadline.counts_from.day();
    let days = deadline.steps.iter().filter_map(|step| {
        let kind = day_kind(step.kind, Day(step.date) == start)?;
        let minutes = whole(step.minutes).filter(|minutes| *minutes > 0);
        let plain = matches!(step.kind, StepKind::Counted | StepKind::Weekend);
        let made_up = step.label.starts_with("Bù");
        let reason = (!plain || made_up || step.basis.is_some()).then(|| match &step.basis {
            Some(basis) => format!("{} ({basis})", step.label),
            None => step.label.clone(),
        });
        Some(CountedDay { day: Day(step.date), kind, minutes, reason })
    });
    let working_time = deadline.takes.is_working_time();
    let stop = |stop: &crate::dossier::DossierStop| -> Result<Stop> {
        let to = stop.to.unwrap_or(source.now);
        let late = stop.from > deadline.due;
        let effect = if late {
            None
        } else if working_time {
            let minutes = source.opened.calendar.working_minutes(stop.from, to).map_err(due::told)?;
            whole(minutes).map(StopEffect::Working)
        } else {
            whole((to.0 - stop.from.0) / 60_000_000).map(StopEffect::Calendar)
        };
        Ok(Stop { from: stop.from, to: stop.to, reason: stop.reason.clone(), effect })
    };
    Ok(DueTimeExplained {
        rule: format!("{} kể từ thời điểm tiếp nhận hồ sơ hợp lệ", limit.takes.sentence()),
        legal_basis: Some(limit.printed.clone()),
        starts_at: deadline.counts_from,
        days: days.collect(),
        stops: source.stops.iter().map(stop).collect::<Result<_>>()?,
        due_at: deadline.due,
        promised_at: source.differs.map(|_| d.due_at),
    })
}

fn day_kind(kind: StepKind, first: bool) -> Option<DayKind> {
    match kind {
        StepKind::Counted | StepKind::LocalWorkingDay | StepKind::CalendarDay if first => Some(DayKind::Start),
        StepKind::Counted | StepKind::LocalWorkingDay | StepKind::CalendarCount | StepKind::CalendarDay => {
            Some(DayKind::Counted)
        }
        StepKind::SwappedWorkingDay => Some(DayKind::SwappedToWork),
        StepKind::Weekend => Some(DayKind::WeeklyOff),
        StepKind::Holiday | StepKind::LocalDayOff => Some(DayKind::Holiday),
        StepKind::SwappedDayOff => Some(DayKind::SwappedOff),
        StepKind::Received | StepKind::Stop | StepKind::LateStop | StepKind::Due => None,
    }
}
