//! What happens to every text that a person, a file or another system gives us, before anything else looks at it.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::letters::{Tone, is_plain, is_shape_mark};

/// Marks of one letter that are looked at to repair their order; no writing has more.
const MARKS_MAX: usize = 8;

/// One line of text: NFC, the right Đ, no control or invisible characters, single spaces, trimmed.
pub fn clean(text: &str) -> String {
    if is_clean(text) {
        return text.to_owned();
    }
    // What draws nothing goes first, so that a letter and its mark can meet.
    let seen: String = text.chars().filter(|c| c.is_whitespace() || !is_invisible(*c)).collect();
    let mut out = String::with_capacity(seen.len());
    for c in normal(&seen) {
        if !c.is_whitespace() {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// Plain characters and single spaces between them: clean already, at a glance.
fn is_clean(text: &str) -> bool {
    let mut after_space = true;
    for c in text.chars() {
        let space = c == ' ';
        if (space && after_space) || !(space || is_plain(c)) {
            return false;
        }
        after_space = space;
    }
    !after_space
}

/// Text of several lines: each line is [`clean`], line ends become `\n`, at most one empty line stands between
/// two others, none at the ends.
pub fn clean_lines(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for line in text.replace("\r\n", "\n").split(['\n', '\r', '\u{2028}', '\u{2029}']) {
        let line = clean(line);
        if line.is_empty() {
            gap = !out.is_empty();
            continue;
        }
        if !out.is_empty() {
            out.push_str(if gap { "\n\n" } else { "\n" });
        }
        gap = false;
        out.push_str(&line);
    }
    out
}

/// NFC with Vietnamese marks put into canonical order first. `e` + acute + circumflex, as some old input methods
/// send it, is the letter ế too; plain NFC would leave it in two pieces.
pub(super) fn normal(text: &str) -> Vec<char> {
    if text.chars().all(|c| c.is_ascii() || is_plain(c)) {
        return text.chars().collect();
    }
    let mut parts: Vec<char> = Vec::with_capacity(text.len());
    let mut letter = 0;
    for c in text.nfd() {
        let c = right_d(c);
        if is_shape_mark(c) && parts.len() - letter <= MARKS_MAX {
            let tone = parts[letter..].iter().position(|p| Tone::of_mark(*p).is_some());
            let at = tone.map_or(parts.len(), |tone| letter + tone);
            parts.insert(at, c);
            continue;
        }
        if !is_combining_mark(c) {
            letter = parts.len();
        }
        parts.push(c);
    }
    parts.into_iter().nfc().collect()
}

/// Eth and African D look like Đ in most fonts and come from old converters; Vietnamese text means U+0110.
fn right_d(c: char) -> char {
    match c {
        '\u{D0}' | '\u{189}' => 'Đ',
        '\u{F0}' | '\u{256}' => 'đ',
        other => other,
    }
}

/// Control characters, and what draws nothing but makes equal texts differ: soft hyphen, zero-width spaces and joiners,
/// direction marks, byte-order mark, variation selectors, the fillers of Hangul and the blank of Braille.
fn is_invisible(c: char) -> bool {
    let marks =
        matches!(c, '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}');
    let joins = matches!(c, '\u{2060}'..='\u{2069}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}');
    let blanks = matches!(c, '\u{115F}' | '\u{1160}' | '\u{2800}' | '\u{3164}' | '\u{FFA0}');
    c.is_control() || marks || joins || blanks
}
