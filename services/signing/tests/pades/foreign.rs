//! Files of other programs: office programs, scanners, printers. What each is and how it was made is in `foreign/README.md`.

use crate::authority::{World, key, options};
use crate::desk;
use crate::fixture::stamp;
use crate::oracle;
use crate::paper::Paper;
use signing::verify::{ChangeClass, Evidence, Report, Verdict, Weight, verify};
use signing::{Level, Placement, Rectangle, SigningError, check_signable, page_sizes, sign};
use types::Timestamp;

/// The files, those that are beyond what we sign (`bad-…`) or the others.
fn files(bad: bool) -> Vec<(String, Vec<u8>)> {
    let folder = testkit::checkout("services/signing/tests/pades/foreign");
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        if path.extension().is_some_and(|end| end == "pdf") && name.starts_with("bad-") == bad {
            let bytes = std::fs::read(path).unwrap();
            assert!(bytes.len() <= 50 << 10, "{name} is too large to be kept");
            found.push((name, bytes));
        }
    }
    found.sort();
    found
}

fn of(name: &str) -> Vec<u8> {
    files(false).into_iter().chain(files(true)).find(|(known, _)| known == name).unwrap().1
}

/// Signed by a person with RSA, and by the agency with P-256 over a third of that.
fn signed(base: &[u8], level: Level, world: &World) -> Vec<u8> {
    let mut file = base.to_vec();
    for (name, left) in [("rsa2048", 300.0), ("p256", 220.0)] {
        let key = key(name);
        let mut options = options(&key);
        let rectangle = Rectangle { left, bottom: 100.0, right: left + 120.0, top: 160.0 };
        options.placement = Some(Placement { page: 0, rectangle, appearance: stamp() });
        let more = sign(&file, &options, &key, level, &world.services()).unwrap_or_else(|error| panic!("{error:?}"));
        assert!(more.starts_with(&file), "nothing that was there may change");
        file = more;
    }
    file
}

fn report(file: &[u8], evidence: &Evidence) -> Report {
    verify(file, &desk::trust(), Timestamp::now(), evidence)
}

/// Nothing about the file or its signatures is to be looked at.
fn believed_by_us(name: &str, report: &Report) {
    assert!(report.findings.iter().all(|finding| finding.weight == Weight::Note), "{name}: {report:#?}");
    for signature in &report.signatures {
        assert_eq!(signature.verdict(), Verdict::Valid, "{name}: {signature:#?}");
        assert!(signature.changes.iter().all(|change| change.class == ChangeClass::Allowed), "{name}: {signature:#?}");
    }
}

fn at_level(level: Level) {
    let world = World::new();
    for (name, base) in files(false) {
        let file = signed(&base, level, &world);
        let stamps = if level == Level::Archive { 2 } else { 0 };
        let verdicts = oracle::accept(&file, 2 + stamps);
        for (place, verdict) in verdicts.iter().take(2).enumerate() {
            let last = place == 1 && level < Level::LongTerm;
            assert_eq!(verdict["coverage"], if last { "ENTIRE_FILE" } else { "ENTIRE_REVISION" }, "{name}");
            assert_eq!(verdict["timestamp"], level != Level::Basic, "{name}: {verdict:#?}");
        }
        match level {
            Level::Basic | Level::Timestamped => believed_by_us(&name, &report(&file, &desk::evidence())),
            // From here on the file carries all that is needed.
            Level::LongTerm => oracle::accept_long_term(&file, 2),
            Level::Archive => oracle::accept_archive(&file, 2),
        }
        if level >= Level::LongTerm {
            believed_by_us(&name, &report(&file, &Evidence::default()));
        }
    }
}

#[test]
fn files_of_other_programs_are_signed() {
    at_level(Level::Basic);
}

#[test]
fn files_of_other_programs_are_signed_and_stamped() {
    at_level(Level::Timestamped);
}

#[test]
fn files_of_other_programs_are_signed_with_evidence() {
    at_level(Level::LongTerm);
}

#[test]
fn files_of_other_programs_are_signed_and_archived() {
    at_level(Level::Archive);
}

#[test]
fn a_foreign_signature_on_them_stays_valid() {
    let world = World::new();
    for (name, base) in files(false) {
        let foreign = oracle::make("sign", &base);
        let file = signed(&foreign, Level::Basic, &world);
        let verdicts = oracle::accept(&file, 3);
        assert_eq!(verdicts[0]["field"], "Signature", "{name}");
        believed_by_us(&name, &report(&file, &desk::evidence()));
    }
}

#[test]
fn the_pages_stay_as_they_were_but_for_the_pictures() {
    let world = World::new();
    for (name, base) in files(false) {
        let file = signed(&base, Level::Basic, &world);
        let turned = page_sizes(&base).unwrap()[0].rotate_degrees != 0;
        let place = Paper::of(&file, 1).differs_within(&Paper::of(&base, 1)).unwrap_or_else(|| panic!("{name}"));
        // 220 to 420 by 100 to 160, with a point for the edge; a turned page lies otherwise.
        let [left, bottom, right, top] = place;
        let within = left >= 218 && right <= 422 && bottom >= 98 && top <= 162;
        assert!(within || turned, "{name}: {place:?}");
    }
}

#[test]
fn what_is_written_is_of_the_kind_that_the_file_has() {
    for (name, base) in files(false) {
        let added = signed(&base, Level::Basic, &World::new()).split_off(base.len());
        let has = |word: &[u8]| added.windows(word.len()).any(|window| window == word);
        let streams = ["libreoffice-streams", "qpdf-streams", "qpdf-linearized-streams"].contains(&name.as_str())
            || name.starts_with("scan-ocrmypdf");
        assert_eq!((has(b"/XRef"), has(b"\nxref\n")), (streams, !streams), "{name}");
        assert!(!has(b"/XRefStm"), "{name}: the old table is reached by /Prev, with its stream");
    }
}

#[test]
fn what_programs_read_differently_is_refused_and_says_what_to_do() {
    for (name, base) in files(true) {
        let key = key("p256");
        let error = sign(&base, &options(&key), &key, Level::Basic, &World::new().services()).unwrap_err();
        let wrapped = name.starts_with("bad-job-before") || name == "bad-far-behind";
        match &error {
            SigningError::Surrounded(_) if wrapped => assert!(error.to_string().contains("máy quét"), "{error}"),
            SigningError::Damaged(_) if !wrapped => assert!(error.to_string().contains("xuất lại"), "{error}"),
            other => panic!("{name}: {other:?}"),
        }
        let asked = check_signable(&base).unwrap_err();
        assert_eq!(asked.to_string(), error.to_string(), "{name}");
    }
}

/// Every cut and every changed byte of the odd ones is refused or signed, and nothing panics; a row that says something else
/// than it did is never evened out into another object.
#[test]
fn odd_files_with_a_changed_byte_are_refused_or_read_as_the_verifier_reads_them() {
    for name in ["like-scanner-short-rows", "like-scanner-cr-short-rows", "like-scanner-header-text"] {
        let base = of(name);
        check_signable(&base).unwrap();
        for place in 0..base.len() {
            for bit in [0, 2, 6] {
                let mut changed = base.clone();
                changed[place] ^= 1 << bit;
                let _ = check_signable(&changed);
            }
            let _ = check_signable(&base[..place]);
        }
        let table = base.windows(4).position(|window| window == b"xref").unwrap();
        let row = table
            + base[table..]
                .windows(9)
                .position(|window| window == b" 00000 n\r" || window == b" 00000 n\n")
                .unwrap_or(0);
        if name.ends_with("short-rows") {
            // The last digit of the first object's place.
            let mut moved = base.clone();
            moved[row - 1] ^= 1;
            assert!(matches!(check_signable(&moved), Err(SigningError::Damaged(_))), "{name}");
        }
    }
}
