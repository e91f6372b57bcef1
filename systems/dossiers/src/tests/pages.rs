//! The list and the page of a dossier, and what can be done there.

use super::house::Site;
use super::world::{STATUS, World};
use crate::status::Status;
use store::statements_run;
use testkit::{Client, Form, Page, Part, TestDatabase, each_engine};

/// The form of an action on a dossier's page.
fn action(client: &mut Client, code: &str, path: &str) -> Form {
    let page = client.get(&format!("/ho-so/{code}")).assert_status(200).page();
    page.form(&format!("form[action='/ho-so/{code}/{path}']"))
}

fn actions(page: &Page, code: &str) -> Vec<String> {
    let place = format!("/ho-so/{code}/");
    let forms = page.all("form[method=post]").into_iter();
    forms.map(|f| f.value().attr("action").unwrap_or_default().trim_start_matches(&place).to_owned()).collect()
}

#[test]
fn the_whole_life_at_the_desks() {
    each_engine(|database| {
        let site = Site::new(&database);
        let code = site.world.receive(STATUS, "Nguyễn Thị Mỹ Hạnh").code;
        let place = format!("/ho-so/{code}");
        let mut specialist = site.client("specialist");
        let page = specialist.get(&place).assert_status(200).page();
        let offered = ["nhan-xu-ly", "chuyen", "trinh-ky", "tra-lai", "bo-sung", "xin-loi", "rut", "dung", "ghi-chu"];
        assert_eq!(actions(&page, &code), offered);
        assert!(page.text("main").contains("Còn 3 ngày"), "in working time");
        let told = |name: &str| page.text("main").split_once(name).map(|(_, after)| after.trim().to_owned());
        assert!(told("Đang giữ").expect("who holds it").contains("Chẩu Thị Xuyến Chi"));
        assert!(told("Từ lúc").expect("since when").starts_with("08:00 20/11/2026"), "{:?}", told("Từ lúc"));
        let seen = site.client("leader").get(&place).assert_status(200).page();
        assert_eq!(actions(&seen, &code), ["ghi-chu"], "who does not hold the step may only write a note");
        specialist
            .submit(&action(&mut specialist.clone(), &code, "nhan-xu-ly"))
            .assert_leads_to(&format!("{place}?xong=nhan-xu-ly"));
        let pass = action(&mut specialist, &code, "chuyen").set("chuyen.note", "Đã đối chiếu, đủ điều kiện.");
        specialist.submit(&pass).assert_leads_to(&format!("{place}?xong=chuyen"));
        specialist.submit(&pass).assert_leads_to(&format!("{place}?xong=chuyen"));
        for name in ["head", "leader"] {
            let mut client = site.client(name);
            client
                .submit(&action(&mut client.clone(), &code, "chuyen"))
                .assert_leads_to(&format!("{place}?xong=chuyen"));
        }
        let mut clerk = site.client("clerk");
        let finish = action(&mut clerk, &code, "ket-qua").set("ket-qua.number", "15/UBND-XNTTHN");
        let without = clerk.submit(&finish).assert_status(422).page();
        assert!(without.text("[role=alert]").contains("chọn tệp kết quả"));
        let again = without.form(&format!("form[action='{place}/ket-qua']"));
        assert_eq!(again.value("ket-qua.number"), Some("15/UBND-XNTTHN"));
        let file = Part::file("ket-qua.file", "ket-qua.pdf", "application/pdf", b"%PDF-1.7 giay xac nhan");
        clerk.submit(&again.attach(file)).assert_leads_to(&format!("{place}?xong=ket-qua"));
        assert_eq!(site.world.dossier(&code).status, Status::Finished);
        let mut counter = site.client("counter");
        let deliver = action(&mut counter, &code, "tra-ket-qua").set("tra-ket-qua.receiver", "Đặng Đình Ưởng");
        counter.submit(&deliver).assert_leads_to(&format!("{place}?xong=tra-ket-qua"));
        let page = counter.get(&place).page();
        let timeline = page.texts("ol.timeline li");
        assert_eq!(timeline.len(), 7, "{timeline:?}");
        assert!(timeline[0].contains("Người nhận: Đặng Đình Ưởng"), "newest first: {timeline:?}");
        assert!(timeline.iter().any(|line| line.contains("Chẩu Thị Xuyến Chi") && line.contains("Đã đối chiếu")));
        assert_eq!(actions(&page, &code), ["ghi-chu"]);
        let result = page.attribute("a[href*='/tep/']", "href").unwrap();
        assert_eq!(&counter.get(&result).assert_status(200).body[..], b"%PDF-1.7 giay xac nhan");
    });
}

#[test]
fn a_result_file_survives_a_mistake_in_another_field() {
    each_engine(|database| {
        let site = Site::new(&database);
        let code = site.world.receive(STATUS, "Lò Thị Mẩy").code;
        for person in [site.world.specialist, site.world.head, site.world.leader] {
            site.world.pass(person, &code).unwrap();
        }
        let mut clerk = site.client("clerk");
        let file = Part::file("ket-qua.file", "ket-qua.pdf", "application/pdf", b"%PDF-1.7 mot");
        let wrong = action(&mut clerk, &code, "ket-qua").set("ket-qua.name", " ").attach(file);
        let page = clerk.submit(&wrong).assert_status(422).page();
        assert!(page.text("title").starts_with("Lỗi: "));
        assert!(page.text(".files").contains("ket-qua.pdf"));
        let again = page.form(&format!("form[action='/ho-so/{code}/ket-qua']")).set("ket-qua.name", "Giấy xác nhận");
        clerk.submit(&again).assert_leads_to(&format!("/ho-so/{code}?xong=ket-qua"));
        let id = site.world.dossier(&code).id;
        let results = site.world.store.read_blocking(|r| crate::dossier::results(r, id)).unwrap();
        assert_eq!(results[0].name, "Giấy xác nhận");
    });
}

#[test]
fn a_refusal_keeps_what_was_typed_and_says_why_at_the_field() {
    each_engine(|database| {
        let site = Site::new(&database);
        let code = site.world.receive(STATUS, "Đặng Đình Ưởng").code;
        let mut specialist = site.client("specialist");
        let empty = action(&mut specialist, &code, "bo-sung");
        let page = specialist.submit(&empty).assert_status(422).page();
        assert!(page.text("title").starts_with("Lỗi: "));
        let target = page.attribute("[role=alert] a", "href").unwrap();
        assert_eq!(page.count(&format!("textarea{target}[aria-invalid]")), 1, "the summary leads to the field");
        let ask = page.form(&format!("form[action='/ho-so/{code}/bo-sung']"));
        let ask = ask.set("bo-sung.reason", "Bổ sung giấy xác nhận cư trú.");
        let other = action(&mut specialist, &code, "chuyen").set("chuyen.note", "Ý kiến dài không được mất");
        specialist.submit(&ask).assert_leads_to(&format!("/ho-so/{code}?xong=bo-sung"));
        // Meanwhile the other tab still shows the old state.
        let answer = specialist.submit(&other).assert_status(409);
        assert!(answer.text().contains("vừa được người khác xử lý"));
        let page = specialist.get(&format!("/ho-so/{code}")).page();
        assert_eq!(actions(&page, &code), ["tiep-tuc", "rut", "dung", "ghi-chu"]);
        assert!(page.text("main").contains("Tạm dừng"));
        specialist.submit(&page.form(&format!("form[action='/ho-so/{code}/tiep-tuc']"))).assert_status(303);
        let page = specialist.get(&format!("/ho-so/{code}")).page();
        assert!(page.text("main").contains("đã được yêu cầu bổ sung một lần"), "a second request is warned about");
    });
}

#[test]
fn who_stands_in_is_named_with_the_post() {
    each_engine(|database| {
        let site = Site::new(&database);
        let code = site.world.receive(STATUS, "Chẩu Thị Xuyến Chi").code;
        for person in [site.world.specialist, site.world.head] {
            site.world.pass(person, &code).unwrap();
        }
        let mut client = site.client("stand-in");
        client.submit(&action(&mut client.clone(), &code, "chuyen")).assert_status(303);
        let page = client.get(&format!("/ho-so/{code}")).page();
        let last = page.text("ol.timeline li");
        assert!(last.contains("Chẩu Thị Xuyến Chi (thay mặt Phó Chủ tịch)"), "{last}");
        let (behalf,): (Option<types::Id>,) = site
            .world
            .store
            .read_blocking(|r| {
                r.one("SELECT on_behalf_of FROM audit WHERE action = 'dossiers.pass' ORDER BY id DESC LIMIT 1", &[])
            })
            .unwrap();
        assert_eq!(behalf, Some(site.world.leader.post));
    });
}

#[test]
fn the_neighbour_commune_learns_nothing() {
    each_engine(|database| {
        let site = Site::new(&database);
        let code = site.world.receive(STATUS, "Lò Thị Mẩy").code;
        let mut ours = site.client("specialist");
        let note = action(&mut ours, &code, "ghi-chu").set("ghi-chu.text", "Đã gọi điện.");
        let pass = action(&mut ours, &code, "chuyen");
        let mut stranger = site.client("stranger");
        for path in ["", "/tiep-nhan", "/giay-tiep-nhan.pdf", "/phieu-kiem-soat.pdf", "/tep/1"] {
            stranger.get(&format!("/ho-so/{code}{path}")).assert_status(404);
        }
        stranger.submit(&note).assert_status(404);
        stranger.submit(&pass).assert_status(404);
        assert!(!stranger.get("/ho-so").assert_status(200).text().contains(&code));
        assert!(!stranger.get(&format!("/ho-so?don-vi={}", site.world.commune)).text().contains(&code));
        site.client("nobody").submit(&pass).assert_status(401);
        ours.submit(&note).assert_status(303);
        ours.submit(&pass).assert_status(303);
    });
}

#[test]
fn the_list_filters_and_goes_on() {
    each_engine(|database| {
        let site = Site::new(&database);
        for i in 0..53 {
            site.world.receive(STATUS, if i % 2 == 0 { "Lò Thị Mẩy" } else { "Đặng Đình Ưởng" });
        }
        let mut leader = site.client("leader");
        let page = leader.get("/ho-so").assert_status(200).page();
        assert_eq!(page.count("tbody tr"), 50);
        let next = page.all("nav a").into_iter().filter_map(|a| a.value().attr("href")).find(|h| h.contains("sau="));
        let rest = leader.get(next.expect("there is a next page")).assert_status(200).page();
        assert_eq!(rest.count("tbody tr"), 3);
        let found = leader.get("/ho-so?q=l%C3%B2+m%E1%BA%A9y&trang-thai=2&thu-tuc=1.004873").assert_status(200).page();
        assert_eq!(found.count("tbody tr"), 27);
        assert!(leader.get("/ho-so?trang-thai=4").text().contains("Không tìm thấy"));
        leader.get("/ho-so?trang-thai=x&tu=hôm+qua&sau=x-y&don-vi=x").assert_status(200);
    });
}

/// Statements of one request; the fewest of several, since other tests run beside this one.
fn statements(client: &mut Client, path: &str) -> u64 {
    client.get(path).assert_status(200);
    let count = |client: &mut Client| {
        let before = statements_run();
        client.get(path).assert_status(200);
        statements_run() - before
    };
    (0..30).map(|_| count(client)).min().unwrap_or(u64::MAX)
}

#[test]
fn a_list_costs_few_statements_and_so_does_a_dossier() {
    let database = TestDatabase::sqlite();
    let site = Site::new(&database);
    let world: &World = &site.world;
    let codes: Vec<String> = (0..51).map(|_| world.receive(STATUS, "Nguyễn Thị Mỹ Hạnh").code).collect();
    let mut specialist = site.client("specialist");
    let list = statements(&mut specialist, "/ho-so");
    assert!(list <= 6, "{list} statements for a list of 50");
    let found = statements(&mut specialist, "/ho-so?q=nguyen+thi+my+hanh");
    assert!(found <= 8, "{found} statements for a search of 50");
    let fresh = statements(&mut specialist, &format!("/ho-so/{}", codes[0]));
    assert!(fresh <= 16, "{fresh} statements for a dossier");
    for person in [world.specialist, world.head, world.leader] {
        world.pass(person, &codes[0]).unwrap();
    }
    world.finish(world.clerk, &codes[0]).unwrap();
    let old = statements(&mut site.client("counter"), &format!("/ho-so/{}", codes[0]));
    assert!(old <= 16, "{old} statements for a dossier with a history");
}

#[test]
fn every_sample_is_drawn() {
    for sample in crate::desk::samples() {
        let page = &sample.page;
        assert!(page.body.contains("<h1"), "{}", sample.name);
        assert!(!page.title.is_empty(), "{}", sample.name);
        let mut ids: Vec<&str> = page.body.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        ids.sort_unstable();
        let all = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), all, "{}: an id stands twice", sample.name);
        let command = sample.page.body.matches("name=\"command\"").count();
        let forms = sample.page.body.matches("method=\"post\"").count();
        assert_eq!(command, forms, "{}: every form that writes carries a command id", sample.name);
    }
}
