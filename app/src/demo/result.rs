//! The result files of the demo: one sheet for each procedure and commune, which says that it is an illustration.

use dossiers::procedure::Definition;
use dossiers::sample::names;
use files::{FileStore, Kept};
use print::{Job, Page, Template};
use std::collections::HashMap;
use types::{Error, Result, Timestamp};

/// Typesets each sheet once; all dossiers of the procedure share its bytes.
pub(super) struct Sheets {
    files: FileStore,
    made_at: Timestamp,
    kept: HashMap<(String, String), Kept>,
}

impl Sheets {
    pub fn new(files: FileStore, made_at: Timestamp) -> Self {
        Self { files, made_at, kept: HashMap::new() }
    }

    /// What the procedure's result is called.
    pub fn name(definition: &Definition) -> String {
        definition.results.first().map_or_else(|| "Văn bản trả lời".to_owned(), |result| result.name.clone())
    }

    /// The sheet, ready for a row.
    pub fn sheet(&mut self, definition: &Definition, commune: &str) -> Result<Kept> {
        let key = (definition.code.clone(), commune.to_owned());
        if let Some(kept) = self.kept.get(&key) {
            return Ok(kept.clone());
        }
        let name = Self::name(definition);
        let data = serde_json::json!({
            "name": name, "commune": commune, "province": names().province_words(), "procedure": definition.short_name(),
        });
        let job = Job {
            template: Template::Own { name: "ket-qua-minh-hoa".into(), text: include_str!("result.typ").into() },
            ident: format!("demo/{}/{commune}", definition.code),
            data,
            assets: Vec::new(),
            page: Page::A4,
            made_at: self.made_at,
        };
        let pdf = typesetter::typeset(&job).map_err(|refusal| Error::internal(format!("a demo sheet: {refusal}")))?;
        let kept = self.files.keep_bytes(&format!("{name} (minh họa).pdf"), &pdf)?;
        self.kept.insert(key, kept.clone());
        Ok(kept)
    }
}
