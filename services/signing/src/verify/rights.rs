//! What a signature allows after it: DocMDP levels and FieldMDP locks (ISO 32000-2, 12.8.2.2 and 12.8.2.4).

use super::document::{Dict, Value, View, unicode};

/// Transforms of one signature that are looked at; more of them lock everything.
const REFERENCES_MAX: usize = 32;

/// Rights of whoever comes after a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rights {
    /// 1: nothing but evidence; 2: signing and filling in; 3: notes too, which are refused all the same. 2 when the signature says nothing.
    pub level: i64,
    /// The signature certifies the document.
    pub certifies: bool,
    /// It says a level, by certifying or by its field's lock: then nothing new may be laid over the pages.
    pub says_level: bool,
    locked: Vec<Lock>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Lock {
    All,
    Only(Vec<String>),
    AllBut(Vec<String>),
    /// Something that is not understood locks everything.
    Unknown,
}

impl Rights {
    /// Those of a signature that says nothing.
    pub fn plain() -> Self {
        Self { level: 2, certifies: false, says_level: false, locked: Vec::new() }
    }

    /// Reads them from a signature's dictionary, and from the lock that its field asked for.
    ///
    /// # Errors
    /// A damaged object.
    pub fn of(view: View<'_, '_>, signature: &Dict, field: &Dict) -> Result<Self, String> {
        let mut rights = Self::plain();
        let references = view.at(signature, b"Reference")?;
        let references = references.array().unwrap_or_default();
        if references.len() > REFERENCES_MAX {
            rights.locked.push(Lock::Unknown);
        }
        for item in references.iter().take(REFERENCES_MAX) {
            let item = view.resolve(item)?;
            let Some(reference) = item.dict() else { continue };
            let parameters = view.at(reference, b"TransformParams")?;
            let none = Dict::new();
            let parameters = parameters.dict().unwrap_or(&none);
            match view.at(reference, b"TransformMethod")?.name() {
                Some(b"DocMDP") => {
                    (rights.certifies, rights.says_level) = (true, true);
                    rights.level = level(view, parameters)?.unwrap_or(2);
                }
                Some(b"FieldMDP") => rights.locked.push(lock(view, parameters)?),
                _ => {}
            }
        }
        let wanted = view.at(field, b"Lock")?;
        if let Some(wanted) = wanted.dict() {
            rights.locked.push(lock(view, wanted)?);
            // ISO 32000-2, Table 236: a field may ask for a level too.
            if let Some(asked) = level(view, wanted)? {
                rights.level = rights.level.min(asked);
                rights.says_level = true;
            }
        }
        Ok(rights)
    }

    /// Whether the signature locks a field of this full name.
    pub fn locks(&self, field: &str) -> bool {
        let named = |names: &[String]| names.iter().any(|n| n == field || field.starts_with(&format!("{n}.")));
        self.locked.iter().any(|these| match these {
            Lock::All | Lock::Unknown => true,
            Lock::Only(names) => named(names),
            Lock::AllBut(names) => !named(names),
        })
    }
}

fn level(view: View<'_, '_>, parameters: &Dict) -> Result<Option<i64>, String> {
    Ok(match view.at(parameters, b"P")? {
        Value::Null => None,
        Value::Int(level @ 1..=3) => Some(level),
        // What is not understood allows nothing.
        _ => Some(1),
    })
}

fn lock(view: View<'_, '_>, parameters: &Dict) -> Result<Lock, String> {
    let fields = view.at(parameters, b"Fields")?;
    let names = fields.array().unwrap_or_default().iter().filter_map(Value::text).map(unicode).collect();
    Ok(match view.at(parameters, b"Action")?.name() {
        Some(b"All") => Lock::All,
        Some(b"Include") => Lock::Only(names),
        Some(b"Exclude") => Lock::AllBut(names),
        _ => Lock::Unknown,
    })
}
