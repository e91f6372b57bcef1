//! Files of every kind, right and wrong.

mod forgetting;
mod forms;
mod keeping;
mod serving;

use crate::{FileStore, Kind};
use std::io::{Cursor, Write};
use types::Error;

fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image::DynamicImage::new_luma8(width, height).write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

fn zip_with(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn store() -> (tempfile::TempDir, FileStore) {
    let dir = tempfile::tempdir().unwrap();
    let store = FileStore::open(dir.path()).unwrap();
    (dir, store)
}

fn sentence(result: types::Result<crate::Kept>) -> String {
    match result {
        Err(Error::Invalid(fields)) => fields[0].message.clone(),
        other => panic!("should have been refused, got {other:?}"),
    }
}

#[test]
fn the_bytes_decide_what_a_file_is_not_its_name() {
    let kind = |bytes: &[u8]| Kind::of("x.exe", Cursor::new(bytes)).ok();
    assert_eq!(kind(b"%PDF-1.7\n..."), Some(Kind::Pdf));
    assert_eq!(kind(&png(2, 2)), Some(Kind::Png));
    assert_eq!(kind(&zip_with(&[("word/document.xml", b"<w/>")])), Some(Kind::Docx));
    assert_eq!(kind(&zip_with(&[("xl/workbook.xml", b"<w/>")])), Some(Kind::Xlsx));
    assert_eq!(kind(&zip_with(&[("setup.exe", b"MZ")])), None);
    assert_eq!(kind(b"MZ\x90\0"), None);
    assert_eq!(kind(b"<script>alert(1)</script>"), None);
    assert_eq!(kind(b""), None);
}

#[test]
fn a_pdf_begins_as_one() {
    let kind = |bytes: &[u8]| Kind::of("x.pdf", Cursor::new(bytes)).ok();
    for careless in ["%PDF-1.4", "\n %PDF-1.4", "\u{feff}%PDF-1.4", "\u{feff}\r\n%PDF-1.4"] {
        assert_eq!(kind(careless.as_bytes()), Some(Kind::Pdf), "{careless:?}");
    }
    for two_things in ["<script>/*%PDF-1.4", "#!/bin/sh\n%PDF-1.4", "MZ%PDF-1.4", "%PDF"] {
        assert_eq!(kind(two_things.as_bytes()), None, "{two_things:?}");
    }
}

#[test]
fn a_name_ends_in_what_the_bytes_are() {
    let docx = zip_with(&[("word/document.xml", b"<w/>")]);
    let mut jpeg = Cursor::new(Vec::new());
    image::DynamicImage::new_luma8(2, 2).write_to(&mut jpeg, image::ImageFormat::Jpeg).unwrap();
    let (_dir, store) = store();
    for (sent, bytes, kept) in [
        ("đơn.hta", &docx, "đơn.docx"),
        ("đơn.docx.exe", &docx, "đơn.docx"),
        ("đơn.hta. .", &docx, "đơn.docx"),
        ("đơn.DOCX", &docx, "đơn.DOCX"),
        (".htaccess", &docx, "tep.docx"),
        ("Biên bản 27.11.2026", &docx, "Biên bản 27.11.2026.docx"),
        ("đơn", &docx, "đơn"),
        ("ảnh.jpeg", jpeg.get_ref(), "ảnh.jpeg"),
        ("ảnh.svg", jpeg.get_ref(), "ảnh.jpg"),
        ("ảnh.html", &png(2, 2), "ảnh.png"),
    ] {
        assert_eq!(store.keep_bytes(sent, bytes).unwrap().name, kept, "{sent}");
    }
}

#[test]
fn office_files_with_macros_are_refused() {
    let (_dir, store) = store();
    let types =
        b"<Types><Override PartName=\"/word/x.bin\" ContentType=\"application/vnd.ms-office.vbaProject\"/></Types>";
    let hostile: [[(&str, &[u8]); 2]; 3] = [
        [("word/document.xml", b"<w/>"), ("word/vbaProject.bin", b"x")],
        [("xl/workbook.xml", b"<w/>"), ("xl/VBAPROJECT.BIN", b"x")],
        [("word/document.xml", b"<w/>"), ("[Content_Types].xml", types)],
    ];
    for entries in hostile {
        assert!(sentence(store.keep_bytes("đơn.docx", &zip_with(&entries))).contains("macro"), "{entries:?}");
    }
    let plain = zip_with(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<w/>")]);
    assert!(store.keep_bytes("đơn.docx", &plain).is_ok());
}

#[test]
fn equal_bytes_are_kept_once_under_their_hash() {
    let (_dir, store) = store();
    let one = store.keep_bytes("Giấy chứng sinh.pdf", b"%PDF-1.7 a").unwrap();
    let two = store.keep_bytes("../../etc/passwd", b"%PDF-1.7 a").unwrap();
    assert_eq!(one.hash, two.hash);
    assert_eq!(two.name, "passwd");
    assert_eq!(std::fs::read(store.path(&one.hash)).unwrap(), b"%PDF-1.7 a");
    assert_eq!(std::fs::read_dir(_dir.path().join("files/incoming")).unwrap().count(), 0);
}

#[test]
fn empty_wrong_and_broken_files_are_refused_with_a_sentence() {
    let (dir, store) = store();
    assert!(sentence(store.keep_bytes("trống.pdf", b"")).contains("rỗng"));
    assert!(sentence(store.keep_bytes("phần mềm.exe", b"MZ....")).contains("không thuộc loại"));
    let mut broken = png(10, 10);
    broken.truncate(20);
    assert!(sentence(store.keep_bytes("ảnh.png", &broken)).contains("hỏng"));
    assert_eq!(std::fs::read_dir(dir.path().join("files/incoming")).unwrap().count(), 0, "nothing is left behind");
}

#[test]
fn what_a_fuzzer_found_is_read_in_peace() {
    testkit::fuzzed::each_input("upload", |bytes| _ = Kind::of("tệp.docx", Cursor::new(bytes)));
}

#[test]
fn a_zip_bomb_is_refused_before_it_fills_the_memory() {
    let (_dir, store) = store();
    let zeros = vec![0_u8; 30 * 1024 * 1024];
    let names: Vec<String> = (0..8).map(|i| format!("word/media/{i}.bin")).collect();
    let mut entries: Vec<(&str, &[u8])> = vec![("word/document.xml", b"<w/>")];
    entries.extend(names.iter().map(|n| (n.as_str(), zeros.as_slice())));
    let bomb = zip_with(&entries);
    assert!(bomb.len() < 1024 * 1024);
    assert!(sentence(store.keep_bytes("đơn.docx", &bomb)).contains("bung ra quá lớn"));
}
