//! The file as it came: parsed, and refused when nobody could say for sure what it shows.

use super::even;
use crate::{SigningError, verify};
use lopdf::xref::XrefEntry;
use lopdf::{Dictionary, Document, LoadOptions, Object, ObjectId};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// Most bytes that an object or cross-reference stream may have, unpacked. Files come from outside, and a small one can
/// be made that unpacks to gigabytes.
const STREAM_BYTES_MAX: usize = 64 << 20;

/// The highest number of an object (ISO 32000-1, annex C.2). Above it there must be room for what is appended.
const NUMBER_MAX: u32 = 8_388_607;

/// A PDF that may be appended to.
pub(crate) struct Base<'a> {
    /// Every byte, unchanged.
    pub bytes: &'a [u8],
    /// What the parser made of it.
    pub document: Document,
}

impl<'a> Base<'a> {
    /// Parses `bytes` and refuses encrypted, damaged and XFA files.
    ///
    /// # Errors
    /// [`SigningError::Damaged`], [`SigningError::Surrounded`], [`SigningError::Encrypted`], [`SigningError::Xfa`].
    pub fn open(bytes: &'a [u8]) -> Result<Self, SigningError> {
        refuse_when_surrounded(bytes)?;
        // This parser reads all objects at once, without a limit to what a small file can be blown up to. And nobody is
        // served by a signature that our own verifier could not read.
        let sections = verify::check_readable(bytes)?;
        // Strictly: where it repairs, it reads other objects than those that were found to be within the limits.
        let limits = LoadOptions { strict: true, ..LoadOptions::with_max_decompressed_size(STREAM_BYTES_MAX) };
        let document =
            Document::load_mem_with_options(&even::out(bytes, &sections), limits).map_err(|error| match error {
                lopdf::Error::InvalidPassword | lopdf::Error::Decryption(_) => SigningError::Encrypted,
                other => SigningError::Damaged(other.to_string()),
            })?;
        if document.is_encrypted() || document.was_encrypted() || document.trailer.has(b"Encrypt") {
            return Err(SigningError::Encrypted);
        }
        let base = Self { bytes, document };
        if base.first_free() > NUMBER_MAX {
            return Err(SigningError::Damaged("object numbers beyond what a file may have".to_owned()));
        }
        base.catalog()?;
        if base.form()?.is_some_and(|form| form.has(b"XFA")) {
            return Err(SigningError::Xfa);
        }
        Ok(base)
    }

    /// Object number above every one that is or was in use.
    pub fn first_free(&self) -> u32 {
        self.document.max_id.max(self.document.reference_table.size.saturating_sub(1)).saturating_add(1)
    }

    /// Follows a reference to its end; anything else is given back.
    pub fn resolve<'o>(&'o self, object: &'o Object) -> Result<&'o Object, SigningError> {
        self.document.dereference(object).map(|(_, found)| found).map_err(damaged)
    }

    /// A dictionary, direct or by reference; nothing where the key is missing.
    pub fn dictionary<'o>(&'o self, owner: &'o Dictionary, key: &[u8]) -> Result<Option<&'o Dictionary>, SigningError> {
        match owner.get(key) {
            Ok(object) => match self.resolve(object)? {
                Object::Null => Ok(None),
                found => found.as_dict().map(Some).map_err(damaged),
            },
            Err(_) => Ok(None),
        }
    }

    /// The catalog's number.
    pub fn catalog_id(&self) -> Result<ObjectId, SigningError> {
        self.document.trailer.get(b"Root").and_then(Object::as_reference).map_err(damaged)
    }

    /// The catalog.
    pub fn catalog(&self) -> Result<&Dictionary, SigningError> {
        self.document.get_dictionary(self.catalog_id()?).map_err(damaged)
    }

    /// The interactive form, if there is one.
    pub fn form(&self) -> Result<Option<&Dictionary>, SigningError> {
        self.dictionary(self.catalog()?, b"AcroForm")
    }

    /// The number of the page at `index`, from 0.
    pub fn page_id(&self, index: usize) -> Result<ObjectId, SigningError> {
        self.document.page_iter().nth(index).ok_or(SigningError::NoSuchPage(index))
    }

    /// Every field of the form with a dictionary of its own, parents before children, each once. So is each list of
    /// children: one that contains itself would never end.
    pub fn fields(&self) -> Result<Vec<&Dictionary>, SigningError> {
        let mut found = Vec::new();
        let mut seen = BTreeSet::new();
        let Some(form) = self.form()? else { return Ok(found) };
        let mut waiting: Vec<&Object> = match form.get(b"Fields") {
            Ok(fields) => self.resolve(fields)?.as_array().map_err(damaged)?.iter().rev().collect(),
            Err(_) => Vec::new(),
        };
        while let Some(object) = waiting.pop() {
            if let Object::Reference(id) = object
                && !seen.insert(*id)
            {
                continue;
            }
            let Ok(field) = self.resolve(object)?.as_dict() else { continue };
            found.push(field);
            if let Ok(kids) = field.get(b"Kids") {
                let (id, kids) = self.document.dereference(kids).map_err(damaged)?;
                if id.is_some_and(|id| !seen.insert(id)) {
                    continue;
                }
                waiting.extend(kids.as_array().map_err(damaged)?.iter().rev());
            }
        }
        Ok(found)
    }

    /// The text of an object: from its number to `endobj`, or its part of an object stream (ISO 32000-1, 7.5.7).
    pub fn source(&self, id: ObjectId) -> Option<Cow<'a, [u8]>> {
        match *self.document.reference_table.entries.get(&id.0)? {
            XrefEntry::Normal { offset, .. } => {
                let rest = self.bytes.get(offset as usize..)?;
                let end = rest.windows(6).position(|window| window == b"endobj")?;
                Some(Cow::Borrowed(&rest[..end]))
            }
            XrefEntry::Compressed { container, index } => {
                let stream = self.document.get_object((container, 0)).ok()?.as_stream().ok()?;
                let data = stream.get_plain_content_with_limit(STREAM_BYTES_MAX).ok()?;
                let first = usize::try_from(stream.dict.get(b"First").ok()?.as_i64().ok()?).ok()?;
                let head = std::str::from_utf8(data.get(..first)?).ok()?;
                // Numbers and offsets of all objects, by turns.
                let offset = |index: usize| head.split_ascii_whitespace().nth(2 * index + 1)?.parse::<usize>().ok();
                let start = first.checked_add(offset(index.into())?)?;
                let end = offset(usize::from(index) + 1).map_or(Some(data.len()), |next| first.checked_add(next))?;
                Some(Cow::Owned(data.get(start..end)?.to_vec()))
            }
            _ => None,
        }
    }
}

/// Where readers look for the beginning and the end of what is a PDF (ISO 32000-1, annex H, notes 13 and 18), in bytes.
const MARK_BYTES: usize = 1024;

/// A scanner's job may be wrapped around the file. Bytes before it move every offset for some programs and for others not;
/// behind it they hide the end.
fn refuse_when_surrounded(bytes: &[u8]) -> Result<(), SigningError> {
    let holds = |part: &[u8], mark: &[u8]| part.windows(mark.len()).any(|window| window == mark);
    let (head, tail) = (&bytes[..bytes.len().min(MARK_BYTES)], &bytes[bytes.len().saturating_sub(MARK_BYTES)..]);
    if bytes.starts_with(b"%PDF-") && (holds(tail, b"%%EOF") || !holds(bytes, b"%%EOF")) {
        return Ok(());
    }
    let what = if bytes.starts_with(b"%PDF-") { "bytes far behind %%EOF" } else { "does not begin with %PDF-" };
    let is_within = bytes.starts_with(b"%PDF-") || holds(head, b"%PDF-");
    Err(if is_within { SigningError::Surrounded(what.to_owned()) } else { SigningError::Damaged(what.to_owned()) })
}

/// What the parser says, as our error.
pub(crate) fn damaged(error: lopdf::Error) -> SigningError {
    SigningError::Damaged(error.to_string())
}
