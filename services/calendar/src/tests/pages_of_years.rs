//! Pages of the country's years: entered by the top unit's administrator, seen by all.

use super::world::World;
use super::year_files::YEAR_2028;
use jiff::civil::date;
use testkit::{Part, each_engine};

const YEARS: &str = "/quan-tri/lich-lam-viec/nam";

#[test]
fn a_year_is_entered_from_a_file_or_a_pasted_text() {
    each_engine(|db| {
        let world = World::new(db);
        let mut client = world.client("province");
        let form = client.get(&format!("{YEARS}/nhap")).assert_status(200).page().form("form");
        let blank = form.value("text").unwrap().to_owned();
        assert!(blank.contains("mùng 1 Tết là 26/01/2028") && blank.contains("year = 2028"), "{blank}");
        let refused = client.submit(&form).assert_status(422).page().text("body");
        assert!(refused.contains("thiếu ngày «from»"), "nothing is guessed: {refused}");
        let file = Part::file("file", "lich-2028.toml", "text/plain", YEAR_2028.as_bytes());
        client.submit(&form.attach(file)).assert_leads_to(&format!("{YEARS}/2028"));
        assert_eq!(world.calendar(world.units.commune).is_working_day(date(2028, 1, 4)), Ok(true));
        let page = client.get(&format!("{YEARS}/2028")).assert_status(200).page();
        let text = page.text("body");
        for expected in ["nhập tại đây", "123/VPCP-KGVX ngày 12/10/2027", "nghỉ 25/01/2028 – 31/01/2028", "7 ngày liền"]
        {
            assert!(text.contains(expected), "{expected} in {text}");
        }
        assert_eq!(
            page.attribute("a[href^='https://example.com']", "href").as_deref(),
            Some("https://example.com/tet-2028")
        );
        let text = client.get(&format!("{YEARS}/2028/tep")).assert_status(200);
        assert_eq!(text.header("content-disposition"), Some("attachment; filename=\"lich-2028.toml\""));
        let form = client.get(&format!("{YEARS}/nhap?nam=2028")).assert_status(200).page().form("form");
        assert_eq!(form.value("text").map(str::trim), Some(text.text().trim()), "the year as it stands can be changed");
        let longer = text.text().replace("2028-01-31", "2028-02-01");
        client.submit(&form.set("text", &longer)).assert_leads_to(&format!("{YEARS}/2028"));
        assert_eq!(world.calendar(world.units.commune).is_working_day(date(2028, 2, 1)), Ok(false));
        let drop = client.get(&format!("{YEARS}/2028/bo")).assert_status(200).page().form("form");
        client.submit(&drop).assert_leads_to(YEARS);
        client.get(&format!("{YEARS}/2028")).assert_status(404);
    });
}

#[test]
fn a_bad_file_lists_every_mistake_and_stays_to_be_mended() {
    each_engine(|db| {
        let world = World::new(db);
        let mut client = world.client("province");
        let form = client.get(&format!("{YEARS}/nhap?nam=2027")).assert_status(200).page().form("form");
        let bad = "year = 2027\n[[break]]\noccasion = \"Tết\"\nfrom = \"2027-02-31\"\nto = \"mùng sáu\"\n";
        let answer = client
            .submit(&form.clone().attach(Part::file("file", "x.toml", "", bad.as_bytes())))
            .assert_status(422)
            .page();
        let text = answer.text("body");
        for expected in ["Còn 3 chỗ cần sửa", "Dòng 4: «from»", "Dòng 5: «to»", "Dòng 2: thiếu «verified»"]
        {
            assert!(text.contains(expected), "{expected} in {text}");
        }
        assert_eq!(answer.form("form").value("text").map(str::trim), Some(bad.trim()));
        let binary = Part::file("file", "x.xlsx", "", &[0xff, 0xfe, 0x00]);
        let answer = client.submit(&form.clone().attach(binary)).assert_status(422).page().text("body");
        assert!(answer.contains("Tệp không phải chữ đọc được"), "{answer}");
        client.submit(&form.set("text", "  ")).assert_status(422);
        client.post(&format!("{YEARS}/nhap"), &[("command", "0123456789")]).assert_status(422);
        assert_eq!(world.audited("calendar.import_year"), 0);
    });
}

#[test]
fn a_swapped_day_is_added_and_taken_back() {
    each_engine(|db| {
        let world = World::new(db);
        let mut client = world.client("province");
        let page = format!("{YEARS}/2026");
        let form = client.get(&format!("{page}/hoan-doi")).assert_status(200).page().form("form");
        let wrong =
            client.submit(&form.clone().set("verified", "1").set("source", "ftp://x")).assert_status(422).page();
        assert_eq!(wrong.count(".ds-error-summary a"), 5, "occasion, both days, source, number");
        let form = form.set("occasion", "Ngày Văn hóa Việt Nam 24/11").set("number", "2450/VPCP-KGVX");
        let form = form.set("first.day", "23").set("first.month", "11").set("first.year", "2026");
        let form = form.set("second.day", "28").set("second.month", "11").set("second.year", "2026");
        client.submit(&form).assert_leads_to(&page);
        assert_eq!(world.calendar(world.units.commune).is_working_day(date(2026, 11, 28)), Ok(true));
        let again =
            client.submit(&form.clone().set("command", "fedcba9876543210")).assert_status(422).page().text("body");
        assert!(again.contains("ngày này đã là ngày nghỉ"), "{again}");
        let shown = client.get(&page).assert_status(200).page();
        assert!(shown.text("body").contains("kèm phần mềm, có bổ sung"));
        let remove = shown.attribute("a[href*='/quyet-dinh/']", "href").unwrap();
        let ask = client.get(&remove).assert_status(200).page().form("form");
        client.submit(&ask).assert_leads_to(&page);
        client.get(&remove).assert_status(404);
        let pause = client.get(&format!("{page}/dot-nghi")).assert_status(200).page().form("form");
        let pause =
            pause.set("occasion", "Quốc tang").set("first.day", "3").set("first.month", "12").set("first.year", "2026");
        let backwards = pause.clone().set("second.day", "2").set("second.month", "12").set("second.year", "2026");
        let answer = client.submit(&backwards).assert_status(422).page().text("body");
        assert!(answer.contains("kết thúc trước khi bắt đầu"), "{answer}");
        client
            .submit(&pause.set("second.day", "4").set("second.month", "12").set("second.year", "2026"))
            .assert_leads_to(&page);
        assert_eq!(world.calendar(world.units.commune).is_working_day(date(2026, 12, 4)), Ok(false));
        client.get(&format!("{YEARS}/2031/hoan-doi")).assert_status(404);
    });
}

#[test]
fn what_a_year_cannot_lose_is_refused_on_the_page() {
    each_engine(|db| {
        let world = World::new(db);
        world.write(|tx| crate::import_year(tx, YEAR_2028)).unwrap();
        let mut client = world.client("province");
        let page = client.get(&format!("{YEARS}/2028")).assert_status(200).page();
        let remove = page.attribute("a[href*='/quyet-dinh/']", "href").unwrap();
        let ask = client.get(&remove).assert_status(200).page().form("form");
        let answer = client.submit(&ask).assert_status(409).page().text("body");
        assert!(answer.contains("sẽ thiếu"), "{answer}");
    });
}

#[test]
fn only_the_top_unit_that_keeps_calendars_changes_the_country() {
    each_engine(|db| {
        let world = World::new(db);
        let mut commune = world.client("commune");
        commune.get(YEARS).assert_status(200);
        let page = commune.get(&format!("{YEARS}/2027")).assert_status(200).page();
        assert!(page.count("a[href$='/tep']") == 1 && page.count("a[href$='/hoan-doi']") == 0);
        for path in ["nhap", "2027/bo", "2026/hoan-doi", "2026/dot-nghi", "2026/quyet-dinh/5/bo"] {
            let answer = commune.get(&format!("{YEARS}/{path}")).assert_status(403).page().text("body");
            assert!(answer.contains("do quản trị của Tỉnh Thái Nguyên nhập"), "{answer}");
            if path != "nhap" {
                commune.post(&format!("{YEARS}/{path}"), &[("command", "0123456789")]).assert_status(403);
            }
        }
        commune.post_multipart(&format!("{YEARS}/nhap"), &[Part::text("text", YEAR_2028)]).assert_status(403);
        world.client("clerk").get(&format!("{YEARS}/nhap")).assert_status(403);
        world.client("nobody").get(YEARS).assert_status(303);
        // Where nobody above keeps calendars, the commune is the top.
        let province = world.units.province;
        world.db.script(&format!("UPDATE post SET valid_to = '2026-01-01' WHERE unit_id = {province}"));
        commune.get(&format!("{YEARS}/nhap")).assert_status(200);
        // Two that share a server without anybody above: neither speaks for the other.
        let (ours, theirs) = (world.units.commune, world.units.neighbour);
        world.db.script(&format!("UPDATE post SET valid_to = NULL, unit_id = {theirs} WHERE unit_id = {province}"));
        let answer = commune.get(&format!("{YEARS}/nhap")).assert_status(403).page().text("body");
        assert!(answer.contains("nhaviec import calendar"), "{ours}: {answer}");
    });
}
