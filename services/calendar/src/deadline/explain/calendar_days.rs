//! A count through the calendar told day by day: the day from which it runs, every day counted, and the days off over
//! which its end is moved.

use std::iter::once;

use super::{Reason, Steps, by_law};
use crate::deadline::StepKind;
use crate::deadline::count::{Count, Move};
use crate::error::CalendarError;
use crate::moment::Minute;
use crate::takes::Takes;
use crate::words;
use crate::working::DayKind;

const FIRST_DAY: &str = "ngày bắt đầu, không tính vào thời hạn (khoản 2 Điều 147 Bộ luật Dân sự 91/2015/QH13)";
const NEXT_WORKING_DAY: &str = "ngày làm việc tiếp theo, thời hạn kết thúc khi hết giờ làm việc";
/// Of an end on a weekly day off or a public holiday; a day that the unit alone is closed has no such law.
const MOVED_BY: &str = "(khoản 5 Điều 148 Bộ luật Dân sự 91/2015/QH13)";

impl Steps<'_> {
    /// Every day from the start to the due time, once and in order: those over which the end moves are told last, as a
    /// stop may have moved it on.
    pub(super) fn every_calendar_day(&mut self, takes: Takes, count: &Count) -> Result<(), CalendarError> {
        let resting = resting(count);
        let (first, last) = (count.start.day(), count.end.day());
        self.calendar_day(first, "Ngày bắt đầu tính", FIRST_DAY, true);
        for day in first + 1..=last {
            // "ngày 1/5" alone would be read as the first of May.
            let (number, all) = (day - first, last - first);
            let (label, told) =
                (format!("Ngày thứ {number}/{all}"), format!("tính là ngày thứ {number} trong {all} ngày"));
            self.calendar_day(day, &label, &told, resting.contains(&day));
        }
        self.calendar_count(takes, count);
        let (mut end, mut due) = (count.end, count.due_without_stops);
        for moved in &count.moves {
            self.stop(takes, moved, due);
            self.days_made_up(end.day(), moved, &resting)?;
            (end, due) = (moved.end, moved.due);
        }
        let closing = self.calendar.working_day_from(end.day())?.number();
        self.days_moved_over(end.day() + 1, closing + 1)
    }

    /// The days by which a stop moves the end on; one that begins after the end moves it from its own beginning.
    fn days_made_up(&mut self, end: i64, moved: &Move, resting: &[i64]) -> Result<(), CalendarError> {
        let (stopped, last) = (moved.stop.from.day(), moved.end.day());
        self.days_moved_over(end + 1, stopped.min(last + 1))?;
        for day in stopped.max(end + 1)..=last {
            let told = if day == stopped {
                "tính thời gian bù từ lúc bắt đầu tạm dừng"
            } else {
                "tính để bù thời gian tạm dừng"
            };
            self.calendar_day(day, "Bù thời gian tạm dừng", told, resting.contains(&day));
        }
        Ok(())
    }

    /// The days from `from` on, before the day `to`: days off, and the working day to which they move the end.
    fn days_moved_over(&mut self, from: i64, to: i64) -> Result<(), CalendarError> {
        for day in from..to {
            let plan = self.calendar.day(Minute::on(day, 0).date())?.clone();
            if plan.is_working() {
                let before = self.calendar.day(Minute::on(day - 1, 0).date())?;
                let law = if matches!(before.kind(), DayKind::Local(_)) { "" } else { MOVED_BY };
                let told = format!("{NEXT_WORKING_DAY} {law}");
                self.calendar_day(day, "Ngày làm việc tiếp theo", told.trim_end(), true);
            } else {
                self.rest_day(&plan);
            }
        }
        Ok(())
    }

    /// One day, whether worked or off; `decides` where the due time hangs on which of the two.
    fn calendar_day(&mut self, day: i64, label: &str, told: &str, decides: bool) {
        let (calendar, date) = (self.calendar, Minute::on(day, 0).date());
        // A day between is counted whatever it is, so it may lie in a year without a calendar.
        let plan = calendar.day(date).ok();
        let off = plan.is_some_and(|plan| !plan.is_working());
        let reason = plan.and_then(Reason::of);
        let named = words::day(date);
        let basis = reason.as_ref().and_then(|reason| reason.basis).filter(|_| decides);
        // The law makes the day off, and not what follows from it, so it stands beside the reason.
        let words = reason.as_ref().map(|reason| reason.words.clone() + &by_law(basis));
        let sentence = match words {
            None => format!("{named}: {told}"),
            Some(words) if off => format!("{named}: {words}, vẫn {told}"),
            Some(words) => format!("{named}: {words}, {told}"),
        };
        match &reason {
            Some(reason) if off && decides => {
                let sentence = format!("{sentence} nhưng thời hạn không kết thúc vào ngày nghỉ.");
                self.push(date, reason.kind, 0, &format!("{label} (ngày nghỉ)"), &sentence);
            }
            _ => self.push(date, StepKind::CalendarDay, 0, label, &format!("{sentence}.")),
        }
        self.rests_on(basis);
    }
}

/// The days on which the end stands when no stop that began by then moves it on.
fn resting(count: &Count) -> Vec<i64> {
    let ends = once(count.end).chain(count.moves.iter().map(|moved| moved.end));
    let stops = count.moves.iter().map(|moved| moved.stop.from.day()).chain(once(i64::MAX));
    ends.zip(stops).filter(|(end, stop)| *stop > end.day()).map(|(end, _)| end.day()).collect()
}
