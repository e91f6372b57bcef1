//! Calendars are kept in memory, shared where they are alike, and built anew when anybody changed one.

use super::inheritance::{from, hours_on};
use super::world::{World, command, day};
use crate::{Calendars, checks, load_for_command, of_code, unit_hours};
use jiff::civil::date;
use std::sync::Arc;
use store::statements_run;
use testkit::{TestDatabase, each_engine, laws};
use types::{Error, Id};

#[test]
fn a_change_made_by_another_node_is_seen() {
    each_engine(|db| {
        let world = World::new(db);
        let units = world.units;
        let monday = date(2026, 11, 23);
        assert_eq!(hours_on(&world.calendar(units.department), monday), "07:30-11:30 13:30-17:30");
        let other = world.other_node();
        let hours = from("2026-01-05", "07:00-11:00, 13:00-17:00");
        other.write_blocking(command(&other), move |tx| unit_hours::set(tx, units.commune, &hours)).unwrap();
        assert_eq!(hours_on(&world.calendar(units.department), monday), "07:00-11:00 13:00-17:00");
    });
}

#[test]
fn a_calendar_is_built_once_and_shared_by_units_that_are_alike() {
    each_engine(|db| {
        let world = World::new(db);
        let units = world.units;
        let first = world.calendar(units.department);
        assert!(Arc::ptr_eq(&first, &world.calendar(units.department)), "kept");
        assert!(Arc::ptr_eq(&first, &world.calendar(units.neighbour)), "shared");
        let tree = world.store.read_blocking(|r| directory::UnitTree::load(r, day("2026-11-23"))).unwrap();
        // Other tests of this process ask too; the fewest of several rounds is what one question costs.
        let asked = |_| {
            let before = statements_run();
            world.store.read_blocking(|r| world.calendars.of(r, units.department, &tree)).unwrap();
            statements_run() - before
        };
        assert_eq!((0..500).map(asked).min(), Some(1), "one small question while nothing changed");
    });
}

#[test]
fn a_write_that_failed_leaves_no_calendar_behind() {
    each_engine(|db| {
        let world = World::new(db);
        let units = world.units;
        let calendars = world.calendars.clone();
        let failed: Result<(), _> = world.write(move |tx| {
            unit_hours::set(tx, units.commune, &from("2026-01-05", "07:00-11:00"))?;
            let tree = directory::UnitTree::load(tx, day("2026-11-23"))?;
            let within = calendars.of(tx, units.commune, &tree)?;
            assert_eq!(hours_on(&within, date(2026, 11, 23)), "07:00-11:00", "a write sees its own change");
            Err(Error::conflict("nghĩ lại"))
        });
        assert!(failed.is_err());
        assert_eq!(hours_on(&world.calendar(units.commune), date(2026, 11, 23)), "07:30-11:30 13:30-17:30");
        world.write(move |tx| unit_hours::set(tx, units.commune, &from("2026-01-05", "08:00-12:00"))).unwrap();
        assert_eq!(hours_on(&world.calendar(units.commune), date(2026, 11, 23)), "08:00-12:00");
    });
}

#[test]
fn the_command_line_asks_by_code() {
    each_engine(|db| {
        let world = World::new(db);
        let commune = world.units.commune;
        world.write(move |tx| unit_hours::set(tx, commune, &from("2026-01-05", "08:00-12:00"))).unwrap();
        let found = load_for_command(Some((&world.db.location, " h55.62.05 "))).unwrap();
        assert_eq!(hours_on(&found, date(2026, 11, 23)), "08:00-12:00", "the department follows its commune");
        assert_eq!(hours_on(&load_for_command(None).unwrap(), date(2026, 11, 23)), "07:30-11:30 13:30-17:30");
        let unknown = world.store.read_blocking(|r| of_code(r, "H99"));
        assert!(matches!(unknown, Err(Error::NotFound(what)) if what.contains("H99")));
    });
}

#[test]
fn a_unit_that_is_not_there_has_no_calendar() {
    each_engine(|db| {
        let world = World::new(db);
        assert!(matches!(world.calendar_by(&world.store, Id(5)), Err(Error::NotFound(_))));
    });
}

#[test]
fn the_check_finds_hours_that_cannot_be_and_passes_what_was_entered() {
    each_engine(|db| {
        let world = World::new(db);
        let commune = world.units.commune;
        world.write(move |tx| unit_hours::set(tx, commune, &from("2026-01-05", "08:00-12:00"))).unwrap();
        let settings = world.settings();
        let wrong = || world.store.read_blocking(|r| checks::units(r, &settings)).unwrap();
        assert_eq!(wrong(), Vec::<String>::new());
        let nation = |on| world.store.read_blocking(|r| checks::nation_on(r, day(on))).unwrap().join("\n");
        assert_eq!((nation("2026-11-23"), nation("2027-09-30")), (String::new(), String::new()));
        assert!(nation("2027-10-01").contains("Chưa có lịch năm 2028"));
        let crooked = r#"[["08:00-12:00","11:00-15:00"],[],[],[],[],[],[]]"#;
        world.db.script(&format!("UPDATE unit_hours SET week = '{crooked}'"));
        let found = wrong();
        assert!(found.len() == 1 && found[0].contains("Xã La Bằng: giờ làm việc từ 05/01/2026"), "{found:?}");
        let never = "[[],[],[],[],[],[],[]]";
        world.db.script(&format!("UPDATE unit_hours SET week = '{never}', valid_from = '2019-01-05'"));
        let found = wrong().join("\n");
        assert!(found.contains("không có ngày nào làm việc") && found.contains("không có giờ làm việc nào"), "{found}");
        world.db.script("UPDATE unit_hours SET week = NULL, cut_off = NULL");
        let day = format!("INSERT INTO local_day VALUES ({commune}, '2026-09-10', '[\"25:00-26:00\"]', 'x', 'x')");
        world.db.script(&day);
        assert!(wrong().join("\n").contains("ngày riêng 10/09/2026"), "{:?}", wrong());
        world.db.script("INSERT INTO public_year VALUES (2028, 0)");
        let found = nation("2026-11-23");
        assert!(found.contains("Lịch năm 2028: chưa có quyết định nghỉ Tết Nguyên đán"), "{found}");
        assert!(world.store.read_blocking(|r| Calendars::new().public(r)).is_err());
    });
}

#[test]
fn the_schema_keeps_the_laws_on_both_engines() {
    let read = |db: TestDatabase| {
        let world = World::new(db);
        store::snapshot::hold(&world.db.location, |r| {
            assert_eq!(laws::foreign_keys_are_indexed(r)?, Vec::<String>::new());
            assert_eq!(laws::tables_have_keys(r)?, Vec::<String>::new());
            store::schema::tables(r)
        })
        .unwrap()
    };
    let (sqlite, postgres) = (read(TestDatabase::sqlite()), read(TestDatabase::postgres()));
    assert_eq!(laws::same_schema(&sqlite, &postgres), Vec::<String>::new());
    assert!(sqlite.iter().any(|table| table.name == "unit_hours" && table.references.len() == 1));
}
