//! The store: one SQL text on SQLite (embedded) and PostgreSQL, writes that survive being run twice.
//!
//! What: [`Store::read`] runs a closure over a consistent view; [`Store::write`] runs a re-runnable closure over owned
//! input as one durable command. Order: on SQLite one writer thread runs waiting commands one after another, each in a
//! savepoint, and commits them together before anyone is answered; on PostgreSQL every command is a transaction of its own.
//! Failure: a command that fails leaves nothing; a commit whose outcome cannot be known answers "unknown", and the command
//! id decides when the caller repeats it. Nothing but the database may be touched or awaited inside a closure.
//!
//! Where the engines differ, one small function in this crate knows it (`search`, `migrate`, `engine`).

pub mod audit;
pub mod command;
pub mod deltas;
pub mod engine;
pub mod in_list;
pub mod lease;
mod meter;
pub mod migrate;
pub mod outbox;
mod pg;
pub mod pulse;
mod queue;
mod reader;
pub mod revision;
pub mod row;
pub mod schema;
pub mod search;
pub mod snapshot;
mod sqlite;
mod store;
#[cfg(test)]
mod tests;
mod tx;
pub mod value;

pub use audit::AuditEntry;
pub use command::{Actor, Command, CommandId};
pub use deltas::Counted;
pub use engine::{Engine, Location};
pub use in_list::in_list;
pub use meter::Meter;
pub use migrate::Migration;
pub use pulse::{Backlog, Pulse};
pub use reader::{Reader, statements_run};
pub use row::{Col, FromRow, Row, Values};
pub use sqlite::{READER_CACHE_KIB, WRITER_CACHE_KIB};
pub use store::{Options, Store};
pub use tx::Tx;
pub use value::{Json, Val};
