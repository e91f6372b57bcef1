//! Keeping procedures: what the pages show, and imports that change everything or nothing.

use crate::world::each_world;
use dossiers::keep::import_files;
use dossiers::procedure::catalogue;
use dossiers::stored::Imported;
use testkit::{Answer, Client, Part};

/// The shipped birth registration with one thing changed.
fn corrected() -> String {
    let (_, text) = catalogue::FILES.iter().find(|(code, _)| *code == "1.001193").expect("it is shipped");
    assert!(text.contains("8000"));
    text.replace("8000", "9000")
}

fn toml(name: &str, text: &str) -> Part {
    Part::file("files", name, "application/toml", text.as_bytes())
}

fn import(keeper: &mut Client, parts: Vec<Part>) -> Answer {
    let form = keeper.get("/quan-tri/thu-tuc").assert_status(200).page().form("form[enctype]");
    let form = parts.into_iter().fold(form, |form, part| form.attach(part));
    keeper.submit(&form)
}

#[test]
fn the_list_and_the_definition_say_how_much_is_verified_and_from_where() {
    each_world(|world| {
        let mut keeper = world.signed_in("keeper");
        let list = keeper.get("/quan-tri/thu-tuc").assert_status(200).page();
        assert_eq!(list.count("tbody tr"), catalogue::FILES.len());
        let row = list.texts("tbody tr").into_iter().find(|row| row.contains("1.001193")).unwrap();
        assert!(row.contains("Kèm theo phần mềm") && row.contains("từ 01/07/2025") && row.contains("dữ kiện"), "{row}");
        let shown = keeper.get("/quan-tri/thu-tuc/1.001193").assert_status(200).page().text("main");
        for wanted in [
            "fees.ban-sao",
            "Bản đề xuất",
            "Chưa tìm thấy",
            "Có nguồn, chưa đối chiếu quyết định",
            "Giấy chứng sinh",
            "child_name",
            "Các phiên bản",
        ] {
            assert!(shown.contains(wanted), "{wanted} is missing");
        }
    });
}

#[test]
fn a_corrected_file_becomes_a_new_version_and_the_same_file_changes_nothing() {
    each_world(|world| {
        let before = world.receive("receive-0001");
        let mut keeper = world.signed_in("keeper");
        let audited = world.audited("dossiers.import-procedure");
        let told = "/quan-tri/thu-tuc?moi=0&phien-ban=1&nhu-cu=0";
        import(&mut keeper, vec![toml("khai-sinh.toml", &corrected())]).assert_leads_to(told);
        assert_eq!(world.audited("dossiers.import-procedure"), audited + 1);
        let list = keeper.get(told).page();
        assert!(list.text("main").contains("Đã nhập: 1 phiên bản mới."));
        let row = list.texts("tbody tr").into_iter().find(|row| row.contains("1.001193")).unwrap();
        assert!(row.contains("Địa phương nhập"), "{row}");
        import(&mut keeper, vec![toml("khai-sinh.toml", &corrected())])
            .assert_leads_to("/quan-tri/thu-tuc?moi=0&phien-ban=0&nhu-cu=1");

        let after = world.receive("receive-0002");
        let version = |received: &serde_json::Value| {
            let path = format!("/api/v1/dossiers/{}", received["code"].as_str().unwrap());
            world.program("counter").get(&path).json()["procedure"]["version"].clone()
        };
        assert_eq!((version(&before), version(&after)), (1.into(), 2.into()));
    });
}

#[test]
fn one_wrong_file_and_nothing_is_imported_with_every_mistake_told_by_line() {
    each_world(|world| {
        let mut keeper = world.signed_in("keeper");
        let audited = world.audited("dossiers.import-procedure");
        let wrong = corrected()
            .replace("kind = \"per_page\"", "kind = \"x\"")
            .replace("rule = \"same_day\"", "rule = \"soon\"");
        let line = wrong.lines().position(|line| line.contains("rule = \"soon\"")).unwrap() + 1;
        let parts =
            vec![toml("dung.toml", &corrected()), toml("sai.toml", &wrong), toml("<b>.toml", "không phải = = toml")];
        let answer = import(&mut keeper, parts).assert_status(422);
        let page = answer.page();
        let text = page.text("main");
        assert!(text.contains(&format!("dòng {line}: takes.rule")), "{text}");
        assert!(text.contains("«sai.toml»") && text.contains("Chưa có thủ tục nào được thay đổi"), "{text}");
        assert!(!answer.text().contains("<b>.toml"), "a file's name was not escaped");
        assert_eq!(page.text("title").split(':').next(), Some("Lỗi"));
        assert_eq!(world.audited("dossiers.import-procedure"), audited);

        let twice = import(&mut keeper, vec![toml("a.toml", &corrected()), toml("b.toml", &corrected())]);
        assert!(twice.assert_status(422).page().text("main").contains("cùng mã thủ tục 1.001193"));
        let nothing = import(&mut keeper, Vec::new()).assert_status(422);
        assert!(nothing.text().contains("Hãy chọn tệp hoặc dán nội dung"));
        assert_eq!(world.audited("dossiers.import-procedure"), audited);
    });
}

#[test]
fn a_definition_can_be_pasted() {
    each_world(|world| {
        let mut keeper = world.signed_in("keeper");
        let form = keeper.get("/quan-tri/thu-tuc").page().form("form[enctype]");
        keeper
            .submit(&form.clone().set("text", &corrected()))
            .assert_leads_to("/quan-tri/thu-tuc?moi=0&phien-ban=1&nhu-cu=0");
        let again = keeper.get("/quan-tri/thu-tuc").page().form("form[enctype]");
        let refused = keeper.submit(&again.set("text", "code = \"sai\"")).assert_status(422);
        assert!(refused.page().text("main").contains("«nội dung đã dán»"));
        assert!(refused.text().contains("code = &#34;sai&#34;"), "what was pasted is lost");
    });
}

#[test]
fn the_command_line_imports_files_or_says_what_is_wrong_in_which() {
    each_world(|world| {
        let path = |name: &str, text: &str| {
            let path = world.database.dir.join(name);
            std::fs::write(&path, text).expect("the folder can be written");
            path
        };
        let good = path("khai-sinh.toml", &corrected());
        let bad = path("sai.toml", "code = 3\n");
        let error = import_files(&world.store, &[good.clone(), bad], |_| ()).expect_err("a wrong file");
        assert!(error.to_string().contains("sai.toml: dòng 1: code"), "{error}");
        let missing =
            import_files(&world.store, &[world.database.dir.join("khong-co.toml")], |_| ()).expect_err("no file");
        assert!(missing.to_string().contains("không đọc được tệp"), "{missing}");
        let done = import_files(&world.store, std::slice::from_ref(&good), |_| ()).expect("a right file");
        assert_eq!(done.len(), 1);
        assert_eq!((done[0].code.as_str(), done[0].imported), ("1.001193", Imported::NewVersion(2)));
        let all: Vec<_> = catalogue::FILES.iter().map(|(code, text)| path(&format!("{code}.toml"), text)).collect();
        let mut told = Vec::new();
        let done = import_files(&world.store, &all, |file| told.push(file.to_owned())).expect("all files");
        let names: Vec<String> = done.into_iter().map(|one| one.file).collect();
        assert_eq!(names.len(), 44);
        assert_eq!(told, names, "each file is told of, in order");
    });
}
