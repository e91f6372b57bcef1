//! What the modules declare as sealed: sealing a row's values anew, and proving that all open.

use super::{Keys, Place, generation_of};
use std::collections::BTreeMap;
use std::path::Path;
use store::{Reader, Tx, Val, Values, params};
use types::{Error, Id, Result, Timestamp};
use web::{Sealed, SealedColumn};

/// Rows of one write; it stays well under 50 ms.
const ROUND: i64 = 100;
/// How long a change of keys may take before `nhaviec check` asks why.
const TURNING_MAX_SECONDS: i64 = 3 * 86_400;

/// A row with its sealed values as they stand.
struct Sealing {
    id: Id,
    with: i64,
    texts: Vec<Option<String>>,
    marks: Vec<Option<String>>,
}

/// What one round did.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) struct Round {
    /// The last row that was looked at; none when there are no more.
    pub last: Option<Id>,
    /// Rows of which something did not open; they keep their generation.
    pub closed: i64,
}

/// Seals the next rows after `after` that are sealed with `old` anew with the newest key.
///
/// A row that another write changes meanwhile is left as that write leaves it: it is changed only while it is what was read.
pub(super) fn again(tx: &mut Tx<'_>, keys: &Keys, table: &Sealed, (old, after): (i64, Id)) -> Result<Round> {
    tx.not_audited("the same values under a newer key");
    let sql = format!("{} WHERE sealed_with = $1 AND {id} > $2 ORDER BY {id} LIMIT $3", select(table), id = table.id);
    let rows: Vec<Values> = tx.all(&sql, params![old, after, ROUND])?;
    if rows.is_empty() {
        return Ok(Round::default());
    }
    let newest = keys.enter(tx)?;
    let mut round = Round::default();
    for row in rows {
        let row = read(table, row)?;
        round.last = Some(row.id);
        match sealed_anew(keys, table, &row)? {
            Some(fresh) => put(tx, table, (&row, newest), fresh)?,
            None => round.closed += 1,
        }
    }
    Ok(round)
}

fn select(table: &Sealed) -> String {
    let columns = table.columns.iter().flat_map(|column| [Some(column.name), column.mark.map(|mark| mark.column)]);
    let columns: Vec<&str> = columns.flatten().collect();
    format!("SELECT {}, sealed_with, {} FROM {}", table.id, columns.join(", "), table.table)
}

fn read(table: &Sealed, Values(values): Values) -> Result<Sealing> {
    let wrong = || Error::internal(format!("a row of {} is not as it is declared", table.table));
    let mut values = values.into_iter();
    let (Some(Val::Int(id)), Some(Val::Int(with))) = (values.next(), values.next()) else { return Err(wrong()) };
    let mut text = || match values.next() {
        Some(Val::Text(text)) => Ok(Some(text).filter(|text| !text.is_empty())),
        Some(Val::Null) => Ok(None),
        _ => Err(wrong()),
    };
    let (mut texts, mut marks) = (Vec::new(), Vec::new());
    for column in table.columns {
        texts.push(text()?);
        marks.push(if column.mark.is_some() { text()? } else { None });
    }
    Ok(Sealing { id: Id(id), with, texts, marks })
}

fn open(keys: &Keys, column: &SealedColumn, (of, text): (Id, &str)) -> Option<Vec<u8>> {
    keys.open_sealed(Place { what: column.what, of }, text).ok()
}

/// The row's values with their marks under the newest key; none when one of them does not open.
fn sealed_anew(keys: &Keys, table: &Sealed, row: &Sealing) -> Result<Option<Vec<(String, Val)>>> {
    let mut fresh = Vec::new();
    for (column, text) in table.columns.iter().zip(&row.texts) {
        let Some(text) = text else { continue };
        let Some(value) = open(keys, column, (row.id, text)) else { return Ok(None) };
        let sealed = keys.seal(Place { what: column.what, of: row.id }, &value)?;
        fresh.push((column.name.to_owned(), Val::from(sealed)));
        if let Some(mark) = column.mark {
            let marked = (mark.of)(&value).map(|text| keys.mark(mark.kind, &text));
            fresh.push((mark.column.to_owned(), Val::from(marked)));
        }
    }
    Ok(Some(fresh))
}

fn put(tx: &mut Tx<'_>, table: &Sealed, (row, newest): (&Sealing, i64), fresh: Vec<(String, Val)>) -> Result<()> {
    let mut values = params![newest, row.id, row.with].to_vec();
    let mut given = |value: Val| {
        values.push(value);
        values.len()
    };
    let sets: Vec<String> = fresh.into_iter().map(|(name, value)| format!(", {name} = ${}", given(value))).collect();
    let same: Vec<String> = table
        .columns
        .iter()
        .zip(&row.texts)
        .map(|(column, text)| match text {
            Some(text) => format!(" AND {} = ${}", column.name, given(Val::from(text.as_str()))),
            None => format!(" AND ({name} IS NULL OR {name} = '')", name = column.name),
        })
        .collect();
    let sql = format!(
        "UPDATE {} SET sealed_with = $1{} WHERE {} = $2 AND sealed_with = $3{}",
        table.table,
        sets.concat(),
        table.id,
        same.concat()
    );
    tx.exec(&sql, &values)
}

/// Whether a row refers to this generation still.
pub(super) fn refers(reader: &mut Reader<'_>, tables: &[Sealed], generation: i64) -> Result<bool> {
    for table in tables {
        let sql = format!("SELECT sealed_with FROM {} WHERE sealed_with = $1 LIMIT 1", table.table);
        if reader.opt::<(i64,)>(&sql, params![generation])?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// How many rows are sealed with this generation, counted up to `most`.
pub(super) fn count(reader: &mut Reader<'_>, tables: &[Sealed], (generation, most): (i64, i64)) -> Result<i64> {
    let mut all = 0;
    for table in tables {
        let sql = format!(
            "SELECT count(*) FROM (SELECT 1 AS one FROM {} WHERE sealed_with = $1 LIMIT $2) AS found",
            table.table
        );
        let (some,): (i64,) = reader.one(&sql, params![generation, most])?;
        all += some;
    }
    Ok(all.min(most))
}

/// What is wrong with a kind of rows, counted.
#[derive(Default)]
struct Wrong {
    closed: i64,
    marks: i64,
    newer: i64,
}

/// What `nhaviec check` finds: values that no key opens, marks that are not those of their values, rows whose generation is
/// newer than one of their values, values that are not sealed at all, keys of which there is nothing, and a change of keys that does not end.
pub fn faults(reader: &mut Reader<'_>, data: &Path, tables: &[Sealed], now: Timestamp) -> Result<Vec<String>> {
    let known: Vec<(i64, Timestamp, Option<Timestamp>)> =
        reader.all("SELECT generation, made_at, lost_at FROM sealing_key ORDER BY generation", params![])?;
    let Some((_, turned_at, _)) = known.last() else { return Ok(Vec::new()) };
    let Ok(keys) = Keys::read(data) else {
        return Ok(vec!["Không đọc được tệp keys/directory.key: không mở được giá trị nào đã mã hóa.".to_owned()]);
    };
    let mut findings = Vec::new();
    if known.iter().filter(|(.., lost)| lost.is_none()).count() > 1 && turned_at.plus_seconds(TURNING_MAX_SECONDS) < now
    {
        findings
            .push("Việc đổi khóa mã hóa kéo dài quá ba ngày: xem mục «Khóa mã hóa» ở trang Kiểm tra máy.".to_owned());
    }
    for table in tables {
        let wrong = wrong_rows(reader, &keys, table)?;
        let title = table.title;
        for (count, what) in [
            (in_clear(reader, table)?, "có giá trị để ngoài mã hóa"),
            (wrong.closed, "có giá trị mà không khóa nào mở được"),
            (wrong.marks, "có chỉ mục tìm kiếm khác với giá trị đã mã hóa"),
            (wrong.newer, "ghi sai đời khóa"),
        ] {
            if count > 0 {
                findings.push(format!("{count} {title} {what}."));
            }
        }
    }
    Ok(findings)
}

/// Rows with a value that was written without being sealed.
fn in_clear(reader: &mut Reader<'_>, table: &Sealed) -> Result<i64> {
    let filled: Vec<String> =
        table.columns.iter().map(|column| format!("coalesce({}, '') <> ''", column.name)).collect();
    let sql = format!("SELECT count(*) FROM {} WHERE sealed_with IS NULL AND ({})", table.table, filled.join(" OR "));
    Ok(reader.one::<(i64,)>(&sql, params![])?.0)
}

fn wrong_rows(reader: &mut Reader<'_>, keys: &Keys, table: &Sealed) -> Result<Wrong> {
    let mut wrong = Wrong::default();
    let sql = format!("{} WHERE sealed_with IS NOT NULL ORDER BY {}", select(table), table.id);
    reader.each(&sql, params![], |row: Values| {
        let row = read(table, row)?;
        let mut marks: BTreeMap<&str, bool> = BTreeMap::new();
        let mut closed = false;
        for (at, column) in table.columns.iter().enumerate() {
            let Some(text) = &row.texts[at] else { continue };
            let Some(value) = open(keys, column, (row.id, text)) else {
                closed = true;
                continue;
            };
            if let Some(mark) = column.mark {
                let key = generation_of(text).and_then(|number| keys.generation(number));
                let wanted = (mark.of)(&value).zip(key).map(|(text, key)| key.mark(mark.kind, &text));
                marks.insert(mark.column, wanted == row.marks[at]);
            }
        }
        let oldest = row.texts.iter().flatten().filter_map(|text| generation_of(text)).min();
        wrong.closed += i64::from(closed);
        wrong.marks += i64::from(marks.values().any(|same| !same));
        // One that names an older generation than it needs is sealed anew like any other.
        wrong.newer += i64::from(oldest.is_none_or(|oldest| row.with > oldest));
        Ok(())
    })?;
    Ok(wrong)
}
