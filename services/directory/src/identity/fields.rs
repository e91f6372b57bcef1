//! Cutting the scanned text into fields, also where separators were changed or lost on the way.

use super::keyboard::{digits, keys_of};
use super::{Sex, birth::BirthDate};

/// The fields as they arrived; empty where the text ended early.
#[derive(Debug, Default)]
pub(super) struct Fields {
    pub number: String,
    pub old: String,
    pub name: String,
    pub birth: String,
    pub sex: String,
    pub address: String,
    pub issued: String,
    /// Separators were missing: the borders of name and address are a guess.
    pub guessed: bool,
}

/// Splits at the separator, whatever it became: it is the sign right after the number.
pub(super) fn split(line: &str) -> Option<Fields> {
    let mut found = 0;
    let after = line.char_indices().find_map(|(at, c)| match keys_of(c) {
        Some((keys, _)) => {
            found += keys.len();
            None
        }
        None => (c != ' ').then_some((at, c)),
    });
    let (_, separator) = after.filter(|_| found == 12)?;
    if separator.is_alphanumeric() {
        return None;
    }
    let mut parts = line.split(separator).map(str::to_owned).peekable();
    let number = parts.next()?;
    // A reader that drops empty fields leaves out the old number.
    let has_old = parts.peek().is_some_and(|next| digits(next).is_some());
    let old = if has_old { parts.next()? } else { String::new() };
    let mut next = || parts.next().unwrap_or_default();
    Some(Fields {
        number,
        old,
        name: next(),
        birth: next(),
        sex: next(),
        address: next(),
        issued: next(),
        guessed: false,
    })
}

/// Finds the fields by what they look like, with plain digits only: letters may be digits otherwise.
pub(super) fn guess(line: &str) -> Option<Fields> {
    let (number, rest) = take_digits(line, 12)?;
    let rest = skip_borders(rest);
    let run = digit_run(rest);
    let (old, rest) = match run {
        0 => ("", rest),
        9 | 12 => rest.split_at(run),
        _ => return None,
    };
    let at = rest.find(|c: char| c.is_ascii_digit())?;
    let (name, rest) = rest.split_at(at);
    let (birth, rest) = rest.split_at(digit_run(rest));
    let rest = skip_borders(rest);
    let word = ["Nam", "Nữ", "Nu"].into_iter().find(|word| starts_with(rest, word))?;
    let (sex, rest) = rest.split_at(rest.char_indices().nth(word.chars().count()).map_or(rest.len(), |(at, _)| at));
    let rest = skip_borders(rest);
    let (address, issued) = match issue_date(rest) {
        Some(at) => (&rest[..at], &rest[at..at + 8]),
        None => (rest, ""),
    };
    let trim = |text: &str| text.trim_matches(is_border).to_owned();
    Some(Fields {
        number: number.to_owned(),
        old: old.to_owned(),
        name: trim(name),
        birth: birth.to_owned(),
        sex: sex.to_owned(),
        address: trim(address),
        issued: issued.to_owned(),
        guessed: true,
    })
    .filter(|fields| BirthDate::from_card(&fields.birth).is_some() && Sex::parse(&fields.sex).is_some())
}

fn take_digits(text: &str, count: usize) -> Option<(&str, &str)> {
    (digit_run(text) >= count).then(|| text.split_at(count))
}

fn digit_run(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

fn is_border(c: char) -> bool {
    !c.is_alphanumeric()
}

fn skip_borders(text: &str) -> &str {
    text.trim_start_matches(is_border)
}

fn starts_with(text: &str, word: &str) -> bool {
    let length = word.chars().count();
    let start: String = text.chars().take(length).collect();
    start.to_lowercase() == word.to_lowercase()
}

/// Where the first run of exactly eight digits that is a full date begins.
fn issue_date(text: &str) -> Option<usize> {
    let mut at = 0;
    while at < text.len() {
        let run = digit_run(&text[at..]);
        if run == 8 && matches!(BirthDate::from_card(&text[at..at + 8]), Some(BirthDate::Day(_))) {
            return Some(at);
        }
        at += run.max(text[at..].chars().next().map_or(1, char::len_utf8));
    }
    None
}
