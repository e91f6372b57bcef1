//! What is refused when number and date are written, and what validators say when somebody writes them all the same.

use crate::authority::{World, key, options};
use crate::fixture::{Shape, document, picture};
use crate::number::{DATE, NUMBER, day, issue, judged, leader, reserved, sealed};
use crate::oracle;
use signing::verify::{Code, Verdict};
use signing::{Issue, Level, Place, PlaceKind, Rectangle, SigningError, places, prepare};

fn signed() -> Vec<u8> {
    leader(&reserved(&document(Shape::default())), Level::Basic)
}

#[test]
fn places_are_reserved_before_anybody_signs_and_are_small() {
    let base = document(Shape::default());
    let reserve = |page, rectangle| places::reserve(&base, &[Place { kind: PlaceKind::Number, page, rectangle }]);
    assert_eq!(reserve(2, NUMBER).unwrap_err(), SigningError::NoSuchPage(2));
    for (right, top) in [(72.0, 770.0), (192.0, 740.0), (f32::NAN, 770.0), (f32::INFINITY, 770.0), (500.0, 800.0)] {
        assert_eq!(reserve(0, Rectangle { right, top, ..NUMBER }).unwrap_err(), SigningError::BadRectangle);
    }
    let one = [Place { kind: PlaceKind::Date, page: 0, rectangle: DATE }];
    let refused = places::reserve(&signed(), &one).unwrap_err();
    assert_eq!(refused, SigningError::AlreadySigned);
    assert!(refused.to_string().contains("đã có chữ ký"));
    for bytes in [&b""[..], b"%PDF-1.7\n", &base[..base.len() / 2]] {
        assert!(matches!(places::reserve(bytes, &one), Err(SigningError::Damaged(_))));
        assert!(matches!(places::fill(bytes, &issue("1")), Err(SigningError::Damaged(_))));
        assert!(matches!(places::places(bytes), Err(SigningError::Damaged(_))));
    }
}

#[test]
fn an_issue_fits_the_places_or_is_refused() {
    let signed = signed();
    let fill = |change: fn(&mut Issue)| {
        let mut issue = issue("12/QĐ-UBND");
        change(&mut issue);
        places::fill(&signed, &issue).map(|_| ())
    };
    assert_eq!(fill(|_| {}), Ok(()));
    assert_eq!(fill(|issue| issue.number = None), Err(SigningError::NoPlace));
    assert_eq!(fill(|issue| issue.date = None), Err(SigningError::NoPlace));
    assert_eq!(fill(|issue| issue.number = Some("12\u{202E}".to_owned())), Err(SigningError::BadNumber));
    assert_eq!(fill(|issue| issue.number = Some(String::new())), Err(SigningError::BadNumber));
    assert!(matches!(fill(|issue| drop(issue.pictures.pop())), Err(SigningError::BadAppearance(_))));
    assert!(matches!(fill(|issue| issue.pictures[1] = b"%PDF-".to_vec()), Err(SigningError::BadAppearance(_))));
    let nowhere = leader(&document(Shape::default()), Level::Basic);
    assert_eq!(places::fill(&nowhere, &issue("12")), Err(SigningError::NoPlace));
    let nothing = Issue { number: None, date: None, pictures: Vec::new() };
    assert_eq!(places::fill(&nowhere, &nothing), Err(SigningError::NoPlace));
    // The same when it comes with a signature.
    let mut options = options(&key("p256"));
    options.issue = Some(issue("12"));
    assert_eq!(prepare(&nowhere, &options).unwrap_err(), SigningError::NoPlace);
    assert!(prepare(&signed, &options).is_ok());
}

#[test]
fn number_and_date_are_written_once() {
    let filled = places::fill(&signed(), &issue("12/QĐ-UBND")).unwrap();
    assert_eq!(places::fill(&filled, &issue("99/QĐ-UBND")), Err(SigningError::PlaceFilled));
    let sealed = sealed(&signed(), Level::Basic, |options| options.issue = Some(issue("12/QĐ-UBND")));
    assert_eq!(places::fill(&sealed, &issue("99/QĐ-UBND")), Err(SigningError::PlaceFilled));
    let mut options = options(&key("p256"));
    options.issue = Some(issue("99/QĐ-UBND"));
    assert_eq!(prepare(&sealed, &options).unwrap_err(), SigningError::PlaceFilled);
}

#[test]
fn what_the_leader_locked_is_not_written() {
    let base = reserved(&document(Shape::default()));
    let field = |name: &str| SigningError::FieldLocked(name.to_owned());
    for (verb, filling, sealing) in [
        ("certify:1", SigningError::Locked, SigningError::Locked),
        ("limit:1", SigningError::Locked, SigningError::Locked),
        ("lock:All", field("DocumentNumber"), field("Signature-2")),
        ("lock:Include:DocumentDate", field("DocumentDate"), field("DocumentDate")),
        ("lock:Exclude:DocumentNumber:Signature-2", field("DocumentDate"), field("DocumentDate")),
    ] {
        let locked = oracle::make(verb, &base);
        assert_eq!(places::fill(&locked, &issue("12/QĐ-UBND")), Err(filling), "{verb}");
        let mut options = options(&key("p256"));
        options.issue = Some(issue("12/QĐ-UBND"));
        assert_eq!(prepare(&locked, &options).unwrap_err(), sealing, "{verb}");
    }
}

/// A number written over the one that is there, as a program would that does not ask.
fn overwritten(file: &[u8]) -> Vec<u8> {
    oracle::make("fill:DocumentNumber:99/QD-UBND", file)
}

#[test]
fn another_number_after_the_seal_is_refused_by_all_but_pdfsig() {
    let sealed = sealed(&signed(), Level::Timestamped, |options| options.issue = Some(issue("12/QĐ-UBND")));
    let file = overwritten(&sealed);
    let said: Vec<bool> = oracle::said(&file).iter().map(|said| said["bottom_line"] == true).collect();
    // The leader's signature alone would admit it; the seal locks the field.
    assert_eq!(said, [true, false]);
    let (report, issued) = judged(&file);
    assert_eq!((report.verdict, issued), (Verdict::Invalid, None));
    assert!(report.signatures.iter().all(|signature| signature.verdict() == Verdict::Invalid));
    assert_eq!(oracle::pdfsig(&file).matches("Signature is Valid.").count(), 2, "it does not compare");
}

#[test]
fn another_number_before_the_seal_is_refused_by_us() {
    let file = overwritten(&places::fill(&signed(), &issue("12/QĐ-UBND")).unwrap());
    let file = sealed(&file, Level::Basic, |_| {});
    oracle::accept(&file, 2);
    assert_eq!((judged(&file).0.verdict, judged(&file).1), (Verdict::Invalid, None));
}

#[test]
fn a_place_left_open_by_a_seal_is_told() {
    // Sealed without a number, and numbered afterwards: nobody vouches for it.
    let file = places::fill(&sealed(&signed(), Level::Basic, |_| {}), &issue("12/QĐ-UBND")).unwrap();
    oracle::accept(&file, 2);
    let (report, issued) = judged(&file);
    assert_eq!((report.verdict, issued), (Verdict::ValidWithChanges, None));
    // A timestamp over the document says when, and not who.
    let stamped = signing::add_document_timestamp(&file, &World::new().services()).unwrap();
    assert_eq!((judged(&stamped).0.verdict, judged(&stamped).1), (Verdict::ValidWithChanges, None));
}

#[test]
fn places_that_contradict_each_other_are_refused() {
    let mut file = places::fill(&signed(), &issue("12/QĐ-UBND")).unwrap();
    // The text of the second number, in hexadecimal digits.
    let hex = |text: &str| {
        data_encoding::HEXUPPER.encode(&text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<_>>())
    };
    let (was, other) = (hex("12/"), hex("99/"));
    let last = file.windows(was.len()).rposition(|window| window == was.as_bytes()).unwrap();
    file[last..last + other.len()].copy_from_slice(other.as_bytes());
    let file = sealed(&file, Level::Basic, |_| {});
    oracle::accept(&file, 2);
    let (report, issued) = judged(&file);
    assert_eq!((report.verdict, issued), (Verdict::Invalid, None));
    assert!(report.findings.iter().any(|finding| finding.code == Code::NumbersDiffer));
}

#[test]
fn what_the_picture_says_is_not_read() {
    // The value is what the seal vouches for and what the report quotes; the picture is what people see. Nobody but whoever
    // seals can make them differ, and no validator notices.
    let mut issue = issue("12/QĐ-UBND");
    issue.pictures[0] = picture(120, 20, "BT /F 12 Tf 4 5 Td (99/QD-UBND) Tj ET");
    let file = sealed(&signed(), Level::Basic, |options| options.issue = Some(issue.clone()));
    oracle::accept(&file, 2);
    let (report, issued) = judged(&file);
    assert_eq!(issued.unwrap().number.as_deref(), Some("12/QĐ-UBND"));
    assert!(report.signatures[0].changes.iter().any(|change| change.sentence.contains("«12/QĐ-UBND»")));
    assert_eq!(issue.date, Some(day()));
}
