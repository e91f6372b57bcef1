//! What stands in the register's cells.

use super::*;
use crate::desk::samples::dossier;
use crate::status::Status;
use std::io::{Cursor, Read};

fn parts(register: &Register) -> (String, String) {
    let bytes = workbook(register).expect("a workbook");
    let mut file = zip::ZipArchive::new(Cursor::new(bytes)).expect("an archive");
    let mut part = |path: &str| {
        let mut text = String::new();
        file.by_name(path).expect("a part").read_to_string(&mut text).expect("text");
        text
    };
    (part("xl/worksheets/sheet1.xml"), part("xl/sharedStrings.xml"))
}

fn register(dossiers: Vec<Dossier>, has_more: bool) -> Register {
    let made_at: Timestamp = "2026-11-28T08:15".parse().expect("a moment");
    let (tree, conditions) = (Arc::new(UnitTree::empty(made_at.day())), "Mọi hồ sơ".to_owned());
    Register { dossiers, has_more, names: HashMap::new(), tree, conditions, made_at, demo: false }
}

#[test]
fn text_stays_text_and_moments_are_moments() {
    for name in ["=HYPERLINK(\"http://x\")", "+1", "-1", "@SUM(A1)", "{=1}", "http://x.example", "\t=1"] {
        let mut one = dossier(1, name, Status::Finished);
        one.applicant.name = name.to_owned();
        one.received_at = "2026-11-28T06:00".parse().expect("a moment");
        let (sheet, strings) = parts(&register(vec![one], false));
        assert!(!sheet.contains("<f>") && !sheet.contains("<f ") && !sheet.contains("<hyperlink"), "{name}: {sheet}");
        let told = name.replace('"', "&quot;");
        assert!(strings.contains(name) || strings.contains(&told), "{name}: {strings}");
        // Day 46,354 of spreadsheets, a quarter of it gone.
        assert!(sheet.contains("<v>46354.25</v>"), "by the clock of Việt Nam: {sheet}");
    }
}

#[test]
fn telephones_are_masked_and_what_is_left_out_is_told() {
    let mut one = dossier(1, "Lò Thị Mẩy", Status::Finished);
    one.applicant.phone = Some("0975000418".to_owned());
    let (_, strings) = parts(&register(vec![one.clone()], true));
    assert!(strings.contains("0975•••418") && !strings.contains("0975000418"), "{strings}");
    assert!(strings.contains("còn hồ sơ khác"), "{strings}");
    assert!(!parts(&register(vec![one], false)).1.contains("còn hồ sơ khác"));
    assert!(parts(&register(Vec::new(), false)).1.contains("Mã hồ sơ"), "an empty one has its heads");
}
