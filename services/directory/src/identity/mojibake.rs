//! Text whose UTF-8 bytes were typed one by one as characters of an older code page: `Ná»¯` for `Nữ`.

/// Windows-1252 from 0x80 to 0x9F; the five unassigned places are typed as control characters.
const CP1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8D}', 'Ž', '\u{8F}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9D}', 'ž', 'Ÿ',
];

/// Where Windows-1258, the Vietnamese page, differs from 1252 above 0x9F.
const CP1258: [(char, u8); 17] = [
    ('Ă', 0xC3),
    ('\u{300}', 0xCC),
    ('Đ', 0xD0),
    ('\u{309}', 0xD2),
    ('Ơ', 0xD5),
    ('Ư', 0xDD),
    ('\u{303}', 0xDE),
    ('ă', 0xE3),
    ('\u{301}', 0xEC),
    ('đ', 0xF0),
    ('\u{323}', 0xF2),
    ('ơ', 0xF5),
    ('ư', 0xFD),
    ('₫', 0xFE),
    ('\u{8A}', 0x8A),
    ('\u{9A}', 0x9A),
    ('\u{9E}', 0x9E),
];

/// The text behind the bytes; `None` when this text is not such a chain of bytes or is plain ASCII.
pub(super) fn repair(text: &str) -> Option<String> {
    if text.is_ascii() {
        return None;
    }
    let bytes: Vec<u8> = text.chars().map(byte).collect::<Option<_>>()?;
    String::from_utf8(bytes).ok()
}

fn byte(c: char) -> Option<u8> {
    if let Some(at) = CP1252.iter().position(|known| *known == c) {
        return u8::try_from(0x80 + at).ok();
    }
    let vietnamese = CP1258.iter().find(|(known, _)| *known == c).map(|(_, byte)| *byte);
    vietnamese.or_else(|| u8::try_from(u32::from(c)).ok())
}
