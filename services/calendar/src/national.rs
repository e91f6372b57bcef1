//! The country's days off as this installation knows them: what ships with the program, and what was entered here.
//!
//! A year that was entered as a whole stands in place of the shipped one. A single decision stands beside the shipped
//! ones of its year. Whatever is entered is built at once: what makes no sense is refused, and nothing was changed.

mod write;

use std::collections::BTreeSet;
use store::{Reader, params};
use types::{Day, Error, Id, Result};

use crate::holidays::{Break, Decision, Mistake, PublicHolidays, Swap, YearFile};
pub use write::{add, drop_year, import_year, remove};

/// A decision that can be entered by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decided {
    /// A break of several days.
    Break(Break),
    /// A working day exchanged for a weekend day.
    Swap(Swap),
}

impl Decided {
    /// The first day that it changes.
    pub fn first_day(&self) -> Day {
        match self {
            Self::Break(decided) => Day(decided.from),
            Self::Swap(swap) => Day(swap.off.min(swap.work)),
        }
    }

    /// The occasion, e.g. `Quốc khánh 02/9`.
    pub fn occasion(&self) -> &str {
        match self {
            Self::Break(decided) => &decided.occasion,
            Self::Swap(swap) => &swap.occasion,
        }
    }

    /// The paper behind it.
    pub fn decision(&self) -> &Decision {
        match self {
            Self::Break(decided) => &decided.decision,
            Self::Swap(swap) => &swap.decision,
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::Break(_) => "break",
            Self::Swap(_) => "swap",
        }
    }

    fn days(&self) -> (Day, Day) {
        match self {
            Self::Break(decided) => (Day(decided.from), Day(decided.to)),
            Self::Swap(swap) => (Day(swap.off), Day(swap.work)),
        }
    }
}

/// What is known of a year, and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownYear {
    /// The year.
    pub year: i16,
    /// Entered here as a whole.
    pub entered: bool,
    /// Ships with the program.
    pub shipped: bool,
    /// What was decided; those entered here have an id.
    pub decided: Vec<(Option<Id>, Decided)>,
}

impl KnownYear {
    /// The year as one file.
    pub fn file(&self) -> YearFile {
        let mut file = YearFile { year: self.year, breaks: Vec::new(), swaps: Vec::new() };
        for (_, decided) in &self.decided {
            match decided.clone() {
                Decided::Break(decided) => file.breaks.push(decided),
                Decided::Swap(swap) => file.swaps.push(swap),
            }
        }
        file
    }
}

/// All known years, in order.
pub fn years(reader: &mut Reader<'_>) -> Result<Vec<KnownYear>> {
    let entered: Vec<(i64,)> = reader.all("SELECT year FROM public_year", params![])?;
    let entered: BTreeSet<i16> = entered.into_iter().filter_map(|(year,)| i16::try_from(year).ok()).collect();
    let shipped = PublicHolidays::shipped_files();
    let mut years: BTreeSet<i16> = shipped.iter().map(|file| file.year).collect();
    years.extend(&entered);
    let mut known: Vec<KnownYear> = Vec::with_capacity(years.len());
    for year in years {
        let file = shipped.iter().find(|file| file.year == year);
        let entered = entered.contains(&year);
        let decided = file.filter(|_| !entered).map(parts).unwrap_or_default();
        known.push(KnownYear { year, entered, shipped: file.is_some(), decided });
    }
    let rows: Vec<DecisionRow> = reader.all(
        "SELECT id, year, kind, occasion, first_day, second_day, number, issued_on, issuer, source, verified
         FROM public_decision ORDER BY year, id",
        params![],
    )?;
    for row in rows {
        let (id, year, decided) = read(row)?;
        let place = known.iter_mut().find(|known| i64::from(known.year) == year);
        let place = place.ok_or_else(|| Error::internal(format!("a decision of {year}, which is not known")))?;
        place.decided.push((Some(id), decided));
    }
    Ok(known)
}

fn parts(file: &YearFile) -> Vec<(Option<Id>, Decided)> {
    let breaks = file.breaks.iter().cloned().map(Decided::Break);
    breaks.chain(file.swaps.iter().cloned().map(Decided::Swap)).map(|decided| (None, decided)).collect()
}

type DecisionRow =
    (Id, i64, String, String, Day, Day, Option<String>, Option<Day>, Option<String>, Option<String>, bool);

fn read(row: DecisionRow) -> Result<(Id, i64, Decided)> {
    let (id, year, kind, occasion, Day(first), Day(second), number, date, issuer, source, verified) = row;
    let decision = Decision { number, date: date.map(|day| day.0), issuer, source, verified };
    let decided = match kind.as_str() {
        "break" => Decided::Break(Break { occasion, from: first, to: second, decision, line: None }),
        "swap" => Decided::Swap(Swap { occasion, off: first, work: second, decision, line: None }),
        other => return Err(Error::internal(format!("«{other}» is no kind of decision"))),
    };
    Ok((id, year, decided))
}

/// The country's days off of all known years.
pub fn holidays(reader: &mut Reader<'_>) -> Result<PublicHolidays> {
    let years = years(reader)?;
    build(&years).map_err(|(year, mistakes)| {
        let told: Vec<String> = mistakes.iter().map(Mistake::to_string).collect();
        Error::internal(format!("the decisions of {year} in the database make no sense: {}", told.join(" ")))
    })
}

/// Builds what differs from the shipped years on top of them.
pub(crate) fn build(years: &[KnownYear]) -> std::result::Result<PublicHolidays, (i16, Vec<Mistake>)> {
    let mut public = PublicHolidays::shipped().clone();
    for known in years.iter().filter(|known| known.entered || known.decided.iter().any(|(id, _)| id.is_some())) {
        public = public.with_decisions(&known.file()).map_err(|mistakes| (known.year, mistakes))?;
    }
    Ok(public)
}
