//! The list behind a figure: exactly the dossiers that were counted, newest first, a page at a time.
//!
//! A figure is made of few kinds (received by one channel, ended in one way, open when a day ended), each of them a range
//! of an index, for each version of a procedure that is asked for. The page is merged from them ([`super::merged`]): the
//! work does not grow with the period.
//!
//! What was open on a day is found by how long it was open in the end ([`crate::dossier::span`]): what was open for less than
//! sixteen days was received in the fifteen days before, and so on, so that few rows are looked at in vain. What is open
//! still and never stopped is found by its term in the same way, whether in time or overdue.

use super::merged::{self, Place};
use super::{From, Listed};
use crate::counting::{CLOSED_OUTCOMES, ONLINE, OVERDUE};
use crate::dossier::{SPAN_RUNNING, SPAN_STOPPED, TERM_MAX};
use jiff::ToSpan;
use store::{Reader, Val, in_list};
use types::{Day, Id, Result};

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Received in the period through this channel.
    Received(&'static str),
    /// Ended in the period with this outcome.
    Ended(&'static str),
    /// Open when the day ended; with `overdue`, only what was overdue then, or only what was not.
    Open { on: Day, overdue: Option<bool> },
}

/// Channels as dossiers have them.
const CHANNELS_DIRECT: [&str; 2] = ["counter", "post"];
/// Ends with a result.
const RESULTS: [&str; 3] = ["early", "on_time", "late"];
/// How many ranges are what was open: by what it ended as, by its term, and what has stopped.
const OPEN_RANGES: usize = (SPAN_MAX + TERM_MAX + 2) as usize;
/// Ranges that one statement is asked for; a field of many procedures takes some statements.
const RANGES_MAX: usize = 120;
/// Each of so few units has ranges of its own. Who asks for more finds a page soon by walking back through all units.
const UNITS_MAX: usize = 8;
/// The longest span of what has ended: half a century.
const SPAN_MAX: i64 = 7;

impl Kind {
    pub(crate) fn online() -> Vec<Self> {
        vec![Self::Received(ONLINE)]
    }

    pub(crate) fn direct() -> Vec<Self> {
        CHANNELS_DIRECT.map(Self::Received).to_vec()
    }

    pub(crate) fn resolved() -> Vec<Self> {
        RESULTS.map(Self::Ended).to_vec()
    }

    pub(crate) fn closed() -> Vec<Self> {
        CLOSED_OUTCOMES.iter().copied().map(Self::Ended).collect()
    }

    fn day_column(self) -> &'static str {
        if matches!(self, Self::Ended(_)) { "ended_day" } else { "received_day" }
    }

    /// How many ranges of an index it is.
    fn ranges(self) -> usize {
        if matches!(self, Self::Open { .. }) { OPEN_RANGES } else { 1 }
    }
}

/// Whose dossiers, of which procedures, counted how.
#[derive(Debug, Clone)]
pub struct Counted {
    /// Any of these; all are ordered by the same day.
    pub kinds: Vec<Kind>,
    pub first: Day,
    pub last: Day,
    /// Units, cut to what the reader may see.
    pub units: Vec<Id>,
    /// Of these, those whose restricted dossiers count too.
    pub restricted_units: Vec<Id>,
    /// Versions of procedures; none for all of them.
    pub versions: Option<Vec<Id>>,
}

/// A page of the dossiers that were counted.
pub fn list(reader: &mut Reader<'_>, counted: &Counted, from: Option<From>, limit: usize) -> Result<Listed> {
    let Some(column) = counted.kinds.first().map(|kind| kind.day_column()).filter(|_| !counted.units.is_empty()) else {
        return Ok(Listed::default());
    };
    let before = match from.map(|from| merged::place(reader, column, from)).transpose()? {
        // The dossier behind which the page begins stands in no such list.
        Some(None) => return Ok(Listed::default()),
        before => before.flatten(),
    };
    let page = (column, before, limit);
    let mut found = read(reader, counted, Pass::Columns, page)?;
    if counted.kinds.iter().any(|kind| matches!(kind, Kind::Open { overdue: Some(_), .. })) {
        found.sort_unstable_by(|a, b| b.cmp(a));
        let end = found.get(limit).map(|(day, _)| *day);
        found.extend(read(reader, counted, Pass::Counts(end), page)?);
    }
    merged::page(reader, found, limit)
}

/// What a statement looks through.
#[derive(Debug, Clone, Copy)]
enum Pass {
    /// What columns tell, or hardly any row has to be asked for.
    Columns,
    /// Clocks that have stopped: whether one is overdue is asked of the counts of each, and only back to the day on which the
    /// page ends without them.
    Counts(Option<Day>),
}

fn read(
    reader: &mut Reader<'_>,
    counted: &Counted,
    pass: Pass,
    (column, before, limit): (&str, Option<Place>, usize),
) -> Result<Vec<Place>> {
    let mut found = Vec::new();
    // A field or a procedure that is not known has no versions and no dossiers.
    for versions in counted.parts() {
        let mut sql = Sql { counted, pass, before, values: Vec::new() };
        let ranges = sql.all_ranges(versions);
        found.extend(merged::first(reader, column, (&ranges, sql.values), limit + 1)?);
    }
    Ok(found)
}

impl Counted {
    fn is_by_unit(&self) -> bool {
        self.units.len() <= UNITS_MAX
    }

    /// The versions that each statement is asked for; nothing in particular where all are.
    fn parts(&self) -> Vec<Option<&[Id]>> {
        let Some(versions) = &self.versions else { return vec![None] };
        let ranges: usize = self.kinds.iter().map(|kind| kind.ranges()).sum();
        let units = if self.is_by_unit() { self.units.len() } else { 1 };
        versions.chunks((RANGES_MAX / (ranges * units).max(1)).max(1)).map(Some).collect()
    }
}

struct Sql<'c> {
    counted: &'c Counted,
    pass: Pass,
    /// Where the page begins.
    before: Option<Place>,
    values: Vec<Val>,
}

impl Sql<'_> {
    fn given(&mut self, value: impl Into<Val>) -> String {
        self.values.push(value.into());
        format!("${}", self.values.len())
    }

    fn among(&mut self, ids: &[Id]) -> String {
        let list = in_list(self.values.len() + 1, ids, &mut self.values);
        if ids.len() == 1 { format!("= {list}") } else { format!("IN ({list})") }
    }

    /// Every kind of every version in every unit.
    fn all_ranges(&mut self, versions: Option<&[Id]>) -> Vec<String> {
        let counted = self.counted;
        let units: Vec<String> = if counted.is_by_unit() {
            counted.units.iter().map(|unit| format!("unit_id = {}", self.given(*unit))).collect()
        } else {
            vec![format!("+unit_id {}", self.among(&counted.units))]
        };
        let versions: Vec<String> = match versions {
            Some(versions) => {
                versions.iter().map(|version| format!(" AND procedure_id = {}", self.given(*version))).collect()
            }
            None => vec![String::new()],
        };
        let kinds: Vec<String> = counted.kinds.iter().flat_map(|kind| self.ranges(*kind)).collect();
        let open = if counted.restricted_units.is_empty() {
            "restricted = false".to_owned()
        } else {
            format!("(restricted = false OR +unit_id {})", self.among(&counted.restricted_units))
        };
        let mut ranges = Vec::with_capacity(units.len() * versions.len() * kinds.len());
        for unit in &units {
            for version in &versions {
                ranges.extend(kinds.iter().map(|kind| format!("{unit}{version}{kind} AND {open}")));
            }
        }
        ranges
    }

    /// The conditions that lead to a kind, each those of a range of an index.
    fn ranges(&mut self, kind: Kind) -> Vec<String> {
        let (first, last) = (self.counted.first, self.counted.last);
        match kind {
            Kind::Open { on, overdue: Some(overdue) } if let Pass::Counts(end) = self.pass => {
                let late = self.overdue(on, overdue);
                vec![self.stopped(on, end, &late)]
            }
            _ if matches!(self.pass, Pass::Counts(_)) => Vec::new(),
            Kind::Received(channel) => {
                let channel = self.given(channel);
                let days = self.days("received_day", Some(first), last);
                vec![format!(" AND channel = {channel}{days}")]
            }
            Kind::Ended(outcome) => {
                let outcome = self.given(outcome);
                let days = self.days("ended_day", Some(first), last);
                // Word for word the condition of the index.
                vec![format!(" AND outcome = {outcome} AND ended_day IS NOT NULL{days}")]
            }
            Kind::Open { on, overdue } => self.open(on, overdue),
        }
    }

    fn open(&mut self, on: Day, overdue: Option<bool>) -> Vec<String> {
        let back = |days: i64| on.0.checked_sub(days.days()).ok().map(Day);
        let late = overdue.map(|overdue| self.overdue(on, overdue)).unwrap_or_default();
        let mut ranges = Vec::with_capacity(OPEN_RANGES);
        for span in 1..=SPAN_MAX {
            // Received longer ago, it had ended.
            let days = self.days("received_day", back(4_i64.pow(span as u32) - 1), on);
            let ended = format!(" AND ended_day || '' > {}", self.given(on));
            ranges.push(format!(" AND span = {}{days}{ended}{late}", self.given(span)));
        }
        for term in 0..=TERM_MAX {
            // Received longer ago it is overdue by now, received later it is not yet.
            let least = if term == 0 { 0 } else { 4_i64.pow(term as u32 - 1) };
            let (first, last, due) = match overdue {
                None => (None, on, ""),
                Some(false) if term == TERM_MAX => (None, on, ">="),
                Some(false) => (back(4_i64.pow(term as u32) - 1), on, ">="),
                Some(true) => (None, back(least).unwrap_or(on), "<"),
            };
            let days = self.days("received_day", first, last);
            let due =
                if due.is_empty() { String::new() } else { format!(" AND due_day || '' {due} {}", self.given(on)) };
            ranges.push(format!(" AND span = {}{days}{due}", self.given(SPAN_RUNNING + term)));
        }
        if overdue.is_none() {
            ranges.push(self.stopped(on, None, ""));
        }
        ranges
    }

    /// What is open and has stopped at some time.
    fn stopped(&mut self, on: Day, first: Option<Day>, late: &str) -> String {
        let days = self.days("received_day", first, on);
        format!(" AND span = {}{days}{late}", self.given(SPAN_STOPPED))
    }

    /// From a day to a day, or to where the page begins: the lower one of the two, so that an engine can take no other.
    fn days(&mut self, column: &str, first: Option<Day>, last: Day) -> String {
        let first = first.map(|first| format!(" AND {column} >= {}", self.given(first))).unwrap_or_default();
        match self.before {
            Some((day, id)) if day <= last => {
                format!("{first} AND ({column}, id) < ({}, {})", self.given(day), self.given(id))
            }
            _ => format!("{first} AND {column} <= {}", self.given(last)),
        }
    }

    /// What the counts of this dossier come to up to the day.
    fn overdue(&mut self, on: Day, overdue: bool) -> String {
        let (measure, on) = (self.given(OVERDUE), self.given(on));
        let compare = if overdue { ">" } else { "<=" };
        format!(
            " AND (SELECT coalesce(sum(x.amount), 0) FROM delta x
              WHERE x.record_id = dossier.id AND x.measure || '' = {measure} AND x.day || '' <= {on}) {compare} 0"
        )
    }
}
