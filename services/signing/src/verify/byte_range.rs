//! Which bytes a signature covers (ISO 32000-2, 12.8.1), with every rule that keeps something from slipping in.

use super::document::{Dict, Document, Entry, Reader, Value, View, is_space};
use super::fields::Field;
use super::report::Code;

/// A signature's dictionary and the bytes it covers.
pub struct Covered<'d, 'a> {
    /// The dictionary as it is now.
    pub value: Dict,
    pub before: &'a [u8],
    pub after: &'a [u8],
    /// The container, decoded.
    pub contents: Vec<u8>,
    /// The end of the signed bytes.
    pub end: usize,
    /// The signed revision.
    pub view: View<'d, 'a>,
}

/// Checks the range of the signature in a field. `None` when the field has no signature yet.
///
/// # Errors
/// The rule that is broken, with what was found.
pub fn covered<'d, 'a>(document: &'d Document<'a>, field: &Field) -> Result<Option<Covered<'d, 'a>>, (Code, String)> {
    let unreadable = |e: String| (Code::FileUnreadable, e);
    let range = |what: &str| (Code::ByteRange, what.to_owned());
    let whole = document.whole();
    let Some(said) = field.dict.get(&b"V"[..]) else { return Ok(None) };
    let value = match whole.resolve(said).map_err(unreadable)? {
        Value::Null => return Ok(None),
        Value::Dict(dict) => dict,
        _ => return Err(range("the value of the field is no dictionary")),
    };
    let object = said.reference().or(field.object).ok_or_else(|| range("a signature without object"))?;
    let numbers = value.get(&b"ByteRange"[..]).and_then(Value::array).unwrap_or_default();
    let numbers: Vec<usize> = numbers.iter().filter_map(|n| n.int().and_then(|n| usize::try_from(n).ok())).collect();
    let &[start, first, second, rest] = &numbers[..] else { return Err(range("not four numbers")) };
    let bytes = document.bytes();
    let end = second.checked_add(rest).filter(|end| *end <= bytes.len()).ok_or_else(|| range("beyond the file"))?;
    if start != 0 || first + 2 > second {
        return Err(range("does not begin at 0, or leaves no place for the signature"));
    }
    let gap = &bytes[first..second];
    let digits = gap.strip_prefix(b"<").and_then(|gap| gap.strip_suffix(b">")).unwrap_or_default();
    if digits.is_empty() || !digits.len().is_multiple_of(2) || !digits.iter().all(u8::is_ascii_hexdigit) {
        return Err(range("the gap is not one hexadecimal string"));
    }
    let contents = value.get(&b"Contents"[..]).and_then(Value::text).unwrap_or_default().to_vec();
    let decoded = Reader::new(gap, 0).value().ok();
    if contents.is_empty() || decoded.as_ref().and_then(Value::text) != Some(&contents[..]) {
        return Err(range("the gap is not the field's own /Contents"));
    }
    let before = &bytes[..first];
    let word = before.iter().rposition(|byte| !is_space(*byte)).map_or(&before[..0], |last| &before[..=last]);
    if !word.ends_with(b"/Contents") {
        return Err(range("the gap does not stand behind /Contents"));
    }
    if !ends_a_revision(&bytes[..end]) {
        return Err((Code::RevisionEnd, format!("the signed bytes end at {end}, behind no %%EOF")));
    }
    let view = document.view_at(end).map_err(|e| (Code::RevisionEnd, e))?;
    within_own_object(view, object, first, second).map_err(|what| range(&what))?;
    let after = &bytes[second..end];
    Ok(Some(Covered { value, before, after, contents, end, view }))
}

/// Whether the bytes end with `%%EOF` and at most one end of line.
fn ends_a_revision(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
    bytes.ends_with(b"%%EOF")
}

/// The gap lies in the object that the signed revision itself knows as the signature.
fn within_own_object(view: View<'_, '_>, object: u32, first: usize, second: usize) -> Result<(), String> {
    let Some(Entry::At { offset, .. }) = view.entry(object) else {
        return Err(format!("object {object} is not in the signed revision"));
    };
    let mut reader = Reader::new(view.document.bytes(), offset);
    reader.header()?;
    reader.value()?;
    if offset < first && second <= reader.at { Ok(()) } else { Err(format!("the gap lies outside object {object}")) }
}
