//! Appends an update: the base byte for byte, the new objects, and a cross-reference section of the kind that the base has.

use super::syntax::{Numbers, write_dictionary, write_entries, write_object};
use super::update::Update;
use crate::SigningError;
use crate::algorithm::Hash;
use lopdf::xref::XrefType;
use lopdf::{Dictionary, Object, ObjectId, Stream, StringFormat};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// As many digits as a file of ten gigabytes needs.
const BYTE_RANGE_BLANK: &str = "[0 0000000000 0000000000 0000000000]";

/// Room for what an update adds besides its hole; more is made when it is not enough.
const UPDATE_BYTES: usize = 64 << 10;

/// Where the signature goes: offsets in bytes from the start of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Hole {
    /// Where the array of `/ByteRange` begins.
    pub byte_range: usize,
    /// Where `<` of `/Contents` stands.
    pub start: usize,
    /// Just after its `>`.
    pub end: usize,
}

impl Hole {
    /// Bytes of signature that fit.
    pub fn room(&self) -> usize {
        (self.end - self.start).saturating_sub(2) / 2
    }

    /// The array as it stands in a file of `length` bytes.
    pub fn array(&self, length: usize) -> String {
        format!("[0 {:010} {:010} {:010}]", self.start, self.end, length.saturating_sub(self.end))
    }
}

/// Which object of an update is the signature, and how many bytes it gets.
pub(crate) struct Reserve {
    /// The signature dictionary.
    pub object: ObjectId,
    /// Room in bytes.
    pub bytes: usize,
}

impl Update<'_> {
    /// Writes the file. With `reserve` there is a hole for a signature, and `/ByteRange` covers everything else.
    pub fn write(mut self, reserve: Option<&Reserve>) -> Result<(Vec<u8>, Option<Hole>), SigningError> {
        // With room for what follows: a long file that grows is in memory twice while it moves.
        let room = UPDATE_BYTES + reserve.map_or(0, |reserve| reserve.bytes * 2);
        let mut out = Vec::with_capacity(self.base.bytes.len() + room);
        out.extend_from_slice(self.base.bytes);
        if !out.ends_with(b"\n") {
            out.push(b'\n');
        }
        let mut offsets = BTreeMap::new();
        let mut hole = None;
        for (id, object) in &self.objects {
            offsets.insert(id.0, (id.1, out.len()));
            let source = self.base.source(*id).unwrap_or_default();
            let numbers = Numbers::of(&source);
            out.extend_from_slice(format!("{} {} obj\n", id.0, id.1).as_bytes());
            match (object, reserve) {
                (Object::Dictionary(dictionary), Some(reserve)) if reserve.object == *id => {
                    hole = Some(write_signature(&mut out, dictionary, reserve.bytes));
                }
                _ => write_object(&mut out, object, &numbers),
            }
            out.extend_from_slice(b"\nendobj\n");
        }
        let start = out.len();
        let trailer = self.trailer(&out);
        match self.base.document.reference_table.cross_reference_type {
            XrefType::CrossReferenceTable => write_table(&mut out, &offsets, trailer, self.next),
            XrefType::CrossReferenceStream => {
                let id = self.next;
                self.next += 1;
                offsets.insert(id, (0, start));
                write_stream(&mut out, &offsets, trailer, id)?;
            }
        }
        out.extend_from_slice(format!("startxref\n{start}\n%%EOF\n").as_bytes());
        if let Some(hole) = &hole {
            let array = hole.array(out.len());
            if array.len() != BYTE_RANGE_BLANK.len() {
                return Err(SigningError::Internal("file too large for its byte range".to_owned()));
            }
            out[hole.byte_range..hole.byte_range + array.len()].copy_from_slice(array.as_bytes());
        }
        Ok((out, hole))
    }

    /// The entries that go on: /Root, /Info, and /ID with a new second half (ISO 32000-1, 14.4).
    fn trailer(&self, written: &[u8]) -> Dictionary {
        let mut trailer = Dictionary::new();
        for key in [&b"Root"[..], b"Info", b"ID"] {
            if let Ok(value) = self.base.document.trailer.get(key) {
                trailer.set(key, value.clone());
            }
        }
        if let Ok(id) = trailer.get(b"ID").and_then(|id| self.base.document.dereference(id)).map(|(_, id)| id.clone())
            && let Object::Array(mut halves) = id
            && halves.len() == 2
        {
            // Says which update this is; of which file, the first half says.
            let update = written.get(self.base.bytes.len()..).unwrap_or_default();
            let fresh = Hash::Sha256.of(&[&written.len().to_be_bytes(), update])[..16].to_vec();
            halves[1] = Object::String(fresh, StringFormat::Hexadecimal);
            trailer.set("ID", halves);
        }
        trailer.set("Prev", self.base.document.xref_start as i64);
        trailer
    }
}

/// The signature dictionary with its blank byte range and its hole of zeros.
fn write_signature(out: &mut Vec<u8>, dictionary: &Dictionary, bytes: usize) -> Hole {
    out.extend_from_slice(b"<<");
    write_entries(out, dictionary, &Numbers::default());
    out.extend_from_slice(b"/ByteRange ");
    let byte_range = out.len();
    out.extend_from_slice(BYTE_RANGE_BLANK.as_bytes());
    out.extend_from_slice(b"/Contents ");
    let start = out.len();
    out.push(b'<');
    out.resize(out.len() + bytes * 2, b'0');
    out.push(b'>');
    let end = out.len();
    out.extend_from_slice(b">>");
    Hole { byte_range, start, end }
}

/// Object numbers in runs without gaps, as both kinds of cross-reference want them.
fn runs(offsets: &BTreeMap<u32, (u16, usize)>) -> Vec<Vec<u32>> {
    let numbers: Vec<u32> = offsets.keys().copied().collect();
    numbers.chunk_by(|a, b| a + 1 == *b).map(<[u32]>::to_vec).collect()
}

/// A classic table and trailer (7.5.4).
fn write_table(out: &mut Vec<u8>, offsets: &BTreeMap<u32, (u16, usize)>, mut trailer: Dictionary, size: u32) {
    out.extend_from_slice(b"xref\n");
    for run in runs(offsets) {
        out.extend_from_slice(format!("{} {}\n", run[0], run.len()).as_bytes());
        for number in &run {
            let (generation, offset) = offsets[number];
            out.extend_from_slice(format!("{offset:010} {generation:05} n\r\n").as_bytes());
        }
    }
    trailer.set("Size", i64::from(size));
    out.extend_from_slice(b"trailer\n");
    write_dictionary(out, &trailer, &Numbers::default());
    out.push(b'\n');
}

/// A cross-reference stream (7.5.8), uncompressed. It lists itself.
fn write_stream(
    out: &mut Vec<u8>,
    offsets: &BTreeMap<u32, (u16, usize)>,
    mut trailer: Dictionary,
    id: u32,
) -> Result<(), SigningError> {
    let mut index = Vec::new();
    let mut body = Vec::new();
    for run in runs(offsets) {
        index.push(Object::Integer(run[0].into()));
        index.push(Object::Integer(run.len() as i64));
        for number in &run {
            let (generation, offset) = offsets[number];
            let offset = u32::try_from(offset)
                .map_err(|_| SigningError::Damaged("larger than a cross-reference stream can say".to_owned()))?;
            body.push(1);
            body.extend_from_slice(&offset.to_be_bytes());
            body.extend_from_slice(&generation.to_be_bytes());
        }
    }
    trailer.set("Type", Object::Name(b"XRef".to_vec()));
    trailer.set("Size", i64::from(id) + 1);
    trailer.set("W", vec![Object::Integer(1), Object::Integer(4), Object::Integer(2)]);
    trailer.set("Index", index);
    out.extend_from_slice(format!("{id} 0 obj\n").as_bytes());
    write_object(out, &Object::Stream(Stream::new(trailer, body)), &Numbers::default());
    out.extend_from_slice(b"\nendobj\n");
    Ok(())
}
