//! Lists of requests: somebody's own, those of a register, those that wait to be sent.

use super::{Ask, COLUMNS, Request, State, Step};
use crate::units;
use store::{Reader, in_list, params};
use types::{Error, Id, Result};

/// The newest before the request `$1`, at most `$2`. By the moment at which they were asked: by their ids, PostgreSQL would
/// look for them among everybody's.
const BEFORE: &str =
    "asked_at <= coalesce((SELECT last.asked_at FROM certificate_request last WHERE last.id = $1), 9223372036854775807)
     AND id < $1 ORDER BY asked_at DESC, id DESC LIMIT $2";

/// The request with this id.
pub(crate) fn by_id(reader: &mut Reader<'_>, id: Id) -> Result<Option<Request>> {
    reader.opt(&format!("SELECT {COLUMNS} FROM certificate_request WHERE id = $1"), params![id])
}

/// What was done with it, the oldest first.
pub(crate) fn steps_of(reader: &mut Reader<'_>, request: Id) -> Result<Vec<Step>> {
    reader.all(
        "SELECT state, at, officer_id, note FROM certificate_request_step WHERE request_id = $1 ORDER BY id LIMIT 50",
        params![request],
    )
}

/// A page of what a person asked for, or somebody for an agency for which that person seals, the newest first; and whether
/// there are more.
pub(crate) fn own(
    reader: &mut Reader<'_>,
    (officer, agencies): (Id, &[Id]),
    (before, most): (Option<Id>, usize),
) -> Result<(Vec<Request>, bool)> {
    let (before, limit) = (before.unwrap_or(Id(i64::MAX)), limit(most)?);
    let sql = format!("SELECT {COLUMNS} FROM certificate_request WHERE asked_by = $3 AND {BEFORE}");
    let mut all: Vec<Request> = reader.all(&sql, params![before, limit, officer])?;
    let statement =
        format!("SELECT {COLUMNS} FROM certificate_request WHERE unit_id = {{unit}} AND kind = 'agency' AND {BEFORE}");
    all.extend(units::of_each::<Request>(reader, agencies, (&statement, params![before, limit]))?);
    Ok(page(all, most))
}

/// A page of the requests of these units in a state, the newest first; and whether there are more.
pub(crate) fn register(
    reader: &mut Reader<'_>,
    (units, state): (&[Id], State),
    (before, most): (Option<Id>, usize),
) -> Result<(Vec<Request>, bool)> {
    let statement =
        format!("SELECT {COLUMNS} FROM certificate_request WHERE unit_id = {{unit}} AND state = $3 AND {BEFORE}");
    let values = params![before.unwrap_or(Id(i64::MAX)), limit(most)?, state.number()];
    let all = units::of_each(reader, units, (&statement, values))?;
    Ok(page(all, most))
}

/// What waits to be sent in these units, the oldest of each first; and whether there are more.
pub(crate) fn confirmed(reader: &mut Reader<'_>, units: &[Id], most: usize) -> Result<(Vec<Request>, bool)> {
    let statement = format!(
        "SELECT {COLUMNS} FROM certificate_request WHERE unit_id = {{unit}} AND state = $2 ORDER BY asked_at, id LIMIT $1"
    );
    let values = params![limit(most)?, State::Confirmed.number()];
    let mut all: Vec<Request> = units::of_each(reader, units, (&statement, values))?;
    all.sort_by_key(|request| request.id);
    let has_more = all.len() > most;
    all.truncate(most);
    all.sort_by_key(|request| (request.unit, request.id));
    Ok((all, has_more))
}

/// Of these certificates, those for which a longer life was asked: each with its last request that was not refused or taken back.
pub(crate) fn last_of(reader: &mut Reader<'_>, signers: &[Id]) -> Result<Vec<(Id, Request)>> {
    let mut all: Vec<Request> = Vec::new();
    for block in signers.chunks(in_list::BLOCK) {
        let mut values = params![Ask::Renew.code()].to_vec();
        let list = in_list(2, block, &mut values);
        let sql = format!(
            "SELECT {COLUMNS} FROM certificate_request WHERE signer_id IN ({list}) AND ask = $1 AND state < 4 ORDER BY id"
        );
        all.extend(reader.all::<Request>(&sql, &values)?);
    }
    Ok(all.into_iter().rev().filter_map(|request| Some((request.signer?, request))).collect())
}

// One more tells that there are more.
fn limit(most: usize) -> Result<i64> {
    i64::try_from(most + 1).map_err(Error::internal)
}

fn page(mut all: Vec<Request>, most: usize) -> (Vec<Request>, bool) {
    all.sort_by_key(|request| std::cmp::Reverse(request.id));
    all.dedup_by_key(|request| request.id);
    let has_more = all.len() > most;
    all.truncate(most);
    (all, has_more)
}
