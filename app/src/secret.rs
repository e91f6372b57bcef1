//! A word by which a machine is let in.

use sha2::{Digest, Sha256};
use std::fmt;

/// A secret word. Its hash alone is kept, so that whoever prints the settings does not print it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret([u8; 32]);

impl Secret {
    /// Characters that it must have at least: nobody counts wrong guesses.
    pub const LENGTH_MIN: usize = 24;

    /// The secret that `word` is; none when it is short, or has what no header carries.
    pub fn of(word: &str) -> Option<Self> {
        let good = word.len() >= Self::LENGTH_MIN && word.bytes().all(|byte| byte.is_ascii_graphic());
        good.then(|| Self(hash(word)))
    }

    /// Whether it is this word. How long that takes tells nothing of it: all bytes of two hashes are compared.
    pub fn is(&self, word: &str) -> bool {
        self.0.iter().zip(hash(word)).fold(0_u8, |differing, (ours, theirs)| differing | (ours ^ theirs)) == 0
    }
}

fn hash(word: &str) -> [u8; 32] {
    Sha256::digest(word.as_bytes()).into()
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_its_own_word_and_no_other() {
        let word = "mot-ma-dai-cho-may-chu-do-luong";
        let secret = Secret::of(word).unwrap();
        assert!(secret.is(word));
        for other in ["", "mot-ma-dai-cho-may-chu-do-luon", "mot-ma-dai-cho-may-chu-do-luonG", "x"] {
            assert!(!secret.is(other), "{other}");
        }
        assert_eq!(format!("{secret:?}"), "Secret(…)");
    }

    #[test]
    fn a_short_word_or_one_that_no_header_carries_is_none() {
        for word in ["", "ngan", "du-dai-nhung-co dau-cach-o-giua", "đủ-dài-nhưng-có-dấu-tiếng-việt"] {
            assert!(Secret::of(word).is_none(), "{word}");
        }
    }
}
