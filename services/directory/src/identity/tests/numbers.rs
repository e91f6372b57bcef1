//! Personal numbers, old numbers and tax codes, right and wrong.

use crate::identity::{BirthDate, Doubt, NumberError, OldNumber, PersonalNumber, Sex, TaxCode};
use types::Day;

fn number(text: &str) -> PersonalNumber {
    PersonalNumber::parse(text).unwrap()
}

#[test]
fn a_personal_number_has_twelve_digits() {
    assert_eq!(number(" 079 202.017-098 ").as_str(), "079202017098");
    for wrong in ["", "07920201709", "0792020170981", "07920201709a", "079202017o98", "đ79202017098"] {
        assert_eq!(PersonalNumber::parse(wrong), Err(NumberError::Personal), "{wrong}");
    }
}

#[test]
fn a_masked_number_shows_the_ends_and_logs_show_no_more() {
    assert_eq!(number("079202017098").masked(), "0792•••••098");
    assert_eq!(format!("{:?}", number("079202017098")), "PersonalNumber(0792•••••098)");
    assert_eq!(OldNumber::parse("352 576 714").unwrap().masked(), "352•••714");
    assert_eq!(OldNumber::parse("35257671"), Err(NumberError::Old));
}

#[test]
fn the_last_digits_open_only_when_enough_and_right() {
    let number = number("079202017098");
    for right in ["7098", "017 098", "079202017098"] {
        assert!(number.ends_with(right));
    }
    for wrong in ["", "098", "7099", "0792", "0079202017098", "70 9a"] {
        assert!(!number.ends_with(wrong), "{wrong}");
    }
}

#[test]
fn doubts_compare_number_birth_and_sex() {
    let born = |text: &str| BirthDate::parse(text);
    assert_eq!(number("079202017098").birth_year(), 2002);
    assert_eq!(number("001199000001").birth_year(), 1999);
    assert!(number("079202017098").doubts(born("23/05/2002"), Some(Sex::Male)).is_empty());
    assert!(number("079302017098").doubts(born("2002"), Some(Sex::Female)).is_empty());
    assert_eq!(number("079302017098").doubts(born("1902"), Some(Sex::Male)), [Doubt::BirthYear, Doubt::Sex]);
    assert_eq!(number("003302017098").doubts(None, None), [Doubt::Province]);
    assert_eq!(number("130302017098").doubts(None, None), [Doubt::Province]);
}

#[test]
fn tax_codes_of_organisations_branches_and_persons() {
    assert_eq!(TaxCode::parse("0300588569").unwrap(), TaxCode::Organisation("0300588569".into()));
    assert_eq!(TaxCode::parse("0300588569001").unwrap().to_string(), "0300588569-001");
    assert_eq!(TaxCode::parse("079202017098").unwrap(), TaxCode::Person(number("079202017098")));
    for wrong in ["", "030058856", "0300588569-01", "03005885690"] {
        assert_eq!(TaxCode::parse(wrong), Err(NumberError::Tax));
    }
    for real in ["0300588569", "0101248141", "0100109106-001"] {
        assert!(TaxCode::parse(real).unwrap().check_digit_fits(), "{real}");
    }
    assert!(!TaxCode::parse("0300588568").unwrap().check_digit_fits());
}

#[test]
fn birth_dates_are_as_exact_as_the_papers() {
    let cases = [
        ("23052002", "23/05/2002", "2002-05-23"),
        ("00051950", "05/1950", "1950-05"),
        ("00001950", "1950", "1950"),
        ("29022004", "29/02/2004", "2004-02-29"),
    ];
    for (card, shown, iso) in cases {
        let date = BirthDate::from_card(card).unwrap();
        assert_eq!((date.to_string(), date.iso()), (shown.to_owned(), iso.to_owned()));
        assert_eq!(BirthDate::from_iso(iso), Some(date));
        assert_eq!(BirthDate::parse(shown), Some(date));
    }
    for wrong in
        ["29022003", "31042000", "12130002", "05001950", "00131950", "2305200", "230520021", "23051700", "2305200a", ""]
    {
        assert_eq!(BirthDate::from_card(wrong), None, "{wrong}");
    }
    assert_eq!(BirthDate::parse("3-4-1999").unwrap().iso(), "1999-04-03");
    assert_eq!(BirthDate::parse("1/2/3/4"), None);
}

#[test]
fn a_birth_after_a_day_is_seen_at_every_exactness() {
    let day = Day(jiff::civil::date(2026, 11, 21));
    for (text, after) in [
        ("22/11/2026", true),
        ("21/11/2026", false),
        ("12/2026", true),
        ("11/2026", false),
        ("2027", true),
        ("2026", false),
    ] {
        assert_eq!(BirthDate::parse(text).unwrap().is_after(day), after, "{text}");
    }
}
