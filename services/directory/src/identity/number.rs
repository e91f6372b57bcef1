//! The personal number (số định danh cá nhân, 12 digits) and the number of the old card (chứng minh nhân dân, 9 digits).

use std::fmt;

use super::birth::Sex;

/// The fewest digits with which somebody may show that they know a number.
pub const LAST_DIGITS_MIN: usize = 4;

/// Why a number was not taken; displays as a Vietnamese sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberError {
    /// A personal number has 12 digits.
    Personal,
    /// The number of an old card has 9 digits.
    Old,
    /// A tax code has 10 digits, 10 and 3, or is a personal number.
    Tax,
}

impl fmt::Display for NumberError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Personal => "Số định danh cá nhân phải có đúng 12 chữ số.",
            Self::Old => "Số chứng minh nhân dân phải có đúng 9 chữ số.",
            Self::Tax => "Mã số thuế phải có 10 chữ số, 13 chữ số (dạng 0123456789-001) hoặc là số định danh cá nhân.",
        })
    }
}

impl std::error::Error for NumberError {}

/// A personal number (số định danh cá nhân): province of birth registration (3), century and sex (1), year of birth
/// (2), random (6). It has no check digit; what its parts say is only ever a reason to look again (`Doubt`).
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PersonalNumber(String);

impl PersonalNumber {
    /// Reads a typed number; spaces, dots and hyphens between the digits do not matter.
    pub fn parse(text: &str) -> Result<Self, NumberError> {
        bare_digits(text).filter(|digits| digits.len() == 12).map(Self).ok_or(NumberError::Personal)
    }

    /// The twelve digits: personal data, not for logs.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// For screens where the whole number is not needed: `0792•••••098`.
    pub fn masked(&self) -> String {
        mask(&self.0, 4)
    }

    /// Whether what somebody typed are this number's last digits, at least [`LAST_DIGITS_MIN`] of them.
    pub fn ends_with(&self, typed: &str) -> bool {
        last_digits_match(&self.0, typed)
    }

    /// The sex that the fourth digit records.
    pub fn sex(&self) -> Sex {
        if self.digit(3).is_multiple_of(2) { Sex::Male } else { Sex::Female }
    }

    /// The year of birth that the digits record, 1900 to 2399.
    pub fn birth_year(&self) -> i16 {
        1900 + i16::from(self.digit(3) / 2) * 100 + i16::from(self.digit(4)) * 10 + i16::from(self.digit(5))
    }

    /// The code of the province where the birth was registered, with the province list from before 2025.
    pub fn province(&self) -> &str {
        &self.0[..3]
    }

    fn digit(&self, at: usize) -> u8 {
        self.0.as_bytes()[at] - b'0'
    }
}

impl fmt::Debug for PersonalNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PersonalNumber({})", self.masked())
    }
}

/// The number of an old card (chứng minh nhân dân), still found on older papers.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OldNumber(String);

impl OldNumber {
    /// Reads a typed number; spaces, dots and hyphens between the digits do not matter.
    pub fn parse(text: &str) -> Result<Self, NumberError> {
        bare_digits(text).filter(|digits| digits.len() == 9).map(Self).ok_or(NumberError::Old)
    }

    /// The nine digits: personal data, not for logs.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `352•••714`.
    pub fn masked(&self) -> String {
        mask(&self.0, 3)
    }

    /// Whether what somebody typed are this number's last digits, at least [`LAST_DIGITS_MIN`] of them.
    pub fn ends_with(&self, typed: &str) -> bool {
        last_digits_match(&self.0, typed)
    }
}

impl fmt::Debug for OldNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OldNumber({})", self.masked())
    }
}

/// The digits of a typed number; `None` when anything but digits and the usual separators is in it.
pub(super) fn bare_digits(text: &str) -> Option<String> {
    let kept = text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '.' | '-'));
    kept.map(|c| c.is_ascii_digit().then_some(c)).collect()
}

/// Keeps `head` digits and the last three.
fn mask(digits: &str, head: usize) -> String {
    let hidden = "•".repeat(digits.len() - head - 3);
    format!("{}{hidden}{}", &digits[..head], &digits[digits.len() - 3..])
}

fn last_digits_match(digits: &str, typed: &str) -> bool {
    bare_digits(typed).is_some_and(|typed| typed.len() >= LAST_DIGITS_MIN && digits.ends_with(&typed))
}
