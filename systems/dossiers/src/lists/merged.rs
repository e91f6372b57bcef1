//! A page out of several ranges of indexes over dossiers.
//!
//! No index holds the dossiers of two channels, or of two versions of a procedure, in the order of their days. Each is a
//! range of its own that is read as far as a page goes, and the first of all are the page: the work grows with the ranges
//! and never with the dossiers.

use super::{From, Listed};
use crate::dossier::{self, Dossier};
use std::collections::HashMap;
use store::{Reader, Val, params};
use types::{Day, Id, Result};

/// By day, then by id: the newest is the greatest.
pub(super) type Place = (Day, Id);

/// Where a page behind this dossier begins in the order of `column`; none when it has no such day.
pub(super) fn place(reader: &mut Reader<'_>, column: &str, from: From) -> Result<Option<Place>> {
    let sql = format!("SELECT {column} FROM dossier WHERE id = $1");
    let found: Option<(Option<Day>,)> = reader.opt(&sql, params![from.before])?;
    Ok(found.and_then(|(day,)| day).map(|day| (day, from.before)))
}

/// The first of the dossiers in `ranges`, each the conditions of one, in the order of the day `column`.
pub(super) fn first(
    reader: &mut Reader<'_>,
    column: &str,
    (ranges, mut values): (&[String], Vec<Val>),
    rows: usize,
) -> Result<Vec<Place>> {
    values.push(Val::Int(i64::try_from(rows).unwrap_or(i64::MAX)));
    let limit = values.len();
    let read = |(n, range): (usize, &String)| {
        format!(
            "SELECT day, id FROM (SELECT {column} AS day, id FROM dossier WHERE {range}
             ORDER BY {column} DESC, id DESC LIMIT ${limit}) AS range{n}"
        )
    };
    let all: Vec<String> = ranges.iter().enumerate().map(read).collect();
    let sql =
        format!("SELECT day, id FROM ({}) AS found ORDER BY day DESC, id DESC LIMIT ${limit}", all.join(" UNION ALL "));
    reader.all(&sql, &values)
}

/// The page of what was found, which may be more than one statement's.
pub(super) fn page(reader: &mut Reader<'_>, mut found: Vec<Place>, limit: usize) -> Result<Listed> {
    found.sort_unstable_by(|a, b| b.cmp(a));
    let more = found.len() > limit;
    let ids: Vec<Id> = found.into_iter().take(limit).map(|(_, id)| id).collect();
    let mut by_id: HashMap<Id, Dossier> =
        dossier::by_ids(reader, &ids)?.into_iter().map(|dossier| (dossier.id, dossier)).collect();
    let next = ids.last().filter(|_| more).map(|last| From { before: *last, folded: false });
    Ok(Listed { dossiers: ids.iter().filter_map(|id| by_id.remove(id)).collect(), next })
}
