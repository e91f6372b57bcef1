//! Which hours and days hold for a unit: its own, else those of the nearest unit above that has any on that day, else
//! the standard. The line of units is that of the day asked for, so that a merger changes nothing before its date.

use jiff::civil::Date;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::{Reader, Val};
use types::{Day, Id, Result};

use crate::hours::{HoursFrom, WeekHours, WorkingHours};
use crate::local_day;
use crate::unit_hours::{self, UnitHours};
use crate::working::{LocalDay, WorkingCalendar};
use crate::{CalendarError, PublicHolidays};
use directory::{Place, UnitTree};

/// No line of units is longer; a longer one is a ring in the data.
const DEPTH_MAX: usize = 32;

/// A unit and everything that was ever above it, with when: all that decides from whom it inherits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ancestry {
    /// The unit itself first.
    units: Vec<(Id, Vec<Place>)>,
}

impl Ancestry {
    pub fn of(unit: Id, tree: &UnitTree) -> Self {
        let mut units: Vec<(Id, Vec<Place>)> = vec![(unit, tree.places(unit).to_vec())];
        let mut next = 0;
        while next < units.len() {
            let above: BTreeSet<Id> = units[next].1.iter().filter_map(|place| place.parent).collect();
            for id in above {
                if !units.iter().any(|(known, _)| *known == id) {
                    units.push((id, tree.places(id).to_vec()));
                }
            }
            next += 1;
        }
        Self { units }
    }

    pub fn ids(&self) -> impl Iterator<Item = Id> {
        self.units.iter().map(|(id, _)| *id)
    }

    /// The unit and those above it on a day, the nearest first. Before it began and after it ended a unit counts as
    /// lying where it lay first and last: its dossiers are still measured then.
    pub fn line_on(&self, day: Day) -> Vec<Id> {
        let mut line: Vec<Id> = self.units.first().map(|(id, _)| *id).into_iter().collect();
        while let Some(parent) = line.last().and_then(|id| self.parent_on(*id, day)) {
            if line.len() == DEPTH_MAX || line.contains(&parent) {
                break;
            }
            line.push(parent);
        }
        line
    }

    fn parent_on(&self, unit: Id, day: Day) -> Option<Id> {
        let (_, places) = self.units.iter().find(|(id, _)| *id == unit)?;
        let after = places.partition_point(|place| place.from <= day);
        places.get(after.saturating_sub(1)).and_then(|place| place.parent)
    }

    /// The days on which some line may change.
    fn moves(&self) -> impl Iterator<Item = Day> + '_ {
        self.units.iter().flat_map(|(_, places)| places).map(|place| place.from)
    }
}

/// What a unit and those above it entered.
#[derive(Debug, Clone, Default)]
pub(crate) struct Entered {
    hours: HashMap<Id, Vec<UnitHours>>,
    days: HashMap<Id, Vec<LocalDay>>,
}

impl Entered {
    /// Reads it in two statements.
    pub fn load(reader: &mut Reader<'_>, ancestry: &Ancestry) -> Result<Self> {
        let values: Vec<Val> = ancestry.ids().map(Val::from).collect();
        let list: Vec<String> = (1..=values.len()).map(|n| format!("${n}")).collect();
        let list = list.join(", ");
        let mut entered = Self::default();
        let sql = format!(
            "SELECT unit_id, valid_from, week, cut_off, basis FROM unit_hours WHERE unit_id IN ({list})
             ORDER BY unit_id, valid_from"
        );
        for (unit, from, week, cut_off, basis) in reader.all::<(Id, Day, _, Option<i64>, String)>(&sql, &values)? {
            let hours = unit_hours::read((from, week, cut_off, basis))?;
            entered.hours.entry(unit).or_default().push(hours);
        }
        let sql = format!(
            "SELECT unit_id, day, periods, reason, basis FROM local_day WHERE unit_id IN ({list}) ORDER BY unit_id, day"
        );
        for (unit, day, periods, reason, basis) in reader.all::<(Id, Day, _, String, String)>(&sql, &values)? {
            entered.days.entry(unit).or_default().push(local_day::read((day, periods, reason, basis)));
        }
        Ok(entered)
    }

    /// What `unit` entered that holds on `day`.
    fn hours_on(&self, unit: Id, day: Day) -> Option<&UnitHours> {
        let versions = self.hours.get(&unit)?;
        versions.partition_point(|version| version.from <= day).checked_sub(1).and_then(|i| versions.get(i))
    }

    /// Whose hours hold on a day for a line of units, and which; none: the standard.
    pub fn nearest(&self, line: &[Id], day: Day) -> Option<(Id, &UnitHours)> {
        let own =
            |unit: &Id| self.hours_on(*unit, day).filter(|hours| hours.week.is_some()).map(|hours| (*unit, hours));
        line.iter().find_map(own)
    }
}

/// A unit's hours, cut-offs and own days through the years: all of a calendar but the country's days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Resolved {
    hours: Vec<HoursFrom>,
    cut_offs: Vec<(Date, u16)>,
    days: Vec<LocalDay>,
}

impl Resolved {
    pub fn of(ancestry: &Ancestry, entered: &Entered) -> Self {
        let versions = entered.hours.values().flatten().map(|hours| hours.from);
        let mut changes: BTreeSet<Day> = versions.chain(ancestry.moves()).collect();
        changes.insert(Day(Date::MIN));
        let mut resolved = Self { hours: Vec::new(), cut_offs: Vec::new(), days: Vec::new() };
        for day in changes {
            let holds = entered.nearest(&ancestry.line_on(day), day).and_then(|(_, hours)| hours.week.clone());
            let (week, cut_off) = holds.unwrap_or_else(|| (WeekHours::standard(), STANDARD_CUT_OFF));
            if resolved.hours.last().is_none_or(|last| last.week != week) {
                resolved.hours.push(HoursFrom { from: day.0, week });
            }
            if resolved.cut_offs.last().is_none_or(|(_, last)| *last != cut_off) {
                resolved.cut_offs.push((day.0, cut_off));
            }
        }
        // Of two units in the line that say something about a day the nearer one is heard.
        let mut days: BTreeMap<Date, (usize, &LocalDay)> = BTreeMap::new();
        for (unit, own) in &entered.days {
            for day in own {
                let line = ancestry.line_on(Day(day.date));
                let Some(distance) = line.iter().position(|id| id == unit) else { continue };
                if days.get(&day.date).is_none_or(|(known, _)| distance < *known) {
                    days.insert(day.date, (distance, day));
                }
            }
        }
        resolved.days = days.into_values().map(|(_, day)| day.clone()).collect();
        resolved
    }

    /// The calendar, laid out over the country's days.
    pub fn build(&self, public: &PublicHolidays) -> std::result::Result<WorkingCalendar, CalendarError> {
        let hours = WorkingHours::new(self.hours.clone());
        Ok(WorkingCalendar::with_local_days(&hours, public, &self.days)?.with_cut_offs(&self.cut_offs))
    }
}

/// 15:00, where no unit in the line says otherwise.
pub(crate) const STANDARD_CUT_OFF: u16 = 15 * 60;
