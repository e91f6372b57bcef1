//! A signed file on the public page, over HTTP: what a citizen reads, what a program is answered, and what is refused.

use crate::laws::access::listed;
use crate::world::World;
use store::Engine;
use testkit::{Answer, Part};

const CHECK: &str = "/kiem-tra-chu-ky";
const SIGNED: &[u8] = include_bytes!("../../services/signatures/src/tests/material/signed.pdf");
const CHANGED: &[u8] = include_bytes!("../../services/signatures/src/tests/material/changed.pdf");
const UNSIGNED: &[u8] = include_bytes!("../../services/signatures/src/tests/material/unsigned.pdf");

fn send(world: &World, name: &str, bytes: &[u8]) -> Answer {
    world.stranger().post_multipart(CHECK, &[Part::file("file", name, "application/pdf", bytes)])
}

fn main_of(answer: &Answer) -> String {
    answer.page().text("main")
}

fn told(world: &World) {
    let before = main_of(&send(world, "ket-qua.pdf", SIGNED).assert_status(200));
    assert!(before.contains("Chưa xác nhận được chữ ký") && before.contains("Chưa kiểm tra được người ký"), "{before}");
    listed(world);
    let after = send(world, "kết quả <b>.pdf", SIGNED).assert_status(200);
    assert!(main_of(&after).contains("Chữ ký hợp lệ") && main_of(&after).contains("Lê Văn Mẫu"), "{}", main_of(&after));
    assert!(!after.text().contains("<b>.pdf") && main_of(&after).contains("kết quả <b>.pdf"), "a name is text");
    assert_eq!(after.header("x-robots-tag"), Some("noindex, nofollow"));
    for (file, words) in [(CHANGED, "Chữ ký không hợp lệ"), (UNSIGNED, "Tệp không có chữ ký số")] {
        let text = main_of(&send(world, "x.pdf", file).assert_status(200));
        assert!(text.contains(words), "{words}: {text}");
    }
}

fn refused(world: &World) {
    let large = [UNSIGNED, &vec![b' '; signatures::FILE_BYTES_MAX]].concat();
    for (file, words) in [(&b"xin chao"[..], "không phải PDF"), (&large, "lớn quá 25 MB")] {
        let text = main_of(&send(world, "x.pdf", file).assert_status(422));
        assert!(text.contains(words), "{words}: {text}");
    }
    let nothing = world.stranger().post_multipart(CHECK, &[Part::text("khac", "1")]).assert_status(422);
    assert!(main_of(&nothing).contains("Chọn tệp PDF cần kiểm tra."));
}

fn answered_to_programs(world: &World) {
    let program = || world.stranger().header("accept", "application/json");
    let file = |bytes: &[u8]| [Part::file("file", "x.pdf", "application/pdf", bytes)];
    let answer = program().post_multipart(CHECK, &file(CHANGED)).assert_status(200).json();
    assert_eq!(
        (answer["verdict"].as_str(), answer["signatures"][0]["intact"].as_bool()),
        (Some("invalid"), Some(true))
    );
    let wrong = program().post_multipart(CHECK, &file(b"x")).assert_status(422).json();
    assert_eq!(wrong["code"], "invalid");
}

fn on(engine: Engine) {
    let world = World::on(engine);
    told(&world);
    refused(&world);
    answered_to_programs(&world);
}

#[test]
fn a_signed_file_is_told_of_on_sqlite() {
    on(Engine::Sqlite);
}

#[test]
fn a_signed_file_is_told_of_on_postgresql() {
    on(Engine::Postgres);
}
