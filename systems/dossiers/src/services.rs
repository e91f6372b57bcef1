//! The services of the house that reading about dossiers needs; cheap to clone into a read.

use crate::stored::Procedures;
use calendar::{Calendars, WorkingCalendar};
use directory::{Directory, UnitTree};
use std::sync::Arc;
use store::Reader;
use types::{Id, Result};
use web::House;

/// Units, calendars and procedures.
#[derive(Clone)]
pub struct Services {
    pub directory: Directory,
    pub calendars: Calendars,
    pub procedures: Procedures,
}

impl Services {
    /// Those of the house; `app` has put them in.
    pub fn of(house: &House) -> Self {
        Self { directory: house.service(), calendars: house.service(), procedures: house.service() }
    }

    /// The units as of today.
    pub fn tree(&self, reader: &mut Reader<'_>) -> Result<Arc<UnitTree>> {
        self.directory.tree(reader)
    }

    /// The calendar by which dossiers of `unit` are counted.
    pub fn calendar(&self, reader: &mut Reader<'_>, unit: Id, tree: &UnitTree) -> Result<Arc<WorkingCalendar>> {
        self.calendars.of(reader, unit, tree)
    }
}
