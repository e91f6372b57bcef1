//! The text of an identity card's code, as a scanner types it, and the numbers and dates that people type beside it.
//!
//! The crate of officers and persons needs the database; these files of it need nothing but `types`.
#![no_main]
#![allow(dead_code)]

#[path = "../../services/directory/src/identity/birth.rs"]
mod birth;
#[path = "../../services/directory/src/identity/card.rs"]
mod card;
#[path = "../../services/directory/src/identity/fields.rs"]
mod fields;
#[path = "../../services/directory/src/identity/keyboard.rs"]
mod keyboard;
#[path = "../../services/directory/src/identity/mojibake.rs"]
mod mojibake;
#[path = "../../services/directory/src/identity/number.rs"]
mod number;
#[path = "../../services/directory/src/identity/plausible.rs"]
mod plausible;
#[path = "../../services/directory/src/identity/tax.rs"]
mod tax;

use birth::Sex;

fuzz::target!(read);

fn read(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    _ = card::CardScan::parse(text);
    _ = number::PersonalNumber::parse(text);
    _ = number::OldNumber::parse(text);
    _ = tax::TaxCode::parse(text);
    birth::BirthDate::parse(text);
    Sex::parse(text);
}
