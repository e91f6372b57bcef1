//! Rows out of a database and into another, as lines: the one way of backups, restores and copies.

use super::manifest::{Sum, TableSum};
use super::rows;
use std::io::{BufRead, BufReader, Read};
use store::schema::{self, Table};
use store::{Reader, Tx, Val, Values, params};
use types::{Error, Result};

/// Tables that belong to the running installation, not to what is kept in it.
pub const NOT_KEPT: [&str; 2] = ["migration", "lease"];

/// Rows are gathered to about so many bytes before they are given on.
const PIECE: usize = 4 << 20;

/// The tables whose rows are kept, those referred to first.
pub fn kept(reader: &mut Reader<'_>) -> Result<Vec<Table>> {
    let tables = schema::tables(reader)?;
    Ok(tables.into_iter().filter(|table| !NOT_KEPT.contains(&table.name.as_str())).collect())
}

/// Reads a table in the order of its key. `put` takes its lines piece by piece, each with the number of rows so far.
pub fn read(reader: &mut Reader<'_>, table: &Table, mut put: impl FnMut(&[u8], u64) -> Result<()>) -> Result<TableSum> {
    let columns: Vec<String> = table.columns.iter().map(|column| column.name.clone()).collect();
    let order = if table.key.is_empty() { String::new() } else { format!(" ORDER BY {}", quoted(&table.key)) };
    let sql = format!("SELECT {} FROM \"{}\"{order}", quoted(&columns), table.name);
    let (mut sum, mut count, mut lines) = (Sum::default(), 0_u64, Vec::new());
    let mut give = |lines: &mut Vec<u8>, count: u64| -> Result<()> {
        sum.add(lines);
        put(lines, count)?;
        lines.clear();
        Ok(())
    };
    reader.each(&sql, params![], |row: Values| {
        rows::write(&row, &table.columns, &mut lines)?;
        count += 1;
        if lines.len() >= PIECE { give(&mut lines, count) } else { Ok(()) }
    })?;
    if !lines.is_empty() {
        give(&mut lines, count)?;
    }
    Ok(TableSum { name: table.name.clone(), columns, rows: count, sha256: sum.hex() })
}

/// Inserts lines that [`read`] gave, many at a time; answers how many.
pub fn insert(tx: &mut Tx<'_>, (table, columns): (&str, &[String]), lines: impl Read) -> Result<u64> {
    let width = columns.len();
    // Both engines take some 32,000 parameters at once; more than 200 rows gain nothing.
    let most = (16_000 / width.max(1)).clamp(1, 200);
    let statement = |rows: usize| {
        let row = |r: usize| {
            format!("({})", (1..=width).map(|c| format!("${}", r * width + c)).collect::<Vec<_>>().join(", "))
        };
        let rows: Vec<String> = (0..rows).map(row).collect();
        format!("INSERT INTO \"{table}\" ({}) VALUES {}", quoted(columns), rows.join(", "))
    };
    let many = statement(most);
    let (mut waiting, mut done): (Vec<Val>, u64) = (Vec::with_capacity(most * width), 0);
    for line in BufReader::new(lines).lines() {
        let line = line.map_err(|e| Error::internal(format!("reading rows of {table}: {e}")))?;
        waiting.extend(rows::read(&line, width)?);
        done += 1;
        if waiting.len() == most * width {
            tx.exec(&many, &waiting)?;
            waiting.clear();
        }
    }
    let one = statement(1);
    for row in waiting.chunks(width.max(1)) {
        tx.exec(&one, row)?;
    }
    Ok(done)
}

fn quoted(names: &[String]) -> String {
    names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ")
}
