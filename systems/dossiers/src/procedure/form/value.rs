//! Cleaning and checking one value of a form.

use jiff::civil::Date;
use types::Day;
use types::text::{clean, clean_lines};

use super::{Checked, FieldError, FieldKind, FormField};
use super::{copy_lines, ethnic_groups};

/// Years before this are typing mistakes, also for the parents of the oldest.
const YEAR_MIN: i16 = 1850;

/// Codes of the 63 provinces before July 2025, whose registers gave out personal numbers (`0` before each).
const PROVINCES_OF_NUMBERS: [u8; 63] = [
    1, 2, 4, 6, 8, 10, 11, 12, 14, 15, 17, 19, 20, 22, 24, 25, 26, 27, 30, 31, 33, 34, 35, 36, 37, 38, 40, 42, 44, 45,
    46, 48, 49, 51, 52, 54, 56, 58, 60, 62, 64, 66, 67, 68, 70, 72, 74, 75, 77, 79, 80, 82, 83, 84, 86, 87, 89, 91, 92,
    93, 94, 95, 96,
];

/// A value that may stand.
#[derive(Default)]
pub(super) struct Found {
    /// Absent when the field was left empty.
    pub(super) value: Option<String>,
    pub(super) warning: Option<FieldError>,
}

/// How long a text may be when the definition does not say.
pub(super) fn max_length(kind: Option<FieldKind>) -> usize {
    match kind {
        Some(FieldKind::LongText | FieldKind::CopyLines) => 4_000,
        Some(FieldKind::Address | FieldKind::Text) => 300,
        Some(FieldKind::PersonName | FieldKind::Email) => 120,
        _ => 60,
    }
}

/// Checks what was typed into `field`.
pub(super) fn check(field: &FormField, typed: &str, today: Day) -> Result<Found, FieldError> {
    let fail = |code, message: String| Err(FieldError { key: field.key.clone(), code, message });
    // Beyond this nobody typed by hand; cleaning it would only cost time.
    if typed.len() > field.max_length.saturating_mul(8).max(1_000) {
        return fail("too_long", too_long(field));
    }
    let lines = matches!(field.kind, FieldKind::LongText | FieldKind::CopyLines);
    let text = if lines { clean_lines(typed) } else { clean(typed) };
    if text.is_empty() {
        return match (field.required, field.kind) {
            (false, _) => Ok(Found::default()),
            (true, FieldKind::Checkbox) => fail("required", format!("Cần đánh dấu «{}».", field.label)),
            (true, FieldKind::Select | FieldKind::MultiSelect) => {
                fail("required", format!("Cần chọn «{}».", field.label))
            }
            (true, _) => fail("required", format!("Cần nhập «{}».", field.label)),
        };
    }
    if text.chars().count() > field.max_length {
        return fail("too_long", too_long(field));
    }
    let warn = |code, message: String| Some(FieldError { key: field.key.clone(), code, message });
    let mut warning = None;
    let value = match field.kind {
        FieldKind::Text | FieldKind::LongText | FieldKind::Address => text,
        FieldKind::PersonName => {
            if !text.chars().all(is_of_a_name) || !text.chars().any(char::is_alphabetic) {
                return fail("person_name", format!("«{}» chỉ gồm chữ cái, không có chữ số hay ký hiệu.", field.label));
            }
            if !text.contains(' ') {
                warning = warn("one_word", format!("«{}» chỉ có một chữ, cần xem lại họ và tên.", field.label));
            }
            text
        }
        FieldKind::Ethnicity => {
            if !ethnic_groups::is_listed(&text) {
                warning = warn("ethnicity", format!("«{text}» không có trong danh mục 54 dân tộc, cần xem lại."));
            }
            text
        }
        FieldKind::Nationality => text,
        FieldKind::Date | FieldKind::PartialDate => match dated(field, &text, today) {
            Ok(text) => text,
            Err((code, message)) => return fail(code, message),
        },
        FieldKind::Time => match time(&text) {
            Some(text) => text,
            None => return fail("time", format!("«{}» phải là giờ và phút, ví dụ 07:45.", field.label)),
        },
        FieldKind::IdentityNumber => {
            let digits = digits_of(&text, &[' ', '.', '-']);
            match digits.as_deref().map(identity_number) {
                Some(Some(odd)) => {
                    warning = odd.map(|message| FieldError {
                        key: field.key.clone(),
                        code: "identity_number_odd",
                        message: message.to_owned(),
                    });
                }
                _ => {
                    return fail(
                        "identity_number",
                        format!("«{}» phải có 12 chữ số (hoặc 9 chữ số nếu là chứng minh nhân dân cũ).", field.label),
                    );
                }
            }
            digits.unwrap_or_default()
        }
        FieldKind::TaxCode => match tax_code(&text) {
            Some(text) => text,
            None => {
                return fail(
                    "tax_code",
                    format!("«{}» phải có 10, 12 chữ số, hoặc 10 chữ số - 3 chữ số.", field.label),
                );
            }
        },
        FieldKind::Phone => match phone(&text) {
            Some(text) => text,
            None => {
                return fail("phone", format!("«{}» chưa đúng, ví dụ đúng: 0912 345 678.", field.label));
            }
        },
        FieldKind::Email => {
            if !is_email(&text) {
                return fail("email", format!("«{}» chưa đúng, ví dụ đúng: ten@example.vn.", field.label));
            }
            text
        }
        FieldKind::Select => {
            if !field.options.iter().any(|option| option.value == text) {
                return fail("option", format!("«{}» phải là một trong các lựa chọn.", field.label));
            }
            text
        }
        FieldKind::MultiSelect => {
            let chosen: Vec<&str> = text.split(',').map(str::trim).filter(|value| !value.is_empty()).collect();
            if chosen.iter().any(|value| !field.options.iter().any(|option| option.value == *value)) {
                return fail("option", format!("«{}» phải là một trong các lựa chọn.", field.label));
            }
            // In the order of the form, each once.
            let values = field.options.iter().map(|option| option.value.as_str()).filter(|v| chosen.contains(v));
            values.collect::<Vec<_>>().join(",")
        }
        FieldKind::CopyLines => match copy_lines::read(&text) {
            Ok(lines) => copy_lines::write(&lines),
            Err(line) => {
                let words = "phải ghi: tên giấy tờ; số trang; số bản, ví dụ Giấy khai sinh; 1; 2";
                return fail("copy_lines", format!("«{}», dòng {line} {words}.", field.label));
            }
        },
        FieldKind::Number | FieldKind::Money => match digits_of(&text, &['.', ' ']).filter(|digits| digits.len() <= 15)
        {
            Some(digits) => {
                let trimmed = digits.trim_start_matches('0');
                if trimmed.is_empty() { "0".to_owned() } else { trimmed.to_owned() }
            }
            None => return fail("number", format!("«{}» phải là số nguyên không âm.", field.label)),
        },
        FieldKind::Checkbox => match text.to_ascii_lowercase().as_str() {
            "yes" | "on" | "true" | "1" => "yes".to_owned(),
            "no" | "off" | "false" | "0" if !field.required => return Ok(Found::default()),
            "no" | "off" | "false" | "0" => return fail("required", format!("Cần đánh dấu «{}».", field.label)),
            _ => return fail("checkbox", format!("«{}» chỉ đánh dấu hoặc để trống.", field.label)),
        },
    };
    Ok(Found { value: Some(value), warning })
}

fn too_long(field: &FormField) -> String {
    format!("«{}» dài quá {} ký tự.", field.label, field.max_length)
}

/// Letters of the Latin alphabet with whatever marks, in which every name is written here, foreigners' too. Letters of
/// others that look the same would never be found again.
fn is_of_a_name(c: char) -> bool {
    let latin = c.is_ascii() || matches!(c, '\u{C0}'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}');
    (latin && c.is_alphabetic()) || matches!(c, ' ' | '\'' | '’' | '-' | '.')
}

/// A full date as people type it (`21/11/2026`, `1-2-2026`) or as browsers send it (`2026-11-21`).
pub fn parse_day(text: &str) -> Option<Day> {
    let parts: Vec<&str> = text.split(['/', '-', '.']).map(str::trim).collect();
    let [a, b, c] = parts.as_slice() else { return None };
    let (day, month, year) = if a.len() == 4 { (c, b, a) } else { (a, b, c) };
    if year.len() != 4 || day.len() > 2 || month.len() > 2 || !parts.iter().all(|part| is_digits(part)) {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok().map(Day)
}

/// The canonical form of a date field, and the code and sentence of what is wrong with it.
fn dated(field: &FormField, text: &str, today: Day) -> Result<String, (&'static str, String)> {
    let label = &field.label;
    let (first, shown) = if let Some(day) = parse_day(text) {
        (day.0, day.0.strftime("%d/%m/%Y").to_string())
    } else if let Some(found) = (field.kind == FieldKind::PartialDate).then(|| month_or_year(text)).flatten() {
        found
    } else if field.kind == FieldKind::PartialDate {
        return Err((
            "date",
            format!("«{label}» phải là ngày có thật, hoặc tháng/năm, hoặc năm: 21/11/2026, 11/2026, 2026."),
        ));
    } else {
        return Err(("date", format!("«{label}» phải là ngày có thật, ghi ngày/tháng/năm, ví dụ 21/11/2026.")));
    };
    if first.year() < YEAR_MIN || first.year() > 2200 {
        return Err(("date", format!("«{label}» có năm không hợp lý.")));
    }
    if field.past && first > today.0 {
        return Err(("future", format!("«{label}» không thể là ngày chưa đến.")));
    }
    Ok(shown)
}

/// `11/2026` or `2026`, with the first day it can mean.
fn month_or_year(text: &str) -> Option<(Date, String)> {
    let (month, year) = text.split_once(['/', '-']).map_or((None, text), |(month, year)| (Some(month), year));
    if year.len() != 4 || !is_digits(year) || month.is_some_and(|month| month.len() > 2 || !is_digits(month)) {
        return None;
    }
    let first = Date::new(year.parse().ok()?, month.map_or(Some(1), |month| month.parse().ok())?, 1).ok()?;
    let shown = if month.is_some() { first.strftime("%m/%Y").to_string() } else { year.to_owned() };
    Some((first, shown))
}

fn time(text: &str) -> Option<String> {
    let (hour, minute) = text.split_once([':', 'h', 'g'])?;
    let minute = if minute.is_empty() { "0" } else { minute };
    if hour.len() > 2 || minute.len() > 2 || !is_digits(hour) || !is_digits(minute) {
        return None;
    }
    let (hour, minute): (u8, u8) = (hour.parse().ok()?, minute.parse().ok()?);
    (hour < 24 && minute < 60).then(|| format!("{hour:02}:{minute:02}"))
}

/// `None` when it is no number at all; otherwise what is odd about it. The number has no check digit, so that
/// nothing but its length can be refused.
fn identity_number(digits: &str) -> Option<Option<&'static str>> {
    if digits.len() == 9 {
        return Some(None);
    }
    if digits.len() != 12 {
        return None;
    }
    let province: u16 = digits[..3].parse().ok()?;
    let known = PROVINCES_OF_NUMBERS.iter().any(|code| u16::from(*code) == province);
    Some((!known).then_some("Ba chữ số đầu của số định danh không phải mã tỉnh, cần xem lại thẻ."))
}

/// A warning when the birth year in a personal number is not that of the birth date beside it.
pub(super) fn disagrees_with_birth(field: &FormField, checked: &Checked) -> Option<FieldError> {
    let number = checked.get(&field.key).filter(|number| number.len() == 12)?;
    let birth = checked.get(field.birth.as_deref()?)?;
    let century = 1900 + u32::from(number.as_bytes()[3] - b'0') / 2 * 100;
    let year = century + number[4..6].parse::<u32>().ok()?;
    let agrees = birth.ends_with(&year.to_string());
    (!agrees).then(|| FieldError {
        key: field.key.clone(),
        code: "identity_number_birth",
        message: format!("Số định danh ghi năm sinh {year}, khác với ngày sinh {birth}, cần xem lại."),
    })
}

fn phone(text: &str) -> Option<String> {
    let plain = text.replace("(+84)", "0").replace("+84", "0");
    let digits = digits_of(&plain, &[' ', '.', '-', '(', ')'])?;
    let digits = if digits.starts_with("00") { digits[1..].to_owned() } else { digits };
    let mobile = digits.len() == 10 && matches!(&digits[..2], "03" | "05" | "07" | "08" | "09");
    let landline = (10..=11).contains(&digits.len()) && digits.starts_with("02");
    (mobile || landline).then_some(digits)
}

fn tax_code(text: &str) -> Option<String> {
    let (main, branch) = text.split_once('-').map_or((text, None), |(main, branch)| (main, Some(branch.trim())));
    let main = digits_of(main, &[' ', '.'])?;
    match (main.len(), branch) {
        (10 | 12, None) => Some(main),
        (10, Some(branch)) if branch.len() == 3 && is_digits(branch) => Some(format!("{main}-{branch}")),
        _ => None,
    }
}

fn is_email(text: &str) -> bool {
    let Some((name, host)) = text.split_once('@') else { return false };
    let host_is_right = host.contains('.')
        && host.split('.').all(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'));
    !name.is_empty() && !text.contains(char::is_whitespace) && text.is_ascii() && host_is_right
}

/// The digits of a text that holds only digits and these separators.
fn digits_of(text: &str, separators: &[char]) -> Option<String> {
    let digits: String = text.chars().filter(|c| !separators.contains(c)).collect();
    is_digits(&digits).then_some(digits)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
