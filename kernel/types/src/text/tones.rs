//! Where the tone mark stands: `hoà` and `hòa`, `thuý` and `thúy` are one word in two schools of spelling.
//!
//! Only the open syllables that end in oa, oe or uy differ between the schools; a syllable with a final consonant
//! (hoàn, thuyền) has one form. After q the u belongs to the consonant: `quý` never becomes `qúy`, and a `qúy`
//! that somebody typed is read as `quý`.

use super::clean::{clean, normal};
use super::letters::{Tone, is_vowel, join_tone, split_tone};

/// The text (NFC) with every tone of oa, oe, uy on the first letter (`hòa`, `thủy`), the placement that most
/// Vietnamese input methods type by default. Case is kept.
pub fn place_tones(text: &str) -> String {
    let mut letters = normal(text);
    let mut start = 0;
    while start < letters.len() {
        let length = letters[start..].iter().take_while(|c| c.is_alphabetic()).count();
        place(&mut letters[start..start + length]);
        start += length.max(1);
    }
    letters.into_iter().collect()
}

/// Whether two texts say the same, whatever the case, the spacing, the composition and the tone placement.
pub fn equal(a: &str, b: &str) -> bool {
    let form = |text: &str| place_tones(&clean(text).to_lowercase());
    form(a) == form(b)
}

/// Moves the tone within one word.
fn place(word: &mut [char]) {
    if let [q, u, next, ..] = word
        && lower(*q) == 'q'
    {
        let (bare, tone) = split_tone(*u);
        let (vowel, other) = split_tone(*next);
        if lower(bare) == 'u' && tone != Tone::Level && other == Tone::Level && is_vowel(lower(vowel)) {
            swap(u, next);
        }
        return;
    }
    if let [.., first, second] = word {
        let (a, tone_a) = split_tone(*first);
        let (b, tone_b) = split_tone(*second);
        let pair = matches!((lower(a), lower(b)), ('o', 'a' | 'e') | ('u', 'y'));
        if pair && tone_a == Tone::Level && tone_b != Tone::Level {
            swap(first, second);
        }
    }
}

/// Exchanges the tones of two letters; leaves both where Unicode has no such letter.
fn swap(a: &mut char, b: &mut char) {
    let ((bare_a, tone_a), (bare_b, tone_b)) = (split_tone(*a), split_tone(*b));
    if let (Some(new_a), Some(new_b)) = (join_tone(bare_a, tone_b), join_tone(bare_b, tone_a)) {
        (*a, *b) = (new_a, new_b);
    }
}

fn lower(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}
