//! QR codes as SVG.

use crate::PrintError;
use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};

/// A QR code of `text` as SVG: error level M, with the quiet zone of four modules, black on white.
///
/// # Errors
/// [`PrintError::QrTooLong`] beyond about 2,300 bytes.
pub fn qr_svg(text: &str) -> Result<String, PrintError> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).map_err(|_| PrintError::QrTooLong(text.len()))?;
    Ok(code.render::<svg::Color<'_>>().quiet_zone(true).build())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_too_long_for_a_qr_code_is_refused() {
        assert_eq!(qr_svg(&"x".repeat(3000)), Err(PrintError::QrTooLong(3000)));
    }

    #[test]
    fn a_qr_code_is_a_square_svg() {
        let svg = qr_svg("https://anbinh.vidu.vn/t/7Hq2mVx9KcTzP4wB").unwrap();
        assert!(svg.contains("<svg"));
        assert!(!svg.contains("<script"));
    }
}
