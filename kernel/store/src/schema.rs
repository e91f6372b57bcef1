//! The schema as the database itself tells it, in the same words for both engines; for backups, copies and laws.

mod postgres;
mod sqlite;

use crate::engine::Engine;
use crate::reader::Reader;
use std::collections::HashSet;
use types::Result;

/// A table of ours; views, the text index and what engines keep for themselves are left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    pub name: String,
    /// In the order of their declaration, without generated ones.
    pub columns: Vec<Column>,
    /// The columns of the primary key, in its order; empty when there is none.
    pub key: Vec<String>,
    pub references: Vec<Reference>,
    pub indexes: Vec<Index>,
}

/// One column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub name: String,
    pub kind: Kind,
    /// Whether it may hold NULL; a key column never may.
    pub nullable: bool,
}

/// What a column is declared to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Int,
    Bool,
    Real,
    /// Text, and on SQLite also JSON.
    Text,
    Json,
    Bytes,
}

/// A foreign key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    pub columns: Vec<String>,
    /// The table referred to.
    pub table: String,
}

/// An index or the primary key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Index {
    /// In its order; an expression stands as an empty name.
    pub columns: Vec<String>,
    pub unique: bool,
    /// The condition of a partial index as `column IS NOT NULL`, as the engine writes it without outer brackets.
    pub condition: Option<String>,
}

/// All tables, those referred to before those that refer to them, else by name.
pub fn tables(reader: &mut Reader<'_>) -> Result<Vec<Table>> {
    let mut tables = match reader.engine() {
        Engine::Sqlite => sqlite::tables(reader)?,
        Engine::Postgres => postgres::tables(reader)?,
    };
    for table in &mut tables {
        table.references.sort_by(|a, b| (&a.table, &a.columns).cmp(&(&b.table, &b.columns)));
        table.indexes.sort_by(|a, b| (&a.columns, a.unique).cmp(&(&b.columns, b.unique)));
    }
    Ok(referred_first(tables))
}

/// Orders by references; within a circle the name decides.
fn referred_first(mut waiting: Vec<Table>) -> Vec<Table> {
    waiting.sort_by(|a, b| a.name.cmp(&b.name));
    let mut placed: HashSet<String> = HashSet::new();
    let mut ordered = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let free = |table: &Table| table.references.iter().all(|r| r.table == table.name || placed.contains(&r.table));
        let next = waiting.iter().position(free).unwrap_or(0);
        let table = waiting.remove(next);
        placed.insert(table.name.clone());
        ordered.push(table);
    }
    ordered
}

/// Takes away the brackets and spaces around a condition.
fn bare(condition: &str) -> String {
    let mut condition = condition.trim();
    while let Some(inner) = condition.strip_prefix('(').and_then(|c| c.strip_suffix(')')) {
        condition = inner.trim();
    }
    condition.to_owned()
}
