//! A form of our own goes to be signed, and is taken back.

use crate::access;
use crate::dossier::{self, Dossier};
use crate::event::{self, EventKind, NewEvent};
use crate::own_form::{self, FormKind, OwnForm};
use crate::verbs::{Acting, audit, words};
use calendar::Takes;
use directory::PostKind;
use files::Kept;
use serde_json::json;
use signatures::document::{self, Sent, State};
use signatures::look::Spot;
use signatures::{SIGNATURES_SEAL, SIGNATURES_SIGN_OWN};
use store::{Reader, Tx};
use types::{Error, Id, Result};
use web::Who;

/// The working hours in which a form is to be signed and sealed.
const SIGNED_WITHIN_HOURS: u32 = 8;

/// Somebody who may sign a form: the officer, the post in which, and both names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MaySign {
    pub officer: Id,
    pub name: String,
    pub post: String,
    pub post_id: Id,
    pub kind: PostKind,
}

/// Who may sign a form of a dossier: the receipt whoever received it, the others those who lead. None where nobody has the
/// right.
pub fn signers(
    reader: &mut Reader<'_>,
    tree: &directory::UnitTree,
    (dossier, kind): (&Dossier, FormKind),
) -> Result<Vec<MaySign>> {
    let mut posts = directory::post::permitted(reader, tree, dossier.unit, SIGNATURES_SIGN_OWN.name)?;
    if kind != FormKind::Receipt {
        posts.retain(|post| matches!(post.kind, PostKind::Leader | PostKind::Head));
        // As a rule a leader signs.
        posts.sort_by_key(|post| post.kind != PostKind::Leader);
    }
    let of = |post: &directory::Post| {
        let one = |(officer, name): &(Id, String)| MaySign {
            officer: *officer,
            name: name.clone(),
            post: post.title.clone(),
            post_id: post.id,
            kind: post.kind,
        };
        post.holders.iter().map(one).collect::<Vec<_>>()
    };
    let mut all: Vec<MaySign> = posts.iter().flat_map(of).collect();
    if kind == FormKind::Receipt {
        all.retain(|one| Some(one.officer) == dossier.received_by);
        all.truncate(1);
    }
    Ok(all)
}

/// The posts that may seal for a dossier's unit: clerks first, since sealing is their work.
pub fn sealers(reader: &mut Reader<'_>, tree: &directory::UnitTree, dossier: &Dossier) -> Result<Vec<directory::Post>> {
    let mut posts = directory::post::permitted(reader, tree, dossier.unit, SIGNATURES_SEAL.name)?;
    posts.sort_by_key(|post| post.kind != PostKind::Clerk);
    Ok(posts)
}

/// The post in which `who` may send the forms of a dossier and take them back: that which holds the open step, or one that
/// receives for its unit; whoever made the event does so in the post that handles. None for others.
pub fn acting_post(
    who: &Who,
    tree: &directory::UnitTree,
    held: Option<&records::Task>,
    (dossier, form): (&Dossier, &OwnForm),
) -> Option<Option<Id>> {
    let officer = who.officer.as_ref()?.id;
    if let Some(task) = held.filter(|task| task.waits_for(&who.post_ids(), officer)) {
        return Some(task.post);
    }
    let receives = access::granting_post(who, tree, &crate::DOSSIERS_RECEIVE, dossier.unit);
    let handles = || access::granting_post(who, tree, &crate::DOSSIERS_HANDLE, dossier.unit);
    receives.or_else(|| handles().filter(|_| form.event.officer == Some(officer))).map(Some)
}

/// What is sent: the typeset form with its places, and who signs it.
#[derive(Debug, Clone)]
pub struct SendForm {
    pub event: Id,
    pub file: Kept,
    pub spot: Spot,
    pub signs: MaySign,
    /// The post that numbers and seals it.
    pub seals: Id,
}

/// Sends a form of the dossier to be signed. The caller has checked that the actor may, and typeset it from the dossier as it was at
/// the revision that `acting` names.
pub fn send(tx: &mut Tx<'_>, acting: &Acting, new: &SendForm) -> Result<()> {
    let dossier = dossier::lock(tx, &acting.code, acting.revision)?;
    let form = own_form::one(tx, dossier.id, new.event)?;
    may_be_sent(tx, &dossier, &form)?;
    if !signers(tx, &acting.tree, (&dossier, form.kind))?.contains(&new.signs) {
        return Err(Error::invalid(
            "signs",
            "Người được chọn không ký được giấy tờ này. Hãy tải lại trang rồi chọn lại.",
        ));
    }
    if !sealers(tx, &acting.tree, &dossier)?.iter().any(|post| post.id == new.seals) {
        return Err(Error::invalid("seals", "Vị trí được chọn không đóng dấu được. Hãy tải lại trang rồi chọn lại."));
    }
    let (at, file) = (tx.at(), files::enter(tx, &new.file)?);
    let due_at = calendar::due(&acting.calendar, at, Takes::working_hours(SIGNED_WITHIN_HOURS), &[]);
    let subject = if dossier.restricted {
        acting.definition.name.clone()
    } else {
        format!("{} – {}", dossier.summary, dossier.applicant.name)
    };
    // Who seals may see no restricted dossier: they come to the document itself.
    let link = Some(format!("/ho-so/{}/giay-to/{}", dossier.code, form.event.id)).filter(|_| !dossier.restricted);
    let sent = Sent {
        code: &format!("{}/{}{}", dossier.code, form.kind.number(), place(tx, &dossier, &form)?),
        subject: &subject,
        link: link.as_deref(),
        restricted: dossier.restricted,
        unit: dossier.unit,
        title: form.kind.title(),
        file,
        spot: new.spot,
        signs: new.signs.officer,
        signs_in: new.signs.post_id,
        seals: new.seals,
        due_at: due_at.map_err(crate::due::told)?,
    };
    let id = document::send(tx, &sent)?;
    event::set_document(tx, form.event.id, id)?;
    let told = NewEvent { text: Some(form.kind.title()), file: Some(file), ..NewEvent::default() };
    event::add(tx, dossier.id, EventKind::Submitted, &told)?;
    audit(
        tx,
        "dossiers.send-form",
        &dossier,
        json!({ "form": form.kind.number(), "event": form.event.id, "document": id }),
    )
}

/// Which of several of its kind it is, where there are several: `.2` for the second request.
fn place(reader: &mut Reader<'_>, dossier: &Dossier, form: &OwnForm) -> Result<String> {
    let events = event::of_dossier(reader, dossier.id)?;
    let before = events.iter().filter(|event| event.kind == form.event.kind && event.id < form.event.id).count();
    Ok(if before == 0 { String::new() } else { format!(".{}", before + 1) })
}

/// Whether a form can go to be signed now.
///
/// # Errors
/// `Conflict` when it was sent already, or what it says is not so any more.
pub fn may_be_sent(reader: &mut Reader<'_>, dossier: &Dossier, form: &OwnForm) -> Result<()> {
    if form.sealed().is_some() {
        return Err(Error::conflict("Giấy tờ này đã ký và đóng dấu, không trình ký lần nữa."));
    }
    if form.waits().is_some() {
        return Err(Error::conflict(
            "Giấy tờ này đang chờ ký hoặc chờ đóng dấu. Muốn trình lại thì rút bản đang trình trước.",
        ));
    }
    let (events, stops) = (event::of_dossier(reader, dossier.id)?, dossier::stops(reader, dossier.id)?);
    match own_form::stale(form, dossier, (&stops, &events)) {
        Some(why) => Err(Error::conflict(why)),
        None => Ok(()),
    }
}

/// Takes a form back that was sent; a sealed one only by whoever may seal for the unit.
pub fn take_back(tx: &mut Tx<'_>, acting: &Acting, (event, reason): (Id, &str), may_seal: bool) -> Result<()> {
    let reason = words::line("reason", reason)?;
    if reason.is_empty() {
        return Err(Error::invalid("reason", "Hãy ghi lý do rút."));
    }
    let dossier = dossier::lock(tx, &acting.code, None)?;
    let form = own_form::one(tx, dossier.id, event)?;
    let document = form.document.filter(|document| document.state != State::Withdrawn);
    let document = document.ok_or_else(|| Error::conflict("Giấy tờ này không còn ở nơi ký. Hãy tải lại trang."))?;
    if document.state == State::Sealed && !may_seal {
        return Err(Error::forbidden("Giấy tờ đã đóng dấu chỉ do người đóng dấu rút."));
    }
    own_form::withdraw(tx, (dossier.id, form.kind), (&document, &reason))?;
    audit(tx, "dossiers.take-form-back", &dossier, json!({ "form": form.kind.number(), "document": document.id }))
}
