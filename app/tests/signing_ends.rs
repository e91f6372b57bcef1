//! What was sealed here ends its dossiers, many at once; and whether results are signed is asked again when the list of trust
//! changes.

use crate::laws::access::lists;
use crate::world::signing::UNSIGNED;
use crate::world::{Rank, World};
use store::{Engine, params};
use testkit::{Form, Part};
use types::Id;

/// Who issued the certificates of the tests, and another authority.
const ROOT: &[u8] = include_bytes!("../../services/signatures/src/tests/material/root.pem");
const ANOTHER: &[u8] = include_bytes!("../src/demo/material/root.pem");

/// The page on which what was picked goes on.
fn going_on(world: &World, codes: &[&String]) -> String {
    let record = |code: &str| {
        let (id,): (Id,) = world.read(|reader| reader.one("SELECT id FROM record WHERE code = $1", params![code]));
        format!("chon={id}")
    };
    format!("/ho-so/chuyen-nhieu?{}", codes.iter().map(|code| record(code)).collect::<Vec<_>>().join("&"))
}

fn form(world: &World, page: &str) -> Form {
    world.form_of(Rank::Clerk, page, "/ho-so/chuyen-nhieu")
}

fn status(world: &World, code: &str) -> (i64, i64) {
    let sql = "SELECT (SELECT count(*) FROM dossier_result r WHERE r.dossier_id = d.id),
                      (SELECT count(*) FROM signing_document s WHERE s.record_id = d.id) FROM dossier d WHERE d.code = $1";
    world.read(|reader| reader.one(sql, params![code]))
}

fn many_end_at_once(world: &World) {
    let all: Vec<(String, Id)> = (0..3).map(|_| world.to_be_sealed()).collect();
    let codes: Vec<&String> = all.iter().map(|(code, _)| code).collect();
    // Signed and not sealed: nothing of it is a result yet.
    let early = world.text_of(Rank::Clerk, &going_on(world, &codes));
    assert!(early.contains("còn văn bản chờ ký, chờ đóng dấu") && !early.contains("Kết thúc"), "{early}");
    let documents: Vec<Id> = all.iter().map(|(_, id)| *id).collect();
    world.sign(Rank::Clerk, "/dong-dau", &documents, &[("first", "61"), ("symbol", "CT-SY")]);
    // The page that told what was sealed leads on with them, and so does "my work".
    let mine = world.person(Rank::Clerk).browser.clone().get("/viec-cua-toi").assert_status(200).page();
    assert!(mine.count("input[name=chon]") >= 3, "each of the last step can be picked");
    // One has an attachment that is not sealed: it waits, with its reason.
    let part = Part::file("trinh-ky.file", "Tệp.pdf", "application/pdf", UNSIGNED);
    let more = world.act(Rank::Clerk, codes[2], "trinh-ky").set("trinh-ky.title", "Danh sách kèm theo");
    let more = more.clear("trinh-ky.role").press("trinh-ky.role", &format!("attachment {}", documents[2])).attach(part);
    world.person(Rank::Clerk).browser.clone().submit(&more).assert_status(303);
    let page = going_on(world, &codes);
    let text = world.text_of(Rank::Clerk, &page);
    assert!(text.contains("Kết thúc, chờ trả kết quả – 2 hồ sơ") && text.contains("Số 61/CT-SY"), "{text}");
    assert!(text.contains(codes[2].as_str()) && text.contains("còn văn bản chờ ký, chờ đóng dấu"), "{text}");
    let form = form(world, &page);
    // Another's document is nobody's result.
    let (first,): (Id,) =
        world.read(|reader| reader.one("SELECT record_id FROM signing_document WHERE id = $1", params![documents[0]]));
    let field = format!("ket-qua.{first}");
    let foreign = form.clone().set(&field, &documents[2].to_string()).clear("chon").press("chon", &first.to_string());
    world.refused(Rank::Clerk, &foreign, 409, "chưa có dấu của cơ quan hoặc đã được rút");
    let done = world.person(Rank::Clerk).browser.clone().submit(&form).assert_status(200).page().text("main");
    assert!(done.contains("Đã kết thúc 2 hồ sơ"), "{done}");
    assert_eq!(codes.iter().map(|code| status(world, code)).collect::<Vec<_>>(), [(1, 1), (1, 1), (0, 2)]);
    // The same form again, as an impatient finger sends it: done once, told alike.
    let again = world.person(Rank::Clerk).browser.clone().submit(&form).assert_status(200).page().text("main");
    assert!(again.contains("Đã kết thúc 2 hồ sơ"), "{again}");
    assert_eq!(status(world, codes[0]), (1, 1));
}

fn looked_at_again(world: &World) {
    let signed = || {
        let sql = "SELECT count(*) FROM dossier_result WHERE signed";
        let counted =
            "SELECT CAST(coalesce(sum(amount), 0) AS BIGINT) FROM delta WHERE measure = 'dossiers.results-signed'";
        let (rows,): (i64,) = world.read(|reader| reader.one(sql, params![]));
        let (count,): (i64,) = world.read(|reader| reader.one(counted, params![]));
        assert_eq!(rows, count, "what is counted is what is there");
        rows
    };
    let look = || {
        let mut jobs = world.house.modules().iter().flat_map(|module| module.jobs);
        let job = jobs.find(|job| job.name == "dossiers-signed").expect("the job");
        for _ in 0..10 {
            (job.run)(&world.house).unwrap_or_else(|e| panic!("{e} {}", e.inward()));
        }
    };
    let waiting = || {
        let sql = "SELECT count(*) FROM dossier_result WHERE untrusted_at IS NOT NULL";
        world.read(|reader| reader.one::<(i64,)>(sql, params![])).0
    };
    let before = signed();
    lists(world, ANOTHER);
    look();
    assert_eq!((signed(), waiting()), (before, 2), "nobody here vouches for who signed them");
    look();
    assert_eq!((signed(), waiting()), (before, 2), "looked at once for each change of the list");
    lists(world, ROOT);
    look();
    assert_eq!((signed(), waiting()), (before + 2, 0));
}

fn on(engine: Engine) {
    let world = World::on(engine);
    many_end_at_once(&world);
    looked_at_again(&world);
}

#[test]
fn many_sealed_results_end_their_dossiers_on_sqlite() {
    on(Engine::Sqlite);
}

#[test]
fn many_sealed_results_end_their_dossiers_on_postgresql() {
    on(Engine::Postgres);
}
