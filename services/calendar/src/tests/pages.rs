//! Pages of units: what is shown, what is entered without a script, and who is refused.

use super::inheritance::{from, hours_on};
use super::world::World;
use crate::{MODULE, unit_hours};
use jiff::civil::date;
use std::collections::HashSet;
use testkit::{Client, each_engine};
use types::Id;

const TOP: &str = "/quan-tri/lich-lam-viec";

fn of(unit: Id, rest: &str) -> String {
    format!("{TOP}/{unit}{rest}")
}

#[test]
fn every_page_has_samples_that_render() {
    let samples = (MODULE.samples)();
    let names: HashSet<_> = samples.iter().map(|sample| sample.name).collect();
    assert_eq!(names.len(), samples.len(), "every sample has a name of its own");
    for sample in &samples {
        assert!(sample.page.body.contains("<h1") && !sample.page.title.is_empty(), "{}", sample.name);
    }
    for page in ["calendar-units/", "calendar-unit/", "hours/", "local-day/", "years", "calendar-year/", "decision/"] {
        assert!(names.iter().any(|name| name.starts_with(page)), "{page}");
    }
}

#[test]
fn an_administrator_sees_their_units_and_a_year_day_by_day() {
    each_engine(|db| {
        let world = World::new(db);
        let units = world.units;
        let mut client = world.client("commune");
        let list = client.get(TOP).assert_status(200).page();
        assert_eq!(list.texts("a.cell-link"), ["Xã La Bằng", "Phòng Kinh tế xã La Bằng"]);
        let page = client.get(&of(units.commune, "?nam=2026")).assert_status(200).page();
        let text = page.text("body");
        for expected in [
            "giờ hành chính chung",
            "Tháng 8: 21 ngày làm việc",
            "Làm bù cho thứ Hai 31/08/2026, dịp Quốc khánh 02/9",
            "14/02 – 22/02",
            "9859/VPCP-KGVX ngày 13/10/2025 của Văn phòng Chính phủ",
            "Nghị quyết 28/2026/QH16",
        ] {
            assert!(text.contains(expected), "{expected} in {text}");
        }
        assert_eq!(page.count(".not-verified"), 0);
        let guessed = client.get(&of(units.commune, "?nam=2027")).assert_status(200).page();
        assert!(guessed.count(".not-verified") >= 2, "2027 was not seen in a source");
        let unknown = client.get(&of(units.commune, "?nam=2031")).assert_status(200).page().text("body");
        assert!(unknown.contains("Chưa có lịch năm 2031"), "{unknown}");
        let found = client.get(&format!("{TOP}?q=kinh+te")).assert_status(200).page();
        assert_eq!(found.texts("a.cell-link"), ["Phòng Kinh tế xã La Bằng"]);
    });
}

#[test]
fn hours_are_changed_from_a_day_on_and_the_change_is_taken_back() {
    each_engine(|db| {
        let world = World::new(db);
        let units = world.units;
        let mut client = world.client("commune");
        let form = client.get(&of(units.commune, "/gio")).assert_status(200).page().form("form");
        assert_eq!(form.value("mon"), Some("07:30-11:30, 13:30-17:30"));
        assert_eq!(form.value("sun"), Some("nghỉ"));
        let form = form.set("from.day", "1").set("from.month", "12").set("from.year", "2026");
        let form = form.set("sat", "7h30 - 11h30").set("cut_off", "14h30").set("basis", "Quyết định 45/QĐ-UBND");
        client.submit(&form).assert_leads_to(&of(units.commune, ""));
        assert_eq!(hours_on(&world.calendar(units.department), date(2026, 12, 5)), "07:30-11:30");
        assert_eq!(world.calendar(units.department).cut_off_on(date(2026, 12, 5)), 870);
        client.submit(&form).assert_leads_to(&of(units.commune, ""));
        assert_eq!(world.audited("calendar.set_hours"), 1, "sent twice, written once");
        let page = client.get(&of(units.commune, "")).assert_status(200).page().text("body");
        assert!(
            page.contains("01/12/2026") && page.contains("thứ Bảy 07:30-11:30") && page.contains("45/QĐ-UBND"),
            "{page}"
        );
        let again = client.get(&of(units.commune, "/gio?tu=2026-12-01")).assert_status(200).page().form("form");
        assert_eq!(
            (again.value("from.day"), again.value("sat"), again.value("cut_off")),
            (Some("1"), Some("07:30-11:30"), Some("14:30"))
        );
        let remove = client.get(&of(units.commune, "/gio/2026-12-01/bo")).assert_status(200).page().form("form");
        client.submit(&remove).assert_leads_to(&of(units.commune, ""));
        assert_eq!(hours_on(&world.calendar(units.department), date(2026, 12, 5)), "");
        client.get(&of(units.commune, "/gio/2026-12-01/bo")).assert_status(404);
        client.get(&of(units.commune, "/gio/mai/bo")).assert_status(404);
    });
}

#[test]
fn every_wrong_field_is_told_and_what_was_typed_stays() {
    each_engine(|db| {
        let world = World::new(db);
        let commune = world.units.commune;
        let mut client = world.client("commune");
        let form = client.get(&of(commune, "/gio")).page().form("form");
        let form = form.set("from.day", "31").set("from.month", "11").set("from.year", "2026");
        let form = form.set("mon", "sáng").set("tue", "07:30-11:30, 11:00-17:00").set("cut_off", "26h");
        let answer = client.submit(&form).assert_status(422).page();
        assert!(answer.text("title").starts_with("Lỗi: "));
        assert_eq!(answer.count(".ds-error-summary a"), 4);
        assert_eq!(answer.form("form").value("mon"), Some("sáng"));
        assert!(answer.text("body").contains("11:00-17:00 chồng nhau"), "{}", answer.text("body"));
        let closed = ["mon", "tue", "wed", "thu", "fri"]
            .into_iter()
            .fold(form.set("from.day", "30").set("cut_off", "15:00"), |form, day| form.set(day, ""));
        let answer = client.submit(&closed).assert_status(422).page().text("body");
        assert!(answer.contains("ít nhất một ngày trong tuần"), "{answer}");
        let day = client.get(&of(commune, "/ngay")).page().form("form").set("kind", "worked");
        let answer = client.submit(&day).assert_status(422).page();
        assert_eq!(answer.count(".ds-error-summary a"), 4, "day, hours, reason, basis");
        assert_eq!((world.audited("calendar.set_hours"), world.audited("calendar.add_local_day")), (0, 0));
    });
}

#[test]
fn a_local_day_is_added_and_taken_away() {
    each_engine(|db| {
        let world = World::new(db);
        let commune = world.units.commune;
        let mut client = world.client("commune");
        let form = client.get(&of(commune, "/ngay")).assert_status(200).page().form("form");
        let form = form.set("day.day", "10").set("day.month", "9").set("day.year", "2026");
        let form = form.set("reason", "đóng cửa do lũ quét ở bản Lò Thị <b>").set("basis", "Thông báo 45/TB-UBND");
        client.submit(&form).assert_leads_to(&of(commune, "?nam=2026"));
        assert!(!world.calendar(world.units.department).is_working_day(date(2026, 9, 10)).unwrap());
        let page = client.get(&of(commune, "?nam=2026")).assert_status(200).page();
        assert!(page.text("body").contains("đóng cửa do lũ quét ở bản Lò Thị <b>"));
        let once_more = form.clone().set("command", "0123456789abcdef");
        let answer = client.submit(&once_more).assert_status(422).page().text("body");
        assert!(answer.contains("Ngày này đã được nhập"), "{answer}");
        let remove = client.get(&of(commune, "/ngay/2026-09-10/bo")).assert_status(200).page().form("form");
        client.submit(&remove).assert_leads_to(&of(commune, "?nam=2026"));
        assert!(world.calendar(commune).is_working_day(date(2026, 9, 10)).unwrap());
        client.get(&of(commune, "/ngay/2026-09-10/bo")).assert_status(404);
    });
}

/// Every request of an administrator that succeeds for their own unit.
fn requests(client: &mut Client, unit: Id) -> Vec<testkit::Answer> {
    let command = |n: u8| format!("request-{unit}-{n}");
    let (first, second) = (command(1), command(2));
    let hours = [
        ("command", first.as_str()),
        ("kind", "own"),
        ("mon", "8h-12h"),
        ("cut_off", "15h"),
        ("from.day", "1"),
        ("from.month", "6"),
        ("from.year", "2026"),
    ];
    let day = [
        ("command", second.as_str()),
        ("kind", "closed"),
        ("reason", "lũ quét"),
        ("basis", "Thông báo 45/TB-UBND"),
        ("day.day", "10"),
        ("day.month", "9"),
        ("day.year", "2026"),
    ];
    vec![
        client.get(&of(unit, "")),
        client.get(&of(unit, "/gio")),
        client.post(&of(unit, "/gio"), &hours),
        client.get(&of(unit, "/gio/2026-06-01/bo")),
        client.post(&of(unit, "/gio/2026-06-01/bo"), &[("command", &command(3))]),
        client.get(&of(unit, "/ngay")),
        client.post(&of(unit, "/ngay"), &day),
        client.get(&of(unit, "/ngay/2026-09-10/bo")),
        client.post(&of(unit, "/ngay/2026-09-10/bo"), &[("command", &command(4))]),
    ]
}

#[test]
fn outside_their_own_units_nothing_is_there() {
    each_engine(|db| {
        let world = World::new(db);
        let units = world.units;
        for answer in requests(&mut world.client("commune"), units.department) {
            assert!(matches!(answer.status, 200 | 303), "{} {}", answer.status, answer.text());
        }
        let written = world.audited("calendar.set_hours");
        // The neighbour has hours too, so that removing them would find something.
        world.write(move |tx| unit_hours::set(tx, units.neighbour, &from("2026-06-01", "8h-12h"))).unwrap();
        for unit in [units.neighbour, units.province, Id(5)] {
            for answer in requests(&mut world.client("commune"), unit) {
                assert_eq!(answer.status, 404, "{}", answer.text());
            }
        }
        for answer in requests(&mut world.client("clerk"), units.commune).iter().skip(1) {
            assert_eq!(answer.status, 403, "a clerk only sees");
        }
        for answer in requests(&mut world.client("nobody"), units.commune) {
            match answer.status {
                303 => assert!(answer.location().starts_with("/dang-nhap"), "a reader signs in first"),
                status => assert_eq!(status, 401, "what was typed is not lost to a redirect"),
            }
        }
        assert_eq!(world.audited("calendar.set_hours"), written + 1, "only ours");
        let page = world.client("clerk").get(&of(units.commune, "")).assert_status(200).page();
        assert!(!page.text("body").contains("Đổi giờ làm việc"));
    });
}
