//! The licences of the crates that are linked into the program, from the crates' own folders: most of them demand that
//! their text goes along.

use super::VERSION;
use anyhow::{Context, Result};
use cargo_metadata::{DependencyKind, Metadata, Node, Package, PackageId};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// How the name of a file begins that states terms.
const NAMES: [&str; 6] = ["LICENSE", "LICENCE", "COPYING", "COPYRIGHT", "NOTICE", "UNLICENSE"];

/// A crate of somebody else.
struct Crate {
    /// With its version.
    name: String,
    /// As an SPDX expression.
    terms: String,
    folder: PathBuf,
}

/// All of them in one text.
pub fn gather(metadata: &Metadata) -> Result<String> {
    let of = |package: &Package| Crate {
        name: format!("{} {}", package.name, package.version),
        terms: package.license.clone().unwrap_or_else(|| "xem toàn văn".to_owned()),
        folder: package.manifest_path.as_std_path().parent().unwrap_or(Path::new(".")).to_owned(),
    };
    let mut crates: Vec<Crate> = linked(metadata)?.into_iter().map(of).collect();
    crates.sort_by(|a, b| a.name.cmp(&b.name));
    told(&crates)
}

/// What the program is made of besides our own crates; what only builds or tests it is left out.
fn linked(metadata: &Metadata) -> Result<Vec<&Package>> {
    let resolve = metadata.resolve.as_ref().context("cargo metadata tells no dependencies")?;
    let nodes: BTreeMap<&PackageId, &Node> = resolve.nodes.iter().map(|node| (&node.id, node)).collect();
    let program = metadata.packages.iter().find(|package| package.name == "nhaviec").context("nhaviec is no member")?;
    let mut found: BTreeSet<&PackageId> = BTreeSet::new();
    let mut open = vec![&program.id];
    while let Some(id) = open.pop() {
        if found.insert(id) {
            let deps = nodes.get(id).into_iter().flat_map(|node| &node.deps);
            let normal = deps.filter(|dep| dep.dep_kinds.iter().any(|of| of.kind == DependencyKind::Normal));
            open.extend(normal.map(|dep| &dep.pkg));
        }
    }
    Ok(metadata.packages.iter().filter(|package| package.source.is_some() && found.contains(&package.id)).collect())
}

/// First who comes along under what terms, then each text once, with the names of those that carry it.
fn told(crates: &[Crate]) -> Result<String> {
    let mut text = format!(
        "Nhà Việc {VERSION} liên kết những gói mã nguồn mở dưới đây; mỗi gói giữ giấy phép của mình.\n\
         Phông chữ, biểu tượng và dữ liệu đi kèm: xem trang /giay-phep của chương trình đang chạy.\n\n"
    );
    let mut texts: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for one in crates {
        text.push_str(&format!("{}: {}\n", one.name, one.terms));
        for stated in stated_in(&one.folder)? {
            texts.entry(stated).or_default().push(&one.name);
        }
    }
    for (stated, names) in texts {
        text.push_str(&format!("\n{}\n{}\n\n{stated}\n", "=".repeat(80), names.join(", ")));
    }
    Ok(text)
}

/// The texts in a crate's folder that state terms.
fn stated_in(folder: &Path) -> Result<BTreeSet<String>> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("listing {}", folder.display()))?;
    let mut texts = BTreeSet::new();
    for entry in entries {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_uppercase();
        if path.is_file() && NAMES.iter().any(|begin| name.starts_with(begin)) {
            let bytes = std::fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
            texts.insert(String::from_utf8_lossy(&bytes).replace('\r', "").trim().to_owned());
        }
    }
    Ok(texts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_text_stands_once_with_all_who_carry_it() {
        let folder = tempfile::tempdir().unwrap();
        let mut crates = Vec::new();
        for (name, end) in [("a", "\n"), ("b", "\r\n")] {
            let own = folder.path().join(name);
            std::fs::create_dir_all(own.join("LICENSES")).unwrap();
            std::fs::write(own.join("LICENSE-MIT"), format!("Do what you like.{end}")).unwrap();
            std::fs::write(own.join("Notice.txt"), format!("Made by {name}.")).unwrap();
            std::fs::write(own.join("Cargo.toml"), "not a licence").unwrap();
            crates.push(Crate { name: format!("{name} 1.0.0"), terms: "MIT".to_owned(), folder: own });
        }
        let text = told(&crates).unwrap();
        assert_eq!(text.matches("Do what you like.").count(), 1, "{text}");
        for part in ["a 1.0.0: MIT\nb 1.0.0: MIT\n", "a 1.0.0, b 1.0.0\n\nDo what", "\nb 1.0.0\n\nMade by b."] {
            assert!(text.contains(part), "«{part}» is not in:\n{text}");
        }
        assert!(!text.contains("not a licence"));
    }
}
