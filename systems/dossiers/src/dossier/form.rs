//! What the party declared: kept sealed as a whole, with a keyed mark by which the party's number is found.
//!
//! Numbers of people stand in fields of their own, and in free text beside them ("each heir in a line, with the number"). So
//! nothing is picked out: the whole form is sealed, and the party's number is kept nowhere else.

use crate::procedure::form::APPLICANT_IDENTITY;
use directory::Keys;
use directory::keys::Place;
use std::collections::BTreeMap;
use store::{Reader, Tx, params};
use types::{Error, Id, Result};
use web::{Mark, Sealed, SealedColumn};

/// The values of a form, by their fields' keys.
pub type Values = BTreeMap<String, String>;

/// What a form is sealed as.
const FORM: &str = "dossier.form";
/// Marks of the party's number.
const NUMBER: &str = "dossier.identity";

/// How dossiers are sealed.
pub(crate) const SEALED: Sealed = Sealed {
    table: "dossier",
    title: "hồ sơ",
    id: "id",
    columns: &[SealedColumn {
        name: "form",
        what: FORM,
        mark: Some(Mark { column: "identity_mark", kind: NUMBER, of: number_in }),
    }],
};

/// The party's number in an opened form.
fn number_in(form: &[u8]) -> Option<String> {
    number_of(&serde_json::from_slice(form).ok()?)
}

fn number_of(values: &Values) -> Option<String> {
    values.get(APPLICANT_IDENTITY).filter(|number| !number.is_empty()).cloned()
}

/// A form as a row keeps it: sealed, with the mark of the party's number and the generation of the key.
pub(crate) fn sealed(
    tx: &mut Tx<'_>,
    keys: &Keys,
    (id, values): (Id, &Values),
) -> Result<(String, Option<String>, i64)> {
    let text = serde_json::to_vec(values).map_err(|e| Error::internal(format!("keeping a form: {e}")))?;
    let form = keys.seal(Place { what: FORM, of: id }, &text)?;
    Ok((form, number_of(values).map(|number| keys.mark(NUMBER, &number)), keys.enter(tx)?))
}

/// A form and the mark of its number for a row that a test writes by itself.
#[cfg(test)]
pub(crate) fn sealed_for_copies(keys: &Keys, id: Id, values: &Values) -> (String, String) {
    let text = serde_json::to_vec(values).expect("a map of texts");
    let form = keys.seal(Place { what: FORM, of: id }, &text).expect("a key");
    (form, keys.mark(NUMBER, &number_of(values).unwrap_or_default()))
}

/// The marks under which dossiers of the party with this number may stand.
pub(crate) fn marks_of(reader: &mut Reader<'_>, keys: &Keys, number: &str) -> Result<Vec<String>> {
    keys.marks(reader, NUMBER, number)
}

/// The mark of a number under the newest key.
pub(crate) fn mark_of(keys: &Keys, number: &str) -> String {
    keys.mark(NUMBER, number)
}

/// The marks of a number under all keys that there ever were: what only names a number is not marked anew with a new key.
pub(crate) fn marks_ever(keys: &Keys, number: &str) -> Vec<String> {
    keys.marks_ever(NUMBER, number)
}

/// The values of its form.
///
/// # Errors
/// `Unavailable` when no key opens it.
pub fn form(reader: &mut Reader<'_>, keys: &Keys, id: Id) -> Result<Values> {
    let (sealed,): (String,) = reader.one("SELECT form FROM dossier WHERE id = $1", params![id])?;
    let opened = keys.open_sealed(Place { what: FORM, of: id }, &sealed)?;
    serde_json::from_slice(&opened).map_err(|e| Error::internal(format!("reading a form: {e}")))
}

/// The same; none when no key opens it. Whoever works on a dossier whose key was lost sees the rest of it.
pub fn form_if_it_opens(reader: &mut Reader<'_>, keys: &Keys, id: Id) -> Result<Option<Values>> {
    match form(reader, keys, id) {
        Ok(values) => Ok(Some(values)),
        Err(error @ Error::Unavailable { .. }) => {
            tracing::warn!(context = error.inward(), "a form that no key opens");
            Ok(None)
        }
        Err(error) => Err(error),
    }
}
