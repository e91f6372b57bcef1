//! What signatures forbid after them: DocMDP and FieldMDP (ISO 32000-2, 12.8.2.2 and 12.8.2.4), and the locks that their
//! fields ask for (12.7.5.5). A signature that breaks one of them would make an earlier one invalid.

use super::base::{Base, damaged};
use super::syntax::{text, words};
use crate::SigningError;
use lopdf::{Dictionary, Object, ObjectId, dictionary};

/// The level of DocMDP that allows nothing; 2 and 3 allow to sign and to fill in.
const NOTHING: i64 = 1;

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

/// What all signatures of a file together leave to whoever comes after them.
#[derive(Default)]
pub(super) struct Locks {
    /// The levels that signatures say.
    levels: Vec<i64>,
    fields: Vec<Fields>,
}

/// Which fields one signature locks.
enum Fields {
    All,
    These(Vec<String>),
    AllBut(Vec<String>),
}

impl Locks {
    /// Reads them from every signature.
    ///
    /// # Errors
    /// [`SigningError::Damaged`].
    pub fn of(base: &Base<'_>) -> Result<Self, SigningError> {
        let mut locks = Self::default();
        if let Some(permissions) = base.dictionary(base.catalog()?, b"Perms")?
            && let Some(certifying) = base.dictionary(permissions, b"DocMDP")?
        {
            locks.add_transforms(base, certifying)?;
        }
        for field in base.fields()? {
            let Some(value) = field.get(b"V").ok().map(|value| base.resolve(value)).transpose()? else { continue };
            let Ok(signature) = value.as_dict() else { continue };
            locks.add_transforms(base, signature)?;
            // The lock binds from when its field is signed.
            if let Some(asked) = base.dictionary(field, b"Lock")? {
                locks.fields.push(Fields::of(base, asked)?);
                locks.levels.extend(level(base, asked)?);
            }
        }
        Ok(locks)
    }

    fn add_transforms(&mut self, base: &Base<'_>, signature: &Dictionary) -> Result<(), SigningError> {
        let Ok(references) = signature.get(b"Reference") else { return Ok(()) };
        for reference in base.resolve(references)?.as_array().map_err(damaged)? {
            let Ok(reference) = base.resolve(reference)?.as_dict() else { continue };
            let none = Dictionary::new();
            let parameters = base.dictionary(reference, b"TransformParams")?.unwrap_or(&none);
            match reference.get(b"TransformMethod").and_then(Object::as_name) {
                Ok(b"DocMDP") => self.levels.push(level(base, parameters)?.unwrap_or(2)),
                Ok(b"FieldMDP") => self.fields.push(Fields::of(base, parameters)?),
                _ => {}
            }
        }
        Ok(())
    }

    /// Whether a new field of this name may be signed.
    ///
    /// # Errors
    /// [`SigningError::Locked`], [`SigningError::FieldLocked`]; [`SigningError::PictureForbidden`] for one that is seen,
    /// where a signature says a level at all: it leaves filling in, and not laying something new over the page.
    pub fn check_signing(&self, field: &str, is_seen: bool) -> Result<(), SigningError> {
        self.check_filling(field)?;
        if is_seen && !self.levels.is_empty() { Err(SigningError::PictureForbidden) } else { Ok(()) }
    }

    /// Whether the field of this name may be filled.
    ///
    /// # Errors
    /// [`SigningError::Locked`], [`SigningError::FieldLocked`].
    pub fn check_filling(&self, field: &str) -> Result<(), SigningError> {
        if self.levels.contains(&NOTHING) {
            return Err(SigningError::Locked);
        }
        if self.has(field) { Err(SigningError::FieldLocked(field.to_owned())) } else { Ok(()) }
    }

    /// Whether a signature locks the field of this name.
    pub fn has(&self, field: &str) -> bool {
        self.fields.iter().any(|fields| fields.has(field))
    }
}

impl Fields {
    fn of(base: &Base<'_>, parameters: &Dictionary) -> Result<Self, SigningError> {
        let names = || -> Result<Vec<String>, SigningError> {
            let Ok(fields) = parameters.get(b"Fields") else { return Ok(Vec::new()) };
            let fields = base.resolve(fields)?.as_array().map_err(damaged)?;
            fields.iter().map(|name| Ok(words(base.resolve(name)?.as_str().map_err(damaged)?))).collect()
        };
        Ok(match parameters.get(b"Action").and_then(Object::as_name) {
            Ok(b"Include") => Self::These(names()?),
            Ok(b"Exclude") => Self::AllBut(names()?),
            // What is not understood locks everything.
            _ => Self::All,
        })
    }

    /// Whether this field is among them, itself or below one that is named.
    fn has(&self, field: &str) -> bool {
        let named = |names: &[String]| {
            names.iter().any(|name| {
                field.strip_prefix(name.as_str()).is_some_and(|rest| matches!(rest.chars().next(), None | Some('.')))
            })
        };
        match self {
            Self::All => true,
            Self::These(names) => named(names),
            Self::AllBut(names) => !named(names),
        }
    }
}

/// The level that a dictionary says. What is not understood allows nothing.
fn level(base: &Base<'_>, parameters: &Dictionary) -> Result<Option<i64>, SigningError> {
    let Ok(said) = parameters.get(b"P") else { return Ok(None) };
    Ok(match base.resolve(said)? {
        Object::Null => None,
        Object::Integer(level @ 1..=3) => Some(*level),
        _ => Some(NOTHING),
    })
}
