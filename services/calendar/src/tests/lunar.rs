//! The lunar calendar against known days.

use super::*;
use jiff::civil::date;

/// Mùng 1 Tết, Giỗ Tổ Hùng Vương (10/3).
const KNOWN: [(i16, &str, &str); 17] = [
    (2024, "2024-02-10", "2024-04-18"),
    (2025, "2025-01-29", "2025-04-07"),
    (2026, "2026-02-17", "2026-04-26"),
    (2027, "2027-02-06", "2027-04-16"),
    (2028, "2028-01-26", "2028-04-04"),
    (2029, "2029-02-13", "2029-04-23"),
    (2030, "2030-02-02", "2030-04-12"),
    (2031, "2031-01-23", "2031-04-01"),
    (2032, "2032-02-11", "2032-04-19"),
    (2033, "2033-01-31", "2033-04-09"),
    (2034, "2034-02-19", "2034-04-28"),
    (2035, "2035-02-08", "2035-04-17"),
    (2036, "2036-01-28", "2036-04-06"),
    (2037, "2037-02-15", "2037-04-24"),
    (2038, "2038-02-04", "2038-04-13"),
    (2039, "2039-01-24", "2039-04-03"),
    (2040, "2040-02-12", "2040-04-20"),
];

#[test]
fn tet_and_gio_to_fall_on_the_known_days() {
    for (year, tet, gio_to) in KNOWN {
        assert_eq!(new_year(year).unwrap().to_string(), tet);
        assert_eq!(LunarDate::new(year, 3, 10).to_solar().unwrap().to_string(), gio_to);
    }
}

#[test]
fn viet_nam_differs_from_china_where_the_hour_decides() {
    assert_eq!(new_year(1968), Some(date(1968, 1, 29)));
    assert_eq!(new_year(1985), Some(date(1985, 1, 21)));
    assert_eq!(new_year(2007), Some(date(2007, 2, 17)));
}

#[test]
fn the_leap_month_of_2025_comes_twice() {
    let first = LunarDate::new(2025, 6, 15);
    let second = LunarDate { leap: true, ..first };
    assert_eq!(first.to_solar(), Some(date(2025, 7, 9)));
    assert_eq!(second.to_solar(), Some(date(2025, 8, 8)));
    assert_eq!(LunarDate::from_solar(date(2025, 8, 8)), second);
    assert_eq!(LunarDate { leap: true, ..LunarDate::new(2025, 5, 1) }.to_solar(), None);
    assert_eq!(LunarDate { leap: true, ..LunarDate::new(2026, 6, 15) }.to_solar(), None);
}

#[test]
fn a_thirtieth_exists_only_in_long_months() {
    // Tết 2025 was preceded by a 29th, Tết 2024 by a 30th.
    assert_eq!(LunarDate::new(2024, 12, 30).to_solar(), None);
    assert_eq!(LunarDate::new(2024, 12, 29).to_solar(), Some(date(2025, 1, 28)));
    assert_eq!(LunarDate::new(2023, 12, 30).to_solar(), Some(date(2024, 2, 9)));
    assert_eq!(LunarDate::new(2025, 13, 1).to_solar(), None);
}

#[test]
fn every_day_of_two_centuries_goes_there_and_back_and_follows_the_day_before() {
    let mut day = date(1900, 2, 1);
    let mut before = LunarDate::from_solar(date(1900, 1, 31));
    while day < date(2100, 1, 1) {
        let lunar = LunarDate::from_solar(day);
        assert_eq!(lunar.to_solar(), Some(day), "{day} {lunar:?}");
        let next_day = lunar.day == before.day + 1
            && (lunar.month, lunar.leap, lunar.year) == (before.month, before.leap, before.year);
        let same_number = lunar.month == before.month && lunar.leap && !before.leap && lunar.year == before.year;
        let next_number = lunar.month == before.month % 12 + 1 && !lunar.leap;
        let next_month = lunar.day == 1 && (29..=30).contains(&before.day) && (same_number || next_number);
        assert!(next_day || next_month, "{before:?} {lunar:?}");
        before = lunar;
        day = day.tomorrow().unwrap();
    }
}
