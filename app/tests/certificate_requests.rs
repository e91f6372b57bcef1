//! A certificate is asked for, confirmed, printed, sent, and answered by the one that is entered.

use crate::world::{Rank, World};
use store::{Engine, params};
use types::Id;

const OWN: &str = "/chung-thu-ky/de-nghi";
const REGISTER: &str = "/quan-tri/chung-thu-ky/de-nghi";

fn the_whole_way(world: &World) {
    let (leader, keeper) = (Rank::Leader, Rank::Keeper);
    assert!(world.text_of(leader, OWN).contains("Chưa có đề nghị nào"));
    assert!(world.text_of(keeper, REGISTER).contains("Không có đề nghị nào chờ xác nhận"));
    let form = world.new_request(leader);
    world.refused(leader, &form.clone().set("email", "mau").set("phone", ""), 422, "Nhập hộp thư công vụ");
    // Two clicks are one request, and a second form is told.
    let second = world.new_request(leader);
    for _ in 0..2 {
        world.person(leader).browser.clone().submit(&form).assert_status(303);
    }
    world.refused(leader, &second, 409, "Đã có đề nghị như vậy");
    let (asked,): (i64,) = world.read(|r| r.one("SELECT count(*) FROM certificate_request", params![]));
    assert_eq!(asked, 1);
    let id = world.last_request();
    let page = format!("{OWN}/{id}");
    assert!(world.text_of(leader, OWN).contains("Chờ xác nhận"));
    // The number is for whoever asked and whoever decides, and on no list.
    assert!(world.text_of(leader, &page).contains("000000000012"));
    assert!(world.text_of(keeper, &page).contains("000000000012"));
    assert!(!world.text_of(keeper, REGISTER).contains("000000000012"));

    let outdated = world.form_of(keeper, &page, &format!("{REGISTER}/{id}/tu-choi"));
    world.refused(keeper, &outdated, 422, "Ghi lý do");
    let confirm = world.form_of(keeper, &page, &format!("{REGISTER}/{id}/xac-nhan"));
    world.person(keeper).browser.clone().submit(&confirm).assert_status(303);
    world.refused(keeper, &outdated.set("why", "Sai."), 409, "vừa thay đổi");
    let list = format!("{REGISTER}?trang-thai=confirmed");
    assert!(world.text_of(keeper, &list).contains("Chẩu Thị Xuyến Chi"));
    for print in [format!("{REGISTER}/danh-sach.pdf"), format!("{page}/in.pdf")] {
        let pdf = world.person(keeper).browser.clone().get(&print).assert_status(200);
        assert!(pdf.body.starts_with(b"%PDF-"), "{print}");
    }
    let form = world.sending_form(id);
    world.refused(keeper, &form.clone().set("number", ""), 422, "Ghi số và ký hiệu của công văn đi");
    world.refused(keeper, &form.clone().set("sent_on.year", "2999"), 422, "không thể sau hôm nay");
    world.person(keeper).browser.clone().submit(&form).assert_status(303);
    world.person(keeper).browser.clone().get(&format!("{REGISTER}/danh-sach.pdf")).assert_status(404);
    let text = world.text_of(keeper, &format!("{REGISTER}?trang-thai=sent"));
    assert!(text.contains("125/UBND-VP"), "{text}");
    let text = world.text_of(leader, &page);
    assert!(text.contains("Đã gửi") && !text.contains("Rút đề nghị"), "{text}");

    world.signer_of(leader);
    let text = world.text_of(leader, &page);
    assert!(text.contains("Đã xong") && !text.contains("000000000012"), "{text}");
}

fn a_longer_life(world: &World) {
    let signer = world.signer_of(Rank::Leader);
    let until = world.house.now().plus_seconds(20 * 86_400);
    world.write(move |tx| {
        tx.not_audited("a test's certificate ends soon");
        tx.exec("UPDATE signer SET valid_to = $1 WHERE id = $2", params![until, signer])
    });
    let asking = format!("{OWN}/moi?loai=renew&chung-thu={signer}");
    for page in ["/chung-thu-ky", "/ky-so"] {
        let answer = world.person(Rank::Leader).browser.clone().get(page).assert_status(200);
        assert!(answer.text().contains(&asking.replace('&', "&#38;")), "{page} leads to the form");
    }
    let form = world.form_of(Rank::Leader, &asking, &format!("{OWN}/moi"));
    assert_eq!(form.value("signer"), Some(signer.to_string().as_str()), "the certificate is chosen");
    let form = form.set("email", "mau@suoimo.vidu.gov.vn").set("phone", "0905 123 456");
    world.person(Rank::Leader).browser.clone().submit(&form).assert_status(303);
    assert!(world.text_of(Rank::Leader, "/chung-thu-ky").contains("Đã đề nghị gia hạn"));
    let at_signing = world.text_of(Rank::Leader, "/ky-so");
    assert!(at_signing.contains("đã đề nghị gia hạn") && !at_signing.contains("cần xin gia hạn"), "{at_signing}");
    assert!(world.text_of(Rank::Keeper, "/quan-tri/chung-thu-ky").contains("Đã đề nghị gia hạn"));
    // Another's certificate is none to ask for.
    let other = world.form_of(Rank::Leader, &format!("{OWN}/moi?loai=new"), &format!("{OWN}/moi"));
    let foreign = other.clone().set("whose", &world.person(Rank::NeighbourLeader).officer.to_string());
    world.refused(Rank::Leader, &foreign, 422, "Chọn chứng thư này là của ai.");
}

/// Whoever stands in for the keeper decides for the keeper, and the audit says so.
fn on_behalf_of_the_keeper(world: &World) {
    let id = world.last_request();
    let (page, verb) = (format!("{OWN}/{id}"), format!("{REGISTER}/{id}/xac-nhan"));
    world.person(Rank::Specialist).browser.clone().get(&page).assert_status(404);
    let post = world.person(Rank::Keeper).post.expect("a post");
    world.stand_in(post, world.person(Rank::Specialist).officer);
    let form = world.form_of(Rank::Specialist, &page, &verb);
    world.person(Rank::Specialist).browser.clone().submit(&form).assert_status(303);
    let sql = "SELECT actor_id, on_behalf_of FROM audit WHERE entity_id = $1 AND action = 'signatures.confirm-request'";
    let told: (Option<Id>, Option<Id>) = world.read(|reader| reader.one(sql, params![id]));
    assert_eq!(told, (Some(world.person(Rank::Specialist).officer), Some(post)));
}

fn on(engine: Engine) {
    let world = World::on(engine);
    the_whole_way(&world);
    a_longer_life(&world);
    on_behalf_of_the_keeper(&world);
}

#[test]
fn a_certificate_is_asked_for_and_comes_on_sqlite() {
    on(Engine::Sqlite);
}

#[test]
fn a_certificate_is_asked_for_and_comes_on_postgresql() {
    on(Engine::Postgres);
}
