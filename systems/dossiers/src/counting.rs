//! Counting: what each verb adds to the deltas, and the same figures computed again from the dossiers themselves.
//!
//! "Overdue" changes by the clock alone, so it is dated ahead: +1 on the day after the due time. It is taken back when
//! the dossier ends or its clock stops: on that same day when it has not come yet, otherwise on the day of the end.

use crate::dossier::{Dossier, overdue_day};
use store::{Reader, Tx, params};
use types::{Day, Id, Result, Timestamp};
use web::Indicator;

pub const RECEIVED: &str = "dossiers.received";
pub const EARLY: &str = "dossiers.early";
pub const ON_TIME: &str = "dossiers.on-time";
pub const LATE: &str = "dossiers.late";
pub const CLOSED: &str = "dossiers.closed-without-result";
pub const DELIVERED: &str = "dossiers.delivered";
pub const OVERDUE: &str = "dossiers.overdue";

/// The figures of this system, each with its recomputation.
pub static INDICATORS: &[Indicator] = &[
    Indicator { measure: RECEIVED, title: "Hồ sơ tiếp nhận", recompute: recompute_received },
    Indicator {
        measure: EARLY, title: "Giải quyết trước hạn", recompute: |r| recompute_outcome(r, &["early"])
    },
    Indicator {
        measure: ON_TIME, title: "Giải quyết đúng hạn", recompute: |r| recompute_outcome(r, &["on_time"])
    },
    Indicator { measure: LATE, title: "Giải quyết quá hạn", recompute: |r| recompute_outcome(r, &["late"]) },
    Indicator {
        measure: CLOSED,
        title: "Từ chối, rút, dừng",
        recompute: |r| recompute_outcome(r, &["refused", "withdrawn", "stopped"]),
    },
    Indicator { measure: DELIVERED, title: "Đã trả kết quả", recompute: recompute_delivered },
    Indicator { measure: OVERDUE, title: "Đang quá hạn", recompute: recompute_overdue },
];

pub(crate) fn received(tx: &mut Tx<'_>, id: Id, unit: Id, due_at: Timestamp) -> Result<()> {
    let today = tx.at().day();
    tx.count(RECEIVED, unit, today, id, 1)?;
    tx.count(OVERDUE, unit, overdue_day(due_at), id, 1)
}

pub(crate) fn ended(tx: &mut Tx<'_>, dossier: &Dossier, outcome: &str) -> Result<()> {
    let today = tx.at().day();
    let measure = match outcome {
        "early" => EARLY,
        "on_time" => ON_TIME,
        "late" => LATE,
        _ => CLOSED,
    };
    tx.count(measure, dossier.unit, today, dossier.id, 1)?;
    // While the clock stood still, the overdue count had been taken back already.
    if dossier.status.is_stop() { Ok(()) } else { take_overdue_back(tx, dossier) }
}

pub(crate) fn clock_stopped(tx: &mut Tx<'_>, dossier: &Dossier) -> Result<()> {
    take_overdue_back(tx, dossier)
}

pub(crate) fn clock_runs_again(tx: &mut Tx<'_>, dossier: &Dossier) -> Result<()> {
    let day = overdue_day(dossier.due_at).max(tx.at().day());
    tx.count(OVERDUE, dossier.unit, day, dossier.id, 1)
}

pub(crate) fn delivered(tx: &mut Tx<'_>, dossier: &Dossier) -> Result<()> {
    let today = tx.at().day();
    tx.count(DELIVERED, dossier.unit, today, dossier.id, 1)
}

fn take_overdue_back(tx: &mut Tx<'_>, dossier: &Dossier) -> Result<()> {
    let day = overdue_day(dossier.due_at).max(tx.at().day());
    tx.count(OVERDUE, dossier.unit, day, dossier.id, -1)
}

type Figures = Vec<(Id, Day, i64)>;

fn recompute_received(reader: &mut Reader<'_>) -> Result<Figures> {
    reader.all("SELECT unit_id, received_day, count(*) FROM dossier GROUP BY unit_id, received_day", params![])
}

fn recompute_outcome(reader: &mut Reader<'_>, outcomes: &[&str]) -> Result<Figures> {
    let list: Vec<String> = outcomes.iter().map(|o| format!("'{o}'")).collect();
    let sql = format!(
        "SELECT unit_id, ended_day, count(*) FROM dossier WHERE outcome IN ({}) GROUP BY unit_id, ended_day",
        list.join(", ")
    );
    reader.all(&sql, params![])
}

fn recompute_delivered(reader: &mut Reader<'_>) -> Result<Figures> {
    let mut days = std::collections::BTreeMap::<(Id, Day), i64>::new();
    reader.each(
        "SELECT unit_id, delivered_at FROM dossier WHERE delivered_at IS NOT NULL",
        params![],
        |(unit, at): (Id, Timestamp)| {
            *days.entry((unit, at.day())).or_default() += 1;
            Ok(())
        },
    )?;
    Ok(days.into_iter().map(|((unit, day), n)| (unit, day, n)).collect())
}

/// Today's open and late dossiers by the dossiers themselves. The day is the one on which each became overdue;
/// the sums over all days are what the deltas must come to.
fn recompute_overdue(reader: &mut Reader<'_>) -> Result<Figures> {
    let mut days = std::collections::BTreeMap::<(Id, Day), i64>::new();
    reader.each(
        "SELECT unit_id, due_at FROM dossier WHERE ended_at IS NULL AND status NOT IN (5, 6)",
        params![],
        |(unit, due): (Id, Timestamp)| {
            *days.entry((unit, overdue_day(due))).or_default() += 1;
            Ok(())
        },
    )?;
    Ok(days.into_iter().map(|((unit, day), n)| (unit, day, n)).collect())
}
