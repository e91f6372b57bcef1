//! Every keyboard, every scanner, many cards: restored for certain, or refused.

use rand::{Rng, SeedableRng, rngs::StdRng};

use super::printed::Printed;
use super::typing::{Beyond, Keyboard};
use crate::identity::{BirthDate, CardScan, ScanError};

const ROUNDS: usize = 400;

#[test]
fn with_its_separators_a_card_is_always_read() {
    use Keyboard::*;
    let mut rng = StdRng::seed_from_u64(20_261_121);
    for keyboard in [English, Telex, Vni, Layout, LayoutCaps, LayoutShift, EnglishShift] {
        for beyond in Beyond::ALL {
            for _ in 0..ROUNDS {
                let card = Printed::draw(&mut rng);
                let typed = keyboard.type_out(&beyond.send(&card.code("|")), &mut rng);
                match CardScan::parse(&typed) {
                    Ok(scan) => {
                        card.must_agree(&scan, &typed);
                        assert_eq!(scan.old_number.is_some(), !card.old.is_empty(), "{typed:?}");
                        assert!(scan.issued.is_some(), "{typed:?}");
                        assert!(scan.check_name || matches!(keyboard, English | Telex | Vni), "{typed:?}");
                    }
                    // A run of marks that normalising would not have changed can be refused, never misread.
                    Err(ScanError::Keyboard) if matches!(keyboard, Layout | LayoutCaps) => {}
                    Err(error) => panic!("{error} {keyboard:?} {beyond:?} {typed:?}"),
                }
            }
        }
    }
}

#[test]
fn the_vietnamese_layout_is_seldom_refused() {
    let mut rng = StdRng::seed_from_u64(3);
    let read = (0..2_000).filter(|_| {
        let card = Printed::draw(&mut rng);
        CardScan::parse(&Keyboard::Layout.type_out(&card.code("|"), &mut rng)).is_ok()
    });
    assert!(read.count() > 1_950);
}

#[test]
fn normalised_marks_are_never_misread() {
    let mut rng = StdRng::seed_from_u64(5);
    let mut refused = 0;
    for _ in 0..5_000 {
        let card = Printed::draw(&mut rng);
        let typed = types::text::clean(&Keyboard::Layout.type_out(&card.code("|"), &mut rng));
        match CardScan::parse(&typed) {
            Ok(scan) => card.must_agree(&scan, &typed),
            Err(_) => refused += 1,
        }
    }
    assert!(refused > 0, "the danger is real: some orders are lost");
}

#[test]
fn with_damaged_separators_nothing_is_misread() {
    use Keyboard::*;
    let mut rng = StdRng::seed_from_u64(11);
    let mut read = 0;
    for keyboard in [English, Telex, Vni, Layout, LayoutShift] {
        for _ in 0..ROUNDS * 5 {
            let card = Printed::draw(&mut rng);
            let beyond = Beyond::ALL[rng.random_range(0..Beyond::ALL.len())];
            let code: String = card.code("|").chars().filter_map(|c| damage(c, &mut rng)).collect();
            let typed = keyboard.type_out(&beyond.send(&code), &mut rng);
            if let Ok(scan) = CardScan::parse(&typed) {
                card.must_agree_on_what_counts(&scan, &typed);
                assert!(scan.name == card.name || scan.check_name, "{typed:?} {scan:?}");
                read += 1;
            }
        }
    }
    assert!(read > ROUNDS * 5, "most damage to separators can be mended: {read}");
}

/// Loses or changes one separator in six.
fn damage(c: char, rng: &mut StdRng) -> Option<char> {
    if c != '|' || rng.random_range(0..6) > 0 {
        return Some(c);
    }
    [None, Some(' '), Some('~'), Some('\t')][rng.random_range(0..4)]
}

#[test]
fn a_lost_key_is_refused_or_harmless() {
    let mut rng = StdRng::seed_from_u64(13);
    for keyboard in [Keyboard::English, Keyboard::Layout] {
        for _ in 0..ROUNDS * 3 {
            let card = Printed::draw(&mut rng);
            let mut keys: Vec<char> = keyboard.type_out(&card.code("|"), &mut rng).chars().collect();
            keys.remove(rng.random_range(0..keys.len()));
            let typed: String = keys.into_iter().collect();
            if let Ok(scan) = CardScan::parse(&typed) {
                card.must_agree_on_what_counts(&scan, &typed);
            }
        }
    }
}

impl Printed {
    /// Number, birth date and sex.
    fn must_agree_on_what_counts(&self, scan: &CardScan, typed: &str) {
        assert_eq!(scan.number.as_str(), self.number, "{typed:?}");
        assert_eq!(scan.birth, BirthDate::from_card(&self.birth).unwrap(), "{typed:?}");
        assert_eq!(scan.sex, self.sex, "{typed:?}");
    }
}
