//! The explanation: receipt, each day up to the due time, each stop, in the order in which a person would count.

mod calendar_days;
mod reason;

use jiff::civil::Date;

use super::count::{Count, Move};
use super::{StepExplained, StepKind, Told};
use crate::error::CalendarError;
use crate::moment::Minute;
use crate::takes::Takes;
use crate::words;
use crate::working::{DayKind, DayPlan, WorkingCalendar};
use reason::Reason;

pub fn explain(
    calendar: &WorkingCalendar,
    received: Minute,
    takes: Takes,
    count: &Count,
    told: Told,
) -> Result<Vec<StepExplained>, CalendarError> {
    let mut steps = Steps { calendar, list: Vec::new() };
    steps.received(received, count.start);
    if takes.is_working_time() {
        steps.working_time(received, takes, count)?;
    } else {
        steps.rest_days(received.day(), count.start.day())?;
        match told {
            Told::InOneSentence => steps.in_one_sentence(takes, count)?,
            Told::DayByDay => steps.every_calendar_day(takes, count)?,
        }
    }
    steps.due(count.due);
    Ok(steps.list)
}

/// Which working day a counted day is.
struct Numbering {
    start: Date,
    days: Option<Vec<Date>>,
    total: usize,
    /// 1 when the count begins as a day opens, so that the day itself is the first.
    first: usize,
}

impl Numbering {
    fn of(calendar: &WorkingCalendar, takes: Takes, count: &Count) -> Result<Self, CalendarError> {
        let Takes::WorkingDays(total) = takes else {
            return Ok(Self { start: count.start.date(), days: None, total: 0, first: 0 });
        };
        let last = calendar.working_day(count.start.day(), total.into())?;
        let first = usize::from(count.due_without_stops.day() < last.number());
        let mut days = Vec::new();
        for day in count.start.day()..=last.number() {
            let plan = calendar.working_day_from(day)?;
            if plan.number() == day {
                days.push(plan.date());
            }
        }
        let total = usize::try_from(total).unwrap_or(usize::MAX);
        Ok(Self { start: count.start.date(), days: Some(days), total, first })
    }

    fn label(&self, date: Date) -> String {
        let Some(days) = &self.days else { return "Tính giờ làm việc".to_string() };
        match days.iter().position(|day| *day == date).map(|position| position + self.first) {
            Some(0) | None if date == self.start => "Ngày bắt đầu tính".to_string(),
            Some(number) => format!("Ngày làm việc {number}/{}", self.total),
            None => "Tính giờ làm việc".to_string(),
        }
    }
}

/// The end of a sentence, or of a part of one, that rests on a law.
fn by_law(basis: Option<(&str, bool)>) -> String {
    match basis {
        Some((basis, true)) => format!(", theo {basis}"),
        Some((basis, false)) => format!(", theo {basis} (chưa kiểm chứng được văn bản)"),
        None => String::new(),
    }
}

struct Steps<'a> {
    calendar: &'a WorkingCalendar,
    list: Vec<StepExplained>,
}

impl Steps<'_> {
    fn push(&mut self, date: Date, kind: StepKind, minutes: i64, label: &str, sentence: &str) {
        let (label, sentence) = (label.to_string(), words::sentence(sentence));
        self.list.push(StepExplained { date, kind, minutes, label, sentence, basis: None, verified: true });
    }

    /// Gives the last step its legal basis, where there is one.
    fn on_the_basis_of(&mut self, basis: Option<(&str, bool)>) {
        if let (Some(step), Some(_)) = (self.list.last_mut(), basis) {
            step.sentence = format!("{}{}.", step.sentence.trim_end_matches('.'), by_law(basis));
        }
        self.rests_on(basis);
    }

    /// The same, where its sentence says it already.
    fn rests_on(&mut self, basis: Option<(&str, bool)>) {
        if let (Some(step), Some((basis, verified))) = (self.list.last_mut(), basis) {
            step.basis = Some(basis.to_string());
            step.verified = verified;
        }
    }

    fn received(&mut self, received: Minute, start: Minute) {
        let sentence = if received == start {
            format!("tiếp nhận lúc {}, tính từ thời điểm này.", words::moment(received))
        } else {
            let (received, start) = (words::moment(received), words::moment(start));
            format!("tiếp nhận lúc {received}, ngoài giờ làm việc, nên tính từ {start}.")
        };
        self.push(received.date(), StepKind::Received, 0, "Tiếp nhận", &sentence);
    }

    fn working_time(&mut self, received: Minute, takes: Takes, count: &Count) -> Result<(), CalendarError> {
        let numbering = Numbering::of(self.calendar, takes, count)?;
        self.walk(received, count.due_without_stops, |date| numbering.label(date))?;
        let mut due = count.due_without_stops;
        for moved in &count.moves {
            self.stop(takes, moved, due);
            if !moved.late {
                self.walk(due, moved.due, |_| "Bù thời gian tạm dừng".to_string())?;
            }
            due = moved.due;
        }
        Ok(())
    }

    fn in_one_sentence(&mut self, takes: Takes, count: &Count) -> Result<(), CalendarError> {
        self.calendar_count(takes, count);
        self.rest_days(count.end.day(), count.due_without_stops.day())?;
        let mut due = count.due_without_stops;
        for moved in &count.moves {
            self.stop(takes, moved, due);
            if !moved.late {
                self.rest_days(moved.end.day(), moved.due.day())?;
            }
            due = moved.due;
        }
        Ok(())
    }

    /// Every day from one moment to another: the worked ones with their minutes, the others with their reason.
    fn walk(&mut self, from: Minute, to: Minute, label: impl Fn(Date) -> String) -> Result<(), CalendarError> {
        for day in from.day()..=to.day() {
            let (opens, closes) = (from.max(Minute::on(day, 0)), to.min(Minute::on(day + 1, 0)));
            let plan = self.calendar.day(opens.date())?.clone();
            if !plan.is_working() {
                self.rest_day(&plan);
                continue;
            }
            let minutes = plan.minutes_within(opens.0 - day_start(day), closes.0 - day_start(day));
            if minutes > 0 {
                self.worked_day(&plan, minutes, &label(plan.date()));
            }
        }
        Ok(())
    }

    /// The days off from `from` on, before the day `to`.
    fn rest_days(&mut self, from: i64, to: i64) -> Result<(), CalendarError> {
        for day in from..to {
            let plan = self.calendar.day(Minute::on(day, 0).date())?.clone();
            if !plan.is_working() {
                self.rest_day(&plan);
            }
        }
        Ok(())
    }

    fn worked_day(&mut self, plan: &DayPlan, minutes: i64, label: &str) {
        let (date, length) = (plan.date(), words::length(minutes));
        let day = words::day(date);
        let Some(reason) = Reason::worked(plan) else {
            return self.push(date, StepKind::Counted, minutes, label, &format!("{day}: tính {length}."));
        };
        let label = match reason.kind {
            StepKind::SwappedWorkingDay => format!("{label} (làm bù)"),
            _ => label.to_string(),
        };
        self.push(date, reason.kind, minutes, &label, &format!("{day}: {}, tính {length}.", reason.words));
        self.on_the_basis_of(reason.basis);
    }

    fn rest_day(&mut self, plan: &DayPlan) {
        let reason = Reason::off(plan);
        let label = match plan.kind() {
            DayKind::Off(_) => words::sentence(&reason.words),
            DayKind::Local(local) => local.reason.clone(),
            _ => "Nghỉ hằng tuần".to_string(),
        };
        let sentence = format!("{}: {}, không tính.", words::day(plan.date()), reason.words);
        self.push(plan.date(), reason.kind, 0, &label, &sentence);
        self.on_the_basis_of(reason.basis);
    }

    fn calendar_count(&mut self, takes: Takes, count: &Count) {
        let (start, end, takes) = (words::day(count.start.date()), words::day(count.end.date()), takes.vietnamese());
        let sentence = format!("{takes} kể từ {start}, tính cả ngày nghỉ, là hết {end}.");
        self.push(count.end.date(), StepKind::CalendarCount, 0, &format!("Tính {takes}"), &sentence);
    }

    fn stop(&mut self, takes: Takes, moved: &Move, due: Minute) {
        let date = moved.stop.from.date();
        let (from, to) = (words::moment(moved.stop.from), words::moment(moved.stop.to));
        if moved.late {
            let sentence = format!("tạm dừng từ {from} đến {to}: bắt đầu sau khi đã quá hạn nên không dời hạn.");
            self.push(date, StepKind::LateStop, 0, "Tạm dừng sau hạn", &sentence);
            return;
        }
        let length = match takes.is_working_time() {
            true => format!("{} làm việc", words::length(moved.minutes)),
            false => format!("{} theo lịch", words::length(moved.minutes)),
        };
        let effect = if moved.due == due {
            "hạn không đổi".to_string()
        } else {
            format!("hạn dời từ {} đến {}", words::moment(due), words::moment(moved.due))
        };
        let sentence = format!("tạm dừng từ {from} đến {to}: {length}; {effect}.");
        self.push(date, StepKind::Stop, moved.minutes, "Tạm dừng", &sentence);
    }

    fn due(&mut self, due: Minute) {
        self.push(due.date(), StepKind::Due, 0, "Hạn", &format!("hạn là {}.", words::moment(due)));
    }
}

fn day_start(day: i64) -> i64 {
    Minute::on(day, 0).0
}
