//! Both schools of placing the tone mark give one form.

use crate::text::{Tone, clean, equal, join_tone, place_tones};

#[test]
fn both_schools_give_one_form() {
    for (a, b) in [('o', 'a'), ('o', 'e'), ('u', 'y')] {
        for tone in Tone::ALL {
            for onset in ["", "h", "ng", "th", "kh", "H"] {
                let old = format!("{onset}{}{b}", join_tone(a, tone).unwrap());
                let new = format!("{onset}{a}{}", join_tone(b, tone).unwrap());
                assert_eq!(place_tones(&new), old);
                assert_eq!(place_tones(&old), old);
                assert!(equal(&new.to_uppercase(), &old));
            }
        }
    }
}

#[test]
fn after_q_the_tone_never_stands_on_u() {
    for word in ["quý", "quỳ", "quỷ", "quỹ", "quỵ", "QUÝ", "quà", "quế", "quốc"] {
        assert_eq!(place_tones(word), word);
    }
    assert_eq!(place_tones("qúy Qùa"), "quý Quà");
}

#[test]
fn syllables_with_a_final_consonant_keep_their_form() {
    for word in ["hoàn", "toán", "thuyền", "khoét", "huỳnh", "xoáy", "khuỷu", "ngoài", "oản"] {
        assert_eq!(place_tones(word), word);
    }
    assert_eq!(place_tones("uỷ ban, hoà-thuận; HOÀ BÌNH"), "ủy ban, hòa-thuận; HÒA BÌNH");
}

#[test]
fn equality_keeps_different_words_apart() {
    assert!(equal("  HOÀ  bình", "hòa Bình"));
    assert!(equal("thu\u{79}\u{301}", "thúy"));
    assert!(!equal("hòa", "hóa") && !equal("hoa", "hòa") && !equal("ma", "má"));
    assert_eq!(clean("hoà"), "hoà", "cleaning does not change how a person spells a name");
}
