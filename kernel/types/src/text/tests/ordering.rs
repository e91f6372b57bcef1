//! Orders of names and texts as people expect them.

use super::Draw;
use crate::text::{VOWELS, name_key, order_key};

/// Sorts a shuffled copy by `key` and expects the given order back.
fn sorts_as_given(given: &[&str], key: fn(&str) -> String) {
    let mut draw = Draw(99);
    for _ in 0..20 {
        let mut shuffled = given.to_vec();
        for i in (1..shuffled.len()).rev() {
            shuffled.swap(i, draw.below(i + 1));
        }
        shuffled.sort_by_key(|text| key(text));
        assert_eq!(shuffled, given);
    }
}

#[test]
fn words_follow_the_vietnamese_alphabet_tones_last() {
    sorts_as_given(&["ba", "bà", "bả", "bã", "bá", "bạ", "bac", "băng", "bâng", "da", "đa"], order_key);
    sorts_as_given(
        &["a", "ă", "â", "b", "c", "d", "đ", "e", "ê", "g", "o", "ô", "ơ", "p", "u", "ư", "v", "x", "y"],
        order_key,
    );
    sorts_as_given(&["Thôn 1", "Thôn 2", "Thôn An", "Thôn Ân", "Thôn Đông"], order_key);
    sorts_as_given(&["An", "An Bình", "Anh"], order_key);
}

#[test]
fn names_follow_the_given_name_first() {
    let names = ["Trần Văn An", "Lê Thị Ánh", "Nguyễn Văn Bình", "Đỗ Đức Cường", "Phạm Thị Đào"];
    sorts_as_given(&names, name_key);
    sorts_as_given(&["An", "Lê An", "Lê Văn An", "Nguyễn An", "Bùi Anh", "Lê Ân"], name_key);
    sorts_as_given(&["Đặng Hoa", "Đặng Thị Hoa", "Đặng Hòa", "Lò Thị Mẩy"], name_key);
}

#[test]
fn case_composition_and_tone_placement_do_not_change_the_key() {
    assert_eq!(name_key("PHẠM THỊ HOÀ"), name_key("Phạm  Thị Hòa"));
    assert_eq!(order_key("Đa\u{323}i"), order_key("đại"));
}

#[test]
fn keys_of_vietnamese_text_are_ascii() {
    for vowel in VOWELS {
        assert!(name_key(&format!("Đỗ {vowel}'{vowel}-1 b")).is_ascii());
    }
    assert!(order_key("Ω") > order_key("zz"));
}
