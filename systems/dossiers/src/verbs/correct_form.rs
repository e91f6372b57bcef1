//! The words of a form of our own are put right before anybody signs it: a leader refused it, or its writer saw a mistake. The
//! timeline keeps both versions; the form is typeset from the newest.

use crate::dossier;
use crate::event::{self, EventKind, NewEvent, Particulars};
use crate::own_form::{self, FormKind, OwnForm};
use crate::verbs::{Acting, apologise, audit, end, send_form, words};
use serde_json::json;
use store::{Tx, params};
use types::{Day, Error, Id, Result};

/// A new version of what a form says; what its kind does not say is not looked at.
#[derive(Debug, Clone)]
pub struct Correct {
    pub event: Id,
    pub words: String,
    pub at_fault: String,
    /// The new day of an apology.
    pub day: Option<Day>,
    pub refund: Option<u64>,
}

/// Whether somebody wrote the words of a form of this kind.
pub fn has_words(kind: FormKind) -> bool {
    kind != FormKind::Receipt
}

/// Puts the words of a form right, while no document of it waits or is sealed. The caller has checked that the actor may.
pub fn correct(tx: &mut Tx<'_>, acting: &Acting, new: &Correct) -> Result<()> {
    let text = words::lines("words", &new.words)?;
    if text.is_empty() {
        return Err(Error::invalid("words", "Hãy ghi nội dung; công dân đọc được nội dung này."));
    }
    let dossier = dossier::lock(tx, &acting.code, acting.revision)?;
    let form = own_form::one(tx, dossier.id, new.event)?;
    if !has_words(form.kind) {
        return Err(Error::conflict("Giấy tiếp nhận lập từ thông tin của hồ sơ, không có nội dung để sửa."));
    }
    send_form::may_be_sent(tx, &dossier, &form)?;
    let particulars = particulars(tx, acting, (&dossier, &form), new)?;
    let correction = Particulars::Correction { event: form.event.id, particulars: particulars.clone().map(Box::new) };
    let event = NewEvent { text: Some(&text), particulars: Some(&correction), ..NewEvent::default() };
    event::add(tx, dossier.id, EventKind::FormCorrected, &event)?;
    if form.kind == FormKind::Supplement {
        // What the party reads on its page is what the form asks for.
        tx.exec(
            "UPDATE dossier_stop SET reason = $1 WHERE dossier_id = $2 AND to_at IS NULL",
            params![&text, dossier.id],
        )?;
    }
    // Whoever has the old words before them, to be sent or put right, is told that they changed.
    dossier::set_status(tx, &dossier, dossier.status)?;
    audit(tx, "dossiers.correct-form", &dossier, json!({ "form": form.kind.number(), "event": form.event.id }))
}

/// What the form says beyond words now.
fn particulars(
    tx: &mut Tx<'_>,
    acting: &Acting,
    (dossier, form): (&dossier::Dossier, &OwnForm),
    new: &Correct,
) -> Result<Option<Particulars>> {
    match (form.kind, &form.event.particulars) {
        (FormKind::Apology, Some(Particulars::Apology { due_at, late, .. })) => {
            let at_fault = apologise::at_fault(&new.at_fault)?;
            let day = new.day.ok_or_else(|| Error::invalid("day", "Ghi đủ ngày, tháng, năm hẹn lại."))?;
            let new_due_at = apologise::new_due_at(acting, dossier, (day, tx.at()))?;
            Ok(Some(Particulars::Apology { at_fault, due_at: *due_at, new_due_at, late: *late }))
        }
        (FormKind::Stop, _) => {
            end::check_refund(new.refund)?;
            Ok(new.refund.map(|refund| Particulars::Stop { refund }))
        }
        (_, before) => Ok(before.clone()),
    }
}
