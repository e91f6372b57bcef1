//! Writing: what a closure inside [`crate::Store::write`] may do.

use crate::audit::AuditEntry;
use crate::command::{Actor, Command};
use crate::deltas::Counted;
use crate::engine::Engine;
use crate::params;
use crate::reader::Reader;
use crate::value::{Json, Val};
use std::ops::{Deref, DerefMut};
use types::id::IdBlock;
use types::{Day, Error, Id, Result, Timestamp};

/// A write in progress. It reads like a [`Reader`]; what it changes stands or falls together.
pub struct Tx<'c> {
    reader: Reader<'c>,
    pub(crate) ids: IdBlock,
    actor: Actor,
    at: Timestamp,
    request: i64,
    pub(crate) audits: Audits,
    excused: bool,
}

/// Which audit entries this write has made, kept with the command so that a missing row is found.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Audits {
    pub count: i64,
    pub first: Option<Id>,
    pub last: Option<Id>,
}

impl<'c> Tx<'c> {
    pub(crate) fn new(reader: Reader<'c>, command: &Command) -> Self {
        Self {
            reader,
            ids: command.ids,
            actor: command.actor,
            at: command.at,
            request: command.request,
            audits: Audits::default(),
            excused: false,
        }
    }

    /// Who acts.
    pub fn actor(&self) -> Actor {
        self.actor
    }

    /// The moment the write counts for; drawn before it began, the same when it runs again.
    pub fn at(&self) -> Timestamp {
        self.at
    }

    /// A new id, from those drawn before the write began.
    pub fn id(&mut self) -> Result<Id> {
        self.ids.draw().ok_or_else(|| Error::internal("the command drew too few ids"))
    }

    /// The id under which caches know this write ([`crate::revision`]).
    pub(crate) fn change(&mut self) -> Result<Id> {
        match self.reader.change {
            Some(change) => Ok(change),
            None => {
                let change = self.id()?;
                Ok(*self.reader.change.insert(change))
            }
        }
    }

    /// Runs a statement that changes rows. On PostgreSQL it goes with the next question or the commit, and what is wrong
    /// with it is told there; a closure that does something about it asks with [`Tx::exec_counted`].
    pub fn exec(&mut self, sql: &str, params: &[Val]) -> Result<()> {
        self.reader.put(sql, params)
    }

    /// Runs a statement that changes rows now, and answers how many.
    pub fn exec_counted(&mut self, sql: &str, params: &[Val]) -> Result<u64> {
        self.reader.run(sql, params)
    }

    /// Locks a record against other writes until this one ends: the first statement of every verb.
    /// SQLite has one writer, so nothing is needed there.
    pub fn lock(&mut self, table: &'static str, id: Id) -> Result<()> {
        if self.engine() == Engine::Postgres {
            self.reader
                .all::<(i64,)>(&format!("SELECT 1::bigint FROM {table} WHERE id = $1 FOR UPDATE"), params![id])?;
        }
        Ok(())
    }

    /// Writes an audit entry in the same transaction.
    pub fn audit(&mut self, entry: &AuditEntry<'_>) -> Result<()> {
        let id = self.id()?;
        let (actor, at, request) = (self.actor, self.at, self.request);
        self.exec(
            "INSERT INTO audit (id, at, actor_kind, actor_id, on_behalf_of, action, entity, entity_id, unit_id, detail, request)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            params![
                id, at, actor.kind(), actor.officer(), actor.on_behalf_of(), entry.action, entry.entity,
                entry.entity_id, entry.unit, entry.detail.to_string(), request
            ],
        )?;
        self.audits.count += 1;
        self.audits.first.get_or_insert(id);
        self.audits.last = Some(id);
        Ok(())
    }

    /// Publishes an event; listeners get it after commit, at least once, in order per record.
    pub fn publish<T: serde::Serialize>(&mut self, event: &str, record: Id, payload: &T) -> Result<()> {
        let (id, at) = (self.id()?, self.at);
        self.exec(
            "INSERT INTO outbox (id, event, record_id, payload, at, next_try_at) VALUES ($1, $2, $3, $4, $5, $5)",
            params![id, event, record, Json(payload), at],
        )?;
        Ok(())
    }

    /// Counts `amount` (+1 or -1) of `measure` on `day`, for the unit and with the record that `of` names.
    pub fn count(&mut self, measure: &str, of: &Counted, day: Day, amount: i64) -> Result<()> {
        let (id, at) = (self.id()?, self.at);
        self.exec(
            "INSERT INTO delta (id, record_id, unit_id, subject_id, day, measure, amount, recorded_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            params![id, of.record, of.unit, of.subject, day, measure, amount, at],
        )?;
        Ok(())
    }

    /// Says why this write needs no audit entry: it is bookkeeping that changes nothing people know of.
    pub fn not_audited(&mut self, _why: &'static str) {
        self.excused = true;
    }

    /// Whether any row was changed so far.
    pub(crate) fn changed(&mut self) -> Result<bool> {
        self.reader.has_changed()
    }

    /// Whether rows were changed that an audit entry must tell of.
    pub(crate) fn owes_audit(&mut self) -> Result<bool> {
        Ok(self.audits.count == 0 && !self.excused && self.changed()?)
    }
}

impl<'c> Deref for Tx<'c> {
    type Target = Reader<'c>;
    fn deref(&self) -> &Reader<'c> {
        &self.reader
    }
}

impl<'c> DerefMut for Tx<'c> {
    fn deref_mut(&mut self) -> &mut Reader<'c> {
        &mut self.reader
    }
}
