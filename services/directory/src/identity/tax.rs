//! Tax codes (mã số thuế) of organisations, their branches and persons.

use std::fmt;

use super::number::{NumberError, PersonalNumber, bare_digits};

/// A tax code: 10 digits, 10-3 for a branch, or since 1 July 2025 a person's own number.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum TaxCode {
    /// `0300588569`.
    Organisation(String),
    /// `0300588569-001`.
    Branch(String),
    /// The personal number serves as tax code.
    Person(PersonalNumber),
}

/// Weights of the first nine digits; the tenth makes the check.
const WEIGHTS: [u32; 9] = [31, 29, 23, 19, 17, 13, 7, 5, 3];

impl TaxCode {
    /// Reads a typed code with or without its hyphen.
    pub fn parse(text: &str) -> Result<Self, NumberError> {
        let digits = bare_digits(text).ok_or(NumberError::Tax)?;
        match digits.len() {
            10 => Ok(Self::Organisation(digits)),
            13 => Ok(Self::Branch(format!("{}-{}", &digits[..10], &digits[10..]))),
            12 if !text.contains('-') => PersonalNumber::parse(&digits).map(Self::Person),
            _ => Err(NumberError::Tax),
        }
    }

    /// Whether the tenth digit agrees with the others. Codes in use that do not are rumoured: a warning, no refusal.
    pub fn check_digit_fits(&self) -> bool {
        let (Self::Organisation(code) | Self::Branch(code)) = self else {
            return true;
        };
        let mut digits = code.bytes().map(|byte| u32::from(byte - b'0'));
        let sum: u32 = WEIGHTS.iter().zip(digits.by_ref()).map(|(weight, digit)| weight * digit).sum();
        digits.next() == Some(10 - sum % 11)
    }
}

impl fmt::Display for TaxCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Organisation(code) | Self::Branch(code) => f.write_str(code),
            Self::Person(number) => f.write_str(number.as_str()),
        }
    }
}
