//! The templates that ship with the program.

/// What every template may import.
pub(crate) const LETTERHEAD: (&str, &str) = ("letterhead.typ", include_str!("../templates/letterhead.typ"));

/// Name and source of each form.
const FORMS: [(&str, &str); 2] = [
    ("receipt", include_str!("../templates/receipt.typ")),
    ("control-sheet", include_str!("../templates/control-sheet.typ")),
];

/// The source of the form of this name.
pub(crate) fn find(name: &str) -> Option<&'static str> {
    FORMS.iter().find(|(form, _)| *form == name).map(|(_, source)| *source)
}
