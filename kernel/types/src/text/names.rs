//! Names: the card prints them in capitals, the screen shows them as people write them.

use super::clean::clean;
use super::letters::{Tone, split_tone};

/// `ĐẶNG ĐÌNH ƯỞNG` gives `Đặng Đình Ưởng`; the first letter after an apostrophe or hyphen is a capital too
/// (`H'HEN NIÊ` gives `H'Hen Niê`). Cleaned.
pub fn title_case(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut start = true;
    for c in clean(text).to_lowercase().chars() {
        if start {
            out.extend(c.to_uppercase());
        } else {
            out.push(c);
        }
        start = matches!(c, ' ' | '-' | '\'' | '’' | '.' | '(' | '/');
    }
    out
}

/// Beginnings of a syllable. The u of `qu` belongs to the consonant.
const ONSETS: [&str; 28] = [
    "", "b", "c", "ch", "d", "đ", "g", "gh", "gi", "h", "k", "kh", "l", "m", "n", "ng", "ngh", "nh", "p", "ph", "qu",
    "r", "s", "t", "th", "tr", "v", "x",
];

/// Vowel groups that may end a syllable.
const OPEN: [&str; 43] = [
    "a", "ai", "ao", "au", "ay", "âu", "ây", "e", "eo", "ê", "êu", "i", "ia", "iu", "iêu", "o", "oa", "oai", "oao",
    "oay", "oe", "oeo", "oi", "ô", "ôi", "ơ", "ơi", "u", "ua", "uây", "uê", "ui", "uơ", "uôi", "uy", "uya", "uyu", "ư",
    "ưa", "ưi", "ưu", "ươi", "ươu",
];

/// Vowel groups that may stand before a final consonant.
const CLOSED: [&str; 24] = [
    "a", "ă", "â", "e", "ê", "i", "iê", "o", "oa", "oă", "oe", "oo", "ô", "ơ", "u", "uâ", "uê", "uô", "uy", "uyê", "ư",
    "ươ", "y", "yê",
];

const CODAS: [&str; 8] = ["c", "ch", "m", "n", "ng", "nh", "p", "t"];

/// Whether a word could be a Vietnamese syllable as dictionaries spell them. Names of other peoples of Vietnam
/// often are not (`Y Moan Êban`): use it to ask a person to look again, never to refuse.
pub fn looks_vietnamese(word: &str) -> bool {
    let mut tones = 0;
    let mut tone = Tone::Level;
    let mut letters = String::with_capacity(word.len());
    for c in clean(word).to_lowercase().chars() {
        let (letter, found) = split_tone(c);
        letters.push(letter);
        if found != Tone::Level {
            tones += 1;
            tone = found;
        }
    }
    if tones > 1 {
        return false;
    }
    ONSETS.iter().any(|onset| letters.strip_prefix(onset).is_some_and(|rhyme| is_rhyme(rhyme, tone)))
}

fn is_rhyme(rhyme: &str, tone: Tone) -> bool {
    if OPEN.contains(&rhyme) || matches!(rhyme, "y" | "yêu") {
        return true;
    }
    CODAS.iter().any(|coda| {
        let stopped = matches!(*coda, "c" | "ch" | "p" | "t");
        let speakable = !stopped || matches!(tone, Tone::Sac | Tone::Nang);
        speakable && rhyme.strip_suffix(coda).is_some_and(|vowels| CLOSED.contains(&vowels))
    })
}
