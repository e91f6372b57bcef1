//! The data of form 01.

use super::{Source, heads};
use crate::dossier::{Dossier, Paper};
use crate::event::{Event, EventKind, Particulars};
use crate::procedure::Definition;
use crate::procedure::definition::Channel;
use crate::procedure::requirement::RequirementKind;
use crate::procedure::takes::Takes;
use print::forms::{
    Copy, Delivery, DeliveryWay, PaperForm, Party, ProcedureName, ProcessingTime, ReceiptData, ReceivedPaper, Tracking,
};
use types::Timestamp;

/// Fills form 01.
pub fn data(source: &Source) -> ReceiptData {
    let (d, tree) = (&source.opened.dossier, &source.opened.tree);
    let definition = &source.opened.procedure.definition;
    ReceiptData {
        demo: source.settings.demo,
        unverified: definition.doubts(&[channel(d)], d.case.as_deref()),
        head: heads::head(tree, d.unit),
        number: number(&d.code),
        place: heads::place(tree, d.unit),
        dossier_code: d.code.clone(),
        counter: heads::counter(tree, d.unit),
        party: party(d),
        submitted_by: None,
        procedure: ProcedureName { code: definition.code.clone(), title: definition.name.clone() },
        request: Some(d.summary.clone()).filter(|summary| summary != definition.short_name()),
        papers: papers(d, definition, &source.papers),
        sets: 1,
        processing_time: processing_time(&definition.takes(d.case.as_deref()).takes),
        received_at: d.received_at,
        due_at: promised(source),
        delivery: delivery(source),
        register: None,
        tracking: tracking(source),
        officer: source.people.officer(d.received_by).unwrap_or_default().to_owned(),
        copies: vec![Copy::Counter, Copy::Party],
    }
}

/// When the result was due on receipt: what moved it later is not what the receipt said.
fn promised(source: &Source) -> Timestamp {
    let due = |event: &Event| match event.particulars {
        Some(Particulars::Due { due_at }) if event.kind == EventKind::Received => Some(due_at),
        _ => None,
    };
    source.events.iter().find_map(due).unwrap_or(source.opened.dossier.due_at)
}

/// Whose dossier it is.
pub(super) fn party(d: &Dossier) -> Party {
    let (name, address) = (d.applicant.name.clone(), d.applicant.address.clone());
    Party { name, address, phone: d.applicant.phone.clone(), email: d.applicant.email.clone() }
}

/// How the party follows it.
pub(super) fn tracking(source: &Source) -> Tracking {
    let site = &source.settings.public_url;
    Tracking {
        link: format!("{site}/theo-doi/{}", source.opened.dossier.track_token),
        page: format!("{}/tra-cuu", site.split_once("://").map_or(site.as_str(), |(_, host)| host)),
        lookup_code: "4 số cuối số định danh hoặc điện thoại".to_owned(),
    }
}

fn channel(d: &Dossier) -> Channel {
    Channel::from_code(&d.channel).unwrap_or(Channel::Counter)
}

/// `H55.62.05-261121-0001` is number `261121-0001/TNHS` of its counter.
fn number(code: &str) -> Option<String> {
    let mut parts = code.rsplitn(3, '-');
    let (n, day) = (parts.next()?, parts.next()?);
    Some(format!("{day}-{n}/TNHS"))
}

fn papers(d: &Dossier, definition: &Definition, papers: &[Paper]) -> Vec<ReceivedPaper> {
    let kind = |paper: &Paper| definition.requirements.iter().find(|r| r.code == paper.requirement).map(|r| r.kind);
    let count = |n: i64| u32::try_from(n).unwrap_or(0);
    let mut rows: Vec<ReceivedPaper> = Vec::new();
    let mut add = |requirement: String, form: PaperForm, n: u32| {
        if n == 0 {
            return;
        }
        match rows.iter_mut().find(|row| row.requirement == requirement && row.form == form) {
            Some(row) => row.count += n,
            None => rows.push(ReceivedPaper { requirement, form, count: n }),
        }
    };
    for paper in papers {
        let kind = kind(paper);
        let name = match kind {
            Some(RequirementKind::OriginalToShow) => format!("{} (xuất trình, đã trả lại)", paper.name),
            _ => paper.name.clone(),
        };
        let original = if kind == Some(RequirementKind::Form) { PaperForm::Form } else { PaperForm::Original };
        let copy = match kind {
            Some(RequirementKind::CertifiedCopy) => PaperForm::CertifiedCopy,
            _ => PaperForm::PlainCopy,
        };
        add(name.clone(), original, count(paper.originals));
        add(name.clone(), copy, count(paper.copies));
        // A scan of a paper that is counted already is not a second paper.
        let counted = papers.iter().any(|p| p.requirement == paper.requirement && p.originals + p.copies > 0);
        if !counted && paper.file.is_some() {
            add(name, PaperForm::Electronic, 1);
        }
    }
    let held = definition.asked(channel(d), d.case.as_deref());
    for requirement in held.filter(|r| r.kind == RequirementKind::StateData && r.required) {
        add(requirement.name.clone(), PaperForm::FromDatabase, 1);
    }
    rows
}

fn processing_time(takes: &Takes) -> ProcessingTime {
    match *takes {
        Takes::SameDay { .. } => ProcessingTime::SameDay,
        Takes::WorkingHours { amount } => ProcessingTime::WorkingHours(amount),
        Takes::WorkingDays { amount } => ProcessingTime::WorkingDays(amount),
        Takes::CalendarDays { amount } => ProcessingTime::CalendarDays(amount),
        Takes::Months { amount } => ProcessingTime::Months(amount),
    }
}

fn delivery(source: &Source) -> Option<Delivery> {
    let d = &source.opened.dossier;
    let (way, at) = match d.return_way.as_str() {
        "counter" => (DeliveryWay::Counter, Some(heads::counter(&source.opened.tree, d.unit))),
        "post" => (DeliveryWay::Post, d.applicant.address.clone()),
        "online" => (DeliveryWay::Online, d.applicant.email.clone()),
        _ => return None,
    };
    Some(Delivery { way, at })
}
