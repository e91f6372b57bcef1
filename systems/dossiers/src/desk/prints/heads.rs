//! Who issues a form: the agency and the one above it, from the tree of units.

use directory::{Unit, UnitKind, UnitTree};
use print::forms::AgencyHead;
use types::Id;

/// What the one-stop counter of an authority is called when the tree has no unit for it.
const COUNTER: &str = "Trung tâm Phục vụ hành chính công";

/// The agency of a unit.
pub fn agency(unit: &Unit) -> String {
    unit.agency_name()
}

/// The left head of a form of `unit`.
pub fn head(tree: &UnitTree, unit: Id) -> AgencyHead {
    let above = tree.line(unit).into_iter().nth(1).and_then(|id| tree.get(id)).map(agency);
    let own = tree.get(unit).map_or_else(|| "–".to_owned(), agency);
    AgencyHead { superior: above, agency: own, counter: Some(counter_unit(tree, unit).unwrap_or(COUNTER.to_owned())) }
}

/// The counter's full name, for the receipt's first line.
pub fn counter(tree: &UnitTree, unit: Id) -> String {
    counter_unit(tree, unit).unwrap_or_else(|| format!("{COUNTER} {}", in_sentence(tree.name(unit))))
}

/// The place before the date.
pub fn place(tree: &UnitTree, unit: Id) -> String {
    tree.get(unit).map_or_else(|| "…".to_owned(), |unit| unit.short_name.clone())
}

fn counter_unit(tree: &UnitTree, unit: Id) -> Option<String> {
    let below = tree.children(unit).iter().filter_map(|id| tree.get(*id));
    below.filter(|unit| unit.kind == UnitKind::Counter).map(|unit| unit.name.clone()).next()
}

/// `Xã La Bằng` within a sentence is `xã La Bằng`.
fn in_sentence(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}
