//! Cross-reference sections (ISO 32000-2, 7.5.4 and 7.5.8): the chain from the last back to the first, never repaired.

use super::inflate::decoded;
use super::reader::{Read, Reader};
use super::value::{Dict, Stream, Value};
use super::{OBJECTS_MAX, SECTIONS_MAX, STRUCTURE_BYTES_MAX};
use std::collections::BTreeMap;

/// Where an object stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    Free,
    At { offset: usize, generation: u16 },
    Within { stream: u32, index: usize },
}

/// One section: the objects it names and its trailer.
#[derive(Debug, Clone)]
pub struct Section {
    /// Where it begins; two files with the same offsets and bytes have the same section.
    pub offset: usize,
    pub entries: BTreeMap<u32, Entry>,
    pub trailer: Dict,
    /// Where the stream of a hybrid section begins.
    pub hybrid: Option<usize>,
    /// The object that carries the section, when it is a stream.
    pub own_object: Option<u32>,
}

/// The section the end of the file points to, and the place behind its `%%EOF`.
///
/// # Errors
/// No `startxref … %%EOF` in the last bytes.
pub fn last_section(bytes: &[u8]) -> Read<(usize, usize)> {
    // ISO 32000-2, Annex H: readers look for the marker in the last 1024 bytes.
    let from = bytes.len().saturating_sub(1024 + 32);
    let tail = &bytes[from..];
    let word = b"startxref";
    let found = tail.windows(word.len()).rposition(|w| w == word).ok_or("no startxref at the end of the file")?;
    let mut reader = Reader::new(bytes, from + found + word.len());
    // Only white space, no comment: `%%EOF` itself looks like one.
    spaces(&mut reader);
    let offset = reader.unsigned()?;
    spaces(&mut reader);
    if !bytes[reader.at..].starts_with(b"%%EOF") {
        return Err("no %%EOF behind startxref".to_owned());
    }
    let offset = usize::try_from(offset).map_err(|e| e.to_string())?;
    Ok((offset, reader.at + 5))
}

fn spaces(reader: &mut Reader<'_>) {
    while reader.peek().is_some_and(super::reader::is_space) {
        reader.at += 1;
    }
}

/// All sections, the newest first.
///
/// # Errors
/// A section that is damaged or not where it is said to be, a circle, too many sections or objects.
pub fn chain(bytes: &[u8], start: usize) -> Read<Vec<Section>> {
    let mut sections: Vec<Section> = Vec::new();
    let mut next = Some(start);
    let mut entries = 0_usize;
    while let Some(offset) = next {
        if sections.len() >= SECTIONS_MAX || sections.iter().any(|section| section.offset == offset) {
            return Err("too many cross-reference sections, or a circle of them".to_owned());
        }
        let section = section(bytes, offset)?;
        entries += section.entries.len();
        if entries > OBJECTS_MAX {
            return Err("too many objects".to_owned());
        }
        next = match section.trailer.get(&b"Prev"[..]) {
            None => None,
            Some(value) => Some(place(value).ok_or("a bad /Prev")?),
        };
        sections.push(section);
    }
    Ok(sections)
}

fn place(value: &Value) -> Option<usize> {
    value.int().and_then(|n| usize::try_from(n).ok())
}

fn section(bytes: &[u8], offset: usize) -> Read<Section> {
    if bytes.get(offset).is_some_and(u8::is_ascii_digit) {
        return stream_section(bytes, offset);
    }
    let mut reader = Reader::new(bytes, offset);
    if !reader.word(b"xref") {
        return Err(format!("no cross-reference section at byte {offset}"));
    }
    let mut entries = BTreeMap::new();
    loop {
        reader.space();
        if reader.word(b"trailer") {
            break;
        }
        table(&mut reader, &mut entries)?;
    }
    let Value::Dict(trailer) = reader.value()? else { return Err("a trailer that is no dictionary".to_owned()) };
    // A hybrid file, as word processors write it: what the table hides stands in the stream.
    let mut hybrid = None;
    if let Some(value) = trailer.get(&b"XRefStm"[..]) {
        let at = place(value).ok_or("a bad /XRefStm")?;
        hybrid = Some(at);
        let hidden = stream_section(bytes, at)?;
        for (number, entry) in hidden.entries {
            let shown = entries.entry(number).or_insert(entry);
            if *shown == Entry::Free {
                *shown = entry;
            }
        }
    }
    Ok(Section { offset, entries, trailer, hybrid, own_object: None })
}

fn table(reader: &mut Reader<'_>, entries: &mut BTreeMap<u32, Entry>) -> Read<()> {
    let first = reader.unsigned()?;
    reader.space();
    let count = reader.unsigned()?;
    if count > OBJECTS_MAX as u64 {
        return Err("a cross-reference table with too many objects".to_owned());
    }
    for number in first..first.saturating_add(count) {
        reader.space();
        let offset = reader.unsigned()?;
        reader.space();
        let generation = reader.unsigned()?;
        reader.space();
        let entry = if reader.word(b"n") {
            let offset = usize::try_from(offset).map_err(|e| e.to_string())?;
            Entry::At { offset, generation: u16::try_from(generation).map_err(|e| e.to_string())? }
        } else if reader.word(b"f") {
            Entry::Free
        } else {
            return Err(format!("a damaged cross-reference table at byte {}", reader.at));
        };
        insert(entries, number, entry)?;
    }
    Ok(())
}

fn insert(entries: &mut BTreeMap<u32, Entry>, number: u64, entry: Entry) -> Read<()> {
    let number = u32::try_from(number).map_err(|e| e.to_string())?;
    match entries.insert(number, entry) {
        Some(_) => Err(format!("object {number} stands twice in one cross-reference section")),
        None => Ok(()),
    }
}

fn stream_section(bytes: &[u8], offset: usize) -> Read<Section> {
    let mut reader = Reader::new(bytes, offset);
    let (number, _) = reader.header()?;
    let Value::Dict(dict) = reader.value()? else { return Err("a cross-reference stream without dictionary".into()) };
    if dict.get(&b"Type"[..]).and_then(Value::name) != Some(b"XRef") {
        return Err(format!("no cross-reference stream at byte {offset}"));
    }
    let length = dict.get(&b"Length"[..]).and_then(place).ok_or("a cross-reference stream of unknown length")?;
    let raw = super::raw_stream(&mut reader, length)?.to_vec();
    let data = decoded(&Stream { dict: dict.clone(), raw }, STRUCTURE_BYTES_MAX)?;
    let widths: Vec<usize> =
        dict.get(&b"W"[..]).and_then(Value::array).unwrap_or_default().iter().filter_map(place).collect();
    let &[kind_width, second_width, third_width] = &widths[..] else { return Err("a bad /W".to_owned()) };
    let width = kind_width.saturating_add(second_width).saturating_add(third_width);
    if width == 0 || widths.iter().any(|w| *w > 8) {
        return Err("a bad /W".to_owned());
    }
    let size = dict.get(&b"Size"[..]).and_then(Value::int).unwrap_or(0);
    let whole = [Value::Int(0), Value::Int(size)];
    let index = dict.get(&b"Index"[..]).and_then(Value::array).unwrap_or(&whole);
    let mut rows = data.chunks_exact(width);
    let mut entries = BTreeMap::new();
    for pair in index.chunks(2) {
        let &[Value::Int(first), Value::Int(count)] = pair else { return Err("a bad /Index".to_owned()) };
        let (first, count) = (u64::try_from(first).unwrap_or(u64::MAX), u64::try_from(count).unwrap_or(0));
        for number in first..first.saturating_add(count) {
            let row = rows.next().ok_or("a cross-reference stream that ends too early")?;
            let (kind, rest) = row.split_at(kind_width);
            let (second, third) = rest.split_at(second_width);
            let kind = if kind_width == 0 { 1 } else { big_endian(kind) };
            let (second, third) = (big_endian(second), big_endian(third));
            let entry = match kind {
                0 => Entry::Free,
                1 => Entry::At { offset: second as usize, generation: u16::try_from(third).unwrap_or(u16::MAX) },
                2 => Entry::Within { stream: u32::try_from(second).unwrap_or(0), index: third as usize },
                _ => Entry::Free,
            };
            insert(&mut entries, number, entry)?;
        }
    }
    Ok(Section { offset, entries, trailer: dict, hybrid: None, own_object: Some(number) })
}

fn big_endian(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |sum, byte| (sum << 8) | u64::from(*byte))
}
