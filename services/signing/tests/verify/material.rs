//! Has the set of files made, once per test run, by the scripts in `tests/material`.

use serde::Deserialize;
use signing::trust::{Listed, TrustList};
use signing::verify::{Evidence, Report, verify};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;
use testkit::simulator::python;
use types::Timestamp;

/// One file of the set, with what is expected and what pyHanko says.
#[derive(Debug, Deserialize)]
pub struct File {
    pub name: String,
    pub what: String,
    pub expect: String,
    pub crls: Vec<String>,
    pub ocsps: Vec<String>,
    pub certificates: Vec<String>,
    pub why: String,
    pub accepted: bool,
    pub words: String,
}

/// The set. It is held in memory, for a static's folder would never be removed.
pub struct Set {
    data: BTreeMap<String, Vec<u8>>,
    pub files: Vec<File>,
    pub trust: TrustList,
    /// What we say about each, by its name.
    reports: BTreeMap<String, Report>,
}

static SET: LazyLock<Set> = LazyLock::new(Set::make);

/// The set; made when it is first asked for.
pub fn set() -> &'static Set {
    &SET
}

/// Where this crate's tests keep their scripts.
pub fn scripts() -> PathBuf {
    testkit::checkout("services/signing/tests/material")
}

/// A trust list with this certificate alone.
pub fn trusting(certificate: &[u8]) -> TrustList {
    let hash = ring::digest::digest(&ring::digest::SHA256, certificate);
    let hash: String = hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    let text = format!(
        "checked = \"2026-11-27\"\n[[certificate]]\nname = \"Root\"\nsha256 = \"{hash}\"\nkind = \"own\"\nrole = \"anchor\"\n\
         valid_from = \"2000-01-01\"\nvalid_to = \"2099-12-31\"\nsource = \"test\"\n"
    );
    Listed::read(&text).expect("a good list").load(&[certificate.to_vec()]).expect("the certificate is on it")
}

impl Set {
    fn make() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let ran = Command::new(python())
            .arg(scripts().join("make.py"))
            .arg(folder.path())
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .output()
            .expect("Python starts");
        assert!(ran.status.success(), "make.py failed:\n{}", String::from_utf8_lossy(&ran.stderr));
        let listed = std::fs::read(folder.path().join("set.json")).expect("set.json");
        let files: Vec<File> = serde_json::from_slice(&listed).expect("set.json is readable");
        let trust = trusting(&std::fs::read(folder.path().join("root.der")).expect("the root"));
        let entries =
            std::fs::read_dir(folder.path()).expect("the folder").map(|entry| entry.expect("an entry").path());
        let name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let data = entries.map(|path| (name(&path), std::fs::read(&path).expect("a file"))).collect();
        let mut set = Self { data, files, trust, reports: BTreeMap::new() };
        set.reports = set.files.iter().map(|file| (file.name.clone(), set.judge(file))).collect();
        set
    }

    /// A file of the folder.
    pub fn read(&self, name: &str) -> Vec<u8> {
        self.data.get(name).unwrap_or_else(|| panic!("no {name} in the set")).clone()
    }

    /// The file of this name.
    pub fn file(&self, name: &str) -> &File {
        self.files.iter().find(|file| file.name == name).unwrap_or_else(|| panic!("no {name} in the set"))
    }

    /// What we say about a file of the set.
    pub fn verify(&self, file: &File) -> Report {
        self.reports[&file.name].clone()
    }

    fn judge(&self, file: &File) -> Report {
        let read = |names: &[String]| names.iter().map(|name| self.read(name)).collect();
        let certificates = file.certificates.iter().map(|name| self.read(&format!("{name}.der"))).collect();
        let evidence = Evidence { certificates, crls: read(&file.crls), ocsps: read(&file.ocsps) };
        verify(&self.read(&format!("{}.pdf", file.name)), &self.trust, Timestamp::now(), &evidence)
    }

    /// What we say about the file of this name.
    pub fn report(&self, name: &str) -> Report {
        self.verify(self.file(name))
    }
}
