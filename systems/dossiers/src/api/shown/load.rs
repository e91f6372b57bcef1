//! Reads everything that is shown of a dossier.

use super::{
    ProcedureOf, ShownApplicant, ShownDossier, ShownEvent, ShownPaper, ShownResult, ShownStop, UnitOf, Waiting,
};
use crate::access;
use crate::dossier;
use crate::event;
use crate::looked::{self, Reason};
use crate::masked::{masked, masked_form};
use crate::procedure::form::{APPLICANT_IDENTITY, FieldKind};
use crate::services::Services;
use directory::Directory;
use records::Task;
use records::look::Why;
use store::Reader;
use types::{Id, Result};
use web::Who;

/// The dossier with this code, or 404 for whom may not know of it, and why `who` looks at it. `public_url` begins the tracking link.
pub(in crate::api) fn load(
    reader: &mut Reader<'_>,
    services: &Services,
    who: &Who,
    code: &str,
    public_url: &str,
) -> Result<(ShownDossier, Reason)> {
    let tree = services.tree(reader)?;
    let (found, tasks) = access::visible_with_tasks(reader, who, &tree, code)?;
    let why = looked::why(who, &tree, &found, &tasks);
    let procedure = services.procedures.by_id(reader, found.procedure)?;
    let id = found.id;
    let form = dossier::form_if_it_opens(reader, &services.directory.keys(), id)?;
    // As on the page: whoever holds no step sees no number whole.
    let mine = why.0 == Why::Step;
    let form_closed = form.is_none();
    let form = form.map(|values| if mine { values } else { masked_form(&procedure.definition, values) });
    let phone = found.applicant.phone.map(|phone| if mine { phone } else { masked(FieldKind::Phone, &phone) });
    let unit = UnitOf {
        id: found.unit,
        code: tree.get(found.unit).and_then(|unit| unit.code.clone()),
        name: tree.name(found.unit).to_owned(),
    };
    let shown = ShownDossier {
        procedure: ProcedureOf {
            code: found.procedure_code,
            version: procedure.version,
            name: procedure.definition.name.clone(),
        },
        unit,
        status: found.status.into(),
        status_number: found.status.number(),
        status_title: found.status.title(),
        applicant: ShownApplicant {
            name: found.applicant.name,
            identity_number: form.as_ref().and_then(|form| form.get(APPLICANT_IDENTITY)).cloned(),
            phone,
            address: found.applicant.address,
            email: found.applicant.email,
        },
        form,
        form_closed,
        tracking_url: format!("{public_url}/theo-doi/{}", found.track_token),
        waiting: waiting(reader, &services.directory, &tasks)?,
        papers: papers(reader, id)?,
        stops: stops(reader, id)?,
        results: results(reader, id)?,
        events: events(reader, &services.directory, id)?,
        id,
        code: found.code,
        case: found.case,
        restricted: found.restricted,
        channel: found.channel,
        summary: found.summary,
        received_at: found.received_at,
        due_at: found.due_at,
        ended_at: found.ended_at,
        outcome: found.outcome,
        delivered_at: found.delivered_at,
        delivered_to: found.delivered_to,
        return_way: found.return_way,
        revision: found.revision,
    };
    Ok((shown, why))
}

fn waiting(reader: &mut Reader<'_>, directory: &Directory, tasks: &[Task]) -> Result<Option<Waiting>> {
    let Some(task) = tasks.iter().rev().find(|task| task.done_at.is_none()) else { return Ok(None) };
    let post = task.post.map(|id| directory.post(reader, id)).transpose()?.flatten();
    Ok(Some(Waiting {
        step: task.step.clone(),
        title: task.title.clone(),
        post: task.post,
        post_title: post.map(|post| post.title),
        since: task.opened_at,
        due_at: task.due_at,
    }))
}

fn papers(reader: &mut Reader<'_>, id: Id) -> Result<Vec<ShownPaper>> {
    let shown = |paper: dossier::Paper| ShownPaper {
        requirement: paper.requirement,
        name: paper.name,
        originals: paper.originals,
        copies: paper.copies,
        file_id: paper.file,
        supplemented_at: paper.supplemented_at,
    };
    Ok(dossier::papers(reader, id)?.into_iter().map(shown).collect())
}

fn stops(reader: &mut Reader<'_>, id: Id) -> Result<Vec<ShownStop>> {
    let shown = |stop: dossier::DossierStop| ShownStop {
        status: stop.status.into(),
        from: stop.from,
        to: stop.to,
        reason: stop.reason,
    };
    Ok(dossier::stops(reader, id)?.into_iter().map(shown).collect())
}

fn results(reader: &mut Reader<'_>, id: Id) -> Result<Vec<ShownResult>> {
    let shown = |r: dossier::DossierResult| ShownResult { id: r.id, name: r.name, number: r.number, file_id: r.file };
    Ok(dossier::results(reader, id)?.into_iter().map(shown).collect())
}

fn events(reader: &mut Reader<'_>, directory: &Directory, id: Id) -> Result<Vec<ShownEvent>> {
    let events = event::of_dossier(reader, id)?;
    let mut officers: Vec<Id> = events.iter().filter_map(|event| event.officer).collect();
    officers.sort_unstable();
    officers.dedup();
    let names = directory.names(reader, &officers)?;
    let shown = |event: event::Event| ShownEvent {
        at: event.at,
        kind: event.kind.code(),
        title: event.kind.title(),
        officer: event.officer.and_then(|id| names.get(&id).cloned()),
        on_behalf_of: event.on_behalf_of,
        from_step: event.from_step,
        to_step: event.to_step,
        text: event.text,
        file_id: event.file,
    };
    Ok(events.into_iter().map(shown).collect())
}
