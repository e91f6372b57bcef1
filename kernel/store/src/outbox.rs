//! The outbox: events that listeners get after commit, at least once, in order per record.

use crate::in_list::in_list;
use crate::params;
use crate::pulse::Backlog;
use crate::reader::Reader;
use crate::store::Store;
use crate::tx::Tx;
use crate::value::Json;
use types::{Id, Result};

/// An event on its way.
#[derive(Debug, Clone)]
pub struct Event {
    pub id: Id,
    /// Name and version, e.g. `dossiers.received.v1`.
    pub name: String,
    pub record: Id,
    pub payload: serde_json::Value,
}

/// Someone who listens to events of one name. It must bear hearing an event twice.
#[derive(Clone, Copy)]
pub struct Listener {
    /// Name and version of the event.
    pub event: &'static str,
    /// Who listens, for the log.
    pub name: &'static str,
    /// Does the work in the transaction that marks the event as heard.
    pub hear: fn(&mut Tx<'_>, &Event) -> Result<()>,
}

/// How many events one round takes.
const ROUND: i64 = 1000;
/// The pause after a failure doubles up to this.
const PAUSE_SECONDS_MAX: i64 = 3600;

/// Delivers waiting events, the oldest of each record first; answers how many were delivered.
/// Run under the `outbox` lease by one node at a time.
pub fn deliver(store: &Store, listeners: &'static [Listener]) -> Result<usize> {
    let now = store.now();
    let waiting: Vec<(Id, String, Id, Json<serde_json::Value>, i64)> = store.read_blocking(move |r| {
        r.all(
            "SELECT id, event, record_id, payload, tries FROM outbox o
             WHERE done_at IS NULL AND next_try_at <= $1
               AND id = (SELECT min(id) FROM outbox p WHERE p.record_id = o.record_id AND p.done_at IS NULL)
             ORDER BY id LIMIT $2",
            params![now, ROUND],
        )
    })?;
    let is_heard = |name: &str| listeners.iter().any(|listener| listener.event == name);
    let unheard: Vec<Id> = waiting.iter().filter(|(_, name, ..)| !is_heard(name)).map(|(id, ..)| *id).collect();
    let mut delivered = pass_by(store, unheard)?;
    for (id, name, record, Json(payload), tries) in waiting.into_iter().filter(|(_, name, ..)| is_heard(name)) {
        let event = Event { id, name, record, payload };
        match deliver_one(store, listeners, &event) {
            Ok(()) => delivered += 1,
            Err(error) => {
                tracing::warn!(event = %event.name, %record, context = error.inward(), "a listener failed; it will be tried again");
                let pause = (1_i64 << tries.clamp(0, 12)).min(PAUSE_SECONDS_MAX);
                let command = store.system_command("store.outbox-again", 1);
                let next = command.at.plus_seconds(pause);
                store.write_blocking(command, move |tx| {
                    tx.not_audited("a delivery that will be tried again changes nothing");
                    tx.exec_counted(
                        "UPDATE outbox SET tries = tries + 1, next_try_at = $1 WHERE id = $2",
                        params![next, id],
                    )
                })?;
            }
        }
    }
    Ok(delivered)
}

/// Events on their way: those that nobody has delivered yet, or whose listener fails.
pub fn open(reader: &mut Reader<'_>) -> Result<Backlog> {
    Backlog::of(reader, "SELECT count(*), min(id) FROM outbox WHERE done_at IS NULL")
}

/// Marks events that nobody listens to, all in one write; answers how many.
fn pass_by(store: &Store, events: Vec<Id>) -> Result<usize> {
    if events.is_empty() {
        return Ok(0);
    }
    let command = store.system_command("store.outbox-unheard", 1);
    let passed = store.write_blocking(command, move |tx| {
        tx.not_audited("nobody heard of it");
        let mut values = params![tx.at()].to_vec();
        let list = in_list(2, &events, &mut values);
        tx.exec_counted(&format!("UPDATE outbox SET done_at = $1 WHERE done_at IS NULL AND id IN ({list})"), &values)
    })?;
    Ok(usize::try_from(passed).unwrap_or(usize::MAX))
}

fn deliver_one(store: &Store, listeners: &'static [Listener], event: &Event) -> Result<()> {
    let command = store.system_command("store.deliver", 64);
    let event = event.clone();
    store.write_blocking(command, move |tx| {
        tx.not_audited("listeners audit what they change");
        // First, so that a second deliverer waits here and then finds nothing to do.
        let at = tx.at();
        if tx.exec_counted("UPDATE outbox SET done_at = $1 WHERE id = $2 AND done_at IS NULL", params![at, event.id])?
            == 0
        {
            return Ok(());
        }
        for listener in listeners.iter().filter(|l| l.event == event.name) {
            (listener.hear)(tx, &event).map_err(|e| e.while_doing(listener.name))?;
        }
        Ok(())
    })
}
