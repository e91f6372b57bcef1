//! Years and decisions that were entered: what they change, and what is refused.

use super::world::{World, day};
use super::year_files::YEAR_2028;
use crate::holidays::{Decision, Swap};
use crate::national::{self, Decided};
use crate::{CalendarError, DayKind};
use jiff::civil::{Date, date};
use testkit::each_engine;
use types::Error;

fn swap(off: Date, work: Date) -> Decided {
    let decision =
        Decision { number: Some("2450/VPCP-KGVX".to_owned()), date: Some(date(2026, 11, 2)), ..Default::default() };
    Decided::Swap(Swap { occasion: "Ngày Văn hóa Việt Nam 24/11".to_owned(), off, work, decision, line: None })
}

fn said(error: Error) -> Vec<String> {
    match error {
        Error::Invalid(fields) => {
            fields.into_iter().map(|field| format!("{}: {}", field.field, field.message)).collect()
        }
        other => vec![other.to_string()],
    }
}

#[test]
fn a_year_that_was_missing_is_known_after_it_was_entered() {
    each_engine(|db| {
        let world = World::new(db);
        let unit = world.units.department;
        let missing = Err(CalendarError::NoCalendar { year: 2028 });
        assert_eq!(world.calendar(unit).is_working_day(date(2028, 1, 4)), missing);
        assert_eq!(world.write(|tx| national::import_year(tx, YEAR_2028)).unwrap(), 2028);
        let calendar = world.calendar(unit);
        assert_eq!(calendar.is_working_day(date(2028, 1, 4)), Ok(true));
        let DayKind::Off(tet) = calendar.day(date(2028, 1, 26)).unwrap().kind() else { panic!() };
        assert_eq!(tet.basis, "123/VPCP-KGVX ngày 12/10/2027 của Văn phòng Chính phủ");
        assert_eq!((tet.verified, tet.source.as_deref()), (true, Some("https://example.com/tet-2028")));
        assert_eq!(world.events(), [serde_json::json!({ "unit": null, "from": "2028-01-01" })]);
        assert_eq!(world.audited("calendar.import_year"), 1);
        world.write(|tx| national::drop_year(tx, 2028)).unwrap();
        assert_eq!(world.calendar(unit).is_working_day(date(2028, 1, 4)), missing);
        assert!(matches!(world.write(|tx| national::drop_year(tx, 2028)), Err(Error::NotFound(_))));
    });
}

#[test]
fn a_shipped_year_is_replaced_and_comes_back() {
    each_engine(|db| {
        let world = World::new(db);
        let unit = world.units.commune;
        let is_off = |on| !world.calendar(unit).is_working_day(on).unwrap();
        assert!(is_off(date(2027, 2, 10)) && !is_off(date(2027, 2, 12)));
        let known = world.store.read_blocking(national::years).unwrap();
        let shipped = known.iter().find(|known| known.year == 2027).unwrap().file().to_text();
        let longer = shipped.replace("2027-02-10", "2027-02-12");
        world.write(move |tx| national::import_year(tx, &longer)).unwrap();
        assert!(is_off(date(2027, 2, 12)));
        assert_eq!(world.store.read_blocking(national::years).unwrap().len(), known.len());
        world.write(move |tx| national::import_year(tx, &shipped)).unwrap();
        assert!(!is_off(date(2027, 2, 12)), "given again, what was said before is forgotten");
        world.write(|tx| national::drop_year(tx, 2027)).unwrap();
        assert_eq!(world.store.read_blocking(national::years).unwrap(), known);
    });
}

#[test]
fn a_bad_file_tells_all_mistakes_and_changes_nothing() {
    each_engine(|db| {
        let world = World::new(db);
        let before = world.store.read_blocking(national::years).unwrap();
        let calendar = world.calendar(world.units.commune);
        let bad =
            "year = 2026\n[[swap]]\noccasion = \"x\"\noff = \"2026-05-01\"\nwork = \"2026-05-08\"\nverified = true\n";
        let told = said(world.write(move |tx| national::import_year(tx, bad)).unwrap_err());
        assert_eq!(
            told,
            [
                "text: Chưa có quyết định nghỉ Tết Nguyên đán (mùng 1 là 17/02/2026).",
                "text: Chưa có quyết định ngày nghỉ liền kề của Quốc khánh 02/9.",
                "text: Dòng 2: ngày hoán đổi 2026-05-01: ngày này đã là ngày nghỉ.",
            ]
        );
        let unreadable = "year = 2026\n[[break]]\nfrom = \"hôm qua\"\n";
        let told = said(world.write(move |tx| national::import_year(tx, unreadable)).unwrap_err());
        assert_eq!(told.len(), 4, "{told:?}");
        assert_eq!(world.store.read_blocking(national::years).unwrap(), before);
        assert!(std::sync::Arc::ptr_eq(&calendar, &world.calendar(world.units.commune)), "nobody builds anew");
        assert_eq!((world.events().len(), world.audited("calendar.import_year")), (0, 0));
    });
}

#[test]
fn a_swapped_day_stands_beside_the_shipped_decisions() {
    each_engine(|db| {
        let world = World::new(db);
        let unit = world.units.department;
        let (off, work) = (date(2026, 11, 23), date(2026, 11, 28));
        let id = world.write(move |tx| national::add(tx, 2026, &swap(off, work))).unwrap();
        let calendar = world.calendar(unit);
        let DayKind::Off(swapped) = calendar.day(off).unwrap().kind() else { panic!() };
        assert_eq!((swapped.basis.as_str(), swapped.verified), ("2450/VPCP-KGVX ngày 02/11/2026", false));
        assert!(matches!(calendar.day(work).unwrap().kind(), DayKind::WorkedInstead(worked) if worked.replaces == off));
        assert_eq!(calendar.day(work).unwrap().minutes(), 480);
        assert!(!calendar.is_working_day(date(2026, 2, 17)).unwrap(), "the shipped Tết still stands");
        assert_eq!(world.events(), [serde_json::json!({ "unit": null, "from": "2026-11-23" })]);
        let twice = said(world.write(move |tx| national::add(tx, 2026, &swap(off, work))).unwrap_err());
        assert_eq!(twice, ["first: Ngày hoán đổi 2026-11-23: ngày này đã là ngày nghỉ."]);
        let sunday = swap(date(2026, 11, 25), date(2026, 11, 27));
        let not_weekend = said(world.write(move |tx| national::add(tx, 2026, &sunday)).unwrap_err());
        assert!(not_weekend[0].starts_with("second: "), "{not_weekend:?}");
        let unknown = world.write(move |tx| national::add(tx, 2031, &swap(date(2031, 5, 2), date(2031, 5, 10))));
        assert!(said(unknown.unwrap_err())[0].contains("Chưa có lịch năm 2031"));
        assert_eq!(world.write(move |tx| national::remove(tx, id)).unwrap(), 2026);
        assert!(world.calendar(unit).is_working_day(off).unwrap());
        assert!(matches!(world.write(move |tx| national::remove(tx, id)), Err(Error::NotFound(_))));
    });
}

#[test]
fn a_year_cannot_lose_what_it_needs() {
    each_engine(|db| {
        let world = World::new(db);
        world.write(|tx| national::import_year(tx, YEAR_2028)).unwrap();
        let years = world.store.read_blocking(national::years).unwrap();
        let known = years.iter().find(|known| known.year == 2028).unwrap();
        let tet =
            known.decided.iter().find(|(_, decided)| decided.first_day() == day("2028-01-25")).unwrap().0.unwrap();
        let refused = said(world.write(move |tx| national::remove(tx, tet)).unwrap_err());
        assert!(refused[0].contains("lịch năm 2028 sẽ thiếu: chưa có quyết định nghỉ Tết"), "{refused:?}");
        assert_eq!(world.store.read_blocking(national::years).unwrap(), years);
    });
}

#[test]
fn the_same_command_enters_a_year_once() {
    each_engine(|db| {
        let world = World::new(db);
        let command = super::world::command(&world.store);
        for _ in 0..2 {
            let entered = world.store.write_blocking(command.clone(), |tx| national::import_year(tx, YEAR_2028));
            assert_eq!(entered.unwrap(), 2028);
        }
        assert_eq!((world.audited("calendar.import_year"), world.events().len()), (1, 1));
    });
}
