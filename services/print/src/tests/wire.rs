//! Messages between the server and the worker.

use crate::wire::{Answer, Order};
use crate::{Asset, Drawing, Job, Mark, Page, Print, Rectangle, Refusal, Size, Spot, Template, wire};
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
fn orders_arrive_one_after_another_with_what_they_carry() {
    let asset = |name: &str, bytes: &[u8]| Asset { name: name.into(), bytes: bytes.into() };
    let first = Job { assets: vec![asset("qr.svg", b"<svg/>"), asset("empty.png", b"")], ..job("receipt") };
    let second = Job {
        template: Template::Own { name: "phiếu tỉnh".into(), text: "#let x = 1".into() },
        page: Page::A5,
        ..job("")
    };
    let drawing = Drawing { file: b"%PDF-1.7 ...".to_vec(), page: 2, width: 640 };
    let mut bytes = wire::encode_job(&first).unwrap();
    bytes.extend(wire::encode_drawing(&drawing).unwrap());
    bytes.extend(wire::encode_job(&second).unwrap());
    let mut stream = Cursor::new(bytes);
    assert_eq!(wire::read_order(&mut stream).unwrap(), Some(Order::Job(first)));
    assert_eq!(wire::read_order(&mut stream).unwrap(), Some(Order::Drawing(drawing)));
    assert_eq!(wire::read_order(&mut stream).unwrap(), Some(Order::Job(second)));
    assert_eq!(wire::read_order(&mut stream).unwrap(), None);
}

#[test]
fn a_message_cut_short_is_an_error_at_every_length() {
    let whole = wire::encode_job(&Job {
        assets: vec![Asset { name: "qr.svg".into(), bytes: b"<svg/>".to_vec() }],
        ..job("receipt")
    })
    .unwrap();
    let drawing = wire::encode_drawing(&Drawing { file: b"%PDF".to_vec(), page: 0, width: 320 }).unwrap();
    for whole in [whole, drawing] {
        for len in 1..whole.len() {
            assert!(wire::read_order(&mut Cursor::new(&whole[..len])).is_err(), "cut after {len} bytes");
        }
    }
}

#[test]
fn a_frame_that_claims_to_be_huge_is_refused_before_memory_is_taken() {
    assert!(wire::read_order(&mut Cursor::new(u32::MAX.to_be_bytes())).is_err());
}

#[test]
fn answers_are_understood() {
    let refusal = Refusal::Template { file: "main.typ".into(), line: 7, message: "unknown variable: xã".into() };
    for answer in [Ok(b"\x89PNG ...".to_vec()), Err(refusal)] {
        let mut bytes = vec![];
        wire::write_picture(&mut bytes, &answer).unwrap();
        assert_eq!(wire::decode_answer(bytes.split_off(4)).unwrap(), answer.map(Answer::Picture));
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
    assert_eq!(wire::decode_answer(answer.clone()).unwrap(), Ok(Answer::Print(print.clone())));
    for len in 1..answer.len() - print.pdf.len() {
        assert!(wire::decode_answer(answer[..len].to_vec()).is_err(), "cut after {len} bytes");
    }
    let refusal = Refusal::UnknownTemplate { name: "x".into() };
    let mut bytes = vec![];
    wire::write_print(&mut bytes, Err(refusal.clone())).unwrap();
    assert_eq!(wire::decode_answer(bytes.split_off(4)).unwrap(), Err(refusal));
}
