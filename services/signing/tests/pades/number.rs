//! Person, then number and date, then seal: the ways in which number and date can come onto a signed page.

use crate::authority::{World, key, options};
use crate::desk;
use crate::fixture::{Shape, document, picture, stamp};
use crate::oracle;
use crate::paper::Paper;
use signing::verify::{ChangeClass, Issued, Report, Verdict, verify_with_issue};
use signing::{
    HOLE_BYTES_PLAIN, Issue, Level, Options, Place, PlaceKind, Placement, Rectangle, extend_long_term, places, renew,
    sign,
};
use types::{Day, Timestamp};

pub const NUMBER: Rectangle = Rectangle { left: 72.0, bottom: 750.0, right: 192.0, top: 770.0 };
pub const DATE: Rectangle = Rectangle { left: 330.0, bottom: 750.0, right: 530.5, top: 770.0 };
const SEAL: Rectangle = Rectangle { left: 300.0, bottom: 100.0, right: 420.0, top: 160.0 };

/// Number and date on the first page, and the number again on the second, as for an attachment.
pub fn reserved(base: &[u8]) -> Vec<u8> {
    let place = |kind, page, rectangle| Place { kind, page, rectangle };
    let all =
        [place(PlaceKind::Number, 0, NUMBER), place(PlaceKind::Date, 0, DATE), place(PlaceKind::Number, 1, NUMBER)];
    places::reserve(base, &all).unwrap()
}

pub fn day() -> Day {
    "2026-11-20".parse().unwrap()
}

fn words(words: &str) -> Vec<u8> {
    picture(120, 20, &format!("BT /F 12 Tf 4 5 Td ({words}) Tj ET"))
}

/// Number and date with their pictures.
pub fn issue(number: &str) -> Issue {
    let pictures = vec![words(number), words("ngay 20 thang 11 nam 2026"), words(number)];
    Issue { number: Some(number.to_owned()), date: Some(day()), pictures }
}

pub fn leader(base: &[u8], level: Level) -> Vec<u8> {
    let key = key("rsa2048");
    let mut options = options(&key);
    options.placement = Some(Placement { page: 0, rectangle: SEAL, appearance: stamp() });
    sign(base, &options, &key, level, &World::new().services()).unwrap()
}

/// The agency's seal, over a third of the leader's signature.
pub fn sealed(base: &[u8], level: Level, change: impl Fn(&mut Options)) -> Vec<u8> {
    let key = key("p256");
    let mut options = options(&key);
    let rectangle = Rectangle { left: SEAL.left - 80.0, right: SEAL.right - 80.0, ..SEAL };
    options.placement = Some(Placement { page: 0, rectangle, appearance: stamp() });
    change(&mut options);
    sign(base, &options, &key, level, &World::new().services()).unwrap()
}

pub fn judged(file: &[u8]) -> (Report, Option<Issued>) {
    verify_with_issue(file, &desk::trust(), Timestamp::now(), &desk::evidence())
}

/// Everybody believes both signatures, and number and date are read from the file.
fn believed(file: &[u8]) {
    let verdicts = oracle::accept(file, 2);
    assert_eq!(
        (&verdicts[0]["coverage"], &verdicts[0]["changes"]),
        (&"ENTIRE_REVISION".into(), &"FORM_FILLING".into())
    );
    let (report, issued) = judged(file);
    assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
    let expected = Issued { number: Some("12/QĐ-UBND".to_owned()), date: Some(day()), signature: 1 };
    assert_eq!(issued, Some(expected), "{report:#?}");
    // The leader's signature tells what was written, so that it can be compared with the page.
    let told =
        |words: &str| report.signatures[0].changes.iter().filter(|change| change.sentence.contains(words)).count();
    assert_eq!((told("«12/QĐ-UBND»"), told("«ngày 20 tháng 11 năm 2026»")), (2, 1));
    assert!(report.signatures[0].changes.iter().all(|change| change.class == ChangeClass::Allowed));
    // Reserving is not editing.
    assert_eq!(report.findings, Vec::new());
}

#[test]
fn number_and_date_come_with_the_seal() {
    for level in [Level::Basic, Level::Timestamped] {
        let signed = leader(&reserved(&document(Shape::default())), level);
        oracle::accept(&signed, 1);
        assert_eq!(judged(&signed).1, None, "nothing is written yet");
        let file = sealed(&signed, level, |options| options.issue = Some(issue("12/QĐ-UBND")));
        assert!(file.starts_with(&signed));
        believed(&file);
        let added = String::from_utf8_lossy(&file[signed.len()..]).into_owned();
        assert_eq!(added.matches("startxref").count(), 1, "one update for both");
        assert!(added.contains("/FieldMDP"), "the seal locks them");
    }
}

#[test]
fn number_and_date_come_in_an_update_of_their_own() {
    for level in [Level::Basic, Level::Timestamped] {
        let signed = leader(&reserved(&document(Shape::default())), level);
        let filled = places::fill(&signed, &issue("12/QĐ-UBND")).unwrap();
        // Valid so far, but nobody vouches for what was written.
        assert_eq!(oracle::accept(&filled, 1)[0]["changes"], "FORM_FILLING");
        let (report, issued) = judged(&filled);
        assert_eq!((report.verdict, issued), (Verdict::ValidWithChanges, None));
        let file = sealed(&filled, level, |_| {});
        assert!(String::from_utf8_lossy(&file[filled.len()..]).contains("/FieldMDP"));
        believed(&file);
    }
}

#[test]
fn a_seal_made_with_the_desktop_tool_vouches_for_them_too() {
    // The leader signs with a program of ours, the agency's token is at the clerk's computer.
    let person = key("rsa3072");
    let base = reserved(&document(Shape::default()));
    let mut own = options(&person);
    own.field = "Leader".to_owned();
    let signed = sign(&base, &own, &person, Level::Basic, &World::new().services()).unwrap();
    let filled = places::fill(&signed, &issue("12/QĐ-UBND")).unwrap();
    let returned = oracle::make("sign", &filled);
    let accepted = desk::Office::waiting_for(&key("rsa2048")).accept(&filled, &returned).unwrap();
    assert_eq!(accepted.changes, Vec::new());
    oracle::accept(&returned, 2);
    let (report, issued) = judged(&returned);
    assert_eq!((report.verdict, issued.unwrap().signature), (Verdict::Valid, 1));
    // The leader may sign with the tool as well.
    let returned = oracle::make("sign", &base);
    assert!(desk::Office::waiting_for(&key("rsa2048")).accept(&base, &returned).is_ok());
}

#[test]
fn every_shape_of_file_takes_them() {
    for streams in [false, true] {
        for indirect_annotations in [false, true] {
            for direct_form in [false, true] {
                let base = document(Shape { streams, indirect_annotations, direct_form, ..Shape::default() });
                let signed = leader(&reserved(&base), Level::Basic);
                believed(&sealed(&signed, Level::Basic, |options| options.issue = Some(issue("12/QĐ-UBND"))));
            }
        }
    }
}

#[test]
fn they_last_as_long_as_the_signatures() {
    let services = World::new();
    let signed = leader(&reserved(&document(Shape::default())), Level::LongTerm);
    let file = sealed(&signed, Level::LongTerm, |options| options.issue = Some(issue("12/QĐ-UBND")));
    oracle::accept_long_term(&file, 2);
    let archived = renew(&extend_long_term(&file, &services.services()).unwrap(), &services.services()).unwrap();
    oracle::accept_archive(&archived, 2);
    let (report, issued) = judged(&archived);
    assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
    assert_eq!(issued.unwrap().number.as_deref(), Some("12/QĐ-UBND"));
    // A copy that another agency certifies.
    let copied = sealed(&archived, Level::Timestamped, |options| options.placement = None);
    assert_eq!(judged(&copied).0.verdict, Verdict::Valid);
    assert_eq!(judged(&copied).1.unwrap().signature, 1, "the first seal vouches, not the copy's");
    oracle::accept(&copied, 4);
}

#[test]
fn several_persons_sign_before() {
    let once = leader(&reserved(&document(Shape::default())), Level::Basic);
    let other = key("rsa3072");
    let twice = sign(&once, &options(&other), &other, Level::Basic, &World::new().services()).unwrap();
    let file = sealed(&twice, Level::Basic, |options| options.issue = Some(issue("12/QĐ-UBND")));
    oracle::accept(&file, 3);
    let (report, issued) = judged(&file);
    assert_eq!((report.verdict, issued.unwrap().signature), (Verdict::Valid, 2));
}

#[test]
fn places_are_found_again() {
    let file = reserved(&document(Shape::default()));
    let found = places::places(&file).unwrap();
    let names: Vec<&str> = found.iter().map(|place| place.field.as_str()).collect();
    assert_eq!(names, ["DocumentNumber", "DocumentDate", "DocumentNumber-2"]);
    assert_eq!(found[1].place, Place { kind: PlaceKind::Date, page: 0, rectangle: DATE });
    assert_eq!((found[2].place.page, &found[2].text), (1, &None));
    let filled = places::fill(&file, &issue("12/QĐ-UBND")).unwrap();
    let said: Vec<Option<String>> = places::places(&filled).unwrap().into_iter().map(|place| place.text).collect();
    assert_eq!(said[0].as_deref(), Some("12/QĐ-UBND"));
    assert_eq!(said[1].as_deref(), Some("ngày 20 tháng 11 năm 2026"));
    // Written before anybody signs, they are vouched for by whoever signs first.
    let (report, issued) = judged(&leader(&filled, Level::Basic));
    assert_eq!((report.verdict, issued.unwrap().signature), (Verdict::Valid, 0));
}

#[test]
fn an_empty_place_is_not_seen_and_a_filled_one_stays_within_itself() {
    let base = document(Shape::default());
    let signed = reserved(&base);
    assert!(Paper::of(&base, 1) == Paper::of(&signed, 1));
    // A picture that goes far beyond its own page.
    let mut issue = issue("12/QĐ-UBND");
    issue.pictures = vec![picture(120, 20, "0 g -900 -900 2000 2000 re f"); 3];
    let filled = places::fill(&signed, &issue).unwrap();
    let within = Paper::of(&filled, 1).differs_within(&Paper::of(&base, 1)).unwrap();
    let close = |is: usize, wanted: f32| (is as f32 - wanted).abs() <= 2.0;
    let [left, bottom, right, top] = within;
    assert!(close(left, NUMBER.left) && close(right, DATE.right), "{within:?}");
    assert!(close(bottom, NUMBER.bottom) && close(top, NUMBER.top), "{within:?}");
}

#[test]
fn what_is_filled_in_hides_nothing() {
    // The place lies over the heading, and the picture is white with other words.
    let base = document(Shape::default());
    let over = Rectangle { left: 70.0, bottom: 695.0, right: 220.0, top: 722.0 };
    let signed = places::reserve(&base, &[Place { kind: PlaceKind::Number, page: 0, rectangle: over }]).unwrap();
    let fill = |drawing: &str| {
        let pictures = vec![picture(150, 27, drawing)];
        places::fill(&signed, &Issue { number: Some("99".to_owned()), date: None, pictures }).unwrap()
    };
    let before = Paper::of(&base, 1);
    assert!(Paper::of(&fill("1 g 0 0 150 27 re f"), 1) == before, "white is no ink");
    let after = Paper::of(&fill("1 g 0 0 150 27 re f 0 g BT /F 12 Tf 4 5 Td (99) Tj ET"), 1);
    assert!(after != before && after.is_nowhere_lighter_than(&before));
}

#[test]
fn typeset_before_the_first_signature_they_need_nothing() {
    // The other way: the number is taken from the register before the leader signs.
    let signed = leader(&document(Shape::default()), Level::Timestamped);
    let file = sealed(&signed, Level::Timestamped, |_| {});
    oracle::accept(&file, 2);
    assert_eq!((judged(&file).0.verdict, judged(&file).1), (Verdict::Valid, None));
}

#[test]
fn shown_by_the_seal_itself_they_need_a_picture_of_the_whole_page() {
    // One picture from the number down to the seal, transparent between. pyHanko has nothing against it; a person who looks
    // must, for it could hide everything.
    let signed = leader(&document(Shape::default()), Level::Timestamped);
    let rectangle = Rectangle { left: 60.0, bottom: 100.0, right: 540.0, top: 780.0 };
    let file = sealed(&signed, Level::Timestamped, |options| {
        options.placement = Some(Placement { page: 0, rectangle, appearance: picture(480, 680, "") });
    });
    assert_eq!(oracle::accept(&file, 2)[0]["changes"], "FORM_FILLING");
    assert_eq!(judged(&file).0.verdict, Verdict::ValidWithChanges);
}

#[test]
fn shown_by_a_signature_of_their_own_they_cost_the_agency_two() {
    let signed = leader(&document(Shape::default()), Level::Basic);
    let numbered = sealed(&signed, Level::Basic, |options| {
        options.field = "Number".to_owned();
        options.hole_bytes = HOLE_BYTES_PLAIN;
        options.placement = Some(Placement { page: 0, rectangle: NUMBER, appearance: words("12/QD-UBND") });
    });
    let dated = sealed(&numbered, Level::Basic, |options| {
        options.field = "Date".to_owned();
        options.placement = Some(Placement { page: 0, rectangle: DATE, appearance: words("ngay 20 thang 11") });
    });
    let file = sealed(&dated, Level::Basic, |_| {});
    oracle::accept(&file, 4);
    assert_eq!(judged(&file).0.verdict, Verdict::Valid);
}

#[test]
fn a_third_signature_locks_nothing_again_and_is_archived() {
    let world = World::new();
    let base = reserved(&document(Shape::default()));
    let sealed =
        sealed(&leader(&base, Level::Basic), Level::Basic, |options| options.issue = Some(issue("12/QĐ-UBND")));
    let key = key("p384");
    let third = sign(&sealed, &options(&key), &key, Level::Archive, &world.services()).unwrap();
    let locks = |file: &[u8]| file.windows(8).filter(|window| window == b"FieldMDP").count();
    assert_eq!((locks(&sealed), locks(&third)), (1, 1));
    // A lock by the third signature of what the seal wrote would make pyHanko call the archive a change.
    oracle::accept(&renew(&third, &world.services()).unwrap(), 5);
    assert_eq!(judged(&third).0.verdict, Verdict::Valid);
}
