//! What was counted: dated +1 and -1, each with its record, and their sums.
//!
//! A count is kept for good, and once its day is over it is added to the sums of its day, month and year ([`fold_round`]).
//! A span of time is read from as few sums as cover it, and from what is not folded yet ([`sums`]). Whether a count stands
//! in the sums is written on the count itself, in the same write: one that comes late is simply not folded yet.

mod fold;
mod span;

pub use fold::{ROUND, fold_round, wrong_folds};

use crate::in_list::{BLOCK, in_list};
use crate::params;
use crate::reader::Reader;
use crate::value::Val;
use std::collections::BTreeMap;
use types::{Day, Id, Result};

/// For whom and with which record something is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    pub record: Id,
    pub unit: Id,
    /// What it is about: an id of the module that counts, [`NO_SUBJECT`] where there is nothing to tell apart.
    pub subject: Id,
}

/// The subject of what is counted by unit and day alone.
pub const NO_SUBJECT: Id = Id(0);

/// Where an amount was counted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sum {
    pub unit: Id,
    pub subject: Id,
    pub measure: String,
    pub amount: i64,
}

/// The sums of `measures` by unit and subject, from `first` (or ever) to `last`, both counted in; those that are not zero.
///
/// The work grows with the units, subjects and months, not with how much was counted.
pub fn sums(
    reader: &mut Reader<'_>,
    units: &[Id],
    measures: &[&str],
    (first, last): (Option<Day>, Day),
) -> Result<Vec<Sum>> {
    let mut sums = Vec::new();
    for block in units.chunks(BLOCK) {
        let mut values = Vec::new();
        let units = in_list(1, block, &mut values);
        let names: Vec<String> = measures.iter().map(|measure| given(&mut values, *measure)).collect();
        let of = format!("unit_id IN ({units}) AND measure IN ({})", names.join(", "));
        let mut branches: Vec<String> = Vec::new();
        for part in span::parts(first, last) {
            let grain = given(&mut values, part.grain.number());
            let days = between(&mut values, (part.first, part.last));
            branches.push(format!(
                "SELECT unit_id, subject_id, measure, amount FROM fold WHERE {of} AND grain = {grain} AND {days}"
            ));
        }
        let days = between(&mut values, (first, last));
        branches.push(format!(
            "SELECT unit_id, subject_id, measure, amount FROM delta WHERE folded_at IS NULL AND {of} AND {days}"
        ));
        let sql = format!(
            "SELECT unit_id, subject_id, measure, CAST(sum(amount) AS BIGINT) FROM ({}) AS counted
             GROUP BY unit_id, subject_id, measure HAVING sum(amount) <> 0 ORDER BY unit_id, subject_id, measure",
            branches.join(" UNION ALL ")
        );
        let rows: Vec<(Id, Id, String, i64)> = reader.all(&sql, &values)?;
        sums.extend(rows.into_iter().map(|(unit, subject, measure, amount)| Sum { unit, subject, measure, amount }));
    }
    Ok(sums)
}

fn given(values: &mut Vec<Val>, value: impl Into<Val>) -> String {
    values.push(value.into());
    format!("${}", values.len())
}

fn between(values: &mut Vec<Val>, (first, last): (Option<Day>, Day)) -> String {
    let upper = format!("day <= {}", given(values, last));
    match first {
        Some(first) => format!("day >= {} AND {upper}", given(values, first)),
        None => upper,
    }
}

/// Where and when an amount was counted: unit, measure, subject, day.
pub type Place = (Id, String, Id, Day);

/// All sums that are not zero; what `nhaviec check` holds against the recomputation.
pub fn by_day(reader: &mut Reader<'_>) -> Result<BTreeMap<Place, i64>> {
    let mut sums = BTreeMap::new();
    reader.each(
        "SELECT unit_id, measure, subject_id, day, CAST(sum(amount) AS BIGINT) FROM delta
         GROUP BY unit_id, measure, subject_id, day HAVING sum(amount) <> 0",
        params![],
        |(unit, measure, subject, day, amount): (Id, String, Id, Day, i64)| {
            sums.insert((unit, measure, subject, day), amount);
            Ok(())
        },
    )?;
    Ok(sums)
}
