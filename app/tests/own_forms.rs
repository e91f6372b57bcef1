//! Forms of our own (01 to 05): printed, signed by a person where the form says, numbered, dated and sealed, and had by the party;
//! and none that is signed says what is not so any more.

mod held;
mod words;

use crate::laws::access::listed;
use crate::world::signing::CODE;
use crate::world::{Rank, World, with_date};
use signatures::document::{Document, State};
use signatures::look::{Room, Spot};
use signing::places::{PlaceKind, places};
use signing::trust::TrustList;
use signing::verify::{Evidence, Verdict, verify, verify_with_issue};
use store::{Engine, params};
use testkit::Answer;
use types::Id;
use words::{found, text, words};

/// The list of revoked certificates of whoever issued those of the tests: nobody's.
const REVOKED: &[u8] = include_bytes!("../../services/signatures/src/tests/material/root.crl");
/// The party's personal number, which opens its papers.
const NUMBER: &str = "099190000017";

fn document(world: &World, id: Id) -> Document {
    world.read(|reader| signatures::document::by_id(reader, id)).expect("it is there")
}

/// The code of the record under which a document is signed.
fn code_of(world: &World, id: Id) -> String {
    let sql = "SELECT r.code FROM signing_document d JOIN record r ON r.id = d.record_id WHERE d.id = $1";
    world.read(|reader| reader.one::<(String,)>(sql, params![id])).0
}

fn pdf(world: &World, rank: Rank, page: &str) -> Vec<u8> {
    let answer = world.person(rank).browser.clone().get(&format!("{page}/tep.pdf")).assert_status(200);
    assert!(answer.body.starts_with(b"%PDF-"), "a PDF");
    answer.body.to_vec()
}

/// Puts both certificates there, each the only one of its kind.
fn signers(world: &World, person: Rank) {
    world.no_signers("person");
    world.signer_of(person);
    world.signer_of(Rank::Clerk);
}

/// The party asks for a form by its link.
fn fetched(world: &World, (code, page): (&str, &str), number: &str) -> Answer {
    let sql = "SELECT track_token FROM dossier WHERE code = $1";
    let (token,): (String,) = world.read(|reader| reader.one(sql, params![code]));
    let path = format!("/theo-doi/{token}/giay-to/{}", page.rsplit('/').next().expect("an event"));
    let mut citizen = world.stranger();
    let followed = citizen.get(&format!("/theo-doi/{token}")).assert_status(200).text();
    let asked = citizen.get(&path);
    assert_eq!(asked.status == 200, followed.contains(&path), "what is shown is offered, and nothing else");
    if asked.status != 200 {
        return asked;
    }
    let form = asked.page().form(&format!("form[method=post][action='{path}']"));
    citizen.submit(&form.set("number", number))
}

/// Signed by the leader and sealed with this number.
fn sign_and_seal(world: &World, id: Id, number: &str) {
    signers(world, Rank::Leader);
    world.sign(Rank::Leader, "/ky-so", &[id], &[]);
    assert_eq!(document(world, id).state, State::Signed);
    let (first, symbol) = number.split_once('/').expect("a number with its symbol");
    world.sign(Rank::Clerk, "/dong-dau", &[id], &[("first", first), ("symbol", symbol)]);
    assert_eq!(document(world, id).state, State::Sealed);
}

/// A request to complete papers, from the desk to the party.
fn the_whole_way(world: &World) {
    let code = world.stopped();
    let page = world.own_form(&code, "supplement_requested");
    let print = text(&pdf(world, Rank::Specialist, &page));
    assert!(print.contains("PHIẾU YÊU CẦU BỔ SUNG") && print.contains("Thiếu bản chính."), "{print}");
    assert!(fetched(world, (&code, &page), NUMBER).status == 404, "what nobody signed is no letter of the agency");
    let form = world.sending(Rank::Specialist, &page, Rank::Leader);
    let stranger = world.sending(Rank::Counter, &page, Rank::Leader);
    world.refused(Rank::Specialist, &form.clone().clear("signs").press("signs", "1"), 422, "Hãy chọn người ký.");
    let clerk = world.person(Rank::Specialist).post.expect("a post").to_string();
    world.refused(Rank::Specialist, &form.clone().clear("seals").press("seals", &clerk), 422, "không đóng dấu được");
    let own = world.person(Rank::Specialist).browser.clone();
    own.clone().submit(&form).assert_leads_to(&page);
    own.clone().submit(&form).assert_leads_to(&page);
    // The same paper does not go twice, whoever sends it.
    world.refused(Rank::Counter, &stranger, 409, "đang chờ ký hoặc chờ đóng dấu");
    let (id, waiting): (Id, i64) = world.read(|reader| {
        let sql =
            "SELECT max(d.id), count(*) FROM signing_document d JOIN record r ON r.id = d.record_id WHERE r.code = $1";
        reader.one(sql, params![&format!("{code}/02")])
    });
    assert_eq!(waiting, 1);
    let first = document(world, id);
    let unsigned = world.read(|reader| files::by_id(reader, first.first_file)).expect("a file");
    let unsigned = world.house.service::<files::FileStore>().read(&unsigned.hash).expect("a file");
    // It is in the leader's hands and in nobody else's, and does not hang on the step of the dossier.
    let queue = |rank: Rank, page: &str| world.person(rank).browser.clone().get(page).assert_status(200).text();
    assert!(queue(Rank::Leader, "/ky-so").contains(&format!("{code}/02")));
    assert!(queue(Rank::Leader, &page).contains(&format!("/van-ban-ky/{id}")), "the way on");
    assert!(!queue(Rank::Clerk, &page).contains(&format!("/van-ban-ky/{id}")));
    assert!(!queue(Rank::Counter, "/ky-so").contains(&format!("{code}/02")));
    assert!(queue(Rank::Leader, "/viec-cua-toi").contains("Ký: Phiếu yêu cầu bổ sung"));
    let own_page = format!("/van-ban-ky/{id}");
    assert!(!queue(Rank::Leader, &own_page).contains("Chọn vị trí chữ ký"), "the form says where");
    own.clone().get(&own_page).assert_status(404);
    signers(world, Rank::Leader);
    world.sign(Rank::Leader, "/ky-so", &[id], &[]);
    assert!(!queue(Rank::Leader, "/viec-cua-toi").contains("Ký: Phiếu yêu cầu bổ sung"));
    let form = world.form_of(Rank::Clerk, "/dong-dau", "/dong-dau").set("code", CODE).tick("chon", &id.to_string());
    world.refused(Rank::Clerk, &form, 409, "Văn bản chừa chỗ cho số và ngày");
    world.sign(Rank::Clerk, "/dong-dau", &[id], &[("first", "71"), ("symbol", "HDHS")]);
    let (open,): (i64,) = world.read(|reader| {
        reader.one("SELECT count(*) FROM task WHERE record_id = $1 AND done_at IS NULL", params![first.record])
    });
    assert_eq!(open, 0, "nobody has anything to do with it any more");
    measured(world, id, &unsigned);
    let sealed = pdf(world, Rank::Specialist, &page);
    assert!(sealed.starts_with(&unsigned), "what was typeset is there to the letter");
    listed(world);
    let trust = world.read(signatures::trusted::list);
    let evidence = Evidence { crls: vec![REVOKED.to_vec()], ..Evidence::default() };
    let (report, issued) = verify_with_issue(&sealed, &trust, world.house.now(), &evidence);
    assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
    assert!(report.signatures.len() == 2 && report.signatures.iter().all(|signature| signature.intact), "{report:#?}");
    assert_eq!(issued.and_then(|issued| issued.number).as_deref(), Some("71/HDHS"));
    // The party has it with its own number, and nobody with another.
    // The digits that opened the link, and a number that others know too, are worth nothing.
    for (wrong, why) in [
        ("0017", "Hãy nhập đủ cả số"),
        ("4567", "Hãy nhập đủ cả số"),
        ("099190000018", "Số này không khớp"),
        ("0571234567", "Số này không khớp"),
    ] {
        let refused = fetched(world, (&code, &page), wrong).assert_status(422);
        assert!(refused.page().text("main").contains(why), "{wrong}: {}", refused.text());
    }
    let before = world.audited_by_nobody();
    let had = fetched(world, (&code, &page), NUMBER).assert_status(200);
    assert!(had.body == sealed, "the very file");
    assert_eq!(world.audited_by_nobody(), before + 1);
    world.refused(
        Rank::Counter,
        &stranger.clear("command").press("command", testkit::fresh_command().as_str()),
        409,
        "đã ký và đóng dấu",
    );
    let text = world.text_of(Rank::Specialist, &format!("/ho-so/{code}"));
    assert!(text.contains("Giấy tờ gửi công dân") && text.contains("71/HDHS"), "{text}");
    // Resumed after it was sealed: it stays, as what was asked for then.
    resumed(world, &code);
    assert_eq!(document(world, id).state, State::Sealed);
}

fn resumed(world: &World, code: &str) {
    let form = world.act(Rank::Specialist, code, "tiep-tuc");
    world.person(Rank::Specialist).browser.clone().submit(&form).assert_status(303);
}

/// Signature, number, day and seal lie where the form's own words say.
fn measured(world: &World, id: Id, unsigned: &[u8]) {
    let name = {
        let officer = world.person(Rank::Leader).officer;
        world.read(|reader| reader.one::<(String,)>("SELECT name FROM officer WHERE id = $1", params![officer])).0
    };
    let words = words(unsigned);
    let (number, motto) = (found(&words, "Số:"), found(&words, "Độc lập - Tự do - Hạnh phúc"));
    let (name, receivers) = (found(&words, &name), found(&words, "Nơi nhận:"));
    let signatures = world.read(|reader| signatures::document::of_document(reader, id));
    let seen = |n: usize| signatures[n].seen.expect("it is seen").corners;
    let ([left, bottom, right, top], seal) = (seen(0), seen(1));
    // Above the name, around its middle, below the title beside which the receivers stand.
    assert!(bottom > name[3] - 6.0 && top < receivers[3], "{bottom} {top} {name:?} {receivers:?}");
    assert!((f32::midpoint(left, right) - f32::midpoint(name[0], name[2])).abs() < 1.0, "{left} {right} {name:?}");
    let Spot::Room(Room { corners, .. }) = document(world, id).spot else { panic!("a place of the form") };
    let room = corners.map(|hundredths| f32::from(i16::try_from(hundredths / 10).expect("on a page")) / 10.0);
    assert!(left >= room[0] - 0.2 && right <= room[2] + 0.2 && bottom >= room[1] - 0.2 && top <= room[3] + 0.2);
    // Both in words: side by side at the same height.
    assert!(seal[2] <= left && (f32::midpoint(seal[1], seal[3]) - f32::midpoint(bottom, top)).abs() < 0.5, "{seal:?}");
    for reserved in places(unsigned).expect("a file of ours") {
        let [left, bottom, right, top] = reserved.place.rectangle.corners();
        let middle = f32::midpoint(bottom, top);
        let line = f32::midpoint(number[1], number[3]);
        assert!((middle - line).abs() < 3.0, "on the line of «Số:»: {middle} {line}");
        match reserved.place.kind {
            PlaceKind::Number => assert!(left >= number[2] - 0.5 && right < motto[0], "{left} {number:?}"),
            PlaceKind::Date => assert!(left > motto[0] && right <= motto[2] + 40.0, "{left} {right} {motto:?}"),
        }
    }
}

/// What is not so any more is never signed.
fn what_changed_meanwhile(world: &World) {
    let code = world.stopped();
    let page = world.own_form(&code, "supplement_requested");
    let (asked, receipt) = (page.clone(), world.own_form(&code, "received"));
    let id = world.send_form(Rank::Specialist, &page, Rank::Leader);
    let of_receipt = world.send_form(Rank::Counter, &receipt, Rank::Counter);
    signers(world, Rank::Leader);
    let stale = world.form_of(Rank::Leader, "/ky-so", "/ky-so").set("code", CODE).tick("chon", &id.to_string());
    resumed(world, &code);
    // Neither the request, which nobody needs, nor the receipt, whose due time has moved.
    for (id, why) in [(id, "không còn chờ giấy tờ"), (of_receipt, "Hạn trả kết quả đã đổi")] {
        let document = document(world, id);
        assert_eq!(document.state, State::Withdrawn);
        assert!(document.withdrawn.expect("why").1.contains(why));
    }
    let answer = world.person(Rank::Leader).browser.clone().submit(&stale).assert_status(404);
    let told = answer.page().text("main");
    assert!(told.contains("Không tìm thấy văn bản chờ ký"), "{told}");
    assert_eq!(document(world, id).state, State::Withdrawn);
    assert!(world.text_of(Rank::Specialist, &page).contains("không còn chờ giấy tờ"));
    // A second request is a form of its own.
    let form = world.act(Rank::Specialist, &code, "bo-sung").set("bo-sung.reason", "1. Tờ khai\n2. Bản chính");
    world.person(Rank::Specialist).browser.clone().submit(&form).assert_status(303);
    let page = world.own_form(&code, "supplement_requested");
    assert_ne!(page, asked);
    let id = world.send_form(Rank::Specialist, &page, Rank::Leader);
    assert_eq!(code_of(world, id), format!("{code}/02.2"));
    // Refused by the leader, with a reason: it can go again.
    let own_page = format!("/van-ban-ky/{id}");
    let back = world.form_of(Rank::Leader, &own_page, &format!("{own_page}/rut")).set("reason", "Ghi thiếu trang.");
    world.person(Rank::Leader).browser.clone().submit(&back).assert_status(303);
    assert!(world.text_of(Rank::Specialist, &page).contains("Ghi thiếu trang."));
    let again = world.send_form(Rank::Specialist, &page, Rank::Leader);
    assert_eq!(code_of(world, again), format!("{code}/02.2-2"));
    // Taken back by whoever sent it, or by the counter; and what the dossier's end makes untrue goes with it.
    let back = world.form_of(Rank::Counter, &page, &format!("{page}/rut"));
    world.refused(Rank::Counter, &back, 422, "Hãy ghi lý do rút.");
    world.person(Rank::Counter).browser.clone().submit(&back.set("reason", "Sai tên.")).assert_leads_to(&page);
    assert_eq!(document(world, again).state, State::Withdrawn);
    let last = world.send_form(Rank::Specialist, &page, Rank::Leader);
    let form = world.act(Rank::Specialist, &code, "rut").set("rut.reason", "Công dân có đơn xin rút.");
    world.person(Rank::Specialist).browser.clone().submit(&form).assert_status(303);
    assert_eq!(document(world, last).state, State::Withdrawn);
}

/// An apology: once, and the due time in the figures stays.
fn apologies(world: &World) {
    let code = world.taken();
    let due = |world: &World| {
        world
            .read(|reader| {
                reader.one::<(types::Timestamp,)>("SELECT due_at FROM dossier WHERE code = $1", params![&code])
            })
            .0
    };
    let before = due(world);
    let form = world.act(Rank::Specialist, &code, "xin-loi").set("xin-loi.reason", "Cơ quan phối hợp chưa trả lời.");
    let on = |day: &str| with_date(form.clone(), "xin-loi.day", day.parse().expect("a day"));
    world.refused(Rank::Specialist, &form.clone(), 422, "Ghi đủ ngày, tháng, năm");
    world.refused(Rank::Specialist, &on("2026-11-19"), 422, "phải sau hạn trả");
    world.refused(Rank::Specialist, &on("2026-11-29"), 422, "phải là ngày làm việc");
    world.refused(Rank::Specialist, &on("2029-11-29"), 409, "2029");
    world.refused(Rank::Specialist, &on("2026-12-01").set("xin-loi.at_fault", " "), 422, "cơ quan, đơn vị để chậm");
    let stale = on("2026-12-02").clear("command").press("command", testkit::fresh_command().as_str());
    world.person(Rank::Specialist).browser.clone().submit(&on("2026-12-01")).assert_status(303);
    assert_eq!(due(world), before, "it stays as late as it is");
    let revision: i64 =
        world.read(|reader| reader.one::<(i64,)>("SELECT revision FROM dossier WHERE code = $1", params![&code])).0;
    let stale = stale.clear("revision").press("revision", &revision.to_string());
    world.refused(Rank::Specialist, &stale, 409, "chỉ hẹn lại một lần");
    let page = world.own_form(&code, "apologised");
    let print = text(&pdf(world, Rank::Leader, &page));
    for words in ["VĂN BẢN XIN LỖI", "Cơ quan phối hợp chưa trả lời.", "ngày 01 tháng 12 năm 2026"] {
        assert!(print.contains(words), "{words}: {print}");
    }
    let id = world.send_form(Rank::Specialist, &page, Rank::Leader);
    let followed = || {
        let sql = "SELECT track_token FROM dossier WHERE code = $1";
        let (token,): (String,) = world.read(|reader| reader.one(sql, params![&code]));
        world.stranger().get(&format!("/theo-doi/{token}")).page().text("main")
    };
    assert!(!followed().contains("Hẹn lại"), "nobody has signed it");
    sign_and_seal(world, id, "72/PXL");
    let had = fetched(world, (&code, &page), NUMBER).assert_status(200);
    assert!(text(&had.body).contains("72/PXL"));
    assert!(followed().contains("Hẹn lại") && followed().contains("01/12/2026"), "{}", followed());
}

/// A stop gives fees back; nobody holds the dossier any more, and its form goes to be signed all the same.
fn stops(world: &World) {
    let code = world.taken();
    let form = world.act(Rank::Specialist, &code, "dung").set("dung.reason", "Bản chính đã tẩy xóa.");
    for wrong in ["0", "ba nghìn", "99999999999"] {
        world.refused(Rank::Specialist, &form.clone().set("dung.refund", wrong), 422, "Ghi số tiền hoàn trả");
    }
    world.person(Rank::Specialist).browser.clone().submit(&form.set("dung.refund", "27.000")).assert_status(303);
    let page = world.own_form(&code, "stopped");
    let print = text(&pdf(world, Rank::Specialist, &page));
    assert!(print.contains("THÔNG BÁO DỪNG") && print.contains("27.000 đồng"), "{print}");
    let receipt = world.text_of(Rank::Counter, &world.own_form(&code, "received"));
    assert!(receipt.contains("kết thúc mà không có kết quả"), "{receipt}");
    let id = world.send_form(Rank::Specialist, &page, Rank::Leader);
    sign_and_seal(world, id, "73/TB-UBND");
    fetched(world, (&code, &page), NUMBER).assert_status(200);
}

/// What is not received has a code, a form with the reasons, and no receipt; and it is counted.
fn refusals(world: &World) {
    let counter = world.person(Rank::Counter);
    let closed = || {
        let sql = "SELECT CAST(coalesce(sum(amount), 0) AS BIGINT) FROM delta WHERE measure = 'dossiers.closed-without-result'";
        world.read(|reader| reader.one::<(i64,)>(sql, params![])).0
    };
    let before = closed();
    let form = world.counter_form(counter).clear("post").clear("p.ban-chinh");
    let form = form.press("post", &counter.post.expect("a post").to_string()).press("refuse", "1");
    world.refused(Rank::Counter, &form, 422, "Hãy ghi lý do không tiếp nhận");
    let form = form.set("refusal", "Không có bản chính để đối chiếu.\nKhông thuộc thẩm quyền.");
    let answer = counter.browser.clone().submit(&form).assert_status(303);
    let code = answer.location().rsplit('/').next().expect("a code").to_owned();
    counter.browser.clone().submit(&form).assert_leads_to(&format!("/ho-so/{code}"));
    assert_eq!(closed(), before + 1);
    let text_of = world.text_of(Rank::Counter, &format!("/ho-so/{code}"));
    assert!(text_of.contains("Không được tiếp nhận") && !text_of.contains("In giấy tiếp nhận"), "{text_of}");
    counter.browser.clone().get(&format!("/ho-so/{code}/giay-tiep-nhan.pdf")).assert_status(409);
    let page = world.own_form(&code, "refused");
    let print = text(&pdf(world, Rank::Counter, &page));
    assert!(print.contains("PHIẾU TỪ CHỐI") && print.contains("2. Không thuộc thẩm quyền."), "{print}");
    let id = world.send_form(Rank::Counter, &page, Rank::Leader);
    sign_and_seal(world, id, "74/TB-UBND");
    fetched(world, (&code, &page), NUMBER).assert_status(200);
}

/// The day's receipts, signed by whoever received them with one unlocking, sealed with another.
fn receipts_in_one_go(world: &World) {
    let codes: Vec<String> = (0..3).map(|_| world.waiting()).collect();
    let pages: Vec<String> = codes.iter().map(|code| world.own_form(code, "received")).collect();
    let offered = world.form_of(Rank::Counter, &pages[0], &format!("{}/trinh-ky", pages[0]));
    assert_eq!(offered.value("signs"), Some(world.person(Rank::Counter).officer.to_string().as_str()));
    let leader = offered.clear("signs").press("signs", &world.person(Rank::Leader).officer.to_string());
    world.refused(Rank::Counter, &leader, 422, "Hãy chọn người ký.");
    // The specialist, with whom the dossier is, sends one; whoever received it signs.
    let documents: Vec<Id> = pages
        .iter()
        .zip([Rank::Specialist, Rank::Counter, Rank::Counter])
        .map(|(page, rank)| world.send_form(rank, page, Rank::Counter))
        .collect();
    signers(world, Rank::Counter);
    world.sign(Rank::Counter, "/ky-so", &documents, &[]);
    // Their numbers stand in them: the seal takes none.
    world.sign(Rank::Clerk, "/dong-dau", &documents, &[]);
    for ((id, page), code) in documents.iter().zip(&pages).zip(&codes) {
        assert_eq!((document(world, *id).state, document(world, *id).number), (State::Sealed, None));
        let had = fetched(world, (code, page), NUMBER).assert_status(200).body.to_vec();
        assert!(text(&had).contains("(Bản điện tử)"));
        let report = verify(&had, &TrustList::default(), world.house.now(), &Evidence::default());
        assert!(report.signatures.len() == 2 && report.signatures.iter().all(|one| one.intact), "{report:#?}");
    }
    // Before it is signed, the party has its receipt as a print.
    let code = world.waiting();
    let page = world.own_form(&code, "received");
    let had = fetched(world, (&code, &page), NUMBER).assert_status(200);
    assert!(text(&had.body).contains("Liên 2"));
}

fn on(engine: Engine) {
    let world = World::on(engine);
    the_whole_way(&world);
    what_changed_meanwhile(&world);
    apologies(&world);
    stops(&world);
    refusals(&world);
    receipts_in_one_go(&world);
    held::all(&world);
    for module in world.house.modules() {
        for check in module.checks {
            let found = world.read(|reader| (check.run)(reader, world.house.settings()));
            assert_eq!(found, Vec::<String>::new(), "{}", check.title);
        }
    }
    for indicator in world.house.modules().iter().flat_map(|module| module.indicators) {
        let recomputed: i64 = world.read(|reader| (indicator.recompute)(reader)).into_iter().map(|(.., n)| n).sum();
        let sql = "SELECT CAST(coalesce(sum(amount), 0) AS BIGINT) FROM delta WHERE measure = $1";
        let (counted,): (i64,) = world.read(|reader| reader.one(sql, params![indicator.measure]));
        assert_eq!(counted, recomputed, "{}", indicator.measure);
    }
}

#[test]
fn forms_of_our_own_on_sqlite() {
    on(Engine::Sqlite);
}

#[test]
fn forms_of_our_own_on_postgresql() {
    on(Engine::Postgres);
}
