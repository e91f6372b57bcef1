//! The time left as lists show it.

use crate::task::Pace;
use calendar::WorkingCalendar;
use types::Timestamp;
use ui::{Term, TimeLeft};

/// From this percentage on the time is short.
const SOON_PERCENT: i64 = 70;
/// Working minutes of one day, for words.
const DAY_MINUTES: i64 = 8 * 60;

/// The time left between two moments, by the clock; a record's own page shows it in working time.
pub fn by_clock(now: Timestamp, opened: Timestamp, due: Timestamp) -> TimeLeft {
    const HOUR: i64 = 3_600_000_000;
    let words = |us: i64| match us {
        n if n >= 24 * HOUR => format!("{} ngày", n / (24 * HOUR)),
        n if n >= HOUR => format!("{} giờ", n / HOUR),
        n => format!("{} phút", (n / 60_000_000).max(1)),
    };
    drawn((due.0 - now.0, due.0 - opened.0), due, words)
}

/// The time left of a task in the working time of its unit, and what stands there while its time does not run.
/// A year without a calendar is counted by the clock.
pub fn in_working_time(
    calendar: Option<&WorkingCalendar>,
    now: Timestamp,
    (pace, opened, due): (Pace, Timestamp, Timestamp),
) -> TimeLeft {
    match pace {
        Pace::Paused => TimeLeft::new(Term::Stopped, "Tạm dừng", 0).due("chờ công dân"),
        Pace::PickUp => TimeLeft::new(Term::Done, "Chờ công dân đến nhận", 100),
        Pace::Running => {
            let minutes = |from| calendar.and_then(|calendar| calendar.working_minutes(from, due).ok());
            match (minutes(now), minutes(opened)) {
                (Some(left), Some(whole)) => {
                    drawn((left, whole), due, |minutes| ui::format::working_time(minutes, DAY_MINUTES))
                }
                _ => by_clock(now, opened, due),
            }
        }
    }
}

fn drawn((left, whole): (i64, i64), due: Timestamp, words: impl Fn(i64) -> String) -> TimeLeft {
    let whole = whole.max(1);
    let used = ((whole - left) * 100 / whole).clamp(0, 100);
    let (term, text) = match left {
        ..0 => (Term::Late, format!("Trễ {}", words(-left))),
        _ if used >= SOON_PERCENT => (Term::Soon, format!("Còn {}", words(left))),
        _ => (Term::InTime, format!("Còn {}", words(left))),
    };
    TimeLeft::new(term, text, u8::try_from(used).unwrap_or(100)).due(format!("hạn {}", ui::format::moment(due)))
}
