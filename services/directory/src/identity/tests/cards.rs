//! What card readers send, whole and damaged.

use crate::identity::{CardScan, Doubt, ScanError, Sex};

const CARD: &str = "089202017098|352576714|ĐẶNG ĐÌNH ƯỞNG|23052002|Nam|Ấp 3, xã Hòa Bình, An Giang|31122021";

fn read(raw: &str) -> CardScan {
    CardScan::parse(raw).unwrap_or_else(|error| panic!("{error}: {raw:?}"))
}

#[test]
fn a_whole_card_is_read() {
    let scan = read(CARD);
    assert_eq!(scan.number.as_str(), "089202017098");
    assert_eq!(scan.old_number.as_ref().unwrap().as_str(), "352576714");
    assert_eq!(scan.name, "Đặng Đình Ưởng");
    assert_eq!((scan.birth.to_string().as_str(), scan.sex), ("23/05/2002", Sex::Male));
    assert_eq!(scan.address, "Ấp 3, xã Hòa Bình, An Giang");
    assert_eq!(scan.issued.unwrap().0.to_string(), "2021-12-31");
    assert!(!scan.check_name && scan.doubts.is_empty());
}

#[test]
fn what_scanners_put_around_the_text_does_not_matter() {
    let same = [
        format!("{CARD}\r\n"),
        format!("{CARD}\t"),
        format!("\u{2}{CARD}\u{3}\r"),
        format!("]Q1{CARD}"),
        format!("\\000026{CARD}"),
        format!("{CARD}|"),
        format!("{CARD}||NGUYỄN VĂN A|LÊ THỊ B|x|y"),
        format!("{CARD}\n{CARD}\n"),
        CARD.replace('|', "~"),
        CARD.replace('|', "\t"),
        CARD.replace('|', "¦"),
    ];
    for raw in same {
        assert_eq!(read(&raw), read(CARD), "{raw:?}");
    }
}

#[test]
fn fields_may_be_missing_from_the_end() {
    let fields: Vec<&str> = CARD.split('|').collect();
    for kept in 5..=7 {
        let scan = read(&fields[..kept].join("|"));
        assert_eq!((scan.issued.is_some(), scan.address.is_empty()), (kept == 7, kept == 5));
    }
    assert_eq!(read(&fields[..4].join("|")).doubts, [Doubt::SexFromNumber, Doubt::Text]);
    assert_eq!(CardScan::parse(&fields[..3].join("|")), Err(ScanError::BirthDate));
    let no_old = read(&CARD.replace("352576714", ""));
    assert_eq!((no_old.old_number, no_old.name), (None, read(CARD).name));
    assert_eq!(read(&CARD.replace("352576714|", "")).old_number, None);
}

#[test]
fn a_lost_separator_costs_only_certainty_about_the_text() {
    for at in CARD.match_indices('|').map(|(at, _)| at) {
        for instead in ["", " ", "~"] {
            let raw = format!("{}{instead}{}", &CARD[..at], &CARD[at + 1..]);
            let scan = read(&raw);
            assert_eq!(
                (&scan.number, scan.birth, scan.sex),
                (&read(CARD).number, read(CARD).birth, Sex::Male),
                "{raw}"
            );
            assert!(scan.check_name || scan.name == "Đặng Đình Ưởng", "{raw}");
        }
    }
    let none = read(&CARD.replace('|', ""));
    assert_eq!((none.name.as_str(), none.address.as_str()), ("Đặng Đình Ưởng", "Ấp 3, xã Hòa Bình, An Giang"));
    assert!(none.check_name && none.issued.is_some() && none.old_number.is_some());
}

#[test]
fn errors_say_what_to_do() {
    let cases = [
        (String::new(), ScanError::Empty),
        (" \r\n".into(), ScanError::Empty),
        ("https://example.gov.vn/x".into(), ScanError::NotACard),
        ("H55.62.05-261121-0001".into(), ScanError::NotACard),
        ("x".repeat(5_000), ScanError::NotACard),
        (CARD[1..].into(), ScanError::Number),
        (CARD.replace("23052002", "2305200"), ScanError::BirthDate),
        (CARD.replace("23052002", "31022002"), ScanError::BirthDate),
        (CARD.replace("ĐẶNG ĐÌNH ƯỞNG", ""), ScanError::Name),
        (CARD.replace("23052002", "âêđôđđâ2"), ScanError::BirthDate),
        (CARD.replace("23052002", "âêđ\u{300}âđđâ"), ScanError::Keyboard),
        (format!("{CARD}\n{}", CARD.replace("089", "079")), ScanError::TwoCards),
    ];
    for (raw, error) in cases {
        assert_eq!(CardScan::parse(&raw), Err(error), "{raw:?}");
        assert!(error.to_string().ends_with('.') && error.to_string().chars().count() > 20);
    }
}

#[test]
fn a_name_that_may_be_wrong_is_marked() {
    for name in ["NGUYEN VAN X", "NGUYN TH M HNH", "PH?M QUÝ HÒA", " VÂN ANH", "CAO MINH LONG", "H'HEN NIÊ", "ALẼANDẺ"]
    {
        let scan = read(&CARD.replace("ĐẶNG ĐÌNH ƯỞNG", name));
        assert!(scan.check_name && scan.doubts == [Doubt::Text], "{name}");
    }
}

#[test]
fn what_contradicts_itself_is_a_doubt_and_never_hidden() {
    assert_eq!(read(&CARD.replace("|Nam|", "|Nữ|")).doubts, [Doubt::Sex]);
    assert_eq!(read(&CARD.replace("23052002", "23052001")).doubts, [Doubt::BirthYear]);
    assert_eq!(read(&CARD.replace("31122021", "31121999")).doubts, [Doubt::Issued]);
    assert_eq!(read(&CARD.replace("352576714", "35257671")).doubts, [Doubt::OldNumber]);
    assert_eq!(read(&CARD.replace("31122021", "3112202")).issued, None);
    assert!(read(&CARD.replace("|Nam|", "|N|")).doubts.contains(&Doubt::SexFromNumber));
}
