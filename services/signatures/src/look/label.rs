//! Forms of our own say by labels where they are signed and where number and date stand: nothing is chosen and nothing guessed.

use super::Spot;
use super::spot::Room;
use ::signing::places::{self, Place, PlaceKind};
use print::Print;
use types::{Error, Result};

/// The file to be signed, with places for number and date where the form has labels for them, and where its signature goes.
///
/// # Errors
/// What no form that ships gives cause for: one without a place for a signature, or with places that are too large.
pub fn keep_labels(print: &Print) -> Result<(Vec<u8>, Spot)> {
    let signature = print.mark(print::Spot::Signature);
    let signature = signature.ok_or_else(|| Error::internal("a form without a place for its signature"))?;
    let kept = [(print::Spot::Number, PlaceKind::Number), (print::Spot::Date, PlaceKind::Date)];
    let kept = kept.into_iter().filter_map(|(spot, kind)| {
        let mark = print.mark(spot)?;
        Some(Place { kind, page: mark.page, rectangle: mark.rectangle.corners().into() })
    });
    let kept: Vec<Place> = kept.collect();
    let file =
        if kept.is_empty() { print.pdf.clone() } else { places::reserve(&print.pdf, &kept).map_err(Error::from)? };
    Ok((file, Spot::Room(Room::at(signature))))
}
