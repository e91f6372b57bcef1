//! Parameters: one small value type that both drivers accept.

use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use std::error::Error;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use types::{Day, Id, Timestamp};

/// A parameter of a statement.
#[derive(Debug, Clone, PartialEq)]
pub enum Val {
    Null,
    Bool(bool),
    Int(i64),
    Real(f64),
    Text(String),
    Blob(Vec<u8>),
}

impl Val {
    /// What it takes on the wire, roughly.
    pub(crate) fn bytes(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Blob(bytes) => bytes.len(),
            Self::Null | Self::Bool(_) | Self::Int(_) | Self::Real(_) => 8,
        }
    }
}

/// A value kept as JSON text (SQLite) or JSONB (PostgreSQL).
///
/// In SQL `->>` answers text for strings on both; a number or truth value must be cast (`CAST(meta ->> 'n' AS BIGINT)`),
/// since SQLite answers it as what it is and PostgreSQL as text.
#[derive(Debug, Clone, PartialEq)]
pub struct Json<T>(pub T);

/// Builds the parameter list of a statement: `params![id, name, None::<i64>]`.
#[macro_export]
macro_rules! params {
    ($($value:expr),* $(,)?) => { &[$($crate::Val::from($value)),*] };
}

macro_rules! from {
    ($($from:ty => |$value:ident| $make:expr),* $(,)?) => {
        $(impl From<$from> for Val { fn from($value: $from) -> Self { $make } })*
    };
}

from! {
    bool => |v| Val::Bool(v),
    i64 => |v| Val::Int(v),
    i32 => |v| Val::Int(v.into()),
    u32 => |v| Val::Int(v.into()),
    f64 => |v| Val::Real(v),
    &str => |v| Val::Text(v.to_owned()),
    String => |v| Val::Text(v),
    &String => |v| Val::Text(v.clone()),
    Vec<u8> => |v| Val::Blob(v),
    &[u8] => |v| Val::Blob(v.to_vec()),
    Id => |v| Val::Int(v.0),
    &Id => |v| Val::Int(v.0),
    Timestamp => |v| Val::Int(v.0),
    Day => |v| Val::Text(v.to_string()),
}

impl<T: Into<Val>> From<Option<T>> for Val {
    fn from(value: Option<T>) -> Self {
        value.map_or(Val::Null, Into::into)
    }
}

impl<T: serde::Serialize> From<Json<&T>> for Val {
    fn from(value: Json<&T>) -> Self {
        Val::Text(serde_json::to_string(value.0).unwrap_or_else(|_| "null".to_owned()))
    }
}

impl rusqlite::ToSql for Val {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Val::Null => ToSqlOutput::Owned(Value::Null),
            Val::Bool(b) => ToSqlOutput::Owned(Value::Integer((*b).into())),
            Val::Int(i) => ToSqlOutput::Owned(Value::Integer(*i)),
            Val::Real(r) => ToSqlOutput::Owned(Value::Real(*r)),
            Val::Text(s) => ToSqlOutput::Borrowed(ValueRef::Text(s.as_bytes())),
            Val::Blob(b) => ToSqlOutput::Borrowed(ValueRef::Blob(b)),
        })
    }
}

/// Adapts to the type that PostgreSQL inferred for the parameter, so that one SQL text needs no casts.
impl ToSql for Val {
    fn to_sql(&self, ty: &Type, out: &mut bytes::BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match (self, ty) {
            (Val::Null, _) => Ok(IsNull::Yes),
            (Val::Bool(b), &Type::BOOL) => b.to_sql(ty, out),
            (Val::Bool(b), _) => i64::from(*b).to_sql(&Type::INT8, out),
            (Val::Int(i), &Type::INT8) => i.to_sql(ty, out),
            (Val::Int(i), &Type::INT4) => i32::try_from(*i)?.to_sql(ty, out),
            (Val::Int(i), &Type::INT2) => i16::try_from(*i)?.to_sql(ty, out),
            (Val::Int(i), &Type::TEXT) => i.to_string().to_sql(ty, out),
            (Val::Int(_), _) => Err(format!("an integer cannot be given for {ty}").into()),
            (Val::Real(r), _) => r.to_sql(ty, out),
            (Val::Text(s), &Type::JSONB) => {
                out.extend_from_slice(&[1]);
                out.extend_from_slice(s.as_bytes());
                Ok(IsNull::No)
            }
            (Val::Text(s), _) => {
                out.extend_from_slice(s.as_bytes());
                Ok(IsNull::No)
            }
            (Val::Blob(b), _) => {
                out.extend_from_slice(b);
                Ok(IsNull::No)
            }
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}
