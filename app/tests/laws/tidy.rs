//! Shape of the source: a header on each file, files short enough to read at a sitting, no rooms without a purpose, and
//! nothing that is only promised.

use super::prose::root;
use std::path::{Path, PathBuf};

/// Lines of a source file, tests left out; the list of exceptions only shrinks.
const LINES_MAX: usize = 420;
const NAMES: [&str; 6] = ["utils", "helpers", "common", "misc", "manager", "mod"];

/// Files of one language.
struct Kind {
    extension: &'static str,
    folders: &'static [&'static str],
    /// At least so many are there, or they were not found.
    least: usize,
    /// Words that stand in none of them, each with what it would hide.
    banned: &'static [(&'static str, &'static str)],
}

const UNMADE: &str = "something is not made yet";
const UNRUN: &str = "a test does not run";

static KINDS: [Kind; 2] = [
    Kind {
        extension: "rs",
        folders: &["kernel", "services", "systems", "app", "testkit", "xtask"],
        least: 100,
        banned: &[("todo!(", UNMADE), ("unimplemented!(", UNMADE), ("#[ignore", UNRUN)],
    },
    Kind {
        extension: "mjs",
        folders: &["browser/tests"],
        least: 3,
        banned: &[
            (".skip(", UNRUN),
            ("skip:", UNRUN),
            (".todo(", UNRUN),
            ("todo:", UNRUN),
            (".only(", "the other tests do not run"),
            ("only:", "the other tests do not run"),
        ],
    },
];

impl Kind {
    fn has(&self, path: &Path) -> bool {
        path.extension().is_some_and(|extension| extension == self.extension)
    }

    fn files(&self) -> Vec<PathBuf> {
        let root = root();
        let mut found = Vec::new();
        for folder in self.folders {
            self.walk(&root.join(folder), &mut found);
        }
        found
    }

    fn walk(&self, folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let name = entry.file_name().to_string_lossy().into_owned();
            if path.is_dir() && !["target", "node_modules", ".git", "data"].contains(&name.as_str()) {
                self.walk(&path, found);
            } else if self.has(&path) {
                found.push(path);
            }
        }
    }
}

/// All sources in Rust.
pub fn sources() -> Vec<PathBuf> {
    KINDS.iter().filter(|kind| kind.extension == "rs").flat_map(Kind::files).collect()
}

/// What is wrong with the file at this path from the root.
fn complaints(path: &Path, text: &str) -> Vec<String> {
    let shown = path.display();
    let mut wrong: Vec<String> = if path.extension().is_some_and(|extension| extension == "rs") {
        shapeless(path, text).into_iter().map(|what| format!("{shown}: {what}")).collect()
    } else {
        Vec::new()
    };
    // This file says the words.
    let kind = KINDS.iter().find(|kind| kind.has(path) && !path.ends_with("tests/laws/tidy.rs"));
    for (word, hidden) in kind.into_iter().flat_map(|kind| kind.banned) {
        if text.contains(word) {
            wrong.push(format!("{shown}: {word} {hidden}"));
        }
    }
    wrong
}

/// What is wrong with the shape of a source in Rust.
fn shapeless(path: &Path, text: &str) -> Vec<String> {
    let name = path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    let mut wrong = Vec::new();
    if !text.starts_with("//!") && name != "build" {
        wrong.push("no header that says what the file is".to_owned());
    }
    if NAMES.contains(&name.as_str()) {
        wrong.push("the name says nothing".to_owned());
    }
    let shown = path.display().to_string();
    let tests = shown.contains("/tests") || shown.contains("tests/");
    let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or(text);
    if !tests && code.lines().count() > LINES_MAX {
        wrong.push(format!("{} lines; split it by what it does", code.lines().count()));
    }
    wrong
}

#[test]
fn every_source_file_is_tidy() {
    let root = root();
    for kind in &KINDS {
        let files = kind.files();
        assert!(files.len() >= kind.least, "only {} files *.{} were found", files.len(), kind.extension);
        let read = |path: &PathBuf| {
            let text = std::fs::read_to_string(path).expect("a source file is readable");
            complaints(path.strip_prefix(&root).unwrap_or(path), &text)
        };
        assert_eq!(files.iter().flat_map(read).collect::<Vec<String>>(), Vec::<String>::new());
    }
}

#[test]
fn control_what_is_only_promised_is_caught() {
    let text = "test('a', { skip: true }, () => {});\ntest.todo('b');";
    let told = ["a.mjs: skip: a test does not run", "a.mjs: .todo( a test does not run"];
    assert_eq!(complaints(Path::new("a.mjs"), text), told);
    let text = "//! A.\nfn a() { todo!() }\n#[cfg(test)]\nmod tests {\n#[test]\n#[ignore]\nfn a() {}\n}";
    let told = ["a.rs: todo!( something is not made yet", "a.rs: #[ignore a test does not run"];
    assert_eq!(complaints(Path::new("a.rs"), text), told);
    // Words of one language are none of the other.
    assert_eq!(complaints(Path::new("a.rs"), "//! A.\nlet a = b.skip(1);"), Vec::<String>::new());
}

#[test]
fn control_an_untidy_file_is_caught() {
    let long = format!("fn a() {{}}\n{}", "// x\n".repeat(500));
    assert_eq!(complaints(Path::new("services/x/src/utils.rs"), &long).len(), 3);
}
