//! Two months of work, moment by moment: the clock is put to each act, and the officer whose turn it is does it.

mod act;
mod next;

use super::Wish;
use super::life::{Life, Received};
use super::place::Place;
use super::plan::Moments;
use super::result::Sheets;
use crate::progress::{Far, Tell};
use calendar::WorkingCalendar;
use directory::UnitTree;
use dossiers::due;
use dossiers::procedure;
use dossiers::sample::{self, Chance, Sample};
use dossiers::services::Services;
use dossiers::stored::StoredProcedure;
use dossiers::verbs::receive::{self, Receive};
use files::FileStore;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;
use store::{Actor, Command, Store};
use types::time::SetClock;
use types::{Day, Error, Id, Result, Timestamp};

/// Letters of a tracking token.
const TOKEN_LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
/// Draws of a procedure before it is said that none is in force.
const DRAWS_MAX: usize = 200;

/// Dossiers received in the last so many days may be overdue now.
const RECENT_DAYS: i64 = 16;

/// The history in the making.
pub(super) struct History<'h> {
    store: &'h Store,
    clock: &'h SetClock,
    services: Services,
    place: &'h Place,
    sheets: Sheets,
    wish: Wish,
    /// Commands given so far; each id is one more.
    commands: u64,
    /// Results numbered so far.
    results: u32,
}

/// What the verbs of one moment are given.
struct Setting {
    tree: Arc<UnitTree>,
    calendar: Arc<WorkingCalendar>,
}

impl<'h> History<'h> {
    pub fn new(
        (store, clock): (&'h Store, &'h SetClock),
        services: Services,
        (place, files): (&'h Place, FileStore),
        wish: Wish,
    ) -> Result<Self> {
        let sheets = Sheets::new(files, wish.now);
        Ok(Self { store, clock, services, place, sheets, wish, commands: 0, results: 0 })
    }

    /// Lives it from `first` until the present.
    pub fn live(&mut self, first: Day, tell: Tell<'_>) -> Result<()> {
        let mut chance = Chance::new(self.wish.seed);
        let home = self.place.communes.first().map(|commune| commune.unit).unwrap_or(Id(0));
        let calendar = self.setting(home)?.calendar;
        let span = (first, self.wish.now);
        let arrivals = Moments(&calendar).arrivals(&mut chance, self.wish.dossiers, span)?;
        let recent = self.wish.now.plus_seconds(-RECENT_DAYS * 86_400);
        let mut lives: Vec<Life> =
            arrivals.iter().map(|at| Life::new(Chance::new(chance.number()), *at > recent)).collect();
        let mut waiting: BinaryHeap<Reverse<(Timestamp, usize)>> =
            arrivals.iter().enumerate().map(|(i, at)| Reverse((*at, i))).collect();
        let mut received = 0;
        while let Some(Reverse((at, i))) = waiting.pop() {
            // What would have happened later has not happened yet.
            if at > self.wish.now {
                break;
            }
            self.clock.set(at);
            let life = &mut lives[i];
            if life.received.is_none() {
                received += 1;
                tell("Hồ sơ", Far::of(received, arrivals.len() as u64));
            }
            if let Some(then) = self.step(life, at)? {
                waiting.push(Reverse((then, i)));
            }
        }
        Ok(())
    }

    /// Does what is next in a dossier's life and says when something happens to it again.
    fn step(&mut self, life: &mut Life, at: Timestamp) -> Result<Option<Timestamp>> {
        match life.received.clone() {
            None => life.received = Some(self.receive(life, at)?),
            Some(dossier) => self.act(life, &dossier, at)?,
        }
        if life.next.is_last() {
            return Ok(None);
        }
        self.plan(life, at)
    }

    fn setting(&self, unit: Id) -> Result<Setting> {
        self.store.read_blocking(|reader| {
            let tree = self.services.tree(reader)?;
            let calendar = self.services.calendar(reader, unit, &tree)?;
            Ok(Setting { tree, calendar })
        })
    }

    /// A command of an officer at the clock's moment.
    fn command(&mut self, verb: &'static str, actor: Actor) -> Result<Command> {
        self.commands += 1;
        let id = format!("demo-{}-{:06}", self.wish.seed, self.commands).parse().map_err(Error::internal)?;
        Ok(self.store.command(id, verb, actor))
    }

    /// The counter receives whatever somebody brings.
    fn receive(&mut self, life: &mut Life, at: Timestamp) -> Result<Received> {
        let commune = &self.place.communes[life.commune];
        let (post, officer) = *life.chance.pick(&commune.counters);
        let Setting { tree, calendar } = self.setting(commune.unit)?;
        let today = at.day();
        let StoredProcedure { id: procedure, definition, .. } = self.procedure(&mut life.chance, today)?;
        let sample = Sample::draw(&mut life.chance, &definition, (&commune.name, today));
        let checked = procedure::check(&definition, &sample.values, today)
            .map_err(|errors| Error::internal(format!("a sample of {} is wrong: {errors:?}", definition.code)))?;
        let due_at = due::promised(&definition, sample.case.as_deref(), &calendar, at)?;
        let letters = |chance: &mut Chance| char::from(*chance.pick(TOKEN_LETTERS));
        let track_token: String = (0..26).map(|_| letters(&mut life.chance)).collect();
        let applicant = sample.applicant();
        let new = Receive {
            unit: commune.unit,
            unit_code: commune.code.clone(),
            tree,
            procedure,
            definition: definition.clone(),
            calendar,
            case: sample.case.clone(),
            channel: sample.channel.code().to_owned(),
            applicant: applicant.clone(),
            values: checked.values,
            keys: self.services.directory.keys(),
            papers: sample.papers,
            return_way: sample.return_way.to_owned(),
            post: Some(post),
            next_post: None,
            track_token,
            due_at,
        };
        let unit = commune.unit;
        let command = self.command(life.next.verb(), Actor::Officer { id: officer, on_behalf_of: None })?;
        let done = self.store.write_blocking(command, move |tx| receive::receive(tx, &new))?;
        let party = applicant.name;
        Ok(Received { id: done.id, code: done.code, unit, definition, return_way: sample.return_way, party })
    }

    /// What somebody comes for that is in force on `today`.
    fn procedure(&self, chance: &mut Chance, today: Day) -> Result<StoredProcedure> {
        let current = self.store.read_blocking(|reader| self.services.procedures.current(reader))?;
        for _ in 0..DRAWS_MAX {
            let code = sample::procedure(chance);
            if let Some(found) = current.iter().find(|p| p.definition.code == code && p.definition.in_force(today)) {
                return Ok(found.clone());
            }
        }
        Err(Error::conflict(format!("Không có thủ tục nào có hiệu lực vào ngày {}.", today.0.strftime("%d/%m/%Y"))))
    }
}
