//! The rows of the report, cut to what the reader may see.

use super::{Column, Counts, Period};
use crate::access;
use crate::lists::counted::Counted;
use crate::stored::StoredProcedure;
use directory::UnitTree;
use std::collections::{BTreeMap, HashMap};
use store::Reader;
use types::{Day, Id, Result, text};
use web::Who;

/// What a row is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum By {
    #[default]
    Field,
    Procedure,
    Unit,
}

impl By {
    pub const ALL: [Self; 3] = [Self::Field, Self::Procedure, Self::Unit];

    /// As addresses name it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Field => "linh-vuc",
            Self::Procedure => "thu-tuc",
            Self::Unit => "don-vi",
        }
    }

    /// The head of the first column.
    pub fn title(self) -> &'static str {
        match self {
            Self::Field => "Lĩnh vực",
            Self::Procedure => "Thủ tục",
            Self::Unit => "Đơn vị",
        }
    }
}

/// Which dossiers are counted; everything given must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scope {
    /// This unit and all below it.
    pub unit: Option<Id>,
    /// Without those below it.
    pub own: bool,
    /// The field's code.
    pub field: Option<String>,
    /// The procedure's code.
    pub procedure: Option<String>,
}

/// What is asked of the report.
#[derive(Debug, Clone)]
pub struct Question {
    pub period: Period,
    pub by: By,
    pub scope: Scope,
}

/// What a row is about, for its lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Key {
    Field(String),
    Procedure(String),
    Unit(Id),
    /// The unit that was asked for, without those below it.
    OwnUnit(Id),
    /// Every row together.
    All,
}

/// A row.
#[derive(Debug, Clone)]
pub struct Row {
    pub key: Key,
    pub name: String,
    /// A smaller line: the procedure's code, when a unit ended.
    pub note: String,
    pub counts: Counts,
}

/// The form filled in.
#[derive(Debug, Clone)]
pub struct Report {
    pub rows: Vec<Row>,
    pub total: Counts,
    /// Restricted dossiers of some unit are left out, since the reader may not see them.
    pub without_restricted: bool,
}

/// Who asks, and what there is to ask for.
pub(crate) struct Asker<'a> {
    pub who: &'a Who,
    pub tree: &'a UnitTree,
    /// All versions of all procedures.
    pub procedures: &'a [StoredProcedure],
}

impl Asker<'_> {
    /// Units of the scope that the reader may see, as they lay on the period's last day.
    pub fn units(&self, scope: &Scope, last: Day) -> Vec<Id> {
        let mut units = access::listed_units(self.who, self.tree);
        match scope.unit {
            Some(unit) if scope.own => units.retain(|id| *id == unit),
            Some(unit) => units.retain(|id| line_then(self.tree, *id, last).contains(&unit)),
            None => {}
        }
        units
    }

    /// Versions that the scope asks for; none where it asks for all. Who may see no restricted dossier is not made to look
    /// through those of a restricted procedure in vain.
    fn versions(&self, scope: &Scope, with_restricted: bool) -> Option<Vec<Id>> {
        if scope.field.is_none() && scope.procedure.is_none() {
            return None;
        }
        let asked = self.procedures.iter().filter(|stored| is_asked(stored, scope));
        let seen = asked.filter(|stored| with_restricted || !stored.definition.restricted);
        Some(seen.map(|stored| stored.id).collect())
    }

    /// The list behind a number.
    pub fn counted(&self, column: Column, scope: &Scope, period: Period) -> Counted {
        let units = self.units(scope, period.last);
        let mut restricted_units = access::restricted_units(self.who, self.tree);
        restricted_units.retain(|unit| units.contains(unit));
        let versions = self.versions(scope, !restricted_units.is_empty());
        let (first, last) = (period.first, period.last);
        Counted { kinds: column.kinds(period), first, last, units, restricted_units, versions }
    }

    /// Names of fields or procedures by code; the newest version's, for one of several that differ.
    fn names(&self, by: By) -> HashMap<&str, &str> {
        self.procedures
            .iter()
            .map(|stored| {
                let definition = &stored.definition;
                match by {
                    By::Field => (definition.field.code.as_str(), definition.field.name.as_str()),
                    _ => (definition.code.as_str(), definition.name.as_str()),
                }
            })
            .collect()
    }

    /// Fills the form in.
    pub fn report(&self, reader: &mut Reader<'_>, question: &Question) -> Result<Report> {
        let (scope, period) = (&question.scope, question.period);
        let units = self.units(scope, period.last);
        let restricted_units = access::restricted_units(self.who, self.tree);
        let by_id: HashMap<Id, &StoredProcedure> = self.procedures.iter().map(|stored| (stored.id, stored)).collect();
        let mut rows =
            Rows { question, units: &units, asker: self, names: self.names(question.by), found: BTreeMap::new() };
        if question.by == By::Unit {
            units.iter().for_each(|unit| rows.add_unit(*unit));
        }
        for ((unit, subject), counts) in super::read(reader, &units, period)? {
            let Some(stored) = by_id.get(&subject).filter(|stored| is_asked(stored, scope)) else { continue };
            if !stored.definition.restricted || restricted_units.contains(&unit) {
                rows.add(unit, stored, counts);
            }
        }
        let rows = rows.finish();
        let mut total = Counts::default();
        rows.iter().for_each(|row| total += row.counts);
        let without_restricted = units.iter().any(|unit| !restricted_units.contains(unit));
        Ok(Report { rows, total, without_restricted })
    }
}

fn is_asked(stored: &StoredProcedure, scope: &Scope) -> bool {
    let definition = &stored.definition;
    scope.field.as_ref().is_none_or(|field| definition.field.code == *field)
        && scope.procedure.as_ref().is_none_or(|code| definition.code == *code)
}

/// The line of a unit on a day; of one that was not there then, on its last or first day. So a unit that was merged away
/// stays where it lay, and what it left is counted once.
fn line_then(tree: &UnitTree, unit: Id, day: Day) -> Vec<Id> {
    let Some(found) = tree.get(unit) else { return vec![unit] };
    let day = found.valid_to.map_or(day, |to| day.min(to)).max(found.valid_from);
    tree.line_on(unit, day)
}

/// Rows while they are added up, by what orders them.
struct Rows<'a> {
    question: &'a Question,
    units: &'a [Id],
    asker: &'a Asker<'a>,
    names: HashMap<&'a str, &'a str>,
    found: BTreeMap<String, Row>,
}

impl Rows<'_> {
    fn add(&mut self, unit: Id, stored: &StoredProcedure, counts: Counts) {
        let definition = &stored.definition;
        let named = |code: &str| self.names.get(code).copied().unwrap_or(code).to_owned();
        let (field, code) = (&definition.field.code, &definition.code);
        let (key, name, note) = match self.question.by {
            By::Field => (Key::Field(field.clone()), named(field), String::new()),
            By::Procedure => (Key::Procedure(code.clone()), named(code), code.clone()),
            By::Unit => self.of_unit(unit),
        };
        self.row(key, name, note).counts += counts;
    }

    /// A unit that is there has its row, whether it had anything to do or not.
    fn add_unit(&mut self, unit: Id) {
        let (key, name, note) = self.of_unit(unit);
        self.row(key, name, note);
    }

    fn row(&mut self, key: Key, name: String, note: String) -> &mut Row {
        let own = if matches!(key, Key::OwnUnit(_)) { "0" } else { "1" };
        let order = format!("{own}{}\u{0}{key:?}", text::order_key(&name));
        self.found.entry(order).or_insert_with(|| Row { key, name, note, counts: Counts::default() })
    }

    /// The unit directly below the one that was asked for, with all that lies below it; or that one itself.
    fn of_unit(&self, unit: Id) -> (Key, String, String) {
        let (tree, last) = (self.asker.tree, self.question.period.last);
        let line = line_then(tree, unit, last);
        let top = match self.question.scope.unit {
            Some(chosen) => line.iter().position(|id| *id == chosen),
            // The highest that the reader may see.
            None => line.iter().rposition(|id| self.units.contains(id)).map(|at| at + 1),
        };
        let key = match top {
            Some(0) if self.units.len() > 1 => Key::OwnUnit(unit),
            Some(0) | None => Key::Unit(unit),
            Some(at) => Key::Unit(line[at - 1]),
        };
        let (Key::Unit(id) | Key::OwnUnit(id)) = key else { return (key, String::new(), String::new()) };
        let ended = tree.get(id).and_then(|unit| unit.valid_to).filter(|to| *to < tree.day);
        let mut note = ended.map(|to| format!("đến hết ngày {}", to.0.strftime("%d/%m/%Y"))).unwrap_or_default();
        if matches!(key, Key::OwnUnit(_)) {
            note = "không kể đơn vị trực thuộc".to_owned();
        }
        (key, tree.name(id).to_owned(), note)
    }

    /// What has ended and had nothing to do is left out.
    fn finish(self) -> Vec<Row> {
        let there = |row: &Row| match row.key {
            Key::Unit(id) | Key::OwnUnit(id) => {
                let first = self.question.period.first;
                !row.counts.is_nothing()
                    || self.asker.tree.get(id).is_some_and(|unit| unit.valid_to.is_none_or(|to| to >= first))
            }
            _ => !row.counts.is_nothing(),
        };
        self.found.values().filter(|row| there(row)).cloned().collect()
    }
}
