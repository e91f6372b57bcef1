//! What foreign signatures forbid after them (DocMDP, FieldMDP): we do not sign against it, and tell when others did.

use crate::authority::{World, key, options};
use crate::desk;
use crate::fixture::{Shape, document, stamp};
use crate::number::{issue, reserved};
use crate::oracle;
use signing::verify::{Code, Report, Verdict, verify};
use signing::{Level, Placement, Rectangle, SigningError, check_signable, places, prepare, renew, sign};
use types::Timestamp;

/// With two fields to fill in. They show nothing yet: a locked field that has a picture is one that pyHanko 0.38 calls changed
/// with every later revision.
fn base() -> Vec<u8> {
    document(Shape { fields: true, ..Shape::default() })
}

fn try_to_sign(file: &[u8], is_seen: bool) -> Result<Vec<u8>, SigningError> {
    let key = key("p256");
    let mut options = options(&key);
    if is_seen {
        let rectangle = Rectangle { left: 300.0, bottom: 100.0, right: 420.0, top: 160.0 };
        options.placement = Some(Placement { page: 0, rectangle, appearance: stamp() });
    }
    sign(file, &options, &key, Level::Timestamped, &World::new().services())
}

fn report(file: &[u8]) -> Report {
    verify(file, &desk::trust(), Timestamp::now(), &desk::evidence())
}

/// pyHanko and our verifier believe all signatures.
fn believed(file: &[u8], count: usize) {
    oracle::accept(file, count);
    let report = report(file);
    assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
}

fn field_locked(name: &str) -> SigningError {
    SigningError::FieldLocked(name.to_owned())
}

#[test]
fn a_level_that_allows_nothing_is_honoured() {
    for verb in ["certify:1", "limit:1"] {
        let file = oracle::make(verb, &base());
        for is_seen in [false, true] {
            assert_eq!(try_to_sign(&file, is_seen).unwrap_err(), SigningError::Locked, "{verb}");
        }
        assert_eq!(check_signable(&file), Err(SigningError::Locked), "{verb}");
    }
    assert!(SigningError::Locked.to_string().contains("không cho ký thêm"));
}

#[test]
fn a_level_that_allows_to_sign_allows_it_without_a_picture() {
    for verb in ["certify:2", "certify:3", "limit:2", "limit:3"] {
        let file = oracle::make(verb, &base());
        believed(&try_to_sign(&file, false).unwrap(), 2);
        // With a picture of its own, pyHanko and our verifier would no longer believe the first signature.
        assert_eq!(try_to_sign(&file, true).unwrap_err(), SigningError::PictureForbidden, "{verb}");
        assert_eq!(check_signable(&file), Err(SigningError::PictureForbidden), "{verb}");
        let seen = oracle::make("sign-seen:Second", &file);
        assert_eq!(oracle::said(&seen)[0]["bottom_line"], false, "{verb}");
        assert!(locked_change(&report(&seen)), "{verb}");
    }
}

#[test]
fn the_strictest_of_several_levels_counts() {
    let mut file = oracle::make("certify:3", &base());
    file = try_to_sign(&file, false).unwrap();
    assert_eq!(check_signable(&file), Err(SigningError::PictureForbidden));
    // A plain signature says nothing, and takes nothing away either.
    let plain = oracle::make("sign", &base());
    assert_eq!(check_signable(&plain), Ok(()));
    believed(&try_to_sign(&plain, true).unwrap(), 2);
}

#[test]
fn fields_that_a_lock_names_are_not_signed() {
    for verb in ["lock:All", "lock:Include:Signature-2", "lock:Exclude:HoTen", "lock:Exclude:Signature-20"] {
        let file = oracle::make(verb, &base());
        for is_seen in [false, true] {
            assert_eq!(try_to_sign(&file, is_seen).unwrap_err(), field_locked("Signature-2"), "{verb}");
        }
        assert_eq!(check_signable(&file), Err(field_locked("Signature-2")), "{verb}");
    }
    assert!(field_locked("Signature-2").to_string().contains("khóa ô «Signature-2»"));
}

#[test]
fn fields_that_a_lock_leaves_are_signed() {
    for verb in
        ["lock:Include:HoTen", "lock:Include:Signature", "lock:Exclude:Signature-2", "lock:Exclude:HoTen:Signature-2"]
    {
        let file = oracle::make(verb, &base());
        believed(&try_to_sign(&file, true).unwrap(), 2);
        believed(&try_to_sign(&file, false).unwrap(), 2);
    }
}

#[test]
fn places_that_a_lock_leaves_are_filled() {
    let base = reserved(&document(Shape::default()));
    let filled = |verb: &str| places::fill(&oracle::make(verb, &base), &issue("12/QĐ-UBND"));
    for verb in ["lock:Include:DocumentNumber", "lock:Exclude:Signature-2"] {
        assert_eq!(filled(verb), Err(field_locked("DocumentNumber")), "{verb}");
    }
    for verb in [
        "lock:Include:Signature",
        "lock:Include:Document",
        "lock:Exclude:DocumentNumber:DocumentNumber-2:DocumentDate:Signature-2",
    ] {
        believed(&try_to_sign(&filled(verb).unwrap(), true).unwrap(), 2);
    }
    // Certified: the seal needs a place of its own, and number and date may be filled.
    let certified = filled("certify:2").unwrap();
    believed(&try_to_sign(&certified, false).unwrap(), 2);
}

#[test]
fn evidence_and_timestamps_follow_whatever_is_locked() {
    let world = World::new();
    for verb in ["certify:1", "certify:2", "limit:1", "lock:All"] {
        let file = renew(&oracle::make(verb, &base()), &world.services()).unwrap();
        believed(&file, 2);
        let again = renew(&file, &world.services()).unwrap();
        believed(&again, 3);
    }
}

fn locked_change(report: &Report) -> bool {
    let mut findings = report.signatures[0].findings.iter();
    report.verdict == Verdict::Invalid && findings.any(|finding| finding.code == Code::LockedChange)
}

#[test]
fn later_changes_of_what_is_locked_are_told() {
    let changes = ["fill:HoTen:An", "fill:GhiChu:An", "sign:Second", "sign-seen:Second"];
    let locks = [
        // Which of the changes a lock forbids.
        ("lock:All", [true, true, true, true]),
        ("lock:Include:HoTen", [true, false, false, false]),
        ("lock:Include:HoTen:Second", [true, false, true, true]),
        ("lock:Exclude:HoTen", [false, true, true, true]),
        ("lock:Exclude:Second", [true, true, false, false]),
        ("limit:2", [false, false, false, true]),
        ("certify:2", [false, false, false, true]),
        ("certify:3", [false, false, false, true]),
        ("sign", [false, false, false, false]),
    ];
    for (lock, forbidden) in locks {
        let file = oracle::make(lock, &base());
        for (change, forbidden) in changes.iter().zip(forbidden) {
            let changed = oracle::make(change, &file);
            let report = report(&changed);
            assert_eq!(locked_change(&report), forbidden, "{lock}, {change}: {report:#?}");
            assert_eq!(oracle::said(&changed)[0]["bottom_line"], !forbidden, "pyHanko: {lock}, {change}");
        }
    }
}

/// A signed file with some of its bytes exchanged for others; whether it is signed rightly is not asked before signing.
fn exchanged(file: &[u8], from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let place = file.windows(from.len()).position(|window| window == from.as_bytes());
    let place = place.unwrap_or_else(|| panic!("no {from}"));
    [&file[..place], to.as_bytes(), &file[place + from.len()..]].concat()
}

#[test]
fn what_is_not_understood_locks_everything() {
    let key = key("p256");
    let refused = |file: &[u8]| prepare(file, &options(&key)).map(|_| ()).unwrap_err();
    let certified = oracle::make("certify:3", &base());
    for level in ["1", "0", "9", "(", "R"] {
        let odd = exchanged(&certified, "/V /1.2\n/P 3", &format!("/V /1.2\n/P {level}"));
        let error = refused(&odd);
        assert!(matches!(error, SigningError::Locked | SigningError::Damaged(_)), "{level}: {error:?}");
    }
    let locked = oracle::make("lock:Include:HoTen", &base());
    assert!(prepare(&locked, &options(&key)).is_ok());
    // The transform is one of two places that say it; the field's lock is the other.
    let odd = exchanged(&locked, "/Action /Include", "/Action /Inklude");
    assert_eq!(refused(&odd), field_locked("Signature-2"));
    let elsewhere = exchanged(&odd, "/Action /Include", "/Action /Inklude");
    assert_eq!(refused(&elsewhere), field_locked("Signature-2"));
}
