//! Delivering: the party has the result in hand.

use crate::dossier;
use crate::event::{self, EventKind, NewEvent};
use crate::status::Status;
use crate::verbs::{Acting, InHand, audit, check_move, moment, words};
use records::task;
use serde_json::json;
use store::{Tx, params};
use types::{Error, Id, Result};

/// Hands the result over to `receiver`, who signs for it.
pub fn deliver(tx: &mut Tx<'_>, acting: &Acting, receiver: &str) -> Result<()> {
    let receiver = words::line("receiver", receiver)?;
    if receiver.is_empty() {
        return Err(Error::invalid("receiver", "Hãy ghi họ tên người nhận kết quả."));
    }
    let InHand { dossier, task: held } = acting.take_up(tx)?;
    check_move(&dossier, Status::Delivered)?;
    let at = moment(tx, &dossier)?;
    // Only what was not replaced is handed out; the audit says what that was.
    let handed: Vec<Id> = dossier::results(tx, dossier.id)?.into_iter().map(|result| result.id).collect();
    task::close(tx, held.id, "delivered")?;
    tx.exec(
        "UPDATE dossier SET status = $1, delivered_at = $2, delivered_to = $3, revision = revision + 1 WHERE id = $4",
        params![Status::Delivered.number(), at, &receiver, dossier.id],
    )?;
    crate::counting::delivered(tx, &dossier, at)?;
    let event = NewEvent { from_step: Some(&held.step), text: Some(&receiver), ..NewEvent::default() };
    event::add(tx, dossier.id, EventKind::Delivered, &event)?;
    audit(tx, "dossiers.deliver", &dossier, json!({ "results": handed }))?;
    tx.publish("dossiers.delivered.v1", dossier.id, &json!({ "id": dossier.id }))
}
