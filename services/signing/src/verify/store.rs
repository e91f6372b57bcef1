//! The document's store of evidence (DSS, EN 319 142-1, 5.4.2; ISO 32000-2, 12.8.4.3): certificates, lists and answers, of
//! which none is believed before whoever signed it is known.

use super::chain::Sources;
use super::document::{Dict, Value, View, decoded};
use std::collections::BTreeSet;

/// Streams of one list, at most.
const STREAMS_MAX: usize = 128;
/// Bytes of one stream, unpacked, at most.
const STREAM_BYTES_MAX: usize = 16 << 20;
/// Bytes of all streams together, at most.
const BYTES_MAX: usize = 192 << 20;
/// Entries for single signatures, at most; as many as signatures of one file.
const ENTRIES_MAX: usize = super::SIGNATURES_MAX;

/// What was read so far.
struct Reading<'d, 'a> {
    view: View<'d, 'a>,
    /// Entries refer to what the lists name already.
    seen: BTreeSet<u32>,
    left: usize,
}

/// Adds everything in the store of this state to the sources.
///
/// # Errors
/// A damaged object.
pub fn read(view: View<'_, '_>, sources: &mut Sources) -> Result<(), String> {
    let (_, catalog) = view.catalog()?;
    let store = view.at(&catalog, b"DSS")?;
    let Some(store) = store.dict() else { return Ok(()) };
    let mut reading = Reading { view, seen: BTreeSet::new(), left: BYTES_MAX };
    reading.add(store, [b"Certs", b"CRLs", b"OCSPs"], sources)?;
    // What an entry for one signature refers to shall stand in the lists, too (5.4.2.3). Where a program forgot that, it
    // proves no less: what counts is who signed it, and not where it lies.
    let entries = view.at(store, b"VRI")?;
    for entry in entries.dict().into_iter().flat_map(Dict::values).take(ENTRIES_MAX) {
        if let Some(entry) = view.resolve(entry)?.dict() {
            reading.add(entry, [b"Cert", b"CRL", b"OCSP"], sources)?;
        }
    }
    Ok(())
}

impl Reading<'_, '_> {
    /// Adds certificates, lists and answers that a dictionary lists under these keys.
    fn add(&mut self, dict: &Dict, keys: [&[u8]; 3], sources: &mut Sources) -> Result<(), String> {
        let [certificates, crls, ocsps] = keys;
        sources.add_certificates(self.streams(dict, certificates)?.iter().map(Vec::as_slice));
        sources.add_crls(self.streams(dict, crls)?.iter().map(Vec::as_slice));
        sources.add_ocsps(self.streams(dict, ocsps)?.iter().map(Vec::as_slice));
        Ok(())
    }

    /// The streams of a list that were not read yet.
    fn streams(&mut self, dict: &Dict, key: &[u8]) -> Result<Vec<Vec<u8>>, String> {
        let list = self.view.at(dict, key)?;
        let mut found = Vec::new();
        for item in list.array().unwrap_or_default().iter().take(STREAMS_MAX) {
            if item.reference().is_some_and(|number| !self.seen.insert(number)) {
                continue;
            }
            let Value::Stream(stream) = self.view.resolve(item)? else { continue };
            // What does not unpack proves nothing; the rest may.
            if let Ok(bytes) = decoded(&stream, self.left.min(STREAM_BYTES_MAX)) {
                self.left = self.left.saturating_sub(bytes.len());
                found.push(bytes);
            }
        }
        Ok(found)
    }
}
