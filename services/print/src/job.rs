//! What a print is made of.

use crate::PrintError;
use serde::{Deserialize, Serialize};
use types::Timestamp;

/// Most bytes that the assets of one job may have together.
pub const ASSETS_BYTES_MAX: usize = 16 << 20;
/// Most bytes of a template that comes with a job.
pub const TEMPLATE_BYTES_MAX: usize = 256 << 10;

/// One document to print. The same job gives the same bytes: nothing is taken from a clock.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Job {
    /// What it looks like.
    pub template: Template,
    /// Names this document for the PDF's own identifier, the same each time it is printed.
    pub ident: String,
    /// What it says; the template reads it as `data.json`.
    pub data: serde_json::Value,
    /// Pictures and the like. They travel beside the job's text, each in a frame of its own.
    #[serde(skip)]
    pub assets: Vec<Asset>,
    /// Paper.
    pub page: Page,
    /// The date that the PDF carries as its making.
    pub made_at: Timestamp,
}

/// Which template to use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Template {
    /// One that ships with the program, by name: `receipt`, `letter`, `control-sheet`, `certificate-requests`, `figures`,
    /// `stamp`.
    Named(String),
    /// A province's own, in full. It may import `letterhead.typ` and `places.typ` and read the job's files, and nothing
    /// else.
    Own {
        /// Name for messages.
        name: String,
        /// The Typst source.
        text: String,
    },
}

impl Template {
    /// A template that ships with the program.
    pub fn named(name: &str) -> Self {
        Self::Named(name.to_owned())
    }
}

/// A file that the template shows, e.g. `qr.svg`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset {
    /// File name as the template writes it: small letters, digits, dot, hyphen.
    pub name: String,
    /// Content.
    pub bytes: Vec<u8>,
}

/// Paper sizes of the forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Page {
    /// 210 by 297 mm.
    A4,
    /// 148 by 210 mm.
    A5,
}

impl Job {
    /// Refuses what would be refused later, before a worker is bothered with it.
    pub(crate) fn check(&self) -> Result<(), PrintError> {
        within(self.assets.iter().map(|a| a.bytes.len()).sum(), ASSETS_BYTES_MAX)?;
        if let Template::Own { text, .. } = &self.template {
            within(text.len(), TEMPLATE_BYTES_MAX)?;
        }
        match self.assets.iter().find(|a| !is_asset_name(&a.name)) {
            Some(asset) => Err(PrintError::BadAssetName(asset.name.clone())),
            None => Ok(()),
        }
    }
}

fn within(bytes: usize, bytes_max: usize) -> Result<(), PrintError> {
    if bytes <= bytes_max { Ok(()) } else { Err(PrintError::TooLarge { bytes, bytes_max }) }
}

/// No folders, no capitals, and none of the names under which the typesetter keeps its own files.
fn is_asset_name(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '.';
    name.len() <= 64
        && name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.chars().all(plain)
        && !name.ends_with(".typ")
        && !matches!(name, "data.json" | "job.json")
}
