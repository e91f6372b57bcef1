//! Folding: what was counted on days that are over is added to the sums of its day, month and year.

use super::span::Grain;
use crate::in_list;
use crate::params;
use crate::reader::Reader;
use crate::tx::Tx;
use std::collections::BTreeMap;
use types::{Day, Error, Id, Result};

/// Counts of one round: three sums for each at most, so that nobody waits long behind it.
pub const ROUND: usize = 256;

/// A row of the sums: unit, measure, grain, first day, subject.
type Key = (Id, String, i64, Day, Id);

/// Folds up to [`ROUND`] counts of days before `today`; answers how many, so that less than a round means there are no more.
///
/// Two rounds over the same counts cannot both stand: the second finds them folded and is taken back.
pub fn fold_round(tx: &mut Tx<'_>, today: Day) -> Result<usize> {
    type Row = (Id, Id, String, Id, Day, i64);
    let limit = i64::try_from(ROUND).unwrap_or(i64::MAX);
    let rows: Vec<Row> = tx.all(
        "SELECT id, unit_id, measure, subject_id, day, amount FROM delta WHERE folded_at IS NULL AND day < $1 LIMIT $2",
        params![today, limit],
    )?;
    if rows.is_empty() {
        return Ok(0);
    }
    tx.not_audited("sums of what was counted; no figure changes");
    let mut sums = BTreeMap::<Key, i64>::new();
    for (_, unit, measure, subject, day, amount) in &rows {
        for grain in Grain::ALL {
            let key = (*unit, measure.clone(), grain.number(), grain.first_day(*day), *subject);
            *sums.entry(key).or_default() += amount;
        }
    }
    let ids: Vec<Id> = rows.iter().map(|(id, ..)| *id).collect();
    let mut values = params![tx.at()].to_vec();
    let list = in_list(2, &ids, &mut values);
    let marked = tx.exec_counted(
        &format!("UPDATE delta SET folded_at = $1 WHERE folded_at IS NULL AND id IN ({list})"),
        &values,
    )?;
    if marked != ids.len() as u64 {
        return Err(Error::internal("counts were folded by two nodes at once; one of them is taken back"));
    }
    for ((unit, measure, grain, day, subject), amount) in sums.iter().filter(|(_, amount)| **amount != 0) {
        tx.exec(
            "INSERT INTO fold (unit_id, measure, grain, day, subject_id, amount) VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (unit_id, measure, grain, day, subject_id) DO UPDATE SET amount = fold.amount + excluded.amount",
            params![*unit, measure, *grain, *day, *subject, *amount],
        )?;
        // What came and went is not read by every report for ever.
        tx.exec(
            "DELETE FROM fold WHERE unit_id = $1 AND measure = $2 AND grain = $3 AND day = $4 AND subject_id = $5
             AND amount = 0",
            params![*unit, measure, *grain, *day, *subject],
        )?;
    }
    Ok(ids.len())
}

/// A sum that is not what the folded counts come to: unit, measure, first day, what stands there, what it should be.
pub type WrongFold = (Id, String, Day, i64, i64);

/// All of them.
pub fn wrong_folds(reader: &mut Reader<'_>) -> Result<Vec<WrongFold>> {
    let mut wanted = BTreeMap::<Key, i64>::new();
    reader.each(
        "SELECT unit_id, measure, subject_id, day, CAST(sum(amount) AS BIGINT) FROM delta WHERE folded_at IS NOT NULL
         GROUP BY unit_id, measure, subject_id, day",
        params![],
        |(unit, measure, subject, day, amount): (Id, String, Id, Day, i64)| {
            for grain in Grain::ALL {
                let key = (unit, measure.clone(), grain.number(), grain.first_day(day), subject);
                *wanted.entry(key).or_default() += amount;
            }
            Ok(())
        },
    )?;
    let mut stands = BTreeMap::<Key, i64>::new();
    reader.each(
        "SELECT unit_id, measure, grain, day, subject_id, amount FROM fold",
        params![],
        |(unit, measure, grain, day, subject, amount): (Id, String, i64, Day, Id, i64)| {
            stands.insert((unit, measure, grain, day, subject), amount);
            Ok(())
        },
    )?;
    let mut keys: Vec<&Key> = wanted.keys().chain(stands.keys()).collect();
    keys.sort_unstable();
    keys.dedup();
    let amount = |sums: &BTreeMap<Key, i64>, key: &Key| sums.get(key).copied().unwrap_or(0);
    let wrong = keys.into_iter().filter(|key| amount(&wanted, key) != amount(&stands, key));
    Ok(wrong.map(|key| (key.0, key.1.clone(), key.3, amount(&stands, key), amount(&wanted, key))).collect())
}
