//! Finding records by what people type.
//!
//! A record is indexed under its folded words, its words as written, and the units that may see it. Exact accents come
//! before folded ones, newest first within each.

use store::search::{TextQuery, scope_token};
use store::{Reader, Tx};
use types::text;
use types::{Id, Result};

/// Puts a record into the text index: `units` is its unit and all above it, `texts` what it may be found by.
pub fn index(tx: &mut Tx<'_>, record: Id, units: &[Id], texts: &[&str]) -> Result<()> {
    let mut tokens: Vec<String> = units.iter().map(|unit| scope_token(*unit)).collect();
    for text in texts {
        for token in text::tokens(text) {
            tokens.push(token.folded);
            tokens.push(token.exact);
        }
    }
    tokens.sort_unstable();
    tokens.dedup();
    tx.index_text(record, &tokens)
}

/// Where the next page of a search begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// Folded matches have begun.
    pub folded: bool,
    pub before: Id,
}

/// A record that matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    pub record: Id,
    /// It matches only when accents are not regarded.
    pub folded: bool,
}

impl Hit {
    /// What comes after this one.
    pub fn cursor(self) -> Cursor {
        Cursor { folded: self.folded, before: self.record }
    }
}

/// A page of matches in order, and where the next page begins.
#[derive(Debug, Clone, Default)]
pub struct Found {
    pub hits: Vec<Hit>,
    pub next: Option<Cursor>,
}

/// Records of `units` (or below) that match what was typed.
pub fn find(reader: &mut Reader<'_>, units: &[Id], typed: &str, from: Option<Cursor>, limit: usize) -> Result<Found> {
    let query = text::query(typed);
    let scopes: Vec<String> = units.iter().map(|unit| scope_token(*unit)).collect();
    let ask = |words: &[String], before: Option<Id>, limit: usize| TextQuery {
        scopes: scopes.clone(),
        words: words.to_vec(),
        before,
        limit: i64::try_from(limit).unwrap_or(i64::MAX),
    };
    let want = limit + 1;
    let hit = |folded: bool| move |record: Id| Hit { record, folded };
    let mut found: Vec<Hit> = Vec::new();
    let in_folded = from.is_some_and(|c| c.folded);
    if query.has_accents && !in_folded {
        let exact = reader.find_text(&ask(&query.exact, from.map(|c| c.before), want))?;
        found.extend(exact.into_iter().map(hit(false)));
    }
    if found.len() < want {
        // Exact matches are folded matches too; a page further back is asked for when they fill this one.
        let mut before = from.filter(|c| c.folded).map(|c| c.before);
        while found.len() < want {
            let page = reader.find_text(&ask(&query.folded, before, want))?;
            let Some(last) = page.last().copied() else { break };
            let exact = if query.has_accents { exact_among(reader, &ask, &query.exact, &page)? } else { Vec::new() };
            found.extend(page.iter().copied().filter(|id| !exact.contains(id)).map(hit(true)));
            if page.len() < want {
                break;
            }
            before = Some(last);
        }
    }
    let more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| more).map(|last| last.cursor());
    Ok(Found { hits: found, next })
}

/// Which of `page` (newest first) match exactly: one range of the index.
fn exact_among(
    reader: &mut Reader<'_>,
    ask: &impl Fn(&[String], Option<Id>, usize) -> TextQuery,
    words: &[String],
    page: &[Id],
) -> Result<Vec<Id>> {
    let (Some(newest), Some(oldest)) = (page.first(), page.last()) else { return Ok(Vec::new()) };
    let exact = reader.find_text(&ask(words, Some(Id(newest.0 + 1)), page.len()))?;
    Ok(exact.into_iter().filter(|id| id >= oldest).collect())
}
