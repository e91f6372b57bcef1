//! Forms: what was typed is kept, every mistake has a code and stands both in the summary and at its field.

mod choice;
mod date;
mod field;
mod form_box;
mod state;
mod summary;

pub use choice::Choice;
pub use date::{DateEntry, DatePart};
pub use field::{Field, KeptFile, Width};
pub use form_box::FormBox;
pub use state::{FormState, Problem};
pub use summary::ErrorSummary;

/// The id of the element that a field's error links to.
pub(crate) fn element_id(name: &str) -> String {
    let safe: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    format!("f-{safe}")
}
