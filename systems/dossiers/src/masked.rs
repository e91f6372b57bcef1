//! What whoever holds no step of a dossier sees of its form: numbers without their middle, on pages and for programs alike.

use crate::citizen::kept_out::hide_numbers;
use crate::dossier::Values;
use crate::procedure::Definition;
use crate::procedure::form::FieldKind;
use ui::format;

/// A value without what identifies people; words stay. People write numbers into free text, too.
pub(crate) fn masked(kind: FieldKind, value: &str) -> String {
    match kind {
        FieldKind::IdentityNumber | FieldKind::TaxCode => format::masked_identity(value),
        FieldKind::Phone => format::masked_phone(value),
        FieldKind::Text | FieldKind::LongText => hide_numbers(value),
        _ => value.to_owned(),
    }
}

/// All values so. One whose field the definition does not have is taken for free text.
pub(crate) fn masked_form(definition: &Definition, values: Values) -> Values {
    let kind =
        |key: &str| definition.fields().find(|field| field.key == key).map_or(FieldKind::Text, |field| field.kind);
    values
        .into_iter()
        .map(|(key, value)| {
            let value = masked(kind(&key), &value);
            (key, value)
        })
        .collect()
}
