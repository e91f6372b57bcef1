//! Takes a party's particulars out of a text that an officer wrote, before it is shown to whoever holds the link.

use crate::procedure::Definition;
use crate::procedure::form::FieldKind;
use std::collections::BTreeMap;
use types::text::{clean, clean_lines, place_tones};

/// What stands in place of a particular.
const HIDDEN: &str = "•••";
/// Shorter values are words of the language as well.
const LENGTH_MIN: usize = 4;
/// A number of so many digits may be a personal number or a phone.
const DIGITS_MIN: usize = 9;

/// `text` without the names, numbers and addresses of the form, and without any long number. Both are cleaned first, so
/// that letters in pieces, as some keyboards send them, hide nothing from us.
pub(super) fn keep_out(text: &str, definition: &Definition, values: &BTreeMap<String, String>) -> String {
    let personal =
        definition.fields().filter(|field| is_personal(field.kind)).filter_map(|field| values.get(&field.key));
    let personal = personal.map(|value| clean(value));
    let mut values: Vec<String> = personal.filter(|value| value.chars().count() >= LENGTH_MIN).collect();
    values.sort_by_key(|value| std::cmp::Reverse(value.len()));
    let hidden = values.iter().fold(clean_lines(text), |text, value| hide(&text, value));
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

/// The letters by which texts are compared, one for each letter of `text`: in lower case, and with the tone where the new
/// spelling has it (hoà and hòa are one word).
fn compared(text: &str) -> Vec<char> {
    let small: String = text.chars().map(lower).collect();
    let placed: Vec<char> = place_tones(&small).chars().collect();
    let small: Vec<char> = small.chars().collect();
    if placed.len() == small.len() { placed } else { small }
}

/// Every occurrence of `value`, in whatever case; a space stands for any gap.
fn hide(text: &str, value: &str) -> String {
    let gap = |c: &char| if c.is_whitespace() { ' ' } else { *c };
    let wanted: Vec<char> = compared(value);
    let letters: Vec<char> = text.chars().collect();
    let seen: Vec<char> = compared(text).iter().map(gap).collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(letter) = letters.get(at) {
        let here = seen.get(at..at + wanted.len());
        if here.is_some_and(|here| here == wanted) {
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
pub(crate) fn hide_numbers(text: &str) -> String {
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
        // Letters in pieces, a tone where older spelling has it, a name over two lines.
        let pieces = "Ba\u{300} Nguyê\u{303}n Thi\u{323} My\u{303} Ha\u{323}nh va\u{300} be\u{301} Đă\u{323}ng Đi\u{300}nh\r\nƯơ\u{309}ng.";
        assert_eq!(keep_out(pieces, definition, &values), "Bà ••• và bé •••.");
        let hoa = BTreeMap::from([("applicant_name".to_owned(), "Lê Thị Hoa\u{300}".to_owned())]);
        assert_eq!(keep_out("Gọi chị LÊ THỊ HÒA, chị Lê Thị Hoà.", definition, &hoa), "Gọi chị •••, chị •••.");
        assert_eq!(keep_out("Nộp 8.000 đồng tại quầy 2.", definition, &values), "Nộp 8.000 đồng tại quầy 2.");
    }
}
