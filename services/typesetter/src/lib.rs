//! The typesetter: Typst as a library, behind one crate of ours because its interface changes with each release.
//!
//! Runs only in the print worker, a process of its own ([`worker_main`]), and knows nothing but the job it was
//! given: no clock, no network, no file of the machine, no font but the four it carries. Its build is the longest
//! of the house; systems use `print` and never this crate.

mod drawing;
mod fonts;
mod marks;
mod templates;
mod worker;
mod world;

use print::{Job, Print, Refusal};
use typst::World;
use typst::diag::{SourceDiagnostic, Warned};
use typst::foundations::{Datetime, Smart};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};
use world::JobWorld;

pub use drawing::draw;
pub use worker::worker_main;

/// Minutes by which Viet Nam's clock is ahead of UTC.
const VIETNAM_OFFSET_MINUTES: i32 = 7 * 60;

/// Typesets one job to a tagged PDF/A-2a, or a stamp to a PDF/A-2u. The same job gives the same bytes.
///
/// # Errors
/// A [`Refusal`]: no such template, a template that does not go with the data, a document that breaks PDF/A.
pub fn typeset(job: &Job) -> Result<Vec<u8>, Refusal> {
    lay_out(job).map(|print| print.pdf)
}

/// As [`typeset`], with the places that the template keeps for stamps.
///
/// # Errors
/// As [`typeset`].
pub fn lay_out(job: &Job) -> Result<Print, Refusal> {
    lay_out_warned(job).output
}

/// As [`lay_out`], with the typesetter's warnings, which the tests of the shipped templates refuse.
fn lay_out_warned(job: &Job) -> Warned<Result<Print, Refusal>> {
    let world = match JobWorld::new(job) {
        Ok(world) => world,
        Err(refusal) => return Warned { output: Err(refusal), warnings: Default::default() },
    };
    let Warned { output, warnings } = typst::compile::<PagedDocument>(&world);
    let output = match output {
        Ok(document) => export(&document, job).map(|pdf| {
            let (pages, marks) = marks::find(&document);
            Print { pdf, pages, marks }
        }),
        Err(errors) => Err(world.explain(&errors)),
    };
    // The cache of the typesetter would otherwise grow with every document.
    typst::comemo::evict(1);
    Warned { output, warnings }
}

fn export(document: &PagedDocument, job: &Job) -> Result<Vec<u8>, Refusal> {
    let standard = |message: String| Refusal::Standard { message };
    // A picture for another document carries no tags, and its text can be read all the same.
    let tagged = !templates::is_picture(&job.template);
    let standard_part = if tagged { PdfStandard::A_2a } else { PdfStandard::A_2u };
    let standards = PdfStandards::new(&[standard_part]).map_err(|e| standard(e.message().to_string()))?;
    let options = PdfOptions {
        ident: Smart::Custom(job.ident.clone()),
        creator: Smart::Custom(Some("Nhà Việc".to_owned())),
        timestamp: made_at(job).and_then(|at| Timestamp::new_local(at, VIETNAM_OFFSET_MINUTES)),
        standards,
        tagged,
        ..PdfOptions::default()
    };
    typst_pdf::pdf(document, &options).map_err(|errors| standard(messages(&errors)))
}

/// The job's date on Viet Nam's clock.
fn made_at(job: &Job) -> Option<Datetime> {
    let local = job.made_at.local();
    let small = |n: i8| u8::try_from(n).ok();
    Datetime::from_ymd_hms(
        i32::from(local.year()),
        small(local.month())?,
        small(local.day())?,
        small(local.hour())?,
        small(local.minute())?,
        small(local.second())?,
    )
}

/// Everything that the typesetter says, with its hints, in one line.
fn messages(errors: &[SourceDiagnostic]) -> String {
    let mut parts = Vec::new();
    for error in errors {
        parts.push(error.message.to_string());
        parts.extend(error.hints.iter().map(|hint| hint.v.to_string()));
    }
    parts.join("; ")
}

impl JobWorld {
    /// Says in which line of which file the first mistake stands.
    fn explain(&self, errors: &[SourceDiagnostic]) -> Refusal {
        let place = errors.first().and_then(|error| {
            let id = error.span.id()?;
            let range = typst::WorldExt::range(self, error.span)?;
            let line = self.source(id).ok()?.lines().byte_to_line(range.start)?;
            Some((id.vpath().get_without_slash().to_owned(), line + 1))
        });
        let (file, line) = place.unwrap_or_else(|| (self.name().to_owned(), 0));
        let file = if file == world::MAIN { self.name().to_owned() } else { file };
        Refusal::Template { file, line, message: messages(errors) }
    }
}

#[cfg(test)]
mod tests;
