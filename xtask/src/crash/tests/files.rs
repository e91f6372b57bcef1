//! Plain files under the library: what POSIX does not promise to keep is lost, and only that.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use super::{python, script};
use crate::crash::shim::Shim;
use crate::crash::undo::Cut;

/// Runs a part of the script until it is ready, then cuts.
fn cut_after(shim: &Shim, verb: &str, cut: Cut) {
    let mut command = Command::new("python3");
    command.arg(script("files.py")).args([verb, shim.watched().to_str().unwrap()]);
    let mut child = shim.cover(&mut command).stdout(Stdio::piped()).stdin(Stdio::null()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "ready\n");
    shim.cut(cut).unwrap();
    child.wait().unwrap();
}

fn prepared(place: &Path) -> Shim {
    let shim = Shim::build(place).unwrap();
    python(Some(&shim), "files.py", &["before", shim.watched().to_str().unwrap()]);
    shim
}

fn text(shim: &Shim, name: &str) -> Option<String> {
    fs::read_to_string(shim.watched().join(name)).ok()
}

#[test]
fn what_was_not_synced_is_gone() {
    let place = tempfile::tempdir().unwrap();
    let shim = prepared(place.path());
    cut_after(&shim, "after", Cut::Clean);
    for name in ["kept", "shrunk", "emptied", "removed", "moved", "replaced", "replacing", "grown"] {
        assert_eq!(text(&shim, name).as_deref(), Some(format!("{name} before ").as_str()));
    }
    for name in ["elsewhere", "fresh", "fresh/file", "unlisted"] {
        assert!(!shim.watched().join(name).exists(), "{name}");
    }
    assert!(shim.watched().join("folder").is_dir());
}

#[test]
fn what_was_synced_stays() {
    let place = tempfile::tempdir().unwrap();
    let shim = prepared(place.path());
    cut_after(&shim, "durable", Cut::Clean);
    let wanted = [("dsync", "at once"), ("synced", "text"), ("elsewhere", "moved before "), ("kept", "YYYY before ")];
    for (name, content) in wanted {
        assert_eq!(text(&shim, name).as_deref(), Some(content), "{name}");
    }
    assert_eq!((text(&shim, "moved"), text(&shim, "removed")), (None, None));
}

#[test]
fn a_torn_cut_keeps_some_sectors_whole_and_repeats_with_its_seed() {
    let torn = |seed| {
        let place = tempfile::tempdir().unwrap();
        let shim = Shim::build(place.path()).unwrap();
        fs::write(shim.watched().join("sectors"), "a".repeat(65_536)).unwrap();
        cut_after(&shim, "sectors", Cut::Torn { seed });
        text(&shim, "sectors").unwrap()
    };
    let mut mixed = 0;
    for seed in 0..4 {
        let content = torn(seed);
        assert_eq!(content.len(), 65_536);
        for sector in content.as_bytes().chunks(512) {
            assert!(sector.iter().all(|byte| *byte == sector[0]), "a sector is old or new, never half");
        }
        mixed += usize::from(content.contains('a') && content.contains('b'));
    }
    assert!(mixed > 0);
    assert_eq!(torn(1), torn(1));
}
