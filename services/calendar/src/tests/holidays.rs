//! Days off against the PyPI package `holidays` and against the decisions of each year.

use super::*;
use jiff::civil::date;

/// Every difference from `data/oracle-2020-2027.txt` on a weekday or a worked Saturday, with its reason.
const DIFFERENCES: [(&str, &str); 2] = [
    ("ours off 2026-01-02", "12729/VPCP-KGVX of 25/12/2025 swapped it; the package has not heard"),
    ("ours work 2026-01-10", "worked for 2026-01-02, by the same letter"),
];

/// Weekend days that we hold off and the package does not all lie at the ends of an announced break.
fn ends_an_announced_break(day: Date, off: &DayOff) -> bool {
    is_weekend(day) && off.kind == OffKind::Break
}

fn ours() -> (BTreeMap<Date, DayOff>, BTreeSet<Date>) {
    let shipped = PublicHolidays::shipped();
    let off = shipped.years().flat_map(|y| shipped.days_off(y)).map(|(d, off)| (d, off.clone())).collect();
    (off, shipped.years().flat_map(|y| shipped.worked_days(y)).map(|(d, _)| d).collect())
}

#[test]
fn the_package_holidays_agrees() {
    let (off, worked) = ours();
    let (mut package_off, mut package_worked) = (BTreeSet::new(), BTreeSet::new());
    for line in include_str!("../../data/oracle-2020-2027.txt").lines() {
        let mut words = line.split(' ');
        match (words.next(), words.next().and_then(|d| d.parse::<Date>().ok())) {
            (Some("off"), Some(date)) => drop(package_off.insert(date)),
            (Some("work"), Some(date)) => drop(package_worked.insert(date)),
            _ => assert!(line.starts_with('#'), "{line}"),
        }
    }
    assert!(package_off.len() > 100 && package_worked.len() == 3, "the oracle file is cut short");
    let mut found = Vec::new();
    for (date, day_off) in &off {
        if !package_off.contains(date) && !ends_an_announced_break(*date, day_off) {
            found.push(format!("ours off {date}"));
        }
    }
    found.extend(package_off.iter().filter(|d| !off.contains_key(d)).map(|d| format!("theirs off {d}")));
    found.extend(worked.difference(&package_worked).map(|d| format!("ours work {d}")));
    found.extend(package_worked.difference(&worked).map(|d| format!("theirs work {d}")));
    let known: Vec<_> = DIFFERENCES.iter().map(|(difference, _)| difference.to_string()).collect();
    assert_eq!(found, known);
}

#[test]
fn weekend_days_off_beyond_the_packages_are_these_and_no_others() {
    let (off, _) = ours();
    let package = include_str!("../../data/oracle-2020-2027.txt");
    let extra: Vec<_> = off
        .iter()
        .filter(|(day, off)| ends_an_announced_break(**day, off) && !package.contains(&format!("off {day} ")))
        .map(|(day, _)| day.to_string())
        .collect();
    // For Monday-to-Friday units they change nothing; a unit that works on Saturday mornings rests with the others.
    let known = [
        "2021-09-04",
        "2021-09-05",
        "2022-01-29",
        "2022-01-30",
        "2022-02-05",
        "2022-02-06",
        "2022-09-03",
        "2022-09-04",
        "2023-09-03",
        "2024-08-31",
        "2024-09-01",
        "2025-01-25",
        "2025-01-26",
        "2025-02-02",
        "2025-08-30",
        "2025-08-31",
        "2026-02-14",
        "2026-02-15",
        "2026-02-21",
        "2026-02-22",
        "2026-08-29",
        "2026-08-30",
        "2027-09-04",
        "2027-09-05",
    ];
    assert_eq!(extra, known);
}

#[test]
fn national_day_is_one_day_before_2021_and_two_since() {
    let shipped = PublicHolidays::shipped();
    assert_eq!(shipped.day(date(2020, 9, 1)), Ok(PublicDay::Ordinary));
    assert_eq!(shipped.day(date(2020, 9, 3)), Ok(PublicDay::Ordinary));
    let PublicDay::Off(second) = shipped.day(date(2021, 9, 3)).unwrap() else { panic!() };
    assert_eq!(
        (second.kind, second.basis.as_str()),
        (OffKind::Break, "9895/VPCP-KGVX ngày 26/11/2020 của Văn phòng Chính phủ")
    );
}

#[test]
fn culture_day_begins_in_2026() {
    let shipped = PublicHolidays::shipped();
    assert_eq!(shipped.day(date(2025, 11, 24)), Ok(PublicDay::Ordinary));
    let PublicDay::Off(culture) = shipped.day(date(2026, 11, 24)).unwrap() else { panic!() };
    assert_eq!(culture.basis, "Nghị quyết 28/2026/QH16");
}

#[test]
fn two_holidays_on_a_weekend_are_made_up_one_after_the_other() {
    let shipped = PublicHolidays::shipped();
    let PublicDay::Off(second) = shipped.day(date(2023, 5, 2)).unwrap() else { panic!() };
    let PublicDay::Off(third) = shipped.day(date(2023, 5, 3)).unwrap() else { panic!() };
    assert_eq!((second.name.as_str(), second.kind), ("nghỉ bù Giỗ Tổ Hùng Vương", OffKind::InLieu));
    assert_eq!((third.name.as_str(), third.kind), ("nghỉ bù Ngày Chiến thắng 30/4", OffKind::InLieu));
    assert_eq!(shipped.day(date(2023, 5, 4)), Ok(PublicDay::Ordinary));
}

#[test]
fn what_was_not_seen_in_a_source_says_so() {
    let (off, _) = ours();
    let unverified: BTreeSet<_> = off.iter().filter(|(_, off)| !off.verified).map(|(day, _)| day.year()).collect();
    assert_eq!(unverified.into_iter().collect::<Vec<_>>(), [2023, 2027]);
    for (day, off) in off.iter().filter(|(_, off)| off.verified) {
        assert!(!off.basis.contains("chưa rõ"), "{day} {off:?}");
        assert!(off.source.is_some(), "{day} {off:?}: verified, but nobody can read where");
    }
}

#[test]
fn a_year_that_is_not_known_is_an_error_until_its_file_is_added() {
    let shipped = PublicHolidays::shipped();
    assert_eq!(shipped.day(date(2028, 1, 4)), Err(CalendarError::NoCalendar { year: 2028 }));
    let year_2028 = r#"
        year = 2028
        [[break]]
        occasion = "Tết Nguyên đán Mậu Thân"
        from = "2028-01-24"
        to = "2028-01-28"
        verified = false
        [[break]]
        occasion = "Quốc khánh 02/9"
        from = "2028-09-01"
        to = "2028-09-04"
        verified = false
    "#;
    let longer = shipped.with_year(year_2028).unwrap();
    assert_eq!(longer.day(date(2028, 1, 4)), Ok(PublicDay::Ordinary));
    assert!(matches!(longer.day(date(2028, 9, 4)), Ok(PublicDay::Off(_))));
    assert!(matches!(longer.day(date(2028, 1, 3)), Ok(PublicDay::Off(DayOff { kind: OffKind::InLieu, .. }))));
}

#[test]
fn a_year_file_that_makes_no_sense_is_refused_with_a_reason() {
    let shipped = PublicHolidays::shipped();
    let refused = |text: &str| match shipped.with_year(text) {
        Err(CalendarError::BadYear { what, .. }) => what,
        other => panic!("{text} was taken: {other:?}"),
    };
    assert!(refused("year = 2028").contains("nghỉ Tết Nguyên đán"));
    let tet =
        "year = 2028\n[[break]]\noccasion = \"Tết\"\nfrom = \"2028-01-24\"\nto = \"2028-01-28\"\nverified = true\n";
    assert!(refused(tet).contains("liền kề"));
    let decided = format!(
        "{tet}[[break]]\noccasion = \"Quốc khánh\"\nfrom = \"2028-09-01\"\nto = \"2028-09-04\"\nverified = true\n"
    );
    let swap = |off: &str, work: &str| {
        format!("{decided}[[swap]]\noccasion = \"x\"\noff = \"{off}\"\nwork = \"{work}\"\nverified = true\n")
    };
    assert!(shipped.with_year(&swap("2028-05-03", "2028-05-06")).is_ok());
    assert!(refused(&swap("2028-05-01", "2028-05-06")).contains("đã là ngày nghỉ"));
    assert!(refused(&swap("2028-05-06", "2028-05-13")).contains("ngày làm việc"));
    assert!(refused(&swap("2028-05-03", "2028-05-05")).contains("thứ Bảy"));
    let unreadable = shipped.with_year("year = 2028\n[[swap]]\noccasion = 5\n").unwrap_err().to_string();
    assert!(unreadable.starts_with("Không đọc được dữ liệu lịch: dòng 3"), "{unreadable}");
}

#[test]
fn a_year_given_again_replaces_what_was_said_before() {
    let shipped = PublicHolidays::shipped();
    let text = SHIPPED_YEARS[6].replace("2026-01-10", "2026-01-17");
    let changed = shipped.with_year(&text).unwrap();
    assert_eq!(changed.day(date(2026, 1, 10)), Ok(PublicDay::Ordinary));
    assert!(matches!(changed.day(date(2026, 1, 17)), Ok(PublicDay::Worked(_))));
    assert_eq!(changed.day(date(2025, 4, 26)), shipped.day(date(2025, 4, 26)));
}
