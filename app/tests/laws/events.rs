//! Events: a module declares what it publishes, publishes what it declares, and nobody listens to anything else.

use super::prose::root;
use app::modules;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use store::outbox::Listener;

/// The names given to `publish` in a source text: literals, and constants by their names.
fn published(text: &str, constants: &BTreeMap<String, String>) -> Vec<Result<String, String>> {
    let code = text.split("#[cfg(test)]").next().unwrap_or(text);
    let calls = code.split(".publish(").skip(1);
    calls
        .map(|rest| {
            let first = rest.split(',').next().unwrap_or_default().trim();
            match first.strip_prefix('"').and_then(|name| name.strip_suffix('"')) {
                Some(name) => Ok(name.to_owned()),
                None => constants.get(first).cloned().ok_or_else(|| first.to_owned()),
            }
        })
        .collect()
}

/// `const NAME: &str = "value";` in a source text.
fn constants(text: &str, found: &mut BTreeMap<String, String>) {
    for line in text.lines() {
        let Some((_, rest)) = line.split_once("const ") else { continue };
        let Some((name, value)) = rest.split_once(": &str = \"") else { continue };
        found.insert(name.to_owned(), value.split('"').next().unwrap_or_default().to_owned());
    }
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() && path.file_name().is_some_and(|name| name != "tests") {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") && path.file_name().is_some_and(|name| name != "tests.rs")
        {
            found.push(path);
        }
    }
}

/// What the crate of a module publishes by its source.
fn published_by(module: &str) -> BTreeSet<String> {
    let folder = match module {
        "front" => "app/src/front".to_owned(),
        "upkeep" => "app/src/upkeep".to_owned(),
        _ => ["services", "systems"]
            .iter()
            .map(|floor| format!("{floor}/{module}/src"))
            .find(|folder| root().join(folder).exists())
            .unwrap_or_else(|| panic!("{module} has no folder")),
    };
    let mut files = Vec::new();
    sources(&root().join(folder), &mut files);
    let texts: Vec<String> = files.iter().map(|path| std::fs::read_to_string(path).expect("a source file")).collect();
    let mut known = BTreeMap::new();
    texts.iter().for_each(|text| constants(text, &mut known));
    let names = texts.iter().flat_map(|text| published(text, &known));
    names.map(|name| name.unwrap_or_else(|what| panic!("{module} publishes {what}, whose name is not read"))).collect()
}

#[test]
fn every_module_publishes_exactly_what_it_declares() {
    let mut all = BTreeSet::new();
    for module in modules::ALL {
        let declared: BTreeSet<String> = module.events.iter().map(|name| (*name).to_owned()).collect();
        assert_eq!(declared.len(), module.events.len(), "{} declares an event twice", module.name);
        assert_eq!(published_by(module.name), declared, "{}", module.name);
        for event in declared {
            let version = event.rsplit('.').next().unwrap_or_default();
            assert!(version.starts_with('v') && version[1..].parse::<u32>().is_ok(), "{event} has no version");
            assert!(event.starts_with(&format!("{}.", module.name)), "{event} in {}", module.name);
            assert!(all.insert(event));
        }
    }
    assert!(all.len() >= 8, "the events were found: {all:?}");
}

#[test]
fn control_a_name_that_nobody_declared_is_read_from_the_source() {
    let text = "const X: &str = \"x.put.v1\";\ntx.publish(X, id, &1)?;\ntx.publish(\"y.put.v1\", id, &1)?;\ntx.publish(name, id, &1)";
    let mut known = BTreeMap::new();
    constants(text, &mut known);
    assert_eq!(published(text, &known), [Ok("x.put.v1".into()), Ok("y.put.v1".into()), Err("name".into())]);
}

/// Listeners to events that nobody publishes.
fn deaf(listeners: &[Listener]) -> Vec<String> {
    let declared: BTreeSet<&str> = modules::ALL.iter().flat_map(|module| module.events).copied().collect();
    let lost = listeners.iter().filter(|listener| !declared.contains(listener.event));
    lost.map(|listener| format!("{} listens to {}", listener.name, listener.event)).collect()
}

#[test]
fn every_event_listened_to_is_published() {
    assert_eq!(deaf(modules::listeners()), Vec::<String>::new());
    // Controls: nobody publishes this one, and somebody publishes the other.
    let made_up = |event| Listener { event, name: "a made-up listener", hear: |_, _| Ok(()) };
    assert_eq!(deaf(&[made_up("meetings.held.v1")]), ["a made-up listener listens to meetings.held.v1"]);
    assert_eq!(deaf(&[made_up("dossiers.received.v2")]).len(), 1, "another version is another event");
    assert_eq!(deaf(&[made_up("dossiers.received.v1")]), Vec::<String>::new());
}
