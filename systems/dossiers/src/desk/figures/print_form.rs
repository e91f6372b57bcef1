//! The report as form II.06 for the printer.

use super::Source;
use super::draw::notes;
use crate::desk::prints::heads;
use crate::figures::{Column, Counts};
use print::forms::{FIGURES_COLUMNS, FiguresData, FiguresRow};
use types::Id;

/// Fills the form.
pub(super) fn data(source: &Source) -> FiguresData {
    let question = &source.question;
    let agency = source.agency.unwrap_or(Id(0));
    let rows = source.report.rows.iter().map(|row| FiguresRow {
        name: row.name.clone(),
        note: row.note.clone(),
        numbers: numbers(&row.counts),
    });
    FiguresData {
        demo: source.demo,
        head: print::forms::AgencyHead { counter: None, ..heads::head(&source.tree, agency) },
        place: heads::place(&source.tree, agency),
        made_at: source.now,
        first: question.period.first,
        last: question.period.last,
        by: question.by.title().to_owned(),
        scope: source.scope_words(),
        rows: rows.collect(),
        total: numbers(&source.report.total),
        notes: notes(source).into_iter().map(str::to_owned).collect(),
    }
}

fn numbers(counts: &Counts) -> [i64; FIGURES_COLUMNS] {
    Column::ALL.map(|column| column.of(counts))
}
