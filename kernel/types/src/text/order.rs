//! Sort keys: Vietnamese order as plain ASCII text, so that both engines order by an indexed column, byte by byte.
//!
//! Letters are primary (a < ă < â < b …), tones secondary over the whole text, the space sorts lowest: the order of
//! CLDR's `vi`. Case does not count. On PostgreSQL the column must have `COLLATE "C"`.

use super::clean::clean;
use super::letters::{Tone, split_tone};
use super::tones::place_tones;

/// The primary order. f, j, w and z stand at their Latin places.
const ALPHABET: &str = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz";

/// Ends the primary part and each level after it; lower than every weight.
const LEVEL: char = ' ';
/// Between words.
const WORD: char = '!';

/// The key by which texts other than personal names are ordered (units, procedures, organisations).
pub fn order_key(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2 + 2);
    push_key(&mut out, &place_tones(&clean(text).to_lowercase()));
    out
}

/// The key by which personal names are ordered: given name (the last word) first, then family and middle names.
pub fn name_key(name: &str) -> String {
    let name = place_tones(&clean(name).to_lowercase());
    let (rest, given) = name.rsplit_once(' ').unwrap_or(("", &name));
    let mut out = String::with_capacity(name.len() * 2 + 4);
    push_key(&mut out, given);
    out.push(LEVEL);
    push_key(&mut out, rest);
    out
}

fn push_key(out: &mut String, text: &str) {
    let mut tones = String::with_capacity(text.len());
    let start = out.len();
    for c in text.chars() {
        let (letter, tone) = split_tone(c);
        if let Some(weight) = weight(letter) {
            out.push(weight);
            tones.push(tone_weight(tone));
        } else if letter.is_alphanumeric() {
            // Other scripts and accents sort after z, by code point.
            out.push('~');
            out.push(letter);
            tones.push(tone_weight(tone));
        } else if out.len() > start && !out.ends_with(WORD) {
            out.push(WORD);
        }
    }
    if out.len() > start && out.ends_with(WORD) {
        out.pop();
    }
    out.push(LEVEL);
    out.push_str(tones.trim_end_matches('0'));
}

/// Digits keep their byte, letters take consecutive bytes from `A` on.
fn weight(letter: char) -> Option<char> {
    if letter.is_ascii_digit() {
        return Some(letter);
    }
    let place = ALPHABET.chars().position(|c| c == letter)?;
    char::from_u32('A' as u32 + u32::try_from(place).ok()?)
}

fn tone_weight(tone: Tone) -> char {
    match tone {
        Tone::Level => '0',
        Tone::Huyen => '1',
        Tone::Hoi => '2',
        Tone::Nga => '3',
        Tone::Sac => '4',
        Tone::Nang => '5',
    }
}
