//! What signatures forbid after them: DocMDP and FieldMDP (ISO 32000-1, 12.8.2.2 and 12.8.2.4).

use super::base::{Base, damaged};
use super::syntax::{text, words};
use crate::SigningError;
use lopdf::{Dictionary, Object, ObjectId, dictionary};

/// Says within a signature that these fields must not change after it.
pub(super) fn of(fields: &[String], catalog: ObjectId) -> Object {
    let parameters = dictionary! {
        "Type" => "TransformParams", "V" => "1.2", "Action" => "Include",
        "Fields" => fields.iter().map(|name| text(name)).collect::<Vec<_>>(),
    };
    Object::Dictionary(dictionary! {
        "Type" => "SigRef", "TransformMethod" => "FieldMDP", "Data" => catalog, "TransformParams" => parameters,
    })
}

/// A certifying signature with DocMDP level 1 allows nothing after it.
pub(super) fn refuse_when_certified(base: &Base<'_>) -> Result<(), SigningError> {
    let Some(permissions) = base.dictionary(base.catalog()?, b"Perms")? else { return Ok(()) };
    let Some(certifying) = base.dictionary(permissions, b"DocMDP")? else { return Ok(()) };
    let forbids =
        |(_, parameters): &(Object, &Dictionary)| parameters.get(b"P").and_then(Object::as_i64).ok() == Some(1);
    if transforms(base, certifying)?.iter().any(forbids) { Err(SigningError::Locked) } else { Ok(()) }
}

/// An earlier signature may lock all fields, these or others.
pub(super) fn refuse_when_locked<'n>(
    base: &Base<'_>,
    mut fields: impl Iterator<Item = &'n str>,
) -> Result<(), SigningError> {
    let mut locks = Vec::new();
    for field in base.fields()? {
        let Some(signature) = field.get(b"V").ok().map(|value| base.resolve(value)).transpose()? else { continue };
        let Ok(signature) = signature.as_dict() else { continue };
        for (method, parameters) in transforms(base, signature)? {
            if method.as_name().ok() == Some(b"FieldMDP") {
                locks.push((action(parameters), names(base, parameters)?));
            }
        }
    }
    let locked = fields.any(|field| {
        locks.iter().any(|(action, names)| match action {
            Some(b"Include") => names.iter().any(|name| name == field),
            Some(b"Exclude") => names.iter().all(|name| name != field),
            _ => true,
        })
    });
    if locked { Err(SigningError::Locked) } else { Ok(()) }
}

fn action(parameters: &Dictionary) -> Option<&[u8]> {
    parameters.get(b"Action").and_then(Object::as_name).ok()
}

fn names(base: &Base<'_>, parameters: &Dictionary) -> Result<Vec<String>, SigningError> {
    let Ok(fields) = parameters.get(b"Fields") else { return Ok(Vec::new()) };
    let fields = base.resolve(fields)?.as_array().map_err(damaged)?;
    fields.iter().map(|name| Ok(words(base.resolve(name)?.as_str().map_err(damaged)?))).collect()
}

/// The transforms of a signature: the name of each, and its parameters.
fn transforms<'b>(
    base: &'b Base<'_>,
    signature: &'b Dictionary,
) -> Result<Vec<(Object, &'b Dictionary)>, SigningError> {
    let mut found = Vec::new();
    let Ok(references) = signature.get(b"Reference") else { return Ok(found) };
    for reference in base.resolve(references)?.as_array().map_err(damaged)? {
        let Ok(reference) = base.resolve(reference)?.as_dict() else { continue };
        let method = reference.get(b"TransformMethod").cloned().unwrap_or(Object::Null);
        found.extend(base.dictionary(reference, b"TransformParams")?.map(|parameters| (method, parameters)));
    }
    Ok(found)
}
