//! The text index follows units that move: who keeps the new unit above finds older records too, who kept the old one no
//! longer.
//!
//! A record carries the units above it as tokens. When a unit moves, the event is noted here; from the day on which the
//! move counts, a job puts the records of all units below it into the index anew, some hundred in a write, and goes on
//! where it stopped.

use directory::Directory;
use directory::unit::{Moved, UNIT_MOVED};
use std::time::{Duration, Instant};
use store::outbox::{Event, Listener};
use store::{Reader, Tx, params};
use types::{Day, Error, Id, Result};
use web::{House, Job, Module};

/// Hears of moves.
pub const LISTENER: Listener = Listener { event: UNIT_MOVED, name: "records-follow", hear };

/// Does the work.
pub const JOB: Job = Job { name: "records-follow", every_seconds: 10, run };

/// A round ends after this, well before the job's lease does.
const PATIENCE: Duration = Duration::from_secs(20);
/// Moves spread at once.
const MOVES: i64 = 20;

/// The module of a move that is not yet spread.
const ALL: &str = "";

fn hear(tx: &mut Tx<'_>, event: &Event) -> Result<()> {
    let moved: Moved =
        serde_json::from_value(event.payload.clone()).map_err(|e| Error::internal(format!("{UNIT_MOVED}: {e}")))?;
    want(tx, moved.unit, ALL, moved.from)
}

fn want(tx: &mut Tx<'_>, unit: Id, module: &str, from: Day) -> Result<()> {
    tx.exec(
        "INSERT INTO reindex (unit_id, module, from_day, after_id) VALUES ($1, $2, $3, 0)
         ON CONFLICT (unit_id, module, from_day) DO UPDATE SET after_id = 0",
        params![unit, module, from],
    )?;
    Ok(())
}

/// Goes on with what is due, for a while.
pub(crate) fn run(house: &House) -> Result<()> {
    spread(house)?;
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        if !step(house)? {
            return Ok(());
        }
    }
    Ok(())
}

/// From each move that counts by now to all units below and all modules that have something in the index.
fn spread(house: &House) -> Result<()> {
    let (today, directory) = (house.now().day(), house.service::<Directory>());
    let due = move |reader: &mut Reader<'_>| -> Result<Vec<(Id, Day)>> {
        reader.all(
            "SELECT unit_id, from_day FROM reindex WHERE module = $1 AND from_day <= $2 ORDER BY from_day, unit_id LIMIT $3",
            params![ALL, today, MOVES],
        )
    };
    let (moves, tree) = house.store().read_blocking(move |reader| Ok((due(reader)?, directory.tree(reader)?)))?;
    for (unit, from) in moves {
        let (below, modules) = (tree.below(unit), indexed(house));
        let command = house.store().system_command("records.spread_move", 1);
        house.store().write_blocking(command, move |tx| {
            tx.not_audited("the index only repeats what the records say");
            for (below, module) in below.iter().flat_map(|unit| modules.iter().map(move |module| (*unit, *module))) {
                want(tx, below, module, from)?;
            }
            tx.exec_counted(
                "DELETE FROM reindex WHERE unit_id = $1 AND module = $2 AND from_day = $3",
                params![unit, ALL, from],
            )
        })?;
    }
    Ok(())
}

fn indexed(house: &House) -> Vec<&'static str> {
    house.modules().iter().filter(|module| module.reindex.is_some()).map(|module| module.name).collect()
}

/// Some records of one unit; `false` when nothing is left to do.
fn step(house: &House) -> Result<bool> {
    let next: Option<(Id, String, Day, Id)> = house.store().read_blocking(|reader| {
        reader.opt(
            "SELECT unit_id, module, from_day, after_id FROM reindex WHERE module <> $1
             ORDER BY from_day, unit_id, module LIMIT 1",
            params![ALL],
        )
    })?;
    let Some((unit, name, from, after)) = next else { return Ok(false) };
    let found: Option<&'static Module> = house.modules().iter().copied().find(|module| module.name == name);
    // A module that this program no longer has keeps nothing in the index that anybody could find.
    let reindex = found.and_then(|module| module.reindex);
    let command = house.store().system_command("records.reindex", 1);
    house.store().write_blocking(command, move |tx| {
        tx.not_audited("the index only repeats what the records say");
        let last = reindex.map_or(Ok(None), |reindex| reindex(tx, Some(unit), after))?;
        let key = params![unit, &name, from].to_vec();
        match last {
            Some(last) => {
                let values = [key, params![last].to_vec()].concat();
                let sql = "UPDATE reindex SET after_id = $4 WHERE unit_id = $1 AND module = $2 AND from_day = $3";
                tx.exec(sql, &values)
            }
            None => tx.exec("DELETE FROM reindex WHERE unit_id = $1 AND module = $2 AND from_day = $3", &key),
        }
    })?;
    Ok(true)
}
