//! The page of a dossier: where it stands, whom it waits for, what is in it, what happened, what can be done.

mod attached;
mod done;
mod draw;

use super::actions::Sent;
use super::people::People;
use super::tools::Opened;
use super::{Tools, tools};
use crate::access;
use crate::dossier::{self, Dossier, DossierResult, DossierStop, Paper, Values};
use crate::due;
use crate::event::{self, Event};
use crate::looked;
use crate::own_form::{self, OwnForm};
use crate::procedure::Definition;
use crate::status::Status;
use crate::{DOSSIERS_REASSIGN, DOSSIERS_RECEIVE, DOSSIERS_SEE_LOOKS};
use askama::Template;
use calendar::Deadline;
use directory::Post;
pub use done::Done;
use files::File;
use records::Task;
use records::look::What;
use serde::Deserialize;
use signatures::document::Document;
use std::collections::HashMap;
use std::sync::Arc;
use store::Reader;
use types::{Id, Result, Timestamp};
use ui::prelude::*;
use web::{Ctx, Outcome, Page as WebPage, Path, Query, Who};

/// View data of the page.
#[derive(Template)]
#[template(path = "dossier.html")]
pub struct DossierPage {
    pub dossier: Dossier,
    pub definition: Arc<Definition>,
    pub unit: String,
    pub form: Values,
    /// No key opens the form: its key was lost, or another file stands in its place.
    pub form_closed: bool,
    pub papers: Vec<Paper>,
    pub results: Vec<DossierResult>,
    /// What is signed here for this dossier.
    pub documents: Vec<Document>,
    /// Forms of our own about its events.
    pub own_forms: Vec<OwnForm>,
    pub files: HashMap<Id, File>,
    pub tasks: Vec<Task>,
    pub events: Vec<Event>,
    pub stops: Vec<DossierStop>,
    pub people: People,
    pub deadline: std::result::Result<Deadline, String>,
    /// The due time as today's calendar has it, where that is not what was promised.
    pub differs: Option<Timestamp>,
    pub left: TimeLeft,
    /// The asker holds the open step.
    pub mine: bool,
    pub may_deliver: bool,
    /// The asker sits at the counter of the dossier's unit.
    pub may_receive: bool,
    /// The asker may see who looked at it.
    pub may_see_looks: bool,
    /// The asker may replace a wrong result file.
    pub may_replace: bool,
    /// To whom the asker may give the open step.
    pub reassign_to: Vec<Post>,
    /// Who could do the next step.
    pub next: Vec<Post>,
    /// Command ids for the forms, drawn for this showing.
    pub commands: Commands,
    /// A form that was refused, with its values.
    pub sent: Option<Sent>,
    /// The asker comes from something that they did here.
    pub done: Option<Done>,
}

/// What the address says.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// The action that was done.
    xong: String,
}

/// Makes a fresh command id for each form.
pub type Commands = Arc<dyn Fn() -> String + Send + Sync>;

/// GET /ho-so/{code}
pub async fn show(ctx: Ctx, Path(code): Path<String>, Query(asked): Query<Asked>) -> Outcome<WebPage> {
    let mut shown = load(&ctx, &code, None).await?;
    let last_by = shown.events.last().and_then(|last| last.officer);
    if !asked.xong.is_empty() && last_by.is_some() && last_by == ctx.who.officer.as_ref().map(|officer| officer.id) {
        let (who, id) = (ctx.who.clone(), shown.dossier.id);
        shown.done = ctx.store().read(move |r| done::done(r, &who, id)).await?;
    }
    Ok(page(shown))
}

/// Loads the page of a dossier; `sent` is a form that was refused.
pub async fn load(ctx: &Ctx, code: &str, sent: Option<Sent>) -> Result<DossierPage> {
    let (tools, who, code, now) = (tools(ctx), ctx.who.clone(), code.to_owned(), ctx.now());
    let (page, why) = ctx
        .store()
        .read(move |r| {
            let opened = tools.open(r, &who, &code)?;
            let why = looked::why(&who, &opened.tree, &opened.dossier, &opened.tasks);
            Ok((Loading { tools: &tools, who: &who, now }.read(r, opened)?, why))
        })
        .await?;
    looked::note_why(ctx, page.dossier.id, What::Page, why)?;
    let ctx = ctx.clone();
    Ok(DossierPage { commands: Arc::new(move || ctx.new_command()), sent, ..page })
}

/// The page of view data; samples use it too.
pub fn page(page: DossierPage) -> WebPage {
    let title = format!("{} {}", page.dossier.code, page.dossier.summary);
    let title = match &page.sent {
        Some(sent) => sent.form.title(&title),
        None => title,
    };
    WebPage::desk(title, page)
}

struct Loading<'a> {
    tools: &'a Tools,
    who: &'a Who,
    now: Timestamp,
}

impl Loading<'_> {
    fn read(&self, r: &mut Reader<'_>, opened: Opened) -> Result<DossierPage> {
        let mine = opened.is_held_by(self.who);
        let next = if mine { self.candidates(r, &opened)? } else { Vec::new() };
        let unit = opened.dossier.unit;
        let may_receive = access::granted(self.who, &opened.tree, &DOSSIERS_RECEIVE, unit);
        let may_replace =
            opened.dossier.status == Status::Finished && (mine || opened.post_of_last_step(self.who).is_some());
        let reassign_to = self.others(r, &opened)?;
        let Opened { dossier, tasks, procedure, calendar, tree } = opened;
        let definition = procedure.definition;
        let form = dossier::form_if_it_opens(r, &self.tools.directory.keys(), dossier.id)?;
        let papers = dossier::papers(r, dossier.id)?;
        let results = dossier::results_ever(r, dossier.id)?;
        let documents = signatures::document::of_record(r, dossier.id)?;
        let stops = dossier::stops(r, dossier.id)?;
        let events = event::of_dossier(r, dossier.id)?;
        let own_forms = own_form::of_events(r, &events)?;
        let of_papers = papers.iter().filter_map(|paper| paper.file);
        let of_events = events.iter().filter_map(|event| event.file);
        let of_documents = documents.iter().map(|document| document.file);
        let of_results = results.iter().map(|result| result.file);
        let ids: Vec<Id> = of_papers.chain(of_results).chain(of_events).chain(of_documents).collect();
        let files = files::by_ids(r, &ids)?.into_iter().map(|file| (file.id, file)).collect();
        let directory = (&self.tools.directory, &*tree);
        let people = People::of(r, directory, (&tasks, &events), &[dossier.received_by])?;
        let ended = due::ended_stops(&stops, self.now);
        let case = dossier.case.as_deref();
        let deadline = due::explain(&definition, case, &calendar, dossier.received_at, &ended);
        let left = match &deadline {
            Ok(deadline) => super::term::left(&dossier, deadline, &calendar, self.now),
            Err(_) => super::term::left_by_clock(&dossier, self.now),
        };
        Ok(DossierPage {
            unit: tree.name(dossier.unit).to_owned(),
            may_deliver: self.who.may(&crate::DOSSIERS_DELIVER),
            may_receive,
            may_see_looks: access::granted(self.who, &tree, &DOSSIERS_SEE_LOOKS, unit),
            may_replace,
            reassign_to,
            deadline: deadline.map_err(|error| error.to_string()),
            differs: due::differs(&definition, &calendar, &dossier, &stops),
            dossier,
            definition,
            form_closed: form.is_none(),
            form: form.unwrap_or_default(),
            papers,
            results,
            documents,
            own_forms,
            files,
            tasks,
            events,
            stops,
            people,
            left: left.large(),
            mine,
            next,
            commands: Arc::new(String::new),
            sent: None,
            done: None,
        })
    }

    /// To whom the open step could go, for who may send it there.
    fn others(&self, r: &mut Reader<'_>, opened: &Opened) -> Result<Vec<Post>> {
        let unit = opened.dossier.unit;
        let Some(task) = opened.open_task() else { return Ok(Vec::new()) };
        if !access::granted(self.who, &opened.tree, &DOSSIERS_REASSIGN, unit) {
            return Ok(Vec::new());
        }
        let acting = opened.acting(self.who, None)?;
        let mut posts = crate::verbs::reassign::candidates(r, &acting, unit, &task.step)?;
        posts.retain(|post| Some(post.id) != task.post);
        Ok(posts)
    }

    /// Who could do the step after the open one.
    fn candidates(&self, r: &mut Reader<'_>, opened: &Opened) -> Result<Vec<Post>> {
        let definition = &opened.procedure.definition;
        let after = opened.open_task().and_then(|task| {
            let at = definition.steps.iter().position(|step| step.code == task.step)?;
            definition.steps.get(at + 1)
        });
        match after {
            Some(step) if opened.dossier.status.clock_runs() => {
                let kind = crate::verbs::pass::kind_of(step)?;
                directory::post::candidates(r, &opened.tree, (opened.dossier.unit, kind), &definition.field.code)
            }
            _ => Ok(Vec::new()),
        }
    }
}

impl DossierPage {
    /// The task that waits, if any.
    pub fn open_task(&self) -> Option<&Task> {
        self.tasks.iter().rev().find(|task| task.done_at.is_none())
    }

    /// Where the open task stands in the process; none at the end and while it waits to be delivered.
    pub fn at(&self) -> Option<usize> {
        let task = self.open_task()?;
        self.definition.steps.iter().position(|step| step.code == task.step)
    }
}
