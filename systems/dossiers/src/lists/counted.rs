//! The list behind a figure: exactly the dossiers that were counted, newest first, a page at a time.
//!
//! A figure is made of few kinds (received by one channel, ended in one way, open when a day ended), each of them a range
//! of an index, for each procedure that is asked for. Every such branch is read by itself as far as a page goes, and the
//! first of all of them are the page: the work does not grow with the period.
//!
//! What was open on a day is found by how long it was open in the end ([`crate::dossier::span`]): what was open for at most
//! seven days was received in the seven days before, and so on, so that hardly any row is looked at in vain.

use super::{From, Listed};
use crate::counting::{CLOSED_OUTCOMES, ONLINE, OVERDUE};
use crate::dossier::{self, SPAN_OPEN};
use jiff::ToSpan;
use std::collections::HashMap;
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
/// Beyond so many branches a list of one procedure each is not worth it, and procedures are only compared.
const BRANCHES_MAX: usize = 120;
/// The longest span in bits: half a century.
const SPANS: i64 = 14;

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
    /// Versions of procedures by their code; none for all of them.
    pub procedures: Option<Vec<(String, Vec<Id>)>>,
}

/// A page of the dossiers that were counted.
pub fn list(reader: &mut Reader<'_>, counted: &Counted, from: Option<From>, limit: usize) -> Result<Listed> {
    // A field or a procedure that is not known has no dossiers.
    let nothing = counted.units.is_empty() || counted.procedures.as_ref().is_some_and(Vec::is_empty);
    let Some(column) = counted.kinds.first().map(|kind| kind.day_column()).filter(|_| !nothing) else {
        return Ok(Listed::default());
    };
    let mut sql = Sql { counted, from, values: Vec::new(), rows: limit + 1 };
    let text = sql.text(column);
    let found: Vec<(Id, Day)> = reader.all(&text, &sql.values)?;
    let mut ids: Vec<Id> = found.into_iter().map(|(id, _)| id).collect();
    let more = ids.len() > limit;
    ids.truncate(limit);
    let mut by_id: HashMap<Id, dossier::Dossier> =
        dossier::by_ids(reader, &ids)?.into_iter().map(|dossier| (dossier.id, dossier)).collect();
    let next = ids.last().filter(|_| more).map(|last| From { before: *last, folded: false });
    Ok(Listed { dossiers: ids.iter().filter_map(|id| by_id.remove(id)).collect(), next })
}

struct Sql<'c> {
    counted: &'c Counted,
    from: Option<From>,
    values: Vec<Val>,
    rows: usize,
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

    fn text(&mut self, column: &str) -> String {
        let counted = self.counted;
        let units = self.among(&counted.units);
        // Who asks for many units finds a page soon by walking back through all of them.
        let unit = if counted.units.len() == 1 { format!("unit_id {units}") } else { format!("+unit_id {units}") };
        let open = if counted.restricted_units.is_empty() {
            "restricted = false".to_owned()
        } else {
            format!("(restricted = false OR +unit_id {})", self.among(&counted.restricted_units))
        };
        let before = self.from.map(|from| {
            let last = self.given(from.before);
            format!(" AND ({column}, id) < ((SELECT {column} FROM dossier WHERE id = {last}), {last})")
        });
        let all = format!("{unit} AND {open}{}", before.unwrap_or_default());
        let limit = self.given(Val::Int(i64::try_from(self.rows).unwrap_or(i64::MAX)));
        let mut branches = Vec::new();
        for kind in &counted.kinds {
            for (kind, lead) in self.ranges(*kind) {
                for procedure in self.procedures(kind) {
                    branches.push(format!(
                        "SELECT id, day FROM (SELECT id, {column} AS day FROM dossier
                         WHERE {all}{lead}{procedure} ORDER BY {column} DESC, id DESC LIMIT {limit}) AS b{}",
                        branches.len()
                    ));
                }
            }
        }
        format!(
            "SELECT id, day FROM ({}) AS counted ORDER BY day DESC, id DESC LIMIT {limit}",
            branches.join(" UNION ALL ")
        )
    }

    /// The conditions that lead to a kind, each a range of an index.
    fn ranges(&mut self, kind: Kind) -> Vec<(Kind, String)> {
        let (first, last) = (self.counted.first, self.counted.last);
        match kind {
            Kind::Received(channel) => {
                let word = if self.counted.procedures.is_some() { "channel || ''" } else { "channel" };
                let channel = self.given(channel);
                let days = self.days("received_day", Some(first), last);
                vec![(kind, format!(" AND {word} = {channel}{days}"))]
            }
            Kind::Ended(outcome) => {
                let outcome = self.given(outcome);
                let days = self.days("ended_day", Some(first), last);
                // Word for word the condition of the index.
                vec![(kind, format!(" AND outcome = {outcome} AND ended_day IS NOT NULL{days}"))]
            }
            Kind::Open { on, overdue } => {
                let late = overdue.map(|overdue| self.overdue(on, overdue)).unwrap_or_default();
                (1..=SPANS)
                    .chain([SPAN_OPEN])
                    .map(|span| {
                        let ended = match span {
                            SPAN_OPEN => String::new(),
                            _ => format!(" AND ended_day || '' > {}", self.given(on)),
                        };
                        // Received longer ago, it had ended.
                        let since = (span != SPAN_OPEN).then(|| on.0.checked_sub((1_i64 << span).days()).ok());
                        let days = self.days("received_day", since.flatten().map(Day), on);
                        let span = self.given(span);
                        (kind, format!(" AND span = {span}{days}{ended}{late}"))
                    })
                    .collect()
            }
        }
    }

    fn days(&mut self, column: &str, first: Option<Day>, last: Day) -> String {
        let first = first.map(|first| format!(" AND {column} >= {}", self.given(first))).unwrap_or_default();
        // A later page begins below this already; of two upper bounds SQLite may take this one.
        let upper = if self.from.is_none() { column.to_owned() } else { format!("{column} || ''") };
        format!("{first} AND {upper} <= {}", self.given(last))
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

    /// A condition for each procedure, or one for all of them where there is no index for that or they are too many.
    fn procedures(&mut self, kind: Kind) -> Vec<String> {
        let Some(procedures) = &self.counted.procedures else { return vec![String::new()] };
        let lead = !matches!(kind, Kind::Open { .. });
        if lead && procedures.len() * self.counted.kinds.len() <= BRANCHES_MAX {
            let one = |(code, versions): &(String, Vec<Id>)| {
                let (code, versions) = (self.given(code.as_str()), self.among(versions));
                format!(" AND procedure_code = {code} AND +procedure_id {versions}")
            };
            return procedures.iter().map(one).collect();
        }
        let versions: Vec<Id> = procedures.iter().flat_map(|(_, versions)| versions).copied().collect();
        vec![format!(" AND +procedure_id {}", self.among(&versions))]
    }
}
