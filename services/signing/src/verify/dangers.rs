//! What makes a document show something else than what was signed, or do something by itself.

use super::document::{Dict, Value, View};
use super::fields::{self, Field, area, common_area};
use super::report::{Code, Finding};
use std::collections::{BTreeMap, BTreeSet};

/// Fields that are compared with each other, at most.
const COMPARED_MAX: usize = 1500;
/// Values within each other that are looked through; the reader admits no deeper ones.
const DEPTH_MAX: usize = 64;

/// Looks through every object in use.
///
/// # Errors
/// A damaged object.
pub fn find(view: View<'_, '_>) -> Result<Vec<Finding>, String> {
    let mut found: BTreeMap<Code, String> = BTreeMap::new();
    if view.trailer().contains_key(&b"Encrypt"[..]) {
        return Ok(vec![Finding::new(Code::Encrypted)]);
    }
    for number in view.numbers() {
        let value = view.get(number)?;
        generations(view, &value)?;
        let mut seen = BTreeSet::new();
        look(&value, 0, &mut seen);
        if let Value::Stream(stream) = &*value
            && stream.dict.contains_key(&b"F"[..])
        {
            seen.insert(Code::ExternalContent);
        }
        for code in seen {
            found.entry(code).or_insert_with(|| format!("object {number}"));
        }
    }
    catalog(view, &mut found)?;
    form(view, &mut found)?;
    Ok(found.into_iter().map(|(code, detail)| Finding::with(code, detail)).collect())
}

/// A reference by another generation is nothing to one program and the object to another.
fn generations(view: View<'_, '_>, value: &Value) -> Result<(), String> {
    match value {
        Value::Ref(..) => view.check_generation(value),
        Value::Array(items) => items.iter().try_for_each(|item| generations(view, item)),
        other => other.dict().into_iter().flat_map(Dict::values).try_for_each(|value| generations(view, value)),
    }
}

fn look(value: &Value, depth: usize, found: &mut BTreeSet<Code>) {
    if depth > DEPTH_MAX {
        return;
    }
    if let Value::Array(items) = value {
        items.iter().for_each(|item| look(item, depth + 1, found));
    }
    let Some(dict) = value.dict() else { return };
    if dict.contains_key(&b"JS"[..]) {
        found.insert(Code::Script);
    }
    if dict.contains_key(&b"AA"[..]) {
        found.insert(Code::AutomaticAction);
    }
    match dict.get(&b"S"[..]).and_then(Value::name) {
        Some(b"JavaScript") => _ = found.insert(Code::Script),
        Some(b"Launch" | b"ImportData" | b"SubmitForm" | b"GoToE") => _ = found.insert(Code::DangerousAction),
        Some(b"Hide" | b"SetOCGState" | b"Trans" | b"ResetForm") => _ = found.insert(Code::AutomaticAction),
        Some(b"Rendition" | b"Movie" | b"Sound" | b"RichMediaExecute" | b"GoTo3DView") => {
            found.insert(Code::ActiveMedia);
        }
        _ => {}
    }
    let media: [&[u8]; 5] = [b"RichMedia", b"Movie", b"Sound", b"Screen", b"3D"];
    if dict.get(&b"Subtype"[..]).and_then(Value::name).is_some_and(|kind| media.contains(&kind)) {
        found.insert(Code::ActiveMedia);
    }
    dict.values().for_each(|value| look(value, depth + 1, found));
}

fn catalog(view: View<'_, '_>, found: &mut BTreeMap<Code, String>) -> Result<(), String> {
    let (_, catalog) = view.catalog()?;
    let open = view.at(&catalog, b"OpenAction")?;
    // An array or a GoTo only says where reading begins.
    if let Some(action) = open.dict()
        && view.at(action, b"S")?.name() != Some(b"GoTo")
    {
        found.insert(Code::AutomaticAction, "OpenAction".to_owned());
    }
    let layers = view.at(&catalog, b"OCProperties")?;
    if let Some(layers) = layers.dict()
        && switches(view, layers)?
    {
        found.insert(Code::OptionalContent, "OCProperties".to_owned());
    }
    Ok(())
}

/// Whether any layer is hidden, or shown only on some occasion, or can be chosen among settings.
fn switches(view: View<'_, '_>, layers: &Dict) -> Result<bool, String> {
    let settings = view.at(layers, b"D")?;
    let none = Dict::new();
    let settings = settings.dict().unwrap_or(&none);
    let filled = |key: &[u8]| -> Result<bool, String> {
        Ok(view.at(settings, key)?.array().is_some_and(|items| !items.is_empty()))
    };
    let base = view.at(settings, b"BaseState")?;
    let others = view.at(layers, b"Configs")?.array().is_some_and(|items| !items.is_empty());
    Ok(filled(b"OFF")? || filled(b"AS")? || filled(b"RBGroups")? || others || base.name().is_some_and(|b| b != b"ON"))
}

fn form(view: View<'_, '_>, found: &mut BTreeMap<Code, String>) -> Result<(), String> {
    let form = fields::form(view)?;
    if view.at(&form, b"XFA")? != Value::Null {
        found.insert(Code::Xfa, "XFA".to_owned());
    }
    if view.at(&form, b"NeedAppearances")? == Value::Bool(true) {
        found.insert(Code::NeedAppearances, "NeedAppearances".to_owned());
    }
    let all = fields::fields(view)?;
    let mut names = BTreeSet::new();
    let mut values = BTreeSet::new();
    for field in all.iter().filter(|field| field.named) {
        if !names.insert(&field.name) {
            found.insert(Code::RepeatedFieldName, field.name.clone());
        }
        let value = field.dict.get(&b"V"[..]).and_then(Value::reference);
        if field.is_signature() && value.is_some_and(|number| !values.insert(number)) {
            found.insert(Code::SharedValue, field.name.clone());
        }
    }
    overlaps(view, &all, found)
}

/// Fields to fill in that lie over each other or over a signature. Signatures may overlap each other: a seal does.
fn overlaps(view: View<'_, '_>, all: &[Field], found: &mut BTreeMap<Code, String>) -> Result<(), String> {
    let pages: BTreeMap<u32, u32> = super::changes::annotations(view)?.into_iter().collect();
    let page = |field: &Field| field.object.and_then(|number| pages.get(&number).copied());
    let boxes: Vec<(&Field, [f64; 4], u32)> =
        all.iter().filter_map(|f| Some((f, f.rectangle().filter(|r| area(*r) > 0.0)?, page(f)?))).collect();
    if boxes.len() > COMPARED_MAX {
        found.insert(Code::OverlappingFields, "too many fields to compare".to_owned());
        return Ok(());
    }
    for (i, (a, a_box, a_page)) in boxes.iter().enumerate() {
        for (b, b_box, b_page) in &boxes[i + 1..] {
            let common = common_area(*a_box, *b_box);
            let much = common > 0.25 * area(*a_box).min(area(*b_box));
            if a_page == b_page && much && !(a.is_signature() && b.is_signature()) {
                found.insert(Code::OverlappingFields, format!("{} and {}", a.name, b.name));
            }
        }
    }
    Ok(())
}
