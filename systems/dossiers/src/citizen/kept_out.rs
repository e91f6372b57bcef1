//! Takes a party's particulars out of a text that an officer wrote, before it is shown to whoever holds the link.

use crate::procedure::Definition;
use crate::procedure::form::FieldKind;
use std::collections::BTreeMap;

/// What stands in place of a particular.
const HIDDEN: &str = "•••";
/// Shorter values are words of the language as well.
const LENGTH_MIN: usize = 4;
/// A number of so many digits may be a personal number or a phone.
const DIGITS_MIN: usize = 9;

/// `text` without the names, numbers and addresses of the form, and without any long number.
pub(super) fn keep_out(text: &str, definition: &Definition, values: &BTreeMap<String, String>) -> String {
    let personal =
        definition.fields().filter(|field| is_personal(field.kind)).filter_map(|field| values.get(&field.key));
    let mut values: Vec<&String> = personal.filter(|value| value.chars().count() >= LENGTH_MIN).collect();
    values.sort_by_key(|value| std::cmp::Reverse(value.len()));
    let hidden = values.into_iter().fold(text.to_owned(), |text, value| hide(&text, value));
    hide_numbers(&hidden)
}

fn is_personal(kind: FieldKind) -> bool {
    matches!(
        kind,
        FieldKind::PersonName
            | FieldKind::IdentityNumber
            | FieldKind::TaxCode
            | FieldKind::Phone
            | FieldKind::Email
            | FieldKind::Address
    )
}

fn lower(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}

/// Every occurrence of `value`, in whatever case.
fn hide(text: &str, value: &str) -> String {
    let wanted: Vec<char> = value.chars().map(lower).collect();
    let letters: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(letter) = letters.get(at) {
        let here = letters.get(at..at + wanted.len());
        if here.is_some_and(|here| here.iter().map(|c| lower(*c)).eq(wanted.iter().copied())) {
            out.push_str(HIDDEN);
            at += wanted.len();
        } else {
            out.push(*letter);
            at += 1;
        }
    }
    out
}

/// Runs of nine digits or more, also when written in groups.
fn hide_numbers(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut run = String::new();
    let flush = |run: &mut String, out: &mut String| {
        let digits = run.chars().filter(char::is_ascii_digit).count();
        let tail: String = run.chars().rev().take_while(|c| !c.is_ascii_digit()).collect();
        if digits >= DIGITS_MIN {
            out.push_str(HIDDEN);
            out.extend(tail.chars().rev());
        } else {
            out.push_str(run);
        }
        run.clear();
    };
    for c in text.chars() {
        if c.is_ascii_digit() || (!run.is_empty() && matches!(c, ' ' | '.')) {
            run.push(c);
        } else {
            flush(&mut run, &mut out);
            out.push(c);
        }
    }
    flush(&mut run, &mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_are_kept_out_in_whatever_case() {
        let definition = crate::procedure::catalogue::find("1.001193").unwrap();
        let values = BTreeMap::from([
            ("applicant_name".to_owned(), "Nguyễn Thị Mỹ Hạnh".to_owned()),
            ("child_name".to_owned(), "Đặng Đình Ưởng".to_owned()),
            ("applicant_phone".to_owned(), "0975000418".to_owned()),
        ]);
        let text = "Chị NGUYỄN THỊ MỸ HẠNH bổ sung giấy chứng sinh của cháu Đặng đình ưởng, gọi 0975000418 hoặc 0208 3824 115. Hạn 27/11/2026.";
        let shown = keep_out(text, definition, &values);
        assert_eq!(shown, "Chị ••• bổ sung giấy chứng sinh của cháu •••, gọi ••• hoặc •••. Hạn 27/11/2026.");
        assert_eq!(keep_out("Nộp 8.000 đồng tại quầy 2.", definition, &values), "Nộp 8.000 đồng tại quầy 2.");
    }
}
