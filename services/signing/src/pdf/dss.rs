//! The document security store: what proves the signatures, in an update of its own (ETSI EN 319 142-1, 5.4.2).

use super::base::Base;
use super::update::Update;
use crate::SigningError;
use lopdf::{Dictionary, Object, Stream};
use std::collections::BTreeSet;

/// What a document security store holds, each as DER.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Validation {
    /// Certificates.
    pub certificates: BTreeSet<Vec<u8>>,
    /// Revocation lists.
    pub crls: BTreeSet<Vec<u8>>,
    /// OCSP responses, whole.
    pub ocsps: BTreeSet<Vec<u8>>,
}

/// Appends what is not there yet. The store only grows: what earlier signatures rely on stays.
pub(crate) fn append_dss(base: &[u8], validation: &Validation) -> Result<Vec<u8>, SigningError> {
    let base = Base::open(base)?;
    let catalog_id = base.catalog_id()?;
    let mut catalog = base.catalog()?.clone();
    let mut store = base.dictionary(&catalog, b"DSS")?.cloned().unwrap_or_default();
    store.set("Type", Object::Name(b"DSS".to_vec()));
    let mut update = Update::of(base);
    let kinds = [("Certs", &validation.certificates), ("CRLs", &validation.crls), ("OCSPs", &validation.ocsps)];
    for (key, wanted) in kinds {
        let mut listed = match store.get(key.as_bytes()) {
            Ok(list) => update.base.resolve(list)?.as_array().cloned().unwrap_or_default(),
            Err(_) => Vec::new(),
        };
        let there: BTreeSet<Vec<u8>> = listed.iter().filter_map(|item| content(&update.base, item)).collect();
        for der in wanted.difference(&there) {
            listed.push(update.add(Object::Stream(Stream::new(Dictionary::new(), der.clone()))).into());
        }
        if !listed.is_empty() {
            store.set(key, listed);
        }
    }
    match catalog.get(b"DSS") {
        Ok(Object::Reference(id)) => {
            let id = *id;
            update.put(id, Object::Dictionary(store));
        }
        _ => {
            let id = update.add(Object::Dictionary(store));
            catalog.set("DSS", id);
            update.put(catalog_id, Object::Dictionary(catalog));
        }
    }
    Ok(update.write(None)?.0)
}

/// The certificates in the store of a file.
pub(crate) fn stored_certificates(base: &Base<'_>) -> Result<BTreeSet<Vec<u8>>, SigningError> {
    let Some(store) = base.dictionary(base.catalog()?, b"DSS")? else { return Ok(BTreeSet::new()) };
    let Ok(list) = store.get(b"Certs") else { return Ok(BTreeSet::new()) };
    let listed = base.resolve(list)?.as_array().map(Vec::as_slice).unwrap_or_default();
    Ok(listed.iter().filter_map(|item| content(base, item)).collect())
}

/// The unpacked content of a stream of the store.
fn content(base: &Base<'_>, item: &Object) -> Option<Vec<u8>> {
    let stream = base.resolve(item).ok()?.as_stream().ok()?;
    if stream.dict.has(b"Filter") { stream.decompressed_content().ok() } else { Some(stream.content.clone()) }
}
