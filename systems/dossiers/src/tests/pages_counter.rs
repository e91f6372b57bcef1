//! Receiving at the counter, as an officer at a browser does it.

use super::house::Site;
use super::world::{BIRTH, STATUS};
use crate::dossier;
use crate::procedure::catalogue::FILES;
use store::params;
use testkit::{Answer, Form, Part, each_engine};

/// What the card of a fictional citizen says.
const CARD: &str = "099198000217|201234567|ĐẶNG ĐÌNH ƯỞNG|15031998|Nam|Thôn Chợ Mới, Phúc Khê, Mây Thượng|12082021";

/// The form of the marriage status procedure, filled in as the law wants it.
pub(super) fn filled(form: Form) -> Form {
    let values = [
        ("applicant_name", "Đặng Đình Ưởng"),
        ("applicant_identity", "099 098 000 217"),
        ("applicant_address", "Thôn Chợ Mới, xã Phúc Khê"),
        ("applicant_phone", "0912 345 678"),
        ("applicant_relation", "ban-than"),
        ("subject_name", "Đặng Đình Ưởng"),
        ("subject_birth_date", "15/3/1998"),
        ("subject_identity", "099098000217"),
        ("subject_address", "Thôn Chợ Mới, xã Phúc Khê"),
        ("residence_history", "Từ 3/2016 đến nay: thôn Chợ Mới, xã Phúc Khê"),
        ("marital_status", "chua-ket-hon"),
        ("purpose", "mua-ban-tai-san"),
        ("purpose_other", "Bán đất"),
    ];
    let form = values.iter().fold(form, |form, (key, value)| form.set(&format!("f.{key}"), value));
    form.set("f.pledge", "1").set("p.to-khai", "1").set("p.giay-to-tuy-than", "1")
}

pub(super) fn form(answer: Answer) -> Form {
    answer.page().form("form[method=post]")
}

/// Confirms what the page asks to look at again.
pub(super) fn confirmed(answer: Answer) -> Form {
    let page = answer.assert_status(422).page();
    let print = page.attribute("input[name=confirm]", "value").expect("a confirmation is asked");
    page.form("form[method=post]").set("confirm", &print)
}

#[test]
fn a_procedure_is_found_as_people_say_it() {
    each_engine(|database| {
        let site = Site::new(&database);
        let mut counter = site.client("counter");
        for typed in ["khai%20sinh", "Khai+sinh", "l%C3%A0m+gi%E1%BA%A5y+khai+sinh"] {
            let page = counter.get(&format!("/tiep-nhan?q={typed}")).assert_status(200).page();
            let first = page.attribute("tbody a", "href").unwrap();
            assert_eq!(first, format!("/tiep-nhan/{BIRTH}"), "{typed}");
        }
        let page = counter.get("/tiep-nhan?q=%22%3C%27+khong+co+that").assert_status(200);
        assert!(page.text().contains("Không tìm thấy"));
        site.world.receive(STATUS, "Lò Thị Mẩy");
        let page = counter.get("/tiep-nhan").assert_status(200).page();
        assert_eq!(page.attribute("tbody a", "href").unwrap(), format!("/tiep-nhan/{STATUS}"), "the most used first");
        assert_eq!(
            page.count("tbody tr"),
            43,
            "also the one that comes here only in an emergency; one comes in over the network alone"
        );
        let online = FILES.iter().find(|(code, _)| *code == "1.013225").unwrap().1;
        let exception = online.lines().find(|line| line.starts_with("channel_exception")).unwrap();
        let reason = online.lines().find(|line| line.contains("channel_reason")).unwrap();
        let online = online
            .replace(exception, "")
            .replace(reason, "    { key = \"remark\", label = \"Ghi chú\", kind = \"text\" },")
            .replace("channels = [\"online\", \"counter\", \"post\"]", "channels = [\"online\"]")
            .replace("channel_exception = \"F:ND\"\n", "");
        site.world.import(&online);
        let online = counter.get("/tiep-nhan/1.013225").assert_status(409);
        assert!(online.text().contains("chỉ nhận hồ sơ trực tuyến"));
        counter.get("/tiep-nhan/9.999999").assert_status(404);
        site.client("specialist").get("/tiep-nhan").assert_status(403);
        site.client("nobody").get("/tiep-nhan").assert_leads_to("/dang-nhap?tiep=/tiep-nhan");
    });
}

#[test]
fn an_emergency_brings_an_online_procedure_to_the_counter_with_its_reason() {
    each_engine(|database| {
        let site = Site::new(&database);
        let mut counter = site.client("counter");
        let shown = counter.get("/tiep-nhan/1.013225").assert_status(200);
        assert!(shown.text().contains("Chỉ khi hệ thống gặp sự cố"), "{}", shown.text());
        let values = [
            ("applicant_name", "Đặng Đình Ưởng"),
            ("applicant_identity", "001098000217"),
            ("applicant_address", "Thôn Chợ Mới, xã Phúc Khê"),
            ("applicant_phone", "0912 345 678"),
            ("case", "nha-o-rieng-le"),
            ("works_address", "Thôn Chợ Mới, xã Phúc Khê"),
            ("parcel", "Thửa 12, tờ 3"),
            ("land_area", "120"),
            ("works_grade", "cap-4"),
            ("ground_area", "80"),
            ("floor_area", "160"),
            ("storeys", "2 tầng"),
            ("height", "7,8"),
        ];
        let sent = values.iter().fold(form(shown), |form, (key, value)| form.set(&format!("f.{key}"), value));
        let sent = ["p.don", "p.giay-to-dat", "p.ban-ve"].iter().fold(sent, |form, paper| form.set(paper, "1"));
        let sent = sent.set("f.pledge", "1").set("channel", "counter");
        let refused = counter.submit(&sent).assert_status(422).page().texts("[role=alert] li").join(" ");
        assert!(refused.contains("chỉ khi hệ thống gặp sự cố: phải ghi lý do"), "{refused}");
        let told = sent.set("f.channel_reason", "Cổng không vào được từ 08 giờ");
        counter.submit(&told).assert_leads_to("/ho-so/H99.01-261120-0001/tiep-nhan");
        let dossier = counter.get("/ho-so/H99.01-261120-0001").assert_status(200);
        assert!(dossier.text().contains("Cổng không vào được từ 08 giờ"));
    });
}

#[test]
fn the_counter_computes_what_copies_cost() {
    each_engine(|database| {
        let site = Site::new(&database);
        let mut counter = site.client("counter");
        let values = [
            ("applicant_name", "Đặng Đình Ưởng"),
            ("applicant_identity", "001098000217"),
            ("applicant_address", "Thôn Chợ Mới, xã Phúc Khê"),
            ("applicant_phone", "0912 345 678"),
            ("documents", "Bằng tốt nghiệp"),
            ("pages", "3"),
            ("copies_wanted", "2"),
            ("more_documents", "Giấy khai sinh; 1; 2\nHọc bạ; hai; 1"),
        ];
        let sent = form(counter.get("/tiep-nhan/2.000815").assert_status(200));
        let sent = values.iter().fold(sent, |form, (key, value)| form.set(&format!("f.{key}"), value));
        let sent = sent.set("p.ban-chinh", "1");
        let wrong = counter.submit(&sent).assert_status(422);
        let mistakes = wrong.page().texts("[role=alert] li").join(" ");
        assert!(mistakes.contains("dòng 2 phải ghi: tên giấy tờ; số trang; số bản"), "{mistakes}");
        let right = wrong.page().form("form[method=post]").set("f.more_documents", "Giấy khai sinh; 1; 2");
        counter.submit(&right).assert_leads_to("/ho-so/H99.01-261120-0001/tiep-nhan");
        let received = counter.get("/ho-so/H99.01-261120-0001/tiep-nhan").assert_status(200).page().text("main");
        assert!(received.contains("14.000"), "two copies of three pages and two of one: {received}");
    });
}

#[test]
fn a_form_is_received_once_however_often_it_is_sent() {
    each_engine(|database| {
        let site = Site::new(&database);
        let mut counter = site.client("counter");
        let sent = filled(form(counter.get(&format!("/tiep-nhan/{STATUS}")).assert_status(200)));
        // The number does not begin with a province's code: the officer is asked to look again.
        let again = confirmed(counter.submit(&sent));
        let first = counter.submit(&again);
        assert_eq!(first.status, 303, "{}", first.text());
        let place = first.location().to_owned();
        assert_eq!(place, "/ho-so/H99.01-261120-0001/tiep-nhan");
        counter.submit(&again).assert_leads_to(&place);
        let page = counter.get(&place).assert_status(200);
        for words in ["H99.01-261120-0001", "08:00 26/11/2026", "Ngày Văn hóa", "giay-tiep-nhan.pdf?kho=A5"] {
            assert!(page.text().contains(words), "{words}");
        }
        let dossier = site.world.dossier("H99.01-261120-0001");
        assert_eq!(dossier.applicant.phone.as_deref(), Some("0912345678"));
        assert_eq!(dossier.received_by, Some(site.world.counter.officer));
        let (papers, form) = site
            .world
            .store
            .read_blocking(|r| Ok((dossier::papers(r, dossier.id)?, dossier::form(r, &site.world.keys, dossier.id)?)))
            .unwrap();
        let names: Vec<(&str, i64)> = papers.iter().map(|p| (p.requirement.as_str(), p.originals)).collect();
        assert_eq!(names, [("to-khai", 1), ("giay-to-tuy-than", 1)]);
        assert_eq!(form["subject_birth_date"], "15/03/1998");
        assert_eq!(form["applicant_identity"], "099098000217");
        let (count,): (i64,) =
            site.world.store.read_blocking(|r| r.one("SELECT count(*) FROM dossier", params![])).unwrap();
        assert_eq!(count, 1);
    });
}

#[test]
fn a_wrong_field_loses_neither_what_was_typed_nor_the_files() {
    each_engine(|database| {
        let site = Site::new(&database);
        let mut counter = site.client("counter");
        let sent = filled(form(counter.get(&format!("/tiep-nhan/{STATUS}"))))
            .set("f.subject_birth_date", "31/11/1998")
            .set("p.khac.ten", "Đơn trình bày")
            .attach(Part::file("p.van-ban-uy-quyen.tep", "Ủy quyền.pdf", "application/pdf", b"%PDF-1.7 uy quyen"))
            .attach(Part::file("p.van-ban-uy-quyen.tep", "trang 2.pdf", "application/pdf", b"%PDF-1.7 trang 2"))
            .attach(Part::file("p.khac.tep", "virus.exe", "application/pdf", b"MZ..."));
        let answer = counter.submit(&sent).assert_status(422);
        let page = answer.page();
        assert!(page.text("title").starts_with("Lỗi: "), "{}", page.text("title"));
        let mistakes = page.texts("[role=alert] li");
        assert_eq!(mistakes.len(), 2, "{mistakes:?}");
        assert!(mistakes.iter().any(|m| m.contains("virus.exe")), "the bad file is named: {mistakes:?}");
        let kept = page.texts(".files li span").join(" ");
        assert!(kept.contains("Ủy quyền.pdf") && kept.contains("trang 2.pdf"), "{kept}");
        let again = page.form("form[method=post]");
        assert_eq!(again.value("f.subject_name"), Some("Đặng Đình Ưởng"));
        assert_eq!(again.value("f.subject_birth_date"), Some("31/11/1998"), "as it was typed");
        assert_eq!(again.value("p.khac.ten"), Some("Đơn trình bày"));
        assert_eq!(again.value("command"), sent.value("command"));
        // One of the two files was a mistake and is taken out again.
        let drop = page.attribute(".files li:nth-child(2) button", "value").unwrap();
        let page = counter.submit(&again.press("remove", &drop)).assert_status(200).page();
        assert_eq!(page.count(".files li"), 1);
        let again = page.form("form[method=post]").set("f.subject_birth_date", "15/3/1998");
        let last = confirmed(counter.submit(&again));
        counter.submit(&last).assert_leads_to("/ho-so/H99.01-261120-0001/tiep-nhan");
        let id = site.world.dossier("H99.01-261120-0001").id;
        let papers = site.world.store.read_blocking(|r| dossier::papers(r, id)).unwrap();
        let authorisation: Vec<_> = papers.iter().filter(|p| p.requirement == "van-ban-uy-quyen").collect();
        assert_eq!(authorisation.len(), 1);
        assert_eq!(authorisation[0].originals, 0, "a scan without a tick is an electronic paper");
        let file = authorisation[0].file.unwrap();
        let shown = counter.get(&format!("/ho-so/H99.01-261120-0001/tep/{file}")).assert_status(200);
        assert_eq!(&shown.body[..], b"%PDF-1.7 uy quyen");
        // A file of no dossier, of another dossier, or for a stranger is not there.
        let (other,): (types::Id,) = site
            .world
            .store
            .read_blocking(|r| r.one("SELECT id FROM file WHERE name = $1", params!["trang 2.pdf"]))
            .unwrap();
        counter.get(&format!("/ho-so/H99.01-261120-0001/tep/{other}")).assert_status(404);
        site.client("stranger").get(&format!("/ho-so/H99.01-261120-0001/tep/{file}")).assert_status(404);
    });
}

#[test]
fn files_that_wait_belong_to_who_sent_them() {
    each_engine(|database| {
        let site = Site::new(&database);
        let mut counter = site.client("counter");
        let sent = form(counter.get(&format!("/tiep-nhan/{STATUS}"))).attach(Part::file(
            "p.van-ban-uy-quyen.tep",
            "Ủy quyền.pdf",
            "application/pdf",
            b"%PDF-1.7 uy quyen",
        ));
        let page = counter.submit(&sent).assert_status(422).page();
        assert_eq!(page.count(".files li"), 1);
        // The neighbour's counter sends a form under the same id.
        let mut stranger = site.client("stranger");
        let page = stranger.submit(&sent.clone().clear("post")).assert_status(422).page();
        assert_eq!(page.count(".files li"), 1, "only the stranger's own upload");
    });
}

#[test]
fn a_missing_paper_is_a_mistake_and_one_to_show_is_asked_about() {
    each_engine(|database| {
        let site = Site::new(&database);
        let mut counter = site.client("counter");
        let sent = filled(form(counter.get(&format!("/tiep-nhan/{STATUS}")))).clear("p.giay-to-tuy-than");
        let answer = counter.submit(&sent).assert_status(422);
        let text = answer.text();
        assert!(text.contains("Cần xem lại trước khi tiếp nhận") && text.contains("Chưa đánh dấu đã xem"), "{text}");
        let old = confirmed(answer);
        // Another odd thing after the confirmation: it counts only for what was read.
        let changed = counter.submit(&old.clone().set("f.subject_name", "Ưởng"));
        assert_eq!(changed.status, 422);
        assert!(changed.text().contains("chỉ có một chữ"));
        counter.submit(&old).assert_leads_to("/ho-so/H99.01-261120-0001/tiep-nhan");
    });
}

#[test]
fn a_card_fills_the_form_and_keeps_what_was_typed() {
    each_engine(|database| {
        let site = Site::new(&database);
        let mut counter = site.client("counter");
        let path = format!("/tiep-nhan/{STATUS}");
        let page = counter.get(&path).assert_status(200).page();
        assert_eq!(page.count("textarea[data-scan]"), 1);
        let place = page.attribute("button[data-scan-submit]", "formaction").unwrap();
        assert_eq!(place, format!("{path}/quet"));
        assert_ne!(
            page.attribute("form[method=post] button", "formaction"),
            Some(place.clone()),
            "Enter does not scan"
        );
        let mut parts = vec![
            Part::text("command", "0123456789abcdef"),
            Part::text("f.purpose_other", "Vay vốn"),
            Part::text("p.to-khai", "1"),
            Part::file("p.khac.tep", "đơn.pdf", "application/pdf", b"%PDF-1.7 don"),
        ];
        parts.push(Part::text("scan", CARD));
        let page = counter.post_multipart(&place, &parts).assert_status(200).page();
        let form = page.form("form[method=post]");
        let value = |key: &str| form.value(key).unwrap_or_default().to_owned();
        assert_eq!(value("f.applicant_name"), "Đặng Đình Ưởng");
        assert_eq!(value("f.applicant_identity"), "099198000217");
        assert_eq!(value("f.applicant_birth_date"), "15/03/1998");
        assert_eq!(value("f.applicant_address"), "Thôn Chợ Mới, Phúc Khê, Mây Thượng");
        assert_eq!(value("f.purpose_other"), "Vay vốn");
        assert_eq!(value("p.to-khai"), "1");
        assert_eq!(value("scan"), "", "a scan is not shown again");
        assert_eq!(page.count(".files li"), 1);
        // The same card for the person of the second section.
        let other = counter.post_multipart(
            &place,
            &[Part::text("command", "0123456789abcdeg"), Part::text("scan_for", "subject"), Part::text("scan", CARD)],
        );
        let form = other.assert_status(200).page().form("form[method=post]");
        assert_eq!(form.value("f.subject_name"), Some("Đặng Đình Ưởng"));
        assert_eq!(form.value("f.applicant_name"), Some(""));
        let wrong =
            counter.post_multipart(&place, &[Part::text("command", "0123456789abcdeg"), Part::text("scan", "8936")]);
        assert!(wrong.assert_status(422).page().text("[role=alert]").contains("không phải mã QR"));
    });
}
