//! What a form of our own is held to: who signs what, what the party gets by its link, and words that are put right.

use super::{NUMBER, document, fetched, pdf, sign_and_seal, signers, text};
use crate::world::signing::CODE;
use crate::world::{Rank, World, with_date};
use signatures::document::State;
use store::params;
use types::Id;

/// Everything, on one engine.
pub fn all(world: &World) {
    a_counter_signs_what_bears_its_name(world);
    whoever_left_the_post_does_not_sign(world);
    refused_words_are_put_right(world);
    an_apology_that_was_refused_is_made_anew(world);
    what_is_restricted_goes_out_at_the_counter(world);
    a_link_opens_its_own_dossier(world);
    what_was_not_received_has_no_receipt(world);
}

/// A drafted result that comes back to the counter is not signed there, and the receipt is.
fn a_counter_signs_what_bears_its_name(world: &World) {
    let (code, id) = world.submitted();
    let receipt = world.send_form(Rank::Counter, &world.own_form(&code, "received"), Rank::Counter);
    let back = world.act(Rank::Specialist, &code, "tra-lai").set("tra-lai.reason", "Thiếu chữ ký của người nộp.");
    world.person(Rank::Specialist).browser.clone().submit(&back).assert_status(303);
    signers(world, Rank::Counter);
    let page = world.person(Rank::Counter).browser.clone().get("/ky-so").assert_status(200).text();
    assert!(page.contains(&format!("value=\"{receipt}\"")) && !page.contains(&format!("value=\"{id}\"")));
    let offered = world.form_of(Rank::Counter, "/ky-so", "/ky-so").set("code", CODE);
    let made_up = offered.press("chon", &id.to_string());
    let answer = world.person(Rank::Counter).browser.clone().submit(&made_up).assert_status(404);
    assert!(answer.page().text("main").contains("Không tìm thấy văn bản chờ ký"), "{}", answer.text());
    assert_eq!(document(world, id).state, State::Drafted);
    let own = world.text_of(Rank::Counter, &format!("/van-ban-ky/{id}"));
    assert!(!own.contains("Đến trang ký"), "{own}");
    world.sign(Rank::Counter, "/ky-so", &[receipt], &[]);
    assert_eq!(document(world, receipt).state, State::Signed);
}

/// The title of a post is printed under the signature: who holds it no more does not sign.
fn whoever_left_the_post_does_not_sign(world: &World) {
    let page = world.own_form(&world.stopped(), "supplement_requested");
    let id = world.send_form(Rank::Specialist, &page, Rank::Leader);
    signers(world, Rank::Leader);
    let form = world.form_of(Rank::Leader, "/ky-so", "/ky-so").set("code", CODE).tick("chon", &id.to_string());
    let clerk = world.person(Rank::Clerk).post.expect("a post");
    let leader = world.person(Rank::Leader).post.expect("a post");
    let printed = |post: Id| {
        world.write(move |tx| {
            tx.not_audited("a test moves a post");
            tx.exec("UPDATE signing_document SET sign_post_id = $1 WHERE id = $2", params![post, id])
        });
    };
    printed(clerk);
    let refused = world.person(Rank::Leader).browser.clone().submit(&form).assert_status(409);
    let told = refused.page().text("main");
    assert!(told.contains("không còn giữ chức vụ in dưới chữ ký"), "{told}");
    assert_eq!(document(world, id).state, State::Drafted);
    printed(leader);
    world.sign(Rank::Leader, "/ky-so", &[id], &[]);
}

/// Refused by the leader, put right by whoever wrote it, and typeset from the newest words.
fn refused_words_are_put_right(world: &World) {
    let code = world.stopped();
    let page = world.own_form(&code, "supplement_requested");
    let fix = || world.form_of(Rank::Specialist, &page, &format!("{page}/sua"));
    world.refused(Rank::Specialist, &fix().set("words", " "), 422, "Hãy ghi nội dung");
    let early = fix().set("words", "Tờ khai");
    let id = world.send_form(Rank::Specialist, &page, Rank::Leader);
    world.refused(Rank::Specialist, &early, 409, "đang chờ ký hoặc chờ đóng dấu");
    assert!(!world.text_of(Rank::Specialist, &page).contains("Sửa nội dung"), "it waits");
    let own_page = format!("/van-ban-ky/{id}");
    let back = world.form_of(Rank::Leader, &own_page, &format!("{own_page}/rut")).set("reason", "Ghi thiếu tờ khai.");
    world.person(Rank::Leader).browser.clone().submit(&back).assert_leads_to(&page);
    let mended = fix().set("words", "1. Bản chính\n2. Tờ khai theo mẫu");
    world.person(Rank::Specialist).browser.clone().submit(&mended).assert_leads_to(&page);
    world.person(Rank::Specialist).browser.clone().submit(&mended).assert_leads_to(&page);
    let (kept,): (i64,) = world.read(|reader| {
        let sql = "SELECT count(*) FROM dossier_event e JOIN dossier d ON d.id = e.dossier_id
                   WHERE d.code = $1 AND e.kind = 'form_corrected'";
        reader.one(sql, params![&code])
    });
    assert_eq!(kept, 1, "the same form once");
    let print = text(&pdf(world, Rank::Specialist, &page));
    assert!(print.contains("2. Tờ khai theo mẫu") && !print.contains("Thiếu bản chính."), "{print}");
    let timeline = world.text_of(Rank::Specialist, &format!("/ho-so/{code}"));
    assert!(
        timeline.contains("Thiếu bản chính.") && timeline.contains("sửa nội dung giấy tờ gửi công dân"),
        "{timeline}"
    );
    let id = world.send_form(Rank::Specialist, &page, Rank::Leader);
    sign_and_seal(world, id, "81/HDHS");
    assert!(text(&fetched(world, (&code, &page), NUMBER).assert_status(200).body).contains("2. Tờ khai theo mẫu"));
    assert!(!world.text_of(Rank::Specialist, &page).contains("Sửa nội dung"), "it is sealed");
    // Taken back by whoever sent another, which the timeline tells with the reason.
    let code = world.stopped();
    let page = world.own_form(&code, "supplement_requested");
    world.send_form(Rank::Specialist, &page, Rank::Leader);
    let back = world.form_of(Rank::Specialist, &page, &format!("{page}/rut")).set("reason", "Sai tên giấy tờ.");
    world.person(Rank::Specialist).browser.clone().submit(&back).assert_leads_to(&page);
    let timeline = world.text_of(Rank::Specialist, &format!("/ho-so/{code}"));
    assert!(timeline.contains("rút giấy tờ đang trình ký") && timeline.contains("Sai tên giấy tờ."), "{timeline}");
}

/// What was refused before the seal was never said: the party may be told otherwise.
fn an_apology_that_was_refused_is_made_anew(world: &World) {
    let code = world.taken();
    let told = |day: &str, reason: &str| {
        let form = world.act(Rank::Specialist, &code, "xin-loi").set("xin-loi.reason", reason);
        let form = with_date(form, "xin-loi.day", day.parse().expect("a day"));
        world.person(Rank::Specialist).browser.clone().submit(&form).assert_status(303);
    };
    told("2026-12-01", "Chờ xác minh.");
    let first = world.own_form(&code, "apologised");
    let id = world.send_form(Rank::Specialist, &first, Rank::Leader);
    let own_page = format!("/van-ban-ky/{id}");
    let back = world.form_of(Rank::Leader, &own_page, &format!("{own_page}/rut")).set("reason", "Hẹn xa quá.");
    world.person(Rank::Leader).browser.clone().submit(&back).assert_leads_to(&first);
    told("2026-11-30", "Chờ xác minh nơi cư trú.");
    let second = world.own_form(&code, "apologised");
    assert_ne!(first, second);
    // The first says what is not so: it is neither sent nor printed.
    let shown = world.text_of(Rank::Specialist, &first);
    assert!(shown.contains("Đã có văn bản xin lỗi, hẹn lại khác") && !shown.contains("In để ký tay"), "{shown}");
    let print = world.person(Rank::Specialist).browser.clone().get(&format!("{first}/tep.pdf")).assert_status(409);
    assert!(print.page().text("main").contains("Không in giấy tờ này."), "{}", print.text());
    // A day before: too late to be told, and said so.
    let shown = world.text_of(Rank::Specialist, &second);
    assert!(shown.contains("Gửi muộn"), "{shown}");
    let timeline = world.text_of(Rank::Specialist, &format!("/ho-so/{code}"));
    assert!(timeline.contains("Gửi muộn. Chờ xác minh nơi cư trú."), "{timeline}");
    let id = world.send_form(Rank::Specialist, &second, Rank::Leader);
    sign_and_seal(world, id, "82/PXL");
    let had = text(&fetched(world, (&code, &second), NUMBER).assert_status(200).body);
    assert!(had.contains("TM. ỦY BAN NHÂN DÂN") && had.contains("ngày 30 tháng 11 năm 2026"), "{had}");
}

/// Whoever seals may not see the dossier and comes to the document; the party comes to the counter.
fn what_is_restricted_goes_out_at_the_counter(world: &World) {
    let code = world.stopped();
    let close = |restricted: bool| {
        let code = code.clone();
        world.write(move |tx| {
            tx.not_audited("a test keeps a dossier close");
            tx.exec("UPDATE dossier SET restricted = $1 WHERE code = $2", params![restricted, &code])
        });
    };
    close(true);
    let page = world.own_form(&code, "supplement_requested");
    let id = world.send_form(Rank::Specialist, &page, Rank::Leader);
    signers(world, Rank::Leader);
    world.sign(Rank::Leader, "/ky-so", &[id], &[]);
    let mut clerk = world.person(Rank::Clerk).browser.clone();
    clerk.get(&page).assert_status(404);
    let work = clerk.get("/viec-cua-toi").assert_status(200).text();
    assert!(work.contains(&format!("href=\"/van-ban-ky/{id}\"")), "{work}");
    let shown = clerk.get(&format!("/van-ban-ky/{id}")).assert_status(200).text();
    assert!(!shown.contains(&format!("href=\"/ho-so/{code}")), "{shown}");
    world.sign(Rank::Clerk, "/dong-dau", &[id], &[("first", "83"), ("symbol", "HDHS")]);
    let (token,): (String,) =
        world.read(|reader| reader.one("SELECT track_token FROM dossier WHERE code = $1", params![&code]));
    let path = format!("/theo-doi/{token}/giay-to/{}", page.rsplit('/').next().expect("an event"));
    let mut citizen = world.stranger();
    let asked = citizen.get(&path).assert_status(200);
    assert!(asked.page().text("main").contains("đến bộ phận một cửa để nhận"), "{}", asked.text());
    let command = testkit::fresh_command();
    let sent = citizen.post(&path, &[("command", command.as_str()), ("number", NUMBER)]).assert_status(403);
    assert!(sent.page().text("main").contains("đến bộ phận một cửa để nhận"), "{}", sent.text());
    // Its record says otherwise, which the checks of the whole house would tell.
    close(false);
}

/// A link with another dossier's event opens nothing, and neither does an officer's page.
fn a_link_opens_its_own_dossier(world: &World) {
    let (code, token) = world.received();
    let other = world.waiting();
    let event = |code: &str| {
        let page = world.own_form(code, "received");
        page.rsplit('/').next().expect("an event").to_owned()
    };
    let mut citizen = world.stranger();
    citizen.get(&format!("/theo-doi/{token}/giay-to/{}", event(&code))).assert_status(200);
    let foreign = format!("/theo-doi/{token}/giay-to/{}", event(&other));
    citizen.get(&foreign).assert_status(404);
    let command = testkit::fresh_command();
    citizen.post(&foreign, &[("command", command.as_str()), ("number", NUMBER)]).assert_status(404);
    let mut officer = world.person(Rank::Counter).browser.clone();
    officer.get(&format!("/ho-so/{code}/giay-to/{}", event(&other))).assert_status(404);
}

/// No page says that it was received.
fn what_was_not_received_has_no_receipt(world: &World) {
    let sql = "SELECT code FROM dossier WHERE outcome = 'refused' ORDER BY id DESC LIMIT 1";
    let (code,): (String,) = world.read(|reader| reader.one(sql, params![]));
    let page = format!("/ho-so/{code}/tiep-nhan");
    let answer = world.person(Rank::Counter).browser.clone().get(&page).assert_status(409);
    assert!(answer.page().text("main").contains("không được tiếp nhận"), "{}", answer.text());
}
