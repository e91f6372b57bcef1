//! Files that somebody worked on, at the signer's computer or on the way.

use crate::authority::key;
use crate::desk::{Office, original, signed};
use signing::Level;
use signing::tool::{Refusal, Writing, returned_bytes_max};

/// An update that gives object `number` anew, as an editor would append it. `previous` is where the last table stands.
fn updated(base: &[u8], number: u32, object: &str) -> Vec<u8> {
    let text = String::from_utf8_lossy(base);
    let previous = text.rsplit("startxref\n").next().unwrap().lines().next().unwrap().to_owned();
    let size: u32 =
        text.rsplit("/Size ").next().unwrap().split(|c: char| !c.is_ascii_digit()).next().unwrap().parse().unwrap();
    let mut file = base.to_vec();
    let at = file.len();
    file.extend(format!("{number} 0 obj\n{object}\nendobj\n").into_bytes());
    let table = file.len();
    file.extend(
        format!(
            "xref\n{number} 1\n{at:010} 00000 n\r\ntrailer\n<</Size {size}/Root 1 0 R/Info 10 0 R/Prev {previous}\
             /ID[<00112233445566778899AABBCCDDEEFF><00112233445566778899AABBCCDDEEFF>]>>\nstartxref\n{table}\n%%EOF\n"
        )
        .into_bytes(),
    );
    file
}

fn other_words() -> String {
    let text = "BT /F 24 Tf 72 700 Td (Quyet dinh khac) Tj ET";
    format!("<</Length {}>>\nstream\n{text}\nendstream", text.len())
}

#[test]
fn pages_replaced_before_signing_are_found_though_the_signature_is_good() {
    let key = key("p256");
    let mut office = Office::waiting_for(&key);
    let returned = signed(&updated(&original(), 5, &other_words()), &key, Level::Timestamped);
    assert!(returned.starts_with(&original()));
    assert_eq!(office.accept(&original(), &returned).unwrap_err(), Refusal::PagesChanged);
    // Where the tool is asked to write on the page, a person is told.
    office.writing = Writing::Told;
    let accepted = office.accept(&original(), &returned).unwrap();
    assert!(accepted.changes.iter().any(|change| change.object == 5), "{:?}", accepted.changes);
}

#[test]
fn pages_replaced_under_an_earlier_signature_are_never_taken() {
    let (leader, agency) = (key("rsa2048"), key("p256"));
    let first = signed(&original(), &leader, Level::Timestamped);
    let returned = signed(&updated(&first, 5, &other_words()), &agency, Level::Timestamped);
    let mut office = Office::waiting_for(&agency);
    office.writing = Writing::Told;
    assert_eq!(office.accept(&first, &returned).unwrap_err(), Refusal::BreaksEarlier("Signature".to_owned()));
}

#[test]
fn an_original_that_was_broken_before_is_told_from_one_that_signing_broke() {
    let (leader, agency) = (key("rsa2048"), key("p256"));
    let broken = updated(&signed(&original(), &leader, Level::Basic), 5, &other_words());
    let returned = signed(&broken, &agency, Level::Basic);
    let refused = Office::waiting_for(&agency).accept(&broken, &returned).unwrap_err();
    assert!(matches!(&refused, Refusal::EarlierInvalid { field, .. } if field == "Signature"), "{refused:?}");
}

#[test]
fn an_earlier_signature_may_not_disappear() {
    let (leader, agency) = (key("rsa2048"), key("p256"));
    let first = signed(&original(), &leader, Level::Basic);
    // The catalog of the original again: no form, no signature.
    let bare = updated(&first, 1, "<</Type/Catalog/Pages 2 0 R/Lang(vi)>>");
    let returned = signed(&bare, &agency, Level::Basic);
    let refused = Office::waiting_for(&agency).accept(&first, &returned).unwrap_err();
    assert_eq!(refused, Refusal::LostEarlier("Signature".to_owned()));
}

#[test]
fn what_comes_after_the_signature_is_not_covered() {
    let key = key("p256");
    let office = Office::waiting_for(&key);
    let good = signed(&original(), &key, Level::Basic);
    let tail = [&good[..], b"%more\n"].concat();
    assert_eq!(office.accept(&original(), &tail).unwrap_err(), Refusal::NotWhole);
    let changed = updated(&good, 5, &other_words());
    assert_eq!(office.accept(&original(), &changed).unwrap_err(), Refusal::NotWhole);
    assert_eq!(
        office.accept(&original(), &signed(&original(), &key, Level::Archive)).unwrap_err(),
        Refusal::SeveralSignatures(2)
    );
}

#[test]
fn a_changed_byte_is_found_wherever_it_is() {
    let key = key("p256");
    let office = Office::waiting_for(&key);
    let good = signed(&original(), &key, Level::Basic);
    for place in (0..good.len()).step_by(97) {
        let mut spoilt = good.clone();
        spoilt[place] ^= 0x20;
        let same = spoilt[place..=place].eq_ignore_ascii_case(&good[place..=place]) && good[place].is_ascii_hexdigit();
        // In the hexadecimal digits of the container a letter may change its case.
        assert!(same || office.accept(&original(), &spoilt).is_err(), "byte {place}");
    }
    for end in (original().len()..good.len()).step_by(331) {
        assert!(office.accept(&original(), &good[..end]).is_err(), "cut at {end}");
    }
}

#[test]
fn a_file_that_grew_too_much_is_not_even_read() {
    let key = key("p256");
    let mut returned = signed(&original(), &key, Level::Basic);
    let most = returned_bytes_max(original().len());
    returned.resize(most + 1, b' ');
    let refused = Office::waiting_for(&key).accept(&original(), &returned).unwrap_err();
    assert_eq!(refused, Refusal::TooLarge { bytes: most + 1, most });
}
