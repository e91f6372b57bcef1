//! Receiving at the counter: the declared form by sections, the papers, the card scan, and the receipt of it all.

pub mod check;
pub mod desk;
pub mod entry;
mod fields;
mod page;
mod paper_boxes;
mod scan_box;

pub use page::{CounterPage, Shown, amount_in_words, page as draw_page};

use super::tools;
use crate::dossier::Applicant;
use crate::due;
use crate::procedure::{Definition, form};
use crate::stored::StoredProcedure;
use crate::verbs::receive::{self, NewPaper, Receive};
use axum::extract::Multipart;
use axum::extract::multipart::MultipartRejection;
use axum::response::{IntoResponse, Response};
use calendar::WorkingCalendar;
use check::{PaperFile, Ready, TakenIn};
use desk::Desk;
use directory::{Post, UnitTree};
use entry::Entry;
use files::{Limits, Uploads};
use std::sync::Arc;
use store::Tx;
use types::{Error, Id, Result};
use web::{Ctx, Outcome, Page as WebPage, Path, see};

/// What every page of the counter is made from.
#[derive(Clone)]
pub struct Counter {
    pub stored: StoredProcedure,
    pub desk: Desk,
    pub tree: Arc<UnitTree>,
    calendar: Arc<WorkingCalendar>,
    /// Who could do the step after the counter's.
    pub next: Vec<Post>,
}

/// GET /tiep-nhan/{procedure}, also at the address that stands in the bar after a card was scanned.
pub async fn show(ctx: Ctx, Path(code): Path<String>) -> Outcome<WebPage> {
    let counter = Counter::load(&ctx, &code, None).await?;
    let entry = Entry::new(ctx.new_command());
    Ok(page::draw(&counter, &entry, Shown::Fresh))
}

/// POST /tiep-nhan/{procedure}/quet
pub async fn scan(
    ctx: Ctx,
    Path(code): Path<String>,
    form: std::result::Result<Multipart, MultipartRejection>,
) -> Outcome<WebPage> {
    let (counter, mut entry, uploads) = sent(&ctx, &code, form).await?;
    entry.keep_files(&ctx).await?;
    let raw = uploads.0.get("scan").and_then(|all| all.first()).cloned().unwrap_or_default();
    match scan_box::read(&counter.stored.definition, &mut entry, &raw) {
        Ok(told) if entry.form.is_valid() => Ok(page::draw(&counter, &entry, Shown::Scanned(told))),
        Ok(told) => Ok(page::draw(&counter, &entry, Shown::Scanned(told)).with_status(entry.status())),
        Err(sentence) => {
            entry.form.refuse("scan", "scan", sentence);
            Ok(page::draw(&counter, &entry, Shown::Refused).with_status(entry.status()))
        }
    }
}

/// POST /tiep-nhan/{procedure}
pub async fn receive(
    ctx: Ctx,
    Path(code): Path<String>,
    form: std::result::Result<Multipart, MultipartRejection>,
) -> Outcome<Response> {
    let (counter, mut entry, fields) = sent(&ctx, &code, form).await?;
    if let Ok(file) = fields.text("remove").parse::<Id>() {
        entry.keep_files(&ctx).await?;
        entry.take_out(&ctx, file).await?;
        return Ok(page::draw(&counter, &entry, Shown::Fresh).into_response());
    }
    let definition = counter.stored.definition.clone();
    if !fields.text("refuse").is_empty() {
        return refuse(&ctx, (&counter, entry), &definition).await;
    }
    let mut shown = Shown::Refused;
    if let Some(ready) = check::check(&definition, &mut entry, ctx.now().day()) {
        let print = check::fingerprint(&ready.warnings);
        if ready.warnings.is_empty() || entry.form.has("confirm", &print) {
            let warnings = ready.warnings.clone();
            match counter.write(&ctx, &entry, (ready, None)).await {
                Ok(received) => return Ok(see(&format!("/ho-so/{}/tiep-nhan", received.code))),
                Err(error) => entry.form.absorb(error)?,
            }
            // What was confirmed once stays confirmed.
            if !warnings.is_empty() {
                shown = Shown::Warned(warnings);
            }
        } else {
            let sentence = "Có điều cần xem lại. Sửa, hoặc đánh dấu xác nhận rồi bấm «Tiếp nhận hồ sơ» lần nữa.";
            entry.form.refuse("confirm", "confirm", sentence);
            shown = Shown::Warned(ready.warnings);
        }
    }
    entry.keep_files(&ctx).await?;
    Ok(page::draw(&counter, &entry, shown).with_status(entry.status()).into_response())
}

/// The officer does not receive it: it is written down with the reasons, for the form that the party gets.
async fn refuse(ctx: &Ctx, (counter, mut entry): (&Counter, Entry), definition: &Definition) -> Outcome<Response> {
    if let Some(ready) = check::check_refused(definition, &mut entry, ctx.now().day()) {
        let reason = entry.form.value("refusal").to_owned();
        match counter.write(ctx, &entry, (ready, Some(reason))).await {
            Ok(refused) => return Ok(see(&format!("/ho-so/{}", refused.code))),
            Err(error) => entry.form.absorb(error)?,
        }
    }
    entry.keep_files(ctx).await?;
    Ok(page::draw(counter, &entry, Shown::Refused).with_status(entry.status()).into_response())
}

/// Reads what was sent and loads what it is for.
async fn sent(
    ctx: &Ctx,
    code: &str,
    form: std::result::Result<Multipart, MultipartRejection>,
) -> Result<(Counter, Entry, web::Fields)> {
    let form = form.map_err(|e| Error::invalid("form", format!("Biểu mẫu gửi lên không đọc được: {e}")))?;
    let uploads: Uploads = files::read_form(&tools(ctx).files, form, Limits::default()).await?;
    let chosen = uploads.fields.text("post").parse::<Id>().ok();
    let counter = Counter::load(ctx, code, chosen).await?;
    let fields = uploads.fields.clone();
    let entry = Entry::sent(ctx, uploads).await?;
    Ok((counter, entry, fields))
}

impl Counter {
    async fn load(ctx: &Ctx, code: &str, chosen: Option<Id>) -> Result<Self> {
        let (tools, who, code, today) = (tools(ctx), ctx.who.clone(), code.to_owned(), ctx.now().day());
        ctx.store()
            .read(move |r| {
                let stored = tools.procedures.in_force(r, &code, today)?;
                if check::channels(&stored.definition).is_empty() {
                    let sentence =
                        "Thủ tục này chỉ nhận hồ sơ trực tuyến. Hãy hướng dẫn công dân nộp trên Cổng dịch vụ công.";
                    return Err(Error::conflict(sentence));
                }
                let tree = tools.directory.tree(r)?;
                let desk = Desk::of(&who, &tree, chosen)?;
                let calendar = tools.calendar(r, desk.unit, &tree)?;
                let step = stored.definition.steps.get(1);
                let next = match step {
                    Some(step) => {
                        let kind = crate::verbs::pass::kind_of(step)?;
                        directory::post::candidates(r, &tree, (desk.unit, kind), &stored.definition.field.code)?
                    }
                    None => Vec::new(),
                };
                Ok(Self { stored, desk, tree, calendar, next })
            })
            .await
    }

    /// Receives it, or refuses it for a reason.
    async fn write(
        &self,
        ctx: &Ctx,
        entry: &Entry,
        (ready, refused): (Ready, Option<String>),
    ) -> Result<receive::Received> {
        let definition = self.stored.definition.clone();
        let verb = if refused.is_some() { "dossiers.refuse" } else { "dossiers.receive" };
        let command = ctx.command(verb, &entry.command, Some(self.desk.post))?.about(&entry.typed());
        let case = ready.case.as_deref();
        let due_at = due::promised(&definition, case, &self.calendar, command.at)?;
        let new = Receive {
            unit: self.desk.unit,
            unit_code: self.desk.unit_code.clone(),
            tree: self.tree.clone(),
            procedure: self.stored.id,
            definition,
            calendar: self.calendar.clone(),
            case: ready.case.clone(),
            channel: ready.channel.code().to_owned(),
            applicant: applicant(&ready),
            values: ready.values,
            keys: tools(ctx).directory.keys(),
            papers: Vec::new(),
            return_way: ready.return_way,
            post: Some(self.desk.post),
            next_post: entry.form.value("next_post").parse().ok(),
            track_token: format!("{:032x}", rand::random::<u128>()),
            due_at,
        };
        let papers = ready.papers;
        ctx.store()
            .write(command, move |tx| {
                let papers = enter_papers(tx, &papers)?;
                let new = Receive { papers, ..new.clone() };
                match &refused {
                    Some(reason) => receive::refuse(tx, &new, reason),
                    None => receive::receive(tx, &new),
                }
            })
            .await
    }
}

/// Writes the rows of files that came along; a paper with several files has a line for each.
pub fn enter_papers(tx: &mut Tx<'_>, papers: &[TakenIn]) -> Result<Vec<NewPaper>> {
    let mut rows = Vec::new();
    for paper in papers {
        let mut line = NewPaper {
            requirement: paper.requirement.clone(),
            name: paper.name.clone(),
            originals: paper.originals,
            copies: paper.copies,
            file: None,
        };
        if paper.files.is_empty() {
            rows.push(line);
            continue;
        }
        for file in &paper.files {
            let id = match file {
                PaperFile::Fresh(kept) => files::enter(tx, kept)?,
                PaperFile::Waiting(id) => *id,
            };
            rows.push(NewPaper { file: Some(id), ..line.clone() });
            (line.originals, line.copies) = (0, 0);
        }
    }
    Ok(rows)
}

fn applicant(ready: &Ready) -> Applicant {
    let value = |key: &str| ready.values.get(key).cloned();
    Applicant {
        name: value(form::APPLICANT_NAME).unwrap_or_default(),
        phone: value(form::APPLICANT_PHONE),
        address: value(form::APPLICANT_ADDRESS),
        email: value("applicant_email"),
    }
}
