//! The time left, in words and as a bar, and the explanation of a due time.

use crate::dossier::Dossier;
use calendar::{Deadline, Share, StepKind, WorkingCalendar};
use types::Timestamp;
use ui::format;
use ui::prelude::*;

/// From this percentage on the time is short (the first warning).
const SOON_PERCENT: i64 = 70;
/// Working minutes of one day, for words.
const DAY_MINUTES: i64 = 8 * 60;

/// The time left of an open dossier in working time.
pub fn left(dossier: &Dossier, deadline: &Deadline, calendar: &WorkingCalendar, now: Timestamp) -> TimeLeft {
    let due = format!("hạn {}", format::moment(dossier.due_at));
    if let Some(over) = over(dossier) {
        return over.due(due);
    }
    let share = deadline.share_used(calendar, now).unwrap_or(Share { used: 0, total: 1 });
    if dossier.status.is_stop() {
        return TimeLeft::new(Term::Stopped, "Tạm dừng", percent(share))
            .due(format!("{due}, đang chờ công dân, không tính thời gian"));
    }
    // A year without a calendar is told where the deadline is explained; the clock still says early or late.
    let minutes = deadline.left(calendar, now).unwrap_or_else(|_| (dossier.due_at.0 - now.0) / 60_000_000);
    let words = format::working_time(minutes, DAY_MINUTES);
    let (term, text) = match minutes {
        ..0 => (Term::Late, format!("Trễ {words}")),
        _ if share.percent() >= SOON_PERCENT => (Term::Soon, format!("Còn {words}")),
        _ => (Term::InTime, format!("Còn {words}")),
    };
    TimeLeft::new(term, text, percent(share)).due(due)
}

/// The same without a calendar for one of its years: by the clock, with the due time that was promised.
pub fn left_by_clock(dossier: &Dossier, now: Timestamp) -> TimeLeft {
    in_list(dossier, now).due(format!("hạn {}", format::moment(dossier.due_at)))
}

/// The same for lists, by the clock alone: a calendar for each row would cost a statement a row.
pub fn in_list(dossier: &Dossier, now: Timestamp) -> TimeLeft {
    if let Some(over) = over(dossier) {
        return over;
    }
    if dossier.status.is_stop() {
        return TimeLeft::new(Term::Stopped, "Tạm dừng", 0);
    }
    records::by_clock(now, dossier.received_at, dossier.due_at)
}

/// How it ended, if it has.
fn over(dossier: &Dossier) -> Option<TimeLeft> {
    let outcome = dossier.outcome.as_deref()?;
    let (term, text) = match outcome {
        "early" => (Term::Done, "Xong trước hạn"),
        "on_time" => (Term::Done, "Xong đúng hạn"),
        "late" => (Term::Late, "Xong trễ hạn"),
        "withdrawn" => (Term::Stopped, "Công dân rút"),
        "refused" => (Term::Stopped, "Không tiếp nhận"),
        _ => (Term::Stopped, "Dừng giải quyết"),
    };
    Some(TimeLeft::new(term, text, 100))
}

fn percent(share: Share) -> u8 {
    u8::try_from(share.percent().clamp(0, 100)).unwrap_or(100)
}

/// Every line of a due time's explanation.
pub fn explained(deadline: &Deadline) -> Html {
    let icon = |kind| match kind {
        StepKind::Received => Icon::Stamp,
        StepKind::Counted
        | StepKind::SwappedWorkingDay
        | StepKind::LocalWorkingDay
        | StepKind::CalendarCount
        | StepKind::CalendarDay => Icon::Check,
        StepKind::Stop | StepKind::LateStop => Icon::Pause,
        StepKind::Due => Icon::Clock,
        StepKind::Weekend | StepKind::Holiday | StepKind::SwappedDayOff | StepKind::LocalDayOff => Icon::Calendar,
    };
    let list = deadline
        .steps
        .iter()
        .fold(CheckList::new(), |list, step| list.item_with(icon(step.kind), Html::text(&step.sentence), ""));
    let list = Html::from(list);
    if deadline.is_verified() {
        return list;
    }
    list.and(NotVerified::because("Một ngày nghỉ hoặc ngày làm bù ở trên chưa kiểm chứng được văn bản quy định."))
}
