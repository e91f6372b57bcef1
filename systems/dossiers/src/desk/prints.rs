//! Prints of a dossier: the receipt (form 01), letters to the party (02 to 05) and the control sheet (06), as PDF.

mod authority;
pub(crate) mod control_sheet;
pub(crate) mod heads;
pub(crate) mod letter;
pub(crate) mod receipt;

use super::people::People;
use super::tools::Opened;
use super::{Tools, tools};
use crate::dossier::{self, DossierStop, Paper};
use crate::due;
use crate::event::{self, Event};
use crate::looked;
use crate::status::Status;
use axum::response::Response;
use calendar::Deadline;
use print::{Job, Page as Sheet};
use records::look::What;
use serde::Deserialize;
use store::Reader;
use types::{Error, Result, Timestamp};
use web::{Ctx, Outcome, Path, Query, Settings};

/// The paper that was asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    kho: String,
}

/// What both forms are filled from.
pub(crate) struct Source {
    pub opened: Opened,
    pub papers: Vec<Paper>,
    pub stops: Vec<DossierStop>,
    pub events: Vec<Event>,
    pub people: People,
    /// None where a year has no calendar: what is stored is printed all the same.
    pub deadline: Option<Deadline>,
    /// The due time as today's calendar has it, where that is not what was promised.
    pub differs: Option<Timestamp>,
    pub settings: Settings,
    pub now: Timestamp,
}

/// GET /ho-so/{code}/giay-tiep-nhan.pdf
pub async fn receipt_pdf(ctx: Ctx, Path(code): Path<String>, Query(asked): Query<Asked>) -> Outcome<Response> {
    let sheet = if asked.kho.eq_ignore_ascii_case("A4") { Sheet::A4 } else { Sheet::A5 };
    let source = load(&ctx, &code).await?;
    if source.opened.dossier.status == Status::Refused {
        return Err(Error::conflict("Hồ sơ này không được tiếp nhận nên không có giấy tiếp nhận.").into());
    }
    looked::note(&ctx, &source.opened, What::Print)?;
    // The same receipt is the same file whenever it is printed.
    let made_at = source.opened.dossier.received_at;
    let job = receipt::data(&source).job(sheet, made_at).map_err(types::Error::from)?;
    answer(&ctx, job, &format!("giay-tiep-nhan-{code}.pdf")).await
}

/// GET /ho-so/{code}/phieu-kiem-soat.pdf
pub async fn control_sheet_pdf(ctx: Ctx, Path(code): Path<String>) -> Outcome<Response> {
    let source = load(&ctx, &code).await?;
    looked::note(&ctx, &source.opened, What::Print)?;
    let job = control_sheet::data(&source)?.job(Sheet::A4, source.now).map_err(types::Error::from)?;
    answer(&ctx, job, &format!("phieu-kiem-soat-{code}.pdf")).await
}

pub(crate) async fn load(ctx: &Ctx, code: &str) -> Result<Source> {
    let (tools, who, code, now) = (tools(ctx), ctx.who.clone(), code.to_owned(), ctx.now());
    let settings = ctx.house.settings().clone();
    ctx.store()
        .read(move |r| {
            let opened = tools.open(r, &who, &code)?;
            source(r, &tools, opened, (settings, now))
        })
        .await
}

/// Everything that forms are filled from.
pub(crate) fn source(
    r: &mut Reader<'_>,
    tools: &Tools,
    opened: Opened,
    (settings, now): (Settings, Timestamp),
) -> Result<Source> {
    let id = opened.dossier.id;
    // The receipt lists what came with the dossier; it stays the same whatever is brought later.
    let mut papers = dossier::papers(r, id)?;
    papers.retain(|paper| paper.supplemented_at.is_none());
    let stops = dossier::stops(r, id)?;
    let events = event::of_dossier(r, id)?;
    let directory = (&tools.directory, &*opened.tree);
    let people = People::of(r, directory, (&opened.tasks, &events), &[opened.dossier.received_by])?;
    let d = &opened.dossier;
    let ended = due::ended_stops(&stops, now);
    let definition = &opened.procedure.definition;
    let deadline = due::explain(definition, d.case.as_deref(), &opened.calendar, d.received_at, &ended).ok();
    let differs = due::differs(definition, &opened.calendar, d, &stops);
    Ok(Source { opened, papers, stops, events, people, deadline, differs, settings, now })
}

pub(super) async fn answer(ctx: &Ctx, job: Job, name: &str) -> Outcome<Response> {
    let bytes = tools(ctx).printer.print(job).await.map_err(types::Error::from)?;
    Ok(files::serve::download(name, "application/pdf", bytes))
}
