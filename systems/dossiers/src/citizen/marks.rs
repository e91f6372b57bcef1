//! The mark "chưa kiểm chứng" at every fact that no source states.

use crate::procedure::{Definition, Provenance};
use ui::{Html, NotVerified};

/// The mark of the fact at `path` with what is known of its source; nothing for a fact that a source states.
pub(crate) fn doubt(definition: &Definition, path: &str) -> Html {
    match definition.provenance(path) {
        Some(provenance) if !provenance.is_doubtful() => Html::default(),
        Some(provenance) => NotVerified::because(source_sentence(&provenance)).into(),
        None => NotVerified::new().into(),
    }
}

/// Where a fact comes from, of when, and what to know about it.
pub(super) fn source_sentence(provenance: &Provenance<'_>) -> String {
    let mut sentence = format!("Nguồn: {}", provenance.source);
    if let Some(as_of) = provenance.as_of {
        sentence.push_str(&format!(" (tính đến {as_of})"));
    }
    sentence.push('.');
    if let Some(note) = provenance.note {
        sentence.push_str(&format!(" Ghi chú: {}.", note.trim_end_matches('.')));
    }
    sentence
}
