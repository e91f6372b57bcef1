//! Where things stand on a document's pages is chosen on the pages themselves, until somebody signs; attachments and copies
//! carry the agency's lines and no person's signature.

use crate::laws::access::listed;
use crate::world::signing::{CODE, UNSIGNED};
use crate::world::{Rank, World};
use signatures::document::{Document, Role, State};
use signing::places::{PlaceKind, places};
use signing::trust::TrustList;
use signing::verify::{Evidence, verify};
use store::{Engine, params};
use testkit::{Answer, Form, Part};
use types::Id;

/// A page of A4 in points.
const A4: (f32, f32) = (595.0, 842.0);

fn document(world: &World, id: Id) -> Document {
    world.read(|reader| signatures::document::by_id(reader, id)).expect("it is there")
}

/// The file as it is now.
fn file(world: &World, id: Id) -> Vec<u8> {
    let file = document(world, id).file;
    let file = world.read(|reader| files::by_id(reader, file)).expect("it is there");
    world.house.service::<files::FileStore>().read(&file.hash).expect("it is there")
}

/// One of the forms on the page of places: that of the picture, of the measures, of the names.
fn form(world: &World, id: Id, (thing, part): (&str, &str)) -> Form {
    let page = format!("/van-ban-ky/{id}/vi-tri?dat={thing}");
    let answer = world.person(Rank::Specialist).browser.clone().get(&page).assert_status(200);
    answer.page().form(&format!("form[method=post]:has({part})"))
}

fn send(world: &World, form: &Form) -> Answer {
    world.person(Rank::Specialist).browser.clone().submit(form)
}

/// Presses on the picture.
fn pressed(world: &World, id: Id, (thing, x, y): (&str, &str, &str)) -> Form {
    form(world, id, (thing, "input[type=image]")).press("near.x", x).press("near.y", y)
}

/// The picture of the first page: its width, and the bytes.
fn picture(world: &World, id: Id) -> (u32, Vec<u8>) {
    let path = format!("/van-ban-ky/{id}/trang/1");
    let png = world.person(Rank::Specialist).browser.clone().get(&path).assert_status(200).body.to_vec();
    assert!(png.starts_with(b"\x89PNG"), "no picture");
    let width = u32::from_be_bytes(png[16..20].try_into().expect("four bytes"));
    (width, png)
}

/// Where a signature of a document is seen: its page and the middle, in parts of A4 from the left and from the top.
fn seen(world: &World, id: Id, n: usize) -> (usize, f32, f32) {
    let signatures = world.read(|reader| signatures::document::of_document(reader, id));
    let seen = signatures[n].seen.expect("it is seen");
    let [left, bottom, right, top] = seen.corners;
    (seen.page, f32::midpoint(left, right) / A4.0, 1.0 - f32::midpoint(bottom, top) / A4.1)
}

fn close(found: f32, wanted: f32) -> bool {
    (found - wanted).abs() < 0.01
}

fn chosen_on_the_page(world: &World) {
    let (code, id) = world.submitted_with("keep");
    assert!(file(world, id).starts_with(UNSIGNED));
    let (width, before) = picture(world, id);
    assert_eq!(width, 1000);
    send(world, &pressed(world, id, ("chu-ky", "112", "181"))).assert_status(303);
    // Back, and pressed elsewhere from the same page: another wish, which is never answered by the first.
    let page = form(world, id, ("chu-ky", "input[type=image]"));
    send(world, &page.clone().press("near.x", "50").press("near.y", "60")).assert_status(303);
    let elsewhere = page.press("near.x", "112").press("near.y", "181");
    world.refused(Rank::Specialist, &elsewhere, 409, "");
    send(world, &pressed(world, id, ("chu-ky", "112", "181"))).assert_status(303);
    let (_, after) = picture(world, id);
    assert!(before != after, "the picture shows where it is now");
    assert_eq!(document(world, id).spot.title(), "Chỗ đã chọn trên trang 1");
    // The number moves by the picture, the date by measures; the one stays when the other moves.
    send(world, &pressed(world, id, ("so", "64", "64"))).assert_status(303);
    let measures = form(world, id, ("ngay", "input[name=left]"));
    send(world, &measures.set("left", "100,5").set("top", "50")).assert_status(303);
    let found = places(&file(world, id)).expect("a file of ours");
    let of = |kind: PlaceKind| {
        let place = found.iter().find(|reserved| reserved.place.kind == kind).expect("a place").place;
        let middle = f32::midpoint(place.rectangle.bottom, place.rectangle.top);
        (place.page, place.rectangle.left / A4.0, 1.0 - middle / A4.1)
    };
    let (number, date) = (of(PlaceKind::Number), of(PlaceKind::Date));
    assert!(number.0 == 0 && close(number.1, 64.0 / 280.0) && close(number.2, 64.0 / 396.2), "{number:?}");
    assert!(date.0 == 0 && close(date.1, 100.5 / 210.0) && close(date.2, 50.0 / 297.0), "{date:?}");
    assert_eq!(found.len(), 2, "the places from before are gone");
    world.pass(Rank::Specialist, &code, Rank::Leader);
    let late = pressed_by_leader(world, id);
    world.sign(Rank::Leader, "/ky-so", &[id], &[]);
    let (page, across, down) = seen(world, id, 0);
    assert!(page == 0 && close(across, 112.0 / 280.0) && close(down, 181.0 / 396.2), "{page} {across} {down}");
    // Signed: nothing moves any more.
    world.refused(Rank::Leader, &late, 409, "Văn bản đã được ký nên không đổi vị trí được nữa.");
    let page = format!("/van-ban-ky/{id}/vi-tri");
    world.person(Rank::Leader).browser.clone().get(&page).assert_leads_to(&format!("/van-ban-ky/{id}"));
    world.pass(Rank::Leader, &code, Rank::Clerk);
    let number = [("first", "41"), ("symbol", "CT-SY")];
    world.sign(Rank::Clerk, "/dong-dau", &[id], &number);
    let report = verify(&file(world, id), &TrustList::default(), world.house.now(), &Evidence::default());
    assert!(report.signatures.iter().all(|signature| signature.intact), "{report:#?}");
}

/// An empty page with these entries.
fn paper(entries: &str) -> Vec<u8> {
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Count 1/Kids[3 0 R]>>".to_owned(),
        format!("<</Type/Page/Parent 2 0 R/Resources<<>>{entries}>>"),
    ];
    let mut file = b"%PDF-1.7\n".to_vec();
    let mut table = "xref\n0 4\n0000000000 65535 f\r\n".to_owned();
    for (n, object) in (1..).zip(objects) {
        table += &format!("{:010} 00000 n\r\n", file.len());
        file.extend(format!("{n} 0 obj\n{object}\nendobj\n").into_bytes());
    }
    let start = file.len();
    file.extend(format!("{table}trailer\n<</Size 4/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n").into_bytes());
    file
}

/// Left, top, right and bottom of what stands on the first page as it is shown, in parts of it, and its height by its width.
fn inked(world: &World, file: Vec<u8>) -> ([f32; 4], f32) {
    let printer = world.house.service::<print::Printer>();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let drawing = print::Drawing { file, page: 0, width: 400 };
    let png = runtime.block_on(printer.draw(drawing)).expect("a picture");
    let picture = image::load_from_memory(&png).expect("a picture").to_rgb8();
    let ink = picture.enumerate_pixels().filter(|(.., pixel)| pixel.0.iter().any(|colour| *colour < 160));
    let all = ink.fold([u32::MAX, u32::MAX, 0, 0], |[left, top, right, bottom], (x, y, _)| {
        [left.min(x), top.min(y), right.max(x), bottom.max(y)]
    });
    let (width, height) = (picture.width() as f32, picture.height() as f32);
    let [left, top, right, bottom] = all.map(|pixels| pixels as f32);
    ([left / width, top / height, right / width, bottom / height], height / width)
}

/// Where it is pressed it is seen, upright, on pages that are turned, cropped, or begin elsewhere than at nought.
fn on_pages_of_every_kind(world: &World) {
    let papers = [
        "/MediaBox[0 0 595 842]/Rotate 90",
        "/MediaBox[0 0 595 842]/Rotate 180",
        "/MediaBox[-50 -100 545 742]/CropBox[0 0 400 700]/Rotate 270",
        "/MediaBox[0 0 842 595]/CropBox[100 100 742 900]",
    ];
    for entries in papers {
        let code = world.taken();
        let part = Part::file("trinh-ky.file", "Tờ.pdf", "application/pdf", &paper(entries));
        let form = world.act(Rank::Specialist, &code, "trinh-ky").set("trinh-ky.title", entries);
        send(world, &form.set("trinh-ky.places", "there").attach(part)).assert_status(303);
        let id = world.documents_of(&code).pop().expect("a document");
        let (wide, ratio) = (280.0, inked(world, file(world, id)).1);
        let [x, y] = [0.4 * wide, 0.3 * wide * ratio].map(|pixels: f32| pixels.round().to_string());
        send(world, &pressed(world, id, ("chu-ky", &x, &y))).assert_status(303);
        world.pass(Rank::Specialist, &code, Rank::Leader);
        world.sign(Rank::Leader, "/ky-so", &[id], &[]);
        let ([left, top, right, bottom], ratio) = inked(world, file(world, id));
        let (across, down) = (f32::midpoint(left, right), f32::midpoint(top, bottom));
        assert!((across - 0.4).abs() < 0.03 && (down - 0.3).abs() < 0.03, "{entries}: {across} {down}");
        assert!(right - left > (bottom - top) * ratio, "{entries}: the words stand upright");
    }
}

fn pressed_by_leader(world: &World, id: Id) -> Form {
    let page = format!("/van-ban-ky/{id}/vi-tri");
    let answer = world.person(Rank::Leader).browser.clone().get(&page).assert_status(200);
    answer.page().form("form[method=post]:has(input[type=image])").press("wide.x", "5").press("wide.y", "5")
}

fn what_is_no_place(world: &World) {
    let (_, id) = world.submitted();
    let refused = |form: &Form, words: &str| world.refused(Rank::Specialist, form, 422, words);
    // A key presses the picture at its corner: that is no choice.
    refused(&pressed(world, id, ("chu-ky", "0", "0")), "Bấm vào chỗ muốn đặt trên trang");
    let measures = || form(world, id, ("chu-ky", "input[name=left]"));
    refused(&measures().set("left", "xa").set("top", "10"), "Ghi số mi-li-mét từ 0 đến 210.");
    refused(&measures().set("left", "10").set("top", "298"), "Ghi số mi-li-mét từ 0 đến 297.");
    refused(&measures().set("left", "-1").set("top", "NaN"), "Ghi số mi-li-mét từ 0 đến 210.");
    let named = form(world, id, ("chu-ky", "input[name=spot]"));
    refused(&named.clone().set("spot", "point 0 1 1"), "Chọn vị trí chữ ký.");
    assert_eq!(document(world, id).spot.code(), "last-page", "nothing was moved");
    send(world, &named.set("spot", "nowhere")).assert_status(303);
    assert_eq!(document(world, id).spot.code(), "nowhere");
    // Where no place was kept for a number, there is none to move: the form is that of the signature.
    send(world, &pressed(world, id, ("so", "10", "10"))).assert_status(303);
    assert_eq!(document(world, id).spot.title(), "Chỗ đã chọn trên trang 1");
    let browser = &world.person(Rank::Specialist).browser;
    for page in ["0", "2", "9999999"] {
        let status = browser.clone().get(&format!("/van-ban-ky/{id}/trang/{page}")).status;
        assert!((400..500).contains(&status), "page {page}: {status}");
    }
    browser.clone().get(&format!("/van-ban-ky/{id}/vi-tri?trang=7")).assert_status(200);
}

/// Submits a file as something; answers the document.
pub(crate) fn submitted_as(world: &World, code: &str, (role, title): (&str, &str)) -> Id {
    let part = Part::file("trinh-ky.file", "Tệp.pdf", "application/pdf", UNSIGNED);
    let form = world.act(Rank::Specialist, code, "trinh-ky").set("trinh-ky.title", title).set("trinh-ky.role", role);
    // Chosen for a document of its own, and of no account here.
    let form = form.set("trinh-ky.places", "keep").attach(part);
    send(world, &form).assert_status(303);
    world.documents_of(code).pop().expect("a document")
}

fn attachments_and_copies(world: &World) {
    let (code, main) = world.submitted_with("keep");
    let attachment = format!("attachment {main}");
    let [first, second] =
        ["Danh sách kèm theo", "Bản vẽ kèm theo"].map(|t| submitted_as(world, &code, (&attachment, t)));
    let copy = submitted_as(world, &code, ("copy-extract", "Trích sao sổ hộ tịch"));
    assert_eq!(document(world, first).role, Role::Attachment { of: main });
    assert_eq!(document(world, first).state, State::Attached);
    assert!(document(world, copy).kept.is_none() && document(world, copy).state == State::Signed);
    let page = world.text_of(Rank::Specialist, &format!("/van-ban-ky/{first}"));
    assert!(page.contains("Chờ văn bản chính") && page.contains("Văn bản kèm theo"), "{page}");
    let gone = world
        .act(Rank::Specialist, &code, "trinh-ky")
        .set("trinh-ky.title", "x")
        .press("trinh-ky.role", "attachment 1");
    let gone = gone.attach(Part::file("trinh-ky.file", "Tệp.pdf", "application/pdf", UNSIGNED));
    world.refused(
        Rank::Specialist,
        &gone.clear("trinh-ky.role").press("trinh-ky.role", "attachment 1"),
        422,
        "Văn bản chính không còn trong hồ sơ này.",
    );
    world.pass(Rank::Specialist, &code, Rank::Leader);
    let waiting = world.person(Rank::Leader).browser.clone().get("/ky-so").assert_status(200).page();
    let can_be_picked = [main, first, second, copy].map(|id| waiting.count(&format!("input[name=chon][value='{id}']")));
    assert_eq!(can_be_picked, [1, 0, 0, 0], "no person signs attachments and copies");
    assert!(waiting.text("main").contains("Danh sách kèm theo"), "they are read with their document");
    world.sign(Rank::Leader, "/ky-so", &[main], &[]);
    world.pass(Rank::Leader, &code, Rank::Clerk);
    world.signer_of(Rank::Clerk);
    let form = world.form_of(Rank::Clerk, "/dong-dau", "/dong-dau").set("code", CODE);
    // The copy stands before the document in no order of numbers: it takes none.
    let form =
        form.set("first", "51").set("symbol", "CT-SY").tick("chon", &copy.to_string()).tick("chon", &main.to_string());
    let text = world.person(Rank::Clerk).browser.clone().submit(&form).assert_status(200).page().text("main");
    assert!(text.contains("Đã đóng dấu 4 văn bản") && text.contains("số 51/CT-SY"), "{text}");
    let numbers = [main, first, second, copy].map(|id| document(world, id).number);
    assert_eq!(numbers, [Some("51/CT-SY".to_owned()), None, None, None]);
    for id in [first, second, copy] {
        assert_eq!(document(world, id).state, State::Sealed);
        let (page, across, down) = seen(world, id, 0);
        assert!(page == 0 && across > 0.6 && down < 0.1, "upper right of the first page: {page} {across} {down}");
        let report = verify(&file(world, id), &TrustList::default(), world.house.now(), &Evidence::default());
        let names: Vec<_> = report.signatures.iter().filter_map(|signature| signature.signer.as_deref()).collect();
        assert_eq!(names, ["UBND xã Suối Mơ (không có thật)"], "the agency's alone");
    }
    // The same form again, as an impatient finger sends it: the numbers are those of the first time.
    let again = world.person(Rank::Clerk).browser.clone().submit(&form).assert_status(200).page().text("main");
    assert!(!again.contains("chưa đóng dấu được"), "{again}");
    assert_eq!(document(world, main).number.as_deref(), Some("51/CT-SY"));
    // Of what is sealed already, an attachment waits for the seal at once.
    let late = world.text_of(Rank::Clerk, &format!("/van-ban-ky/{first}"));
    assert!(late.contains("Đã đóng dấu") && !late.contains("Đã ký và đóng dấu"), "{late}");
}

/// What came after the page was opened is sealed by nobody who did not see it.
fn what_nobody_saw(world: &World) {
    let (code, main) = world.submitted();
    world.pass(Rank::Specialist, &code, Rank::Leader);
    world.sign(Rank::Leader, "/ky-so", &[main], &[]);
    world.pass(Rank::Leader, &code, Rank::Clerk);
    let seen = world.form_of(Rank::Clerk, "/dong-dau", "/dong-dau").set("code", CODE).tick("chon", &main.to_string());
    let part = Part::file("trinh-ky.file", "Tệp.pdf", "application/pdf", UNSIGNED);
    let late = world.act(Rank::Clerk, &code, "trinh-ky").set("trinh-ky.title", "Phụ lục đến sau");
    let late = late.set("trinh-ky.role", &format!("attachment {main}")).attach(part);
    world.person(Rank::Clerk).browser.clone().submit(&late).assert_status(303);
    let text = world.person(Rank::Clerk).browser.clone().submit(&seen).assert_status(200).page().text("main");
    assert!(text.contains("Đã đóng dấu 1 văn bản"), "{text}");
    let attachment = world.documents_of(&code).pop().expect("a document");
    assert_eq!(document(world, attachment).state, State::Signed, "it waits in the list");
    // Taken back together, though one is sealed: nobody hands out an attachment of nothing.
    world.sign(Rank::Clerk, "/dong-dau", &[attachment], &[]);
    let page = format!("/van-ban-ky/{main}");
    let back = world.form_of(Rank::Clerk, &page, &format!("{page}/rut")).set("reason", "Sai tên.");
    world.person(Rank::Clerk).browser.clone().submit(&back).assert_status(303);
    assert_eq!([main, attachment].map(|id| document(world, id).state), [State::Withdrawn, State::Withdrawn]);
}

/// What goes with a document goes with it when it is taken back.
fn taken_back_together(world: &World) {
    let (code, main) = world.submitted();
    let attachment = submitted_as(world, &code, (&format!("attachment {main}"), "Danh sách kèm theo"));
    let copy = submitted_as(world, &code, ("copy-full", "Sao y quyết định"));
    let page = format!("/van-ban-ky/{main}");
    let back = world.form_of(Rank::Specialist, &page, &format!("{page}/rut")).set("reason", "Sai tên.");
    send(world, &back).assert_status(303);
    let states = [main, attachment, copy].map(|id| document(world, id).state);
    assert_eq!(states, [State::Withdrawn, State::Withdrawn, State::Signed]);
}

fn on(engine: Engine) {
    let world = World::on(engine);
    listed(&world);
    chosen_on_the_page(&world);
    what_is_no_place(&world);
    on_pages_of_every_kind(&world);
    attachments_and_copies(&world);
    what_nobody_saw(&world);
    taken_back_together(&world);
    let (audited,): (i64,) =
        world.read(|reader| reader.one("SELECT count(*) FROM audit WHERE action = 'signatures.place'", params![]));
    assert_eq!(audited, 11, "each move, and no refusal");
}

#[test]
fn places_attachments_and_copies_on_sqlite() {
    on(Engine::Sqlite);
}

#[test]
fn places_attachments_and_copies_on_postgresql() {
    on(Engine::Postgres);
}
