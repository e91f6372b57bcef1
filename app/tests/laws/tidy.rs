//! Shape of the source: a header on each file, files short enough to read at a sitting, no rooms without a purpose.

use super::prose::root;
use std::path::{Path, PathBuf};

/// Lines of a source file, tests left out; the list of exceptions only shrinks.
const LINES_MAX: usize = 420;
const NAMES: [&str; 6] = ["utils", "helpers", "common", "misc", "manager", "mod"];

pub fn sources() -> Vec<PathBuf> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let name = entry.file_name().to_string_lossy().into_owned();
            if path.is_dir() && !["target", "node_modules", ".git", "data"].contains(&name.as_str()) {
                walk(&path, found);
            } else if path.extension().is_some_and(|e| e == "rs") {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    for floor in ["kernel", "services", "systems", "app", "testkit", "xtask"] {
        walk(&root().join(floor), &mut found);
    }
    found
}

fn complaints(path: &Path, text: &str) -> Vec<String> {
    let name = path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    let shown = path.strip_prefix(root()).unwrap_or(path).display().to_string();
    let mut wrong = Vec::new();
    if !text.starts_with("//!") && name != "build" {
        wrong.push(format!("{shown}: no header that says what the file is"));
    }
    if NAMES.contains(&name.as_str()) {
        wrong.push(format!("{shown}: the name says nothing"));
    }
    let tests = shown.contains("/tests") || shown.contains("tests/");
    let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or(text);
    if !tests && code.lines().count() > LINES_MAX {
        wrong.push(format!("{shown}: {} lines; split it by what it does", code.lines().count()));
    }
    for banned in ["todo!(", "unimplemented!(", "#[ignore"] {
        if code.contains(banned) && !shown.ends_with("tests/laws/tidy.rs") {
            wrong.push(format!("{shown}: {banned}"));
        }
    }
    wrong
}

#[test]
fn every_source_file_is_tidy() {
    let sources = sources();
    assert!(sources.len() > 100, "the sources were found");
    let wrong: Vec<String> = sources
        .iter()
        .flat_map(|path| complaints(path, &std::fs::read_to_string(path).expect("a source file is readable")))
        .collect();
    assert_eq!(wrong, Vec::<String>::new());
}

/// Tests in the browser that do not run.
fn unrun(path: &Path, text: &str) -> Vec<String> {
    let shown = path.strip_prefix(root()).unwrap_or(path).display().to_string();
    let words = [".skip(", ".todo(", ".only(", "skip:", "todo:", "only:"];
    words.iter().filter(|word| text.contains(**word)).map(|word| format!("{shown}: {word}")).collect()
}

#[test]
fn every_test_in_the_browser_runs() {
    let folder = root().join("browser/tests");
    let files: Vec<PathBuf> = std::fs::read_dir(folder).expect("the folder").flatten().map(|e| e.path()).collect();
    let tests: Vec<_> = files.iter().filter(|path| path.extension().is_some_and(|e| e == "mjs")).collect();
    assert!(tests.len() >= 3, "the browser's tests were found");
    let read = |path: &PathBuf| unrun(path, &std::fs::read_to_string(path).expect("a test is readable"));
    assert_eq!(tests.into_iter().flat_map(read).collect::<Vec<_>>(), Vec::<String>::new());
}

#[test]
fn control_a_test_that_is_left_out_is_caught() {
    let text = "test('a', { skip: true }, () => {});\ntest.todo('b');";
    assert_eq!(unrun(Path::new("a.mjs"), text), ["a.mjs: .todo(", "a.mjs: skip:"]);
}

#[test]
fn control_an_untidy_file_is_caught() {
    let long = format!("fn a() {{}}\n{}", "// x\n".repeat(500));
    assert_eq!(complaints(Path::new("services/x/src/utils.rs"), &long).len(), 3);
}
