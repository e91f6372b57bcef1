//! Who a party says to be: identity numbers, tax codes, birth dates, and what a scanner reads from an identity card.
//!
//! Pure functions, no database. Numbers print masked in logs; only `as_str` gives the digits away.

mod birth;
mod card;
mod fields;
mod keyboard;
mod mojibake;
mod number;
mod plausible;
mod tax;

pub use birth::{BirthDate, Sex};
pub use card::{CardScan, ScanError};
pub use number::{LAST_DIGITS_MIN, NumberError, OldNumber, PersonalNumber};
pub use plausible::Doubt;
pub use tax::TaxCode;

#[cfg(test)]
mod tests;
