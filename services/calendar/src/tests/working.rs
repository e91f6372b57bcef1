//! Measuring, comparing and judging in working time.

use super::*;
use crate::hours::{HoursFrom, WeekHours};
use jiff::civil::{Weekday, date};
use std::cmp::Ordering;
use types::Timestamp;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn saturday_mornings() -> WorkingHours {
    let week = WeekHours::standard().with_day(Weekday::Saturday, vec!["07:30-11:30".parse().unwrap()]);
    WorkingHours::always(week.unwrap())
}

#[test]
fn working_minutes_leave_out_lunch_nights_weekends_and_holidays() {
    let calendar = WorkingCalendar::standard();
    for (from, to, minutes) in [
        ("2026-11-20T14:00", "2026-11-20T15:30", 90),
        ("2026-11-20T11:00", "2026-11-20T14:00", 60),
        ("2026-11-20T17:00", "2026-11-23T08:00", 60),
        ("2026-11-23T00:00", "2026-11-25T23:59", 960),
        ("2026-11-21T10:00", "2026-11-22T10:00", 0),
        ("2026-11-23T08:00", "2026-11-20T17:00", -60),
        ("2026-08-22T00:00", "2026-08-23T00:00", 480),
    ] {
        assert_eq!(calendar.working_minutes(at(from), at(to)), Ok(minutes), "{from} {to}");
    }
}

#[test]
fn moments_with_no_working_minute_between_are_the_same() {
    let calendar = WorkingCalendar::standard();
    for (a, b, order) in [
        ("2026-11-20T17:30", "2026-11-23T07:30", Ordering::Equal),
        ("2026-11-20T17:29", "2026-11-23T07:30", Ordering::Less),
        ("2026-11-20T17:30", "2026-11-23T07:31", Ordering::Less),
        ("2026-11-20T11:30", "2026-11-20T13:30", Ordering::Equal),
        ("2026-11-20T13:31", "2026-11-20T11:30", Ordering::Greater),
    ] {
        assert_eq!(calendar.compare(at(a), at(b)), Ok(order), "{a} {b}");
    }
    let canonical = |text| calendar.canonical_moment(at(text)).unwrap();
    assert_eq!(canonical("2026-11-23T07:30"), at("2026-11-20T17:30"));
    assert_eq!(canonical("2026-11-22T12:00"), at("2026-11-20T17:30"));
    assert_eq!(canonical("2026-11-20T12:15"), at("2026-11-20T11:30"));
    assert_eq!(canonical("2026-11-20T14:15"), at("2026-11-20T14:15"));
    assert_eq!(calendar.next_working_moment(at("2026-11-20T11:30")), Ok(at("2026-11-20T13:30")));
    assert_eq!(calendar.next_working_moment(at("2026-11-20T17:30")), Ok(at("2026-11-23T07:30")));
    assert_eq!(calendar.next_working_moment(at("2026-11-20T07:30")), Ok(at("2026-11-20T07:30")));
}

#[test]
fn an_ending_is_early_in_time_or_late() {
    let calendar = WorkingCalendar::standard();
    let due = at("2026-11-23T17:30");
    let outcome = |ended| calendar.outcome(due, at(ended), Slack::EarlierWorkingDay).unwrap();
    assert_eq!(outcome("2026-11-20T16:00"), Outcome::Early);
    assert_eq!(outcome("2026-11-21T09:00"), Outcome::Early);
    assert_eq!(outcome("2026-11-23T07:30"), Outcome::Early, "the same moment as Friday 17:30");
    assert_eq!(outcome("2026-11-23T07:31"), Outcome::OnTime);
    assert_eq!(outcome("2026-11-23T17:30"), Outcome::OnTime);
    assert_eq!(outcome("2026-11-25T07:30"), Outcome::OnTime, "nothing was worked since, the 24th is a holiday");
    assert_eq!(outcome("2026-11-25T07:31"), Outcome::Late);
    let by_minutes = |ended| calendar.outcome(due, at(ended), Slack::WorkingMinutes(60)).unwrap();
    assert_eq!(by_minutes("2026-11-23T16:29"), Outcome::Early);
    assert_eq!(by_minutes("2026-11-23T16:30"), Outcome::OnTime);
}

#[test]
fn a_day_earlier_is_the_same_moment_of_the_working_day_before() {
    let calendar = WorkingCalendar::standard();
    assert_eq!(calendar.working_days_before(at("2026-11-25T10:00"), 1), Ok(at("2026-11-23T10:00")));
    assert_eq!(calendar.working_days_before(at("2026-11-23T07:30"), 1), Ok(at("2026-11-19T17:30")));
    assert_eq!(calendar.working_days_before(at("2026-11-23T12:00"), 2), Ok(at("2026-11-19T11:30")));
}

#[test]
fn a_swapped_working_day_has_the_hours_of_the_day_it_replaces() {
    let short_mondays = WeekHours::standard().with_day(Weekday::Monday, vec!["08:00-10:00".parse().unwrap()]).unwrap();
    let hours = WorkingHours::new(vec![
        HoursFrom { from: date(2020, 1, 1), week: WeekHours::standard() },
        HoursFrom { from: date(2026, 8, 30), week: short_mondays },
    ]);
    let calendar = WorkingCalendar::new(&hours, PublicHolidays::shipped()).unwrap();
    // Saturday 22 August 2026 replaces Monday 31 August, when the short Mondays have begun.
    assert_eq!(calendar.day(date(2026, 8, 22)).unwrap().minutes(), 120);
    assert_eq!(calendar.day(date(2026, 8, 31)).unwrap().minutes(), 0);
    let every = WorkingCalendar::new(&saturday_mornings(), PublicHolidays::shipped()).unwrap();
    assert_eq!(every.day(date(2026, 8, 22)).unwrap().minutes(), 480, "not the Saturday's own four hours");
    assert_eq!(every.day(date(2026, 8, 15)).unwrap().minutes(), 240);
}

#[test]
fn a_saturday_in_an_announced_break_is_off_for_units_that_work_saturdays() {
    let calendar = WorkingCalendar::new(&saturday_mornings(), PublicHolidays::shipped()).unwrap();
    assert!(!calendar.is_working_day(date(2026, 2, 14)).unwrap());
    assert!(calendar.is_working_day(date(2026, 2, 7)).unwrap());
}

#[test]
fn a_local_day_stands_above_the_country() {
    let closed = LocalDay {
        date: date(2026, 9, 10),
        periods: Vec::new(),
        reason: "đóng cửa do lũ quét".into(),
        basis: "Công điện 15/CĐ-UBND".into(),
    };
    let open = LocalDay {
        date: date(2026, 9, 2),
        periods: vec!["08:00-11:00".parse().unwrap()],
        reason: "trực cấp cứu".into(),
        basis: "Kế hoạch 12/KH-UBND".into(),
    };
    let calendar =
        WorkingCalendar::with_local_days(&WorkingHours::default(), PublicHolidays::shipped(), &[closed, open]).unwrap();
    assert!(!calendar.is_working_day(date(2026, 9, 10)).unwrap());
    assert_eq!(calendar.day(date(2026, 9, 2)).unwrap().minutes(), 180);
}

#[test]
fn unknown_years_unknown_hours_and_no_hours_are_errors() {
    let calendar = WorkingCalendar::standard();
    let unknown = |year| Err(CalendarError::NoCalendar { year });
    assert_eq!(calendar.working_minutes(at("2027-12-31T10:00"), at("2028-01-03T10:00")), unknown(2028));
    assert_eq!(calendar.working_minutes(at("2019-12-31T10:00"), at("2020-01-03T10:00")), unknown(2019));
    let late_start = WorkingHours::new(vec![HoursFrom { from: date(2025, 1, 1), week: WeekHours::standard() }]);
    let missing = WorkingCalendar::new(&late_start, PublicHolidays::shipped()).map(|_| ());
    assert_eq!(missing, Err(CalendarError::NoHours { date: date(2020, 1, 1) }));
    let never = WorkingHours::always(WeekHours::new(Default::default()).unwrap());
    let built = WorkingCalendar::new(&never, PublicHolidays::shipped()).map(|_| ());
    assert_eq!(built, Err(CalendarError::NeverWorks));
}

#[test]
fn nothing_is_measured_across_a_year_that_is_missing() {
    let text = "year = 2029\n[[break]]\noccasion = \"Tết\"\nfrom = \"2029-02-12\"\nto = \"2029-02-16\"\nverified = false\n\
                [[break]]\noccasion = \"Quốc khánh\"\nfrom = \"2029-09-01\"\nto = \"2029-09-03\"\nverified = false\n";
    let public = PublicHolidays::shipped().with_year(text).unwrap();
    let calendar = WorkingCalendar::new(&WorkingHours::default(), &public).unwrap();
    let missing = Err(CalendarError::NoCalendar { year: 2028 });
    assert_eq!(calendar.working_minutes(at("2027-12-31T10:00"), at("2029-01-03T10:00")), missing);
    assert_eq!(calendar.working_minutes(at("2029-01-02T10:00"), at("2029-01-03T10:00")), Ok(480));
    let moments =
        [calendar.next_working_moment(at("2027-12-31T18:00")), calendar.canonical_moment(at("2029-01-01T09:00"))];
    assert_eq!(moments, [Err(CalendarError::NoCalendar { year: 2028 }), Err(CalendarError::NoCalendar { year: 2028 })]);
}
