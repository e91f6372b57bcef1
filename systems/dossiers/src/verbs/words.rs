//! What people and programs write in their own words: cleaned and of a bearable length before it is kept, whoever sent
//! it. A NUL, which PostgreSQL keeps in no text, is gone with the other control characters.

use types::text::{clean, clean_lines};
use types::{Error, Result};

/// Longest note or reason in characters.
pub const LINES_MAX: usize = 4_000;
/// Longest name or number in characters.
pub const LINE_MAX: usize = 300;

/// A note or reason of several lines; empty when nothing was said. `field` is told with a complaint.
pub fn lines(field: &str, typed: &str) -> Result<String> {
    bearable(field, clean_lines(at_most(typed, LINES_MAX)), LINES_MAX)
}

/// The same for what need not be said.
pub fn some_lines(field: &str, typed: Option<&str>) -> Result<Option<String>> {
    Ok(Some(lines(field, typed.unwrap_or_default())?).filter(|text| !text.is_empty()))
}

/// A name or number on one line.
pub fn line(field: &str, typed: &str) -> Result<String> {
    bearable(field, clean(at_most(typed, LINE_MAX)), LINE_MAX)
}

/// The beginning that is worth cleaning: whatever is much longer than allowed is refused anyway, and letters in pieces
/// and invisible characters make a text at most so much longer than it looks.
fn at_most(typed: &str, most: usize) -> &str {
    typed.char_indices().nth(most * 8).map_or(typed, |(end, _)| &typed[..end])
}

fn bearable(field: &str, text: String, most: usize) -> Result<String> {
    if text.chars().count() > most {
        return Err(Error::invalid(field, format!("Nội dung dài quá {most} ký tự.")));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_cleaned_and_capped() {
        assert_eq!(lines("reason", " Bo\u{302}\u{309} sung\u{0}\r\n\u{7}giấy tờ \n").unwrap(), "Bổ sung\ngiấy tờ");
        assert_eq!(line("name", "Giấy\n khai\u{0} sinh").unwrap(), "Giấy khai sinh");
        assert_eq!(some_lines("note", Some(" \u{0}\n")).unwrap(), None);
        assert_eq!(some_lines("note", None).unwrap(), None);
        assert_eq!(lines("note", &"ế".repeat(LINES_MAX)).unwrap().chars().count(), LINES_MAX);
        for long in ["a".repeat(LINES_MAX + 1), "a".repeat(10_000_000)] {
            let Err(Error::Invalid(wrong)) = lines("note", &long) else { panic!("it was taken") };
            assert_eq!((wrong[0].field.as_str(), wrong[0].message.as_str()), ("note", "Nội dung dài quá 4000 ký tự."));
        }
        assert!(line("name", &"a".repeat(LINE_MAX + 1)).is_err());
    }
}
