//! Messages between the server and the worker.

use crate::{Asset, Job, Mark, Page, Print, Rectangle, Refusal, Size, Spot, Template, wire};
use std::io::Cursor;

pub(super) fn job(template: &str) -> Job {
    Job {
        template: Template::named(template),
        ident: "H15.50.05-261120-0027".into(),
        data: serde_json::json!({ "name": "Chẩu Thị Xuyến Chi" }),
        assets: vec![],
        page: Page::A4,
        made_at: "2026-11-20T14:05".parse().unwrap(),
    }
}

#[test]
fn jobs_arrive_one_after_another_with_their_assets() {
    let asset = |name: &str, bytes: &[u8]| Asset { name: name.into(), bytes: bytes.into() };
    let first = Job { assets: vec![asset("qr.svg", b"<svg/>"), asset("empty.png", b"")], ..job("receipt") };
    let second = Job {
        template: Template::Own { name: "phiếu tỉnh".into(), text: "#let x = 1".into() },
        page: Page::A5,
        ..job("")
    };
    let mut bytes = wire::encode_job(&first).unwrap();
    bytes.extend(wire::encode_job(&second).unwrap());
    let mut stream = Cursor::new(bytes);
    assert_eq!(wire::read_job(&mut stream).unwrap(), Some(first));
    assert_eq!(wire::read_job(&mut stream).unwrap(), Some(second));
    assert_eq!(wire::read_job(&mut stream).unwrap(), None);
}

#[test]
fn a_message_cut_short_is_an_error_at_every_length() {
    let whole = wire::encode_job(&Job {
        assets: vec![Asset { name: "qr.svg".into(), bytes: b"<svg/>".to_vec() }],
        ..job("receipt")
    })
    .unwrap();
    for len in 1..whole.len() {
        assert!(wire::read_job(&mut Cursor::new(&whole[..len])).is_err(), "cut after {len} bytes");
    }
}

#[test]
fn a_frame_that_claims_to_be_huge_is_refused_before_memory_is_taken() {
    assert!(wire::read_job(&mut Cursor::new(u32::MAX.to_be_bytes())).is_err());
}

#[test]
fn answers_are_understood() {
    let refusal = Refusal::Template { file: "main.typ".into(), line: 7, message: "unknown variable: xã".into() };
    for answer in [Ok(b"%PDF-1.7 ...".to_vec()), Err(refusal)] {
        let mut bytes = vec![];
        wire::write_answer(&mut bytes, &answer).unwrap();
        assert_eq!(wire::decode_answer(bytes.split_off(4)).unwrap().map(|print| print.pdf), answer);
    }
    assert!(wire::decode_answer(vec![]).is_err());
    assert!(wire::decode_answer(b"?".to_vec()).is_err());
}

#[test]
fn a_layout_arrives_with_its_document_and_is_never_half_of_one() {
    let rectangle = Rectangle { left: 30.25, bottom: 100.0, right: 90.0, top: 125.5 };
    let print = Print {
        pdf: b"%PDF-1.7 ...".to_vec(),
        pages: vec![Size { width: 595.276, height: 841.89 }],
        marks: vec![Mark { spot: Spot::Signature, page: 0, rectangle }],
    };
    let mut bytes = vec![];
    wire::write_print(&mut bytes, Ok(print.clone())).unwrap();
    let answer = bytes.split_off(4);
    assert_eq!(wire::decode_answer(answer.clone()).unwrap(), Ok(print.clone()));
    for len in 1..answer.len() - print.pdf.len() {
        assert!(wire::decode_answer(answer[..len].to_vec()).is_err(), "cut after {len} bytes");
    }
    let refusal = Refusal::UnknownTemplate { name: "x".into() };
    let mut bytes = vec![];
    wire::write_print(&mut bytes, Err(refusal.clone())).unwrap();
    assert_eq!(wire::decode_answer(bytes.split_off(4)).unwrap(), Err(refusal));
}
