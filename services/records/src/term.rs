//! The time left as lists show it.

use types::Timestamp;
use ui::{Term, TimeLeft};

/// The time left between two moments, by the clock; a record's own page shows it in working time.
pub fn by_clock(now: Timestamp, opened: Timestamp, due: Timestamp) -> TimeLeft {
    const HOUR: i64 = 3_600_000_000;
    let due_words = format!("hạn {}", ui::format::moment(due));
    let words = |us: i64| match us {
        n if n >= 24 * HOUR => format!("{} ngày", n / (24 * HOUR)),
        n if n >= HOUR => format!("{} giờ", n / HOUR),
        n => format!("{} phút", (n / 60_000_000).max(1)),
    };
    let left = due.0 - now.0;
    let whole = (due.0 - opened.0).max(1);
    let used = u8::try_from(((now.0 - opened.0) * 100 / whole).clamp(0, 100)).unwrap_or(100);
    let (term, text) = match left {
        n if n < 0 => (Term::Late, format!("Trễ {}", words(-n))),
        n if used >= 70 => (Term::Soon, format!("Còn {}", words(n))),
        n => (Term::InTime, format!("Còn {}", words(n))),
    };
    TimeLeft::new(term, text, used).due(due_words)
}
