//! What a visible signature shows: the first page of another PDF, carried over as a Form XObject (ISO 32000-1, 8.10).
//!
//! Fonts and pictures come along embedded, so that what was made as PDF/A stays PDF/A.

use super::base::Base;
use super::update::Update;
use crate::SigningError;
use lopdf::{Dictionary, Document, Object, ObjectId, Stream, dictionary};
use std::collections::BTreeSet;

/// More objects than any stamp has.
const OBJECTS_MAX: usize = 10_000;
/// Most bytes that the content of a stamp may have, unpacked.
const CONTENT_BYTES_MAX: usize = 16 << 20;

/// Copies page 1 of `stamp` into the update with only the objects that it reaches. Gives the form's number.
pub(super) fn import(update: &mut Update<'_>, stamp: &[u8]) -> Result<ObjectId, SigningError> {
    let mut source = Base::open(stamp).map_err(|error| bad(&format!("{error} {}", error.inward())))?.document;
    source.renumber_objects_with(update.next);
    let page = source.page_iter().next().ok_or_else(|| bad("it has no page"))?;
    let content = source.get_page_content_with_limit(page, CONTENT_BYTES_MAX).map_err(|e| bad(&e.to_string()))?;
    let media = inherited(&source, page, b"MediaBox").ok_or_else(|| bad("it has no size"))?;
    let resources = inherited(&source, page, b"Resources").unwrap_or_else(|| Dictionary::new().into());
    let mut form = dictionary! {
        "Type" => "XObject", "Subtype" => "Form", "FormType" => 1, "BBox" => media, "Resources" => resources,
    };
    if let Ok(group) = source.get_dictionary(page).and_then(|page| page.get(b"Group")) {
        form.set("Group", group.clone());
    }
    copy_reachable(update, &source, &form)?;
    update.next = update.next.max(source.max_id + 1);
    let mut stream = Stream::new(form, content);
    stream.compress().map_err(|error| bad(&error.to_string()))?;
    Ok(update.add(Object::Stream(stream)))
}

/// An entry of the page or of what it hangs under (7.7.3.4), with references at its top followed.
pub(super) fn inherited(source: &Document, page: ObjectId, key: &[u8]) -> Option<Object> {
    let mut node = source.get_dictionary(page).ok()?;
    // As deep as page trees get; one that goes round ends here too.
    for _ in 0..64 {
        if let Ok(found) = node.get(key) {
            return source.dereference(found).ok().map(|(_, object)| object.clone());
        }
        let parent = node.get(b"Parent").ok()?;
        node = source.dereference(parent).ok()?.1.as_dict().ok()?;
    }
    None
}

/// Copies what `form` refers to, and what that refers to.
fn copy_reachable(update: &mut Update<'_>, source: &Document, form: &Dictionary) -> Result<(), SigningError> {
    let mut seen = BTreeSet::new();
    let mut waiting: Vec<&Object> = form.iter().map(|(_, value)| value).collect();
    while let Some(object) = waiting.pop() {
        match object {
            Object::Reference(id) if seen.insert(*id) => {
                let found = source.get_object(*id).map_err(|error| bad(&error.to_string()))?;
                update.put(*id, found.clone());
                waiting.push(found);
            }
            Object::Array(items) => waiting.extend(items),
            Object::Dictionary(dictionary) => waiting.extend(dictionary.iter().map(|(_, value)| value)),
            Object::Stream(stream) => waiting.extend(stream.dict.iter().map(|(_, value)| value)),
            _ => {}
        }
        if seen.len() > OBJECTS_MAX {
            return Err(bad("too many objects"));
        }
    }
    Ok(())
}

fn bad(context: &str) -> SigningError {
    SigningError::BadAppearance(context.to_owned())
}
