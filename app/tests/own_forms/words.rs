//! The words of a PDF and where they stand, as poppler reads them.

use std::process::Command;

/// What stands in a file, with white space of any kind as one blank.
pub fn text(pdf: &[u8]) -> String {
    poppler(pdf, &["-raw"]).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn poppler(pdf: &[u8], options: &[&str]) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("form.pdf");
    std::fs::write(&path, pdf).expect("a file");
    let output = Command::new("pdftotext").args(options).arg(&path).arg("-").output().expect("poppler-utils");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// A word of the first page with its corners in points from the lower left: left, bottom, right, top.
pub struct Word {
    word: String,
    corners: [f32; 4],
}

pub fn words(pdf: &[u8]) -> Vec<Word> {
    let html = poppler(pdf, &["-bbox", "-l", "1"]);
    let page = html.lines().find(|line| line.trim_start().starts_with("<page")).expect("a page");
    let of = |line: &str, name: &str| -> f32 {
        let value = line.split(&format!("{name}=\"")).nth(1).and_then(|rest| rest.split('"').next());
        value.and_then(|value| value.parse().ok()).expect("a number")
    };
    let height = of(page, "height");
    let word = |line: &str| {
        let text = line.split('>').nth(1)?.split('<').next()?;
        let corners = [of(line, "xMin"), height - of(line, "yMax"), of(line, "xMax"), height - of(line, "yMin")];
        Some(Word { word: text.to_owned(), corners })
    };
    html.lines().filter(|line| line.trim_start().starts_with("<word")).filter_map(word).collect()
}

/// Where a run of words stands: all of it.
#[track_caller]
pub fn found(words: &[Word], run: &str) -> [f32; 4] {
    let wanted: Vec<&str> = run.split(' ').collect();
    let fits = |at: &[Word]| at.iter().zip(&wanted).all(|(word, wanted)| word.word == *wanted);
    let at = words.windows(wanted.len()).rfind(|at| fits(at)).unwrap_or_else(|| panic!("«{run}» is not on the page"));
    at.iter().skip(1).fold(at[0].corners, |[left, bottom, right, top], word| {
        let [l, b, r, t] = word.corners;
        [left.min(l), bottom.min(b), right.max(r), top.max(t)]
    })
}
