//! Bringing in definitions: all files are right, or nothing is changed. The page and `nhaviec import procedures` share it.

use crate::procedure::{Definition, DefinitionErrors};
use crate::stored::{self, Imported};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;
use store::{Store, Tx};
use types::{Error, FieldError, Result};

/// Ids that one definition needs: its row and its audit entry.
const IDS_PER_FILE: u16 = 2;

/// A definition file that somebody offers.
#[derive(Debug, Clone)]
pub(super) struct Offered {
    /// What people call the file.
    pub name: String,
    pub bytes: Vec<u8>,
}

/// A file with its mistakes.
#[derive(Debug, Clone)]
pub(super) struct WrongFile {
    pub name: String,
    pub errors: DefinitionErrors,
}

/// A file that was read without a mistake.
#[derive(Debug, Clone)]
pub(super) struct Checked {
    name: String,
    code: String,
    text: String,
}

/// What became of one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportedFile {
    /// The file's name.
    pub file: String,
    /// The procedure's code.
    pub code: String,
    pub imported: Imported,
}

/// Reads every file; on failure every mistake of every file. `tell` hears the name of each before it is read.
pub(super) fn check(
    offered: Vec<Offered>,
    mut tell: impl FnMut(&str),
) -> std::result::Result<Vec<Checked>, Vec<WrongFile>> {
    let (mut right, mut wrong) = (Vec::new(), Vec::new());
    let mut seen = BTreeMap::<String, String>::new();
    for Offered { name, bytes } in offered {
        tell(&name);
        match Definition::parse_bytes(&bytes) {
            Ok(definition) => {
                if let Some(other) = seen.insert(definition.code.clone(), name.clone()) {
                    let message = format!("cùng mã thủ tục {} với tệp «{other}»", definition.code);
                    wrong.push(WrongFile { name: name.clone(), errors: DefinitionErrors::whole(message) });
                }
                let text = String::from_utf8(bytes).unwrap_or_default();
                right.push(Checked { name, code: definition.code, text });
            }
            Err(errors) => wrong.push(WrongFile { name, errors }),
        }
    }
    if wrong.is_empty() { Ok(right) } else { Err(wrong) }
}

/// Writes what was checked; each file is a new procedure, a new version, or what there was.
pub(super) fn write(tx: &mut Tx<'_>, files: &[Checked]) -> Result<Vec<ImportedFile>> {
    let done = files.iter().map(|file| {
        let imported = stored::import(tx, &file.text)?;
        Ok(ImportedFile { file: file.name.clone(), code: file.code.clone(), imported })
    });
    done.collect()
}

/// Imports definition files from the disk, for `nhaviec import procedures FILE...`. One wrong file and nothing is
/// imported; the error then holds every mistake as `tệp: dòng 12: fees[0].kind: …`. `tell` hears the name of each file
/// before it is read.
///
/// # Errors
/// `Invalid` for wrong or unreadable files; what the store answers otherwise.
pub fn import_files(store: &Store, paths: &[PathBuf], tell: impl FnMut(&str)) -> Result<Vec<ImportedFile>> {
    let mut offered = Vec::with_capacity(paths.len());
    let mut unreadable = Vec::new();
    for path in paths {
        let name = path.display().to_string();
        match std::fs::read(path) {
            Ok(bytes) => offered.push(Offered { name, bytes }),
            Err(error) => unreadable.push(FieldError::new(&name, format!("{name}: không đọc được tệp ({error})"))),
        }
    }
    if !unreadable.is_empty() {
        return Err(Error::Invalid(unreadable));
    }
    let files = check(offered, tell).map_err(|wrong| {
        let told = |file: WrongFile| {
            let name = file.name;
            let line =
                move |error: crate::procedure::DefinitionError| FieldError::new(&name, format!("{name}: {error}"));
            file.errors.0.into_iter().map(line).collect::<Vec<_>>()
        };
        Error::Invalid(wrong.into_iter().flat_map(told).collect())
    })?;
    let rows = u16::try_from(files.len()).unwrap_or(u16::MAX).saturating_mul(IDS_PER_FILE).saturating_add(1);
    let command = store.system_command("dossiers.import-procedures", rows);
    store.write_blocking(command, move |tx| write(tx, &files))
}
