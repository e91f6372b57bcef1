//! Draws a page of a PDF, by the library with which the typesetter itself shows PDF files.

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::Pdf;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{RenderCache, RenderSettings, render};
use print::{Drawing, Refusal};

/// Pixels of an edge: a page that is a ribbon is drawn smaller.
const EDGE_MAX: f32 = 4000.0;

/// Draws it as it is shown, with the signatures and fields on it, on white.
///
/// # Errors
/// [`Refusal::Page`] for a page that is not there or cannot be drawn.
pub fn draw(drawing: Drawing) -> Result<Vec<u8>, Refusal> {
    let Drawing { file, page: number, width } = drawing;
    let refused = || Refusal::Page { page: number };
    let pdf = Pdf::new(file).map_err(|_| refused())?;
    let page = pdf.pages().get(number).ok_or_else(refused)?;
    let (across, down) = page.render_dimensions();
    let scale = (f32::from(width) / across).min(EDGE_MAX / down);
    if !(scale.is_finite() && scale > 0.0) {
        return Err(refused());
    }
    let settings = RenderSettings { x_scale: scale, y_scale: scale, bg_color: WHITE, ..RenderSettings::default() };
    let picture = render(page, &RenderCache::new(), &InterpreterSettings::default(), &settings);
    picture.into_png().map_err(|_| refused())
}
