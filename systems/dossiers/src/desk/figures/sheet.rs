//! The report as a spreadsheet: text as text, never as a formula, whatever it begins with; numbers as numbers.

use super::Source;
use super::draw::notes;
use crate::figures::{Column, Counts};
use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};
use types::{Error, Result};

/// Columns before the numbers: the row's number and what it is about.
const BEFORE: u16 = 2;
/// The widest a name gets, in letters.
const NAME_WIDTH: f64 = 48.0;

/// Makes the file.
pub(super) fn workbook(source: &Source) -> Result<Vec<u8>> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    fill(sheet, source).map_err(failed)?;
    book.save_to_buffer().map_err(failed)
}

fn failed(error: XlsxError) -> Error {
    Error::internal(format!("a spreadsheet could not be made: {error}"))
}

struct Looks {
    head: Format,
    text: Format,
    number: Format,
    total_text: Format,
    total: Format,
}

impl Looks {
    fn new() -> Self {
        let cell = || Format::new().set_border(FormatBorder::Thin).set_align(FormatAlign::VerticalCenter);
        let number = || cell().set_num_format("#,##0");
        Self {
            head: cell().set_bold().set_text_wrap().set_align(FormatAlign::Center),
            text: cell().set_text_wrap(),
            number: number(),
            total_text: cell().set_bold(),
            total: number().set_bold(),
        }
    }
}

fn fill(sheet: &mut Worksheet, source: &Source) -> std::result::Result<(), XlsxError> {
    let looks = Looks::new();
    let last = BEFORE + u16::try_from(Column::ALL.len()).unwrap_or(u16::MAX) - 1;
    sheet.set_name("II.06")?.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    sheet.set_column_width(0, 5)?.set_column_width(1, NAME_WIDTH)?;
    for column in BEFORE..=last {
        sheet.set_column_width(column, 10)?;
    }
    let title = Format::new().set_bold().set_font_size(13).set_align(FormatAlign::Center);
    let middle = Format::new().set_align(FormatAlign::Center);
    sheet.merge_range(0, 0, 0, last, "TÌNH HÌNH, KẾT QUẢ GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH (BIỂU II.06)", &title)?;
    let demo = if source.demo { " (dữ liệu hư cấu)" } else { "" };
    let period = format!("Kỳ báo cáo {}{demo}", source.question.period.words());
    sheet.merge_range(1, 0, 1, last, &period, &middle)?;
    sheet.merge_range(2, 0, 2, last, &source.scope_words().join(" · "), &middle)?;
    let mut row = heads(sheet, &looks, source.question.by.title())?;
    sheet.set_freeze_panes(row, BEFORE)?.set_repeat_rows(3, row - 1)?;
    for (n, line) in (1_u32..).zip(&source.report.rows) {
        let name = if line.note.is_empty() { line.name.clone() } else { format!("{} ({})", line.name, line.note) };
        sheet.write_number_with_format(row, 0, n, &looks.text)?;
        sheet.write_string_with_format(row, 1, name, &looks.text)?;
        numbers(sheet, row, &line.counts, &looks.number)?;
        row += 1;
    }
    sheet.write_string_with_format(row, 0, "", &looks.total_text)?;
    sheet.write_string_with_format(row, 1, "Tổng số", &looks.total_text)?;
    numbers(sheet, row, &source.report.total, &looks.total)?;
    row += 2;
    for note in notes(source) {
        sheet.write_string(row, 1, note)?;
        row += 1;
    }
    Ok(())
}

/// Two lines of heads and the form's numbers of its columns; answers the row after them.
fn heads(sheet: &mut Worksheet, looks: &Looks, by: &str) -> std::result::Result<u32, XlsxError> {
    const TOP: u32 = 3;
    sheet.set_row_height(TOP + 1, 32)?;
    sheet.merge_range(TOP, 0, TOP + 1, 0, "STT", &looks.head)?;
    sheet.merge_range(TOP, 1, TOP + 1, 1, by, &looks.head)?;
    let mut at = BEFORE;
    while let Some(figure) = Column::ALL.get(usize::from(at - BEFORE)) {
        let group = figure.group();
        let together = Column::ALL[usize::from(at - BEFORE)..].iter().take_while(|next| next.group() == group).count();
        let until = at + u16::try_from(together).unwrap_or(1) - 1;
        match group {
            Some(group) => {
                sheet.merge_range(TOP, at, TOP, until, group, &looks.head)?;
                for column in at..=until {
                    let title = Column::ALL[usize::from(column - BEFORE)].title();
                    sheet.write_string_with_format(TOP + 1, column, title, &looks.head)?;
                }
            }
            None => {
                sheet.merge_range(TOP, at, TOP + 1, until, figure.title(), &looks.head)?;
            }
        }
        at = until + 1;
    }
    for column in 0..at {
        sheet.write_string_with_format(TOP + 2, column, format!("({})", column + 1), &looks.head)?;
    }
    Ok(TOP + 3)
}

fn numbers(sheet: &mut Worksheet, row: u32, counts: &Counts, look: &Format) -> std::result::Result<(), XlsxError> {
    for (at, column) in (BEFORE..).zip(Column::ALL) {
        // A spreadsheet's numbers are exact up to 2^53; there are fewer dossiers.
        sheet.write_number_with_format(row, at, column.of(counts) as f64, look)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::figures::samples;
    use std::io::{Cursor, Read};

    #[test]
    fn a_name_that_looks_like_a_formula_stays_a_name_and_numbers_are_numbers() {
        for name in ["=HYPERLINK(\"http://x\")", "+1", "-1", "@SUM(A1)", "{=1}", "http://x.example"] {
            let bytes = workbook(&samples::named(name)).unwrap();
            let mut file = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
            let mut part = |path: &str| {
                let mut text = String::new();
                file.by_name(path).unwrap().read_to_string(&mut text).unwrap();
                text
            };
            let (sheet, strings) = (part("xl/worksheets/sheet1.xml"), part("xl/sharedStrings.xml"));
            assert!(
                !sheet.contains("<f>") && !sheet.contains("<f ") && !sheet.contains("<hyperlink"),
                "{name}: {sheet}"
            );
            let told = name.replace('"', "&quot;");
            assert!(strings.contains(name) || strings.contains(&told), "{name}: {strings}");
            assert!(sheet.contains("<v>12480</v>"), "{name}: numbers are written as numbers");
        }
    }
}
