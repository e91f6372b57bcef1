//! Notes: what an officer writes down for the others, without moving the dossier; and taking it over.

use crate::dossier;
use crate::event::{self, EventKind, NewEvent};
use crate::status::Status;
use crate::verbs::{Acting, InHand, audit, words};
use serde_json::json;
use store::Tx;
use types::{Error, Id, Result};

/// Adds a note, perhaps with a file. Whoever may see the dossier may write one; the caller has checked that.
pub fn note(tx: &mut Tx<'_>, code: &str, text: &str, file: Option<Id>) -> Result<()> {
    let text = words::lines("text", text)?;
    if text.is_empty() {
        return Err(Error::invalid("text", "Hãy ghi nội dung ghi chú."));
    }
    let dossier = dossier::lock(tx, code, None)?;
    event::add(tx, dossier.id, EventKind::Noted, &NewEvent { text: Some(&text), file, ..NewEvent::default() })?;
    audit(tx, "dossiers.note", &dossier, json!({ "characters": text.chars().count(), "file": file }))
}

/// Takes a received dossier over: from now on it is being worked on, and the party sees so.
pub fn take(tx: &mut Tx<'_>, acting: &Acting) -> Result<()> {
    let InHand { mut dossier, task } = acting.take_up(tx)?;
    super::check_move(&dossier, Status::InProgress)?;
    super::begin_if_waiting(tx, &mut dossier, &task.step)?;
    audit(tx, "dossiers.take", &dossier, json!({ "step": task.step }))
}
