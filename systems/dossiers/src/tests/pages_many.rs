//! "My work" leads to passing many dossiers on at once; what waits for the citizen stands below and is never late.

use super::house::Site;
use super::world::{BIRTH, STATUS};
use crate::status::Status;
use crate::verbs::{pass, stop};
use records::Pace;
use testkit::{Page, each_engine};
use types::Id;

/// The picked records of a list of codes as an address.
fn address(site: &Site, codes: &[String]) -> String {
    let picked: Vec<String> = codes.iter().map(|code| format!("chon={}", site.world.dossier(code).id)).collect();
    format!("/ho-so/chuyen-nhieu?{}", picked.join("&"))
}

fn received(site: &Site, count: usize) -> Vec<String> {
    (0..count).map(|_| site.world.receive(STATUS, "Lò Thị Mẩy").code).collect()
}

/// The code of the step that waits.
fn step(site: &Site, code: &str) -> String {
    let id = site.world.dossier(code).id;
    site.world.store.read_blocking(|r| records::task::open_of(r, id)).unwrap().unwrap().step
}

fn codes(page: &Page) -> Vec<String> {
    page.texts("a.cell-link")
}

#[test]
fn forty_are_passed_on_and_a_refusal_stops_none_of_the_others() {
    each_engine(|database| {
        let site = Site::new(&database);
        let all = received(&site, 40);
        let first = step(&site, &all[0]);
        let mut specialist = site.client("specialist");
        let mine = specialist.get("/viec-cua-toi").assert_status(200).page();
        assert_eq!(mine.count("input[name=chon]"), 40, "each row can be picked");
        assert_eq!(mine.attribute("form", "action").as_deref(), Some("/ho-so/chuyen-nhieu"));
        let page = specialist.get(&address(&site, &all)).assert_status(200).page();
        assert_eq!(codes(&page).len(), 40);
        let sent = page.form("form[method=post]").set("note", "Đã thẩm định, đủ điều kiện.");
        // Meanwhile somebody passes the third on, and the seventh is stopped.
        let world = &site.world;
        world.act(world.specialist, &all[2], |tx, a| pass::pass(tx, a, &pass::Pass::default())).unwrap();
        let ask = |tx: &mut store::Tx<'_>, a: &crate::verbs::Acting| {
            stop::begin(tx, a, Status::SupplementRequested, "Bổ sung giấy xác nhận")
        };
        world.act(world.specialist, &all[6], ask).unwrap();
        let done = specialist.submit(&sent).assert_status(200).page();
        assert_eq!(done.text("h1"), "Đã chuyển 38 hồ sơ");
        assert_eq!(codes(&done), [all[2].clone(), all[6].clone()], "each refusal by its code");
        assert!(done.text("main").contains("vừa được người khác xử lý"), "and with its reason");
        for (n, code) in all.iter().enumerate() {
            let events = world.store.read_blocking(|r| crate::event::of_dossier(r, world.dossier(code).id)).unwrap();
            let noted =
                events.iter().filter(|event| event.text.as_deref() == Some("Đã thẩm định, đủ điều kiện.")).count();
            assert_eq!(noted, usize::from(n != 2 && n != 6), "{code}");
            assert_eq!(step(&site, code) == first, n == 6, "{code}");
        }
        // The same page sent twice acts once, and tells the same.
        let again = specialist.submit(&sent).assert_status(200).page();
        assert_eq!(again.text("h1"), "Đã chuyển 38 hồ sơ");
        let revision = world.dossier(&all[0]).revision;
        specialist.submit(&sent);
        assert_eq!(world.dossier(&all[0]).revision, revision);
    });
}

#[test]
fn the_receiver_is_chosen_for_each_next_step() {
    each_engine(|database| {
        let site = Site::new(&database);
        let mut all = received(&site, 2);
        all.push(site.world.receive(BIRTH, "Đặng Đình Ưởng").code);
        let mut specialist = site.client("specialist");
        let page = specialist.get(&address(&site, &all)).assert_status(200).page();
        let choices = page.count("select[name^='to.']");
        assert!(choices >= 2, "the two procedures go on to different posts: {choices}");
        let done = specialist.submit(&page.form("form[method=post]")).assert_status(200).page();
        assert_eq!(done.text("h1"), "Đã chuyển 3 hồ sơ");
        assert_eq!(done.count("table"), 0);
    });
}

#[test]
fn what_is_not_ones_own_is_not_there() {
    each_engine(|database| {
        let site = Site::new(&database);
        let all = received(&site, 2);
        let asked = address(&site, &all);
        let form = site.client("specialist").get(&asked).page().form("form[method=post]");
        for name in ["leader", "stranger"] {
            site.client(name).get(&asked).assert_status(404);
        }
        site.client("stranger").submit(&form).assert_status(404);
        // The leader may know of them, but does not hold them.
        let refused = site.client("leader").submit(&form).assert_status(403).page();
        assert_eq!(refused.text("h1"), "Chưa chuyển được hồ sơ nào");
        site.client("specialist").get("/ho-so/chuyen-nhieu").assert_leads_to("/viec-cua-toi");
        site.client("specialist").get("/ho-so/chuyen-nhieu?chon=x").assert_status(404);
        let many: Vec<String> = (1..=51).map(|n| format!("chon={n}")).collect();
        let many = format!("/ho-so/chuyen-nhieu?{}", many.join("&"));
        site.client("specialist").get(&many).assert_status(409);
        assert_eq!(step(&site, &all[0]), step(&site, &all[1]));
    });
}

#[test]
fn what_waits_for_the_citizen_stands_below_and_is_never_late() {
    each_engine(|database| {
        let site = Site::new(&database);
        let world = &site.world;
        let all = received(&site, 2);
        let pace = |code: &str| {
            let id: Id = world.dossier(code).id;
            let task = world.store.read_blocking(|r| records::task::open_of(r, id)).unwrap().unwrap();
            world.store.read_blocking(|r| records::task::manner_of(r, task.id)).unwrap().0
        };
        world
            .act(world.specialist, &all[0], |tx, a| stop::begin(tx, a, Status::SupplementRequested, "Bổ sung"))
            .unwrap();
        assert_eq!((pace(&all[0]), pace(&all[1])), (Pace::Paused, Pace::Running));
        world.at("2026-12-04T09:00");
        let page = site.client("specialist").get("/viec-cua-toi").assert_status(200).page();
        assert_eq!(
            codes(&page),
            [all[1].clone(), all[0].clone()],
            "the paused one stands last, though it was due first"
        );
        let text = page.text("main");
        assert!(text.contains("1 việc dưới đây đã quá hạn") && text.contains("Tạm dừng"), "{text}");
        assert_eq!(page.count("input[name=chon]"), 2 - 1, "only what runs can be picked");
        world.act(world.specialist, &all[0], |tx, a| stop::resume(tx, a, None)).unwrap();
        assert_eq!(pace(&all[0]), Pace::Running);
        // Finished and fetched late: the work is done.
        let code = world.receive(STATUS, "Đặng Đình Ưởng").code;
        for person in [world.specialist, world.head, world.leader] {
            world.pass(person, &code).unwrap();
        }
        world.finish(world.clerk, &code).unwrap();
        assert_eq!(pace(&code), Pace::PickUp);
        world.at("2026-12-21T09:00");
        let page = site.client("counter").get("/viec-cua-toi").assert_status(200).page();
        let text = page.text("main");
        assert!(text.contains("Chờ công dân đến nhận") && !text.contains("Trễ"), "{text}");
    });
}
