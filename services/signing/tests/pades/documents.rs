//! Files as they differ: what is kept, what is refused.

use crate::authority::{World, key, openssl, options};
use crate::fixture::{Shape, document, handwriting, stamp};
use crate::oracle;
use signing::{Level, Options, Placement, Rectangle, Shown, SigningError, prepare, shown_signatures, sign};

fn basic(base: &[u8], change: impl Fn(&mut Options)) -> Result<Vec<u8>, SigningError> {
    let key = key("p256");
    let mut options = options(&key);
    change(&mut options);
    sign(base, &options, &key, Level::Basic, &World::new().services())
}

fn visible(options: &mut Options) {
    let rectangle = Rectangle { left: 300.0, bottom: 100.5, right: 420.0, top: 160.5 };
    options.placement = Some(Placement { page: 0, rectangle, appearance: stamp() });
}

fn contains(file: &[u8], part: &str) -> bool {
    file.windows(part.len()).any(|window| window == part.as_bytes())
}

#[test]
fn every_shape_of_file_is_appended_to_in_its_own_way() {
    for streams in [false, true] {
        for indirect_annotations in [false, true] {
            for direct_form in [false, true] {
                let base = document(Shape { streams, indirect_annotations, direct_form, ..Shape::default() });
                let once = basic(&base, visible).unwrap();
                let twice = basic(&once, visible).unwrap();
                assert!(once.starts_with(&base) && twice.starts_with(&once));
                let added = &once[base.len()..];
                assert_eq!(contains(added, "/XRef"), streams);
                assert_eq!(contains(added, "\nxref\n"), !streams);
                // An array of its own is written anew, and the page stays as it is.
                assert_eq!(contains(added, "/MediaBox"), !indirect_annotations);
                let verdicts = oracle::accept(&twice, 2);
                assert_eq!(verdicts[0]["coverage"], "ENTIRE_REVISION");
                assert_eq!(verdicts[1]["coverage"], "ENTIRE_FILE");
            }
        }
    }
}

#[test]
fn what_is_seen_of_signatures_is_found_again() {
    let at = Rectangle { left: 300.0, bottom: 100.5, right: 420.0, top: 160.5 };
    for indirect_annotations in [false, true] {
        let base = document(Shape { indirect_annotations, ..Shape::default() });
        assert_eq!(shown_signatures(&base).unwrap(), []);
        let words = basic(&base, visible).unwrap();
        let unseen = basic(&words, |_| ()).unwrap();
        let picture = |options: &mut Options| {
            options.placement = Some(Placement { page: 0, rectangle: at, appearance: handwriting() });
        };
        let all = basic(&unseen, picture).unwrap();
        let seen = |field: &str, pictured| Shown { field: field.to_owned(), page: 0, rectangle: at, pictured };
        assert_eq!(shown_signatures(&all).unwrap(), [seen("Signature", false), seen("Signature-3", true)]);
        // Hidden.
        let hidden = String::from_utf8_lossy(&words[base.len()..]).replace("/F 132", "/F 134");
        assert!(hidden.contains("/F 134"), "the signature in hexadecimal digits and words stay as long as they are");
        let hidden = [&base[..], hidden.as_bytes()].concat();
        assert_eq!(shown_signatures(&hidden).unwrap(), []);
    }
}

#[test]
fn the_trailer_keeps_what_it_had_and_the_second_half_of_the_id_is_new() {
    let base = document(Shape::default());
    let added = basic(&base, visible).unwrap().split_off(base.len());
    assert!(contains(&added, "/Info 10 0 R") && contains(&added, "/Root 1 0 R"));
    assert!(contains(&added, "/ID [<00112233445566778899AABBCCDDEEFF> <"));
    assert!(!contains(&added, "/ID [<00112233445566778899AABBCCDDEEFF> <00112233445566778899AABBCCDDEEFF>]"));
}

#[test]
fn the_field_is_marked_as_pades_wants_it() {
    let base = document(Shape::default());
    let added = basic(&base, visible).unwrap().split_off(base.len());
    // Print and locked; signatures exist, append only.
    for part in ["/F 132", "/SigFlags 3", "/SubFilter /ETSI.CAdES.detached", "/Filter /Adobe.PPKLite", "/Type /Sig"] {
        assert!(contains(&added, part), "{part}");
    }
    // signingTime would be a second time beside /M.
    assert!(!contains(&added, "2a864886f70d010905") && contains(&added, "2a864886f70d010904"));
}

#[test]
fn numbers_are_written_as_they_stood() {
    // Also where the page was packed into an object stream.
    for streams in [false, true] {
        let base = document(Shape { streams, ..Shape::default() });
        let added = basic(&base, |_| {}).unwrap().split_off(base.len());
        assert!(contains(&added, "595.303937007874") && contains(&added, "841.889763779528"), "{streams}");
    }
}

#[test]
fn the_picture_brings_only_what_it_needs() {
    let base = document(Shape::default());
    let added = basic(&base, visible).unwrap().split_off(base.len());
    assert!(contains(&added, "/Subtype /Form") && contains(&added, "/BaseFont /Helvetica"));
    assert!(contains(&added, "/Rect [300 100.5 420 160.5]"));
    assert!(!contains(&added, "6E6F626F6479"), "«nobody refers to this» came along");
}

#[test]
fn every_vietnamese_letter_and_bracket_is_read_back() {
    let reason = "Phê duyệt (ký ban hành) \\ ) ( (( «» ₫ aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợ\
                  pqrstuùủũúụưừửữứựvxyỳỷỹýỵ AÀẢÃÁẠĂẰẲẴẮẶÂẦẨẪẤẬĐEÈẺẼÉẸÊỀỂỄẾỆIÌỈĨÍỊOÒỎÕÓỌÔỒỔỖỐỘƠỜỞỠỚỢUÙỦŨÚỤƯỪỬỮỨỰYỲỶỸÝỴ 𝔘";
    // Not before the certificates were made.
    crate::authority::folder();
    let now = types::Timestamp::now();
    let file = basic(&document(Shape::default()), |options| {
        options.signed_at = now;
        options.reason = Some(reason.to_owned());
        options.name = Some("Ủy ban nhân dân xã Tân Phú (đóng dấu".to_owned());
        options.location = Some("Đắk Lắk".to_owned());
        options.field = "Chữ ký (1).2".to_owned();
    })
    .unwrap();
    let verdicts = oracle::accept(&file, 1);
    assert_eq!(verdicts[0]["reason"], reason);
    assert_eq!(verdicts[0]["name"], "Ủy ban nhân dân xã Tân Phú (đóng dấu");
    assert_eq!(verdicts[0]["location"], "Đắk Lắk");
    assert_eq!(verdicts[0]["field"], "Chữ ký (1)-2");
    let local = now.rfc3339()[..19].replace(['-', ':', 'T'], "");
    assert_eq!(verdicts[0]["moment"], format!("D:{local}+07'00'"));
}

#[test]
fn a_signature_made_by_others_stays_valid() {
    for streams in [false, true] {
        let foreign = oracle::make("sign", &document(Shape { streams, ..Shape::default() }));
        let file = basic(&foreign, visible).unwrap();
        let world = World::new();
        let archived = signing::renew(&basic(&file, visible).unwrap(), &world.services());
        let verdicts = oracle::accept(&file, 2);
        assert_eq!(verdicts[1]["field"], "Signature-2");
        oracle::accept(&archived.unwrap(), 4);
    }
}

#[test]
fn an_older_signature_that_names_no_certificate_is_proved_too() {
    // As desktop tools here sign: adbe.pkcs7.detached without the attributes of CAdES. Made by openssl over our hole.
    let prepared = prepare(&document(Shape::default()), &options(&key("rsa2048"))).unwrap();
    let stored = serde_json::to_value(&prepared).unwrap();
    let mut file = data_encoding::BASE64.decode(stored["document"].as_str().unwrap().as_bytes()).unwrap();
    let (kind, older) = (b"ETSI.CAdES.detached", b"adbe.pkcs7.detached");
    let place = file.windows(kind.len()).position(|window| window == kind).unwrap();
    file[place..place + kind.len()].copy_from_slice(older);
    let offset = |name: &str| stored["hole"][name].as_u64().unwrap() as usize;
    let work = tempfile::tempdir().unwrap();
    let path = |name: &str| work.path().join(name).display().to_string();
    std::fs::write(path("content"), [&file[..offset("start")], &file[offset("end")..]].concat()).unwrap();
    let (content, signature) = (path("content"), path("signature"));
    let mut arguments =
        vec!["cms", "-sign", "-binary", "-md", "sha256", "-signer", "rsa2048.crt", "-inkey", "rsa2048.key"];
    arguments.extend(["-certfile", "issuing.crt", "-outform", "DER", "-in", &content, "-out", &signature]);
    openssl(&arguments);
    let digits = data_encoding::HEXLOWER.encode(&std::fs::read(signature).unwrap());
    let start = offset("start") + 1;
    file[start..start + digits.len()].copy_from_slice(digits.as_bytes());
    oracle::accept(&file, 1);
    let archived = signing::renew(&file, &World::new().services()).unwrap();
    oracle::accept(&archived, 2);
}

#[test]
fn what_cannot_be_trusted_is_refused() {
    let plain = document(Shape::default());
    let refused = |file: &[u8]| basic(file, |_| {}).unwrap_err();
    assert_eq!(refused(&document(Shape { xfa: true, ..Shape::default() })), SigningError::Xfa);
    assert_eq!(refused(&oracle::make("encrypt", &plain)), SigningError::Encrypted);
    assert_eq!(refused(&oracle::make("certify:1", &plain)), SigningError::Locked);
    assert!(matches!(refused(b""), SigningError::Damaged(_)));
    assert!(matches!(refused(b"%PDF-1.7\nnothing"), SigningError::Damaged(_)));
    assert!(matches!(refused(&[b"\n", &plain[..]].concat()), SigningError::Surrounded(_)));
    // A table that points elsewhere is repaired by readers, each in its own way.
    let mut shifted = plain.clone();
    let place = shifted.windows(4).position(|window| window == b"xref").unwrap();
    shifted.splice(place..place, *b"      ");
    assert!(matches!(refused(&shifted), SigningError::Damaged(_)));
    for cut in (0..plain.len()).step_by(97) {
        let _ = basic(&plain[..cut], |_| {});
    }
}

#[test]
fn a_place_that_is_none_is_refused() {
    let base = document(Shape::default());
    let at = |page, right, appearance: &[u8]| {
        let rectangle = Rectangle { left: 10.0, bottom: 10.0, right, top: 20.0 };
        basic(&base, |options| {
            options.placement = Some(Placement { page, rectangle, appearance: appearance.to_vec() });
        })
    };
    assert!(at(1, 20.0, &stamp()).is_ok());
    assert_eq!(at(2, 20.0, &stamp()).unwrap_err(), SigningError::NoSuchPage(2));
    assert_eq!(SigningError::NoSuchPage(2).to_string(), "Văn bản không có trang 3 để đặt chữ ký.");
    for right in [10.0, 5.0, f32::NAN, f32::INFINITY] {
        assert_eq!(at(0, right, &stamp()).unwrap_err(), SigningError::BadRectangle);
    }
    assert!(matches!(at(0, 20.0, b"a picture").unwrap_err(), SigningError::BadAppearance(_)));
}

#[test]
fn the_same_file_and_options_give_the_same_bytes_to_sign() {
    let base = document(Shape { streams: true, ..Shape::default() });
    let options = options(&key("p256"));
    assert_eq!(prepare(&base, &options).unwrap(), prepare(&base, &options).unwrap());
}

#[test]
fn no_changed_byte_makes_it_panic() {
    for shape in [Shape::default(), Shape { streams: true, indirect_annotations: true, ..Shape::default() }] {
        let base = document(shape);
        let options = options(&key("p256"));
        for place in 0..base.len() {
            let mut changed = base.clone();
            changed[place] ^= 1 << (place % 7);
            let _ = prepare(&changed, &options);
        }
    }
}
