//! Places for number and date: text fields that stand empty when a person signs, and are filled once.

use super::appearance;
use super::base::{Base, damaged};
use super::field::{PRINT_AND_LOCKED, corners, enter_in_form, free_name, taken_names};
use super::lock::Locks;
use super::signatures::find_signatures;
use super::syntax::{text, words};
use super::update::Update;
use crate::SigningError;
use crate::pdf::Rectangle;
use crate::places::{Issue, Place, PlaceKind, Reserved};
use lopdf::{Dictionary, Object, ObjectId, Stream, dictionary};

/// ReadOnly of a field's flags (ISO 32000-1, table 221): no reader offers the place to whoever opens the file.
const READ_ONLY: i64 = 1;
/// A place larger than this part of the page is refused here, and looked at by a person where it is verified.
const PAGE_PART_MAX: f32 = 1.0 / 30.0;
/// How a reader that draws fields by itself would: the font of [`default_font`], as large as fits, black.
const DEFAULT_APPEARANCE: &str = "/TiRo 0 Tf 0 g";
/// What an empty place draws.
const EMPTY: &[u8] = b"/Tx BMC EMC";
/// What a filled place draws: its picture, multiplied with the page below it. Ink darkens; what is signed shows through it.
const INK: &[u8] = b"/Tx BMC /Ink gs /Picture Do EMC";

/// Name and words of a kind. The name stands in the file for good: it is how places are found again.
fn names(kind: PlaceKind) -> (&'static str, &'static str) {
    match kind {
        PlaceKind::Number => ("DocumentNumber", "Số, ký hiệu văn bản"),
        PlaceKind::Date => ("DocumentDate", "Ngày, tháng, năm ban hành văn bản"),
    }
}

/// What a field of this name is for: `DocumentNumber`, `DocumentNumber-2`, and so on.
fn kind_of(name: &str) -> Option<PlaceKind> {
    [PlaceKind::Number, PlaceKind::Date].into_iter().find(|kind| {
        let rest = name.strip_prefix(names(*kind).0);
        rest.is_some_and(|rest| rest.is_empty() || rest.strip_prefix('-').is_some_and(|n| n.parse::<u32>().is_ok()))
    })
}

/// Appends the places.
pub(crate) fn reserve_places(base: &[u8], places: &[Place]) -> Result<Vec<u8>, SigningError> {
    let base = Base::open(base)?;
    if !find_signatures(&base)?.is_empty() {
        return Err(SigningError::AlreadySigned);
    }
    let mut taken = taken_names(&base)?;
    let mut update = Update::of(base);
    for place in places {
        let page = update.base.page_id(place.page)?;
        let rect = corners(place.rectangle)?;
        let Rectangle { left, bottom, right, top } = place.rectangle;
        let (width, height) = (right - left, top - bottom);
        if width * height > sheet(&update.base, page)? * PAGE_PART_MAX {
            return Err(SigningError::BadRectangle);
        }
        let (name, tip) = names(place.kind);
        let name = free_name(&taken, name);
        let empty = dictionary! {
            "Type" => "XObject", "Subtype" => "Form", "FormType" => 1, "Resources" => Dictionary::new(),
            "BBox" => vec![Object::Integer(0), Object::Integer(0), Object::Real(width), Object::Real(height)],
        };
        let empty = update.add(Object::Stream(Stream::new(empty, EMPTY.to_vec())));
        let widget = update.add(Object::Dictionary(dictionary! {
            "Type" => "Annot", "Subtype" => "Widget", "FT" => "Tx", "T" => text(&name), "TU" => text(tip),
            "Ff" => READ_ONLY, "F" => PRINT_AND_LOCKED, "P" => page, "Rect" => rect,
            "DA" => Object::string_literal(DEFAULT_APPEARANCE), "AP" => dictionary! { "N" => empty },
        }));
        taken.insert(name);
        update.append(page, "Annots", widget.into())?;
        let form = enter_in_form(&mut update, widget)?;
        default_font(&mut update, form)?;
    }
    Ok(update.write(None)?.0)
}

/// The font that [`DEFAULT_APPEARANCE`] names, which each text field must have (ISO 32000-1, 12.7.3.3).
fn default_font(update: &mut Update<'_>, form: ObjectId) -> Result<(), SigningError> {
    let mut form_dictionary = update.dictionary(form)?;
    let mut resources = match form_dictionary.get(b"DR") {
        Ok(there) => update.resolve(there)?.as_dict().map_err(damaged)?.clone(),
        Err(_) => Dictionary::new(),
    };
    let mut fonts = match resources.get(b"Font") {
        Ok(there) => update.resolve(there)?.as_dict().map_err(damaged)?.clone(),
        Err(_) => Dictionary::new(),
    };
    if fonts.has(b"TiRo") {
        return Ok(());
    }
    let font = dictionary! {
        "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Times-Roman", "Encoding" => "WinAnsiEncoding",
    };
    fonts.set("TiRo", update.add(Object::Dictionary(font)));
    resources.set("Font", fonts);
    form_dictionary.set("DR", resources);
    update.put(form, Object::Dictionary(form_dictionary));
    Ok(())
}

/// The area of a page, in square points.
fn sheet(base: &Base<'_>, page: ObjectId) -> Result<f32, SigningError> {
    let size = appearance::inherited(&base.document, page, b"MediaBox");
    let size = size.and_then(|size| rectangle(base, &size));
    let Rectangle { left, bottom, right, top } =
        size.ok_or_else(|| SigningError::Damaged("a page without a size".to_owned()))?;
    Ok((right - left).abs() * (top - bottom).abs())
}

fn rectangle(base: &Base<'_>, corners: &Object) -> Option<Rectangle> {
    let numbers = base.resolve(corners).ok()?.as_array().ok()?.iter();
    let numbers: Vec<f32> = numbers.filter_map(|number| base.resolve(number).ok()?.as_float().ok()).collect();
    let &[left, bottom, right, top] = &numbers[..] else { return None };
    Some(Rectangle { left, bottom, right, top })
}

/// The places of a file.
pub(crate) fn list_places(file: &[u8]) -> Result<Vec<Reserved>, SigningError> {
    let base = Base::open(file)?;
    Ok(find(&base)?.into_iter().map(|(_, place)| place).collect())
}

/// Names of the fields of places that say something: what a signature of ours locks.
pub(super) fn filled(base: &Base<'_>) -> Result<Vec<String>, SigningError> {
    Ok(find(base)?.into_iter().filter(|(_, place)| place.text.is_some()).map(|(_, place)| place.field).collect())
}

/// The places with the numbers of their fields. They stand in the form itself and below nothing.
fn find(base: &Base<'_>) -> Result<Vec<(ObjectId, Reserved)>, SigningError> {
    let mut found = Vec::new();
    let Some(form) = base.form()? else { return Ok(found) };
    let Ok(fields) = form.get(b"Fields") else { return Ok(found) };
    let pages: Vec<ObjectId> = base.document.page_iter().collect();
    for item in base.resolve(fields)?.as_array().map_err(damaged)? {
        let Ok(id) = item.as_reference() else { continue };
        let Ok(field) = base.resolve(item)?.as_dict() else { continue };
        let read_only = field.get(b"Ff").and_then(Object::as_i64).ok() == Some(READ_ONLY);
        if !read_only || field.get(b"FT").and_then(Object::as_name).ok() != Some(b"Tx") {
            continue;
        }
        let Ok(name) = field.get(b"T") else { continue };
        let name = words(base.resolve(name)?.as_str().map_err(damaged)?);
        let Some(kind) = kind_of(&name) else { continue };
        let page = field.get(b"P").and_then(Object::as_reference).ok();
        let page = page.and_then(|id| pages.iter().position(|page| *page == id));
        let rectangle = field.get(b"Rect").ok().and_then(|corners| rectangle(base, corners));
        let (Some(page), Some(rectangle)) = (page, rectangle) else { continue };
        let text = match field.get(b"V").map(|value| base.resolve(value)) {
            Ok(value) => Some(words(value?.as_str().map_err(damaged)?)).filter(|text| !text.is_empty()),
            Err(_) => None,
        };
        found.push((id, Reserved { field: name, place: Place { kind, page, rectangle }, text }));
    }
    Ok(found)
}

/// Fills every place in an update of its own.
pub(crate) fn fill_places(base: &[u8], issue: &Issue) -> Result<Vec<u8>, SigningError> {
    let base = Base::open(base)?;
    let mut update = Update::of(base);
    fill(&mut update, issue)?;
    Ok(update.write(None)?.0)
}

/// Fills every place. Gives the names of their fields.
pub(super) fn fill(update: &mut Update<'_>, issue: &Issue) -> Result<Vec<String>, SigningError> {
    issue.check()?;
    let places = find(&update.base)?;
    let has = |kind: PlaceKind| places.iter().any(|(_, place)| place.place.kind == kind);
    // What has no place would be said nowhere, and a place left open could be filled by somebody else.
    if has(PlaceKind::Number) != issue.number.is_some() || has(PlaceKind::Date) != issue.date.is_some() {
        return Err(SigningError::NoPlace);
    }
    if places.is_empty() {
        return Err(SigningError::NoPlace);
    }
    if places.iter().any(|(_, place)| place.text.is_some()) {
        return Err(SigningError::PlaceFilled);
    }
    let locks = Locks::of(&update.base)?;
    places.iter().try_for_each(|(_, place)| locks.check_filling(&place.field))?;
    if places.len() != issue.pictures.len() {
        let counted = format!("{} places and {} pictures", places.len(), issue.pictures.len());
        return Err(SigningError::BadAppearance(counted));
    }
    let mut names = Vec::new();
    for ((id, place), picture) in places.into_iter().zip(&issue.pictures) {
        let said = issue.text(place.place.kind).ok_or(SigningError::NoPlace)?;
        let shown = ink(update, picture)?;
        let mut field = update.dictionary(id)?;
        field.set("V", text(&said));
        field.set("AP", dictionary! { "N" => shown });
        update.put(id, Object::Dictionary(field));
        names.push(place.field);
    }
    Ok(names)
}

/// The picture as ink on the page: a group of its own, multiplied with what is below.
fn ink(update: &mut Update<'_>, picture: &[u8]) -> Result<ObjectId, SigningError> {
    let picture = appearance::import(update, picture)?;
    let Some(Object::Stream(stream)) = update.objects.get_mut(&picture) else {
        return Err(SigningError::Internal("a picture that is no stream".to_owned()));
    };
    // The colour space of the picture's own group is kept.
    let mut group = stream.dict.get(b"Group").and_then(Object::as_dict).cloned().unwrap_or_default();
    group.set("Type", Object::Name(b"Group".to_vec()));
    group.set("S", Object::Name(b"Transparency".to_vec()));
    group.set("I", true);
    stream.dict.set("Group", group);
    let corners = stream.dict.get(b"BBox").map_err(damaged)?.clone();
    let multiply = dictionary! { "Type" => "ExtGState", "BM" => "Multiply" };
    let ink = dictionary! {
        "Type" => "XObject", "Subtype" => "Form", "FormType" => 1, "BBox" => corners,
        "Resources" => dictionary! {
            "ExtGState" => dictionary! { "Ink" => multiply },
            "XObject" => dictionary! { "Picture" => picture },
        },
    };
    Ok(update.add(Object::Stream(Stream::new(ink, INK.to_vec()))))
}
