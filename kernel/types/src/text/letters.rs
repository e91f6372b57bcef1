//! The letters of the Vietnamese alphabet: shape marks (ă â ê ô ơ ư) make letters, tone marks ride on them.

use unicode_normalization::char::{compose, decompose_canonical};

/// The six tones (thanh) in the order of CLDR's Vietnamese collation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tone {
    /// Thanh ngang: no mark.
    Level,
    /// Thanh huyền, U+0300.
    Huyen,
    /// Thanh hỏi, U+0309.
    Hoi,
    /// Thanh ngã, U+0303.
    Nga,
    /// Thanh sắc, U+0301.
    Sac,
    /// Thanh nặng, U+0323.
    Nang,
}

impl Tone {
    /// All six, in collation order.
    pub const ALL: [Self; 6] = [Self::Level, Self::Huyen, Self::Hoi, Self::Nga, Self::Sac, Self::Nang];

    /// The combining mark, none for the level tone.
    pub fn mark(self) -> Option<char> {
        match self {
            Self::Level => None,
            Self::Huyen => Some('\u{300}'),
            Self::Hoi => Some('\u{309}'),
            Self::Nga => Some('\u{303}'),
            Self::Sac => Some('\u{301}'),
            Self::Nang => Some('\u{323}'),
        }
    }

    /// The tone that a combining mark stands for.
    pub fn of_mark(mark: char) -> Option<Self> {
        Self::ALL.into_iter().find(|tone| tone.mark() == Some(mark))
    }
}

/// The twelve vowel letters, lower case, without tone.
pub const VOWELS: [char; 12] = ['a', 'ă', 'â', 'e', 'ê', 'i', 'o', 'ô', 'ơ', 'u', 'ư', 'y'];

/// Whether normalisation leaves the character as it is, whatever stands beside it, marks excepted: visible ASCII and the
/// precomposed Vietnamese letters. Nearly all text is made of these, and need not be taken apart to know it.
pub(super) fn is_plain(c: char) -> bool {
    c.is_ascii_graphic()
        || matches!(c, '\u{C0}'..='\u{DD}' | '\u{E0}'..='\u{FD}' if !matches!(c, '\u{D0}' | '\u{D7}' | '\u{F0}' | '\u{F7}'))
        || matches!(c, 'Ă' | 'ă' | 'Đ' | 'đ' | 'Ĩ' | 'ĩ' | 'Ũ' | 'ũ' | 'Ơ' | 'ơ' | 'Ư' | 'ư' | '\u{1EA0}'..='\u{1EF9}')
}

/// Circumflex, breve and horn: the marks that make another letter.
pub(super) fn is_shape_mark(c: char) -> bool {
    matches!(c, '\u{302}' | '\u{306}' | '\u{31B}')
}

/// Splits a letter into the letter without tone and its tone: `ế` gives `ê` and [`Tone::Sac`]. Case is kept;
/// any other character comes back as it is with the level tone.
pub fn split_tone(letter: char) -> (char, Tone) {
    let mut rest: Option<char> = None;
    let mut tone = Tone::Level;
    let mut whole = true;
    decompose_canonical(letter, |part| {
        if let (Some(found), Tone::Level, true) = (Tone::of_mark(part), tone, rest.is_some()) {
            tone = found;
        } else if let Some(base) = rest {
            match compose(base, part) {
                Some(joined) => rest = Some(joined),
                None => whole = false,
            }
        } else {
            rest = Some(part);
        }
    });
    match rest {
        Some(base) if whole => (base, tone),
        _ => (letter, Tone::Level),
    }
}

/// Puts a tone on a letter without one; `None` where Unicode has no such precomposed letter.
pub fn join_tone(letter: char, tone: Tone) -> Option<char> {
    match tone.mark() {
        None => Some(letter),
        // â + dot below composes only by way of ạ, so the parts are joined in canonical order.
        Some(mark) => {
            let (base, shape) = split_shape(letter);
            let direct = compose(letter, mark);
            direct.or_else(|| compose(compose(base, mark)?, shape?))
        }
    }
}

/// Splits `â` into `a` and the circumflex.
fn split_shape(letter: char) -> (char, Option<char>) {
    let mut base = letter;
    let mut shape = None;
    decompose_canonical(letter, |part| {
        if is_shape_mark(part) {
            shape = Some(part);
        } else {
            base = part;
        }
    });
    (base, shape)
}

/// Whether the lower-case letter, its tone aside, is one of the twelve vowels.
pub(super) fn is_vowel(letter: char) -> bool {
    VOWELS.contains(&split_tone(letter).0)
}
