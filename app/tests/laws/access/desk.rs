//! Requests at the desk: my work, receiving, finding and working on dossiers, keeping procedures.

use super::case::Outsider::{Forbidden, SeesNothing, Shared};
use super::case::{Asked, Case, Sent, ask, get, post};
use crate::world::signing::UNSIGNED;
use crate::world::work::{PROCEDURE, pdf};
use crate::world::{Rank, World, with_date};
use testkit::{Form, Part};

const CATALOGUE: &str = "the catalogue of procedures is public information";
const INSTALLATION: &str = "procedures belong to the installation, not to a unit";

pub fn cases() -> Vec<Case> {
    let mut all = work();
    all.extend(receiving());
    all.extend(reading());
    all.extend(acting());
    all.extend(ending());
    all.extend(own_forms());
    all.extend(procedures());
    all
}

fn work() -> Vec<Case> {
    vec![
        ask("GET", "/viec-cua-toi", Rank::Specialist, |world| {
            world.waiting();
            Asked::browser(world.person(Rank::Specialist), Sent::get("/viec-cua-toi"))
        })
        .hides(|world, _| last_code(world))
        .bystander(SeesNothing),
        ask("GET", "/viec-chua-co-nguoi", Rank::Leader, |world| {
            let (code, post) = (world.waiting(), world.new_post());
            world.move_work(&code, post);
            Asked::browser(world.person(Rank::Leader), Sent::get("/viec-chua-co-nguoi"))
        })
        .hides(|world, _| last_code(world)),
        get("/ho-so/chuyen-nhieu", Rank::Specialist, |world| {
            world.waiting();
            format!("/ho-so/chuyen-nhieu?chon={}", last_record(world))
        }),
        post("/ho-so/chuyen-nhieu", Rank::Specialist, |world| {
            world.waiting();
            let page = format!("/ho-so/chuyen-nhieu?chon={}", last_record(world));
            world.form(world.person(Rank::Specialist), &page, "/ho-so/chuyen-nhieu")
        }),
    ]
}

/// The code of the dossier that was received last in the commune.
pub fn last_code(world: &World) -> String {
    let sql = "SELECT code FROM dossier WHERE unit_id = $1 ORDER BY id DESC LIMIT 1";
    let (code,): (String,) = world.read(|reader| reader.one(sql, store::params![world.commune]));
    code
}

/// The record of the dossier that was received last in the commune.
fn last_record(world: &World) -> types::Id {
    let code = last_code(world);
    let (id,) = world.read(|reader| reader.one("SELECT id FROM dossier WHERE code = $1", store::params![&code]));
    id
}

/// The counter's form with the post that receives, whether or not the page lets one choose.
fn counter_form(world: &World) -> Form {
    let counter = world.person(Rank::Counter);
    let form = world.counter_form(counter).clear("post");
    // The applicant's number is nobody's, which the counter has to confirm.
    let form = form.press("post", &counter.post.expect("a post").to_string());
    let asked = counter.browser.clone().submit(&form);
    match asked.status {
        422 => {
            let page = asked.page();
            let confirm = page.attribute("input[name=confirm]", "value").expect("the page asks to confirm");
            form.press("confirm", &confirm)
        }
        _ => form,
    }
}

fn receiving() -> Vec<Case> {
    let page = format!("/tiep-nhan/{PROCEDURE}");
    let (of_procedure, of_scan) = (page.clone(), format!("{page}/quet"));
    vec![
        get("/tiep-nhan", Rank::Counter, |_| "/tiep-nhan".into()).neighbour(Shared(CATALOGUE)),
        get("/tiep-nhan/{procedure}", Rank::Counter, move |_| of_procedure.clone())
            .hides(|world, _| world.person(Rank::Specialist).post.expect("a post").to_string()),
        post("/tiep-nhan/{procedure}", Rank::Counter, counter_form).neighbour(Forbidden),
        get("/tiep-nhan/{procedure}/quet", Rank::Counter, move |_| of_scan.clone())
            .hides(|world, _| world.person(Rank::Specialist).post.expect("a post").to_string()),
        ask("POST", "/tiep-nhan/{procedure}/quet", Rank::Counter, move |world| {
            let counter = world.person(Rank::Counter);
            let card =
                "099190000017||Nguyễn Thị Mỹ Hạnh|02091990|Nữ|Thôn Khê Hạ, xã Phúc Khê, tỉnh Mây Thượng|15042021";
            let parts = vec![
                Part::text("command", testkit::fresh_command().as_str()),
                Part::text("post", &counter.post.expect("a post").to_string()),
                Part::text("scan", card),
            ];
            Asked::browser(counter, Sent::Files(format!("{page}/quet"), parts))
        })
        .neighbour(Forbidden)
        .unaudited("reading a card fills a form in and writes nothing"),
    ]
}

fn reading() -> Vec<Case> {
    let figures = |file: &'static str| {
        move |world: &World| format!("/so-lieu{file}?tu=2026-01-01&theo=thu-tuc&don-vi={}", world.commune)
    };
    let at = |rest: &'static str| move |world: &World| format!("/ho-so/{}{rest}", world.waiting());
    vec![
        ask("GET", "/ho-so", Rank::Counter, |world| {
            let code = world.waiting();
            Asked::browser(world.person(Rank::Counter), Sent::get(format!("/ho-so?q={code}")))
        })
        .hides(|world, _| format!("href=\"/ho-so/{}\"", last_code(world))),
        get("/ho-so/so-theo-doi.xlsx", Rank::Counter, |world| {
            format!("/ho-so/so-theo-doi.xlsx?q={}&don-vi={}", world.waiting(), world.commune)
        }),
        get("/so-lieu", Rank::Specialist, figures("")),
        get("/so-lieu/ii-06.xlsx", Rank::Counter, figures("/ii-06.xlsx")),
        get("/so-lieu/ii-06.pdf", Rank::Leader, figures("/ii-06.pdf")),
        get("/ho-so/{code}", Rank::Specialist, at("")),
        get("/ho-so/{code}/tiep-nhan", Rank::Counter, at("/tiep-nhan")),
        get("/ho-so/{code}/giay-tiep-nhan.pdf", Rank::Counter, at("/giay-tiep-nhan.pdf")),
        get("/ho-so/{code}/phieu-kiem-soat.pdf", Rank::Specialist, at("/phieu-kiem-soat.pdf")),
        get("/ho-so/{code}/luot-xem", Rank::Counter, at("/luot-xem?ca-nguoi=1")),
        get("/ho-so/{code}/tep/{file}", Rank::Specialist, |world| {
            let code = world.finished();
            let sql = "SELECT r.file_id FROM dossier_result r JOIN dossier d ON d.id = r.dossier_id WHERE d.code = $1";
            let (file,): (types::Id,) = world.read(|reader| reader.one(sql, store::params![&code]));
            format!("/ho-so/{code}/tep/{file}")
        }),
    ]
}

fn acting() -> Vec<Case> {
    let specialist = Rank::Specialist;
    let reason = "Thiếu bản chính bằng tốt nghiệp.";
    vec![
        post("/ho-so/{code}/ghi-chu", specialist, |world| {
            world.act(Rank::Specialist, &world.waiting(), "ghi-chu").set("ghi-chu.text", "Đã gọi điện cho công dân.")
        }),
        post("/ho-so/{code}/nhan-xu-ly", specialist, |world| {
            world.act(Rank::Specialist, &world.waiting(), "nhan-xu-ly")
        }),
        post("/ho-so/{code}/chuyen", specialist, |world| {
            let to = world.person(Rank::Leader).post.expect("a post").to_string();
            world.act(Rank::Specialist, &world.taken(), "chuyen").set("chuyen.to", &to)
        }),
        post("/ho-so/{code}/tra-lai", specialist, move |world| {
            world.act(Rank::Specialist, &world.taken(), "tra-lai").set("tra-lai.reason", reason)
        }),
        post("/ho-so/{code}/bo-sung", specialist, move |world| {
            world.act(Rank::Specialist, &world.taken(), "bo-sung").set("bo-sung.reason", reason)
        }),
        post("/ho-so/{code}/nghia-vu", specialist, |world| {
            let form = world.act(Rank::Specialist, &world.taken(), "nghia-vu");
            form.set("nghia-vu.reason", "Phí chứng thực 6.000 đồng, nộp tại quầy.")
        }),
        post("/ho-so/{code}/tiep-tuc", specialist, |world| world.act(Rank::Specialist, &world.stopped(), "tiep-tuc")),
    ]
}

fn ending() -> Vec<Case> {
    vec![
        post("/ho-so/{code}/chuyen-nguoi", Rank::Leader, |world| {
            let to = world.another_specialist().to_string();
            let form = world.act(Rank::Leader, &world.taken(), "chuyen-nguoi").set("chuyen-nguoi.to", &to);
            form.set("chuyen-nguoi.reason", "Người giữ việc nghỉ ốm.")
        }),
        post("/ho-so/{code}/trinh-ky", Rank::Specialist, |world| {
            let part = Part::file("trinh-ky.file", "Bản sao.pdf", "application/pdf", UNSIGNED);
            let form = world.act(Rank::Specialist, &world.taken(), "trinh-ky");
            form.set("trinh-ky.title", "Bản sao chứng thực").attach(part)
        }),
        post("/ho-so/{code}/nhan-bo-sung", Rank::Counter, |world| {
            let code = world.stopped();
            let part = Part::file("nhan-bo-sung.1.file", "Bản chính.pdf", "application/pdf", &pdf(&code));
            let form = world.act(Rank::Counter, &code, "nhan-bo-sung").set("nhan-bo-sung.1.giay", "ban-chinh");
            form.set("nhan-bo-sung.1.chinh", "1").attach(part)
        }),
        post("/ho-so/{code}/rut-tai-quay", Rank::Counter, |world| {
            let form = world.act(Rank::Counter, &world.taken(), "rut-tai-quay");
            form.set("rut-tai-quay.reason", "Công dân có đơn xin rút.")
        }),
        post("/ho-so/{code}/thay-ket-qua", Rank::Clerk, |world| {
            let code = world.finished();
            let part = Part::file("thay-ket-qua.file", "Bản đúng.pdf", "application/pdf", &pdf(&format!("{code} 2")));
            let form = world.act(Rank::Clerk, &code, "thay-ket-qua").set("thay-ket-qua.reason", "Nhầm tệp.");
            form.attach(part)
        }),
        post("/ho-so/{code}/ket-qua", Rank::Clerk, |world| {
            let code = world.at_the_clerk();
            let part = Part::file("ket-qua.file", "Bản sao chứng thực.pdf", "application/pdf", &pdf(&code));
            world.act(Rank::Clerk, &code, "ket-qua").set("ket-qua.number", "12/CT-SY").attach(part)
        }),
        post("/ho-so/{code}/rut", Rank::Specialist, |world| {
            world.act(Rank::Specialist, &world.taken(), "rut").set("rut.reason", "Công dân có đơn xin rút.")
        }),
        post("/ho-so/{code}/dung", Rank::Specialist, |world| {
            world.act(Rank::Specialist, &world.taken(), "dung").set("dung.reason", "Bản chính đã tẩy xóa.")
        }),
        post("/ho-so/{code}/tra-ket-qua", Rank::Counter, |world| {
            world.act(Rank::Counter, &world.finished(), "tra-ket-qua")
        }),
    ]
}

/// Forms of our own: printed, sent to be signed, taken back.
fn own_forms() -> Vec<Case> {
    let page = |world: &World| world.own_form(&world.stopped(), "supplement_requested");
    vec![
        get("/ho-so/{code}/giay-to/{event}", Rank::Specialist, page),
        get("/ho-so/{code}/giay-to/{event}/tep.pdf", Rank::Specialist, move |world| format!("{}/tep.pdf", page(world))),
        post("/ho-so/{code}/giay-to/{event}/trinh-ky", Rank::Specialist, move |world| {
            world.sending(Rank::Specialist, &page(world), Rank::Leader)
        }),
        post("/ho-so/{code}/giay-to/{event}/rut", Rank::Specialist, move |world| {
            let page = page(world);
            world.send_form(Rank::Specialist, &page, Rank::Leader);
            world.form_of(Rank::Specialist, &page, &format!("{page}/rut")).set("reason", "Sai tên.")
        }),
        post("/ho-so/{code}/giay-to/{event}/sua", Rank::Specialist, move |world| {
            let page = page(world);
            world.form_of(Rank::Specialist, &page, &format!("{page}/sua")).set("words", "Tờ khai theo mẫu")
        }),
        post("/ho-so/{code}/xin-loi", Rank::Specialist, |world| {
            let form = world.act(Rank::Specialist, &world.taken(), "xin-loi").set("xin-loi.reason", "Chờ xác minh.");
            with_date(form, "xin-loi.day", "2026-12-01".parse().expect("a day"))
        }),
    ]
}

fn procedures() -> Vec<Case> {
    vec![
        get("/quan-tri/thu-tuc", Rank::Keeper, |_| "/quan-tri/thu-tuc".into()).neighbour(Shared(INSTALLATION)),
        post("/quan-tri/thu-tuc", Rank::ProvinceKeeper, |world| {
            let (_, text) = dossiers::procedure::catalogue::FILES[0];
            let changed = format!("# Bản của địa phương.\n{text}");
            let form = world.form_of(Rank::ProvinceKeeper, "/quan-tri/thu-tuc", "/quan-tri/thu-tuc");
            form.attach(Part::file("files", "khai-sinh.toml", "application/toml", changed.as_bytes()))
        })
        .neighbour(Forbidden),
        get("/quan-tri/thu-tuc/{code}", Rank::Keeper, |_| format!("/quan-tri/thu-tuc/{PROCEDURE}"))
            .neighbour(Shared(INSTALLATION)),
    ]
}
