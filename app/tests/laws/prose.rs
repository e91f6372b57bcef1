//! Prose that is read by a test does not rot.

use super::floors::metadata;
use super::tidy::sources;
use std::collections::BTreeSet;
use std::path::PathBuf;

pub fn root() -> PathBuf {
    metadata().workspace_root.into_std_path_buf()
}

fn read(name: &str) -> String {
    std::fs::read_to_string(root().join(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
}

#[test]
fn architecture_names_every_crate_and_no_other() {
    let metadata = metadata();
    let root = metadata.workspace_root.clone();
    let folders: BTreeSet<String> = metadata
        .packages
        .iter()
        .filter_map(|p| p.manifest_path.parent()?.strip_prefix(&root).ok().map(ToString::to_string))
        .collect();
    let text = read("ARCHITECTURE.md");
    let named: BTreeSet<String> = text
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|word| ["kernel/", "services/", "systems/"].iter().any(|floor| word.starts_with(floor)))
        .filter(|word| word.matches('/').count() == 1 && !word.ends_with('/') && !word.contains('<'))
        .map(ToOwned::to_owned)
        .collect();
    let members: BTreeSet<String> = folders.iter().filter(|f| f.contains('/')).cloned().collect();
    assert_eq!(named, members, "ARCHITECTURE.md and the workspace differ");
    for single in folders.iter().filter(|f| !f.contains('/')) {
        assert!(text.contains(&format!("`{single}`")), "ARCHITECTURE.md does not name `{single}`");
    }
}

/// Words in code marks that look like a file or folder and are none. A path stands from the root, or below one of the
/// crates that the text has named.
fn dead_paths(text: &str, folders: &BTreeSet<String>) -> Vec<String> {
    let marked = text.split('`').skip(1).step_by(2);
    let paths = marked.filter(|word| {
        let file = [".rs", ".md", ".txt", ".toml", ".sql"].iter().any(|end| word.ends_with(end));
        let plain = word.chars().all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c));
        plain && !word.starts_with('/') && (file || word.ends_with('/') || word.matches('/').count() > 1)
    });
    let root = root();
    let there = |word: &str| {
        let below = |folder: &String| [root.join(folder).join(word), root.join(folder).join("src").join(word)];
        root.join(word).exists() || folders.iter().flat_map(below).any(|path| path.exists())
    };
    paths.filter(|word| !there(word)).map(ToOwned::to_owned).collect()
}

fn crate_folders() -> BTreeSet<String> {
    let metadata = metadata();
    let root = metadata.workspace_root.clone();
    let folders = metadata.packages.iter().filter_map(|p| p.manifest_path.parent()?.strip_prefix(&root).ok());
    folders.map(ToString::to_string).collect()
}

#[test]
fn paths_that_the_documents_name_exist() {
    let folders = crate_folders();
    for name in ["ARCHITECTURE.md", "CONTRIBUTING.md"] {
        assert_eq!(dead_paths(&read(name), &folders), Vec::<String>::new(), "{name}");
    }
    // Control: files that are not there, from the root and below a crate.
    let text =
        "`kernel/web/src/guard.rs`, `kernel/web/src/guards.rs`, `verbs/pass.rs`, `verbs/passes.rs`, `a/b`, `x.y()`";
    assert_eq!(dead_paths(text, &folders), ["kernel/web/src/guards.rs", "verbs/passes.rs"]);
}

#[test]
fn links_between_documents_lead_somewhere() {
    let mut dead = Vec::new();
    for name in ["README.md", "README.vi.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"] {
        let text = read(name);
        for part in text.split("](").skip(1) {
            let target = part.split(')').next().unwrap_or_default().split('#').next().unwrap_or_default();
            if !target.is_empty() && !target.contains("://") && !root().join(target).exists() {
                dead.push(format!("{name}: {target}"));
            }
        }
    }
    assert_eq!(dead, Vec::<String>::new());
}

#[test]
fn both_readmes_say_the_two_commands_and_every_setting() {
    // As the program itself asks for them; what only its tests and measurements set is nobody's setting.
    let own = [
        "NHAVIEC_BENCH_POSTGRES",
        "NHAVIEC_BENCH_PYHANKO",
        "NHAVIEC_CRASH_CONTROL",
        "NHAVIEC_SQLITE_SYNCHRONOUS",
        "NHAVIEC_TEST_POSTGRES",
    ];
    let sources = sources().into_iter().filter(|path| path.starts_with(root().join("app/src")));
    let texts: Vec<String> = sources.filter_map(|path| std::fs::read_to_string(path).ok()).collect();
    let name = |rest: &str| rest.split(|c: char| !c.is_ascii_uppercase() && c != '_').next().map(ToOwned::to_owned);
    let asked = texts.iter().flat_map(|text| text.split("NHAVIEC_").skip(1).filter_map(name));
    let settings: BTreeSet<String> = asked.map(|rest| format!("NHAVIEC_{rest}")).collect();
    let settings = settings.iter().map(String::as_str).filter(|name| !own.contains(name) && *name != "NHAVIEC_");
    let words: Vec<&str> = ["make run", "make test"].into_iter().chain(settings).collect();
    assert!(words.len() >= 8, "{words:?}");
    for readme in ["README.md", "README.vi.md"] {
        let text = read(readme);
        let missing: Vec<&&str> = words.iter().filter(|word| !text.contains(**word)).collect();
        assert!(missing.is_empty(), "{readme} does not say {missing:?}");
    }
}

#[test]
fn decisions_are_numbered_without_gaps() {
    let mut numbers: Vec<u32> = std::fs::read_dir(root().join("docs/decisions"))
        .expect("docs/decisions is there")
        .filter_map(|entry| entry.ok()?.file_name().to_string_lossy().get(..4)?.parse().ok())
        .collect();
    numbers.sort_unstable();
    let last = u32::try_from(numbers.len()).expect("few decisions");
    assert_eq!(numbers, (1..=last).collect::<Vec<_>>());
}
