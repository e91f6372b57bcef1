//! Files that cannot be kept: told in Vietnamese at the box that brought them, everything else stays in the form.

use super::is_sentence;
use crate::world::work::pdf;
use crate::world::{Rank, World};
use std::io::{Cursor, Write};
use store::Engine;
use testkit::{Answer, Form, Part};

fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).expect("an entry");
        zip.write_all(content).expect("bytes");
    }
    zip.finish().expect("a zip").into_inner()
}

/// A hundred megabytes and more of nothing in some hundred kilobytes.
fn bomb() -> Vec<u8> {
    let zeros = vec![0_u8; 30 * 1024 * 1024];
    let names: Vec<String> = (0..8).map(|n| format!("word/media/{n}.bin")).collect();
    let mut entries: Vec<(&str, &[u8])> = vec![("word/document.xml", b"<w/>")];
    entries.extend(names.iter().map(|name| (name.as_str(), zeros.as_slice())));
    zip(&entries)
}

fn bad_files() -> Vec<(&'static str, Part)> {
    let part = |name: &str, kind: &str, bytes: &[u8]| Part::file("p.ban-chinh.tep", name, kind, bytes);
    let large = [b"%PDF-1.7\n".as_slice(), &vec![b' '; 20 * 1024 * 1024 + 1]].concat();
    vec![
        ("a program under a document's name", part("đơn.pdf", "application/pdf", b"MZ\x90\0 setup")),
        ("a page with a script", part("đơn.pdf", "application/pdf", b"<html><script>alert(1)</script>")),
        ("an empty file", part("trống.pdf", "application/pdf", b"")),
        ("a file that is too large", part("quét màu.pdf", "application/pdf", &large)),
        ("a zip bomb", part("đơn.docx", "application/zip", &bomb())),
        ("a zip that is no document", part("ảnh.docx", "application/zip", &zip(&[("setup.exe", b"MZ")]))),
        ("a picture that breaks off", part("ảnh.png", "image/png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")),
    ]
}

fn form(world: &World) -> Form {
    world.counter_form(world.person(Rank::Counter))
}

fn send(world: &World, form: &Form) -> Answer {
    world.person(Rank::Counter).browser.clone().submit(form)
}

#[test]
fn a_bad_file_is_told_at_its_box_and_the_form_keeps_everything() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let world = World::on(engine);
        let before = world.rows();
        for (what, part) in bad_files() {
            let good = Part::file("p.khac.tep", "Giấy tờ khác.pdf", "application/pdf", &pdf(what));
            let answer = send(&world, &form(&world).attach(part).attach(good));
            assert_eq!(answer.status, 422, "{what}");
            let page = answer.page();
            let told = page.texts("[data-field=validation]").join(" ");
            assert!(is_sentence(&told), "{what}: {told}");
            let kept = page.form("form[method=post][enctype]");
            assert_eq!(kept.value("f.applicant_name"), Some("Nguyễn Thị Mỹ Hạnh"), "{what}");
            assert_eq!(kept.value("f.documents"), Some("Bằng tốt nghiệp"), "{what}");
            assert!(page.text("main").contains("Giấy tờ khác.pdf"), "{what}: the good file waits for the next sending");
        }
        assert_eq!(world.rows()["dossier"], before["dossier"], "nothing was received");
        let left = std::fs::read_dir(world.database.dir.join("files/incoming")).expect("the folder").count();
        assert_eq!(left, 0, "nothing lies about");
    }
}

#[test]
fn a_form_that_is_mended_after_a_bad_file_is_received_with_the_file_that_waited() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let world = World::on(engine);
        let good = Part::file("p.khac.tep", "Giấy tờ khác.pdf", "application/pdf", &pdf("đã nhận"));
        let bad = Part::file("p.ban-chinh.tep", "trống.pdf", "application/pdf", b"");
        let page = send(&world, &form(&world).attach(good).attach(bad)).assert_status(422).page();
        let mut mended = page.form("form[method=post][enctype]");
        let mut answer = send(&world, &mended);
        if answer.status == 422 {
            let confirm = answer.page().attribute("input[name=confirm]", "value").expect("a box to confirm");
            mended = answer.page().form("form[method=post][enctype]").set("confirm", &confirm);
            answer = send(&world, &mended);
        }
        let place = answer.assert_status(303).location().trim_end_matches("/tiep-nhan").to_owned();
        let text = world.person(Rank::Counter).browser.clone().get(&place).assert_status(200).text();
        assert!(text.contains("Giấy tờ khác.pdf"), "the file that waited is in the dossier");
    }
}

#[test]
fn too_much_at_once_is_told() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let world = World::on(engine);
        let many = (0..5).fold(form(&world), |form, n| {
            let bytes = [pdf(&n.to_string()), vec![b' '; 19 * 1024 * 1024]].concat();
            form.attach(Part::file("p.khac.tep", &format!("quét {n}.pdf"), "application/pdf", &bytes))
        });
        let before = world.rows();
        let answer = send(&world, &many);
        assert!(answer.status == 413 || answer.status == 422, "answered {}", answer.status);
        assert!(is_sentence(&answer.page().text("main")));
        assert_eq!(world.rows()["dossier"], before["dossier"]);
    }
}

#[test]
fn programs_are_refused_bad_files_too() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let world = World::on(engine);
        let before = world.rows();
        for (what, part) in bad_files() {
            let program = world.person(Rank::Counter).program.clone();
            let answer = program
                .header("idempotency-key", testkit::fresh_command().as_str())
                .post_multipart("/api/v1/files", &[part]);
            let error = answer.assert_status(422).json();
            assert!(is_sentence(error["fields"][0]["message"].as_str().unwrap_or_default()), "{what}: {error}");
        }
        assert_eq!(world.rows()["file"], before["file"]);
    }
}

#[test]
fn a_result_that_cannot_be_kept_leaves_the_dossier_as_it_was() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let world = World::on(engine);
        let code = world.at_the_clerk();
        let form = world.act(Rank::Clerk, &code, "ket-qua").set("ket-qua.number", "15/CT-SY");
        let form = form.attach(Part::file("ket-qua.file", "kết quả.pdf", "application/pdf", b"MZ"));
        let answer = world.person(Rank::Clerk).browser.clone().submit(&form).assert_status(422);
        let again = answer.page().form(&format!("form[action='/ho-so/{code}/ket-qua']"));
        assert_eq!(again.value("ket-qua.number"), Some("15/CT-SY"), "what was typed is still there");
        let good = again.attach(Part::file("ket-qua.file", "kết quả.pdf", "application/pdf", &pdf("kết quả")));
        world.person(Rank::Clerk).browser.clone().submit(&good).assert_status(303);
    }
}
