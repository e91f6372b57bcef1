//! What the handlers work with: the house's services, and what a verb on a dossier is given.

use crate::access;
use crate::dossier::Dossier;
use crate::stored::{Procedures, StoredProcedure};
use crate::verbs::Acting;
use calendar::{Calendars, WorkingCalendar};
use directory::{Directory, UnitTree};
use files::FileStore;
use print::Printer;
use records::Task;
use std::sync::Arc;
use store::Reader;
use types::{Id, Result};
use web::{Ctx, Who};

/// The services that this system uses; `app` puts them into the house.
#[derive(Clone)]
pub struct Tools {
    pub directory: Directory,
    pub calendars: Calendars,
    pub procedures: Procedures,
    pub files: FileStore,
    pub printer: Printer,
}

/// The services of the house that a request reached.
pub fn tools(ctx: &Ctx) -> Tools {
    let house = &ctx.house;
    Tools {
        directory: house.service(),
        calendars: house.service(),
        procedures: house.service(),
        files: house.service(),
        printer: house.service(),
    }
}

/// A dossier that the asker may know of, with what every page and verb about it needs.
pub struct Opened {
    pub dossier: Dossier,
    /// All its tasks, oldest first.
    pub tasks: Vec<Task>,
    pub procedure: StoredProcedure,
    pub calendar: Arc<WorkingCalendar>,
    pub tree: Arc<UnitTree>,
}

impl Tools {
    /// The calendar by which dossiers of `unit` are counted.
    pub fn calendar(&self, reader: &mut Reader<'_>, unit: Id, tree: &UnitTree) -> Result<Arc<WorkingCalendar>> {
        self.calendars.of(reader, unit, tree)
    }

    /// The dossier with this code; 404 for whom may not know of it.
    pub fn open(&self, reader: &mut Reader<'_>, who: &Who, code: &str) -> Result<Opened> {
        let tree = self.directory.tree(reader)?;
        let (dossier, tasks) = access::visible_with_tasks(reader, who, &tree, code)?;
        self.with(reader, tree, (dossier, tasks))
    }

    /// The same for whoever holds the party's link.
    pub fn open_by_link(&self, reader: &mut Reader<'_>, token: &str) -> Result<Opened> {
        let dossier = crate::track::by_token(reader, token)?;
        let tasks = records::task::of_record(reader, dossier.id)?;
        let tree = self.directory.tree(reader)?;
        self.with(reader, tree, (dossier, tasks))
    }

    fn with(
        &self,
        reader: &mut Reader<'_>,
        tree: Arc<UnitTree>,
        (dossier, tasks): (Dossier, Vec<Task>),
    ) -> Result<Opened> {
        let procedure = self.procedures.by_id(reader, dossier.procedure)?;
        let calendar = self.calendar(reader, dossier.unit, &tree)?;
        Ok(Opened { dossier, tasks, procedure, calendar, tree })
    }
}

impl Opened {
    /// The task that waits, if any.
    pub fn open_task(&self) -> Option<&Task> {
        self.tasks.iter().rev().find(|task| task.done_at.is_none())
    }

    /// Whether the open task waits for `who`.
    pub fn is_held_by(&self, who: &Who) -> bool {
        let Some(officer) = &who.officer else { return false };
        self.open_task().is_some_and(|task| task.waits_for(&who.post_ids(), officer.id))
    }

    /// The post in which `who` did the last step, if they hold it still.
    pub fn post_of_last_step(&self, who: &Who) -> Option<Id> {
        let last = self.procedure.definition.steps.last()?;
        let task = self.tasks.iter().rev().find(|task| task.step == last.code && task.done_at.is_some())?;
        task.post.filter(|post| who.post_ids().contains(post))
    }

    /// What a verb is given; `revision` is the one that the officer saw.
    pub fn acting(&self, who: &Who, revision: Option<i64>) -> Result<Acting> {
        let officer = who.officer.as_ref().ok_or(types::Error::SignedOut)?;
        Ok(Acting {
            code: self.dossier.code.clone(),
            revision,
            officer: officer.id,
            posts: who.post_ids(),
            definition: self.procedure.definition.clone(),
            calendar: self.calendar.clone(),
            tree: self.tree.clone(),
        })
    }
}
