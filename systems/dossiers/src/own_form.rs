//! Forms of our own about a dossier, each about one event of its timeline: the receipt (01), what is asked for (02), a refusal
//! (03), an apology (04), a stop (05). They are typeset from what is stored, signed through the signatures service, and never
//! say what is not true any more: see [`untrue`].

use crate::dossier::{self, Dossier, DossierStop};
use crate::event::{self, Event, EventKind, NewEvent, Particulars};
use crate::status::Status;
use signatures::document::{self, Document, State};
use std::collections::HashMap;
use store::{Reader, Tx};
use types::{Error, Id, Result, Timestamp};

/// Which form it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormKind {
    Receipt,
    Supplement,
    Refusal,
    Apology,
    Stop,
}

impl FormKind {
    /// The form about an event of this kind.
    pub fn of(kind: EventKind) -> Option<Self> {
        match kind {
            EventKind::Received => Some(Self::Receipt),
            EventKind::SupplementRequested => Some(Self::Supplement),
            EventKind::Refused => Some(Self::Refusal),
            EventKind::Apologised => Some(Self::Apology),
            EventKind::Stopped => Some(Self::Stop),
            _ => None,
        }
    }

    /// Its number in Circular 03/2025/TT-VPCP.
    pub fn number(self) -> &'static str {
        match self {
            Self::Receipt => "01",
            Self::Supplement => "02",
            Self::Refusal => "03",
            Self::Apology => "04",
            Self::Stop => "05",
        }
    }

    /// What people call it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Receipt => "Giấy tiếp nhận hồ sơ và hẹn trả kết quả",
            Self::Supplement => "Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ",
            Self::Refusal => "Phiếu từ chối tiếp nhận giải quyết hồ sơ",
            Self::Apology => "Văn bản xin lỗi và đề nghị gia hạn thời gian giải quyết",
            Self::Stop => "Thông báo dừng giải quyết hồ sơ",
        }
    }

    /// The name of its file, without an ending.
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Receipt => "giay-tiep-nhan",
            Self::Supplement => "phieu-yeu-cau-bo-sung",
            Self::Refusal => "phieu-tu-choi",
            Self::Apology => "van-ban-xin-loi",
            Self::Stop => "thong-bao-dung",
        }
    }
}

/// A form, and how far its signing has come.
#[derive(Debug, Clone)]
pub struct OwnForm {
    pub kind: FormKind,
    pub event: Event,
    /// As it was sent to be signed last; also one that was taken back.
    pub document: Option<Document>,
}

impl OwnForm {
    /// The file with the agency's seal, which is what the form then is.
    pub fn sealed(&self) -> Option<&Document> {
        self.document.as_ref().filter(|document| document.state == State::Sealed)
    }

    /// It waits to be signed or sealed.
    pub fn waits(&self) -> Option<&Document> {
        self.document.as_ref().filter(|document| matches!(document.state, State::Drafted | State::Signed))
    }

    /// Whether the party may have been told: a print may have been signed by hand, and what was sealed once stays said. Only
    /// what was taken back or refused before the seal was never said.
    pub fn may_be_out(&self) -> bool {
        let unsaid = |document: &Document| document.state == State::Withdrawn && document.number.is_none();
        !self.document.as_ref().is_some_and(unsaid)
    }
}

/// The forms of a whole timeline, in its order, each with the newest version of its words.
pub fn of_events(reader: &mut Reader<'_>, events: &[Event]) -> Result<Vec<OwnForm>> {
    let ids: Vec<Id> = events.iter().filter_map(|event| event.document).collect();
    let documents = document::by_ids(reader, &ids)?;
    let mut documents: HashMap<Id, Document> = documents.into_iter().map(|found| (found.id, found)).collect();
    let form = |event: &Event| {
        let document = event.document.and_then(|id| documents.remove(&id));
        Some(OwnForm { kind: FormKind::of(event.kind)?, event: as_corrected(event, events), document })
    };
    Ok(events.iter().filter_map(form).collect())
}

/// The event with what its last correction says.
fn as_corrected(event: &Event, events: &[Event]) -> Event {
    let of_it = events.iter().rev().find_map(|later| match &later.particulars {
        Some(Particulars::Correction { event: of, particulars }) if *of == event.id => Some((later, particulars)),
        _ => None,
    });
    of_it.map_or_else(
        || event.clone(),
        |(correction, particulars)| Event {
            text: correction.text.clone(),
            particulars: particulars.as_deref().cloned(),
            ..event.clone()
        },
    )
}

/// The form about an event of a dossier.
pub fn one(reader: &mut Reader<'_>, dossier: Id, event: Id) -> Result<OwnForm> {
    let events = event::of_dossier(reader, dossier)?;
    let found = of_events(reader, &events)?.into_iter().find(|form| form.event.id == event);
    found.ok_or_else(|| Error::not_found("giấy tờ này"))
}

/// What is said of a request that was met, or that another came after.
pub(crate) const NOT_ASKED: &str = "Hồ sơ không còn chờ giấy tờ mà phiếu này yêu cầu.";

/// Why a form must not be signed any more: what it says is not so, or nobody needs it. Whatever the law has signed already
/// stays, as what was said at its time.
pub fn untrue(event: &Event, dossier: &Dossier, stops: &[DossierStop]) -> Option<&'static str> {
    let ended = dossier.ended_at.is_some();
    match (FormKind::of(event.kind)?, &event.particulars) {
        (FormKind::Receipt, _) if ended && !has_result(dossier.status) => {
            Some("Hồ sơ đã kết thúc mà không có kết quả nên giấy hẹn trả kết quả không còn đúng.")
        }
        (FormKind::Receipt, _) if stops.iter().any(|stop| stop.to.is_some()) => {
            Some("Hạn trả kết quả đã đổi sau khi tạm dừng nên giấy hẹn trả kết quả lúc tiếp nhận không còn đúng.")
        }
        (FormKind::Supplement, _) if dossier.status != Status::SupplementRequested => Some(NOT_ASKED),
        (FormKind::Apology, Some(Particulars::Apology { due_at, .. })) => {
            let is_so = !ended && dossier.due_at == *due_at;
            (!is_so).then_some("Hồ sơ đã có kết quả, đã kết thúc hoặc đã đổi hạn nên lời hẹn lại không còn đúng.")
        }
        _ => None,
    }
}

/// Why a form must be neither signed nor printed any more: it is not true, or another of its kind took its place.
pub fn stale(form: &OwnForm, dossier: &Dossier, (stops, events): (&[DossierStop], &[Event])) -> Option<&'static str> {
    let later = |event: &Event| event.kind == form.event.kind && event.id > form.event.id;
    untrue(&form.event, dossier, stops).or_else(|| match form.kind {
        FormKind::Supplement if events.iter().any(later) => Some(NOT_ASKED),
        FormKind::Apology if events.iter().any(later) => {
            Some("Đã có văn bản xin lỗi, hẹn lại khác thay cho văn bản này.")
        }
        _ => None,
    })
}

/// Whether the party gets it by its link: what is sealed, and the receipt, which says nothing new, as a print while it is so.
/// What nobody has signed yet is no letter of the agency.
pub fn is_for_party(form: &OwnForm, dossier: &Dossier, stops: &[DossierStop]) -> bool {
    let as_print = || form.kind == FormKind::Receipt && untrue(&form.event, dossier, stops).is_none();
    form.sealed().is_some() || as_print()
}

/// When the result is to be had after an apology that the agency has given: signed, sealed, and still so.
pub fn new_due_at(forms: &[OwnForm], dossier: &Dossier, stops: &[DossierStop]) -> Option<Timestamp> {
    forms.iter().rev().filter(|form| form.sealed().is_some()).find_map(|form| match &form.event.particulars {
        Some(Particulars::Apology { new_due_at, .. }) if untrue(&form.event, dossier, stops).is_none() => {
            Some(*new_due_at)
        }
        _ => None,
    })
}

fn has_result(status: Status) -> bool {
    matches!(status, Status::Finished | Status::Delivered)
}

/// After the dossier changed: what waits to be signed and is not true any more is taken back, in the same write. Whoever was
/// about to sign it is told that it changed, and the timeline says why.
pub(crate) fn settle(tx: &mut Tx<'_>, dossier: Id) -> Result<()> {
    let events = event::of_dossier(tx, dossier)?;
    if events.iter().all(|event| event.document.is_none()) {
        return Ok(());
    }
    let forms = of_events(tx, &events)?;
    let stops = dossier::stops(tx, dossier)?;
    let dossier = dossier::by_id(tx, dossier)?.ok_or_else(|| Error::internal("a dossier that is gone"))?;
    for form in forms {
        if let (Some(document), Some(why)) = (form.waits(), untrue(&form.event, &dossier, &stops)) {
            withdraw(tx, (dossier.id, form.kind), (document, why))?;
        }
    }
    Ok(())
}

/// Takes back what was sent, and says so in the timeline.
pub(crate) fn withdraw(
    tx: &mut Tx<'_>,
    (dossier, kind): (Id, FormKind),
    (document, why): (&Document, &str),
) -> Result<()> {
    document::withdraw(tx, document, why)?;
    let told = format!("{}: {why}", kind.title());
    event::add(tx, dossier, EventKind::FormTakenBack, &NewEvent { text: Some(&told), ..NewEvent::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_has_its_own_number_and_file() {
        let kinds = [FormKind::Receipt, FormKind::Supplement, FormKind::Refusal, FormKind::Apology, FormKind::Stop];
        let numbers: Vec<&str> = kinds.iter().map(|kind| kind.number()).collect();
        assert_eq!(numbers, ["01", "02", "03", "04", "05"]);
        for kind in kinds {
            assert!(kind.file_name().is_ascii() && !kind.title().is_empty());
        }
    }
}
