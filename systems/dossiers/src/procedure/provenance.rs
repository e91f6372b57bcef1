//! Where a fact comes from, and whether anybody has seen it written down.
//!
//! `[sources]` of a definition maps the path of a fact, or of a group of facts, to a mark; the longest path wins.
//! Marks: `F:API,SO` found in the sources named, `Q:…` confirmed by the document named by number and date, `I:SO`
//! inferred from the sources named, `M:h` (`m`, `l`) remembered with high (medium, low) confidence, `D` drafted for this
//! program, `N` looked for and not found.
//!
//! A fact is verified when the decision behind it is known by number and date: `Q`, or `F` in a definition whose announcing
//! decision was found. `F` without one is sourced: shown with its source, and told to be held against no decision yet.
//! Everything else is shown as "chưa kiểm chứng" where it stands.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Serialize;
use toml::de::DeValue;
use types::Day;

use super::choice::choices;
use super::definition::Announced;
use super::form::parse_day;
use super::reader::Table;

/// The register of public sources, `procedures/sources.toml`.
static REGISTER: LazyLock<BTreeMap<String, Source>> = LazyLock::new(|| {
    toml::from_str(include_str!("../../procedures/sources.toml")).expect("procedures/sources.toml is tested")
});

/// A public source of facts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// What it is, in Vietnamese.
    pub title: String,
    /// Where it can be read.
    pub place: String,
    /// The date its content is of.
    pub as_of: String,
}

/// The register of sources by their short names.
pub fn register() -> &'static BTreeMap<String, Source> {
    &REGISTER
}

choices! {
    /// How sure a remembered fact is.
    Confidence {
        /// Well known, only to be looked up again.
        High = "h", "cao";
        /// Likely.
        Medium = "m", "vừa";
        /// A guess that somebody must check before anything else.
        Low = "l", "thấp";
    }
}

/// Where a fact comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "mark", content = "of", rename_all = "snake_case")]
pub enum Mark {
    /// Found in these sources of the register.
    Found(Vec<String>),
    /// Confirmed by this decision or document; what a locality enters after checking.
    Decided(Document),
    /// Our reading of these sources.
    Inferred(Vec<String>),
    /// General knowledge, not looked up.
    Remembered(Confidence),
    /// Drafted for this program: a proposal, not a fact.
    Drafted,
    /// Looked for and not found; a gap that is told is better than one that is silent.
    Missing,
}

/// A decision or document that confirms a fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// As it was entered, perhaps with whose it is: `12/QĐ-UBND ngày 05/01/2026 của UBND tỉnh`.
    pub text: String,
    /// Number and symbol, `12/QĐ-UBND`.
    pub number: String,
    /// When it was signed.
    pub date: Day,
}

impl Document {
    /// The first day in `text` and the last number with its symbol before it; without both nobody finds the document.
    fn read(text: &str) -> Option<Self> {
        let words = text.split(|c: char| c.is_whitespace() || [',', ';', '(', ')'].contains(&c));
        let words: Vec<&str> = words.map(|word| word.trim_end_matches('.')).filter(|word| !word.is_empty()).collect();
        let (at, date) = (0..words.len()).find_map(|at| day_at(&words[at..]).map(|day| (at, day)))?;
        let number = words[..at].iter().rev().find(|word| is_number(word))?;
        Some(Self { text: text.to_owned(), number: (*number).to_owned(), date })
    }
}

/// Programs read what was entered; number and date stand with the fact's decision.
impl Serialize for Document {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

/// `2831/QĐ-UBND`, and neither a term of office (`2021-2026`) nor a day.
fn is_number(word: &str) -> bool {
    let parts = word.split_once('/');
    parts.is_some_and(|(number, symbol)| {
        number.contains(|c: char| c.is_ascii_digit()) && symbol.contains(char::is_alphabetic)
    })
}

/// A day as in `10/7/2025` or `10 tháng 7 năm 2025`.
fn day_at(words: &[&str]) -> Option<Day> {
    match words {
        [day, "tháng", month, "năm", year, ..] => parse_day(&format!("{day}/{month}/{year}")),
        [day, ..] => parse_day(day),
        [] => None,
    }
}

/// The decision behind a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Decision<'a> {
    /// Number and symbol.
    pub number: &'a str,
    /// When it was signed.
    pub date: Day,
}

/// How far a fact is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// By the decision behind it, whose number and date are known.
    Verified,
    /// A public source states it; nobody has held it against the announcing decision.
    Sourced,
    /// No source states it.
    Doubtful,
}

impl Mark {
    /// The decision behind a fact with this mark: its own document, or for what a source states the one that announced
    /// the procedure. What nobody has found stated stands in no decision.
    fn decision<'a>(&'a self, announced: Option<&'a Announced>) -> Option<Decision<'a>> {
        match self {
            Self::Decided(document) => Some(Decision { number: &document.number, date: document.date }),
            Self::Found(_) => announced.map(|announced| Decision { number: &announced.number, date: announced.date }),
            Self::Inferred(_) | Self::Remembered(_) | Self::Drafted | Self::Missing => None,
        }
    }

    fn standing(&self, decision_known: bool) -> Standing {
        match self {
            _ if decision_known => Standing::Verified,
            Self::Decided(_) | Self::Found(_) => Standing::Sourced,
            Self::Inferred(_) | Self::Remembered(_) | Self::Drafted | Self::Missing => Standing::Doubtful,
        }
    }

    fn parse(text: &str) -> Result<Self, String> {
        let (kind, rest) = text.split_once(':').map_or((text, ""), |(kind, rest)| (kind, rest.trim()));
        match kind {
            "F" => sources_of(rest).map(Self::Found),
            "I" => sources_of(rest).map(Self::Inferred),
            "Q" => Document::read(rest).map(Self::Decided).ok_or_else(|| {
                format!("«{text}»: phải ghi số, ký hiệu và ngày của văn bản, ví dụ Q:2831/QĐ-UBND, 10/7/2025")
            }),
            "M" => Confidence::from_code(rest)
                .map(Self::Remembered)
                .ok_or_else(|| format!("«{text}»: độ chắc chắn phải là h, m hoặc l")),
            "D" if rest.is_empty() => Ok(Self::Drafted),
            "N" if rest.is_empty() => Ok(Self::Missing),
            _ => {
                Err(format!("«{text}» không phải dấu nguồn; dùng F:nguồn, Q:văn bản, I:nguồn, M:h, M:m, M:l, D hoặc N"))
            }
        }
    }

    /// The source in words, for a page.
    pub fn sentence(&self) -> String {
        let titles = |codes: &[String]| {
            let titles = codes.iter().map(|code| register().get(code).map_or(code.as_str(), |s| s.title.as_str()));
            titles.collect::<Vec<_>>().join("; ")
        };
        match self {
            Self::Found(codes) => titles(codes),
            Self::Decided(document) => document.text.clone(),
            Self::Inferred(codes) => format!("Suy từ: {}", titles(codes)),
            Self::Remembered(confidence) => {
                format!("Hiểu biết chung, chưa tra lại văn bản (độ chắc chắn {})", confidence.label())
            }
            Self::Drafted => "Bản đề xuất của phần mềm, địa phương xem lại và phê duyệt".to_owned(),
            Self::Missing => "Đã tìm trong các nguồn công khai, chưa thấy".to_owned(),
        }
    }
}

fn sources_of(text: &str) -> Result<Vec<String>, String> {
    let codes: Vec<String> = text.split(',').map(|code| code.trim().to_owned()).collect();
    match codes.iter().find(|code| !register().contains_key(*code)) {
        Some(code) => Err(format!("nguồn «{code}» không có trong sources.toml")),
        None => Ok(codes),
    }
}

/// One entry of `[sources]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SourceEntry {
    /// Where it comes from.
    pub mark: Mark,
    /// The date the fact is of, when it differs from the source's.
    pub as_of: Option<String>,
    /// What a reader should know: contradictions, what to check.
    pub note: Option<String>,
}

/// Where one fact of a definition comes from, as pages, the API and receipts show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Provenance<'a> {
    /// How far it is checked.
    pub standing: Standing,
    /// The mark.
    pub mark: &'a Mark,
    /// The source in words.
    pub source: String,
    /// The date the fact is of.
    pub as_of: Option<&'a str>,
    /// What a reader should know.
    pub note: Option<&'a str>,
    /// The decision behind it; a fact is verified when it has one.
    pub decision: Option<Decision<'a>>,
}

impl<'a> Provenance<'a> {
    /// Whether no source states it.
    pub fn is_doubtful(&self) -> bool {
        self.standing == Standing::Doubtful
    }

    pub(super) fn of(entry: &'a SourceEntry, announced: Option<&'a Announced>) -> Self {
        let of_source = match &entry.mark {
            Mark::Found(codes) | Mark::Inferred(codes) => codes.first().and_then(|code| register().get(code)),
            _ => None,
        };
        let decision = entry.mark.decision(announced);
        Self {
            standing: entry.mark.standing(decision.is_some()),
            mark: &entry.mark,
            source: entry.mark.sentence(),
            as_of: entry.as_of.as_deref().or_else(|| of_source.map(|source| source.as_of.as_str())),
            note: entry.note.as_deref(),
            decision,
        }
    }
}

/// Reads `[sources]`: `path = "F:SO"` or `path = { mark = "F:SO", as_of = "2026-04", note = "…" }`.
pub(super) fn read(table: &Table<'_, '_>) -> BTreeMap<String, SourceEntry> {
    let mut entries = BTreeMap::new();
    for (path, value) in table.entries() {
        let entry = match value {
            DeValue::String(mark) => Some((mark.to_string(), None, None)),
            DeValue::Table(below) => {
                let below = table.entry(&path, below);
                let parts = (below.required_text("mark"), below.text("as_of"), below.text("note"));
                below.finish();
                Some(parts)
            }
            _ => None,
        };
        let at = format!("sources[{path}]");
        match entry {
            None => table.log.error(at, "phải là dấu nguồn, ví dụ \"F:SO\" hoặc { mark = \"M:h\", note = \"…\" }"),
            Some((mark, as_of, note)) => match Mark::parse(&mark) {
                Ok(mark) => {
                    entries.insert(path, SourceEntry { mark, as_of, note });
                }
                Err(message) => table.log.error(at, message),
            },
        }
    }
    entries
}
