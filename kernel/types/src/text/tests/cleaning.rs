//! Texts as they come in, cleaned, folded and taken apart.

use super::{Draw, HARD_NAMES, letters, spellings};
use crate::text::letters::is_plain;
use crate::text::{clean, clean_lines, fold, place_tones, slug, split_tone, without_tones};
use unicode_normalization::{UnicodeNormalization, is_nfc};

#[test]
fn there_are_146_accented_letters_and_plain_vowels() {
    let mut all = letters();
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), 146);
}

#[test]
fn every_spelling_of_every_letter_becomes_the_precomposed_one() {
    for letter in letters() {
        for spelling in spellings(letter) {
            assert_eq!(clean(&spelling), letter.to_string(), "{:?}", spelling.chars().collect::<Vec<_>>());
            let plain = fold(&spelling);
            assert!(plain.len() == 1 && plain.is_ascii(), "{letter} folds to {plain}");
            assert_eq!(plain, fold(&letter.to_string()));
            assert_eq!(without_tones(&spelling), split_tone(letter).0.to_string());
        }
    }
}

#[test]
fn words_spelled_at_random_come_out_equal_and_stay_so() {
    let (mut draw, all) = (Draw(0x5eed), letters());
    let plain: Vec<char> = "bcghklmnpqrstvx HĐ".chars().collect();
    for _ in 0..3_000 {
        let length = 1 + draw.below(12);
        let word: String =
            (0..length).map(|_| if draw.below(2) == 0 { draw.pick(&all) } else { draw.pick(&plain) }).collect();
        let mixed: String = word
            .chars()
            .map(|c| {
                let s = spellings(c);
                draw.pick(&s)
            })
            .collect();
        let cleaned = clean(&mixed);
        assert_eq!(cleaned, clean(&word), "{mixed:?}");
        assert!(is_nfc(&cleaned));
        assert_eq!(clean(&cleaned), cleaned, "cleaning twice changes nothing");
        assert_eq!(fold(&mixed), fold(&word.nfd().collect::<String>()));
        assert_eq!(fold(&word.to_uppercase()), fold(&word.to_lowercase()));
    }
}

#[test]
fn look_alikes_of_d_stroke_become_it() {
    assert_eq!(clean("\u{D0}ặng \u{189}ình \u{F0}ỗ \u{256}ào"), "Đặng Đình đỗ đào");
}

#[test]
fn controls_go_and_spaces_collapse() {
    assert_eq!(clean(" \u{FEFF}Lò\u{A0}\u{A0}Thị\t\r\nMẩy\u{200B}\u{7} \0"), "Lò Thị Mẩy");
    assert_eq!(clean("e\u{200D}\u{302}\u{301} e\u{301}\u{200B}\u{302}"), "ế ế");
    assert_eq!(clean(&format!("a{}", "\u{301}\u{302}".repeat(50_000))).chars().count(), 100_000);
    assert_eq!(clean(" \n\t "), "");
    assert_eq!(clean_lines("  Kính gửi:\r\n\r\n\r\n  Ông  Ưởng \r\n\n"), "Kính gửi:\n\nÔng Ưởng");
}

#[test]
fn hard_names_fold() {
    let folded = HARD_NAMES.map(fold);
    assert_eq!(folded[..4], ["nguyen thi my hanh", "dang dinh uong", "lo thi may", "chau thi xuyen chi"]);
    assert!(folded.iter().all(|name| name.is_ascii()));
    assert_eq!(fold("ĐẶNG"), fold("đặng"));
    assert_eq!(fold("hoà thuý khoẻ"), fold("hòa thúy khỏe"));
}

#[test]
fn slugs_hold_only_folded_words() {
    assert_eq!(slug("Giấy khai sinh (bản sao), số 45/QĐ-UBND"), "giay-khai-sinh-ban-sao-so-45-qd-ubnd");
    assert_eq!(slug("—"), "");
}

/// Texts of plain characters take a short way; a character that draws nothing, or a dash, sends them the long one.
#[test]
fn the_short_way_ends_where_the_long_one_does() {
    let plain: Vec<char> = (0..0x2000).filter_map(char::from_u32).filter(|c| is_plain(*c)).collect();
    assert_eq!(plain.len(), 94 + 28 + 28 + 12 + 90);
    for c in &plain {
        let word = format!("a{c}e {c}{c} x{c}");
        assert_eq!(clean(&word), clean(&format!("{word}\u{200B}")), "{c}");
        assert_eq!(place_tones(&word), place_tones(&format!("{word}–")).trim_end_matches('–'), "{c}");
        assert_eq!(fold(&word), fold(&format!("{word}–")).trim_end_matches('–'), "{c}");
    }
    for dirty in [" a", "a ", "a  b", "", " ", "a\tb", "a\u{A0}b"] {
        assert_eq!(clean(dirty), clean(&format!("{dirty}\u{200B}")), "{dirty:?}");
    }
}

#[test]
fn what_draws_nothing_is_no_text() {
    for blank in ['\u{3164}', '\u{2800}', '\u{115F}', '\u{FFA0}', '\u{61C}', '\u{34F}', '\u{FE0F}', '\u{200B}'] {
        assert_eq!(clean(&blank.to_string()), "", "U+{:04X}", u32::from(blank));
        assert_eq!(clean(&format!("Lò Thị{blank} Mẩy")), "Lò Thị Mẩy");
    }
}
