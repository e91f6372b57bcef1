//! A module is data: a plain literal without defaults, listed only in `app`.

use crate::allow::Permission;
use crate::house::House;
use crate::page::Sample;
use crate::routes::Routes;
use store::outbox::Listener;
use store::{Migration, Reader, Tx};
use types::{Day, Id, Result, Timestamp};

/// Everything one crate contributes to the running house.
pub struct Module {
    /// Short plural noun; prefix of its permissions, commands and events.
    pub name: &'static str,
    /// What people call it.
    pub title: &'static str,
    pub migrations: &'static [Migration],
    pub permissions: &'static [&'static Permission],
    pub routes: fn() -> Routes,
    pub navigation: &'static [NavItem],
    pub indicators: &'static [Indicator],
    pub jobs: &'static [Job],
    /// Names of the events that it publishes, with their versions.
    pub events: &'static [&'static str],
    pub listeners: &'static [Listener],
    /// Each page with sample data, in its states; the law of templates renders them.
    pub samples: fn() -> Vec<Sample>,
    /// What `nhaviec check` asks of this module's rows.
    pub checks: &'static [Check],
    /// What it keeps for a time only; its jobs go by these rules.
    pub keeps: &'static [Keep],
    /// Its tables with values that are sealed with the installation's keys.
    pub sealed: &'static [Sealed],
    /// Puts this module's records back into the text index, after a restore and where a unit has moved.
    pub reindex: Option<Reindex>,
}

/// Indexes some records after the given one, of one unit or of all; answers the last, or none when all are done.
pub type Reindex = fn(&mut Tx<'_>, of: Option<Id>, after: Id) -> Result<Option<Id>>;

/// A line of the navigation; shown to whom its route would admit.
#[derive(Debug, Clone, Copy)]
pub struct NavItem {
    /// The group's heading.
    pub group: &'static str,
    pub title: &'static str,
    /// The icon's name in the sprite.
    pub icon: &'static str,
    /// A GET route without parameters.
    pub path: &'static str,
}

/// A figure that is computed from records, and how it is computed again from nothing.
#[derive(Clone, Copy)]
pub struct Indicator {
    /// The measure's name in the deltas.
    pub measure: &'static str,
    pub title: &'static str,
    /// Counts from the records and the audit, never from the deltas.
    pub recompute: fn(&mut Reader<'_>) -> Result<Figures>,
}

/// Amounts by unit, subject and the day that they count for.
pub type Figures = Vec<(Id, Id, Day, i64)>;

/// Work that is done again and again by one node at a time.
#[derive(Clone, Copy)]
pub struct Job {
    /// Also the name of its lease.
    pub name: &'static str,
    pub every_seconds: u64,
    pub run: fn(&House) -> Result<()>,
}

/// A question that `nhaviec check` asks; answers what is wrong, in Vietnamese.
#[derive(Clone, Copy)]
pub struct Check {
    pub title: &'static str,
    pub run: fn(&mut Reader<'_>, &crate::house::Settings) -> Result<Vec<String>>,
}

/// A table with values that are sealed with the installation's keys. Its column `sealed_with` names the oldest key that one of
/// a row's values is sealed with; where nothing is sealed it is empty.
#[derive(Clone, Copy)]
pub struct Sealed {
    pub table: &'static str,
    /// What people call its rows.
    pub title: &'static str,
    /// The column of a row's id.
    pub id: &'static str,
    pub columns: &'static [SealedColumn],
}

/// A column whose values are sealed; an empty one is not.
#[derive(Clone, Copy)]
pub struct SealedColumn {
    pub name: &'static str,
    /// What its values are: they open as nothing else, and for their own row only.
    pub what: &'static str,
    pub mark: Option<Mark>,
}

/// A keyed mark by which rows are found although the value is sealed.
#[derive(Clone, Copy)]
pub struct Mark {
    pub column: &'static str,
    /// Marks of different kinds differ, though the text be the same.
    pub kind: &'static str,
    /// The text that is marked, out of the opened value.
    pub of: fn(&[u8]) -> Option<String>,
}

/// How long something is kept that is part of no record. Records, their files, the audit and counts are archived: no rule here
/// is about them.
#[derive(Debug, Clone, Copy)]
pub struct Keep {
    /// What it is, as people say it.
    pub what: &'static str,
    pub span: Span,
    /// What the time counts from.
    pub since: &'static str,
    /// The day from which the rule holds.
    pub from: &'static str,
    /// The law that asks for it; none where none was found, which the page says.
    pub basis: Option<&'static str>,
}

/// For how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    Days(i64),
    Months(i64),
}

/// A month counts as long as the longest one, so that nothing goes too early.
const DAYS_OF_A_MONTH: i64 = 31;

impl Keep {
    /// What is older than this goes.
    pub fn before(&self, now: Timestamp) -> Timestamp {
        let days = match self.span {
            Span::Days(days) => days,
            Span::Months(months) => months * DAYS_OF_A_MONTH,
        };
        now.plus_seconds(-days * 86_400)
    }
}
