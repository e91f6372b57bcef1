//! Folding for look-ups that must not care about accents, and the file names and slugs made from it.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{decompose_canonical, is_combining_mark};

use super::clean::{clean, normal};
use super::letters::{is_plain, split_tone};

/// Lower case without tones and marks, đ as d, cleaned: `Đặng Đình Ưởng` gives `dang dinh uong`.
pub fn fold(text: &str) -> String {
    fold_clean(&clean(text).to_lowercase())
}

/// The fold of text that is clean and lower-case already.
pub(super) fn fold_clean(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    if text.chars().all(|c| c.is_ascii() || is_plain(c)) {
        return text.chars().map(base).collect();
    }
    let bare = text.nfd().filter(|c| !is_combining_mark(*c));
    bare.map(|c| if c == 'đ' { 'd' } else { c }).nfc().collect()
}

/// The letter under all marks of a plain character.
fn base(c: char) -> char {
    if c.is_ascii() {
        return c;
    }
    let mut first = None;
    decompose_canonical(c, |part| first = first.or(Some(part)));
    match first {
        Some('đ') => 'd',
        Some(letter) => letter,
        None => c,
    }
}

/// Drops the tones but keeps the letters and their case: `Đường` gives `Đương`.
pub fn without_tones(text: &str) -> String {
    normal(text).into_iter().map(|c| split_tone(c).0).collect()
}

/// Folded words joined by single hyphens, for addresses and file names: `Giấy khai sinh (bản sao)` gives
/// `giay-khai-sinh-ban-sao`. Empty when the text has no Latin letter or digit.
pub fn slug(text: &str) -> String {
    let mut out = String::new();
    for c in fold(text).chars() {
        if c.is_ascii_alphanumeric() {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    out.truncate(out.trim_end_matches('-').len());
    out
}
