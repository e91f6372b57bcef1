//! Places for number and date: empty when a person signs, and filled once by whoever seals.
//!
//! A field that is filled after a signature is for a person to look at, since what it shows may hide what was signed. With
//! number and date that would be every document; so one form of field and picture is told apart that can hide nothing. It
//! was written down here apart from the signer, whose form it is.

use super::{Kind, Step, pages};
use crate::verify::document::{Dict, Stream, Value, View, unicode};
use crate::verify::fields::{Field, area, rectangle};
use std::collections::{BTreeMap, BTreeSet};

/// What a place is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    Number,
    Date,
}

/// Keys of a place's field, which is its own widget; no actions, no parent, nothing that scales or hides it.
const PLACE_KEYS: [&[u8]; 13] =
    [b"Type", b"Subtype", b"FT", b"T", b"TU", b"Ff", b"F", b"P", b"Rect", b"DA", b"AP", b"V", b"Q"];
/// ReadOnly, and no other flag of a field: several lines, passwords and combs draw otherwise.
const READ_ONLY: i64 = 1;
/// Print, and Locked or not; not hidden, and neither NoZoom nor NoRotate, with which a widget leaves its rectangle.
const WIDGET_FLAGS: [i64; 2] = [4, 132];
/// A place larger than this part of its page could be for anything.
const PAGE_PART_MAX: f64 = 1.0 / 29.0;
/// Letters of what is written in a place, at most.
const LETTERS_MAX: usize = 60;
/// Keys of what a filled place draws.
const INK_KEYS: [&[u8]; 6] = [b"Type", b"Subtype", b"FormType", b"BBox", b"Resources", b"Length"];
/// All that it draws: a picture, as ink.
const INK: &[u8] = b"/Tx BMC /Ink gs /Picture Do EMC";

/// What a field with this dictionary is for, by its name alone.
pub fn purpose_of(field: &Dict) -> Option<Purpose> {
    let name = unicode(field.get(&b"T"[..])?.text()?);
    [("DocumentNumber", Purpose::Number), ("DocumentDate", Purpose::Date)].into_iter().find_map(|(word, purpose)| {
        let rest = name.strip_prefix(word)?;
        let counted = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        (rest.is_empty() || rest.strip_prefix('-').is_some_and(counted)).then_some(purpose)
    })
}

/// Of each annotation that one page shows once, the area of that page in square points.
///
/// # Errors
/// A damaged object.
pub fn sheets(view: View<'_, '_>) -> Result<BTreeMap<u32, f64>, String> {
    let mut seen = BTreeSet::new();
    let mut sheets = BTreeMap::new();
    let mut last = None;
    for (annotation, page) in pages::annotations(view)? {
        let sheet = match last {
            Some((known, sheet)) if known == page => sheet,
            _ => pages::sheet(view, page)?,
        };
        last = Some((page, sheet));
        if seen.insert(annotation) {
            sheets.extend(sheet.map(|sheet| (annotation, sheet)));
        } else {
            sheets.remove(&annotation);
        }
    }
    Ok(sheets)
}

/// Whether a field is a place that says nothing yet, on a page of this area.
pub fn is_empty(field: &Field, sheet: Option<&f64>) -> bool {
    let int = |key: &[u8]| field.dict.get(key).and_then(Value::int);
    let own = field.rectangle().map_or(0.0, area);
    purpose_of(&field.dict).is_some()
        && only_known_keys(&field.dict)
        && field.dict.get(&b"FT"[..]).and_then(Value::name) == Some(b"Tx")
        && field.dict.get(&b"Subtype"[..]).and_then(Value::name) == Some(b"Widget")
        && int(b"Ff") == Some(READ_ONLY)
        && int(b"F").is_some_and(|flags| WIDGET_FLAGS.contains(&flags))
        && field.value == Value::Null
        && own > 0.0
        && sheet.is_some_and(|sheet| own <= PAGE_PART_MAX * sheet)
}

impl Step<'_, '_, '_> {
    /// Number or date as written into an empty place; nothing when words or picture have another form.
    pub(super) fn numbered(&self, old: &Field, new: &Field) -> Result<Option<Kind>, String> {
        let said = new.dict.get(&b"V"[..]).and_then(Value::text);
        let (Some(purpose), Some(text)) = (purpose_of(&old.dict), said) else { return Ok(None) };
        let text = unicode(text);
        let good = only_known_keys(&new.dict) && fits(purpose, &text) && self.is_ink(&new.dict)?;
        Ok(good.then(|| Kind::Numbered { field: new.name.clone(), purpose, text }))
    }

    /// Whether a field draws one picture, new and as ink: in a group of its own, multiplied with the page. What multiplies
    /// darkens, so that nothing below it is hidden.
    fn is_ink(&self, field: &Dict) -> Result<bool, String> {
        let Some(Value::Dict(appearances)) = field.get(&b"AP"[..]) else { return Ok(false) };
        let Some(shown) = appearances.get(&b"N"[..]).and_then(Value::reference) else { return Ok(false) };
        let Value::Stream(Stream { dict, raw }) = &*self.new.get(shown)? else { return Ok(false) };
        // Rollover and pressed states would show something else under the pointer.
        let alone = appearances.len() == 1 && self.old.entry(shown).is_none();
        let plain = dict.keys().all(|key| INK_KEYS.contains(&&key[..])) && raw[..] == *INK;
        let box_ = dict.get(&b"BBox"[..]).and_then(rectangle).is_some_and(|corners| area(corners) > 0.0);
        let resources = dict.get(&b"Resources"[..]).and_then(Value::dict);
        let picture = resources.and_then(ink_of);
        let (true, Some(picture)) = (alone && plain && box_ && is_form(dict), picture) else { return Ok(false) };
        let picture = self.new.get(picture)?;
        let Value::Stream(Stream { dict, .. }) = &*picture else { return Ok(false) };
        let group = self.new.at(dict, b"Group")?;
        let apart = group.dict().is_some_and(|group| {
            group.get(&b"S"[..]).and_then(Value::name) == Some(b"Transparency")
                && group.get(&b"I"[..]) == Some(&Value::Bool(true))
        });
        Ok(apart && is_form(dict) && !dict.contains_key(&b"OC"[..]) && !dict.contains_key(&b"Ref"[..]))
    }
}

fn is_form(stream: &Dict) -> bool {
    stream.get(&b"Subtype"[..]).and_then(Value::name) == Some(b"Form")
}

/// The picture, when the resources are exactly the ink and it.
fn ink_of(resources: &Dict) -> Option<u32> {
    let only = |dict: &Dict, key: &[u8]| -> Option<Value> { dict.get(key).filter(|_| dict.len() == 1).cloned() };
    if resources.len() != 2 {
        return None;
    }
    let ink = only(resources.get(&b"ExtGState"[..])?.dict()?, b"Ink")?;
    let ink = ink.dict()?;
    let multiplies = ink.get(&b"BM"[..]).and_then(Value::name) == Some(b"Multiply");
    let nothing_else = ink.keys().all(|key| key == b"BM" || key == b"Type");
    let picture = only(resources.get(&b"XObject"[..])?.dict()?, b"Picture")?;
    picture.reference().filter(|_| multiplies && nothing_else)
}

fn only_known_keys(field: &Dict) -> bool {
    field.keys().all(|key| PLACE_KEYS.contains(&&key[..]))
}

/// Whether the words are what the place is for.
fn fits(purpose: Purpose, text: &str) -> bool {
    match purpose {
        Purpose::Number => {
            let plain = text.chars().all(|letter| letter.is_alphanumeric() || "/-.&() ".contains(letter));
            plain && text.trim() == text && (1..=LETTERS_MAX).contains(&text.chars().count())
        }
        Purpose::Date => crate::verify::issue::day(text).is_some(),
    }
}
