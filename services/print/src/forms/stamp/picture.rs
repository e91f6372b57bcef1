//! Pictures of signatures and seals, checked before anything shows them.

use image::{ImageFormat, ImageReader, Limits};
use serde::Serialize;
use std::io::Cursor;

/// Most bytes of a picture's file.
const BYTES_MAX: usize = 2 << 20;
/// Fewest and most pixels of a side: below, it is a blur on paper; a seal of 60 mm at 600 dots per inch has 1,417.
const SIDE_PIXELS: std::ops::RangeInclusive<u32> = 40..=2000;
/// Most bytes of a picture, unpacked: sides of the most pixels, four channels of two bytes, and some for the decoder.
const DECODED_BYTES_MAX: u64 = 2000 * 2000 * 8 + (4 << 20);
/// Alpha from which on a pixel is seen.
const SEEN_ALPHA: u8 = 16;
/// At least one pixel in so many must be clear, or the picture has a background that would hide the text.
const CLEAR_ONE_IN: usize = 10;
/// Millimetres that a side of a picture may have.
const SIDE_MM: std::ops::RangeInclusive<f32> = 5.0..=80.0;
/// How much height and width of a seal may be out of proportion to its picture.
const PROPORTION_MAX: f32 = 0.03;

/// Why a picture is not taken, as a Vietnamese sentence for the person who brings it.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PictureError {
    /// Not a whole PNG; the text is for the log.
    #[error("Tệp ảnh không phải ảnh PNG nguyên vẹn. Hãy lưu lại ảnh theo định dạng PNG.")]
    NotPng(String),
    /// The file is too large.
    #[error("Tệp ảnh lớn {bytes} byte, quá mức cho phép {} byte. Hãy thu nhỏ ảnh.", BYTES_MAX)]
    TooManyBytes {
        /// Bytes of the file.
        bytes: usize,
    },
    /// Too few or too many pixels.
    #[error(
        "Ảnh có {width} × {height} điểm ảnh; mỗi cạnh phải từ {} đến {} điểm ảnh.",
        SIDE_PIXELS.start(),
        SIDE_PIXELS.end()
    )]
    Pixels {
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
    },
    /// No transparent background.
    #[error("Ảnh không có nền trong suốt nên sẽ che chữ của văn bản. Hãy tách nền rồi lưu ảnh PNG nền trong suốt.")]
    Opaque,
    /// Nothing can be seen.
    #[error("Ảnh trống, không có nét nào. Hãy chọn ảnh khác.")]
    Blank,
    /// A size on paper that no signature or seal has, in millimetres.
    #[error("Kích thước {width_mm} × {height_mm} mm không hợp lệ; mỗi cạnh phải từ {} đến {} mm.", SIDE_MM.start(), SIDE_MM.end())]
    Millimetres {
        /// Millimetres across.
        width_mm: f32,
        /// Millimetres down.
        height_mm: f32,
    },
    /// The picture would be stretched.
    #[error(
        "Ảnh con dấu có tỉ lệ {width} × {height} điểm ảnh, không khớp kích thước {width_mm} × {height_mm} mm. Hãy cắt ảnh \
         sát mép con dấu."
    )]
    Proportion {
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
        /// Millimetres across.
        width_mm: f32,
        /// Millimetres down.
        height_mm: f32,
    },
}

impl From<PictureError> for types::Error {
    fn from(error: PictureError) -> Self {
        Self::invalid("picture", error.to_string())
    }
}

/// A PNG with a transparent background that was opened and found whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StampImage {
    png: Vec<u8>,
    width: u32,
    height: u32,
}

impl StampImage {
    /// Checks a file by opening it, within limits, with the `image` crate.
    ///
    /// # Errors
    /// [`PictureError`], all but those of sizes on paper.
    pub fn check(png: Vec<u8>) -> Result<Self, PictureError> {
        if png.len() > BYTES_MAX {
            return Err(PictureError::TooManyBytes { bytes: png.len() });
        }
        let not_png = |error: image::ImageError| PictureError::NotPng(error.to_string());
        let (width, height) = reader(&png).into_dimensions().map_err(not_png)?;
        if !SIDE_PIXELS.contains(&width) || !SIDE_PIXELS.contains(&height) {
            return Err(PictureError::Pixels { width, height });
        }
        let mut reader = reader(&png);
        let mut limits = Limits::no_limits();
        limits.max_alloc = Some(DECODED_BYTES_MAX);
        reader.limits(limits);
        let pixels = reader.decode().map_err(not_png)?.into_rgba8();
        let seen = pixels.pixels().filter(|pixel| pixel.0[3] >= SEEN_ALPHA).count();
        let all = pixels.pixels().len();
        if seen == 0 {
            return Err(PictureError::Blank);
        }
        if (all - seen) * CLEAR_ONE_IN < all {
            return Err(PictureError::Opaque);
        }
        Ok(Self { png, width, height })
    }

    /// The file.
    pub fn png(&self) -> &[u8] {
        &self.png
    }
}

fn reader(png: &[u8]) -> ImageReader<Cursor<&[u8]>> {
    ImageReader::with_format(Cursor::new(png), ImageFormat::Png)
}

/// An image and its size on paper.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Picture {
    #[serde(skip)]
    image: StampImage,
    width_mm: f32,
    height_mm: f32,
}

impl Picture {
    /// A handwritten signature, as large as it fits into so many millimetres. Usual: 40 by 20.
    ///
    /// # Errors
    /// [`PictureError::Millimetres`].
    pub fn fitted(image: StampImage, width_mm_max: f32, height_mm_max: f32) -> Result<Self, PictureError> {
        if !(width_mm_max.is_finite() && height_mm_max.is_finite()) {
            return Err(PictureError::Millimetres { width_mm: width_mm_max, height_mm: height_mm_max });
        }
        let (width, height) = (image.width as f32, image.height as f32);
        let factor = (width_mm_max / width).min(height_mm_max / height);
        Self::checked(image, width * factor, height * factor, 0.0)
    }

    /// A seal of real size in millimetres; a round one has its diameter twice, e.g. [`super::COMMUNE_SEAL_MM`].
    ///
    /// # Errors
    /// [`PictureError::Millimetres`], [`PictureError::Proportion`] when the picture would be stretched.
    pub fn of_mm(image: StampImage, width_mm: f32, height_mm: f32) -> Result<Self, PictureError> {
        let checked = Self::checked(image, width_mm, height_mm, *SIDE_MM.start())?;
        let StampImage { width, height, .. } = checked.image;
        let wanted = width_mm / height_mm;
        if (width as f32 / height as f32 / wanted - 1.0).abs() > PROPORTION_MAX {
            return Err(PictureError::Proportion { width, height, width_mm, height_mm });
        }
        Ok(checked)
    }

    /// The file.
    pub(super) fn png(&self) -> &[u8] {
        self.image.png()
    }

    /// A signature may be flat: of its sides only the longer one must have a least length.
    fn checked(image: StampImage, width_mm: f32, height_mm: f32, shorter_min: f32) -> Result<Self, PictureError> {
        let (longer, shorter) = (width_mm.max(height_mm), width_mm.min(height_mm));
        if !(SIDE_MM.contains(&longer) && shorter > 0.0 && shorter >= shorter_min) {
            return Err(PictureError::Millimetres { width_mm, height_mm });
        }
        Ok(Self { image, width_mm, height_mm })
    }
}
