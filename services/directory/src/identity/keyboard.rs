//! Digits that a scanner typed while a Vietnamese keyboard layout was on.
//!
//! A scanner types as a keyboard does. Under the Vietnamese layout of Windows and Linux the digit row gives
//! `ă â ê ô ̀ ̉ ̃ ́ ̣ đ` for 1 to 0, with Shift or Caps Lock other signs. Each sign stands for one key, so the digits
//! can be restored, if nothing normalised the text before: normalising reorders marks, and with them digits.

use types::text::{Tone, clean, join_tone, split_tone};

/// How a field's digits arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keys {
    /// As digits.
    Plain,
    /// As the signs of another layout or of Shift.
    Mangled,
}

/// The digits of a field and how they arrived. `None` when something else is in it or both kinds are mixed.
pub(super) fn digits(field: &str) -> Option<(String, Keys)> {
    let mut out = String::with_capacity(12);
    let mut kind = None;
    for c in field.chars() {
        if c == ' ' {
            continue;
        }
        let (found, keys) = keys_of(c)?;
        if *kind.get_or_insert(keys) != keys {
            return None;
        }
        out.push_str(&found);
    }
    Some((out, kind.unwrap_or(Keys::Plain)))
}

/// Whether software between the scanner and us may have normalised this text, and a run of marks may so have been
/// typed in another order: the canonical order puts the dot below (9) before the marks above (5 to 8).
pub(super) fn is_ambiguous(line: &str) -> bool {
    let parts: Vec<(char, Tone)> = line.chars().map(split_tone).collect();
    let pairs = || parts.windows(2).filter_map(|pair| Some((pair[0], Tone::of_mark(pair[1].0)?)));
    let mark_of = |(letter, tone): (char, Tone)| if tone == Tone::Level { Tone::of_mark(letter) } else { Some(tone) };
    // Either of these would not have survived normalising: a letter and its mark side by side, or a mark above
    // before the dot below.
    let untouched = pairs().any(|(before, mark)| match mark_of(before) {
        None => join_tone(before.0, mark).is_some(),
        Some(first) => first != Tone::Nang && mark == Tone::Nang,
    });
    let suspect = pairs().any(|(before, mark)| mark_of(before) == Some(Tone::Nang) && mark != Tone::Nang);
    suspect && !untouched
}

/// The digits that one character stands for: two when a mark was composed with the letter before it.
pub(super) fn keys_of(c: char) -> Option<(String, Keys)> {
    if let Some(digit) = plain(c) {
        return Some((digit.to_string(), Keys::Plain));
    }
    let (base, tone) = split_tone(c);
    let mut found = String::from(mangled(base)?);
    if let Some(mark) = tone.mark() {
        found.push(mangled(mark)?);
    }
    Some((found, Keys::Mangled))
}

/// ASCII and full-width digits.
fn plain(c: char) -> Option<char> {
    match c {
        '0'..='9' => Some(c),
        '０'..='９' => char::from_digit(u32::from(c) - u32::from('０'), 10),
        _ => None,
    }
}

/// The digit key that gives this sign under the Vietnamese layout, or with Shift.
fn mangled(c: char) -> Option<char> {
    Some(match c {
        'ă' | 'Ă' | '!' => '1',
        'â' | 'Â' | '@' => '2',
        'ê' | 'Ê' | '#' => '3',
        'ô' | 'Ô' | '$' => '4',
        '\u{300}' | '%' => '5',
        '\u{309}' | '^' => '6',
        '\u{303}' | '&' => '7',
        '\u{301}' | '*' => '8',
        '\u{323}' | '(' => '9',
        'đ' | 'Đ' | ')' => '0',
        _ => return None,
    })
}

/// Restores the digits of an address word by word, where a word can be nothing but digits.
pub(super) fn restore_words(text: &str) -> String {
    let is_gap = |c: char| c == ' ' || matches!(c, ',' | '.' | '/' | '-' | ';' | ':');
    text.split_inclusive(is_gap)
        .map(|piece| {
            let (word, gap) = piece.split_at(piece.trim_end_matches(is_gap).len());
            match digits(word) {
                Some((found, Keys::Mangled)) if !is_word(word) => found + gap,
                _ => piece.to_owned(),
            }
        })
        .collect()
}

/// `đô`, `đê`, `độ` … are words as well as digits; they stay.
fn is_word(word: &str) -> bool {
    let letters: Vec<char> = clean(word).to_lowercase().chars().map(|c| split_tone(c).0).collect();
    matches!(letters[..], ['đ', 'ê' | 'ô'])
}
