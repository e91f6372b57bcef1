//! Procedures in the database: imported definitions with versions, and a cache of those that are read all the time.

use crate::procedure::Definition;
use serde_json::json;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, RwLock};
use store::{AuditEntry, Reader, Tx, params, revision};
use types::{Day, Error, Id, Result, text};

/// A version of a procedure as it stands in the database.
#[derive(Debug, Clone)]
pub struct StoredProcedure {
    pub id: Id,
    pub version: i64,
    pub definition: Arc<Definition>,
}

/// What an import came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Imported {
    /// A procedure that was not known.
    New,
    /// A new version of a known one; dossiers that were received before keep theirs.
    NewVersion(i64),
    /// The very same text is there already.
    Unchanged,
}

/// Imports a definition's text; the caller has parsed it to show mistakes, and it is parsed again here.
pub fn import(tx: &mut Tx<'_>, source: &str) -> Result<Imported> {
    let definition = Definition::parse(source).map_err(|e| Error::invalid("file", e.to_string()))?;
    let hash = fingerprint(source);
    let last: Option<(Id, i64, String)> = tx.opt(
        "SELECT id, version, hash FROM procedure WHERE code = $1 ORDER BY version DESC LIMIT 1",
        params![&definition.code],
    )?;
    if last.as_ref().is_some_and(|(_, _, known)| *known == hash) {
        return Ok(Imported::Unchanged);
    }
    let version = last.as_ref().map_or(0, |(_, version, _)| *version) + 1;
    let (id, at) = (tx.id()?, tx.at());
    tx.exec(
        "INSERT INTO procedure (id, code, version, name, field_code, definition, hash, valid_from, valid_to, imported_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        params![
            id, &definition.code, version, &definition.name, &definition.field.code, source, hash,
            definition.effective_from, definition.effective_to, at
        ],
    )?;
    revision::changed(tx, PROCEDURES)?;
    let detail = json!({ "code": definition.code, "version": version });
    tx.audit(&AuditEntry {
        action: "dossiers.import-procedure",
        entity: "procedure",
        entity_id: id,
        unit: None,
        detail,
    })?;
    Ok(if version == 1 { Imported::New } else { Imported::NewVersion(version) })
}

fn fingerprint(source: &str) -> String {
    use sha2::{Digest, Sha256};
    data_encoding::HEXLOWER.encode(&Sha256::digest(source.as_bytes()))
}

/// What [`Procedures`] of all nodes are compared by.
const PROCEDURES: &str = "procedures";

/// Procedures that are read on every page, kept in memory and renewed when one was imported.
#[derive(Clone, Default)]
pub struct Procedures(Arc<RwLock<Arc<Cache>>>);

#[derive(Default)]
struct Cache {
    /// The last change that this knows of.
    revision: Option<Id>,
    by_id: HashMap<Id, StoredProcedure>,
    /// By code and version.
    versions: Arc<Vec<StoredProcedure>>,
    /// The newest version of each code, in the order of their names.
    current: Arc<Vec<StoredProcedure>>,
}

impl Procedures {
    /// The newest version of every procedure.
    pub fn current(&self, reader: &mut Reader<'_>) -> Result<Arc<Vec<StoredProcedure>>> {
        Ok(self.last(reader)?.current.clone())
    }

    /// Every version of every procedure, those of one code in their order.
    pub fn versions(&self, reader: &mut Reader<'_>) -> Result<Arc<Vec<StoredProcedure>>> {
        Ok(self.last(reader)?.versions.clone())
    }

    /// The fields of work of all procedures by code, in the order of their names.
    pub fn fields_of_work(&self, reader: &mut Reader<'_>) -> Result<Vec<(String, String)>> {
        let current = self.current(reader)?;
        let fields = current.iter().map(|procedure| &procedure.definition.field);
        let by_code: BTreeMap<String, String> = fields.map(|field| (field.code.clone(), field.name.clone())).collect();
        let mut fields: Vec<(String, String)> = by_code.into_iter().collect();
        fields.sort_by_key(|(_, name)| text::order_key(name));
        Ok(fields)
    }

    /// The procedure with this code that dossiers are received under on `day`.
    pub fn in_force(&self, reader: &mut Reader<'_>, code: &str, day: Day) -> Result<StoredProcedure> {
        let found = self.current(reader)?.iter().find(|p| p.definition.code == code).cloned();
        let found = found.ok_or_else(|| Error::not_found(format!("thủ tục {code}")))?;
        if !found.definition.in_force(day) {
            return Err(Error::conflict(format!(
                "Thủ tục {code} chưa có hiệu lực hoặc đã hết hiệu lực vào ngày {}.",
                day.0.strftime("%d/%m/%Y")
            )));
        }
        Ok(found)
    }

    /// The version that a dossier pins.
    pub fn by_id(&self, reader: &mut Reader<'_>, id: Id) -> Result<StoredProcedure> {
        if let Some(found) = self.cache().by_id.get(&id) {
            return Ok(found.clone());
        }
        self.last(reader)?.by_id.get(&id).cloned().ok_or_else(|| Error::internal(format!("no procedure row {id}")))
    }

    /// Procedures by what people call them, the best match first: all words must be in the name, code or short names.
    pub fn find(&self, reader: &mut Reader<'_>, typed: &str, day: Day) -> Result<Vec<StoredProcedure>> {
        let current = self.current(reader)?;
        let in_force = current.iter().filter(|p| p.definition.in_force(day));
        let words = text::query(typed);
        if words.is_empty() {
            return Ok(in_force.cloned().collect());
        }
        let mut found: Vec<(u8, StoredProcedure)> =
            in_force.filter_map(|p| rank(&p.definition, typed, &words).map(|rank| (rank, p.clone()))).collect();
        // Among equals the plain thing comes before its variants: "Khai sinh" before "Đăng ký lại khai sinh".
        found.sort_by_cached_key(|(rank, p)| (*rank, text::tokens(p.definition.short_name()).len()));
        Ok(found.into_iter().map(|(_, p)| p).collect())
    }

    fn cache(&self) -> Arc<Cache> {
        self.0.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    /// As of the last import; somebody slower may put an older one back meanwhile.
    fn last(&self, reader: &mut Reader<'_>) -> Result<Arc<Cache>> {
        let revision = Some(revision::last(reader, PROCEDURES)?);
        let known = self.cache();
        if known.revision == revision {
            return Ok(known);
        }
        let rows: Vec<(Id, String, i64, String)> =
            reader.all("SELECT id, code, version, definition FROM procedure ORDER BY code, version", params![])?;
        let mut cache = Cache { revision, ..Cache::default() };
        let (mut current, mut versions) = (HashMap::new(), Vec::new());
        for (id, code, version, source) in rows {
            // One that an earlier program took and this one cannot read must not take the others away. An older version
            // does not stand in for it: that would be law that no longer holds.
            let definition = match Definition::parse(&source) {
                Ok(definition) => definition,
                Err(error) => {
                    tracing::error!(code, version, %error, "a stored definition does not parse");
                    current.remove(&code);
                    continue;
                }
            };
            let stored = StoredProcedure { id, version, definition: Arc::new(definition) };
            current.insert(stored.definition.code.clone(), stored.clone());
            versions.push(stored.clone());
            cache.by_id.insert(id, stored);
        }
        let mut list: Vec<StoredProcedure> = current.into_values().collect();
        list.sort_by_key(|p| text::order_key(p.definition.short_name()));
        (cache.current, cache.versions) = (Arc::new(list), Arc::new(versions));
        let cache = Arc::new(cache);
        *self.0.write().unwrap_or_else(std::sync::PoisonError::into_inner) = cache.clone();
        Ok(cache)
    }
}

/// 0 is the best: the code or a short name to the letter, then a short name's words, then the official name's.
fn rank(definition: &Definition, typed: &str, words: &text::Query) -> Option<u8> {
    let folded = text::fold(typed);
    if definition.code == typed.trim() || definition.short_names.iter().any(|name| text::fold(name) == folded) {
        return Some(0);
    }
    let has_all = |texts: &[&str], wanted: &[String], exact: bool| {
        let tokens: Vec<text::Token> = texts.iter().flat_map(|t| text::tokens(t)).collect();
        wanted.iter().all(|word| {
            tokens.iter().any(|t| if exact { t.exact == *word } else { t.folded.starts_with(word.as_str()) })
        })
    };
    let short: Vec<&str> = definition.short_names.iter().map(String::as_str).collect();
    let all: Vec<&str> = short.iter().copied().chain([definition.name.as_str(), definition.code.as_str()]).collect();
    if words.has_accents && has_all(&short, &words.exact, true) {
        Some(1)
    } else if has_all(&short, &words.folded, false) {
        Some(2)
    } else if words.has_accents && has_all(&all, &words.exact, true) {
        Some(3)
    } else {
        has_all(&all, &words.folded, false).then_some(4)
    }
}
