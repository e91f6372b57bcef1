//! The tree of units on a day, with its history, held in memory.

use crate::unit::{COLUMNS, Unit, UnitRow, read};
use std::collections::HashMap;
use store::{Reader, params};
use types::{Day, Id, Result, text};

/// No line of units is longer; a longer one is a ring in the data.
const DEPTH_MAX: usize = 32;

/// Where a unit lies from a day to a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The unit above; none at the top.
    pub parent: Option<Id>,
    pub from: Day,
    /// The last day.
    pub to: Option<Day>,
}

impl Place {
    fn holds(&self, day: Day) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }
}

/// All units ever, and how they lie on one day.
#[derive(Debug)]
pub struct UnitTree {
    /// The day that `line`, `below` and `roots` tell of.
    pub day: Day,
    units: HashMap<Id, Unit>,
    places: HashMap<Id, Vec<Place>>,
    children: HashMap<Id, Vec<Id>>,
    codes: HashMap<String, Id>,
    /// Units without one above them on that day, in the order of their names.
    pub roots: Vec<Id>,
}

impl UnitTree {
    /// Reads all units and how they lie on `day`.
    pub fn load(reader: &mut Reader<'_>, day: Day) -> Result<Self> {
        let mut units = HashMap::new();
        reader.each(&format!("SELECT {COLUMNS} FROM unit"), params![], |row: UnitRow| {
            let unit = read(row)?;
            units.insert(unit.id, unit);
            Ok(())
        })?;
        let mut places: HashMap<Id, Vec<Place>> = HashMap::with_capacity(units.len());
        reader.each(
            "SELECT unit_id, parent_id, valid_from, valid_to FROM unit_place ORDER BY unit_id, valid_from",
            params![],
            |(unit, parent, from, to): (Id, Option<Id>, Day, Option<Day>)| {
                places.entry(unit).or_default().push(Place { parent, from, to });
                Ok(())
            },
        )?;
        Ok(Self::of(day, units, places))
    }

    /// A tree without a unit, for samples of pages.
    pub fn empty(day: Day) -> Self {
        Self::of(day, HashMap::new(), HashMap::new())
    }

    fn of(day: Day, units: HashMap<Id, Unit>, places: HashMap<Id, Vec<Place>>) -> Self {
        let mut tree = Self { day, units, places, children: HashMap::new(), codes: HashMap::new(), roots: Vec::new() };
        let mut present: Vec<(String, Id)> = tree
            .units
            .values()
            .filter(|unit| unit.is_valid(day))
            .map(|unit| (text::order_key(&unit.short_name), unit.id))
            .collect();
        present.sort_unstable();
        for (_, id) in present {
            match tree.place_on(id, day).and_then(|place| place.parent) {
                Some(parent) => tree.children.entry(parent).or_default().push(id),
                None => tree.roots.push(id),
            }
        }
        tree.codes = tree.units.values().filter_map(|unit| Some((unit.code.clone()?, unit.id))).collect();
        tree
    }

    /// A unit, also one that has ended.
    pub fn get(&self, id: Id) -> Option<&Unit> {
        self.units.get(&id)
    }

    /// The unit with this electronic identifier.
    pub fn by_code(&self, code: &str) -> Option<&Unit> {
        self.codes.get(code).and_then(|id| self.get(*id))
    }

    /// The unit's name; a dash for one that is not there.
    pub fn name(&self, id: Id) -> &str {
        self.get(id).map_or("–", |unit| unit.name.as_str())
    }

    /// The unit itself, then the ones above it, on the tree's day.
    pub fn line(&self, id: Id) -> Vec<Id> {
        self.line_on(id, self.day)
    }

    /// The authority that a unit works for: the nearest unit that is neither a counter nor a department nor a village.
    pub fn authority(&self, unit: Id) -> Id {
        let own = |id: &Id| self.get(*id).is_some_and(|unit| !unit.kind.is_inner());
        self.line(unit).into_iter().find(own).unwrap_or(unit)
    }

    /// The line by which it is decided who may see a unit: today's, or that of its last (or first) day.
    pub fn line_of_rights(&self, id: Id) -> Vec<Id> {
        let Some(unit) = self.get(id) else { return Vec::new() };
        let day = unit.valid_to.map_or(self.day, |to| self.day.min(to)).max(unit.valid_from);
        self.line_on(id, day)
    }

    /// The unit itself, then the ones above it, on `day`.
    pub fn line_on(&self, id: Id, day: Day) -> Vec<Id> {
        let mut line = vec![id];
        let mut at = id;
        while let Some(parent) = self.place_on(at, day).and_then(|place| place.parent) {
            if line.len() == DEPTH_MAX {
                break;
            }
            line.push(parent);
            at = parent;
        }
        line
    }

    /// The unit itself and all below it on the tree's day, each after the one above it.
    pub fn below(&self, id: Id) -> Vec<Id> {
        let mut found = vec![id];
        let mut next = 0;
        while next < found.len() && found.len() <= self.units.len() {
            found.extend_from_slice(self.children(found[next]));
            next += 1;
        }
        found
    }

    /// Units directly below on the tree's day, in the order of their names.
    pub fn children(&self, id: Id) -> &[Id] {
        self.children.get(&id).map_or(&[], Vec::as_slice)
    }

    /// How many units there are, ended ones included.
    pub fn len(&self) -> usize {
        self.units.len()
    }

    /// Whether there is no unit at all.
    pub fn is_empty(&self) -> bool {
        self.units.is_empty()
    }

    /// All units, ended ones included, in no order.
    pub fn units(&self) -> impl Iterator<Item = &Unit> {
        self.units.values()
    }

    /// Where a unit has been, oldest first.
    pub fn places(&self, id: Id) -> &[Place] {
        self.places.get(&id).map_or(&[], Vec::as_slice)
    }

    /// Where a unit lies on `day`.
    pub fn place_on(&self, id: Id, day: Day) -> Option<&Place> {
        self.places(id).iter().find(|place| place.holds(day))
    }

    /// A unit that lies directly below `id` on some day after `last`.
    pub(crate) fn child_after(&self, id: Id, last: Day) -> Option<&Unit> {
        let under = |(unit, places): (&Id, &Vec<Place>)| {
            let after = |place: &Place| place.parent == Some(id) && place.to.is_none_or(|to| to > last);
            places.iter().any(after).then_some(*unit)
        };
        self.places.iter().filter_map(under).filter_map(|child| self.get(child)).min_by_key(|unit| unit.id)
    }

    /// Whether putting `id` under `parent` from `from` on would make a ring on that day or any later one.
    pub(crate) fn would_ring(&self, id: Id, parent: Id, from: Day) -> bool {
        let later = self.places.values().flatten().map(|place| place.from).filter(|day| *day > from);
        let mut days: Vec<Day> = later.collect();
        days.push(from);
        days.sort_unstable();
        days.dedup();
        days.into_iter().any(|day| self.line_on(parent, day).contains(&id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unit::UnitKind;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn unit(id: i64, name: &str) -> (Id, Unit) {
        let unit = Unit {
            id: Id(id),
            code: (id == 3).then(|| "H55.62.05".to_owned()),
            gso_code: None,
            name: name.to_owned(),
            short_name: name.to_owned(),
            kind: UnitKind::Commune,
            valid_from: day("2020-01-01"),
            valid_to: None,
            version: 1,
        };
        (Id(id), unit)
    }

    fn place(parent: Option<i64>, from: &str, to: Option<&str>) -> Place {
        Place { parent: parent.map(Id), from: day(from), to: to.map(day) }
    }

    /// A commune that lay in a district until the districts were abolished on 1 July 2025.
    fn tree(on: &str) -> UnitTree {
        let mut units: HashMap<Id, Unit> =
            [unit(1, "Thái Nguyên"), unit(2, "Đại Từ"), unit(3, "La Bằng"), unit(4, "Ân Thi")].into();
        units.get_mut(&Id(2)).unwrap().valid_to = Some(day("2025-06-30"));
        let places = [
            (Id(1), vec![place(None, "2020-01-01", None)]),
            (Id(2), vec![place(Some(1), "2020-01-01", Some("2025-06-30"))]),
            (Id(3), vec![place(Some(2), "2020-01-01", Some("2025-06-30")), place(Some(1), "2025-07-01", None)]),
            (Id(4), vec![place(Some(1), "2020-01-01", None)]),
        ];
        UnitTree::of(day(on), units, places.into())
    }

    #[test]
    fn the_line_is_that_of_the_day() {
        let tree = tree("2026-11-21");
        assert_eq!(tree.line(Id(3)), [Id(3), Id(1)]);
        assert_eq!(tree.line_on(Id(3), day("2025-06-30")), [Id(3), Id(2), Id(1)]);
        assert_eq!(tree.below(Id(1)), [Id(1), Id(4), Id(3)], "ordered as Vietnamese orders: Â before L");
        assert_eq!(tree.roots, [Id(1)]);
        assert_eq!(tree.by_code("H55.62.05").map(|u| u.id), Some(Id(3)));
        assert!(tree.get(Id(2)).is_some_and(|u| !u.is_valid(day("2025-07-01"))));
    }

    #[test]
    fn before_the_reform_the_district_stands_between() {
        let tree = tree("2025-06-30");
        assert_eq!(tree.below(Id(1)), [Id(1), Id(4), Id(2), Id(3)]);
        assert_eq!(tree.children(Id(2)), [Id(3)]);
    }

    #[test]
    fn a_ring_is_seen_also_on_a_later_day() {
        let tree = tree("2026-11-21");
        assert!(tree.would_ring(Id(1), Id(3), day("2026-01-01")));
        assert!(tree.would_ring(Id(3), Id(3), day("2026-01-01")));
        assert!(!tree.would_ring(Id(3), Id(4), day("2026-01-01")));
        // On 2020-01-01 the province is above the district: putting the province under the commune rings then too.
        assert!(tree.would_ring(Id(1), Id(3), day("2020-01-01")));
        assert!(tree.child_after(Id(2), day("2025-06-29")).is_some());
        assert!(tree.child_after(Id(2), day("2025-06-30")).is_none());
    }
}
