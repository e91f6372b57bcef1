//! Form II.06 of Circular 01/2020/TT-VPCP: how procedures were handled in a period, by field, procedure or unit.
//!
//! Everything is a sum of counts ([`crate::counting`]); no dossier is looked at. Each number knows the list behind it
//! ([`Column::kinds`]). What is open is counted on its own, so that a row that did not balance would show.

mod column;
mod period;
mod report;

pub use column::Column;
pub use period::{PRESETS, Period};
pub(crate) use report::Asker;
pub use report::{By, Key, Question, Report, Row, Scope};

use crate::counting::{CLOSED, EARLY, LATE, ON_TIME, OPEN, OVERDUE, RECEIVED_DIRECT, RECEIVED_ONLINE};
use std::collections::BTreeMap;
use std::ops::AddAssign;
use store::{Reader, deltas};
use types::{Id, Result};

/// The numbers of one row that are counted; the others are their sums.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Received in the period, online.
    pub online: i64,
    /// Received in the period at the counter or by post.
    pub direct: i64,
    /// Open when the period began.
    pub carried: i64,
    pub early: i64,
    pub on_time: i64,
    pub late: i64,
    /// Refused, withdrawn or stopped in the period.
    pub closed: i64,
    /// Open when the period ended.
    pub open: i64,
    /// Of these, overdue then.
    pub overdue: i64,
}

impl Counts {
    /// Whether what came in is where it must be: resolved, in progress, or closed without a result.
    pub fn balances(&self) -> bool {
        let came = self.online + self.direct + self.carried;
        let went = self.early + self.on_time + self.late + self.closed + self.open;
        came == went && (0..=self.open).contains(&self.overdue)
    }

    /// Whether there is nothing to tell.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.online += other.online;
        self.direct += other.direct;
        self.carried += other.carried;
        self.early += other.early;
        self.on_time += other.on_time;
        self.late += other.late;
        self.closed += other.closed;
        self.open += other.open;
        self.overdue += other.overdue;
    }
}

/// By unit and version of the procedure, whatever is not nothing.
pub fn read(reader: &mut Reader<'_>, units: &[Id], period: Period) -> Result<BTreeMap<(Id, Id), Counts>> {
    let mut counts = BTreeMap::<(Id, Id), Counts>::new();
    let flows = [RECEIVED_ONLINE, RECEIVED_DIRECT, EARLY, ON_TIME, LATE, CLOSED];
    for sum in deltas::sums(reader, units, &flows, (Some(period.first), period.last))? {
        let of = counts.entry((sum.unit, sum.subject)).or_default();
        match sum.measure.as_str() {
            RECEIVED_ONLINE => of.online = sum.amount,
            RECEIVED_DIRECT => of.direct = sum.amount,
            EARLY => of.early = sum.amount,
            ON_TIME => of.on_time = sum.amount,
            LATE => of.late = sum.amount,
            _ => of.closed = sum.amount,
        }
    }
    for sum in deltas::sums(reader, units, &[OPEN], (None, period.day_before()))? {
        counts.entry((sum.unit, sum.subject)).or_default().carried = sum.amount;
    }
    for sum in deltas::sums(reader, units, &[OPEN, OVERDUE], (None, period.last))? {
        let of = counts.entry((sum.unit, sum.subject)).or_default();
        *(if sum.measure == OPEN { &mut of.open } else { &mut of.overdue }) = sum.amount;
    }
    Ok(counts)
}
