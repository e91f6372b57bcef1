//! Small liberties that scanners take, evened out for the parser: in a copy of the same length, so that every offset stays.
//! What is signed and written is the file as it came.
//!
//! Text behind the version in the first line says nothing (ISO 32000-2, 7.5.2), and a row of the table that ends in one
//! byte in place of two (7.5.4) says the same in every program; the verifier has read it before. Nothing else is evened out.

use std::borrow::Cow;
use std::collections::BTreeSet;

/// Bytes of a row that ends in one byte: ten of offset, five of generation, a letter, two spaces and the end of line.
const SHORT_ROW: usize = 19;

/// The file for the parser. `sections` are where the verifier found cross-reference sections.
pub(super) fn out<'a>(bytes: &'a [u8], sections: &BTreeSet<usize>) -> Cow<'a, [u8]> {
    let mut even = Cow::Borrowed(bytes);
    if let Some((start, end)) = behind_version(bytes) {
        // A comment of its own, or the end of the line where it is a space only.
        let line = even.to_mut();
        line[start] = b'\n';
        if start + 1 < end {
            line[start + 1] = b'%';
        }
    }
    for row in sections.iter().flat_map(|start| short_rows(bytes, *start)) {
        let lengthened = long_row(&bytes[row..row + SHORT_ROW]);
        even.to_mut()[row..row + SHORT_ROW].copy_from_slice(&lengthened);
    }
    even
}

/// What stands in the first line behind `%PDF-1.4`.
fn behind_version(bytes: &[u8]) -> Option<(usize, usize)> {
    let version = bytes.strip_prefix(b"%PDF-")?;
    let start = 5 + version.iter().position(|byte| !byte.is_ascii_digit() && *byte != b'.')?;
    let end = start + bytes[start..].iter().position(|byte| matches!(byte, b'\r' | b'\n'))?;
    (start < end).then_some((start, end))
}

/// Where the rows of a table begin that end in one byte. None when it is a stream.
fn short_rows(bytes: &[u8], section: usize) -> Vec<usize> {
    let mut rows = Vec::new();
    let Some(mut at) = line_end(bytes, section).filter(|_| bytes[section..].starts_with(b"xref")) else { return rows };
    while let Some(count) = head(bytes, at) {
        let Some(first) = line_end(bytes, at) else { return rows };
        at = first;
        for _ in 0..count {
            let ends_in_two = bytes.get(at + SHORT_ROW - 1..).is_some_and(|end| end.starts_with(b"\r\n"));
            if ends_in_two || !is_row(bytes.get(at..at + SHORT_ROW).unwrap_or_default()) {
                // Rows as they should be; the parser looks at them itself.
                return rows;
            }
            rows.push(at);
            at += SHORT_ROW;
        }
    }
    rows
}

/// How many rows follow a line of two numbers.
fn head(bytes: &[u8], at: usize) -> Option<usize> {
    let line = bytes.get(at..line_end(bytes, at)?)?;
    let mut words = std::str::from_utf8(line).ok()?.split_ascii_whitespace();
    let (first, count, nothing) = (words.next()?, words.next()?, words.next());
    first.parse::<u32>().ok().filter(|_| nothing.is_none())?;
    count.parse().ok()
}

/// Where the next line begins.
fn line_end(bytes: &[u8], at: usize) -> Option<usize> {
    let end = at + bytes.get(at..)?.iter().position(|byte| matches!(byte, b'\r' | b'\n'))?;
    Some(if bytes[end..].starts_with(b"\r\n") { end + 2 } else { end + 1 })
}

fn is_row(row: &[u8]) -> bool {
    let digits = |from: usize, to: usize| row[from..to].iter().all(u8::is_ascii_digit);
    row.len() == SHORT_ROW
        && digits(0, 10)
        && digits(11, 16)
        && (row[10], row[16]) == (b' ', b' ')
        && matches!((row[17], row[18]), (b'n' | b'f', b'\r' | b'\n'))
        // One of the two numbers gives a zero away.
        && (row[0] == b'0' || row[11] == b'0')
}

/// The row with an end of two bytes, for which a number gives up a leading zero.
fn long_row(row: &[u8]) -> Vec<u8> {
    let zero = if row[11] == b'0' { 11 } else { 0 };
    let mut long = [&row[..zero], &row[zero + 1..18]].concat();
    long.extend_from_slice(b" \n");
    long
}

#[cfg(test)]
mod tests {
    use super::out;
    use std::collections::BTreeSet;

    fn evened(text: &str) -> String {
        let sections = text.match_indices("xref\n").map(|(place, _)| place).collect();
        let even = out(text.as_bytes(), &sections);
        assert_eq!(even.len(), text.len());
        String::from_utf8(even.into_owned()).unwrap()
    }

    #[test]
    fn rows_give_a_zero_for_an_end_of_two_bytes() {
        let table = |rows: &str| format!("%PDF-1.4\nxref\n{rows}trailer\n");
        let short = table("0 2\n0000000003 65535 f\n0000000017 00000 n\n7 1\n0000000081 00001 n\n");
        let long = table("0 2\n000000003 65535 f \n0000000017 0000 n \n7 1\n0000000081 0001 n \n");
        assert_eq!(evened(&short), long);
        for as_they_are in [
            table("0 1\n0000000000 65535 f \n"),
            table("0 1\n0000000000 65535 f\r\n"),
            table("0 1\n000000000 65535 f\n"),
            table("0 1\n0000000000 65535 x\n"),
            table("0 9\n"),
            table("0 99999999999999999999\n"),
            "%PDF-1.4\nxref\n0 1\n00000".to_owned(),
        ] {
            assert_eq!(evened(&as_they_are), as_they_are);
        }
    }

    #[test]
    fn what_stands_behind_the_version_becomes_a_comment() {
        assert_eq!(evened("%PDF-1.4 (a scanner)\n1 0 obj"), "%PDF-1.4\n%a scanner)\n1 0 obj");
        assert_eq!(evened("%PDF-1.1 \n1 0 obj"), "%PDF-1.1\n\n1 0 obj");
        for as_it_is in ["%PDF-1.4\n", "%PDF-1.4\r\n", "%PDF-1.4", "%PDF-1.4 ", "no file", ""] {
            assert_eq!(evened(as_it_is), as_it_is);
        }
    }

    #[test]
    fn nothing_is_touched_outside_of_sections() {
        let text = b"%PDF-1.4\nxref\n0 1\n0000000000 65535 f\n";
        assert_eq!(&*out(text, &BTreeSet::new()), text);
        assert_eq!(&*out(text, &BTreeSet::from([1, 9_999])), text);
    }
}
