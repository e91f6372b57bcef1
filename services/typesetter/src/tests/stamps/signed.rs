//! The whole way: a decision is typeset, a person signs over the name, the agency seals a third of the signature, and
//! others say that both hold and that nothing else changed.

use super::super::{Printed, run};
use super::{at, handwriting, job, person, round_seal, seal};
use print::forms::{AgencyHead, AttachmentLines, DatePicture, NumberPicture, Stamp};
use print::{Area, At, Job, Page, Place, Print, Size, Template};
use signing::trust::Listed;
use signing::verify::{Evidence, Report, Verdict, verify};
use signing::{Hash, Options, Placement, SoftKey};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;
use types::Timestamp;

const SIGNER: &str = "Đặng Đình Ưởng (hư cấu)";

/// Certificates of the tests of `signing`, made once for each run.
static AUTHORITY: LazyLock<tempfile::TempDir> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let made = signing_tests().join("authority");
    let (script, configuration) = (made.join("make.sh"), made.join("openssl.cnf"));
    let output = Command::new("sh").arg(script).arg(folder.path()).arg(configuration).output().unwrap();
    assert!(output.status.success(), "openssl is needed: {}", String::from_utf8_lossy(&output.stderr));
    folder
});

fn signing_tests() -> PathBuf {
    std::path::absolute("../signing/tests/pades").unwrap()
}

pub(super) fn key(name: &str) -> SoftKey {
    let file = std::fs::read(AUTHORITY.path().join(format!("{name}.p12"))).unwrap();
    SoftKey::from_pkcs12(&file, &signing::Secret::new("mật khẩu (1)".to_owned())).unwrap()
}

/// Signs in the place with the stamp, without a timestamp: no server is asked.
fn signed(base: &[u8], key: &SoftKey, place: Place, appearance: Vec<u8>) -> Vec<u8> {
    use signing::SigningKey;
    let mut options = Options::new(key.certificate().clone(), key.chain().to_vec(), Timestamp::now()).unwrap();
    options.algorithm = key.algorithm();
    let rectangle = place.rectangle.corners().into();
    options.placement = Some(Placement { page: place.page, rectangle, appearance });
    let prepared = signing::prepare(base, &options).unwrap();
    let signature = signing::sign_checked(key, prepared.to_sign()).unwrap();
    prepared.embed(&prepared.assemble(&signature, None).unwrap()).unwrap()
}

/// pyHanko's Python: `NHAVIEC_PYHANKO`, or where the setup puts it.
fn python() -> PathBuf {
    let named = std::env::var_os("NHAVIEC_PYHANKO").map(PathBuf::from);
    let home = std::env::var_os("HOME").unwrap_or_default();
    named.unwrap_or_else(|| Path::new(&home).join(".cache/nhaviec/pyhanko/bin/python"))
}

/// The file as another program writes it: its first page turned by so many degrees, and cropped.
fn turned(file: &[u8], degrees: u16) -> Vec<u8> {
    let work = tempfile::tempdir().unwrap();
    std::fs::write(work.path().join("in.pdf"), file).unwrap();
    let script = format!(
        "import pikepdf\n\
         file = pikepdf.open('in.pdf')\n\
         file.pages[0].Rotate = {degrees}\n\
         file.pages[0].CropBox = [10, 20, 585, 830]\n\
         file.save('out.pdf')"
    );
    run(work.path(), python().to_str().unwrap(), &["-c", &script]);
    std::fs::read(work.path().join("out.pdf")).unwrap()
}

/// What our own verifier says, with the tests' root trusted.
fn verdict(file: &[u8]) -> Report {
    let read = |name: &str| std::fs::read(AUTHORITY.path().join(name)).unwrap();
    let root = read("root.der");
    let hash: String = Hash::Sha256.of(&[&root]).iter().map(|byte| format!("{byte:02x}")).collect();
    let listed = format!(
        "checked = \"2026-11-27\"\n[[certificate]]\nname = \"Root\"\nsha256 = \"{hash}\"\nkind = \"own\"\nrole = \"anchor\"\n\
         valid_from = \"2000-01-01\"\nvalid_to = \"2099-12-31\"\nsource = \"test\"\n"
    );
    let trust = Listed::read(&listed).unwrap().load(&[root]).unwrap();
    let evidence = Evidence { crls: vec![read("issuing.crl"), read("root.crl")], ..Evidence::default() };
    verify(file, &trust, Timestamp::now(), &evidence)
}

/// Panics unless pyHanko and our verifier trust `count` signatures and find nothing else changed, and pdfsig finds them
/// whole.
pub(super) fn accept(file: &[u8], count: usize) {
    let report = verdict(file);
    assert_eq!((report.verdict, report.signatures.len()), (Verdict::Valid, count), "{report:#?}");
    let work = tempfile::tempdir().unwrap();
    let path = work.path().join("signed.pdf");
    std::fs::write(&path, file).unwrap();
    let said = run(work.path(), "pdfsig", &["-nocert", "signed.pdf"]);
    assert_eq!(said.matches("Signature is Valid.").count(), count, "{said}");
    let mut judge = Command::new(python())
        .arg(signing_tests().join("oracle.py"))
        .arg(AUTHORITY.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("pyHanko is needed to judge signatures: its python in NHAVIEC_PYHANKO");
    writeln!(judge.stdin.take().unwrap(), "{}", serde_json::json!(["judge", path, path])).unwrap();
    let output = judge.wait_with_output().unwrap();
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let verdicts = answer["said"].as_array().unwrap_or_else(|| panic!("{answer:#}"));
    assert_eq!(verdicts.len(), count);
    assert!(verdicts.iter().all(|verdict| verdict["bottom_line"] == true), "{verdicts:#?}");
}

/// The decision with so many more articles, laid out.
fn decision(more: usize) -> Print {
    let head = AgencyHead {
        superior: Some("Ủy ban nhân dân tỉnh Đắk Lắk".into()),
        agency: "Ủy ban nhân dân xã An Bình".into(),
        counter: None,
    };
    let text = include_str!("../decision.typ").to_owned();
    crate::lay_out(&Job {
        template: Template::Own { name: "quyet-dinh".into(), text },
        ident: "quyet-dinh/hu-cau".into(),
        data: serde_json::json!({ "head": head, "signer": SIGNER, "more": more }),
        assets: vec![],
        page: Page::A4,
        made_at: at(),
    })
    .unwrap()
}

pub(super) fn stamped(stamp: &Stamp) -> (Vec<u8>, Size) {
    let print = crate::lay_out(&job(stamp)).unwrap();
    (print.pdf, print.pages[0])
}

/// Keeps a file where a person who wants to see it says so.
pub(in crate::tests) fn show(name: &str, file: &[u8]) {
    if let Some(folder) = std::env::var_os("NHAVIEC_SHOW") {
        std::fs::write(Path::new(&folder).join(name), file).unwrap();
    }
}

/// Number, date, person and seal, each a signature in its place.
fn issue(print: &Print, person_stamp: &Stamp, seal_stamp: &Stamp) -> Vec<u8> {
    let (clerk, leader, agency) = (key("p384"), key("rsa2048"), key("p256"));
    let mut file = print.pdf.clone();
    for stamp in [
        Stamp::Number(NumberPicture { number: "15/QĐ-UBND".into() }),
        Stamp::Date(DatePicture { day: at().day(), type_points: 13 }),
    ] {
        let (appearance, size) = stamped(&stamp);
        file = signed(&file, &clerk, print.place(stamp.kind(), size).unwrap(), appearance);
    }
    let (appearance, size) = stamped(person_stamp);
    let signature = print.place(person_stamp.kind(), size).unwrap();
    file = signed(&file, &leader, signature, appearance);
    let (appearance, size) = stamped(seal_stamp);
    let both_pictures = person_stamp.has_picture() && seal_stamp.has_picture();
    let place = if both_pictures { print.seal_over(signature, size) } else { print.seal_beside(signature, size) };
    signed(&file, &agency, place.unwrap(), appearance)
}

#[test]
fn a_signed_and_sealed_decision_is_trusted_and_stays_archival() {
    for (name, more, person_stamp, seal_stamp) in [
        ("pictures.pdf", 0, person(SIGNER, Some(handwriting())), seal(Some(round_seal()))),
        ("words.pdf", 4, person(SIGNER, None), seal(None)),
    ] {
        let print = decision(more);
        let file = issue(&print, &person_stamp, &seal_stamp);
        show(name, &file);
        accept(&file, 4);
        let printed = Printed::from(file);
        assert!(printed.holds("<pdfaid:conformance>A</pdfaid:conformance>"));
        assert!(printed.fonts().iter().all(|font| font.starts_with("Tinos")), "{:?}", printed.fonts());
        assert_eq!(printed.info("Tagged"), "yes");
    }
}

#[test]
fn the_signature_stands_between_title_and_name_and_the_seal_covers_a_third_of_it() {
    let print = decision(6);
    assert!(print.pages.len() > 1, "the signature is on the last page");
    let (_, size) = stamped(&person(SIGNER, Some(handwriting())));
    let signature = print.place(print::forms::StampKind::Person, size).unwrap();
    assert_eq!(signature.page, print.pages.len() - 1);
    let room = print.mark(print::Spot::Signature).unwrap().rectangle;
    assert!(signature.rectangle.top <= room.top && signature.rectangle.bottom >= room.bottom);
    let (left, right) = (signature.rectangle.left - room.left, room.right - signature.rectangle.right);
    assert!((left - right).abs() < 0.01, "in the middle of its column: {left} {right}");
    let (_, seal_size) = stamped(&seal(Some(round_seal())));
    let seal = print.seal_over(signature, seal_size).unwrap();
    let covered = (seal.rectangle.right - signature.rectangle.left) / size.width;
    assert!((covered - 1.0 / 3.0).abs() < 0.001, "{covered}");
    assert!(seal.rectangle.left < signature.rectangle.left);
}

#[test]
fn a_file_from_elsewhere_is_stamped_upright_however_its_pages_are_turned() {
    for degrees in [0, 90, 180, 270] {
        // A page of ours, turned by another program.
        let mut file = turned(&decision(0).pdf, degrees);
        let page = signing::page_sizes(&file).unwrap()[0];
        let area = Area::new(page.seen.corners(), i64::from(page.rotate_degrees));
        for (at_place, stamp) in [
            (At::TopRight, Stamp::Attachment(AttachmentLines { number: Some("45/QĐ-UBND".into()), signed_at: at() })),
            (At::LowerRight, person(SIGNER, Some(handwriting()))),
            (At::Point { across: 0.3, down: 0.6 }, seal(None)),
        ] {
            let print = crate::lay_out(&stamp.job(area.turn(), None, at()).unwrap()).unwrap();
            let rectangle = area.place(at_place, print.pages[0]);
            file = signed(&file, &key("p256"), Place { page: 0, rectangle }, print.pdf);
        }
        show(&format!("turned-{degrees}.pdf"), &file);
        accept(&file, 3);
        // Seen as people see it, the upper right corner has two upright lines.
        let (lines_width, lines_height) = Printed::from(file).dark_of_upper_right();
        assert!(degrees == 0 || lines_width > 6 * lines_height, "{degrees}: {lines_width} by {lines_height}");
    }
}
