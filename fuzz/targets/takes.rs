//! How long a procedure takes, as its file says it in either language.
//!
//! The crate of calendars needs the database; these files of it need nothing but `types`.
#![no_main]
#![allow(dead_code)]

#[path = "../../services/calendar/src/error.rs"]
mod error;
#[path = "../../services/calendar/src/moment.rs"]
mod moment;
#[path = "../../services/calendar/src/takes.rs"]
mod takes;
#[path = "../../services/calendar/src/words.rs"]
mod words;

fuzz::target!(read);

fn read(bytes: &[u8]) {
    let Some(takes) = std::str::from_utf8(bytes).ok().and_then(|text| text.parse::<takes::Takes>().ok()) else {
        return;
    };
    assert_eq!(takes.to_string().parse(), Ok(takes), "what is written is read as the same");
    assert_eq!(takes.vietnamese().parse(), Ok(takes), "in Vietnamese too");
}
