//! Which objects the pages of a document show, so that nothing shown is changed under another name.

use crate::verify::document::{Dict, Document, View};
use std::collections::BTreeSet;

/// Keys of the catalog, and of it alone, that lead to what no page shows. A resource may have any of these names.
const AWAY: [&[u8]; 5] = [b"DSS", b"AcroForm", b"Metadata", b"StructTreeRoot", b"Perms"];

/// Numbers of all objects that are used to show the pages, annotations left out.
///
/// # Errors
/// A damaged object.
pub fn shown(view: View<'_, '_>) -> Result<BTreeSet<u32>, String> {
    let (root, catalog) = view.catalog()?;
    let pages: BTreeSet<u32> = super::pages::list(view)?.into_iter().collect();
    let mut seen = BTreeSet::from([root]);
    let mut open = Vec::new();
    below(&catalog, &AWAY, &mut open);
    while let Some(number) = open.pop() {
        if seen.insert(number) {
            let value = view.get(number)?;
            match value.dict() {
                Some(page) if pages.contains(&number) => below(page, &[b"Annots"], &mut open),
                _ => value.references(&mut open),
            }
        }
    }
    Ok(seen)
}

/// Adds the numbers that objects and the trailer of one section refer to. Added section after section, they tell what a
/// state waits for: numbers that something refers to although there is no such object yet.
/// Damaged objects refer to nothing: when they are in use, the whole file is refused.
pub fn referred(document: &Document<'_>, section: usize, into: &mut BTreeSet<u32>) {
    let view = View { document, sections: section + 1 };
    let mut found = Vec::new();
    for number in document.entries(section).keys() {
        if let Ok(value) = view.get(*number) {
            value.references(&mut found);
        }
    }
    view.trailer().values().for_each(|value| value.references(&mut found));
    into.extend(found);
}

fn below(dict: &Dict, but: &[&[u8]], into: &mut Vec<u32>) {
    dict.iter().filter(|(key, _)| !but.contains(&&key[..])).for_each(|(_, value)| value.references(into));
}
