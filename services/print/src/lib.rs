//! Prints: the official forms as PDF, made by a worker process that runs only while something is being printed.
//!
//! A system fills one of [`forms`], asks it for a [`Job`] and hands that to the [`Printer`]. The printer starts
//! this same executable as `nhaviec print-worker` (the loop is `typesetter::worker_main`), gives it the job over
//! its standard input, and holds it to limits of time and memory. Typesetting code is linked by the worker's side
//! only, so that this crate builds in seconds and nobody waits for the typesetter.
//!
//! How a signature looks ([`forms::Stamp`]) is a print too: a small PDF on a transparent page. Where it goes comes from
//! the places that a template keeps ([`Print`]), or from the size of a page that came from elsewhere ([`Area`]), which the
//! same worker draws for whoever chooses ([`Drawing`]).

mod drawing;
mod error;
pub mod forms;
mod frame;
mod job;
mod layout;
mod place;
mod printer;
mod qr;
pub mod wire;
mod worker;

pub use drawing::Drawing;
pub use error::{PrintError, Refusal};
pub use job::{ASSETS_BYTES_MAX, Asset, Job, Page, TEMPLATE_BYTES_MAX, Template};
pub use layout::{Mark, POINTS_PER_MM, Print, Rectangle, Size, Spot};
pub use place::{Area, At, Place, Turn};
pub use printer::{Printer, Settings};
pub use qr::qr_svg;

#[cfg(test)]
mod tests;
