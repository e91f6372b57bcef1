//! The schema of a PostgreSQL database, from its catalog. Only the schema that the connection works in is looked at.

use super::{Column, Index, Kind, Reference, Table, bare};
use crate::params;
use crate::reader::Reader;
use types::{Error, Result};

pub(super) fn tables(reader: &mut Reader<'_>) -> Result<Vec<Table>> {
    let names: Vec<(String, i64)> = reader.all(
        "SELECT relname::text, oid::bigint FROM pg_class
         WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p') AND relname <> 'search_text'",
        params![],
    )?;
    names.into_iter().map(|(name, oid)| table(reader, name, oid)).collect()
}

fn table(reader: &mut Reader<'_>, name: String, oid: i64) -> Result<Table> {
    let declared: Vec<(String, String, bool)> = reader.all(
        "SELECT attname::text, format_type(atttypid, NULL), attnotnull FROM pg_attribute
         WHERE attrelid::bigint = $1 AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum",
        params![oid],
    )?;
    let columns = declared.into_iter().map(|(column, kind, filled)| {
        let kind =
            kind_of(&kind).ok_or_else(|| Error::internal(format!("{name}.{column} is of an unknown type: {kind}")))?;
        Ok(Column { name: column, kind, nullable: !filled })
    });
    let columns = columns.collect::<Result<Vec<_>>>()?;
    let references = references(reader, oid)?;
    let (key, indexes) = indexes(reader, oid)?;
    Ok(Table { name, columns, key, references, indexes })
}

fn kind_of(declared: &str) -> Option<Kind> {
    Some(match declared {
        "bigint" | "integer" | "smallint" => Kind::Int,
        "boolean" => Kind::Bool,
        "double precision" => Kind::Real,
        "text" | "character varying" | "character" => Kind::Text,
        "json" | "jsonb" => Kind::Json,
        "bytea" => Kind::Bytes,
        _ => return None,
    })
}

fn references(reader: &mut Reader<'_>, oid: i64) -> Result<Vec<Reference>> {
    let parts: Vec<(i64, String, String)> = reader.all(
        "SELECT f.oid::bigint, t.relname::text, a.attname::text FROM pg_constraint f
         JOIN pg_class t ON t.oid = f.confrelid
         CROSS JOIN LATERAL unnest(f.conkey) WITH ORDINALITY AS k (attnum, place)
         JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = k.attnum
         WHERE f.contype = 'f' AND f.conrelid::bigint = $1 ORDER BY f.oid, k.place",
        params![oid],
    )?;
    let mut references: Vec<(i64, Reference)> = Vec::new();
    for (id, table, column) in parts {
        match references.last_mut() {
            Some((last, reference)) if *last == id => reference.columns.push(column),
            _ => references.push((id, Reference { columns: vec![column], table })),
        }
    }
    Ok(references.into_iter().map(|(_, reference)| reference).collect())
}

/// The primary key's columns, and all indexes.
fn indexes(reader: &mut Reader<'_>, oid: i64) -> Result<(Vec<String>, Vec<Index>)> {
    type Part = (i64, bool, bool, Option<String>, Option<String>);
    let parts: Vec<Part> = reader.all(
        "SELECT i.indexrelid::bigint, i.indisprimary, i.indisunique, pg_get_expr(i.indpred, i.indrelid), a.attname::text
         FROM pg_index i
         CROSS JOIN LATERAL unnest(i.indkey::smallint[]) WITH ORDINALITY AS k (attnum, place)
         LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
         WHERE i.indrelid::bigint = $1 AND k.place <= i.indnkeyatts ORDER BY i.indexrelid, k.place",
        params![oid],
    )?;
    let mut key = Vec::new();
    let mut indexes: Vec<(i64, Index)> = Vec::new();
    for (id, primary, unique, condition, column) in parts {
        let column = column.unwrap_or_default();
        if primary {
            key.push(column.clone());
        }
        match indexes.last_mut() {
            Some((last, index)) if *last == id => index.columns.push(column),
            _ => indexes.push((id, Index { columns: vec![column], unique, condition: condition.as_deref().map(bare) })),
        }
    }
    Ok((key, indexes.into_iter().map(|(_, index)| index).collect()))
}
