//! How far long work is, told on standard error: a line that is written over on a terminal, a line now and then elsewhere.
//! Standard output is left to results.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::cell::RefCell;
use std::io::Write;
use std::time::{Duration, Instant};

/// Where no line can be written over, work that stays the same is told again after this.
const PAUSE: Duration = Duration::from_secs(5);

/// Who is told what is being done and how far it is.
pub type Tell<'a> = &'a mut dyn FnMut(&str, Far<'_>);

/// How far something is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Far<'a> {
    /// Which piece it is at, counted from 1, and of how many; none where nobody knows how many there will be.
    pub piece: Option<(u64, u64)>,
    /// What more can be said, e.g. rows so far.
    pub note: &'a str,
}

impl<'a> Far<'a> {
    /// At this piece of so many.
    pub fn of(piece: u64, all: u64) -> Self {
        Self { piece: Some((piece, all)), note: "" }
    }

    /// The same with a note.
    pub fn with(self, note: &'a str) -> Self {
        Self { note, ..self }
    }
}

/// The telling of one command, from [`Progress::start`] to [`Progress::end`].
pub struct Progress {
    bar: ProgressBar,
    /// Whether there is a terminal whose line can be written over.
    is_watched: bool,
    lines: RefCell<Lines>,
}

impl Progress {
    /// Nothing is told yet.
    pub fn start() -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(5));
        if let Ok(style) = ProgressStyle::with_template("{elapsed:>4}  {wide_msg}") {
            bar.set_style(style);
        }
        let is_watched = !bar.is_hidden();
        if is_watched {
            // The time goes on while a piece takes long.
            bar.enable_steady_tick(Duration::from_secs(1));
        }
        Self { bar, is_watched, lines: RefCell::default() }
    }

    /// Tells what is being done and how far it is.
    pub fn tell(&self, what: &str, far: Far<'_>) {
        if self.is_watched {
            self.bar.set_message(line(what, far));
        } else if self.lines.borrow_mut().is_due(what, far, Instant::now()) {
            // Whoever read it may have gone away; the work goes on.
            let _ = writeln!(std::io::stderr(), "{}", line(what, far));
        }
    }

    /// Writes a result in the midst of the work: both may go to the same terminal.
    pub fn beside(&self, write: impl FnOnce()) {
        self.bar.suspend(write);
    }

    /// The work is done; its result comes now.
    pub fn end(self) {
        self.bar.finish_and_clear();
    }
}

/// `[3/12] what, note`, or `what, note…` where nobody knows how many there will be.
fn line(what: &str, far: Far<'_>) -> String {
    let comma = if far.note.is_empty() { "" } else { ", " };
    match far.piece {
        Some((piece, all)) => format!("[{piece}/{all}] {what}{comma}{}", far.note),
        None => format!("{what}{comma}{}…", far.note),
    }
}

/// Decides what becomes a line where none can be written over.
#[derive(Default)]
struct Lines {
    last: Option<Line>,
}

struct Line {
    what: String,
    piece: Option<(u64, u64)>,
    at: Instant,
}

impl Lines {
    /// Other work than before, the last piece, and everything after a pause. A mere count is not told one by one.
    fn is_due(&mut self, what: &str, far: Far<'_>, now: Instant) -> bool {
        let is_last = far.piece.is_some_and(|(piece, all)| piece == all);
        let due = self.last.as_ref().is_none_or(|last| {
            last.what != what || (is_last && last.piece != far.piece) || now.duration_since(last.at) >= PAUSE
        });
        if due {
            self.last = Some(Line { what: what.to_owned(), piece: far.piece, at: now });
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Those of these lines that are told; each comes so many seconds after the start.
    fn told(lines: &[(u64, &str, Far<'_>)]) -> Vec<String> {
        let (mut kept, start) = (Lines::default(), Instant::now());
        let due =
            lines.iter().filter(|(second, what, far)| kept.is_due(what, *far, start + Duration::from_secs(*second)));
        due.map(|(_, what, far)| line(what, *far)).collect()
    }

    fn count(seconds: u64) -> Vec<(u64, &'static str, Far<'static>)> {
        (1..=600).map(|n| (n * seconds / 600, "Hồ sơ", Far::of(n, 600))).collect()
    }

    #[test]
    fn new_work_and_the_last_of_a_count_are_always_told() {
        assert_eq!(told(&count(0)), ["[1/600] Hồ sơ", "[600/600] Hồ sơ"]);
        let tables = [
            (0, "Bảng unit", Far::of(1, 2)),
            (0, "Bảng unit", Far::of(1, 2).with("9 dòng")),
            (0, "Bảng task", Far::of(2, 2)),
            (0, "Bảng task", Far::of(2, 2).with("7 dòng")),
            (0, "Tệp nội dung", Far::of(1, 1)),
        ];
        assert_eq!(told(&tables), ["[1/2] Bảng unit", "[2/2] Bảng task", "[1/1] Tệp nội dung"]);
    }

    #[test]
    fn what_takes_long_is_told_again() {
        let told_so = told(&count(60));
        assert_eq!(told_so.len(), 13, "at the start and each five seconds: {told_so:?}");
        let reading = [
            (0, "Kiểm tra tệp", Far::default()),
            (4, "Kiểm tra tệp", Far::default().with("7 MB")),
            (5, "Kiểm tra tệp", Far::default().with("8 MB")),
        ];
        assert_eq!(told(&reading), ["Kiểm tra tệp…", "Kiểm tra tệp, 8 MB…"]);
    }
}
