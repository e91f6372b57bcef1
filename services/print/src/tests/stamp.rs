//! Stamps as jobs, and which pictures are taken.

use crate::forms::{Picture, PictureError, Stamp, StampImage};
use crate::{Size, Template, Turn};
use image::{DynamicImage, ImageFormat, Rgba, RgbaImage};
use std::io::Cursor;
use types::Timestamp;

fn file(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(vec![]);
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// A PNG whose pixels are seen where `seen` says so.
fn png(width: u32, height: u32, seen: impl Fn(u32, u32) -> bool) -> Vec<u8> {
    let pixel = |x, y| if seen(x, y) { Rgba([20, 60, 150, 255]) } else { Rgba([0, 0, 0, 0]) };
    file(&RgbaImage::from_fn(width, height, pixel).into(), ImageFormat::Png)
}

fn stroke(width: u32, height: u32) -> Vec<u8> {
    png(width, height, |x, y| x.abs_diff(y) < 4)
}

#[test]
fn a_whole_png_with_a_clear_background_is_taken() {
    let bytes = stroke(300, 150);
    assert_eq!(StampImage::check(bytes.clone()).unwrap().png(), bytes);
    let grey = DynamicImage::ImageRgba8(image::load_from_memory(&bytes).unwrap().into_rgba8()).into_luma_alpha16();
    assert!(StampImage::check(file(&grey.into(), ImageFormat::Png)).is_ok(), "16 bits are taken too");
}

#[test]
fn what_is_no_picture_of_a_signature_is_refused_with_the_reason() {
    let refused = |bytes: Vec<u8>| StampImage::check(bytes).unwrap_err();
    let whole = stroke(300, 150);
    for bytes in [vec![], b"%PDF-1.7".to_vec(), whole[..whole.len() / 2].to_vec(), whole[..30].to_vec()] {
        assert!(matches!(refused(bytes), PictureError::NotPng(_)));
    }
    let opaque = DynamicImage::new_rgb8(100, 100);
    assert!(matches!(refused(file(&opaque, ImageFormat::Jpeg)), PictureError::NotPng(_)));
    assert_eq!(refused(file(&opaque, ImageFormat::Png)), PictureError::Opaque);
    assert_eq!(refused(png(100, 100, |_, y| y > 4)), PictureError::Opaque);
    assert_eq!(refused(png(100, 100, |_, _| false)), PictureError::Blank);
    for (width, height) in [(39, 100), (100, 39), (2001, 100), (100, 60_000)] {
        let error = refused(stroke(width, height));
        assert_eq!(error, PictureError::Pixels { width, height });
    }
    assert_eq!(refused(vec![0; (2 << 20) + 1]), PictureError::TooManyBytes { bytes: (2 << 20) + 1 });
    let error = PictureError::Pixels { width: 39, height: 100 };
    assert_eq!(types::Error::from(error.clone()).code(), "invalid");
    assert_eq!(error.to_string(), "Ảnh có 39 × 100 điểm ảnh; mỗi cạnh phải từ 40 đến 2000 điểm ảnh.");
}

#[test]
fn a_header_that_claims_to_be_huge_takes_no_memory() {
    // Width and height stand in bytes 16 to 24 of a PNG; the checksum of that part after them.
    let mut bytes = stroke(300, 150);
    bytes[16..24].copy_from_slice(&[0x7f, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff]);
    assert!(StampImage::check(bytes).is_err());
}

#[test]
fn sizes_on_paper_are_kept_in_bounds_and_in_proportion() {
    let image = || StampImage::check(stroke(300, 100)).unwrap();
    let fitted = serde_json::to_value(Picture::fitted(image(), 40.0, 20.0).unwrap()).unwrap();
    for (side, mm) in [("width_mm", 40.0), ("height_mm", 13.333)] {
        assert!((fitted[side].as_f64().unwrap() - mm).abs() < 0.001, "{fitted}");
    }
    for (width, height) in [(0.0, 0.0), (f32::NAN, 20.0), (300.0, 200.0), (-5.0, 10.0)] {
        assert!(matches!(Picture::fitted(image(), width, height), Err(PictureError::Millimetres { .. })), "{width}");
    }
    assert!(matches!(Picture::of_mm(image(), 36.0, 36.0), Err(PictureError::Proportion { .. })));
    assert!(Picture::of_mm(image(), 36.0, 12.2).is_ok());
    assert!(matches!(Picture::of_mm(image(), 12.0, 4.0), Err(PictureError::Millimetres { .. })));
}

#[test]
fn every_stamp_becomes_a_job_of_the_one_template() {
    let at: Timestamp = "2026-11-22T05:47:14".parse().unwrap();
    let within = Some(Size { width: 100.0, height: 50.0 });
    for stamp in Stamp::samples() {
        let job = stamp.job(Turn::Half, within, at).unwrap();
        assert_eq!(job.template, Template::named("stamp"));
        assert_eq!((&job.data["turn"], &job.data["within"]["height"]), (&180.into(), &50.0.into()));
        assert!(job.assets.is_empty() && job.check().is_ok() && !stamp.has_picture());
    }
}
