//! Places for stamps: what the typesetter answers about a template's labels.

use super::super::Printed;
use print::forms::{ControlSheetData, ReceiptData};
use print::{Job, Mark, Page, Print, Spot, Template};

fn lay_out(text: &str) -> Print {
    let template = Template::Own { name: "x".into(), text: format!("#set document(title: \"x\")\n{text}") };
    let job = Job {
        template,
        ident: "x".into(),
        data: serde_json::json!({}),
        assets: vec![],
        page: Page::A4,
        made_at: super::at(),
    };
    crate::lay_out(&job).unwrap()
}

#[track_caller]
fn expect(mark: &Mark, spot: Spot, page: usize, corners: [f32; 4]) {
    assert_eq!((mark.spot, mark.page), (spot, page));
    let found = mark.rectangle.corners();
    assert!(found.iter().zip(corners).all(|(a, b)| (a - b).abs() < 0.01), "{found:?} is not {corners:?}");
}

#[test]
fn boxes_have_rectangles_and_metadata_has_points_from_the_lower_left() {
    let print = lay_out(
        "#set page(width: 200pt, height: 300pt, margin: 20pt)
         #place(top + left, dx: 10pt, dy: 30pt, [#block(width: 60pt, height: 25pt)<ky-nguoi-ky>])
         #place(top + left, dx: 5pt, dy: 15pt, [#metadata(none)<dau-co-quan>])
         #pagebreak()
         #place(bottom + right, [#box(width: 40pt, height: 10pt)<so-van-ban>])",
    );
    assert_eq!(print.pages.len(), 2);
    assert!((print.pages[1].width - 200.0).abs() < 0.01 && (print.pages[1].height - 300.0).abs() < 0.01);
    expect(&print.marks[0], Spot::Signature, 0, [30.0, 225.0, 90.0, 250.0]);
    expect(&print.marks[1], Spot::Seal, 0, [25.0, 265.0, 25.0, 265.0]);
    expect(&print.marks[2], Spot::Number, 1, [140.0, 20.0, 180.0, 30.0]);
    assert_eq!(print.marks.len(), 3);
    assert_eq!(print.mark(Spot::Number), Some(&print.marks[2]));
    assert_eq!(print.mark(Spot::Date), None);
}

#[test]
fn a_point_in_a_line_stands_on_its_baseline() {
    let print = lay_out(
        "#set page(width: 200pt, height: 300pt, margin: 20pt)
         #set text(size: 10pt, top-edge: 8pt, bottom-edge: -2pt)
         Số: #metadata(none)<so-van-ban>; sau",
    );
    let corners = print.marks[0].rectangle.corners();
    assert!((corners[1] - 272.0).abs() < 0.01 && corners[0] > 30.0, "{corners:?}");
}

#[test]
fn what_is_moved_scaled_or_turned_is_found_where_it_is_seen() {
    let print = lay_out(
        "#set page(width: 200pt, height: 200pt, margin: 0pt)
         #place(top + left, dx: 100pt, dy: 50pt, scale(50%, origin: top + left, [#box(width: 40pt, height: 20pt)<ky-nguoi-ky>]))
         #place(top + left, dx: 100pt, dy: 100pt, rotate(90deg, origin: top + left, [#box(width: 40pt, height: 20pt)<ky-nguoi-ky>]))",
    );
    expect(&print.marks[0], Spot::Signature, 0, [100.0, 140.0, 120.0, 150.0]);
    expect(&print.marks[1], Spot::Signature, 0, [80.0, 60.0, 100.0, 100.0]);
}

#[test]
fn several_signers_have_several_places_in_the_order_of_writing() {
    let print = lay_out(
        "#import \"places.typ\": *
         #grid(columns: (1fr, 1fr), signature-place(), signature-place())",
    );
    let lefts: Vec<f32> = print.marks.iter().map(|mark| mark.rectangle.left).collect();
    assert!(lefts.len() == 2 && lefts[0] < lefts[1], "{lefts:?}");
}

#[test]
fn forms_without_places_say_so_and_stay_what_they_were() {
    let receipt = ReceiptData::sample();
    let sheet = ControlSheetData::sample();
    for job in [receipt.job(Page::A4, receipt.received_at).unwrap(), sheet.job(Page::A5, sheet.made_at).unwrap()] {
        let print = crate::lay_out(&job).unwrap();
        assert_eq!(print.marks, []);
        assert!(print.pdf == crate::typeset(&job).unwrap());
        assert_eq!(print.pages.len(), Printed::from(print.pdf).pages());
    }
}
