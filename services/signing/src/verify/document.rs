//! A PDF file as the verifier reads it: strictly, with every revision at hand, and within limits.
//!
//! Programs that show documents repair what is broken, each in its own way. Whoever verifies must not: a file that can be
//! read in two ways can be shown in two ways. So nothing is repaired here, and the first doubt is an error.

mod inflate;
mod reader;
mod value;
mod view;
mod xref;

pub use inflate::decoded;
pub use reader::{Reader, is_space};
pub use value::{Dict, Stream, Value, unicode};
pub use view::View;
pub use xref::Entry;

use reader::Read;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;
use xref::Section;

/// Bytes of a file, at most; the office's own limit of an upload is lower.
pub const FILE_BYTES_MAX: usize = 128 << 20;
/// Cross-reference sections, at most; one signature makes one or two.
const SECTIONS_MAX: usize = 128;
/// Entries of all sections together, at most.
const OBJECTS_MAX: usize = 400_000;
/// Bytes of one unpacked structure stream, at most.
const STRUCTURE_BYTES_MAX: usize = 32 << 20;
/// Bytes of all unpacked structure streams together, at most.
const UNPACKED_BYTES_MAX: usize = 128 << 20;
/// Values in all objects that are read, at most.
const VALUES_MAX: usize = 2_000_000;
/// Objects asked for while one file is verified, at most.
const READS_MAX: usize = 8_000_000;

/// Where an object stands: the place of its header, or of its object stream together with the index within.
type Place = (usize, Option<usize>);

/// A file with its revisions, the oldest first.
pub struct Document<'a> {
    bytes: &'a [u8],
    sections: Vec<Section>,
    /// Of each number the sections that name it, the oldest first.
    index: HashMap<u32, Vec<(usize, Entry)>>,
    /// Behind the last `%%EOF`.
    pub end: usize,
    parsed: RefCell<HashMap<Place, Rc<Value>>>,
    unpacked: RefCell<HashMap<usize, Rc<ObjectStream>>>,
    /// Where the objects read so far begin and end.
    extents: RefCell<BTreeMap<usize, usize>>,
    bytes_left: Cell<usize>,
    values_left: Cell<usize>,
    unpack_left: Cell<usize>,
    reads_left: Cell<usize>,
}

/// An unpacked object stream (ISO 32000-2, 7.5.7): numbers and places of its objects, and its bytes.
struct ObjectStream {
    places: Vec<(u32, usize)>,
    data: Vec<u8>,
}

impl<'a> Document<'a> {
    /// Reads the structure of a file; objects are read when asked for.
    ///
    /// # Errors
    /// Whatever a program would have to repair, and what passes the limits; the text is for people who look closer.
    pub fn open(bytes: &'a [u8]) -> Read<Self> {
        if bytes.len() > FILE_BYTES_MAX {
            return Err("the file is too large".to_owned());
        }
        if !bytes.starts_with(b"%PDF-") {
            return Err("the file does not begin with %PDF-".to_owned());
        }
        let (start, end) = xref::last_section(bytes)?;
        let mut sections = xref::chain(bytes, start)?;
        sections.reverse();
        // Objects may lie within each other's bytes only to hide something; honest files are read once or twice.
        let bytes_left = Cell::new(bytes.len().saturating_mul(6).saturating_add(1 << 20));
        let values_left = Cell::new(VALUES_MAX);
        let unpack_left = Cell::new(UNPACKED_BYTES_MAX);
        let reads_left = Cell::new(READS_MAX);
        let mut index: HashMap<u32, Vec<(usize, Entry)>> = HashMap::new();
        for (place, section) in sections.iter().enumerate() {
            for (number, entry) in &section.entries {
                index.entry(*number).or_default().push((place, *entry));
            }
        }
        let (parsed, unpacked, extents) = (RefCell::default(), RefCell::default(), RefCell::default());
        Ok(Self {
            bytes,
            sections,
            index,
            end,
            parsed,
            unpacked,
            extents,
            bytes_left,
            values_left,
            unpack_left,
            reads_left,
        })
    }

    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// How many sections there are.
    pub fn sections(&self) -> usize {
        self.sections.len()
    }

    /// The newest state.
    pub fn whole(&self) -> View<'_, 'a> {
        View { document: self, sections: self.sections.len() }
    }

    /// The state that `bytes[..end]` has as a file of its own, when its sections are the first ones of this file.
    ///
    /// # Errors
    /// The bytes are no whole file, or their sections are others than this file's.
    pub fn view_at(&self, end: usize) -> Read<View<'_, 'a>> {
        let (start, _) = xref::last_section(&self.bytes[..end.min(self.bytes.len())])?;
        let older = xref::chain(&self.bytes[..end], start)?;
        let same = older.iter().rev().zip(&self.sections).all(|(a, b)| a.offset == b.offset);
        if older.len() > self.sections.len() || !same {
            return Err("the signed revision is no revision of this file".to_owned());
        }
        Ok(View { document: self, sections: older.len() })
    }

    /// Numbers the section names, with their entries.
    pub fn entries(&self, section: usize) -> &BTreeMap<u32, Entry> {
        &self.sections[section].entries
    }

    /// Where the cross-reference sections begin, the streams of hybrid ones too.
    pub fn section_offsets(&self) -> BTreeSet<usize> {
        self.sections.iter().flat_map(|section| [Some(section.offset), section.hybrid]).flatten().collect()
    }

    /// Whether any section has a table and a stream.
    pub fn is_hybrid(&self) -> bool {
        self.sections.iter().any(|section| section.hybrid.is_some())
    }

    /// The number of the stream that is this section, if it is one.
    pub fn section_object(&self, section: usize) -> Option<u32> {
        self.sections[section].own_object
    }

    /// Where the objects that were read begin and end.
    pub fn extents(&self) -> BTreeMap<usize, usize> {
        self.extents.borrow().clone()
    }

    /// Reads every object there is, those of object streams whether a section names them or not, and keeps no contents: with
    /// those of all streams the file would be in memory twice.
    ///
    /// # Errors
    /// One is damaged, or all of them pass the limits.
    pub fn read_all(&self) -> Read<()> {
        let view = self.whole();
        for number in self.index.keys() {
            let Some(Entry::At { offset, .. }) = view.entry(*number) else { continue };
            let value = view.get(*number)?;
            let Value::Stream(stream) = &*value else { continue };
            if stream.dict.get(&b"Type"[..]).and_then(Value::name) != Some(b"ObjStm") {
                self.parsed.borrow_mut().remove(&(offset, None));
                continue;
            }
            let (_, unpacked) = self.object_stream(*number, view)?;
            for (_, at) in &unpacked.places {
                self.packed(&unpacked.data, *at)?;
            }
        }
        Ok(())
    }

    /// The object at a place of an unpacked stream, which costs a quarter of what it costs in the file.
    fn packed(&self, data: &[u8], at: usize) -> Read<Value> {
        let mut reader = Reader::new(data, at);
        let value = reader.value()?;
        self.spend(reader.at.saturating_sub(at) / 4, reader.values)?;
        Ok(value)
    }

    fn spend(&self, bytes: usize, values: usize) -> Read<()> {
        let left = self.bytes_left.get().checked_sub(bytes).ok_or("objects that lie within each other")?;
        self.bytes_left.set(left);
        let left = self.values_left.get().checked_sub(values).ok_or("too many values")?;
        self.values_left.set(left);
        Ok(())
    }

    /// The object whose header stands at the offset.
    fn object_at(&self, offset: usize, number: u32, generation: u16, view: View<'_, 'a>) -> Read<Rc<Value>> {
        if !self.bytes.get(offset).is_some_and(u8::is_ascii_digit) {
            return Err(format!("object {number} is not where the cross-reference says"));
        }
        let mut reader = Reader::new(self.bytes, offset);
        if reader.header()? != (number, generation) {
            return Err(format!("object {number} is not where the cross-reference says"));
        }
        if let Some(known) = self.parsed.borrow().get(&(offset, None)) {
            return Ok(Rc::clone(known));
        }
        let mut value = reader.value()?;
        reader.space();
        if reader.bytes[reader.at..].starts_with(b"stream") {
            value = match value {
                Value::Dict(dict) => Value::Stream(self.stream(&mut reader, dict, (number, view))?),
                other => other,
            };
        }
        reader.space();
        if !reader.word(b"endobj") {
            return Err(format!("object {number} does not end with endobj"));
        }
        self.spend(reader.at - offset, reader.values)?;
        self.extents.borrow_mut().insert(offset, reader.at);
        let value = Rc::new(value);
        self.parsed.borrow_mut().insert((offset, None), Rc::clone(&value));
        Ok(value)
    }

    /// The stream that goes on behind its dictionary.
    fn stream(&self, reader: &mut Reader<'a>, dict: Dict, (number, view): (u32, View<'_, 'a>)) -> Read<Stream> {
        let length = match dict.get(&b"Length"[..]) {
            Some(Value::Int(n)) => *n,
            Some(Value::Ref(id, _)) if *id != number => view.get(*id)?.int().ok_or("a stream of unknown length")?,
            _ => return Err(format!("stream {number} of unknown length")),
        };
        let length = usize::try_from(length).map_err(|e| e.to_string())?;
        Ok(Stream { raw: raw_stream(reader, length)?.to_vec(), dict })
    }

    fn object_stream(&self, number: u32, view: View<'_, 'a>) -> Read<(usize, Rc<ObjectStream>)> {
        let Some(Entry::At { offset, generation }) = view.entry(number) else {
            return Err(format!("object stream {number} is not there"));
        };
        if let Some(known) = self.unpacked.borrow().get(&offset) {
            return Ok((offset, Rc::clone(known)));
        }
        let value = self.object_at(offset, number, generation, view)?;
        let Value::Stream(stream) = &*value else { return Err(format!("object {number} is no object stream")) };
        let size = |key: &[u8]| stream.dict.get(key).and_then(Value::int).and_then(|n| usize::try_from(n).ok());
        let (Some(count), Some(first)) = (size(b"N"), size(b"First")) else {
            return Err(format!("object {number} is no object stream"));
        };
        if stream.dict.get(&b"Type"[..]).and_then(Value::name) != Some(b"ObjStm") || count > OBJECTS_MAX {
            return Err(format!("object {number} is no object stream"));
        }
        let limit = STRUCTURE_BYTES_MAX.min(self.unpack_left.get());
        let data = inflate::decoded(stream, limit)?;
        self.unpack_left.set(self.unpack_left.get().saturating_sub(data.len()));
        let mut reader = Reader::new(&data, 0);
        let mut places = Vec::new();
        for _ in 0..count {
            reader.space();
            let id = u32::try_from(reader.unsigned()?).map_err(|e| e.to_string())?;
            reader.space();
            let at = usize::try_from(reader.unsigned()?).map_err(|e| e.to_string())?;
            places.push((id, first.saturating_add(at)));
        }
        let unpacked = Rc::new(ObjectStream { places, data });
        self.unpacked.borrow_mut().insert(offset, Rc::clone(&unpacked));
        Ok((offset, unpacked))
    }
}

/// The raw bytes of a stream whose keyword comes next; passes `endstream` too.
fn raw_stream<'a>(reader: &mut Reader<'a>, length: usize) -> Read<&'a [u8]> {
    reader.space();
    if !reader.bytes[reader.at..].starts_with(b"stream") {
        return Err(format!("no stream at byte {}", reader.at));
    }
    reader.at += 6;
    if reader.peek() == Some(b'\r') {
        reader.at += 1;
    }
    if reader.peek() != Some(b'\n') {
        return Err(format!("a stream without end of line at byte {}", reader.at));
    }
    reader.at += 1;
    let end = reader.at.checked_add(length).filter(|end| *end <= reader.bytes.len());
    let end = end.ok_or("a stream that is longer than the file")?;
    let raw = &reader.bytes[reader.at..end];
    reader.at = end;
    while reader.peek().is_some_and(is_space) && reader.at < end + 2 {
        reader.at += 1;
    }
    if !reader.word(b"endstream") {
        return Err(format!("a stream of another length than it says, at byte {}", reader.at));
    }
    Ok(raw)
}
