//! Hostile input costs bounded time and never a panic: cut, mixed and blown-up files.

use crate::material::set;
use signing::verify::{Evidence, Verdict, verify};
use std::time::{Duration, Instant};
use types::Timestamp;

/// The next of a row of numbers that looks like chance and is the same in every run.
fn next(state: &mut u64) -> usize {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*state >> 33) as usize
}

/// Whether all that differs lies within containers: not everything in them is signed (RFC 5652: spare certificates, the
/// case of hexadecimal digits), and what is signed there is tried by the set.
fn only_in_containers(whole: &[u8], bytes: &[u8]) -> bool {
    let word = b"/Contents <";
    let begins: Vec<usize> = (0..whole.len()).filter(|at| whole[*at..].starts_with(word)).collect();
    let ends = |at: usize| whole[at..].iter().position(|byte| *byte == b'>').map_or(at, |length| at + length);
    let holes: Vec<(usize, usize)> = begins.iter().map(|at| (at + word.len(), ends(*at))).collect();
    let within = |at: usize| holes.iter().any(|(from, to)| (*from..*to).contains(&at));
    whole.len() == bytes.len() && (0..whole.len()).all(|at| whole[at] == bytes[at] || within(at))
}

#[test]
fn damaged_files_are_answered_and_never_accepted_wrongly() {
    let set = set();
    let mut state = 20_261_127;
    let evidence = Evidence { crls: vec![set.read("root.crl"), set.read("sub.crl")], ..Evidence::default() };
    for name in ["two", "xref-streams", "blta", "form-filled-after", "number-with-seal"] {
        let whole = set.read(&format!("{name}.pdf"));
        for round in 0..120 {
            let mut bytes = whole.clone();
            match round % 3 {
                0 => bytes.truncate(next(&mut state) % whole.len()),
                1 => {
                    for _ in 0..=round % 7 {
                        let at = next(&mut state) % bytes.len();
                        bytes[at] = next(&mut state) as u8;
                    }
                }
                _ => {
                    let (from, to) = (next(&mut state) % bytes.len(), next(&mut state) % bytes.len());
                    let piece = bytes[from.min(to)..from.max(to)].to_vec();
                    let at = next(&mut state) % bytes.len();
                    bytes.splice(at..at, piece.into_iter().take(500));
                }
            }
            let report = verify(&bytes, &set.trust, Timestamp::now(), &evidence);
            let harmless = bytes == whole || only_in_containers(&whole, &bytes);
            assert!(report.verdict == Verdict::Invalid || harmless, "{name}, round {round}");
        }
    }
}

/// A file whose objects lie within each other's bytes, so that reading each reads all the rest.
fn nested(count: usize) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n".to_vec();
    let mut places = Vec::new();
    for number in 1..=count {
        places.push(out.len());
        out.extend(format!("{number} 0 obj\n[(").bytes());
    }
    out.extend(b")]\nendobj\n".repeat(count));
    let start = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", count + 1).bytes());
    for place in places {
        out.extend(format!("{place:010} 00000 n \n").bytes());
    }
    out.extend(format!("trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n", count + 1).bytes());
    out
}

#[test]
fn blown_up_files_are_refused_in_time() {
    let trust = &set().trust;
    let brackets = [b"%PDF-1.7\n1 0 obj\n".to_vec(), b"[".repeat(4_000_000)].concat();
    let many = [b"%PDF-1.7\n".to_vec(), b"1 0 obj\n".repeat(500_000), b"startxref\n9\n%%EOF\n".to_vec()].concat();
    for bytes in [brackets, many, nested(20_000), vec![b'%'; 3_000_000]] {
        let began = Instant::now();
        let report = verify(&bytes, trust, Timestamp::now(), &Evidence::default());
        assert_eq!(report.verdict, Verdict::Invalid);
        assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
    }
}

/// A file of many objects and many revisions, each of them whole.
fn often_updated(objects: usize, revisions: usize) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects + 1);
    for number in 1..=objects {
        table.push_str(&format!("{:010} 00000 n \n", out.len()));
        let body = match number {
            1 => "<< /Type /Catalog /Pages 2 0 R >>",
            2 => "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            3 => "<< /Type /Page /Parent 2 0 R >>",
            _ => "[1 0 R 2 0 R 3 0 R]",
        };
        out.extend(format!("{number} 0 obj\n{body}\nendobj\n").bytes());
    }
    let mut last = out.len();
    out.extend(format!("{table}trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{last}\n%%EOF\n", objects + 1).bytes());
    for _ in 1..revisions {
        let begins = out.len();
        let trailer = format!("trailer\n<< /Size {} /Root 1 0 R /Prev {last} >>", objects + 1);
        out.extend(format!("xref\n0 1\n0000000000 65535 f \n{trailer}\nstartxref\n{begins}\n%%EOF\n").bytes());
        last = begins;
    }
    out
}

/// A page with this many places for a number, and an update that fills them all with the page's own content.
fn all_places(count: usize) -> Vec<u8> {
    let place = |number: usize, more: &str| {
        format!(
            "{number} 0 obj\n<</Subtype/Widget/FT/Tx/T(DocumentNumber-{number})/Ff 1/F 4/Rect[0 0 9 9]/P 3 0 R{more}>>\nendobj\n"
        )
    };
    let mut out = b"%PDF-1.7\n".to_vec();
    let list = |out: &mut Vec<u8>, objects: Vec<(usize, String)>, trailer: &str| {
        let mut table = format!("xref\n0 1\n0000000000 65535 f \n{} {}\n", objects[0].0, objects.len());
        for (_, object) in objects {
            table.push_str(&format!("{:010} 00000 n \n", out.len()));
            out.extend(object.into_bytes());
        }
        let start = out.len();
        out.extend(
            format!("{table}trailer\n<</Size {}/Root 1 0 R{trailer}>>\nstartxref\n{start}\n%%EOF\n", count + 5).bytes(),
        );
        start
    };
    let all: String = (4..count + 4).map(|number| format!("{number} 0 R ")).collect();
    let mut objects = vec![
        (1, format!("1 0 obj\n<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[{all}]>>>>\nendobj\n")),
        (2, "2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 595 842]>>\nendobj\n".to_owned()),
        (3, format!("3 0 obj\n<</Type/Page/Parent 2 0 R/Annots[{all}]>>\nendobj\n")),
    ];
    objects.extend((4..count + 4).map(|number| (number, place(number, ""))));
    let first = list(&mut out, objects, "");
    let filled = (4..count + 4).map(|number| (number, place(number, "/V(1)/AP<</N 3 0 R>>"))).collect();
    list(&mut out, filled, &format!("/Prev {first}"));
    out
}

#[test]
fn many_places_take_a_while_at_most() {
    let (bytes, trust) = (all_places(15_000), &set().trust);
    let began = Instant::now();
    let report = verify(&bytes, trust, Timestamp::now(), &Evidence::default());
    let codes: Vec<_> = report.findings.iter().map(|finding| finding.code).collect();
    assert!(codes.contains(&signing::verify::Code::NoSignature), "{report:?}");
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
}

#[test]
fn many_revisions_of_many_objects_take_a_while_at_most() {
    let (bytes, trust) = (often_updated(100_000, 120), &set().trust);
    let began = Instant::now();
    let report = verify(&bytes, trust, Timestamp::now(), &Evidence::default());
    let codes: Vec<_> = report.findings.iter().map(|finding| finding.code).collect();
    assert!(codes.contains(&signing::verify::Code::NoSignature), "{codes:?}");
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
}
