//! A document is signed with a key at the signer's own desk: it goes out under passes, comes back, and is a signature only
//! when it is what was asked for.

use crate::laws::access::listed;
use crate::signing_places::submitted_as;
use crate::world::tool::{key_of, signed};
use crate::world::{Rank, World};
use signing::SigningKey;
use signing::verify::{Evidence, verify_with_issue};
use store::{Engine, params};
use testkit::Part;
use types::Id;

fn state(world: &World, document: Id) -> i64 {
    let (state,) =
        world.read(|reader| reader.one("SELECT state FROM signing_document WHERE id = $1", params![document]));
    state
}

/// The page to which the browser goes when the tool is done.
fn told(world: &World, rank: Rank, page: &str) -> String {
    let (errand,): (Id,) = world.read(|reader| reader.one("SELECT max(id) FROM signing_errand", params![]));
    world.text_of(rank, &format!("{page}/tren-may?chon={errand}"))
}

fn the_whole_way(world: &World) {
    listed(world);
    let (code, document) = world.submitted_with("keep");
    world.pass(Rank::Specialist, &code, Rank::Leader);
    world.signer_at_desk(Rank::Leader);
    let page = world.text_of(Rank::Leader, "/ky-so");
    assert!(page.contains("USB ký số tại máy này") && !page.contains("Mã mở khóa"), "{page}");
    let [out] = &world.sent_out(Rank::Leader, "/ky-so", &[document])[..] else { panic!("one") };
    assert!(told(world, Rank::Leader, "/ky-so").contains("chưa gửi văn bản về"), "nothing came back yet");
    let file = out.signed(Rank::Leader);
    let receipt = out.hand_in(&file).assert_status(200).json();
    assert_eq!(receipt["Status"], true, "{receipt}");
    assert_eq!(state(world, document), 1);
    // A tool whose line broke sends the same again, and is told the same; another file is not taken any more.
    assert_eq!(out.hand_in(&file).assert_status(200).json(), receipt);
    out.hand_in(&signed(&file, Rank::Leader, world.house.now())).assert_status(403);
    out.hand_in(b"%PDF-").assert_status(403);
    let page = told(world, Rank::Leader, "/ky-so");
    assert!(page.contains("Đã ký 1 văn bản"), "{page}");
    let audited = world.person(Rank::Leader).officer;
    let (by,): (Id,) = world.read(|reader| {
        reader.one("SELECT actor_id FROM audit WHERE action = 'signatures.sign' ORDER BY id DESC LIMIT 1", params![])
    });
    assert_eq!(by, audited, "the person signed, not the tool");
    world.pass(Rank::Leader, &code, Rank::Clerk);
    sealed(world, document);
}

/// Number and day stand in the file before the tool gets it, so that the seal vouches for them.
fn sealed(world: &World, document: Id) {
    world.signer_at_desk(Rank::Clerk);
    let number: &[(&str, &str)] = &[("first", "5"), ("symbol", "CT-SY")];
    let [out] = &world.sent_out_with(Rank::Clerk, "/dong-dau", (&[document], number))[..] else { panic!("one") };
    let file = out.signed(Rank::Clerk);
    assert_eq!(out.hand_in(&file).assert_status(200).json()["Status"], true);
    assert_eq!(state(world, document), 2);
    let trust = world.read(signatures::trusted::list);
    let (_, issued) = verify_with_issue(
        &file,
        &trust,
        world.house.now(),
        &Evidence { crls: vec![REVOKED.to_vec()], ..Evidence::default() },
    );
    assert_eq!(issued.and_then(|issued| issued.number).as_deref(), Some("05/CT-SY"));
    assert!(world.text_of(Rank::Clerk, &format!("/van-ban-ky/{document}")).contains("05/CT-SY"));
}

const REVOKED: &[u8] = include_bytes!("../../services/signatures/src/tests/material/root.crl");

fn what_comes_back_is_looked_at(world: &World) {
    world.signer_at_desk(Rank::Leader);
    let (_, document) = world.to_be_signed();
    let again = || {
        let mut all = world.sent_out(Rank::Leader, "/ky-so", &[document]);
        all.remove(0)
    };
    let out = again();
    let good = out.signed(Rank::Leader);
    out.refused(&out.fetched(), "chưa có chữ ký mới");
    assert!(told(world, Rank::Leader, "/ky-so").contains("chưa có chữ ký mới"), "the page tells the reason");
    // Whatever came of it, the pass is spent.
    out.hand_in(&good).assert_status(403);
    let out = again();
    out.refused(&out.signed(Rank::Clerk), "không phải chứng thư đã đăng ký");
    let out = again();
    let mut torn = out.signed(Rank::Leader);
    let middle = torn.len() - 700;
    torn[middle] ^= 1;
    assert_eq!(out.hand_in(&torn).assert_status(200).json()["Status"], false);
    let out = again();
    let other = signed(
        include_bytes!("../../services/signatures/src/tests/material/changed.pdf"),
        Rank::Leader,
        world.house.now(),
    );
    out.refused(&other, "không phải văn bản đã gửi đi");
    let out = again();
    out.hand_in_nothing();
    assert_eq!(state(world, document), 0, "nothing of all that is a signature");
    // Sent out again, the passes of the first time are worth nothing.
    let (first, second) = (again(), again());
    world.stranger().get(&first.fetch).assert_status(403);
    let file = second.signed(Rank::Leader);
    first.hand_in(&file).assert_status(403);
    // The two passes of an errand are not the same, and none opens another's document.
    let (_, other) = world.to_be_signed();
    let mut both = world.sent_out(Rank::Leader, "/ky-so", &[document, other]);
    let (b, a) = (both.remove(1), both.remove(0));
    let crossed = |way: &str, id_of: &str| {
        let pass = way.split('/').nth(3).expect("a pass").to_owned();
        let errand = id_of.split('/').nth(2).expect("an errand").to_owned();
        format!("/cong-cu-ky/{errand}/{pass}")
    };
    world.stranger().get(&format!("{}/x.pdf", crossed(&a.fetch, &b.fetch))).assert_status(403);
    world.stranger().get(&format!("{}/x.pdf", crossed(&a.hand_in, &a.fetch))).assert_status(403);
    let part = || Part::file("uploadfile", "a.pdf", "application/pdf", &file);
    world.stranger().post_multipart(&crossed(&a.hand_in, &b.fetch), &[part()]).assert_status(403);
    world.stranger().post_multipart(&crossed(&a.fetch, &a.fetch), &[part()]).assert_status(403);
    world.stranger().get("/cong-cu-ky/1/AAAA/x.pdf").assert_status(403);
    // It is fetched a few times, as a line breaks, and not for ever.
    for _ in 0..3 {
        b.fetched();
    }
    world.stranger().get(&b.fetch).assert_status(403);
    // What was taken back meanwhile is not signed, and an hour later nothing is.
    let good = a.signed(Rank::Leader);
    let page = format!("/van-ban-ky/{document}");
    let back = world.form_of(Rank::Leader, &page, &format!("{page}/rut")).set("reason", "Sai tên.");
    world.person(Rank::Leader).browser.clone().submit(&back).assert_status(303);
    world.stranger().get(&a.fetch).assert_status(409);
    a.refused(&good, "vừa được người khác ký hoặc thay đổi");
    let late = world.sent_out(Rank::Leader, "/ky-so", &[other]).remove(0);
    let file = late.signed(Rank::Leader);
    world.wait_seconds(3601);
    late.hand_in(&file).assert_status(403);
    assert_eq!((state(world, document), state(world, other)), (3, 0));
}

/// Both at the same moment: the pass is spent once, and the document signed once.
fn two_at_once(world: &World) {
    let (_, document) = world.to_be_signed();
    let out = world.sent_out(Rank::Leader, "/ky-so", &[document]).remove(0);
    let file = out.signed(Rank::Leader);
    let both = std::thread::scope(|scope| {
        let one = || scope.spawn(|| out.hand_in(&file).status);
        [one(), one()].map(|one| one.join().expect("an answer"))
    });
    assert!(both.contains(&200) && both.iter().all(|status| [200, 403].contains(status)), "{both:?}");
    let (signatures,): (i64,) = world
        .read(|reader| reader.one("SELECT count(*) FROM document_signature WHERE document_id = $1", params![document]));
    assert_eq!((state(world, document), signatures), (1, 1));
    assert!(told(world, Rank::Leader, "/ky-so").contains("Đã ký 1 văn bản"), "whoever came second tells nothing else");
    // An hour later not even the same file is heard.
    world.wait_seconds(3601);
    out.hand_in(&file).assert_status(403);
}

/// One that cannot go out leaves the others; and a number that is out is not given again meanwhile.
fn some_of_many(world: &World) {
    world.signer_at_desk(Rank::Leader);
    let [first, second] = [world.to_be_signed().1, world.to_be_signed().1];
    let form = world.form_of(Rank::Leader, "/ky-so", "/ky-so");
    let page = format!("/van-ban-ky/{first}");
    let back = world.form_of(Rank::Leader, &page, &format!("{page}/rut")).set("reason", "Sai tên.");
    world.person(Rank::Leader).browser.clone().submit(&back).assert_status(303);
    let form = form.tick("chon", &first.to_string()).tick("chon", &second.to_string());
    let page = world.person(Rank::Leader).browser.clone().submit(&form).assert_status(200).page();
    assert_eq!(page.count("[data-request]"), 1);
    assert!(page.text("main").contains("1 văn bản không gửi đi ký được"), "{}", page.text("main"));
    let [a, b] = [world.to_be_sealed().1, world.to_be_sealed().1];
    world.signer_at_desk(Rank::Clerk);
    let number: &[(&str, &str)] = &[("first", "31"), ("symbol", "CT-SY")];
    world.sent_out_with(Rank::Clerk, "/dong-dau", (&[a], number));
    let form = world.form_of(Rank::Clerk, "/dong-dau", "/dong-dau").set("first", "31").set("symbol", "CT-SY");
    let taken = world.person(Rank::Clerk).browser.clone().submit(&form.tick("chon", &b.to_string())).assert_status(409);
    assert!(taken.page().text("main").contains("Số 31/CT-SY đang được đóng dấu"));
    // Nobody seals for ever: an hour later the number is free.
    world.wait_seconds(3601);
    world.sent_out_with(Rank::Clerk, "/dong-dau", (&[b], number));
}

/// Attachments and copies: the tool writes their lines, by commands of its own, and where they stand is looked at.
fn lines_in_the_corner(world: &World) {
    let (code, main) = world.submitted_with("there");
    let attachment = submitted_as(world, &code, (&format!("attachment {main}"), "Danh sách kèm theo"));
    let copy = submitted_as(world, &code, ("copy-full", "Sao y quyết định"));
    world.pass(Rank::Specialist, &code, Rank::Leader);
    world.sign(Rank::Leader, "/ky-so", &[main], &[]);
    world.pass(Rank::Leader, &code, Rank::Clerk);
    world.signer_at_desk(Rank::Clerk);
    let number: &[(&str, &str)] = &[("first", "71"), ("symbol", "CT-SY")];
    let out = world.sent_out_with(Rank::Clerk, "/dong-dau", (&[main, copy], number));
    let [first, second] = &out[..] else { panic!("two") };
    assert_eq!([&*first.command, &*second.command], ["SignApproved", "SignCopy"]);
    assert_eq!(first.hand_in(&first.signed(Rank::Clerk)).json()["Status"], true);
    let sql = "SELECT max(id) FROM signing_errand WHERE document_id = $1";
    let (errand,): (Id,) = world.read(|reader| reader.one(sql, params![main]));
    let page = world.text_of(Rank::Clerk, &format!("/dong-dau/tren-may?chon={errand}"));
    assert!(page.contains("Còn 1 văn bản kèm theo của các văn bản này chờ đóng dấu"), "{page}");
    // Lines that nobody sees, or at the foot, or on the left, are none.
    second.refused(&second.signed(Rank::Clerk), "góc trên bên phải trang đầu");
    for elsewhere in [[400.0, 40.0, 560.0, 90.0], [40.0, 770.0, 200.0, 820.0]] {
        let [again] = &world.sent_out(Rank::Clerk, "/dong-dau", &[copy])[..] else { panic!("one") };
        again.refused(&again.signed_at(Rank::Clerk, elsewhere), "góc trên bên phải trang đầu");
    }
    assert_eq!(state(world, copy), 1);
    let [again] = &world.sent_out(Rank::Clerk, "/dong-dau", &[copy])[..] else { panic!("one") };
    let corner = [400.0, 770.0, 560.0, 820.0];
    assert_eq!(again.hand_in(&again.signed_at(Rank::Clerk, corner)).json()["Status"], true);
    let page = told(world, Rank::Clerk, "/dong-dau");
    assert!(page.contains("Đã đóng dấu 1 văn bản"), "{page}");
    // The attachment was let go on by its document's seal, and the tool is told that one's number.
    let page = world.text_of(Rank::Clerk, "/dong-dau");
    assert!(page.contains("Danh sách kèm theo"), "{page}");
    let [out] = &world.sent_out(Rank::Clerk, "/dong-dau", &[attachment])[..] else { panic!("one") };
    assert_eq!((&*out.command, &*out.number), ("SignAppendix", "71/CT-SY"));
    assert_eq!(out.hand_in(&out.signed_at(Rank::Clerk, corner)).json()["Status"], true);
    for id in [attachment, copy] {
        assert_eq!(state(world, id), 2);
        let signatures = world.read(|reader| signatures::document::of_document(reader, id));
        let seen = signatures[0].seen.expect("it is seen");
        assert_eq!((seen.page, seen.corners, seen.pictured), (0, corner, false));
    }
}

/// The seal of a key here stands where the tool drew the person's signature.
fn a_seal_beside_what_the_tool_drew(world: &World) {
    let (code, main) = world.submitted_with("there");
    world.pass(Rank::Specialist, &code, Rank::Leader);
    world.signer_at_desk(Rank::Leader);
    let [out] = &world.sent_out(Rank::Leader, "/ky-so", &[main])[..] else { panic!("one") };
    // Elsewhere than was asked for here: the tool's window decides.
    assert_eq!(out.hand_in(&out.signed_at(Rank::Leader, [300.0, 500.0, 440.0, 560.0])).json()["Status"], true);
    world.pass(Rank::Leader, &code, Rank::Clerk);
    world.sign(Rank::Clerk, "/dong-dau", &[main], &[]);
    let signatures = world.read(|reader| signatures::document::of_document(reader, main));
    let [left, bottom, right, top] = signatures[1].seen.expect("it is seen").corners;
    assert!(left < 300.0 && right < 310.0, "left of the signature: {left} {right}");
    assert!((f32::midpoint(bottom, top) - 530.0).abs() < 1.0, "at its height: {bottom} {top}");
}

/// Said before the token is asked, not after.
fn whom_to_trust_must_be_known(world: &World) {
    world.trusts_nobody();
    world.signer_at_desk(Rank::Leader);
    let document = world.to_be_signed().1;
    let form = world.form_of(Rank::Leader, "/ky-so", "/ky-so").tick("chon", &document.to_string());
    let answer = world.person(Rank::Leader).browser.clone().submit(&form).assert_status(409);
    assert!(answer.page().text("main").contains("chưa nhập chứng thư của tổ chức chứng thực"));
}

/// What ended is forgotten, with the files that were only sent out.
fn errands_are_forgotten(world: &World) {
    let jobs = || world.house.modules().iter().flat_map(|module| module.jobs);
    let job = jobs().find(|job| job.name == "signatures-complete").expect("the job");
    let count = || world.read(|reader| reader.one::<(i64,)>("SELECT count(*) FROM signing_errand", params![])).0;
    (job.run)(&world.house).unwrap();
    assert!(count() > 0);
    world.wait_seconds(26 * 3600);
    (job.run)(&world.house).unwrap();
    assert_eq!(count(), 0);
}

/// Only one's own errands are told of.
fn another_sees_nothing(world: &World) {
    let (errand,): (Id,) = world.read(|reader| reader.one("SELECT max(id) FROM signing_errand", params![]));
    let page = |rank: Rank| world.text_of(rank, &format!("/ky-so/tren-may?chon={errand}"));
    assert!(page(Rank::Leader).contains("chưa ký được"), "whose it is sees it");
    assert!(!page(Rank::Leader.neighbour()).contains("Bản sao chứng thực"));
}

fn certificates_that_are_not_taken(world: &World) {
    let page = "/chung-thu-ky/them";
    let whose = world.person(Rank::Leader).officer.to_string();
    let root = include_bytes!("../../services/signatures/src/tests/material/root.pem");
    let form = world.form_of(Rank::Leader, page, page).set("whose", &whose);
    let form = form.attach(Part::file("file", "goc.cer", "application/pkix-cert", root));
    let answer = world.person(Rank::Leader).browser.clone().submit(&form).assert_status(422);
    assert!(answer.page().text("main").contains("không có chứng thư của người ký"));
    let again = world.form_of(Rank::Leader, page, page).set("whose", &whose);
    let pem = key_of(Rank::Leader).certificate().pem();
    let again = again.attach(Part::file("file", "toi.cer", "application/pkix-cert", pem.as_bytes()));
    world.person(Rank::Leader).browser.clone().submit(&again).assert_status(409);
}

fn on(engine: Engine) {
    let world = World::on(engine);
    the_whole_way(&world);
    what_comes_back_is_looked_at(&world);
    another_sees_nothing(&world);
    two_at_once(&world);
    some_of_many(&world);
    lines_in_the_corner(&world);
    a_seal_beside_what_the_tool_drew(&world);
    certificates_that_are_not_taken(&world);
    whom_to_trust_must_be_known(&world);
    errands_are_forgotten(&world);
}

#[test]
fn a_document_is_signed_at_the_signers_desk_on_sqlite() {
    on(Engine::Sqlite);
}

#[test]
fn a_document_is_signed_at_the_signers_desk_on_postgresql() {
    on(Engine::Postgres);
}
