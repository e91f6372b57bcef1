//! The text index: the one place where SQLite (FTS5) and PostgreSQL (GIN over an array) say it differently.
//!
//! Tokens are made by `types::text` and hold letters and digits only. Units stand among them as `scope` tokens, so that
//! rights are part of the search and nothing is filtered afterwards.

use crate::engine::Engine;
use crate::params;
use crate::reader::Reader;
use crate::tx::Tx;
use types::{Id, Result};

/// The token of a unit; a record carries those of its unit and of all above it.
pub fn scope_token(unit: Id) -> String {
    format!("donvi{unit}")
}

/// What is looked for: any of the scopes, all of the words.
#[derive(Debug, Clone, Default)]
pub struct TextQuery {
    /// Scope tokens of the units that the searcher may see; none means nothing is found.
    pub scopes: Vec<String>,
    /// Words that must all be there.
    pub words: Vec<String>,
    /// Only records older than this one, for the next page.
    pub before: Option<Id>,
    pub limit: i64,
}

impl Tx<'_> {
    /// Puts `record` into the index under `tokens`, in place of what it had.
    pub fn index_text(&mut self, record: Id, tokens: &[String]) -> Result<()> {
        match self.engine() {
            Engine::Sqlite => {
                self.exec(
                    "INSERT OR REPLACE INTO search_text (rowid, tokens) VALUES ($1, $2)",
                    params![record, plain(tokens).join(" ")],
                )?;
            }
            Engine::Postgres => {
                self.exec(
                    "INSERT INTO search_text (record_id, tokens) VALUES ($1, string_to_array($2, ' '))
                     ON CONFLICT (record_id) DO UPDATE SET tokens = excluded.tokens",
                    params![record, plain(tokens).join(" ")],
                )?;
            }
        }
        Ok(())
    }
}

impl Reader<'_> {
    /// Records that match, newest first.
    pub fn find_text(&mut self, query: &TextQuery) -> Result<Vec<Id>> {
        let (scopes, words) = (plain(&query.scopes), plain(&query.words));
        if scopes.is_empty() || words.is_empty() {
            return Ok(Vec::new());
        }
        let before = query.before.map_or(i64::MAX, |id| id.0);
        let found: Vec<(Id,)> = match self.engine() {
            Engine::Sqlite => self.all(
                "SELECT rowid FROM search_text WHERE search_text MATCH $1 AND rowid < $2 ORDER BY rowid DESC LIMIT $3",
                params![fts5_match(&scopes, &words), before, query.limit],
            )?,
            Engine::Postgres => {
                // A common word is found by walking back from the newest record, a rare one in the index. The server knows
                // which by the word alone, and would soon keep one plan for all of them.
                self.put("SET LOCAL plan_cache_mode = force_custom_plan", &[])?;
                let found = self.all(
                    "SELECT record_id FROM search_text
                     WHERE tokens @> string_to_array($1, ' ') AND tokens && string_to_array($2, ' ') AND record_id < $3
                     ORDER BY record_id DESC LIMIT $4",
                    params![words.join(" "), scopes.join(" "), before, query.limit],
                )?;
                self.put("SET LOCAL plan_cache_mode = auto", &[])?;
                found
            }
        };
        Ok(found.into_iter().map(|(id,)| id).collect())
    }
}

/// Tokens as both engines keep them: lower case, without spaces and signs, none empty. `types::text` makes no others;
/// what comes from elsewhere must not mean one thing to FTS5 and another to an array.
fn plain(tokens: &[String]) -> Vec<String> {
    let kept = |c: &char| c.is_ascii_alphanumeric() || !(c.is_ascii() || c.is_whitespace() || c.is_control());
    let plain = tokens.iter().map(|token| token.chars().filter(kept).flat_map(char::to_lowercase).collect::<String>());
    plain.filter(|token| !token.is_empty()).collect()
}

/// Quotes every token, so that nothing a person types is read as FTS5 syntax.
fn fts5_match(scopes: &[String], words: &[String]) -> String {
    let quoted = |tokens: &[String]| tokens.iter().map(|token| format!("\"{token}\"")).collect::<Vec<_>>();
    format!("({}) AND {}", quoted(scopes).join(" OR "), quoted(words).join(" AND "))
}
