//! The folder is the floor: imports point only down, and a system never imports another.

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand};
use std::collections::BTreeMap;
use std::path::Path;

/// Services in their order: each may use only earlier ones.
const SERVICES: [&str; 13] = [
    "ui",
    "directory",
    "calendar",
    "files",
    "records",
    "signing",
    "print",
    "typesetter",
    "signatures",
    "notify",
    "payments",
    "indicators",
    "exchange",
];
const KERNEL: [&str; 3] = ["types", "store", "web"];

pub fn metadata() -> Metadata {
    MetadataCommand::new().no_deps().exec().expect("cargo metadata answers")
}

/// Where a crate stands: floor, and place within it.
fn place(folder: &str, name: &str) -> Result<(u8, usize), String> {
    let index = |list: &[&str]| list.iter().position(|n| *n == name);
    match folder {
        "kernel" => index(&KERNEL).map(|i| (0, i)).ok_or(format!("{name} is not in the list of the kernel")),
        "services" => index(&SERVICES).map(|i| (1, i)).ok_or(format!("{name} is not in the list of services")),
        "systems" => Ok((2, 0)),
        "app" => Ok((3, 0)),
        "testkit" | "xtask" => Ok((4, 0)),
        other => Err(format!("{name} stands in {other}, which is no floor")),
    }
}

/// Arrows that point up or sideways, told in words.
fn wrong_arrows(crates: &BTreeMap<String, String>, arrows: &[(String, String)]) -> Vec<String> {
    let mut wrong = Vec::new();
    for (from, to) in arrows {
        let places = place(&crates[from], from).and_then(|a| place(&crates[to], to).map(|b| (a, b)));
        match places {
            Err(reason) => wrong.push(reason),
            Ok((a, b)) if b >= a => wrong.push(format!("{from} ({}) uses {to} ({})", crates[from], crates[to])),
            Ok(_) => {}
        }
    }
    wrong
}

fn crates_and_arrows() -> (BTreeMap<String, String>, Vec<(String, String)>) {
    let metadata = metadata();
    let root = metadata.workspace_root.as_std_path().to_owned();
    let floor = |manifest: &Path| {
        let inside = manifest.strip_prefix(&root).expect("a member stands in the workspace");
        inside.components().next().map(|c| c.as_os_str().to_string_lossy().into_owned()).unwrap_or_default()
    };
    let crates: BTreeMap<String, String> =
        metadata.packages.iter().map(|p| (p.name.to_string(), floor(p.manifest_path.as_std_path()))).collect();
    let mut arrows = Vec::new();
    for package in &metadata.packages {
        for dependency in package.dependencies.iter().filter(|d| d.kind == DependencyKind::Normal) {
            if crates.contains_key(&dependency.name) && package.name != "testkit" {
                arrows.push((package.name.to_string(), dependency.name.clone()));
            }
        }
    }
    (crates, arrows)
}

#[test]
fn imports_point_only_down() {
    let (crates, arrows) = crates_and_arrows();
    assert!(arrows.len() > 20, "the arrows were read");
    assert_eq!(wrong_arrows(&crates, &arrows), Vec::<String>::new());
}

#[test]
fn control_an_arrow_upwards_or_sideways_is_caught() {
    let (mut crates, _) = crates_and_arrows();
    crates.insert("meetings".to_owned(), "systems".to_owned());
    let arrow = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    let arrows = [arrow("store", "web"), arrow("ui", "records"), arrow("dossiers", "meetings"), arrow("records", "ui")];
    assert_eq!(wrong_arrows(&crates, &arrows).len(), 3);
}

#[test]
fn the_longest_chain_of_crates_is_short() {
    let (_, arrows) = crates_and_arrows();
    fn depth(name: &str, arrows: &[(String, String)]) -> usize {
        1 + arrows.iter().filter(|(from, _)| from == name).map(|(_, to)| depth(to, arrows)).max().unwrap_or(0)
    }
    let depth = depth("nhaviec", &arrows);
    // Signing stands between the records and the systems whose documents are signed.
    assert!(depth <= 9, "the chain under the executable is {depth} crates long; two cores build one after another");
}
