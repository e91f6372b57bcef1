//! A result is drafted, signed by the leader, numbered and sealed by the clerk, handed out, and counted as signed.

use crate::laws::access::listed;
use crate::world::signing::{AGENCY, CODE, PERSON, UNSIGNED};
use crate::world::{Rank, World};
use signing::trust::TrustList;
use signing::verify::{Evidence, Report, SignatureKind, Verdict, verify, verify_with_issue};
use store::{Engine, params};
use testkit::Part;
use types::Id;

/// The list of revoked certificates of whoever issued those of the tests: nobody's.
const REVOKED: &[u8] = include_bytes!("../../services/signatures/src/tests/material/root.crl");

const COUNTED: &str = "SELECT CAST(coalesce(sum(amount), 0) AS BIGINT) FROM delta WHERE measure = $1";

fn report(bytes: &[u8], world: &World) -> Report {
    verify(bytes, &TrustList::default(), world.house.now(), &Evidence::default())
}

fn counted(world: &World, measure: &str) -> i64 {
    world.read(|reader| reader.one::<(i64,)>(COUNTED, params![measure])).0
}

/// What a dossier's result is, as the clerk's page serves it.
fn result_of(world: &World, code: &str) -> Vec<u8> {
    let sql = "SELECT r.file_id FROM dossier_result r JOIN dossier d ON d.id = r.dossier_id
               WHERE d.code = $1 AND r.replaced_at IS NULL";
    let (file,): (Id,) = world.read(|reader| reader.one(sql, params![code]));
    world.person(Rank::Clerk).browser.clone().get(&format!("/ho-so/{code}/tep/{file}")).assert_status(200).body.to_vec()
}

fn the_whole_way(world: &World) {
    let (code, document) = world.submitted_with("keep");
    let preview = format!("/van-ban-ky/{document}/xem-truoc");
    let preview = world.person(Rank::Specialist).browser.clone().get(&preview).assert_status(200);
    assert!(
        preview.body.starts_with(UNSIGNED) && report(&preview.body, world).signatures.is_empty(),
        "nothing is signed"
    );
    world.pass(Rank::Specialist, &code, Rank::Leader);
    assert!(world.text_of(Rank::Leader, "/ky-so").contains("chưa có chứng thư"), "nobody has a certificate yet");
    world.signer_of(Rank::Leader);
    let form = world.form_of(Rank::Leader, "/ky-so", "/ky-so").tick("chon", &document.to_string());
    world.refused(Rank::Leader, &form.clone().set("code", "khong-phai-ma"), 422, "Mã mở khóa không đúng.");
    let none = world.form_of(Rank::Leader, "/ky-so", "/ky-so").set("code", CODE);
    world.refused(Rank::Leader, &none, 422, "Chọn từ 1 đến 100 văn bản.");
    let form = form.set("code", CODE);
    let done = world.person(Rank::Leader).browser.clone().submit(&form).assert_status(200);
    assert!(done.page().text("main").contains("Đã ký 1 văn bản"), "{}", done.page().text("main"));
    // The same form again, as an impatient finger sends it: done once, told alike.
    let again = world.person(Rank::Leader).browser.clone().submit(&form).assert_status(200);
    assert!(again.page().text("main").contains("Đã ký 1 văn bản"), "{}", again.page().text("main"));
    let (signatures,): (i64,) = world.read(|reader| reader.one("SELECT count(*) FROM document_signature", params![]));
    assert_eq!(signatures, 1);
    assert!(world.text_of(Rank::Leader, &format!("/van-ban-ky/{document}")).contains("Đã ký, chờ đóng dấu"));
    world.pass(Rank::Leader, &code, Rank::Clerk);
    numbered_and_sealed(world, document);
    finished(world, &code, document);
}

fn numbered_and_sealed(world: &World, document: Id) {
    world.signer_of(Rank::Clerk);
    let form =
        world.form_of(Rank::Clerk, "/dong-dau", "/dong-dau").set("code", CODE).tick("chon", &document.to_string());
    world.refused(Rank::Clerk, &form.clone().set("first", "không"), 422, "Số văn bản là số từ 1 trở lên");
    world.refused(Rank::Clerk, &form.clone().set("first", "5"), 422, "Ghi ký hiệu sau số");
    world.refused(Rank::Clerk, &form.clone(), 409, "Văn bản chừa chỗ cho số và ngày");
    world.sign(Rank::Clerk, "/dong-dau", &[document], &[("first", "5"), ("symbol", "CT-SY")]);
    let page = world.text_of(Rank::Clerk, &format!("/van-ban-ky/{document}"));
    assert!(page.contains("05/CT-SY") && page.contains("Đã ký và đóng dấu"), "{page}");
}

fn finished(world: &World, code: &str, document: Id) {
    let before = counted(world, "dossiers.results");
    let form = world.act(Rank::Clerk, code, "ket-qua");
    assert_eq!(form.value("ket-qua.signed"), Some(document.to_string().as_str()), "ticked from the start");
    world.person(Rank::Clerk).browser.clone().submit(&form).assert_status(303);
    assert_eq!(counted(world, "dossiers.results"), before + 1);
    let bytes = result_of(world, code);
    assert!(bytes.starts_with(UNSIGNED), "what was drafted is there to the letter");
    let report = report(&bytes, world);
    assert_eq!(report.signatures.len(), 2, "{report:#?}");
    for signature in &report.signatures {
        assert!(signature.intact && signature.kind == SignatureKind::Approval, "{signature:#?}");
    }
    let signers: Vec<_> = report.signatures.iter().filter_map(|signature| signature.signer.as_deref()).collect();
    assert_eq!(signers, ["Lê Văn Mẫu", "UBND xã Suối Mơ (không có thật)"]);
    // Counted as signed once somebody looks, and only where this house trusts whoever issued the certificates.
    listed(world);
    let trust = world.read(signatures::trusted::list);
    let evidence = Evidence { crls: vec![REVOKED.to_vec()], ..Evidence::default() };
    let (report, issued) = verify_with_issue(&bytes, &trust, world.house.now(), &evidence);
    assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
    let issued = issued.expect("the seal vouches for number and day");
    assert_eq!((issued.number.as_deref(), issued.signature), (Some("05/CT-SY"), 1));
    let before = counted(world, "dossiers.results-signed");
    let jobs = || world.house.modules().iter().flat_map(|module| module.jobs);
    let job = jobs().find(|job| job.name == "dossiers-signed").expect("the job");
    for _ in 0..10 {
        (job.run)(&world.house).unwrap_or_else(|e| panic!("{e} {}", e.inward()));
    }
    assert_eq!(counted(world, "dossiers.results-signed"), before + 1);
}

fn many_at_once(world: &World) {
    let all: Vec<(String, Id)> = (0..4).map(|_| world.to_be_signed()).collect();
    // One is taken back meanwhile: it stays as it is, the others are signed.
    let page = format!("/van-ban-ky/{}", all[1].1);
    let stale = world.form_of(Rank::Leader, "/ky-so", "/ky-so").set("code", CODE);
    let back = world.form_of(Rank::Leader, &page, &format!("{page}/rut"));
    world.refused(Rank::Leader, &back, 422, "Ghi lý do rút văn bản");
    world.person(Rank::Leader).browser.clone().submit(&back.set("reason", "Sai tên.")).assert_status(303);
    let form = all.iter().fold(stale, |form, (_, id)| form.tick("chon", &id.to_string()));
    let text = world.person(Rank::Leader).browser.clone().submit(&form).assert_status(200).page().text("main");
    assert!(text.contains("Đã ký 3 văn bản") && text.contains("1 văn bản chưa ký được"), "{text}");
}

fn a_number_is_given_once_a_year(world: &World) {
    let (code, document) = world.to_be_sealed();
    let form =
        world.form_of(Rank::Clerk, "/dong-dau", "/dong-dau").set("code", CODE).tick("chon", &document.to_string());
    let numbered = form.clone().set("first", "5").set("symbol", "/CT-SY");
    world.refused(Rank::Clerk, &numbered, 409, "Số 05/CT-SY đã được cấp trong năm");
    world.refused(Rank::Clerk, &numbered.set("day.year", "2999"), 422, "Ngày văn bản không thể sau hôm nay.");
    let page = world.text_of(Rank::Clerk, "/dong-dau");
    assert!(page.contains("Số tiếp theo: 06/CT-SY"), "{page}");
    // What is not sealed is no result yet.
    let unsealed = world.act(Rank::Clerk, &code, "ket-qua").press("ket-qua.signed", &document.to_string());
    world.refused(Rank::Clerk, &unsealed, 409, "chưa có dấu của cơ quan");
    world.sign(Rank::Clerk, "/dong-dau", &[document], &[("first", "6"), ("symbol", "/CT-SY")]);
    // A mistake is found after the seal: the document is taken back by whoever seals, and its number stays spent.
    let page = format!("/van-ban-ky/{document}");
    let back = world.form_of(Rank::Clerk, &page, &format!("{page}/rut")).set("reason", "Sai ngày cấp.");
    world.person(Rank::Clerk).browser.clone().submit(&back).assert_status(303);
    assert!(world.text_of(Rank::Clerk, &page).contains("Sai ngày cấp."));
    assert!(world.act(Rank::Clerk, &code, "ket-qua").value("ket-qua.signed").is_none(), "it is not handed out");
}

fn what_is_not_fit_is_told_at_once(world: &World) {
    let code = world.taken();
    let with = |name: &str, bytes: &[u8]| {
        let form = world.act(Rank::Specialist, &code, "trinh-ky").set("trinh-ky.title", "Giấy xác nhận");
        form.attach(Part::file("trinh-ky.file", name, "application/pdf", bytes))
    };
    let script = String::from_utf8_lossy(UNSIGNED)
        .replace("/Type /Catalog", "/Type /Catalog /OpenAction << /S /JavaScript /JS (1) >>");
    for (bytes, words) in [(&UNSIGNED[..UNSIGNED.len() / 2], "Tệp"), (script.as_bytes(), "Tệp")] {
        world.refused(Rank::Specialist, &with("van-ban.pdf", bytes), 422, words);
    }
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89";
    world.refused(Rank::Specialist, &with("anh.png", png), 422, "PDF");
    let (documents,): (i64,) = world.read(|reader| {
        reader.one(
            "SELECT count(*) FROM signing_document d JOIN record r ON r.id = d.record_id WHERE r.code = $1",
            params![code.as_str()],
        )
    });
    assert_eq!(documents, 0);
}

fn keys_that_are_not_taken(world: &World) {
    let form = |code: &str, bytes: &[u8]| {
        let form = world
            .form_of(Rank::Leader, "/chung-thu-ky/them", "/chung-thu-ky/them")
            .set("whose", &world.person(Rank::Leader).officer.to_string());
        form.set("code", code).attach(Part::file("file", "khoa.p12", "application/x-pkcs12", bytes))
    };
    world.refused(Rank::Leader, &form("sai", AGENCY), 422, "Mã mở khóa không đúng.");
    world.refused(Rank::Leader, &form(CODE, b"khong phai tep khoa"), 422, "Tệp khóa không đọc được.");
    world.refused(Rank::Leader, &form(CODE, PERSON), 409, "đã có trong danh sách");
    // Wrong codes, over and over: the key rests.
    let (_, document) = world.to_be_signed();
    let page = world.form_of(Rank::Leader, "/ky-so", "/ky-so").tick("chon", &document.to_string()).set("code", "sai");
    for _ in 0..5 {
        world.refused(Rank::Leader, &page, 422, "Mã mở khóa không đúng.");
    }
    world.person(Rank::Leader).browser.clone().submit(&page.set("code", CODE)).assert_status(429);
}

fn on(engine: Engine) {
    let world = World::on(engine);
    the_whole_way(&world);
    many_at_once(&world);
    a_number_is_given_once_a_year(&world);
    what_is_not_fit_is_told_at_once(&world);
    keys_that_are_not_taken(&world);
    let found = world.read(|reader| {
        let checks = world.house.modules().iter().flat_map(|module| module.indicators);
        checks
            .map(|indicator| Ok((indicator.measure, (indicator.recompute)(reader)?)))
            .collect::<types::Result<Vec<_>>>()
    });
    for (measure, figures) in found.into_iter().filter(|(measure, _)| measure.starts_with("dossiers.results")) {
        let recomputed: i64 = figures.into_iter().map(|(.., n)| n).sum();
        assert_eq!(counted(&world, measure), recomputed, "{measure}");
    }
}

#[test]
fn a_result_is_signed_sealed_and_counted_on_sqlite() {
    on(Engine::Sqlite);
}

#[test]
fn a_result_is_signed_sealed_and_counted_on_postgresql() {
    on(Engine::Postgres);
}

/// As many as the page takes, with one unlocking; each is a file of its own that holds.
fn a_hundred(engine: Engine) {
    let world = World::on(engine);
    world.signer_of(Rank::Leader);
    let mut documents = Vec::new();
    for _ in 0..5 {
        let code = world.taken();
        for _ in 0..20 {
            world.submit_into(&code, "there");
        }
        documents.extend(world.documents_of(&code));
        world.pass(Rank::Specialist, &code, Rank::Leader);
    }
    assert_eq!(documents.len(), 100);
    world.sign(Rank::Leader, "/ky-so", &documents, &[]);
    let sql = "SELECT f.hash FROM signing_document d JOIN file f ON f.id = d.file_id WHERE d.state = 1";
    let files: Vec<(String,)> = world.read(|reader| reader.all(sql, params![]));
    assert_eq!(files.len(), 100);
    let store = world.house.service::<files::FileStore>();
    for (hash,) in files {
        let bytes = std::fs::read(store.path(&hash)).expect("the file");
        assert!(report(&bytes, &world).signatures[0].intact);
    }
}

#[test]
fn a_hundred_documents_are_signed_with_one_unlocking_on_sqlite() {
    a_hundred(Engine::Sqlite);
}

#[test]
fn a_hundred_documents_are_signed_with_one_unlocking_on_postgresql() {
    a_hundred(Engine::Postgres);
}
