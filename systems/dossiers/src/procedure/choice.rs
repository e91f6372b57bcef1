//! Enums that stand in a definition as a short English word and on the screen as a Vietnamese one.

/// A closed list of words that a definition may use.
pub trait Choice: Sized + Copy + 'static {
    /// Every value, in the order shown to people.
    const ALL: &'static [Self];
    /// The word in the file and in JSON.
    fn code(self) -> &'static str;
    /// The words on the screen.
    fn label(self) -> &'static str;
    /// The value for a word of the file.
    fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|value| value.code() == code)
    }
}

/// Declares an enum with its words: `Counter = "counter", "Trực tiếp tại một cửa"`.
macro_rules! choices {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $code:literal, $label:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
        pub enum $name { $($(#[$variant_doc])* #[serde(rename = $code)] $variant,)+ }

        impl $crate::procedure::choice::Choice for $name {
            const ALL: &'static [Self] = &[$(Self::$variant),+];
            fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }
            fn label(self) -> &'static str {
                match self { $(Self::$variant => $label),+ }
            }
        }

        impl $name {
            /// Every value, in the order shown to people.
            pub const ALL: &'static [Self] = <Self as $crate::procedure::choice::Choice>::ALL;
            /// The word in files and in JSON.
            pub fn code(self) -> &'static str {
                $crate::procedure::choice::Choice::code(self)
            }
            /// The Vietnamese words on the screen.
            pub fn label(self) -> &'static str {
                $crate::procedure::choice::Choice::label(self)
            }
            /// The value for a word of a file.
            pub fn from_code(code: &str) -> Option<Self> {
                <Self as $crate::procedure::choice::Choice>::from_code(code)
            }
        }
    };
}

pub(crate) use choices;
