//! What else can be done on a dossier's page: drafts, papers that come in, results, other hands; and what it says then.

use super::house::Site;
use super::world::STATUS;
use crate::status::Status;
use crate::verbs::stop;
use directory::PostKind;
use testkit::{Client, Form, Part, each_engine};

fn action(client: &mut Client, code: &str, path: &str) -> Form {
    let page = client.get(&format!("/ho-so/{code}")).assert_status(200).page();
    page.form(&format!("form[action='/ho-so/{code}/{path}']"))
}

fn pdf(field: &str, name: &str) -> Part {
    Part::file(field, name, "application/pdf", format!("%PDF-1.7 {name}").as_bytes())
}

#[test]
fn the_leader_sees_the_draft_and_the_next_work_is_one_step_away() {
    each_engine(|database| {
        let site = Site::new(&database);
        let code = site.world.receive(STATUS, "Nguyễn Thị Mỹ Hạnh").code;
        let other = site.world.receive(STATUS, "Đặng Đình Ưởng").code;
        let mut specialist = site.client("specialist");
        let note = action(&mut specialist, &code, "ghi-chu").set("ghi-chu.text", "Kèm công văn.");
        let note = note.attach(pdf("ghi-chu.file", "cong-van.pdf"));
        let place = format!("/ho-so/{code}");
        specialist.submit(&note).assert_leads_to(&format!("{place}?xong=ghi-chu"));
        let pass = action(&mut specialist, &code, "chuyen").set("chuyen.note", "Trình duyệt dự thảo.");
        specialist
            .submit(&pass.attach(pdf("chuyen.file", "du-thao.pdf")))
            .assert_leads_to(&format!("{place}?xong=chuyen"));
        let page = specialist.get(&format!("{place}?xong=chuyen")).assert_status(200).page();
        let said = page.text(".flash");
        assert!(said.contains("Đã chuyển hồ sơ đến bước «"), "{said}");
        assert!(said.contains(&format!("Việc tiếp theo: {other}")), "{said}");
        let mut head = site.client("head");
        let page = head.get(&format!("{place}?xong=chuyen")).assert_status(200).page();
        assert_eq!(page.count(".flash"), 0, "nothing is said to who did nothing");
        let text = page.text("main");
        assert!(text.contains("Dự thảo, tài liệu kèm theo") && text.contains("cong-van.pdf"), "{text}");
        let link = page.attribute("ol.timeline a[href*='/tep/']", "href").unwrap();
        assert_eq!(&head.get(&link).assert_status(200).body[..], b"%PDF-1.7 du-thao.pdf");
        site.client("stranger").get(&link).assert_status(404);
        let mut client = site.client("specialist");
        client.submit(&action(&mut client.clone(), &other, "chuyen")).assert_status(303);
        let page = client.get(&format!("/ho-so/{other}?xong=chuyen")).page();
        assert!(page.text(".flash").contains("Về Việc của tôi"), "nothing else waits");
    });
}

#[test]
fn the_counter_takes_in_what_was_asked_for_and_a_mistake_loses_no_file() {
    each_engine(|database| {
        let site = Site::new(&database);
        let world = &site.world;
        let code = world.receive(STATUS, "Lò Thị Mẩy").code;
        let mut counter = site.client("counter");
        let page = counter.get(&format!("/ho-so/{code}")).page();
        assert_eq!(page.count("form[action$='nhan-bo-sung']"), 0, "nothing was asked for");
        assert_eq!(page.count("form[action$='rut-tai-quay']"), 1);
        world
            .act(world.specialist, &code, |tx, a| stop::begin(tx, a, Status::SupplementRequested, "Bổ sung giấy tờ"))
            .unwrap();
        let empty = action(&mut counter, &code, "nhan-bo-sung");
        assert!(counter.submit(&empty).assert_status(422).text().contains("ít nhất một giấy tờ"));
        let wrong = action(&mut counter, &code, "nhan-bo-sung")
            .set("nhan-bo-sung.1.giay", "khac")
            .attach(pdf("nhan-bo-sung.1.file", "xac-nhan.pdf"));
        let page = counter.submit(&wrong).assert_status(422).page();
        assert!(page.text("main").contains("xac-nhan.pdf"), "the file waits");
        let again = page.form(&format!("form[action='/ho-so/{code}/nhan-bo-sung']"));
        let again = again.set("nhan-bo-sung.1.ten", "Giấy xác nhận cư trú").set("nhan-bo-sung.1.chinh", "1");
        counter.submit(&again).assert_leads_to(&format!("/ho-so/{code}?xong=nhan-bo-sung"));
        let page = counter.get(&format!("/ho-so/{code}?xong=nhan-bo-sung")).page();
        assert!(page.text(".flash").contains("Đã nhận giấy tờ bổ sung"), "{}", page.text(".flash"));
        let text = page.text("main");
        assert!(text.contains("Giấy xác nhận cư trú") && text.contains("bổ sung lúc"), "{text}");
        assert_eq!(world.dossier(&code).status, Status::InProgress);
        let withdraw = action(&mut counter, &code, "rut-tai-quay").set("rut-tai-quay.reason", "Có đơn.");
        site.client("stranger").submit(&withdraw).assert_status(404);
        site.client("specialist").submit(&withdraw).assert_status(403);
        counter.submit(&withdraw).assert_status(303);
        assert_eq!(world.dossier(&code).status, Status::Withdrawn);
    });
}

#[test]
fn several_results_are_attached_and_a_wrong_one_is_replaced() {
    each_engine(|database| {
        let site = Site::new(&database);
        let world = &site.world;
        let code = world.receive(STATUS, "Lò Thị Mẩy").code;
        for person in [world.specialist, world.head, world.leader] {
            world.pass(person, &code).unwrap();
        }
        let mut clerk = site.client("clerk");
        let finish = action(&mut clerk, &code, "ket-qua")
            .attach(pdf("ket-qua.file", "mot.pdf"))
            .set("ket-qua.2.name", "Bản sao")
            .attach(pdf("ket-qua.2.file", "hai.pdf"));
        clerk.submit(&finish).assert_leads_to(&format!("/ho-so/{code}?xong=ket-qua"));
        let id = world.dossier(&code).id;
        let results = || world.store.read_blocking(|r| crate::dossier::results(r, id)).unwrap();
        let wrong = results()[1].id.to_string();
        assert_eq!(results().len(), 2);
        let replace = action(&mut clerk, &code, "thay-ket-qua")
            .set("thay-ket-qua.result", &wrong)
            .set("thay-ket-qua.name", "Bản sao")
            .set("thay-ket-qua.reason", "Nhầm tệp.")
            .attach(pdf("thay-ket-qua.file", "hai-dung.pdf"));
        clerk.submit(&replace).assert_leads_to(&format!("/ho-so/{code}?xong=thay-ket-qua"));
        assert_eq!(results().len(), 2);
        let page = site.client("counter").get(&format!("/ho-so/{code}")).page();
        assert!(page.text("main").contains("đã thay lúc"), "the old file is shown as replaced");
        assert_eq!(page.count("form[action$='thay-ket-qua']"), 1, "the counter may replace too");
        let head = site.client("head").get(&format!("/ho-so/{code}")).page();
        assert_eq!(head.count("form[action$='thay-ket-qua']"), 0);
    });
}

#[test]
fn a_chief_gives_the_step_to_another_and_nobody_else_can() {
    each_engine(|database| {
        let site = Site::new(&database);
        let world = &site.world;
        let code = world.receive(STATUS, "Lò Thị Mẩy").code;
        let other = world.seat(PostKind::Specialist, "Công chức Địa chính", "Hà Thị Ửng");
        let mut chief = site.client("chief");
        let give = action(&mut chief, &code, "chuyen-nguoi").set("chuyen-nguoi.to", &other.post.to_string());
        assert!(chief.submit(&give).assert_status(422).text().contains("lý do chuyển"));
        let give = give.set("chuyen-nguoi.reason", "Người giữ việc nghỉ ốm.");
        for (name, status) in [("specialist", 403), ("leader", 403), ("stranger", 404)] {
            let answer = site.client(name).submit(&give);
            assert!([403, 404].contains(&answer.status), "{name} was answered {} and not {status}", answer.status);
        }
        chief.submit(&give).assert_leads_to(&format!("/ho-so/{code}?xong=chuyen-nguoi"));
        let page = chief.get(&format!("/ho-so/{code}?xong=chuyen-nguoi")).page();
        assert!(page.text(".flash").contains("cho Công chức Địa chính"), "{}", page.text(".flash"));
        assert!(page.text("ol.timeline").contains("Người giữ việc nghỉ ốm."));
    });
}

#[test]
fn a_year_without_a_calendar_takes_no_page_away() {
    each_engine(|database| {
        let site = Site::new(&database);
        let world = &site.world;
        let received = world.receive(STATUS, "Lò Thị Mẩy");
        let code = &received.code;
        world
            .act(world.specialist, code, |tx, a| stop::begin(tx, a, Status::SupplementRequested, "Bổ sung giấy tờ"))
            .unwrap();
        world.at("2031-01-06T09:00");
        let mut counter = site.client("counter");
        for path in ["", "/tiep-nhan"] {
            let text = counter.get(&format!("/ho-so/{code}{path}")).assert_status(200).page().text("main");
            assert!(text.contains("26/11/2026"), "{path}: {text}");
        }
        for path in ["giay-tiep-nhan.pdf", "phieu-kiem-soat.pdf"] {
            // The printer of these tests has no worker, so it comes as far as that.
            counter.get(&format!("/ho-so/{code}/{path}")).assert_status(503);
        }
        let followed = counter.get(&format!("/theo-doi/{}", received.track_token)).assert_status(200).page();
        let text = followed.text("main");
        assert!(text.contains("Yêu cầu bổ sung giấy tờ") && text.contains("08:00 26/11/2026"), "{text}");
        // A stop that still lasts has moved nothing: what was promised is explained by the days of 2026 alone.
        assert!(text.contains("Cách tính hạn trả kết quả") && !text.contains("Chưa có lịch làm việc"), "{text}");
    });
}
