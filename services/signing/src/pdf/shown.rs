//! Where the signatures of a file are seen, for whoever puts another beside them or asks that they stand in their place.

use super::base::{Base, damaged};
use super::field::Rectangle;
use super::pages::rectangle;
use super::syntax::words;
use crate::SigningError;
use lopdf::{Dictionary, Object};

/// Hidden and NoView of an annotation's flags (ISO 32000-1, table 165).
const NOT_SHOWN: i64 = 2 | 32;
/// As deep as the pictures of a signature are looked into: readers nest three forms.
const DEPTH_MAX: usize = 6;
/// Widgets of a page and drawings of a signature that are looked at, at most.
const ITEMS_MAX: usize = 5_000;

/// A signature that is seen on a page.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// Name of its field, parts joined by dots.
    pub field: String,
    /// Page, from 0.
    pub page: usize,
    /// Where on the page.
    pub rectangle: Rectangle,
    /// Whether it shows a picture, as handwriting and seals are shown, and not words alone.
    pub pictured: bool,
}

/// The signatures of a file that are seen, page by page; a signature without a place is not among them.
///
/// # Errors
/// What the file is refused for.
pub fn shown_signatures(file: &[u8]) -> Result<Vec<Shown>, SigningError> {
    let base = Base::open(file)?;
    let mut found = Vec::new();
    for (page, id) in base.document.page_iter().enumerate() {
        let Ok(annotations) = base.document.get_dictionary(id).map_err(damaged)?.get(b"Annots") else { continue };
        let Ok(annotations) = base.resolve(annotations)?.as_array() else { continue };
        for item in annotations.iter().take(ITEMS_MAX) {
            let Ok(widget) = base.resolve(item)?.as_dict() else { continue };
            found.extend(shown(&base, widget)?.map(|(field, rectangle)| Shown {
                field,
                page,
                rectangle,
                pictured: is_pictured(&base, widget),
            }));
        }
    }
    Ok(found)
}

/// The name and the place of a widget, when it is that of a signature that was made, and is seen.
fn shown(base: &Base<'_>, widget: &Dictionary) -> Result<Option<(String, Rectangle)>, SigningError> {
    let mut above = vec![widget];
    while let Some(parent) = base.dictionary(above[above.len() - 1], b"Parent")?.filter(|_| above.len() < DEPTH_MAX) {
        above.push(parent);
    }
    let inherited = |key: &[u8]| above.iter().find_map(|field| field.get(key).ok());
    let is_signature = inherited(b"FT").and_then(|kind| kind.as_name().ok()) == Some(b"Sig");
    let is_made = inherited(b"V").and_then(|value| base.resolve(value).ok()?.as_dict().ok()).is_some();
    let flags = widget.get(b"F").and_then(Object::as_i64).unwrap_or(0);
    let Some(place) = rectangle(base, widget.get(b"Rect").ok().map(|rect| base.resolve(rect)).transpose()?)? else {
        return Ok(None);
    };
    let has_area = place.left < place.right && place.bottom < place.top;
    if !is_signature || !is_made || flags & NOT_SHOWN != 0 || !has_area || !widget.has(b"AP") {
        return Ok(None);
    }
    let names = above.iter().rev().filter_map(|field| field.get(b"T").ok());
    let names: Vec<String> = names.filter_map(|name| Some(words(base.resolve(name).ok()?.as_str().ok()?))).collect();
    Ok(Some((names.join("."), place)))
}

/// Whether an image is drawn, by the appearance or by what it draws.
fn is_pictured(base: &Base<'_>, widget: &Dictionary) -> bool {
    let Ok(Some(normal)) = base.dictionary(widget, b"AP").map(|found| found.and_then(|ap| ap.get(b"N").ok())) else {
        return false;
    };
    let mut waiting = vec![(normal, 0)];
    let mut looked_at = 0;
    while let Some((object, depth)) = waiting.pop() {
        looked_at += 1;
        let Ok(Object::Stream(drawn)) = base.resolve(object) else { continue };
        if drawn.dict.get(b"Subtype").and_then(Object::as_name).is_ok_and(|kind| kind == b"Image") {
            return true;
        }
        if depth >= DEPTH_MAX || looked_at >= ITEMS_MAX {
            continue;
        }
        let resources = base.dictionary(&drawn.dict, b"Resources").ok().flatten();
        let drawings = resources.and_then(|resources| base.dictionary(resources, b"XObject").ok().flatten());
        waiting.extend(drawings.into_iter().flat_map(|all| all.iter()).map(|(_, object)| (object, depth + 1)));
    }
    false
}
