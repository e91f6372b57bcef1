//! Rows as lines of JSON, the same from both engines.
//!
//! A row is an array in the order of its columns. Whole numbers, texts, truth values and nulls are JSON's own; a real
//! number is `{"r":"0.1"}`, so that no digit is lost, and bytes are `{"b":"base64"}`. JSON columns are their text.

use data_encoding::BASE64;
use serde_json::Value;
use store::schema::{Column, Kind};
use store::{Val, Values};
use types::{Error, Result};

/// Adds a row as one line to `out`.
pub fn write(Values(row): &Values, columns: &[Column], out: &mut Vec<u8>) -> Result<()> {
    let mut before = b'[';
    for (value, column) in row.iter().zip(columns) {
        out.push(before);
        before = b',';
        match (value, column.kind) {
            (Val::Null, _) => out.extend_from_slice(b"null"),
            (Val::Bool(b), _) => out.extend_from_slice(if *b { b"true" } else { b"false" }),
            // SQLite keeps truth values as numbers.
            (Val::Int(n @ (0 | 1)), Kind::Bool) => out.extend_from_slice(if *n == 1 { b"true" } else { b"false" }),
            (Val::Int(n), _) => out.extend_from_slice(n.to_string().as_bytes()),
            (Val::Real(r), _) => out.extend_from_slice(format!("{{\"r\":\"{r:?}\"}}").as_bytes()),
            (Val::Text(s), _) => serde_json::to_writer(&mut *out, s).map_err(Error::internal)?,
            (Val::Blob(b), _) => out.extend_from_slice(format!("{{\"b\":\"{}\"}}", BASE64.encode(b)).as_bytes()),
        }
    }
    out.extend_from_slice(b"]\n");
    Ok(())
}

/// Reads a line; fails when it is not a row of so many columns.
pub fn read(line: &str, columns: usize) -> Result<Vec<Val>> {
    let wrong = || Error::internal(format!("a line of a backup is not a row of {columns} values"));
    let values: Vec<Value> = serde_json::from_str(line).map_err(|_| wrong())?;
    if values.len() != columns {
        return Err(wrong());
    }
    values.into_iter().map(|value| one(value).ok_or_else(wrong)).collect()
}

fn one(value: Value) -> Option<Val> {
    Some(match value {
        Value::Null => Val::Null,
        Value::Bool(b) => Val::Bool(b),
        Value::Number(n) => Val::Int(n.as_i64()?),
        Value::String(s) => Val::Text(s),
        Value::Object(map) => match (map.get("r"), map.get("b")) {
            (Some(Value::String(r)), None) => Val::Real(r.parse().ok()?),
            (None, Some(Value::String(b))) => Val::Blob(BASE64.decode(b.as_bytes()).ok()?),
            _ => return None,
        },
        Value::Array(_) => return None,
    })
}
