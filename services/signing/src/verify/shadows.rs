//! Objects that stand in the file and are not used: another version of a page may lie in wait there.

use super::changes::{Found, Kind};
use super::document::{Document, Entry, Reader, View, is_space};
use super::report::{Code, Finding};
use std::collections::BTreeSet;

/// Looks between the objects that the cross-reference sections name for others that they do not.
/// `first_signed` is the number of sections of the first signed revision; `steps[i]` tells what section `i + 1` changed.
pub fn find(document: &Document<'_>, first_signed: usize, steps: &[Result<Vec<Found>, String>]) -> Vec<Finding> {
    let mut known = BTreeSet::new();
    let mut edited = false;
    for section in 0..document.sections() {
        // The first signature is an update itself.
        let view = View { document, sections: section + 1 };
        // Places for number and date are reserved in an update of their own, which edits nothing.
        let reserved = section.checked_sub(1).and_then(|step| steps.get(step)).is_some_and(only_reserves);
        let before = View { document, sections: section };
        for (number, entry) in document.entries(section) {
            let used = !matches!(entry, Entry::Free);
            edited |= used
                && !reserved
                && section > 0
                && section + 1 < first_signed
                && before.entry(*number).is_some_and(|e| e != Entry::Free);
            if used {
                known.insert(*number);
            }
            // Read for where it ends. What an older state had and cannot be read is found as an unused object.
            _ = view.get(*number);
        }
    }
    let hidden = between(document);
    let mut found = Vec::new();
    if let Some((number, at)) = hidden.iter().find(|(number, _)| known.contains(number)) {
        found.push(Finding::with(Code::DuplicateDefinition, format!("object {number} again at byte {at}")));
    } else if let Some((number, at)) = hidden.first() {
        found.push(Finding::with(Code::HiddenObjects, format!("object {number} at byte {at}")));
    }
    if document.is_hybrid() {
        found.push(Finding::new(Code::Hybrid));
    }
    if edited {
        found.push(Finding::new(Code::EditedBeforeSigning));
    }
    found
}

/// Whether a section made empty places and changed nothing else.
fn only_reserves(step: &Result<Vec<Found>, String>) -> bool {
    let found = step.as_deref().unwrap_or_default();
    !found.is_empty() && found.iter().all(|found| found.kind == Kind::Reserved)
}

/// Headers of objects outside every object that was read.
fn between(document: &Document<'_>) -> Vec<(u32, usize)> {
    let bytes = document.bytes();
    let own = document.section_offsets();
    let mut found = Vec::new();
    let mut at = 0;
    for (start, end) in document.extents().into_iter().chain([(bytes.len(), bytes.len())]) {
        if start > at {
            headers(bytes, at, start, &own, &mut found);
        }
        at = at.max(end);
    }
    found
}

fn headers(bytes: &[u8], from: usize, to: usize, own: &BTreeSet<usize>, found: &mut Vec<(u32, usize)>) {
    let gap = &bytes[from..to];
    for (place, _) in gap.windows(3).enumerate().filter(|(_, word)| *word == b"obj") {
        let end = from + place;
        // Back over «number generation».
        let back = |mut i: usize, test: fn(u8) -> bool| {
            while i > from && test(bytes[i - 1]) {
                i -= 1;
            }
            i
        };
        let start = back(back(back(back(end, is_space), digit), is_space), digit);
        let header = Reader::new(bytes, start).header();
        if let Ok((number, _)) = header
            && !own.contains(&start)
            && found.len() < 1000
        {
            found.push((number, start));
        }
    }
}

fn digit(byte: u8) -> bool {
    byte.is_ascii_digit()
}
