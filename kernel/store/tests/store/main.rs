//! The store on both engines: the same statements, the same answers, the same failures.

mod asking;
mod auditing;
mod commands;
mod counting;
mod delivering;
mod encrypted;
mod failures;
mod laws;
mod lost_answer;
mod measuring;
mod migrations;
mod postgres;
mod pulse;
mod revisions;
mod searching;
mod sql;

use serde_json::json;
use store::migrate::{Migration, ModuleMigrations};
use store::{Actor, AuditEntry, Command, Store, Tx, params};
use types::{Id, Result};

/// A module as small as one can be: things with parts.
const THINGS: ModuleMigrations = ("things", &[Migration::new(1, "create_things", include_str!("things.sql"))]);

const OFFICER: Actor = Actor::Officer { id: Id(71), on_behalf_of: None };

/// Puts a thing and tells the audit of it; what most tests write.
fn put(tx: &mut Tx<'_>, name: &str) -> Result<Id> {
    let id = tx.id()?;
    tx.exec("INSERT INTO thing (id, name, done) VALUES ($1, $2, $3)", params![id, name, false])?;
    tx.audit(&AuditEntry {
        action: "things.put",
        entity: "thing",
        entity_id: id,
        unit: None,
        detail: json!({"n": 1}),
    })?;
    Ok(id)
}

fn command(store: &Store) -> Command {
    store.command(testkit::fresh_command(), "things.put", OFFICER)
}

/// Names of all things, in the order of their ids.
fn names(store: &Store) -> Vec<String> {
    let rows: Vec<(String,)> = store.read_blocking(|r| r.all("SELECT name FROM thing ORDER BY id", params![])).unwrap();
    rows.into_iter().map(|(name,)| name).collect()
}

fn count(store: &Store, table: &str) -> i64 {
    store.read_blocking(|r| r.one::<(i64,)>(&format!("SELECT count(*) FROM {table}"), params![])).unwrap().0
}
