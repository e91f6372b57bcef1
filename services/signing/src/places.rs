//! Number and date that come onto a page after a person has signed it: "person, then number and date, then seal".
//!
//! [`reserve`] makes empty places before the first signature: read-only text fields, which forms may fill without breaking a
//! signature (ISO 32000-1, 12.8.2.2). The clerk's [`Issue`] is written into them in the same update as the agency's
//! signature ([`crate::Options::issue`]), which locks them; or with [`fill`] in an update of its own, when the seal is made
//! elsewhere. Whoever receives the file reads number and date out of it with [`crate::verify::verify_with_issue`].
//!
//! What a place shows is a picture that the caller gives. It is blended with the page as ink is, so that it can add to what
//! the person signed and never hide it.

use crate::SigningError;
use crate::pdf::{self, Rectangle};
use types::Day;

/// Most letters of a number with its symbol.
const NUMBER_LETTERS_MAX: usize = 60;

/// What is written into a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PlaceKind {
    /// Number and symbol (số, ký hiệu).
    Number,
    /// Day of issue (ngày, tháng, năm ban hành).
    Date,
}

/// A place to reserve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// What it is for.
    pub kind: PlaceKind,
    /// Page, from 0.
    pub page: usize,
    /// Where on the page; at most a thirtieth of it.
    pub rectangle: Rectangle,
}

/// A place that a file has.
#[derive(Debug, Clone, PartialEq)]
pub struct Reserved {
    /// Name of its field.
    pub field: String,
    /// Where it is, and what for.
    pub place: Place,
    /// What is written there already.
    pub text: Option<String>,
}

/// Number and date, with how they look in each place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// Number and symbol, as in `12/QĐ-UBND`; given exactly when the file has a place for it.
    pub number: Option<String>,
    /// Day of issue; given exactly when the file has a place for it.
    pub date: Option<Day>,
    /// For each of [`places`], in that order, a PDF whose first page is the picture. It is scaled to fill the place, and
    /// shows [`Self::text`] and nothing else: some readers show the text in its stead.
    pub pictures: Vec<Vec<u8>>,
}

impl Issue {
    /// What the places of a kind say: the number, or `ngày 05 tháng 02 năm 2026` as Decree 30/2020/NĐ-CP writes it.
    pub fn text(&self, kind: PlaceKind) -> Option<String> {
        match kind {
            PlaceKind::Number => self.number.clone(),
            PlaceKind::Date => self.date.map(|Day(date)| {
                // Days below 10 and the first two months get a zero before them, so that nothing can be put there.
                let month = if date.month() < 3 { format!("{:02}", date.month()) } else { date.month().to_string() };
                format!("ngày {:02} tháng {month} năm {}", date.day(), date.year())
            }),
        }
    }

    /// Whether the number can be written on one line and read back.
    pub(crate) fn check(&self) -> Result<(), SigningError> {
        let Some(number) = &self.number else { return Ok(()) };
        let fits = (1..=NUMBER_LETTERS_MAX).contains(&number.chars().count());
        let plain = number.chars().all(|letter| letter.is_alphanumeric() || "/-.&() ".contains(letter));
        if fits && plain && number.trim() == number { Ok(()) } else { Err(SigningError::BadNumber) }
    }
}

/// Appends empty places to a file that nobody has signed yet.
///
/// # Errors
/// What [`crate::prepare`] refuses files for, [`SigningError::AlreadySigned`], [`SigningError::NoSuchPage`],
/// [`SigningError::BadRectangle`] for one without area or too large for a place.
pub fn reserve(base: &[u8], places: &[Place]) -> Result<Vec<u8>, SigningError> {
    pdf::reserve_places(base, places)
}

/// The places of a file, in the order in which they were reserved.
///
/// # Errors
/// What the file is refused for.
pub fn places(file: &[u8]) -> Result<Vec<Reserved>, SigningError> {
    pdf::list_places(file)
}

/// Writes number and date into every place in an update of its own, for a seal that is made elsewhere. Until somebody signs
/// it, nobody vouches for them, and a verifier says so.
///
/// # Errors
/// What the file is refused for, [`SigningError::NoPlace`], [`SigningError::PlaceFilled`], [`SigningError::Locked`],
/// [`SigningError::BadNumber`], [`SigningError::BadAppearance`].
pub fn fill(base: &[u8], issue: &Issue) -> Result<Vec<u8>, SigningError> {
    pdf::fill_places(base, issue)
}

#[cfg(test)]
mod tests {
    use super::{Issue, PlaceKind};
    use crate::SigningError;
    use types::Day;

    fn issue(number: &str, date: &str) -> Issue {
        Issue { number: Some(number.to_owned()), date: date.parse::<Day>().ok(), pictures: Vec::new() }
    }

    #[test]
    fn days_are_written_as_the_decree_says() {
        let said = |date: &str| issue("1", date).text(PlaceKind::Date).unwrap_or_default();
        assert_eq!(said("2026-02-05"), "ngày 05 tháng 02 năm 2026");
        assert_eq!(said("2026-03-15"), "ngày 15 tháng 3 năm 2026");
        assert_eq!(said("2026-12-01"), "ngày 01 tháng 12 năm 2026");
    }

    #[test]
    fn numbers_that_cannot_be_read_back_are_refused() {
        for good in ["1", "12/QĐ-UBND", "05/2026/NQ-HĐND", "07/TB-UBND(KT)", "3/GM-VP.TH"] {
            assert_eq!(issue(good, "2026-11-20").check(), Ok(()), "{good}");
        }
        let long = "1".repeat(61);
        for bad in ["", " 1", "1 ", "1\n2", "12/QĐ\u{202E}BU", "1\0", "1\u{200B}2", "<12>", &long] {
            assert_eq!(issue(bad, "2026-11-20").check(), Err(SigningError::BadNumber), "{bad:?}");
        }
    }
}
