//! Forms of our own on the whole way: a person signs where the label is, the agency numbers, dates and seals, and others say that
//! both signatures hold and that nothing else changed.

use super::signed::{accept, key, show, stamped};
use super::{at, handwriting, person, round_seal, seal};
use print::forms::{Copy, DatePicture, LetterData, NumberPicture, ReceiptData, Stamp};
use print::{Job, Page, Place, Print, Rectangle, Spot, Turn};
use signing::places::{self, Issue, PlaceKind};
use signing::{Options, Placement, SigningKey, SoftKey};
use types::Timestamp;

/// The letters of the samples, and the receipt.
fn jobs() -> Vec<(String, Job)> {
    let receipt = ReceiptData { copies: vec![Copy::Electronic], ..ReceiptData::sample() };
    let letters = LetterData::samples();
    let letters = letters.iter().map(|data| (data.letter.number().to_owned(), data.job(Page::A4, data.at).unwrap()));
    letters.chain([("01".to_owned(), receipt.job(Page::A4, receipt.received_at).unwrap())]).collect()
}

fn signed(base: &[u8], key: &SoftKey, (place, appearance): (Place, Vec<u8>), issue: Option<Issue>) -> Vec<u8> {
    let mut options = Options::new(key.certificate().clone(), key.chain().to_vec(), Timestamp::now()).unwrap();
    options.algorithm = key.algorithm();
    let rectangle = place.rectangle.corners().into();
    options.placement = Some(Placement { page: place.page, rectangle, appearance });
    options.issue = issue;
    signing::sign_basic(base, &options, key).unwrap()
}

/// The places of number and date, empty, where their labels are.
fn with_places(print: &Print) -> Vec<u8> {
    let places =
        [(Spot::Number, PlaceKind::Number), (Spot::Date, PlaceKind::Date)].into_iter().filter_map(|(spot, kind)| {
            let mark = print.mark(spot)?;
            Some(places::Place { kind, page: mark.page, rectangle: mark.rectangle.corners().into() })
        });
    let places: Vec<places::Place> = places.collect();
    if places.is_empty() { print.pdf.clone() } else { places::reserve(&print.pdf, &places).unwrap() }
}

fn issue(print: &Print) -> Option<Issue> {
    let picture = |spot: Spot, stamp: &Stamp| {
        let size = print.mark(spot)?.rectangle.size();
        Some(crate::lay_out(&stamp.job(Turn::None, Some(size), at()).unwrap()).unwrap().pdf)
    };
    let number = picture(Spot::Number, &Stamp::Number(NumberPicture { number: "15/PXL-UBND".into() }))?;
    let date = picture(Spot::Date, &Stamp::Date(DatePicture { day: at().day(), type_points: 13 }))?;
    Some(Issue { number: Some("15/PXL-UBND".into()), date: Some(at().day()), pictures: vec![number, date] })
}

fn inside(inner: Rectangle, outer: Rectangle) -> bool {
    let edge = 0.01;
    inner.left >= outer.left - edge
        && inner.right <= outer.right + edge
        && inner.bottom >= outer.bottom - edge
        && inner.top <= outer.top + edge
}

#[test]
fn every_form_is_signed_where_its_labels_are_and_trusted() {
    let (leader, agency) = (key("rsa2048"), key("p256"));
    for (n, pictured) in [(0, true), (1, false)] {
        for (number, job) in jobs() {
            let print = crate::lay_out(&job).unwrap();
            let own = |stamp: Stamp| stamped(&stamp);
            let (appearance, size) = own(person("Công Huyền Tôn Nữ Đặng Đình Ưởng Phương", pictured.then(handwriting)));
            let place = print.place(print::forms::StampKind::Person, size).unwrap();
            let room = print.mark(Spot::Signature).unwrap().rectangle;
            assert!(inside(place.rectangle, room), "form {number}: {place:?} in {room:?}");
            let file = signed(&with_places(&print), &leader, (place, appearance), None);
            let (appearance, size) = own(seal(pictured.then(round_seal)));
            let over = if pictured { print.seal_over(place, size) } else { print.seal_beside(place, size) }.unwrap();
            if pictured {
                let covered = (over.rectangle.right - place.rectangle.left) / place.rectangle.size().width;
                assert!((covered - 1.0 / 3.0).abs() < 0.001, "form {number}: {covered}");
            }
            let file = signed(&file, &agency, (over, appearance), issue(&print));
            show(&format!("own-{number}-{n}.pdf"), &file);
            accept(&file, 2);
            for reserved in places::places(&file).unwrap() {
                let spot = if reserved.place.kind == PlaceKind::Number { Spot::Number } else { Spot::Date };
                let mark = print.mark(spot).unwrap();
                let found: [f32; 4] = reserved.place.rectangle.corners();
                assert!(found.iter().zip(mark.rectangle.corners()).all(|(a, b)| (a - b).abs() < 0.01), "{found:?}");
                assert!(reserved.text.is_some() && reserved.place.page == mark.page);
            }
        }
    }
}
