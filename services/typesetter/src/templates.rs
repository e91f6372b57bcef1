//! The templates that ship with the program.

use print::Template;

/// What every template may import, each with its file name.
pub(crate) const SHARED: [(&str, &str); 2] = [
    ("letterhead.typ", include_str!("../templates/letterhead.typ")),
    ("places.typ", include_str!("../templates/places.typ")),
];

/// How a signature looks: a picture that is carried over into another document.
const STAMP: &str = "stamp";

/// Name and source of each form.
const FORMS: [(&str, &str); 6] = [
    ("receipt", include_str!("../templates/receipt.typ")),
    ("letter", include_str!("../templates/letter.typ")),
    ("control-sheet", include_str!("../templates/control-sheet.typ")),
    ("certificate-requests", include_str!("../templates/certificate-requests.typ")),
    ("figures", include_str!("../templates/figures.typ")),
    (STAMP, include_str!("../templates/stamp.typ")),
];

/// Whether a job makes a picture for another document. Tags point into the structure of their own document, and would
/// point nowhere in the other.
pub(crate) fn is_picture(template: &Template) -> bool {
    matches!(template, Template::Named(name) if name == STAMP)
}

/// The source of the form of this name.
pub(crate) fn find(name: &str) -> Option<&'static str> {
    FORMS.iter().find(|(form, _)| *form == name).map(|(_, source)| *source)
}
