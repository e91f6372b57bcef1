//! Closed sets of words: the word in the database and what people read.

/// Declares an enum whose variants are kept as words and shown with Vietnamese titles.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal, $title:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// All of them, in the order people expect.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The word in the database.
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// What people read.
            pub fn title(self) -> &'static str {
                match self { $(Self::$variant => $title),+ }
            }

            /// The one with this word.
            pub fn of(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|known| known.word() == word)
            }

            /// Reads what the database holds.
            pub(crate) fn read(word: &str) -> types::Result<Self> {
                Self::of(word).ok_or_else(|| types::Error::internal(format!("«{word}» in the database is none of ours")))
            }
        }
    };
}
pub(crate) use words;
