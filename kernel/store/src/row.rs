//! Answers: rows of either driver, read by position into plain Rust types and tuples of them.

use crate::value::{Json, Val};
use rusqlite::types::ValueRef;
use std::error::Error as StdError;
use tokio_postgres::types::{FromSql, Type};
use types::{Day, Error, Id, Result, Timestamp};

/// One row of an answer, as long as the driver holds it.
pub enum Row<'r> {
    Lite(&'r rusqlite::Row<'r>),
    Pg(&'r tokio_postgres::Row),
}

impl Row<'_> {
    /// Column `i`, from 0. Fails when the column is missing or of another type: a mistake of ours.
    pub fn get<T: Col>(&self, i: usize) -> Result<T> {
        match self {
            Row::Lite(row) => T::lite(lite_get(row, i)?),
            Row::Pg(row) => T::pg(row, i),
        }
    }
}

/// A whole row as parameters that would write it again, for copying: JSON comes as its text, and SQLite's truth values,
/// of which it knows nothing, as 0 and 1.
pub struct Values(pub Vec<Val>);

impl FromRow for Values {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let columns = match row {
            Row::Lite(row) => row.as_ref().column_count(),
            Row::Pg(row) => row.len(),
        };
        let value = |i| match row {
            Row::Lite(row) => Ok(match lite_get(row, i)? {
                ValueRef::Null => Val::Null,
                ValueRef::Integer(n) => Val::Int(n),
                ValueRef::Real(r) => Val::Real(r),
                text @ ValueRef::Text(_) => Val::Text(String::lite(text)?),
                ValueRef::Blob(b) => Val::Blob(b.to_vec()),
            }),
            Row::Pg(row) => pg_get::<Option<AnyVal>>(row, i).map(|v| v.map_or(Val::Null, |v| v.0)),
        };
        (0..columns).map(value).collect::<Result<_>>().map(Self)
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
    fn lite(value: ValueRef<'_>) -> Result<Self>;
    fn pg(row: &tokio_postgres::Row, i: usize) -> Result<Self>;
}

fn mismatch<T>(wanted: &str, value: ValueRef<'_>) -> Result<T> {
    Err(Error::internal(format!("expected {wanted}, the database holds {:?}", value.data_type())))
}

fn lite_get<'r>(row: &'r rusqlite::Row<'_>, i: usize) -> Result<ValueRef<'r>> {
    row.get_ref(i).map_err(|e| Error::internal(format!("reading column {i}: {e}")))
}

fn text(value: ValueRef<'_>) -> Result<&str> {
    let ValueRef::Text(bytes) = value else { return mismatch("text", value) };
    std::str::from_utf8(bytes).map_err(|e| Error::internal(format!("text that is no UTF-8: {e}")))
}

fn pg_get<'a, T: FromSql<'a>>(row: &'a tokio_postgres::Row, i: usize) -> Result<T> {
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
    fn lite(value: ValueRef<'_>) -> Result<Self> {
        if let ValueRef::Integer(i) = value { Ok(i) } else { mismatch("an integer", value) }
    }
    fn pg(row: &tokio_postgres::Row, i: usize) -> Result<Self> {
        pg_get::<AnyInt>(row, i).map(|n| n.0)
    }
}

impl Col for bool {
    fn lite(value: ValueRef<'_>) -> Result<Self> {
        i64::lite(value).map(|i| i != 0)
    }
    fn pg(row: &tokio_postgres::Row, i: usize) -> Result<Self> {
        pg_get(row, i)
    }
}

impl Col for f64 {
    fn lite(value: ValueRef<'_>) -> Result<Self> {
        match value {
            ValueRef::Real(r) => Ok(r),
            #[expect(clippy::cast_precision_loss, reason = "SQLite answers whole sums as integers")]
            ValueRef::Integer(i) => Ok(i as f64),
            _ => mismatch("a real number", value),
        }
    }
    fn pg(row: &tokio_postgres::Row, i: usize) -> Result<Self> {
        pg_get(row, i)
    }
}

impl Col for String {
    fn lite(value: ValueRef<'_>) -> Result<Self> {
        text(value).map(str::to_owned)
    }
    fn pg(row: &tokio_postgres::Row, i: usize) -> Result<Self> {
        pg_get(row, i)
    }
}

impl Col for Vec<u8> {
    fn lite(value: ValueRef<'_>) -> Result<Self> {
        if let ValueRef::Blob(b) = value { Ok(b.to_vec()) } else { mismatch("bytes", value) }
    }
    fn pg(row: &tokio_postgres::Row, i: usize) -> Result<Self> {
        pg_get(row, i)
    }
}

impl Col for Id {
    fn lite(value: ValueRef<'_>) -> Result<Self> {
        i64::lite(value).map(Id)
    }
    fn pg(row: &tokio_postgres::Row, i: usize) -> Result<Self> {
        i64::pg(row, i).map(Id)
    }
}

impl Col for Timestamp {
    fn lite(value: ValueRef<'_>) -> Result<Self> {
        i64::lite(value).map(Timestamp)
    }
    fn pg(row: &tokio_postgres::Row, i: usize) -> Result<Self> {
        i64::pg(row, i).map(Timestamp)
    }
}

impl Col for Day {
    fn lite(value: ValueRef<'_>) -> Result<Self> {
        text(value)?.parse().map_err(Error::internal)
    }
    fn pg(row: &tokio_postgres::Row, i: usize) -> Result<Self> {
        String::pg(row, i)?.parse().map_err(Error::internal)
    }
}

impl<T: serde::de::DeserializeOwned> Col for Json<T> {
    fn lite(value: ValueRef<'_>) -> Result<Self> {
        serde_json::from_str(text(value)?).map(Json).map_err(|e| Error::internal(format!("reading JSON: {e}")))
    }
    fn pg(row: &tokio_postgres::Row, i: usize) -> Result<Self> {
        if *row.columns()[i].type_() == Type::TEXT {
            let text: String = pg_get(row, i)?;
            return serde_json::from_str(&text).map(Json).map_err(|e| Error::internal(format!("reading JSON: {e}")));
        }
        let value: serde_json::Value = pg_get(row, i)?;
        serde_json::from_value(value).map(Json).map_err(|e| Error::internal(format!("reading JSON: {e}")))
    }
}

impl<T: Col> Col for Option<T> {
    fn lite(value: ValueRef<'_>) -> Result<Self> {
        if matches!(value, ValueRef::Null) { Ok(None) } else { T::lite(value).map(Some) }
    }
    fn pg(row: &tokio_postgres::Row, i: usize) -> Result<Self> {
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
    fn from_row(row: &Row<'_>) -> Result<Self>;
}

macro_rules! from_row {
    ($($name:ident $i:tt),+) => {
        impl<$($name: Col),+> FromRow for ($($name,)+) {
            fn from_row(row: &Row<'_>) -> Result<Self> {
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
