//! Writes PDF objects (ISO 32000-1, 7.3). Strings become hexadecimal, so that there is nothing to escape.

use lopdf::{Dictionary, Object, StringFormat};

/// A text string as UTF-16BE (7.9.2.2): the only form for Vietnamese that every reader of PDF 1.x knows.
pub(crate) fn text(words: &str) -> Object {
    let mut bytes = vec![0xFE, 0xFF];
    bytes.extend(words.encode_utf16().flat_map(u16::to_be_bytes));
    Object::String(bytes, StringFormat::Hexadecimal)
}

/// A text string read back: UTF-16BE with its mark, UTF-8 with its mark, or bytes taken as Latin-1.
pub(crate) fn words(bytes: &[u8]) -> String {
    if let Some(rest) = bytes.strip_prefix(b"\xFE\xFF") {
        let units: Vec<u16> = rest.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
        return String::from_utf16_lossy(&units);
    }
    if let Some(rest) = bytes.strip_prefix(b"\xEF\xBB\xBF") {
        return String::from_utf8_lossy(rest).into_owned();
    }
    bytes.iter().copied().map(char::from).collect()
}

/// Numbers as an object's own text writes them. The parser keeps 32 bits of a real number; written back from there, a page
/// of 595.303937007874 points would look changed to whoever compares revisions.
#[derive(Default)]
pub(crate) struct Numbers<'a>(Vec<(f32, &'a str)>);

impl<'a> Numbers<'a> {
    /// Every number with a point in `source`.
    pub fn of(source: &'a [u8]) -> Self {
        let tokens = source.split(|byte| !matches!(byte, b'0'..=b'9' | b'.' | b'-' | b'+'));
        let numbers = tokens.filter(|token| token.contains(&b'.')).filter_map(|token| {
            let token = std::str::from_utf8(token).ok()?;
            Some((token.parse().ok()?, token))
        });
        Self(numbers.collect())
    }

    /// The text of `value`.
    fn write(&self, value: f32) -> String {
        let found = self.0.iter().find(|(number, _)| *number == value);
        found.map_or_else(|| format!("{value}"), |(_, token)| (*token).to_owned())
    }
}

/// Appends `object`.
pub(crate) fn write_object(out: &mut Vec<u8>, object: &Object, numbers: &Numbers<'_>) {
    match object {
        Object::Null => out.extend_from_slice(b"null"),
        Object::Boolean(true) => out.extend_from_slice(b"true"),
        Object::Boolean(false) => out.extend_from_slice(b"false"),
        Object::Integer(number) => out.extend_from_slice(number.to_string().as_bytes()),
        Object::Real(number) => out.extend_from_slice(numbers.write(*number).as_bytes()),
        Object::Name(name) => write_name(out, name),
        Object::String(bytes, _) => {
            out.push(b'<');
            out.extend_from_slice(data_encoding::HEXUPPER.encode(bytes).as_bytes());
            out.push(b'>');
        }
        Object::Array(items) => {
            out.push(b'[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(b' ');
                }
                write_object(out, item, numbers);
            }
            out.push(b']');
        }
        Object::Dictionary(dictionary) => write_dictionary(out, dictionary, numbers),
        Object::Reference((number, generation)) => {
            out.extend_from_slice(format!("{number} {generation} R").as_bytes());
        }
        Object::Stream(stream) => {
            let mut dictionary = stream.dict.clone();
            dictionary.set("Length", stream.content.len() as i64);
            write_dictionary(out, &dictionary, numbers);
            out.extend_from_slice(b"\nstream\n");
            out.extend_from_slice(&stream.content);
            out.extend_from_slice(b"\nendstream");
        }
    }
}

/// Appends a dictionary.
pub(crate) fn write_dictionary(out: &mut Vec<u8>, dictionary: &Dictionary, numbers: &Numbers<'_>) {
    out.extend_from_slice(b"<<");
    write_entries(out, dictionary, numbers);
    out.extend_from_slice(b">>");
}

/// Appends what stands between the brackets of a dictionary.
pub(crate) fn write_entries(out: &mut Vec<u8>, dictionary: &Dictionary, numbers: &Numbers<'_>) {
    for (key, value) in dictionary {
        write_name(out, key);
        out.push(b' ');
        write_object(out, value, numbers);
    }
}

/// Appends a name with everything but plain letters and signs as `#xx`.
fn write_name(out: &mut Vec<u8>, name: &[u8]) {
    out.push(b'/');
    for &byte in name {
        if byte.is_ascii_graphic() && !b"#/()<>[]{}%".contains(&byte) {
            out.push(byte);
        } else {
            out.extend_from_slice(format!("#{byte:02X}").as_bytes());
        }
    }
}
