//! Changes of pages: nothing but pictures of signatures may be added to them.

use super::{Kind, Step, differing, place};
use crate::verify::document::{Dict, Value, View};
use crate::verify::fields::{self, area, common_area, rectangle};
use std::collections::BTreeSet;

/// Pages of a document, at most.
const PAGES_MAX: usize = 20_000;
/// Nodes of the page tree within each other, at most.
const DEPTH_MAX: usize = 32;
/// A new picture that covers more of an older signature than this is looked at. A seal covers a third of the signature
/// left of it (NĐ 30/2020, Appendix I), so that a third must pass.
const COVER_MAX: f64 = 0.6;
/// The same of number and date, which nothing has a reason to cover.
const COVER_PLACE_MAX: f64 = 0.05;
/// A new picture larger than this part of the page is looked at.
const PAGE_MAX: f64 = 0.4;

/// Numbers of the pages, in order.
///
/// # Errors
/// A damaged object, a circle, too many pages.
pub fn list(view: View<'_, '_>) -> Result<Vec<u32>, String> {
    let (_, catalog) = view.catalog()?;
    let mut pages = Vec::new();
    let root = catalog.get(&b"Pages"[..]).and_then(Value::reference).ok_or("no pages")?;
    walk(view, root, 0, &mut BTreeSet::new(), &mut pages)?;
    Ok(pages)
}

/// Every annotation with the page that shows it.
///
/// # Errors
/// As [`list`].
pub fn annotations(view: View<'_, '_>) -> Result<Vec<(u32, u32)>, String> {
    let mut found = Vec::new();
    for page in list(view)? {
        let value = view.get(page)?;
        let Some(dict) = value.dict() else { continue };
        let annotations = view.at(dict, b"Annots")?;
        found.extend(annotations.array().unwrap_or_default().iter().filter_map(Value::reference).map(|a| (a, page)));
    }
    Ok(found)
}

/// The area of a page in square points, its size inherited or not (ISO 32000-2, 7.7.3.4); nothing when it has none.
///
/// # Errors
/// A damaged object.
pub fn sheet(view: View<'_, '_>, page: u32) -> Result<Option<f64>, String> {
    let mut node = view.get(page)?;
    for _ in 0..=DEPTH_MAX {
        let Some(dict) = node.dict() else { return Ok(None) };
        if let Some(corners) = rectangle(&view.at(dict, b"MediaBox")?) {
            return Ok(Some(area(corners)));
        }
        let Some(parent) = dict.get(&b"Parent"[..]).and_then(Value::reference) else { return Ok(None) };
        node = view.get(parent)?;
    }
    Ok(None)
}

fn walk(
    view: View<'_, '_>,
    number: u32,
    depth: usize,
    seen: &mut BTreeSet<u32>,
    pages: &mut Vec<u32>,
) -> Result<(), String> {
    if depth > DEPTH_MAX || pages.len() > PAGES_MAX || !seen.insert(number) {
        return Err("a page tree in a circle, or with too many pages".to_owned());
    }
    let value = view.get(number)?;
    let Some(dict) = value.dict() else { return Err(format!("page {number} is not there")) };
    let kids = view.at(dict, b"Kids")?;
    let Some(kids) = kids.array() else {
        pages.push(number);
        return Ok(());
    };
    for kid in kids {
        let kid = kid.reference().ok_or("a page that is no object of its own")?;
        walk(view, kid, depth + 1, seen, pages)?;
    }
    Ok(())
}

impl Step<'_, '_, '_> {
    pub(super) fn pages(&mut self) -> Result<(), String> {
        let (old, new) = (list(self.old)?, list(self.new)?);
        if old != new {
            let (root, _) = self.old.catalog()?;
            self.forbid(root, "Pages");
            return Ok(());
        }
        let before: BTreeSet<u32> = fields::fields(self.old)?.iter().filter_map(|f| f.object).collect();
        let now = fields::fields(self.new)?;
        // What other fields are is told where the form is compared.
        let new_of = |signatures: bool| -> BTreeSet<u32> {
            let fields = now.iter().filter(|f| f.is_signature() == signatures).filter_map(|f| f.object);
            fields.filter(|n| !before.contains(n)).collect()
        };
        let (signatures, others) = (new_of(true), new_of(false));
        for page in new {
            self.page(page, &signatures, &others)?;
        }
        Ok(())
    }

    fn page(&mut self, number: u32, signatures: &BTreeSet<u32>, others: &BTreeSet<u32>) -> Result<(), String> {
        let (old, new) = (self.old.get(number)?, self.new.get(number)?);
        let (Some(old), Some(new)) = (old.dict(), new.dict()) else { return Ok(()) };
        let strange: Vec<Vec<u8>> = differing(old, new).into_iter().filter(|key| key != b"Annots").collect();
        self.explained.insert(number);
        for key in strange {
            self.forbid(number, String::from_utf8_lossy(&key));
        }
        let (before, after) = (self.old.at(old, b"Annots")?, self.new.at(new, b"Annots")?);
        if before == after {
            return Ok(());
        }
        let (before, after) = (before.array().unwrap_or_default(), after.array().unwrap_or_default());
        if let (Some(Value::Ref(a, _)), Some(Value::Ref(b, _))) = (old.get(&b"Annots"[..]), new.get(&b"Annots"[..]))
            && a == b
        {
            self.unless_shown.insert(*a);
        }
        let Some(added) = after.strip_prefix(before) else {
            self.forbid(number, "Annots");
            return Ok(());
        };
        let older = self.rectangles(before)?;
        for item in added {
            match item.reference() {
                Some(widget) if signatures.contains(&widget) => self.cover(widget, new, &older)?,
                Some(told) if others.contains(&told) => {}
                Some(other) => self.annotation(other)?,
                None => self.forbid(number, "Annots"),
            }
        }
        Ok(())
    }

    /// Corners of the fields that a page shows already, with how much of each a new picture may cover.
    fn rectangles(&self, annotations: &[Value]) -> Result<Vec<([f64; 4], f64)>, String> {
        let mut found = Vec::new();
        for item in annotations.iter().take(PAGES_MAX) {
            let value = self.old.resolve(item)?;
            let Some(dict) = value.dict() else { continue };
            if dict.get(&b"Subtype"[..]).and_then(Value::name) == Some(b"Widget") {
                let most = if place::purpose_of(dict).is_some() { COVER_PLACE_MAX } else { COVER_MAX };
                found.extend(dict.get(&b"Rect"[..]).and_then(rectangle).map(|corners| (corners, most)));
            }
        }
        Ok(found)
    }

    fn cover(&mut self, widget: u32, page: &Dict, older: &[([f64; 4], f64)]) -> Result<(), String> {
        let value = self.new.get(widget)?;
        let Some(own) = value.dict().and_then(|dict| dict.get(&b"Rect"[..])).and_then(rectangle) else { return Ok(()) };
        let sheet = self.new.at(page, b"MediaBox")?;
        // A4 when the size is inherited.
        let sheet = rectangle(&sheet).map_or(595.0 * 842.0, area);
        let covers = older.iter().any(|(old, most)| area(*old) > 0.0 && common_area(own, *old) > most * area(*old));
        if covers || area(own) > PAGE_MAX * sheet {
            self.tell(widget, "Rect", Kind::Covering);
        }
        Ok(())
    }

    /// A note on the page: a kind of its own only when it is new and no field.
    fn annotation(&mut self, number: u32) -> Result<(), String> {
        let value = self.new.get(number)?;
        let kind = value.dict().and_then(|dict| dict.get(&b"Subtype"[..])).and_then(Value::name).map(<[u8]>::to_vec);
        let plain = kind.as_deref().is_some_and(|kind| kind != b"Widget") && self.old.entry(number).is_none();
        self.tell(number, "Annots", if plain { Kind::Annotated } else { Kind::Forbidden });
        Ok(())
    }
}
