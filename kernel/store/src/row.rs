//! Answers: rows of either driver, read by position into plain Rust types and tuples of them.

use crate::value::{Json, Val};
use postgres::types::{FromSql, Type};
use rusqlite::types::Value;
use std::error::Error as StdError;
use types::{Day, Error, Id, Result, Timestamp};

/// One row of an answer.
pub enum Row {
    Lite(Vec<Value>),
    Pg(postgres::Row),
}

impl Row {
    /// Column `i`, from 0. Fails when the column is missing or of another type: a mistake of ours.
    pub fn get<T: Col>(&self, i: usize) -> Result<T> {
        match self {
            Row::Lite(values) => match values.get(i) {
                Some(value) => T::lite(value),
                None => Err(Error::internal(format!("the answer has no column {i}"))),
            },
            Row::Pg(row) => T::pg(row, i),
        }
    }
}

/// Whatever a column holds, for copying; JSON comes as its text.
impl Row {
    /// How many columns the row has.
    pub fn columns(&self) -> usize {
        match self {
            Row::Lite(values) => values.len(),
            Row::Pg(row) => row.len(),
        }
    }

    /// Column `i`, from 0, as a parameter that would write it again. SQLite knows no truth values: they come as 0 and 1.
    pub fn value(&self, i: usize) -> Result<Val> {
        match self {
            Row::Lite(values) => match values.get(i) {
                Some(Value::Null) => Ok(Val::Null),
                Some(Value::Integer(n)) => Ok(Val::Int(*n)),
                Some(Value::Real(r)) => Ok(Val::Real(*r)),
                Some(Value::Text(s)) => Ok(Val::Text(s.clone())),
                Some(Value::Blob(b)) => Ok(Val::Blob(b.clone())),
                None => Err(Error::internal(format!("the answer has no column {i}"))),
            },
            Row::Pg(row) => pg_get::<Option<AnyVal>>(row, i).map(|v| v.map_or(Val::Null, |v| v.0)),
        }
    }
}

/// Any type of PostgreSQL that our migrations use.
struct AnyVal(Val);

impl<'a> FromSql<'a> for AnyVal {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> std::result::Result<Self, Box<dyn StdError + Sync + Send>> {
        Ok(AnyVal(match *ty {
            Type::INT8 | Type::INT4 | Type::INT2 => Val::Int(AnyInt::from_sql(ty, raw)?.0),
            Type::BOOL => Val::Bool(bool::from_sql(ty, raw)?),
            Type::FLOAT8 => Val::Real(f64::from_sql(ty, raw)?),
            Type::BYTEA => Val::Blob(raw.to_vec()),
            // Its first byte is a version, the rest is the text.
            Type::JSONB => Val::Text(std::str::from_utf8(raw.get(1..).unwrap_or_default())?.to_owned()),
            _ => Val::Text(std::str::from_utf8(raw)?.to_owned()),
        }))
    }

    fn accepts(ty: &Type) -> bool {
        matches!(
            *ty,
            Type::INT8
                | Type::INT4
                | Type::INT2
                | Type::BOOL
                | Type::FLOAT8
                | Type::BYTEA
                | Type::JSONB
                | Type::JSON
                | Type::TEXT
                | Type::VARCHAR
                | Type::BPCHAR
                | Type::NAME
        )
    }
}

/// A type that a column can be read into.
pub trait Col: Sized {
    fn lite(value: &Value) -> Result<Self>;
    fn pg(row: &postgres::Row, i: usize) -> Result<Self>;
}

fn mismatch<T>(wanted: &str, value: &Value) -> Result<T> {
    Err(Error::internal(format!("expected {wanted}, the database holds {:?}", value.data_type())))
}

fn pg_get<'a, T: FromSql<'a>>(row: &'a postgres::Row, i: usize) -> Result<T> {
    row.try_get(i).map_err(|e| Error::internal(format!("reading column {i}: {e}")))
}

/// Any integer width PostgreSQL answers with.
struct AnyInt(i64);

impl<'a> FromSql<'a> for AnyInt {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> std::result::Result<Self, Box<dyn StdError + Sync + Send>> {
        Ok(AnyInt(match *ty {
            Type::INT4 => i32::from_sql(ty, raw)?.into(),
            Type::INT2 => i16::from_sql(ty, raw)?.into(),
            _ => i64::from_sql(ty, raw)?,
        }))
    }

    fn accepts(ty: &Type) -> bool {
        matches!(*ty, Type::INT8 | Type::INT4 | Type::INT2)
    }
}

impl Col for i64 {
    fn lite(value: &Value) -> Result<Self> {
        if let Value::Integer(i) = value { Ok(*i) } else { mismatch("an integer", value) }
    }
    fn pg(row: &postgres::Row, i: usize) -> Result<Self> {
        pg_get::<AnyInt>(row, i).map(|n| n.0)
    }
}

impl Col for bool {
    fn lite(value: &Value) -> Result<Self> {
        i64::lite(value).map(|i| i != 0)
    }
    fn pg(row: &postgres::Row, i: usize) -> Result<Self> {
        pg_get(row, i)
    }
}

impl Col for f64 {
    fn lite(value: &Value) -> Result<Self> {
        match value {
            Value::Real(r) => Ok(*r),
            #[expect(clippy::cast_precision_loss, reason = "SQLite answers whole sums as integers")]
            Value::Integer(i) => Ok(*i as f64),
            _ => mismatch("a real number", value),
        }
    }
    fn pg(row: &postgres::Row, i: usize) -> Result<Self> {
        pg_get(row, i)
    }
}

impl Col for String {
    fn lite(value: &Value) -> Result<Self> {
        if let Value::Text(s) = value { Ok(s.clone()) } else { mismatch("text", value) }
    }
    fn pg(row: &postgres::Row, i: usize) -> Result<Self> {
        pg_get(row, i)
    }
}

impl Col for Vec<u8> {
    fn lite(value: &Value) -> Result<Self> {
        if let Value::Blob(b) = value { Ok(b.clone()) } else { mismatch("bytes", value) }
    }
    fn pg(row: &postgres::Row, i: usize) -> Result<Self> {
        pg_get(row, i)
    }
}

impl Col for Id {
    fn lite(value: &Value) -> Result<Self> {
        i64::lite(value).map(Id)
    }
    fn pg(row: &postgres::Row, i: usize) -> Result<Self> {
        i64::pg(row, i).map(Id)
    }
}

impl Col for Timestamp {
    fn lite(value: &Value) -> Result<Self> {
        i64::lite(value).map(Timestamp)
    }
    fn pg(row: &postgres::Row, i: usize) -> Result<Self> {
        i64::pg(row, i).map(Timestamp)
    }
}

impl Col for Day {
    fn lite(value: &Value) -> Result<Self> {
        String::lite(value)?.parse().map_err(Error::internal)
    }
    fn pg(row: &postgres::Row, i: usize) -> Result<Self> {
        String::pg(row, i)?.parse().map_err(Error::internal)
    }
}

impl<T: serde::de::DeserializeOwned> Col for Json<T> {
    fn lite(value: &Value) -> Result<Self> {
        let text = String::lite(value)?;
        serde_json::from_str(&text).map(Json).map_err(|e| Error::internal(format!("reading JSON: {e}")))
    }
    fn pg(row: &postgres::Row, i: usize) -> Result<Self> {
        if *row.columns()[i].type_() == Type::TEXT {
            let text: String = pg_get(row, i)?;
            return serde_json::from_str(&text).map(Json).map_err(|e| Error::internal(format!("reading JSON: {e}")));
        }
        let value: serde_json::Value = pg_get(row, i)?;
        serde_json::from_value(value).map(Json).map_err(|e| Error::internal(format!("reading JSON: {e}")))
    }
}

impl<T: Col> Col for Option<T> {
    fn lite(value: &Value) -> Result<Self> {
        if matches!(value, Value::Null) { Ok(None) } else { T::lite(value).map(Some) }
    }
    fn pg(row: &postgres::Row, i: usize) -> Result<Self> {
        struct IsNull(bool);
        impl<'a> FromSql<'a> for IsNull {
            fn from_sql(_: &Type, _: &'a [u8]) -> std::result::Result<Self, Box<dyn StdError + Sync + Send>> {
                Ok(IsNull(false))
            }
            fn from_sql_null(_: &Type) -> std::result::Result<Self, Box<dyn StdError + Sync + Send>> {
                Ok(IsNull(true))
            }
            fn accepts(_: &Type) -> bool {
                true
            }
        }
        if pg_get::<IsNull>(row, i)?.0 { Ok(None) } else { T::pg(row, i).map(Some) }
    }
}

/// Something a whole row can be read into; tuples of up to sixteen columns are.
pub trait FromRow: Sized {
    fn from_row(row: &Row) -> Result<Self>;
}

impl FromRow for Row {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(match row {
            Row::Lite(values) => Row::Lite(values.clone()),
            Row::Pg(row) => Row::Pg(row.clone()),
        })
    }
}

macro_rules! from_row {
    ($($name:ident $i:tt),+) => {
        impl<$($name: Col),+> FromRow for ($($name,)+) {
            fn from_row(row: &Row) -> Result<Self> {
                Ok(($(row.get::<$name>($i)?,)+))
            }
        }
    };
}

from_row!(A 0);
from_row!(A 0, B 1);
from_row!(A 0, B 1, C 2);
from_row!(A 0, B 1, C 2, D 3);
from_row!(A 0, B 1, C 2, D 3, E 4);
from_row!(A 0, B 1, C 2, D 3, E 4, F 5);
from_row!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
from_row!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);
from_row!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8);
from_row!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9);
from_row!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10);
from_row!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11);
from_row!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11, M 12);
from_row!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11, M 12, N 13);
from_row!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11, M 12, N 13, O 14);
from_row!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11, M 12, N 13, O 14, P 15);
