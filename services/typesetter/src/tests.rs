//! Tests of the forms as a reader meets them: the PDF is read back with poppler and zbar.

mod forms;
mod letters;
mod own_templates;
mod stamps;
mod worker;

use print::Job;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

/// A typeset document on disk.
struct Printed {
    bytes: Vec<u8>,
    folder: TempDir,
}

impl Printed {
    /// Typesets `job`; a warning of the typesetter fails the test.
    fn of(job: &Job) -> Self {
        let typeset = crate::lay_out_warned(job);
        let warnings: Vec<_> = typeset.warnings.iter().map(|w| w.message.as_str()).collect();
        assert!(warnings.is_empty(), "{}: {warnings:?}", job.ident);
        Self::from(typeset.output.unwrap_or_else(|refusal| panic!("{}: {refusal}", job.ident)).pdf)
    }

    fn from(bytes: Vec<u8>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("print.pdf"), &bytes).unwrap();
        Self { bytes, folder }
    }

    /// The text in the order of writing, with white space of any kind as one blank.
    fn text(&self) -> String {
        let text = run(self.folder.path(), "pdftotext", &["-raw", "print.pdf", "-"]);
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The text of one page, laid out as on paper.
    fn page_text(&self, page: usize) -> String {
        let page = page.to_string();
        run(self.folder.path(), "pdftotext", &["-layout", "-f", &page, "-l", &page, "print.pdf", "-"])
    }

    /// What `pdfinfo` says under `key`.
    fn info(&self, key: &str) -> String {
        let info = run(self.folder.path(), "pdfinfo", &["print.pdf"]);
        let line = info.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':'));
        line.map(|value| value.trim().to_owned()).unwrap_or_default()
    }

    /// The fonts of the document without the marks of their subsets, each embedded.
    fn fonts(&self) -> Vec<String> {
        let table = run(self.folder.path(), "pdffonts", &["print.pdf"]);
        let rows = table.lines().skip(2).map(|row| {
            let fields: Vec<&str> = row.split_whitespace().collect();
            assert!(fields[fields.len() - 5..].starts_with(&["yes", "yes", "yes"]), "not embedded: {row}");
            fields[0].rsplit('+').next().unwrap_or_default().to_owned()
        });
        rows.collect()
    }

    /// How many in a hundred pixels of the first page are clear, drawn on nothing.
    fn clear_percent(&self) -> usize {
        let folder = self.folder.path();
        run(folder, "pdftocairo", &["-png", "-transp", "-r", "150", "-l", "1", "-singlefile", "print.pdf", "clear"]);
        let pixels = image::open(folder.join("clear.png")).unwrap().into_rgba8();
        let clear = pixels.pixels().filter(|pixel| pixel.0[3] == 0).count();
        clear * 100 / pixels.pixels().len()
    }

    /// Width and height of what is dark in the upper right corner of the first page, 300 by 60 points, as it is shown.
    fn dark_of_upper_right(&self) -> (u32, u32) {
        let folder = self.folder.path();
        run(folder, "pdftoppm", &["-cropbox", "-png", "-r", "72", "-l", "1", "-singlefile", "print.pdf", "shown"]);
        let page = image::open(folder.join("shown.png")).unwrap().into_luma8();
        let left = page.width() - 300;
        let dark = page.enumerate_pixels().filter(|(x, y, pixel)| *x >= left && *y < 60 && pixel.0[0] < 128);
        let (xs, ys): (Vec<u32>, Vec<u32>) = dark.map(|(x, y, _)| (x, y)).unzip();
        let extent = |all: Vec<u32>| all.iter().max().unwrap() - all.iter().min().unwrap() + 1;
        (extent(xs), extent(ys))
    }

    fn pages(&self) -> usize {
        self.info("Pages").parse().unwrap()
    }

    /// What a reader of QR codes finds on the first page, printed at 150 dots per inch.
    fn qr(&self) -> String {
        run(self.folder.path(), "pdftoppm", &["-png", "-r", "150", "-l", "1", "-singlefile", "print.pdf", "page"]);
        run(self.folder.path(), "zbarimg", &["--quiet", "--raw", "page.png"]).trim().to_owned()
    }

    /// Whether the file itself holds `text` (the metadata and the catalogue are not compressed).
    fn holds(&self, text: &str) -> bool {
        self.bytes.windows(text.len()).any(|window| window == text.as_bytes())
    }
}

fn run(folder: &Path, program: &str, args: &[&str]) -> String {
    let output = Command::new(program).args(args).current_dir(folder).output();
    let output = output.unwrap_or_else(|e| panic!("{program}: {e} (packages poppler-utils and zbar-tools)"));
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
