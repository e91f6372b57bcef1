//! Documents to be copied, one a line: `Giấy khai sinh; 1; 2` is a paper of one page of which two copies are wanted.
//! Each document has pages and copies of its own, and the fee depends on both.

/// Highest number of pages or copies of one document.
const NUMBER_MAX: u32 = 9_999;

/// One document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopyLine {
    /// What it is.
    pub document: String,
    /// Pages of its original.
    pub pages: u32,
    /// Copies wanted.
    pub copies: u32,
}

/// The documents of a text, or the number of the first line that is none.
pub(crate) fn read(text: &str) -> Result<Vec<CopyLine>, usize> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines.map(|(i, line)| one(line).ok_or(i + 1)).collect()
}

/// The text that `read` reads.
pub(super) fn write(lines: &[CopyLine]) -> String {
    let line = |line: &CopyLine| format!("{}; {}; {}", line.document, line.pages, line.copies);
    lines.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn one(line: &str) -> Option<CopyLine> {
    // From the right, because a document's name may hold a semicolon.
    let mut parts = line.rsplitn(3, ';').map(str::trim);
    let (copies, pages, document) = (parts.next()?, parts.next()?, parts.next()?);
    let number = |text: &str| text.parse().ok().filter(|number| (1..=NUMBER_MAX).contains(number));
    let document = types::text::clean(document);
    (!document.is_empty()).then_some(())?;
    Some(CopyLine { document, pages: number(pages)?, copies: number(copies)? })
}
