//! What is packed, from a program that is none, so that nothing is built.

mod update;

use super::tree::{Parts, debian_version};
use super::{VERSION, answer, pack, package};
use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// Tests run in the folder of their crate.
fn checkout() -> PathBuf {
    Path::new("..").canonicalize().unwrap()
}

fn templates() -> PathBuf {
    checkout().join("packaging/debian")
}

/// A folder to pack in, and a program that is none.
struct Bench {
    folder: TempDir,
    root: PathBuf,
    program: PathBuf,
}

impl Bench {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("program");
        fs::write(&program, "#!/bin/sh\necho nhaviec\n").unwrap();
        Self { folder, root: checkout(), program }
    }

    fn parts(&self) -> Parts<'_> {
        Parts { root: &self.root, program: &self.program, licences: "a 1.0.0: MIT\n", architecture: "amd64" }
    }

    /// The package's tree.
    fn tree(&self) -> PathBuf {
        let tree = self.folder.path().join("tree");
        self.parts().package(&tree).unwrap();
        tree
    }
}

/// All files below a folder, as paths from it.
fn files(folder: &Path) -> BTreeSet<PathBuf> {
    fn walk(folder: &Path, root: &Path, found: &mut BTreeSet<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, root, found);
            } else {
                found.insert(path.strip_prefix(root).unwrap().to_owned());
            }
        }
    }
    let mut found = BTreeSet::new();
    walk(folder, folder, &mut found);
    found
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

/// What a tool prints; nothing where it is not installed.
fn printed(program: &str, words: &[&str], path: &Path) -> Option<String> {
    let told = answer(Command::new(program).args(words).arg(path).env("LC_ALL", "C")).unwrap()?;
    Some(String::from_utf8(told.stdout).unwrap())
}

#[test]
fn the_tree_holds_the_program_its_unit_and_its_documents() {
    let bench = Bench::new();
    let tree = bench.tree();
    let told: BTreeSet<PathBuf> = [
        "DEBIAN/conffiles",
        "DEBIAN/control",
        "DEBIAN/postinst",
        "DEBIAN/postrm",
        "DEBIAN/preinst",
        "DEBIAN/prerm",
        "etc/nhaviec/nhaviec.toml",
        "lib/systemd/system/nhaviec.service",
        "usr/bin/nhaviec",
        "usr/lib/nhaviec/go-back",
        "usr/share/doc/nhaviec/LICENCES.txt",
        "usr/share/doc/nhaviec/LICENSE",
        "usr/share/doc/nhaviec/README.vi.md",
        "usr/share/doc/nhaviec/copyright",
    ]
    .map(PathBuf::from)
    .into();
    assert_eq!(files(&tree), told);
    for path in &told {
        let bytes = fs::read(tree.join(path)).unwrap();
        let expected = if bytes.starts_with(b"#!") { 0o755 } else { 0o644 };
        assert_eq!(mode(&tree.join(path)), expected, "{}", path.display());
        assert!(!String::from_utf8_lossy(&bytes).contains("@VERSION@"), "{}", path.display());
    }
    for folder in ["", "usr", "usr/bin", "etc/nhaviec", "usr/share/doc/nhaviec"] {
        assert_eq!(mode(&tree.join(folder)), 0o755, "{folder}");
    }
    let control = fs::read_to_string(tree.join("DEBIAN/control")).unwrap();
    assert!(control.contains(&format!("\nVersion: {}\nArchitecture: amd64\n", debian_version())), "{control}");
    let size = control.lines().find_map(|line| line.strip_prefix("Installed-Size: ")).unwrap();
    assert!(size.parse::<u64>().unwrap() > 0);
    let conffiles = fs::read_to_string(tree.join("DEBIAN/conffiles")).unwrap();
    for path in conffiles.lines() {
        assert!(tree.join(path.trim_start_matches('/')).exists(), "{path}");
    }
}

#[test]
fn debian_reads_the_package() {
    let bench = Bench::new();
    let Some(package) = package(&bench.parts(), bench.folder.path()).unwrap() else { return };
    let info = printed("dpkg-deb", &["--info"], &package).unwrap();
    for part in ["Package: nhaviec\n", "Depends: adduser, libc6 (>= 2.36)", "conffiles"] {
        assert!(info.contains(part), "«{part}» is not in:\n{info}");
    }
    // A star stands where dpkg may run it.
    for script in ["preinst", "postinst", "prerm", "postrm"] {
        let line = info.lines().find(|line| line.contains(&format!(" {script} "))).unwrap();
        assert!(line.contains('*'), "{line}");
    }
    let contents = printed("dpkg-deb", &["--contents"], &package).unwrap();
    assert!(contents.lines().all(|line| line.contains(" root/root ")), "{contents}");
    for (mode, path) in [
        ("drwxr-xr-x", "./"),
        ("-rwxr-xr-x", "./usr/bin/nhaviec"),
        ("-rwxr-xr-x", "./usr/lib/nhaviec/go-back"),
        ("-rw-r--r--", "./etc/nhaviec/nhaviec.toml"),
        ("-rw-r--r--", "./lib/systemd/system/nhaviec.service"),
    ] {
        let line = contents.lines().find(|line| line.ends_with(&format!(" {path}"))).unwrap();
        assert!(line.starts_with(mode), "{line}");
    }
    // The data are made on the machine; no update may own, empty or remove their folder.
    assert!(!contents.contains("var/lib"), "{contents}");
}

#[test]
fn the_sums_are_those_of_what_is_handed_out() {
    let bench = Bench::new();
    let dist = bench.folder.path().join("dist");
    fs::create_dir(&dist).unwrap();
    let made = pack(&bench.parts(), &dist).unwrap();
    let names: BTreeSet<PathBuf> = made.iter().map(|path| PathBuf::from(path.file_name().unwrap())).collect();
    assert_eq!(files(&dist), names, "nothing else is left");
    let sums = fs::read_to_string(dist.join("SHA256SUMS")).unwrap();
    let archive = format!("nhaviec-{VERSION}-linux-amd64");
    assert!(sums.contains(&format!("  {archive}.tar.gz\n")), "{sums}");
    answer(Command::new("sha256sum").args(["--check", "SHA256SUMS"]).current_dir(&dist)).unwrap().unwrap();
    let listed = printed("tar", &["--list", "--verbose", "--file"], &dist.join(format!("{archive}.tar.gz"))).unwrap();
    assert!(listed.lines().all(|line| line.contains(" 0/0 ") || line.contains(" root/root ")), "{listed}");
    for (mode, name) in [
        ("-rwxr-xr-x", "nhaviec"),
        ("-rw-r--r--", "LICENSE"),
        ("-rw-r--r--", "LICENCES.txt"),
        ("-rw-r--r--", "README.vi.md"),
        ("-rw-r--r--", "nhaviec.service"),
        ("-rw-r--r--", "nhaviec.toml"),
    ] {
        let line = listed.lines().find(|line| line.ends_with(&format!(" {archive}/{name}"))).unwrap();
        assert!(line.starts_with(mode), "{line}");
    }
}

#[test]
fn every_setting_of_the_template_is_one_that_the_program_knows() {
    let source = fs::read_to_string(checkout().join("app/src/settings.rs")).unwrap();
    let fields = source.split("struct File {").nth(1).unwrap().split('}').next().unwrap();
    let known: BTreeSet<&str> = fields.lines().filter_map(|line| Some(line.trim().split_once(": ")?.0)).collect();
    assert!(known.contains("listen") && known.len() >= 5, "{known:?}");
    let template = fs::read_to_string(templates().join("etc/nhaviec/nhaviec.toml")).unwrap();
    // Those that are only proposed stand behind a number sign.
    let lines = template.lines().map(|line| line.trim_start_matches('#').trim());
    let named = lines.filter_map(|line| line.split_once(" = ")).map(|(name, _)| name);
    let named: BTreeSet<&str> = named.filter(|name| !name.contains(' ')).collect();
    assert!(named.contains("database") && named.contains("data"), "{named:?}");
    assert!(named.is_subset(&known), "{named:?} but the program knows {known:?}");
    let said = |line: &str| template.lines().any(|other| other == line);
    assert!(said("data = \"/var/lib/nhaviec\""), "the unit may write there and nowhere else");
}

#[test]
fn the_unit_starts_what_the_package_brings_where_its_settings_are() {
    let unit = fs::read_to_string(templates().join("lib/systemd/system/nhaviec.service")).unwrap();
    let said = |name: &str| {
        let found = unit.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
        found.unwrap_or_else(|| panic!("{name} is not said"))
    };
    let bench = Bench::new();
    let (start, settings) = (said("ExecStart"), said("WorkingDirectory"));
    let program = start.strip_suffix(" serve").unwrap();
    let packed = files(&bench.tree());
    for path in [program.to_owned(), format!("{settings}/nhaviec.toml")] {
        assert!(packed.contains(Path::new(path.trim_start_matches('/'))), "{path}");
    }
    let source = fs::read_to_string(checkout().join("app/src/settings.rs")).unwrap();
    assert!(source.contains(&format!("\"{settings}/nhaviec.toml\"")), "commands by hand find the same settings");
    assert_eq!(
        (said("User"), said("ReadWritePaths")),
        ("nhaviec", "/var/lib/nhaviec -/media -/mnt -/srv -/var/backups")
    );
}

#[test]
fn a_shell_reads_every_script() {
    let scripts: Vec<PathBuf> = files(&templates())
        .into_iter()
        .map(|path| templates().join(path))
        .filter(|path| fs::read_to_string(path).unwrap().starts_with("#!/bin/sh\n"))
        .collect();
    assert_eq!(scripts.len(), 5, "{scripts:?}");
    for script in scripts {
        assert_eq!(printed("sh", &["-n"], &script).unwrap(), "");
        assert!(fs::read_to_string(&script).unwrap().contains("\nset -e\n"), "{}", script.display());
    }
}

#[test]
fn the_version_stands_in_one_place() {
    let read = |path: &str| fs::read_to_string(checkout().join(path)).unwrap();
    let workspace = read("Cargo.toml");
    let own = workspace.split("[workspace.package]").nth(1).unwrap().split("\n[").next().unwrap();
    assert!(own.contains(&format!("\nversion = \"{VERSION}\"\n")), "{own}");
    for member in ["app", "xtask"] {
        assert!(read(&format!("{member}/Cargo.toml")).contains("\nversion.workspace = true\n"), "{member}");
    }
    // What must repeat it repeats this one.
    assert!(read("publiccode.yml").contains(&format!("\nsoftwareVersion: {VERSION}\n")));
    for path in files(&templates()) {
        let text = fs::read_to_string(templates().join(&path)).unwrap();
        assert!(!text.contains(VERSION), "{} says the version by itself", path.display());
    }
}
