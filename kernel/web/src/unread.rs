//! What a parser says of input that it could not read, told in the users' words.
//!
//! The libraries know only English. What they say most is known here by how it begins; anything else gets a sentence
//! that is true of it, so that no English stands in a Vietnamese one.

use types::FieldError;

/// What a library says of a value, after the place it names: `papers[0]: unknown field ...`.
pub(crate) fn told(whole: &str, said: &str) -> FieldError {
    let (path, said) = match said.split_once(": ") {
        Some((path, rest)) if is_path(path) => (path, rest),
        _ => ("", said),
    };
    let said = said.split_once(" at line ").map_or(said, |(said, _)| said);
    let (name, sentence) = sentence(said);
    let field = match (path, name) {
        ("" | ".", None) => whole.to_owned(),
        ("" | ".", Some(name)) => name.to_owned(),
        // The place of an unknown field holds its name already.
        (path, Some(name)) if path == name || path.ends_with(&format!(".{name}")) => path.to_owned(),
        (path, Some(name)) => format!("{path}.{name}"),
        (path, None) => path.to_owned(),
    };
    FieldError::new(field, sentence)
}

fn is_path(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || "._[]-".contains(c))
}

/// The field that is named, and the sentence.
fn sentence(said: &str) -> (Option<&str>, String) {
    let named = |start: &str| said.strip_prefix(start).and_then(|rest| rest.split('`').next());
    if let Some(name) = named("missing field `") {
        return (Some(name), format!("Thiếu «{name}»."));
    }
    if let Some(name) = named("unknown field `") {
        return (Some(name), format!("Không có trường «{name}»."));
    }
    if let Some(name) = named("duplicate field `") {
        return (Some(name), format!("«{name}» ghi hai lần."));
    }
    if let Some(value) = named("unknown variant `") {
        let known: Vec<&str> = said.split('`').skip(3).step_by(2).collect();
        return (None, format!("Không nhận giá trị «{value}»; chọn một trong: {}.", known.join(", ")));
    }
    let expected = said.split_once("expected ").map_or("", |(_, expected)| expected);
    let wanted = match expected {
        text if text.starts_with("a string") => ": cần chữ trong ngoặc kép",
        text if text.starts_with("a boolean") => ": cần true hoặc false",
        text if text.starts_with("a sequence") => ": cần một danh sách",
        text if text.starts_with("an id ") => ": cần mã số viết bằng chữ số trong ngoặc kép",
        text if text.starts_with("struct ") || text.starts_with("a map") => ": cần một đối tượng {…}",
        text if is_whole_number(text) => ": cần số nguyên",
        _ if said.starts_with("invalid digit") => ": cần số nguyên",
        _ => "",
    };
    (None, format!("Giá trị không đúng kiểu{wanted}."))
}

fn is_whole_number(expected: &str) -> bool {
    let mut letters = expected.chars();
    matches!(letters.next(), Some('i' | 'u')) && letters.as_str().chars().all(|c| c.is_ascii_digit())
        || expected == "usize"
}

#[cfg(test)]
mod tests {
    use super::told;

    #[test]
    fn what_libraries_say_is_told_with_its_place() {
        for (said, field, message) in [
            ("missing field `receiver` at line 1 column 2", "receiver", "Thiếu «receiver»."),
            (
                "papers[0]: missing field `requirement` at line 1 column 9",
                "papers[0].requirement",
                "Thiếu «requirement».",
            ),
            ("papers[0].copy: unknown field `copy`, expected `copies`", "papers[0].copy", "Không có trường «copy»."),
            ("unknown field `a`, expected one of `b`, `c`", "a", "Không có trường «a»."),
            ("duplicate field `q`", "q", "«q» ghi hai lần."),
            (
                "unknown variant `fly`, expected one of `take`, `pass`",
                "body",
                "Không nhận giá trị «fly»; chọn một trong: take, pass.",
            ),
            (
                "channel: invalid type: integer `3`, expected a string",
                "channel",
                "Giá trị không đúng kiểu: cần chữ trong ngoặc kép.",
            ),
            ("limit: invalid digit found in string", "limit", "Giá trị không đúng kiểu: cần số nguyên."),
            (
                "revision: invalid type: string \"x\", expected i64",
                "revision",
                "Giá trị không đúng kiểu: cần số nguyên.",
            ),
            ("something that nobody foresaw", "body", "Giá trị không đúng kiểu."),
        ] {
            let error = told("body", said);
            assert_eq!((error.field.as_str(), error.message.as_str()), (field, message), "{said}");
        }
    }
}
