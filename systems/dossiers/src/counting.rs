//! Counting: what each verb adds to the deltas, and the same figures computed again from the dossiers themselves.
//!
//! Every count tells the unit that received the dossier and, as its subject, the version of the procedure that it pins, which
//! says procedure and field for good. The channel is in the measure. So form II.06 ([`crate::figures`]) reads sums alone.
//!
//! "Overdue" changes by the clock alone, so it is dated ahead: +1 on the day after the due time. It is taken back when
//! the dossier ends or its clock stops: on that same day when it has not come yet, otherwise on the day of the end.

use crate::dossier::{Dossier, overdue_day};
use std::collections::{BTreeMap, HashMap};
use store::{Counted, Reader, Tx, params};
use types::{Day, Id, Result, Timestamp};
use web::Indicator;

pub const RECEIVED_ONLINE: &str = "dossiers.received-online";
/// At the counter or by post.
pub const RECEIVED_DIRECT: &str = "dossiers.received-direct";
/// +1 on the day of receipt, -1 on the day of the end: the sum up to a day is what was open when that day ended.
pub const OPEN: &str = "dossiers.open";
pub const EARLY: &str = "dossiers.early";
pub const ON_TIME: &str = "dossiers.on-time";
pub const LATE: &str = "dossiers.late";
pub const CLOSED: &str = "dossiers.closed-without-result";
pub const DELIVERED: &str = "dossiers.delivered";
pub const RESULTS: &str = "dossiers.results";
pub const RESULTS_SIGNED: &str = "dossiers.results-signed";
pub const OVERDUE: &str = "dossiers.overdue";

/// The channel that counts as online; an officer who helps a citizen apply online at the counter uses it too.
pub(crate) const ONLINE: &str = "online";

/// The figures of this system, each with its recomputation.
pub static INDICATORS: &[Indicator] = &[
    Indicator {
        measure: RECEIVED_ONLINE, title: "Tiếp nhận trực tuyến", recompute: |r| recompute_received(r, "=")
    },
    Indicator {
        measure: RECEIVED_DIRECT,
        title: "Tiếp nhận trực tiếp, qua bưu chính",
        recompute: |r| recompute_received(r, "<>"),
    },
    Indicator { measure: OPEN, title: "Đang giải quyết", recompute: recompute_open },
    Indicator {
        measure: EARLY, title: "Giải quyết trước hạn", recompute: |r| recompute_outcome(r, &["early"])
    },
    Indicator {
        measure: ON_TIME, title: "Giải quyết đúng hạn", recompute: |r| recompute_outcome(r, &["on_time"])
    },
    Indicator { measure: LATE, title: "Giải quyết quá hạn", recompute: |r| recompute_outcome(r, &["late"]) },
    Indicator {
        measure: CLOSED, title: "Từ chối, rút, dừng", recompute: |r| recompute_outcome(r, CLOSED_OUTCOMES)
    },
    Indicator { measure: DELIVERED, title: "Đã trả kết quả", recompute: recompute_delivered },
    Indicator { measure: RESULTS, title: "Tệp kết quả", recompute: |r| recompute_results(r, "") },
    Indicator {
        measure: RESULTS_SIGNED,
        title: "Tệp kết quả đã ký số",
        recompute: |r| recompute_results(r, "AND r.signed"),
    },
    Indicator { measure: OVERDUE, title: "Đang quá hạn", recompute: recompute_overdue },
];

/// Ends without a result.
pub(crate) const CLOSED_OUTCOMES: &[&str] = &["refused", "withdrawn", "stopped"];

/// What is counted with a dossier.
pub(crate) fn of(dossier: &Dossier) -> Counted {
    Counted { record: dossier.id, unit: dossier.unit, subject: dossier.procedure }
}

pub(crate) fn received(tx: &mut Tx<'_>, of: &Counted, channel: &str, due_at: Timestamp) -> Result<()> {
    let today = tx.at().day();
    tx.count(if channel == ONLINE { RECEIVED_ONLINE } else { RECEIVED_DIRECT }, of, today, 1)?;
    tx.count(OPEN, of, today, 1)?;
    tx.count(OVERDUE, of, overdue_day(due_at), 1)
}

pub(crate) fn ended(tx: &mut Tx<'_>, dossier: &Dossier, outcome: &str, at: Timestamp) -> Result<()> {
    let today = at.day();
    let measure = match outcome {
        "early" => EARLY,
        "on_time" => ON_TIME,
        "late" => LATE,
        _ => CLOSED,
    };
    tx.count(measure, &of(dossier), today, 1)?;
    tx.count(OPEN, &of(dossier), today, -1)?;
    // While the clock stood still, the overdue count had been taken back already.
    if dossier.status.is_stop() { Ok(()) } else { take_overdue_back(tx, dossier, at) }
}

pub(crate) fn clock_stopped(tx: &mut Tx<'_>, dossier: &Dossier, at: Timestamp) -> Result<()> {
    take_overdue_back(tx, dossier, at)
}

pub(crate) fn clock_runs_again(tx: &mut Tx<'_>, dossier: &Dossier, at: Timestamp) -> Result<()> {
    let day = overdue_day(dossier.due_at).max(at.day());
    tx.count(OVERDUE, &of(dossier), day, 1)
}

pub(crate) fn delivered(tx: &mut Tx<'_>, dossier: &Dossier, at: Timestamp) -> Result<()> {
    tx.count(DELIVERED, &of(dossier), at.day(), 1)
}

/// Results that the party will get, on the day on which the dossier ended.
pub(crate) fn results(tx: &mut Tx<'_>, of: &Counted, day: Day, count: usize) -> Result<()> {
    tx.count(RESULTS, of, day, i64::try_from(count).unwrap_or(0))
}

/// A result was found to be signed, or one that was is not handed out any more.
pub(crate) fn signed(tx: &mut Tx<'_>, of: &Counted, day: Day, count: i64) -> Result<()> {
    tx.count(RESULTS_SIGNED, of, day, count)
}

fn take_overdue_back(tx: &mut Tx<'_>, dossier: &Dossier, at: Timestamp) -> Result<()> {
    let day = overdue_day(dossier.due_at).max(at.day());
    tx.count(OVERDUE, &of(dossier), day, -1)
}

/// Unit, subject, day, amount.
type Figures = Vec<(Id, Id, Day, i64)>;
/// The same while it is added up.
type Days = BTreeMap<(Id, Id, Day), i64>;

fn told(days: Days) -> Figures {
    days.into_iter().map(|((unit, subject, day), n)| (unit, subject, day, n)).collect()
}

fn recompute_received(reader: &mut Reader<'_>, compare: &str) -> Result<Figures> {
    let sql = format!(
        "SELECT unit_id, procedure_id, received_day, count(*) FROM dossier WHERE channel {compare} '{ONLINE}'
         GROUP BY unit_id, procedure_id, received_day"
    );
    reader.all(&sql, params![])
}

fn recompute_open(reader: &mut Reader<'_>) -> Result<Figures> {
    reader.all(
        "SELECT unit_id, procedure_id, received_day, count(*) FROM dossier GROUP BY unit_id, procedure_id, received_day
         UNION ALL SELECT unit_id, procedure_id, ended_day, -count(*) FROM dossier WHERE ended_day IS NOT NULL
            GROUP BY unit_id, procedure_id, ended_day",
        params![],
    )
}

fn recompute_outcome(reader: &mut Reader<'_>, outcomes: &[&str]) -> Result<Figures> {
    let list: Vec<String> = outcomes.iter().map(|o| format!("'{o}'")).collect();
    let sql = format!(
        "SELECT unit_id, procedure_id, ended_day, count(*) FROM dossier WHERE outcome IN ({})
         GROUP BY unit_id, procedure_id, ended_day",
        list.join(", ")
    );
    reader.all(&sql, params![])
}

fn recompute_results(reader: &mut Reader<'_>, and: &str) -> Result<Figures> {
    let sql = format!(
        "SELECT d.unit_id, d.procedure_id, d.ended_day, count(*) FROM dossier_result r JOIN dossier d ON d.id = r.dossier_id
         WHERE r.replaced_at IS NULL AND d.ended_day IS NOT NULL {and} GROUP BY d.unit_id, d.procedure_id, d.ended_day"
    );
    reader.all(&sql, params![])
}

fn recompute_delivered(reader: &mut Reader<'_>) -> Result<Figures> {
    let mut days = Days::new();
    reader.each(
        "SELECT unit_id, procedure_id, delivered_at FROM dossier WHERE delivered_at IS NOT NULL",
        params![],
        |(unit, procedure, at): (Id, Id, Timestamp)| {
            *days.entry((unit, procedure, at.day())).or_default() += 1;
            Ok(())
        },
    )?;
    Ok(told(days))
}

/// What the overdue counts must come to on each day, by the dossiers, their stops, and the due times that the audit
/// tells of: a dossier counts from the day after its due time on, for as long as its clock runs.
fn recompute_overdue(reader: &mut Reader<'_>) -> Result<Figures> {
    let dues = due_times(reader)?;
    let mut stops = HashMap::<Id, Vec<Timestamp>>::new();
    let mut resumed = HashMap::<Id, Vec<Timestamp>>::new();
    reader.each(
        "SELECT dossier_id, from_at, to_at FROM dossier_stop ORDER BY dossier_id, id",
        params![],
        |(id, from, to): (Id, Timestamp, Option<Timestamp>)| {
            stops.entry(id).or_default().push(from);
            resumed.entry(id).or_default().extend(to);
            Ok(())
        },
    )?;
    let mut days = Days::new();
    reader.each(
        "SELECT id, unit_id, procedure_id, due_at, ended_at FROM dossier",
        params![],
        |(id, unit, procedure, due, ended): (Id, Id, Id, Timestamp, Option<Timestamp>)| {
            let of = |map: &HashMap<Id, Vec<Timestamp>>| map.get(&id).cloned().unwrap_or_default();
            let (mut dues, stops, resumed) = (of(&dues), of(&stops), of(&resumed));
            // The last one stands in the dossier itself.
            dues.pop();
            dues.push(due);
            for (n, due) in dues.into_iter().enumerate() {
                let began = n.checked_sub(1).and_then(|before| resumed.get(before)).copied();
                let from = began.map_or(overdue_day(due), |at| overdue_day(due).max(at.day()));
                *days.entry((unit, procedure, from)).or_default() += 1;
                if let Some(end) = stops.get(n).copied().or(ended) {
                    *days.entry((unit, procedure, overdue_day(due).max(end.day()))).or_default() -= 1;
                }
            }
            Ok(())
        },
    )?;
    Ok(told(days))
}

/// The due times that each dossier had while its clock ran, in their order, by the audit.
fn due_times(reader: &mut Reader<'_>) -> Result<HashMap<Id, Vec<Timestamp>>> {
    let mut dues = HashMap::<Id, Vec<Timestamp>>::new();
    reader.each(
        "SELECT entity_id, detail FROM audit WHERE action IN ('dossiers.receive', 'dossiers.resume-clock') ORDER BY id",
        params![],
        |(id, detail): (Id, String)| {
            let detail: serde_json::Value = serde_json::from_str(&detail).unwrap_or_default();
            let due: Option<Timestamp> = detail["due"].as_str().and_then(|due| due.parse().ok());
            dues.entry(id).or_default().extend(due);
            Ok(())
        },
    )?;
    Ok(dues)
}
