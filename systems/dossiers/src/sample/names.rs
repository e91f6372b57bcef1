//! What people, places and remarks of the demo are put together from: `demo/names.toml` and `demo/phrases.toml`.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A name with its rough share.
#[derive(Debug, Deserialize)]
pub struct Weighted {
    pub name: String,
    pub weight: u32,
}

/// A people (dân tộc) with the parts of its names.
#[derive(Debug, Deserialize)]
pub struct People {
    pub code: String,
    pub name: String,
    /// Of a hundred.
    pub share: u32,
    pub family: Vec<Weighted>,
    pub middle_male: Vec<String>,
    pub middle_female: Vec<String>,
    pub given_male: Vec<String>,
    pub given_female: Vec<String>,
}

/// A fictional province or commune.
#[derive(Debug, Deserialize)]
pub struct PlaceName {
    pub gso_code: String,
    /// Its electronic identifier.
    pub unit_code: String,
    /// `xã`, `tỉnh`.
    pub kind: String,
    pub name: String,
}

/// A village of a commune.
#[derive(Debug, Deserialize)]
pub struct Village {
    pub commune: String,
    pub name: String,
    /// The code of the people most families belong to.
    pub mostly: String,
}

#[derive(Debug, Deserialize)]
pub struct Identity {
    pub prefix: String,
}

#[derive(Debug, Deserialize)]
pub struct Telephone {
    pub prefixes: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub struct Mail {
    pub domain: String,
}

#[derive(Debug, Deserialize)]
pub struct Places {
    pub births: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub struct Business {
    pub names: Vec<String>,
    pub trades: Vec<String>,
}

/// What officers write whatever the dossier is about.
#[derive(Debug, Deserialize)]
pub struct Remarks {
    /// Which duty is to be met first.
    pub payment: Vec<String>,
    /// Why it takes longer.
    pub apology: Vec<String>,
}

/// Everything.
#[derive(Debug, Deserialize)]
pub struct Names {
    /// What pages say about such data.
    pub notice: String,
    pub streets: Vec<String>,
    pub province: PlaceName,
    /// The commune of the demo first, then its neighbour.
    pub communes: Vec<PlaceName>,
    pub identity: Identity,
    pub telephone: Telephone,
    pub email: Mail,
    pub villages: Vec<Village>,
    pub peoples: Vec<People>,
    pub places: Places,
    pub business: Business,
    pub remarks: Remarks,
}

/// Fields of one procedure that belong together.
#[derive(Debug, Deserialize)]
pub(super) struct Scene {
    pub procedure: String,
    pub values: BTreeMap<String, String>,
}

/// What people write into forms.
#[derive(Debug, Deserialize)]
pub(super) struct Phrases {
    /// By kind, then by procedure, field of work, kind of post, or `any`.
    pub remarks: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    pub texts: BTreeMap<String, Vec<String>>,
    pub scenes: Vec<Scene>,
}

static NAMES: LazyLock<Names> = LazyLock::new(|| {
    toml::from_str(include_str!("../../demo/names.toml")).expect("demo/names.toml, which the tests read, parses")
});

static PHRASES: LazyLock<Phrases> = LazyLock::new(|| {
    toml::from_str(include_str!("../../demo/phrases.toml")).expect("demo/phrases.toml, which the tests read, parses")
});

/// The parts, read once.
pub fn names() -> &'static Names {
    &NAMES
}

pub(super) fn phrases() -> &'static Phrases {
    &PHRASES
}

impl Names {
    /// The name of the province as addresses end with it: `tỉnh Mây Thượng`.
    pub fn province_words(&self) -> String {
        format!("{} {}", self.province.kind, self.province.name)
    }
}
