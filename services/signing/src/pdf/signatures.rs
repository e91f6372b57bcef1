//! The signatures that a file already carries, for collecting what proves them.

use super::base::{Base, damaged};
use crate::{SigningError, asn1};
use lopdf::Object;

/// The kinds of signature that are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SubFilter {
    /// A document timestamp, `ETSI.RFC3161`.
    Timestamp,
    /// PAdES, `ETSI.CAdES.detached`.
    Cades,
    /// Older ones, `adbe.pkcs7.detached` above all.
    Other,
}

/// A signature found in a file.
pub(crate) struct Found {
    /// What kind it says it is.
    pub kind: SubFilter,
    /// The CMS as DER, without the zeros after it.
    pub cms: Vec<u8>,
    /// The byte range: two pieces, each as offset and length.
    pub pieces: [(usize, usize); 2],
}

impl Found {
    /// Where the signed bytes end: the end of the revision that this signature made.
    pub fn end(&self) -> usize {
        let (start, length) = self.pieces[1];
        start.saturating_add(length)
    }

    /// The signed bytes of `file`, when the range lies within it.
    pub fn signed<'f>(&self, file: &'f [u8]) -> Option<[&'f [u8]; 2]> {
        let [first, second] = self.pieces;
        let piece = |(offset, length): (usize, usize)| file.get(offset..offset.checked_add(length)?);
        Some([piece(first)?, piece(second)?])
    }
}

/// Every filled signature field, in the order of the form.
pub(crate) fn find_signatures(base: &Base<'_>) -> Result<Vec<Found>, SigningError> {
    let mut found = Vec::new();
    for field in base.fields()? {
        let Some(value) = field.get(b"V").ok().map(|value| base.resolve(value)).transpose()? else { continue };
        let Ok(dictionary) = value.as_dict() else { continue };
        let (Ok(range), Ok(contents)) = (dictionary.get(b"ByteRange"), dictionary.get(b"Contents")) else { continue };
        let range: Vec<usize> = base
            .resolve(range)?
            .as_array()
            .map_err(damaged)?
            .iter()
            .filter_map(|number| usize::try_from(number.as_i64().ok()?).ok())
            .collect();
        let &[first, first_length, second, second_length] = &range[..] else {
            return Err(SigningError::Damaged("byte range of an earlier signature".to_owned()));
        };
        let mut contents = base.resolve(contents)?.as_str().map_err(damaged)?;
        let cms = asn1::next(&mut contents)
            .ok_or_else(|| SigningError::Damaged("contents of an earlier signature".to_owned()))?;
        let kind = match dictionary.get(b"SubFilter").and_then(Object::as_name) {
            Ok(b"ETSI.RFC3161") => SubFilter::Timestamp,
            Ok(b"ETSI.CAdES.detached") => SubFilter::Cades,
            _ => SubFilter::Other,
        };
        found.push(Found { kind, cms: cms.whole.to_vec(), pieces: [(first, first_length), (second, second_length)] });
    }
    Ok(found)
}
