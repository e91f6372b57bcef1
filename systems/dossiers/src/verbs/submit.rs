//! A result that is drafted here is submitted for signing: whoever holds the dossier at the leader's step signs it, the clerk
//! numbers and seals it, and the last step hands it out.

use crate::dossier;
use crate::event::{self, EventKind, NewEvent};
use crate::verbs::{Acting, InHand, audit, begin_if_waiting};
use serde_json::json;
use signatures::document::{self, NewDocument, Role};
use signatures::look::{Kept, Spot};
use store::Tx;
use types::{Error, Id, Result};

/// What is submitted: a PDF that [`signatures::fit_to_sign`] has found fit, and how it is to look.
pub struct Draft<'a> {
    pub title: &'a str,
    pub role: Role,
    pub file: Id,
    pub spot: Spot,
    /// The same file with places for number and date.
    pub kept: Option<(Kept, Id)>,
}

/// Submits it.
pub fn submit(tx: &mut Tx<'_>, acting: &Acting, draft: Draft<'_>) -> Result<()> {
    let Draft { title, role, file, spot, kept } = draft;
    let InHand { mut dossier, task } = acting.take_up(tx)?;
    if !dossier.status.clock_runs() {
        return Err(Error::conflict(format!(
            "Hồ sơ đang ở trạng thái «{}» nên chưa trình ký được.",
            dossier.status.title()
        )));
    }
    begin_if_waiting(tx, &mut dossier, &task.step)?;
    let new = NewDocument { record: dossier.id, unit: dossier.unit, title, role, file, spot, kept };
    let id = document::enter(tx, &new)?;
    dossier::set_status(tx, &dossier, dossier.status)?;
    let event = NewEvent { from_step: Some(&task.step), text: Some(title), file: Some(file), ..NewEvent::default() };
    event::add(tx, dossier.id, EventKind::Submitted, &event)?;
    audit(tx, "dossiers.submit-document", &dossier, json!({ "document": id, "file": file }))
}
