//! The calendars of all units, kept in memory until somebody changes one on any node.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use store::{Location, Reader};
use types::{Error, Id, Result, Timestamp};

use crate::changed;
use crate::holidays::PublicHolidays;
use crate::inheritance::{Ancestry, Entered, Resolved};
use crate::national;
use crate::working::WorkingCalendar;
use directory::UnitTree;

/// Gives every unit its working calendar. Cheap to clone; one for the whole process, among the house's services.
///
/// A question costs one small statement: has anything changed? Units whose hours and days are alike share one calendar.
#[derive(Clone, Default)]
pub struct Calendars(Arc<Mutex<Known>>);

struct Known {
    revision: Id,
    public: Option<Arc<PublicHolidays>>,
    /// A calendar holds only while the units above stay the same, so these stand beside it.
    units: HashMap<Id, (Ancestry, Arc<WorkingCalendar>)>,
    /// By what they are made of, as JSON.
    built: HashMap<String, Arc<WorkingCalendar>>,
}

impl Default for Known {
    fn default() -> Self {
        Self { revision: Id(0), public: None, units: HashMap::new(), built: HashMap::new() }
    }
}

impl Calendars {
    /// Nothing in memory yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The calendar of a unit that stands in `tree`.
    ///
    /// # Errors
    /// `NotFound` for a unit that is not there.
    pub fn of(&self, reader: &mut Reader<'_>, unit: Id, tree: &UnitTree) -> Result<Arc<WorkingCalendar>> {
        if tree.get(unit).is_none() {
            return Err(Error::not_found("đơn vị"));
        }
        let ancestry = Ancestry::of(unit, tree);
        let revision = changed::last(reader)?;
        {
            let known = self.known(revision);
            if let Some((_, calendar)) = known.units.get(&unit).filter(|(of, _)| *of == ancestry) {
                return Ok(calendar.clone());
            }
        }
        let public = self.public_at(reader, revision)?;
        let resolved = Resolved::of(&ancestry, &Entered::load(reader, &ancestry)?);
        let made_of = serde_json::to_string(&resolved).map_err(Error::internal)?;
        let built = self.known(revision).built.get(&made_of).cloned();
        let calendar = match built {
            Some(calendar) => calendar,
            None => Arc::new(resolved.build(&public)?),
        };
        let mut known = self.known(revision);
        let calendar = known.built.entry(made_of).or_insert(calendar).clone();
        known.units.insert(unit, (ancestry, calendar.clone()));
        Ok(calendar)
    }

    /// The country's days off, shipped and entered.
    pub fn public(&self, reader: &mut Reader<'_>) -> Result<Arc<PublicHolidays>> {
        let revision = changed::last(reader)?;
        self.public_at(reader, revision)
    }

    fn public_at(&self, reader: &mut Reader<'_>, revision: Id) -> Result<Arc<PublicHolidays>> {
        if let Some(public) = self.known(revision).public.clone() {
            return Ok(public);
        }
        let public = Arc::new(national::holidays(reader)?);
        Ok(self.known(revision).public.insert(public).clone())
    }

    /// What is known at a revision; what belongs to another one is forgotten.
    fn known(&self, revision: Id) -> MutexGuard<'_, Known> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.revision != revision {
            *known = Known { revision, ..Known::default() };
        }
        known
    }
}

/// The calendar of the unit with this electronic identifier, built anew: for the command line.
///
/// # Errors
/// `NotFound` when no unit has it.
pub fn of_code(reader: &mut Reader<'_>, code: &str) -> Result<WorkingCalendar> {
    let code = types::text::clean(code).to_uppercase();
    // The day decides nothing here: a calendar follows the line of units of each of its days.
    let tree = UnitTree::load(reader, Timestamp::now().day())?;
    let unit = tree.by_code(&code).ok_or_else(|| Error::not_found(format!("đơn vị có mã định danh {code}")))?;
    Ok(WorkingCalendar::clone(&*Calendars::new().of(reader, unit.id, &tree)?))
}

/// The calendar for `nhaviec deadline`: that of a unit in the database, or without one the standard calendar, which
/// needs no database.
///
/// # Errors
/// Those of [`of_code`], and `Unavailable` when the database does not open.
pub fn load_for_command(unit: Option<(&Location, &str)>) -> Result<WorkingCalendar> {
    match unit {
        Some((location, code)) => store::snapshot::hold(location, |reader| of_code(reader, code)),
        None => Ok(WorkingCalendar::standard()),
    }
}
