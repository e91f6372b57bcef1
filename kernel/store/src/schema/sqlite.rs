//! The schema of a SQLite database, from its pragmas.

use super::{Column, Index, Kind, Reference, Table, bare};
use crate::params;
use crate::reader::Reader;
use types::Result;

pub(super) fn tables(reader: &mut Reader<'_>) -> Result<Vec<Table>> {
    let names: Vec<(String,)> = reader.all(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
        params![],
    )?;
    names.into_iter().map(|(name,)| table(reader, name)).collect()
}

fn table(reader: &mut Reader<'_>, name: String) -> Result<Table> {
    let declared: Vec<(String, String, bool, i64, i64)> = reader
        .all("SELECT name, type, \"notnull\", pk, hidden FROM pragma_table_xinfo($1) ORDER BY cid", params![&name])?;
    let mut key: Vec<(i64, String)> = Vec::new();
    let mut columns = Vec::new();
    for (column, kind, filled, place, hidden) in declared {
        if place > 0 {
            key.push((place, column.clone()));
        }
        if hidden == 0 {
            columns.push(Column { name: column, kind: kind_of(&kind), nullable: !filled && place == 0 });
        }
    }
    key.sort();
    let key: Vec<String> = key.into_iter().map(|(_, column)| column).collect();
    let references = references(reader, &name)?;
    let indexes = indexes(reader, &name, &key)?;
    Ok(Table { name, columns, key, references, indexes })
}

/// As SQLite itself reads a declared type: by the letters in it.
fn kind_of(declared: &str) -> Kind {
    let declared = declared.to_ascii_uppercase();
    let has = |part: &str| declared.contains(part);
    if has("INT") {
        Kind::Int
    } else if has("BOOL") {
        Kind::Bool
    } else if has("REAL") || has("DOUB") || has("FLOA") {
        Kind::Real
    } else if has("BLOB") || has("BYTEA") {
        Kind::Bytes
    } else {
        Kind::Text
    }
}

fn references(reader: &mut Reader<'_>, table: &str) -> Result<Vec<Reference>> {
    let parts: Vec<(i64, String, String)> = reader
        .all("SELECT id, \"table\", \"from\" FROM pragma_foreign_key_list($1) ORDER BY id, seq", params![table])?;
    let mut references: Vec<(i64, Reference)> = Vec::new();
    for (id, table, column) in parts {
        match references.last_mut() {
            Some((last, reference)) if *last == id => reference.columns.push(column),
            _ => references.push((id, Reference { columns: vec![column], table })),
        }
    }
    Ok(references.into_iter().map(|(_, reference)| reference).collect())
}

fn indexes(reader: &mut Reader<'_>, table: &str, key: &[String]) -> Result<Vec<Index>> {
    let listed: Vec<(String, bool, String, Option<String>)> = reader.all(
        "SELECT l.name, l.\"unique\", l.origin, m.sql FROM pragma_index_list($1) l LEFT JOIN sqlite_master m ON m.name = l.name",
        params![table],
    )?;
    let mut indexes = Vec::new();
    let mut key_is_listed = key.is_empty();
    for (name, unique, origin, sql) in listed {
        let columns: Vec<(Option<String>,)> =
            reader.all("SELECT name FROM pragma_index_info($1) ORDER BY seqno", params![&name])?;
        key_is_listed |= origin == "pk";
        let condition = sql.as_deref().and_then(|sql| sql.split_once(" WHERE ")).map(|(_, condition)| bare(condition));
        let columns = columns.into_iter().map(|(column,)| column.unwrap_or_default()).collect();
        indexes.push(Index { columns, unique, condition });
    }
    if !key_is_listed {
        // An INTEGER PRIMARY KEY is the table's own order.
        indexes.push(Index { columns: key.to_vec(), unique: true, condition: None });
    }
    Ok(indexes)
}
