//! Our one tokeniser for search, the same words on both database engines.
//!
//! A token is a run of letters and digits. Its exact form is lower-case NFC with the tone placement normalised;
//! its folded form has no marks. The index keeps both, so that a query typed with marks finds its exact
//! matches first, and one typed without finds all.

use unicode_normalization::char::is_combining_mark;

use super::clean::clean;
use super::fold::fold_clean;
use super::tones::place_tones;

/// A longer run of letters and digits is cut here, in the index and in the query alike.
pub const TOKEN_CHARS_MAX: usize = 40;
/// Distinct tokens that one text may put into the index.
pub const TOKENS_MAX: usize = 2_000;
/// Distinct tokens of a query; what comes after them is ignored.
pub const QUERY_TOKENS_MAX: usize = 16;

/// One word of a text, ready for the index. Holds letters and digits only.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Token {
    /// Lower case, NFC, tone placement normalised: `ưởng`.
    pub exact: String,
    /// The same without any mark: `uong`.
    pub folded: String,
}

/// What a person typed into a search box.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query {
    /// The words as typed, to rank matches that agree in every mark first.
    pub exact: Vec<String>,
    /// The same words folded, one for one, to find all.
    pub folded: Vec<String>,
    /// Whether any mark was typed; without one the exact forms say nothing.
    pub has_accents: bool,
}

impl Query {
    /// Nothing to look for.
    pub fn is_empty(&self) -> bool {
        self.folded.is_empty()
    }
}

/// The distinct tokens of a text in order of first appearance, at most [`TOKENS_MAX`].
pub fn tokens(text: &str) -> Vec<Token> {
    first(text, TOKENS_MAX)
}

/// The tokens of a query, at most [`QUERY_TOKENS_MAX`].
pub fn query(text: &str) -> Query {
    let found = first(text, QUERY_TOKENS_MAX);
    Query {
        has_accents: found.iter().any(|token| token.exact != token.folded),
        exact: found.iter().map(|token| token.exact.clone()).collect(),
        folded: found.into_iter().map(|token| token.folded).collect(),
    }
}

fn first(text: &str, limit: usize) -> Vec<Token> {
    let text = place_tones(&clean(text).to_lowercase());
    let mut seen = std::collections::HashSet::new();
    let words = text.split(|c: char| !c.is_alphanumeric() && !is_combining_mark(c));
    let words = words.map(|word| word.trim_start_matches(is_combining_mark));
    let words = words.filter(|word| !word.is_empty()).map(cut).filter(|word| seen.insert(*word));
    words.take(limit).map(|word| Token { exact: word.to_owned(), folded: fold_clean(word) }).collect()
}

fn cut(word: &str) -> &str {
    word.char_indices().nth(TOKEN_CHARS_MAX).map_or(word, |(end, _)| &word[..end])
}
