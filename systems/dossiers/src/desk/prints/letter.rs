//! The data of forms 02 to 05, each from the event that it is about.

use super::{Source, authority, heads, receipt};
use crate::event::{Event, Particulars};
use crate::own_form::{FormKind, OwnForm};
use crate::verbs::send_form::MaySign;
use print::forms::{AgencyHead, Copy, Letter, LetterData, ProcedureName, ReceiptData, Signatory};
use print::{Job, Page as Sheet};
use types::{Error, Result, Timestamp};

/// The print job of a form: to be signed electronically by `signatory`, or by hand.
///
/// # Errors
/// `Internal` for an event that lacks what its form says.
pub fn job(source: &Source, form: &OwnForm, signatory: Option<Signatory>) -> Result<Job> {
    let job = match form.kind {
        FormKind::Receipt => {
            let copies = if signatory.is_some() { vec![Copy::Electronic] } else { vec![Copy::Party] };
            let data = ReceiptData { copies, ..receipt::data(source) };
            data.job(Sheet::A4, source.opened.dossier.received_at)
        }
        _ => data(source, form, signatory)?.job(Sheet::A4, form.event.at),
    };
    job.map_err(Error::from)
}

/// The block below which somebody signs a form of the dossier.
pub fn signatory(source: &Source, signs: &MaySign) -> Signatory {
    let agency = heads::head(&source.opened.tree, source.opened.dossier.unit).agency;
    let (authority, post) = authority::block(&agency, (signs.kind, &signs.post));
    Signatory { authority, post, name: signs.name.clone() }
}

/// Fills a letter.
pub fn data(source: &Source, form: &OwnForm, signatory: Option<Signatory>) -> Result<LetterData> {
    let (d, tree, event) = (&source.opened.dossier, &source.opened.tree, &form.event);
    let definition = &source.opened.procedure.definition;
    Ok(LetterData {
        demo: source.settings.demo,
        // It is the agency that writes, and not its counter.
        head: AgencyHead { counter: None, ..heads::head(tree, d.unit) },
        place: heads::place(tree, d.unit),
        at: event.at,
        dossier_code: d.code.clone(),
        counter: heads::counter(tree, d.unit),
        party: receipt::party(d),
        procedure: ProcedureName { code: definition.code.clone(), title: definition.name.clone() },
        request: Some(d.summary.clone()).filter(|summary| summary != definition.short_name()),
        received_at: d.received_at,
        due_at: due_then(event)?.unwrap_or(d.due_at),
        officer: source.people.officer(event.officer).map(ToOwned::to_owned),
        signatory,
        tracking: receipt::tracking(source),
        letter: letter(form)?,
    })
}

/// When the result was due at the time of the event: a stop moves it afterwards. Refusals and stops for good say nothing of it.
fn due_then(event: &Event) -> Result<Option<Timestamp>> {
    match (FormKind::of(event.kind), &event.particulars) {
        (_, Some(Particulars::Apology { due_at, .. } | Particulars::Due { due_at })) => Ok(Some(*due_at)),
        (Some(FormKind::Receipt | FormKind::Supplement | FormKind::Apology), _) => {
            Err(Error::internal("an event that does not say when the result was due"))
        }
        _ => Ok(None),
    }
}

fn letter(form: &OwnForm) -> Result<Letter> {
    let lacking = || Error::internal("an event without what its form says");
    let text = form.event.text.as_deref().ok_or_else(lacking)?;
    let lines: Vec<String> = text.lines().map(str::trim).filter(|line| !line.is_empty()).map(unnumbered).collect();
    Ok(match (form.kind, &form.event.particulars) {
        (FormKind::Supplement, _) => Letter::Supplement { things: lines },
        (FormKind::Refusal, _) => Letter::Refusal { reasons: lines },
        (FormKind::Apology, Some(Particulars::Apology { at_fault, new_due_at, .. })) => {
            Letter::Apology { reasons: lines, at_fault: at_fault.clone(), new_due_at: *new_due_at }
        }
        (FormKind::Stop, particulars) => {
            let refund = match particulars {
                Some(Particulars::Stop { refund }) => Some(*refund),
                _ => None,
            };
            Letter::Stop { reasons: lines, refund }
        }
        (FormKind::Receipt | FormKind::Apology, _) => return Err(lacking()),
    })
}

/// A line without the number or dash that people begin it with: the form numbers its lines itself.
fn unnumbered(line: &str) -> String {
    let bare = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let numbered = bare.len() < line.len() && line.len() - bare.len() <= 2;
    let rest = if numbered { bare.strip_prefix(['.', ')']).and_then(|rest| rest.strip_prefix(' ')) } else { None };
    let rest = rest.or_else(|| line.strip_prefix("- ")).or_else(|| line.strip_prefix("+ "));
    rest.map_or(line, str::trim).to_owned()
}

#[cfg(test)]
mod tests {
    use super::unnumbered;

    #[test]
    fn lines_lose_the_numbers_that_people_give_them_and_nothing_else() {
        for (typed, kept) in [
            ("1. Giấy chứng sinh", "Giấy chứng sinh"),
            ("12) Tờ khai", "Tờ khai"),
            ("- Văn bản ủy quyền", "Văn bản ủy quyền"),
            ("02 bản chụp sổ đỏ", "02 bản chụp sổ đỏ"),
            ("2026. Năm", "2026. Năm"),
            ("1.001193 là mã thủ tục", "1.001193 là mã thủ tục"),
            ("Giấy 1. Bản chính", "Giấy 1. Bản chính"),
        ] {
            assert_eq!(unnumbered(typed), kept);
        }
    }
}
