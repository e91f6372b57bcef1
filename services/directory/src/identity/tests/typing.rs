//! Keyboards and input methods as far as they matter to a scanner: what comes out when it types a code.

use rand::{Rng, rngs::StdRng};
use types::text::{Tone, VOWELS, fold, join_tone, split_tone};

/// Which keyboard or input method is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keyboard {
    English,
    Telex,
    Vni,
    /// The Vietnamese layout of Windows and Linux.
    Layout,
    /// The same with Caps Lock on.
    LayoutCaps,
    /// The same while the scanner holds Shift.
    LayoutShift,
    /// The English layout while the scanner holds Shift.
    EnglishShift,
}

/// What the scanner does with characters that no key has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Beyond {
    /// Sends the character itself.
    Unicode,
    /// Sends the letter without its marks.
    Bare,
    Drop,
    Question,
    /// Sends each byte of UTF-8 as a character of Latin-1 or a Windows page.
    Bytes1252,
    Bytes1258,
}

impl Beyond {
    pub(super) const ALL: [Self; 6] =
        [Self::Unicode, Self::Bare, Self::Drop, Self::Question, Self::Bytes1252, Self::Bytes1258];

    pub(super) fn send(self, code: &str) -> String {
        code.chars().map(|c| if c.is_ascii() { c.to_string() } else { self.one(c) }).collect()
    }

    fn one(self, c: char) -> String {
        let mut utf8 = [0; 4];
        match self {
            Self::Unicode => c.to_string(),
            Self::Bare if c.is_uppercase() => fold(&c.to_string()).to_uppercase(),
            Self::Bare => fold(&c.to_string()),
            Self::Drop => String::new(),
            Self::Question => "?".to_owned(),
            Self::Bytes1252 => c.encode_utf8(&mut utf8).bytes().map(windows).collect(),
            Self::Bytes1258 => c.encode_utf8(&mut utf8).bytes().map(windows_vietnamese).collect(),
        }
    }
}

/// A byte in Windows-1252.
fn windows(byte: u8) -> char {
    const HIGH: &str = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8D}Ž\u{8F}\u{90}‘’“”•–—˜™š›œ\u{9D}žŸ";
    if (0x80..0xA0).contains(&byte) { HIGH.chars().nth(usize::from(byte - 0x80)).unwrap() } else { char::from(byte) }
}

/// A byte in Windows-1258: only the lead bytes of Vietnamese letters matter.
fn windows_vietnamese(byte: u8) -> char {
    match byte {
        0xC3 => 'Ă',
        0xCC => '\u{300}',
        other => windows(other),
    }
}

impl Keyboard {
    /// What arrives in the field when the scanner types `sent`.
    pub(super) fn type_out(self, sent: &str, rng: &mut StdRng) -> String {
        match self {
            Self::English => sent.to_owned(),
            Self::Telex => InputMethod::new(telex, rng).type_out(sent),
            Self::Vni => InputMethod::new(vni, rng).type_out(sent),
            Self::Layout => map(sent, "đăâêô\u{300}\u{309}\u{303}\u{301}\u{323}"),
            Self::LayoutCaps => map(sent, "ĐĂÂÊÔ\u{300}\u{309}\u{303}\u{301}\u{323}"),
            Self::LayoutShift => map(sent, "ĐĂÂÊÔ%^&*("),
            Self::EnglishShift => map(sent, ")!@#$%^&*("),
        }
    }
}

/// Replaces the digits 0 to 9 and the three other keys that the Vietnamese layout changes.
fn map(sent: &str, row: &str) -> String {
    let row: Vec<char> = row.chars().collect();
    let key = |c: char| match c {
        '0'..='9' => row[c as usize - '0' as usize],
        '=' => '₫',
        '[' => 'ư',
        ']' => 'ơ',
        other => other,
    };
    sent.chars().map(key).collect()
}

/// What a key asks of the word before it.
enum Wish {
    Tone(Tone),
    /// Make one of these letters into the other.
    Shape(&'static [(char, char)]),
    None,
}

fn telex(key: char) -> Wish {
    match key.to_ascii_lowercase() {
        's' => Wish::Tone(Tone::Sac),
        'f' => Wish::Tone(Tone::Huyen),
        'r' => Wish::Tone(Tone::Hoi),
        'x' => Wish::Tone(Tone::Nga),
        'j' => Wish::Tone(Tone::Nang),
        'z' => Wish::Tone(Tone::Level),
        'a' => Wish::Shape(&[('a', 'â')]),
        'e' => Wish::Shape(&[('e', 'ê')]),
        'o' => Wish::Shape(&[('o', 'ô')]),
        'd' => Wish::Shape(&[('d', 'đ')]),
        'w' => Wish::Shape(&[('a', 'ă'), ('o', 'ơ'), ('u', 'ư')]),
        _ => Wish::None,
    }
}

fn vni(key: char) -> Wish {
    match key {
        '1' => Wish::Tone(Tone::Sac),
        '2' => Wish::Tone(Tone::Huyen),
        '3' => Wish::Tone(Tone::Hoi),
        '4' => Wish::Tone(Tone::Nga),
        '5' => Wish::Tone(Tone::Nang),
        '0' => Wish::Tone(Tone::Level),
        '6' => Wish::Shape(&[('a', 'â'), ('e', 'ê'), ('o', 'ô')]),
        '7' => Wish::Shape(&[('o', 'ơ'), ('u', 'ư')]),
        '8' => Wish::Shape(&[('a', 'ă')]),
        '9' => Wish::Shape(&[('d', 'đ')]),
        _ => Wish::None,
    }
}

/// A word at a time: a key that carries a wish changes the word where it can, and is a letter where it cannot.
/// Typed again it takes its change back and stands as itself.
struct InputMethod {
    wish: fn(char) -> Wish,
    word: Vec<char>,
    /// Whether a key reaches back over the whole word ("gõ tự do") or only to the last letter.
    reaches_back: bool,
    /// Whether letters that came as Unicode belong to the word.
    sees_unicode: bool,
}

impl InputMethod {
    fn new(wish: fn(char) -> Wish, rng: &mut StdRng) -> Self {
        Self { wish, word: Vec::new(), reaches_back: rng.random(), sees_unicode: rng.random() }
    }

    fn type_out(&mut self, sent: &str) -> String {
        let mut out = String::new();
        for key in sent.chars() {
            let belongs = key.is_ascii_alphanumeric() || (self.sees_unicode && key.is_alphabetic());
            if !belongs {
                out.extend(self.word.drain(..));
                out.push(key);
            } else if !self.change((self.wish)(key), key) {
                self.word.push(key);
            }
        }
        out.extend(self.word.drain(..));
        out
    }

    fn change(&mut self, wish: Wish, key: char) -> bool {
        let from = if self.reaches_back { 0 } else { self.word.len().saturating_sub(1) };
        for at in (from..self.word.len()).rev() {
            let (letter, tone) = split_tone(self.word[at]);
            let lower = letter.to_lowercase().next().unwrap();
            match &wish {
                Wish::Tone(wanted) if VOWELS.contains(&lower) && tone != *wanted => {
                    self.word[at] = join_tone(letter, *wanted).unwrap();
                    return true;
                }
                Wish::Tone(wanted) if VOWELS.contains(&lower) && *wanted != Tone::Level => {
                    self.word[at] = letter;
                    self.word.push(key);
                    return true;
                }
                Wish::Shape(pairs) => {
                    if let Some((_, shaped)) = pairs.iter().find(|(plain, _)| *plain == lower) {
                        let shaped =
                            if letter.is_uppercase() { shaped.to_uppercase().next().unwrap() } else { *shaped };
                        self.word[at] = join_tone(shaped, tone).unwrap();
                        return true;
                    }
                }
                _ => {}
            }
        }
        false
    }
}

#[test]
fn the_input_methods_type_vietnamese() {
    let mut rng = rand::SeedableRng::seed_from_u64(1);
    let mut method = InputMethod::new(telex, &mut rng);
    method.reaches_back = true;
    assert_eq!(method.type_out("ddawngj|2305"), "đặng|2305");
    let mut method = InputMethod::new(vni, &mut rng);
    method.reaches_back = true;
    assert_eq!(method.type_out("d9a8ng5|2305|A2305"), "đặng|2305|Ạ");
    assert_eq!(Keyboard::Layout.type_out("079=", &mut rng), "đ\u{303}\u{323}₫");
    assert_eq!(Beyond::Bytes1252.send("Nữ"), "Ná»¯");
}
