//! Vietnamese text: cleaning of all input, folding for search, equality, order, case and slugs.
//!
//! Everything that enters the house passes through [`clean`] once; the other functions accept any text and do
//! not rely on it. The one exception is a card scan, whose marks may be mangled digits: it is parsed raw.
//! Rules and vectors follow TCVN 6909:2001 (precomposed Unicode) and the Vietnamese collation of CLDR.

mod clean;
mod fold;
mod letters;
mod names;
mod order;
mod tokens;
mod tones;

pub use clean::{clean, clean_lines};
pub use fold::{fold, slug, without_tones};
pub use letters::{Tone, VOWELS, join_tone, split_tone};
pub use names::{looks_vietnamese, title_case};
pub use order::{name_key, order_key};
pub use tokens::{QUERY_TOKENS_MAX, Query, TOKEN_CHARS_MAX, TOKENS_MAX, Token, query, tokens};
pub use tones::{equal, place_tones};

#[cfg(test)]
mod tests;
