//! Laws that hold over the schema of every module.

use store::Reader;
use store::schema::{self, Index, Kind, Table};
use types::Result;

/// Every foreign key has an index that begins with its columns; answers those that have none.
/// A partial index counts when it leaves out only rows that refer to nothing.
pub fn foreign_keys_are_indexed(reader: &mut Reader<'_>) -> Result<Vec<String>> {
    let mut broken = Vec::new();
    for table in schema::tables(reader)? {
        for reference in &table.references {
            if !table.indexes.iter().any(|index| serves(index, &reference.columns)) {
                broken.push(format!(
                    "{}({}) refers to {} without an index",
                    table.name,
                    reference.columns.join(", "),
                    reference.table
                ));
            }
        }
    }
    Ok(broken)
}

fn serves(index: &Index, columns: &[String]) -> bool {
    let leads =
        index.columns.len() >= columns.len() && columns.iter().all(|c| index.columns[..columns.len()].contains(c));
    let whole = match &index.condition {
        None => true,
        Some(condition) => columns.iter().any(|column| *condition == format!("{column} IS NOT NULL")),
    };
    leads && whole
}

/// Every table has a primary key, without which a backup has no order; answers those that have none.
pub fn tables_have_keys(reader: &mut Reader<'_>) -> Result<Vec<String>> {
    let tables = schema::tables(reader)?;
    Ok(tables.into_iter().filter(|table| table.key.is_empty()).map(|table| table.name).collect())
}

/// Both engines have the same tables, columns, nullability, kinds, keys, references and indexes; answers what differs.
pub fn same_schema(sqlite: &[Table], postgres: &[Table]) -> Vec<String> {
    let mut broken = Vec::new();
    let names = |tables: &[Table]| tables.iter().map(|t| t.name.clone()).collect::<Vec<_>>();
    if names(sqlite) != names(postgres) {
        broken.push(format!("tables: SQLite {:?}, PostgreSQL {:?}", names(sqlite), names(postgres)));
    }
    for lite in sqlite {
        let Some(pg) = postgres.iter().find(|t| t.name == lite.name) else { continue };
        let (a, b) = (plain(lite), plain(pg));
        for (lite_fact, pg_fact) in a
            .iter()
            .filter(|f| !b.contains(f))
            .map(|f| (Some(f), None))
            .chain(b.iter().filter(|f| !a.contains(f)).map(|f| (None, Some(f))))
        {
            match (lite_fact, pg_fact) {
                (Some(fact), _) => broken.push(format!("{}: only SQLite has {fact}", lite.name)),
                (_, Some(fact)) => broken.push(format!("{}: only PostgreSQL has {fact}", lite.name)),
                _ => {}
            }
        }
    }
    broken
}

/// The facts of a table in words that are equal where the engines mean the same.
fn plain(table: &Table) -> Vec<String> {
    let mut facts = vec![format!("key {:?}", table.key)];
    facts.extend(table.columns.iter().enumerate().map(|(place, column)| {
        // SQLite keeps JSON as text.
        let kind = if column.kind == Kind::Json { Kind::Text } else { column.kind };
        format!("column {place} {} {kind:?} {}", column.name, if column.nullable { "NULL" } else { "NOT NULL" })
    }));
    facts.extend(table.references.iter().map(|r| format!("reference {:?} to {}", r.columns, r.table)));
    facts.extend(table.indexes.iter().map(|i| {
        let partial = if i.condition.is_some() { " partial" } else { "" };
        format!("index {:?}{}{partial}", i.columns, if i.unique { " unique" } else { "" })
    }));
    facts
}
