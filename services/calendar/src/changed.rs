//! What every change of a calendar leaves behind: the revision that caches compare, an audit entry, and an event.

use serde::{Deserialize, Serialize};
use store::{AuditEntry, Reader, Tx, revision};
use types::{Day, Id, Result};

use crate::error::CalendarError;

/// The event of every change; its payload is [`CalendarChanged`], its record the unit (0 for the country).
pub const CALENDAR_CHANGED: &str = "calendar.changed.v1";

/// Whose calendar changed, and from which day on: due times of open dossiers may move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarChanged {
    /// The unit; units below that follow it change too. None: the country.
    pub unit: Option<Id>,
    /// The first day that may differ.
    pub from: Day,
}

/// A change for the audit.
pub(crate) struct Told<'a> {
    pub action: &'a str,
    pub entity: &'a str,
    pub entity_id: Id,
    pub detail: serde_json::Value,
}

/// What the calendars that every node keeps in memory are compared by.
const CALENDAR: &str = "calendar";

/// Notes that a calendar is being changed; other changes wait here until this one ends.
pub(crate) fn begin(tx: &mut Tx<'_>) -> Result<()> {
    revision::changed(tx, CALENDAR)
}

/// The id of the last change; 0 before the first.
pub(crate) fn last(reader: &mut Reader<'_>) -> Result<Id> {
    revision::last(reader, CALENDAR)
}

/// Audits and publishes a change.
pub(crate) fn tell(tx: &mut Tx<'_>, change: CalendarChanged, told: Told<'_>) -> Result<()> {
    let Told { action, entity, entity_id, detail } = told;
    tx.audit(&AuditEntry { action, entity, entity_id, unit: change.unit, detail })?;
    tx.publish(CALENDAR_CHANGED, change.unit.unwrap_or(Id(0)), &change)
}

/// A question to a calendar that cannot be answered is the state of things; its sentence says what to enter.
impl From<CalendarError> for types::Error {
    fn from(error: CalendarError) -> Self {
        Self::conflict(error.to_string())
    }
}
