//! The trees of files that become the archive and the package. Nothing is built here, so that tests make them quickly.
//!
//! `packaging/debian` is the package's own tree, with placeholders; the program and its documents are added.

use super::VERSION;
use anyhow::{Context, Result};
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// The package's files, from the checkout.
const TEMPLATES: &str = "packaging/debian";
/// Those that the archive holds too.
const IN_ARCHIVE: [&str; 2] = ["lib/systemd/system/nhaviec.service", "etc/nhaviec/nhaviec.toml"];

/// Whether a file may be run.
const RUN: u32 = 0o755;
const READ: u32 = 0o644;

/// What is packed.
#[derive(Debug, Clone, Copy)]
pub struct Parts<'a> {
    /// The checkout.
    pub root: &'a Path,
    /// The executable.
    pub program: &'a Path,
    /// The licences of the code that is linked in.
    pub licences: &'a str,
    /// In Debian's word: `amd64`.
    pub architecture: &'a str,
}

impl Parts<'_> {
    /// Fills `tree` with what `dpkg-deb` makes the package of.
    pub fn package(&self, tree: &Path) -> Result<()> {
        put(&tree.join("usr/bin/nhaviec"), &read(self.program)?, RUN)?;
        self.documents(&tree.join("usr/share/doc/nhaviec"))?;
        let words = [
            ("@VERSION@", debian_version()),
            ("@ARCHITECTURE@", self.architecture.to_owned()),
            ("@INSTALLED_SIZE@", kilobytes(tree)?.to_string()),
        ];
        copy(&self.root.join(TEMPLATES), tree, &words)?;
        open_folders(tree)
    }

    /// Fills `folder` with what is needed where there is no `dpkg`.
    pub fn archive(&self, folder: &Path) -> Result<()> {
        put(&folder.join("nhaviec"), &read(self.program)?, RUN)?;
        self.documents(folder)?;
        for name in IN_ARCHIVE {
            let from = self.root.join(TEMPLATES).join(name);
            let to = folder.join(from.file_name().unwrap_or_default());
            put(&to, &read(&from)?, READ)?;
        }
        open_folders(folder)
    }

    fn documents(&self, folder: &Path) -> Result<()> {
        for name in ["LICENSE", "README.vi.md"] {
            put(&folder.join(name), &read(&self.root.join(name))?, READ)?;
        }
        put(&folder.join("LICENCES.txt"), self.licences.as_bytes(), READ)
    }
}

/// A pre-release comes before its release, which Debian writes `0.2.0~rc1`.
pub fn debian_version() -> String {
    VERSION.replace('-', "~")
}

/// Copies a folder of text files with the placeholders filled. What begins as a script may be run.
fn copy(from: &Path, to: &Path, words: &[(&str, String)]) -> Result<()> {
    for entry in fs::read_dir(from).with_context(|| format!("listing {}", from.display()))? {
        let entry = entry?;
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            copy(&from, &to, words)?;
            continue;
        }
        let text = fs::read_to_string(&from).with_context(|| format!("reading {}", from.display()))?;
        let text = words.iter().fold(text, |text, (placeholder, word)| text.replace(placeholder, word));
        put(&to, text.as_bytes(), if text.starts_with("#!") { RUN } else { READ })?;
    }
    Ok(())
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("reading {}", path.display()))
}

/// Writes a file with this mode, whatever the mask of whoever runs this.
fn put(path: &Path, bytes: &[u8], mode: u32) -> Result<()> {
    let cannot = || format!("writing {}", path.display());
    fs::create_dir_all(path.parent().unwrap_or(Path::new("."))).with_context(cannot)?;
    fs::write(path, bytes).with_context(cannot)?;
    fs::set_permissions(path, Permissions::from_mode(mode)).with_context(cannot)
}

/// Everybody may enter all folders: installed with a strict mask, `/usr/bin` itself would be closed.
fn open_folders(folder: &Path) -> Result<()> {
    fs::set_permissions(folder, Permissions::from_mode(RUN))
        .with_context(|| format!("opening {}", folder.display()))?;
    for entry in fs::read_dir(folder).with_context(|| format!("listing {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            open_folders(&path)?;
        }
    }
    Ok(())
}

/// What a tree takes on the disk, as Debian wants it told.
fn kilobytes(folder: &Path) -> Result<u64> {
    let mut sum = 0;
    for entry in fs::read_dir(folder).with_context(|| format!("listing {}", folder.display()))? {
        let entry = entry?;
        let about = entry.metadata()?;
        sum += if about.is_dir() { kilobytes(&entry.path())? } else { about.len().div_ceil(1024) };
    }
    Ok(sum)
}
