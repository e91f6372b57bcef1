//! Changing keys: a new generation comes in, a job seals everything anew with it, and the old one is retired.
//!
//! The order makes it safe to be cut short anywhere. The key file gets the new generation first: a node that has read it seals
//! with it, and one that has not goes on with the old one, which still is as good. Rows name the oldest generation that they
//! need by a foreign key, so the job finds what is left by an index, whatever was done before, and the old generation's row
//! can only go when nothing refers to it. The old key stays in the file: older backups are sealed with it.

use super::sealed::{self, Round};
use super::{Generation, Keys, file};
use crate::directory::Directory;
use serde_json::json;
use std::path::{Path, PathBuf};
use store::{AuditEntry, Reader, Store, Tx, params};
use types::{Error, Id, Result, Timestamp};
use web::{House, Sealed};

/// Writes of one run of the job, so that it does not keep the other jobs waiting; the next run goes on.
const WRITES: usize = 20;
/// An old generation stays so long at least: every node has heard of the new one then.
const STAY_SECONDS: i64 = 600;
/// Rows that are still to be sealed anew are counted up to so many.
const COUNTED_MAX: i64 = 10_000;

/// A change of keys on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turning {
    pub since: Timestamp,
    /// An older key is to be retired.
    pub turns: bool,
    /// Rows that are sealed with it, and whether there are more.
    pub left: i64,
    pub more: bool,
    /// An older key was declared lost, and so many rows, counted as far as the others, stay closed.
    pub lost: Option<i64>,
}

/// The tables of a running house that have sealed values.
pub fn tables(house: &House) -> Vec<Sealed> {
    house.modules().iter().flat_map(|module| module.sealed).copied().collect()
}

/// Puts a new generation into the key file and tells the database; answers its number. Run again after it was cut short, it
/// finishes what it began.
///
/// # Errors
/// `Conflict` while an earlier change is on its way, or when the key file is not that of the data.
pub fn begin(store: &Store, data: &Path) -> Result<i64> {
    let _lock = file::lock(data)?;
    store.read_blocking(|reader| Keys::prove(reader, data))?;
    // What is sealed with a lost key stays as it is for ever; it keeps no change of keys waiting.
    let known: Vec<Known> = store.read_blocking(generations)?;
    let newest_known = known.iter().map(|known| known.0).max();
    if known.iter().filter(|(.., lost)| lost.is_none()).count() > 1 {
        return Err(Error::conflict(
            "Lần đổi khóa trước chưa xong: máy chủ đang mã hóa lại. Xem tiến độ ở trang Kiểm tra máy, xong rồi hãy đổi tiếp.",
        ));
    }
    let keys = Keys::open(data)?;
    let is_ahead = newest_known.is_some_and(|number| keys.newest() > number);
    if !is_ahead {
        let mut masters = file::read(data)?;
        masters.push(Some(rand::random()));
        file::replace(data, &masters)?;
    }
    let keys = Keys::read(data)?;
    let command = store.system_command("directory.new_key", 8);
    store.write_blocking(command, move |tx| {
        let newest = keys.enter(tx)?;
        told(tx, "directory.new-key", newest)?;
        Ok(newest)
    })
}

/// Declares those keys lost that the key file does not have, and goes on with a new one. Answers their numbers, and where the
/// file that was there stands now. A file that is empty, cut off or garbled is taken for what can still be read of it.
///
/// # Errors
/// `Conflict` when the file is whole and no key is missing.
pub fn declare_lost(store: &Store, data: &Path) -> Result<(Vec<i64>, Option<PathBuf>)> {
    let _lock = file::lock(data)?;
    let wanted: Vec<(i64, String)> = store.read_blocking(|reader| {
        reader.all("SELECT generation, proof FROM sealing_key WHERE lost_at IS NULL ORDER BY generation", params![])
    })?;
    let mut masters = file::read_what_is_left(data)?;
    let has = |number: i64, proof: &str| {
        let master = usize::try_from(number - 1).ok().and_then(|at| masters.get(at)).copied().flatten();
        master.is_some_and(|master| Generation::of(&master).proof == proof)
    };
    let lost: Vec<i64> =
        wanted.iter().filter(|(number, proof)| !has(*number, proof)).map(|(number, _)| *number).collect();
    if lost.is_empty() && (wanted.is_empty() || file::read(data).is_ok()) {
        return Err(Error::conflict("Tệp khóa có đủ mọi khóa mà dữ liệu cần: không có khóa nào bị mất."));
    }
    // The new one's number is one that the database has never had.
    let last: i64 = store.read_blocking(generations)?.iter().map(|known| known.0).max().unwrap_or_default();
    let aside = file::put_aside(data)?;
    masters.resize(masters.len().max(usize::try_from(last).map_err(Error::internal)?), None);
    for number in &lost {
        if let Some(place) = usize::try_from(number - 1).ok().and_then(|at| masters.get_mut(at)) {
            *place = None;
        }
    }
    masters.push(Some(rand::random()));
    file::replace(data, &masters)?;
    let (keys, gone) = (Keys::read(data)?, lost.clone());
    let command = store.system_command("directory.lose_key", 64);
    store.write_blocking(command, move |tx| {
        let newest = keys.enter(tx)?;
        told(tx, "directory.new-key", newest)?;
        for number in &gone {
            let at = tx.at();
            tx.exec("UPDATE sealing_key SET lost_at = $1 WHERE generation = $2", params![at, *number])?;
            told(tx, "directory.lose-key", *number)?;
        }
        Ok(())
    })?;
    Ok((lost, aside))
}

/// The change of keys that is on its way, if one is.
pub fn turning(reader: &mut Reader<'_>, tables: &[Sealed]) -> Result<Option<Turning>> {
    let known = generations(reader)?;
    let Some(((_, since, _), older)) = known.split_last() else { return Ok(None) };
    if older.is_empty() {
        return Ok(None);
    }
    let (mut left, mut closed) = (0, 0);
    for (generation, _, lost) in older {
        let rows = sealed::count(reader, tables, (*generation, COUNTED_MAX + 1))?;
        *if lost.is_some() { &mut closed } else { &mut left } += rows;
    }
    let turns = older.iter().any(|(.., lost)| lost.is_none());
    let lost = older.iter().any(|(.., lost)| lost.is_some()).then_some(closed.min(COUNTED_MAX));
    Ok(Some(Turning { since: *since, turns, left: left.min(COUNTED_MAX), more: left > COUNTED_MAX, lost }))
}

/// The job: some rounds of sealing anew, and the end of an old generation that nothing needs any more.
pub(crate) fn round(house: &House) -> Result<()> {
    let directory: Directory = house.service();
    let keys = directory.looked_up_keys();
    house.store().read_blocking(|reader| keys.look(reader))?;
    go_on(house.store(), &keys, &tables(house), WRITES).map(drop)
}

/// Some rounds, of at most so many writes; answers whether nothing is left to do.
pub fn go_on(store: &Store, keys: &Keys, tables: &[Sealed], most: usize) -> Result<bool> {
    let known = store.read_blocking(generations)?;
    let mut writes = 0;
    for (old, _, lost) in known.iter().filter(|(generation, ..)| *generation < keys.newest()) {
        // Nothing that is sealed with a lost key opens; its generation only goes when nothing of it is there any more.
        for table in tables.iter().filter(|_| lost.is_none()) {
            let mut after = Id(0);
            loop {
                if writes == most {
                    return Ok(false);
                }
                writes += 1;
                let (ring, table, old, from) = (keys.clone(), *table, *old, after);
                let command = store.system_command("directory.seal_anew", 1);
                let Round { last, closed } =
                    store.write_blocking(command, move |tx| sealed::again(tx, &ring, &table, (old, from)))?;
                if closed > 0 {
                    tracing::warn!(table = table.table, closed, "sealed values that no key opens");
                }
                match last {
                    Some(last) => after = last,
                    None => break,
                }
            }
        }
        let (all, old) = (tables.to_vec(), *old);
        let command = store.system_command("directory.retire_key", 8);
        store.write_blocking(command, move |tx| retire(tx, &all, old))?;
    }
    Ok(store.read_blocking(generations)?.iter().filter(|(.., lost)| lost.is_none()).count() <= 1)
}

/// Ends a generation that nothing refers to. One that refers to it after all, written at this very moment by a node that has
/// not heard of the newer one, makes the database refuse this, and the next run goes on.
fn retire(tx: &mut Tx<'_>, tables: &[Sealed], old: i64) -> Result<bool> {
    let made: Option<(Timestamp,)> =
        tx.opt("SELECT made_at FROM sealing_key ORDER BY generation DESC LIMIT 1", params![])?;
    let stayed = made.is_some_and(|(at,)| at.plus_seconds(STAY_SECONDS) <= tx.at());
    if !stayed || sealed::refers(tx, tables, old)? {
        return Ok(false);
    }
    let gone = tx.exec_counted("DELETE FROM sealing_key WHERE generation = $1", params![old])?;
    if gone > 0 {
        told(tx, "directory.retire-key", old)?;
    }
    Ok(gone > 0)
}

/// A generation's number, when it was made, and when it was declared lost.
type Known = (i64, Timestamp, Option<Timestamp>);

fn generations(reader: &mut Reader<'_>) -> Result<Vec<Known>> {
    reader.all("SELECT generation, made_at, lost_at FROM sealing_key ORDER BY generation", params![])
}

fn told(tx: &mut Tx<'_>, action: &str, generation: i64) -> Result<()> {
    let detail = json!({ "generation": generation });
    tx.audit(&AuditEntry { action, entity: "sealing_key", entity_id: Id(generation), unit: None, detail })
}
