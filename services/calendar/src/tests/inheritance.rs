//! Hours and days come from the unit itself, else from the nearest above, else from the standard.

use super::world::{World, day};
use crate::hours::{WeekHours, typed_hours};
use crate::{DayKind, LocalDay, UnitHours, WorkingCalendar, local_day, unit_hours};
use directory::unit::move_to;
use jiff::civil::{Date, Weekday, date};
use testkit::each_engine;
use types::{Error, Id};

fn week(hours: &str) -> WeekHours {
    let mut week = WeekHours::standard();
    for weekday in [Weekday::Monday, Weekday::Tuesday, Weekday::Wednesday, Weekday::Thursday, Weekday::Friday] {
        week = week.with_day(weekday, typed_hours(hours).unwrap()).unwrap();
    }
    week
}

pub(super) fn from(text: &str, hours: &str) -> UnitHours {
    UnitHours { from: day(text), week: Some((week(hours), 900)), basis: "Quyết định 12/QĐ-UBND".to_owned() }
}

fn follow(text: &str) -> UnitHours {
    UnitHours { from: day(text), week: None, basis: String::new() }
}

pub(super) fn hours_on(calendar: &WorkingCalendar, on: Date) -> String {
    let periods = calendar.day(on).unwrap().periods().iter().map(ToString::to_string);
    periods.collect::<Vec<_>>().join(" ")
}

fn set(world: &World, unit: Id, hours: UnitHours) {
    world.write(move |tx| unit_hours::set(tx, unit, &hours)).unwrap();
}

const STANDARD: &str = "07:30-11:30 13:30-17:30";

#[test]
fn a_unit_without_hours_follows_the_nearest_above_and_at_last_the_standard() {
    each_engine(|db| {
        let world = World::new(db);
        let units = world.units;
        let monday = date(2026, 11, 23);
        assert_eq!(hours_on(&world.calendar(units.department), monday), STANDARD);
        set(&world, units.province, from("2026-01-05", "07:00-11:00, 13:00-17:00"));
        assert_eq!(hours_on(&world.calendar(units.department), monday), "07:00-11:00 13:00-17:00");
        assert_eq!(hours_on(&world.calendar(units.department), date(2025, 11, 24)), STANDARD, "before they began");
        set(&world, units.commune, from("2026-06-01", "08:00-12:00, 13:00-17:00"));
        assert_eq!(hours_on(&world.calendar(units.department), monday), "08:00-12:00 13:00-17:00");
        assert_eq!(hours_on(&world.calendar(units.department), date(2026, 5, 25)), "07:00-11:00 13:00-17:00");
        assert_eq!(hours_on(&world.calendar(units.neighbour), monday), "07:00-11:00 13:00-17:00");
        set(&world, units.commune, follow("2026-11-16"));
        assert_eq!(hours_on(&world.calendar(units.department), monday), "07:00-11:00 13:00-17:00");
        assert_eq!(hours_on(&world.calendar(units.department), date(2026, 11, 13)), "08:00-12:00 13:00-17:00");
        let from_day = day("2026-11-16");
        world.write(move |tx| unit_hours::remove(tx, units.commune, from_day)).unwrap();
        assert_eq!(hours_on(&world.calendar(units.department), monday), "08:00-12:00 13:00-17:00");
    });
}

#[test]
fn hours_change_with_the_season_and_back() {
    each_engine(|db| {
        let world = World::new(db);
        let commune = world.units.commune;
        set(&world, commune, from("2026-04-16", "07:00-11:00, 14:00-18:00"));
        set(&world, commune, from("2026-10-16", "07:30-11:30, 13:30-17:30"));
        let calendar = world.calendar(world.units.department);
        assert_eq!(hours_on(&calendar, date(2026, 4, 15)), STANDARD);
        assert_eq!(hours_on(&calendar, date(2026, 4, 16)), "07:00-11:00 14:00-18:00");
        assert_eq!(hours_on(&calendar, date(2026, 10, 15)), "07:00-11:00 14:00-18:00");
        assert_eq!(hours_on(&calendar, date(2026, 10, 16)), STANDARD);
    });
}

#[test]
fn the_cut_off_of_a_day_is_the_one_that_held_then() {
    each_engine(|db| {
        let world = World::new(db);
        let commune = world.units.commune;
        let early = UnitHours { week: Some((WeekHours::standard(), 14 * 60)), ..from("2026-06-01", "07:30-11:30") };
        set(&world, commune, early);
        let calendar = world.calendar(world.units.department);
        assert_eq!((calendar.cut_off_on(date(2026, 5, 29)), calendar.cut_off_on(date(2026, 6, 1))), (900, 840));
        let due = |received: &str| {
            let due = crate::deadline(&calendar, received.parse().unwrap(), crate::Takes::SameDay, &[]).unwrap().due;
            due.to_string()
        };
        assert_eq!(due("2026-05-28T14:30"), "2026-05-28T17:30:00+07:00");
        assert_eq!(due("2026-06-02T14:30"), "2026-06-03T17:30:00+07:00");
        assert_eq!(calendar.cut_off(), 840);
    });
}

fn closed(on: Date, reason: &str) -> LocalDay {
    LocalDay { date: on, periods: Vec::new(), reason: reason.to_owned(), basis: "Thông báo 45/TB-UBND".to_owned() }
}

#[test]
fn a_local_day_holds_for_the_units_below_and_the_nearest_is_heard() {
    each_engine(|db| {
        let world = World::new(db);
        let units = world.units;
        let (flood, saturday) = (date(2026, 9, 10), date(2026, 9, 12));
        world.write(move |tx| local_day::add(tx, units.province, &closed(flood, "bão số 5"))).unwrap();
        let open = LocalDay {
            periods: typed_hours("07:30-11:30").unwrap(), ..closed(flood, "trực tiếp nhận cứu trợ")
        };
        world.write(move |tx| local_day::add(tx, units.commune, &open)).unwrap();
        let extra = LocalDay { periods: typed_hours("7h30-11h30").unwrap(), ..closed(saturday, "bù hồ sơ tồn") };
        world.write(move |tx| local_day::add(tx, units.commune, &extra)).unwrap();
        let reason = |unit, on| match world.calendar(unit).day(on).unwrap().kind() {
            DayKind::Local(local) => local.reason.clone(),
            other => format!("{other:?}"),
        };
        assert_eq!(reason(units.department, flood), "trực tiếp nhận cứu trợ");
        assert_eq!(reason(units.neighbour, flood), "bão số 5");
        assert_eq!(hours_on(&world.calendar(units.department), saturday), "07:30-11:30");
        assert_eq!(reason(units.neighbour, saturday), "WeeklyRest");
        let again = world.write(move |tx| local_day::add(tx, units.commune, &closed(saturday, "khác")));
        assert!(matches!(again, Err(Error::Invalid(fields)) if fields[0].field == "day"));
        world.write(move |tx| local_day::remove(tx, units.commune, types::Day(flood))).unwrap();
        assert_eq!(reason(units.department, flood), "bão số 5");
        let gone = world.write(move |tx| local_day::remove(tx, units.commune, types::Day(flood)));
        assert!(matches!(gone, Err(Error::NotFound(_))));
    });
}

#[test]
fn a_merger_changes_whose_hours_are_followed_only_from_its_day() {
    each_engine(|db| {
        let world = World::new(db);
        let units = world.units;
        set(&world, units.commune, from("2026-01-01", "08:00-12:00, 13:00-17:00"));
        set(&world, units.neighbour, from("2026-01-01", "07:00-11:00, 13:00-17:00"));
        let before = world.calendar(units.department);
        assert_eq!(hours_on(&before, date(2026, 7, 1)), "08:00-12:00 13:00-17:00");
        world.write(move |tx| move_to(tx, units.department, Some(units.neighbour), day("2026-07-01"))).unwrap();
        let after = world.calendar(units.department);
        assert_eq!(hours_on(&after, date(2026, 6, 30)), "08:00-12:00 13:00-17:00");
        assert_eq!(hours_on(&after, date(2026, 7, 1)), "07:00-11:00 13:00-17:00");
    });
}

#[test]
fn what_cannot_be_is_refused_and_every_change_is_told() {
    each_engine(|db| {
        let world = World::new(db);
        let commune = world.units.commune;
        let empty = WeekHours::new(Default::default()).unwrap();
        let never = UnitHours { from: day("0026-01-01"), week: Some((empty, 5000)), basis: "x".repeat(301) };
        let Err(Error::Invalid(fields)) = world.write(move |tx| unit_hours::set(tx, commune, &never)) else { panic!() };
        let names: Vec<_> = fields.iter().map(|field| field.field.as_str()).collect();
        assert_eq!(names, ["from", "basis", "week", "cut_off"]);
        let nobody = Id(99);
        let lost = world.write(move |tx| unit_hours::set(tx, nobody, &from("2026-01-01", "7h-11h")));
        assert!(matches!(lost, Err(Error::NotFound(_))));
        assert_eq!(world.events(), Vec::<serde_json::Value>::new());
        set(&world, commune, from("2026-04-16", "07:00-11:00, 14:00-18:00"));
        world.write(move |tx| local_day::add(tx, commune, &closed(date(2026, 9, 10), "lũ quét"))).unwrap();
        let expected = [
            serde_json::json!({ "unit": commune, "from": "2026-04-16" }),
            serde_json::json!({ "unit": commune, "from": "2026-09-10" }),
        ];
        assert_eq!(world.events(), expected);
        assert_eq!((world.audited("calendar.set_hours"), world.audited("calendar.add_local_day")), (1, 1));
    });
}
