//! The signature field: its dictionary, its widget on a page, and its place in the form.

use super::appearance;
use super::base::{Base, damaged};
use super::lock::{self, Locks};
use super::place;
use super::signatures::find_signatures;
use super::syntax::{text, words};
use super::update::Update;
use super::write::{Hole, Reserve};
use crate::SigningError;
use crate::places::Issue;
use lopdf::{Dictionary, Object, ObjectId, dictionary};
use std::collections::BTreeSet;
use types::Timestamp;

/// Print (bit 3) and Locked (bit 8) of an annotation's flags (ISO 32000-1, table 165).
pub(super) const PRINT_AND_LOCKED: i64 = 132;
/// SignaturesExist and AppendOnly of the form (table 219).
const SIGNATURES_EXIST_APPEND_ONLY: i64 = 3;

/// A rectangle on a page in points (1/72 inch), in the page's own coordinates (ISO 32000-1, 8.3.2.3): as a rule from its
/// lower left corner, before any `/Rotate`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rectangle {
    /// Left edge.
    pub left: f32,
    /// Lower edge.
    pub bottom: f32,
    /// Right edge.
    pub right: f32,
    /// Upper edge.
    pub top: f32,
}

/// Where a signature is seen, and as what.
#[derive(Debug, Clone, PartialEq)]
pub struct Placement {
    /// Page, from 0.
    pub page: usize,
    /// Where on the page. The picture is scaled to fill it.
    pub rectangle: Rectangle,
    /// A PDF whose first page is the picture.
    pub appearance: Vec<u8>,
}

/// What kind of signature a field holds.
pub(crate) enum Kind<'a> {
    /// A person's or an agency's, `ETSI.CAdES.detached`.
    Signature {
        /// Who signs.
        name: Option<&'a str>,
        /// Why.
        reason: Option<&'a str>,
        /// Where.
        location: Option<&'a str>,
        /// What the signer's clock says.
        signed_at: Timestamp,
        /// Number and date that come with it.
        issue: Option<&'a Issue>,
    },
    /// A document timestamp, `ETSI.RFC3161`.
    DocumentTimestamp,
}

/// A field to append.
pub(crate) struct Field<'a> {
    /// Wanted name; a number is added when it is taken.
    pub name: &'a str,
    /// What it holds.
    pub kind: Kind<'a>,
    /// Where it is seen; nowhere without.
    pub placement: Option<&'a Placement>,
    /// Room for the signature in bytes.
    pub hole_bytes: usize,
}

/// Appends the field with its hole. Gives the file and where the hole is.
///
/// # Errors
/// What [`Base::open`] refuses, what earlier signatures forbid ([`Locks::check_signing`]), [`SigningError::NoSuchPage`],
/// [`SigningError::BadRectangle`], [`SigningError::BadAppearance`].
pub(crate) fn append_field(base: &[u8], field: &Field<'_>) -> Result<(Vec<u8>, Hole), SigningError> {
    let base = Base::open(base)?;
    let page = base.page_id(field.placement.map_or(0, |placement| placement.page))?;
    let name = free_name(&taken_names(&base)?, field.name);
    let locks = match field.kind {
        Kind::Signature { .. } => Locks::of(&base)?,
        // It may follow whatever was locked (ISO 32000-2, 12.8.2.2.2).
        Kind::DocumentTimestamp => Locks::default(),
    };
    locks.check_signing(&name, field.placement.is_some())?;
    let mut update = Update::of(base);
    let mut dictionary = signature_dictionary(&field.kind);
    if let Kind::Signature { issue, .. } = &field.kind {
        let mut places = place::filled(&update.base)?;
        places.retain(|name| !locks.has(name));
        if let Some(issue) = issue {
            places.extend(place::fill(&mut update, issue)?);
        }
        if !places.is_empty() {
            dictionary.set("Reference", vec![lock::of(&places, update.base.catalog_id()?)]);
        }
    }
    let signature = update.add(Object::Dictionary(dictionary));
    let mut widget = dictionary! {
        "Type" => "Annot", "Subtype" => "Widget", "FT" => "Sig", "T" => text(&name), "V" => signature,
        "P" => page, "F" => PRINT_AND_LOCKED,
    };
    match field.placement {
        Some(placement) => {
            widget.set("Rect", corners(placement.rectangle)?);
            let form = appearance::import(&mut update, &placement.appearance)?;
            widget.set("AP", dictionary! { "N" => form });
        }
        None => widget.set("Rect", vec![Object::Integer(0); 4]),
    }
    let widget = update.add(Object::Dictionary(widget));
    update.append(page, "Annots", widget.into())?;
    let form = enter_in_form(&mut update, widget)?;
    flag_signatures(&mut update, form)?;
    let reserve = Reserve { object: signature, bytes: field.hole_bytes };
    let (file, hole) = update.write(Some(&reserve))?;
    let hole = hole.ok_or_else(|| SigningError::Internal("no hole was written".to_owned()))?;
    Ok((file, hole))
}

/// Whether a signature that is seen on a page can be appended to the file.
///
/// # Errors
/// What [`crate::prepare`] refuses a file for; of earlier signatures [`SigningError::Locked`],
/// [`SigningError::FieldLocked`] and [`SigningError::PictureForbidden`], the last of which leaves invisible ones.
pub fn check_signable(file: &[u8]) -> Result<(), SigningError> {
    let base = Base::open(file)?;
    Locks::of(&base)?.check_signing(&free_name(&taken_names(&base)?, "Signature"), true)
}

/// The dictionary without `/ByteRange` and `/Contents`, which the writer adds.
fn signature_dictionary(kind: &Kind<'_>) -> Dictionary {
    let mut dictionary = dictionary! { "Filter" => "Adobe.PPKLite" };
    match kind {
        Kind::Signature { name, reason, location, signed_at, issue: _ } => {
            dictionary.set("Type", Object::Name(b"Sig".to_vec()));
            dictionary.set("SubFilter", Object::Name(b"ETSI.CAdES.detached".to_vec()));
            for (key, value) in [("Name", name), ("Reason", reason), ("Location", location)] {
                if let Some(value) = value {
                    dictionary.set(key, text(value));
                }
            }
            let moment = signed_at.local().strftime("D:%Y%m%d%H%M%S+07'00'").to_string();
            dictionary.set("M", Object::string_literal(moment));
        }
        Kind::DocumentTimestamp => {
            dictionary.set("Type", Object::Name(b"DocTimeStamp".to_vec()));
            dictionary.set("SubFilter", Object::Name(b"ETSI.RFC3161".to_vec()));
        }
    }
    dictionary
}

/// Puts the widget, which is its own field, into the form; makes the form when there is none. Gives the form's number.
pub(super) fn enter_in_form(update: &mut Update<'_>, widget: ObjectId) -> Result<ObjectId, SigningError> {
    let catalog_id = update.base.catalog_id()?;
    let mut catalog = update.dictionary(catalog_id)?;
    let form_id = match catalog.get(b"AcroForm") {
        Ok(Object::Reference(id)) => *id,
        Ok(Object::Dictionary(direct)) => {
            let direct = direct.clone();
            let id = update.add(Object::Dictionary(direct));
            catalog.set("AcroForm", id);
            update.put(catalog_id, Object::Dictionary(catalog));
            id
        }
        _ => {
            let id = update.add(Object::Dictionary(Dictionary::new()));
            catalog.set("AcroForm", id);
            update.put(catalog_id, Object::Dictionary(catalog));
            id
        }
    };
    update.append(form_id, "Fields", widget.into())?;
    Ok(form_id)
}

/// Tells readers that there are signatures. Readers that are asked to draw all fields by themselves, as office programs ask,
/// may leave the signature's picture out; where every field brings a picture and nobody signed yet, they are not asked.
fn flag_signatures(update: &mut Update<'_>, form_id: ObjectId) -> Result<(), SigningError> {
    let mut form = update.dictionary(form_id)?;
    let before = form.clone();
    form.set("SigFlags", SIGNATURES_EXIST_APPEND_ONLY);
    let widgets_draw = update.base.fields()?.iter().all(|field| !field.has(b"Rect") || field.has(b"AP"));
    if widgets_draw && form.has(b"NeedAppearances") && find_signatures(&update.base)?.is_empty() {
        form.remove(b"NeedAppearances");
    }
    if form != before {
        update.put(form_id, Object::Dictionary(form));
    }
    Ok(())
}

/// Names that fields of the file have.
pub(super) fn taken_names(base: &Base<'_>) -> Result<BTreeSet<String>, SigningError> {
    let mut taken = BTreeSet::new();
    for field in base.fields()? {
        if let Ok(name) = field.get(b"T") {
            taken.insert(words(base.resolve(name)?.as_str().map_err(damaged)?));
        }
    }
    Ok(taken)
}

/// The wanted name, or with the first number from 2 that makes it free.
pub(super) fn free_name(taken: &BTreeSet<String>, wanted: &str) -> String {
    // A full stop would read as a parent's name (12.7.3.2).
    let wanted = wanted.replace('.', "-");
    let mut name = wanted.clone();
    let mut number = 2;
    while taken.contains(&name) {
        name = format!("{wanted}-{number}");
        number += 1;
    }
    name
}

/// `/Rect`, when it has an area.
pub(super) fn corners(rectangle: Rectangle) -> Result<Vec<Object>, SigningError> {
    let Rectangle { left, bottom, right, top } = rectangle;
    let all = [left, bottom, right, top];
    if all.iter().any(|number| !number.is_finite()) || right <= left || top <= bottom {
        return Err(SigningError::BadRectangle);
    }
    Ok(all.into_iter().map(Object::Real).collect())
}
