//! A picture on which the reader points at a place. It is an image button: the browser sends where it was pressed, without a
//! script.

use crate::html::components;
use askama::Template;

/// Name and width in CSS pixels of the picture on a narrow screen (320 pixels, less its margins) and on a wide one: the browser
/// counts in pixels as shown, so that each has a width of its own that nothing changes.
const SIZES: [(&str, u16); 2] = [("near", 280), ("wide", 640)];

/// The picture, in a form of its own.
#[derive(Debug, Clone, Template)]
#[template(path = "point_at.html")]
pub struct PointAt {
    address: String,
    text: String,
    ratio: f32,
}

components!(PointAt);

impl PointAt {
    /// Of the picture at `address`; `text` says what it shows and what pressing it does; `ratio` is its height by its width.
    pub fn new(address: impl Into<String>, text: impl Into<String>, ratio: f32) -> Self {
        Self { address: address.into(), text: text.into(), ratio }
    }

    /// Where it was pressed: parts of the width from the left and of the height from the top, each from 0 to 1. Nothing where
    /// it was not pressed, or by a key, which points nowhere.
    pub fn pressed(ratio: f32, sent: impl Fn(&str) -> Option<String>) -> Option<(f32, f32)> {
        SIZES.iter().find_map(|(name, width)| {
            let pixels = |axis: &str| sent(&format!("{name}.{axis}"))?.trim().parse::<i32>().ok();
            let (x, y) = (pixels("x")?, pixels("y")?);
            let part =
                |pixels: i32, all: f32| (f32::from(u16::try_from(pixels.max(0)).unwrap_or(u16::MAX)) / all).min(1.0);
            let width = f32::from(*width);
            (x != 0 || y != 0).then(|| (part(x, width), part(y, width * ratio)))
        })
    }

    fn sizes(&self) -> impl Iterator<Item = (&'static str, u16, f32)> {
        SIZES.into_iter().map(|(name, width)| (name, width, (f32::from(width) * self.ratio).round()))
    }
}

#[cfg(test)]
mod tests {
    use super::PointAt;

    fn pressed(sent: &[(&str, &str)]) -> Option<(f32, f32)> {
        let of = |name: &str| sent.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        PointAt::pressed(1.5, of)
    }

    #[test]
    fn each_size_counts_by_itself() {
        assert_eq!(pressed(&[("near.x", "140"), ("near.y", "210")]), Some((0.5, 0.5)));
        assert_eq!(pressed(&[("wide.x", "160"), ("wide.y", "240")]), Some((0.25, 0.25)));
    }

    #[test]
    fn what_is_beside_the_picture_is_its_edge() {
        assert_eq!(pressed(&[("near.x", "9999999"), ("near.y", "-3")]), Some((1.0, 0.0)));
        assert_eq!(pressed(&[("near.x", "400"), ("near.y", "70000")]), Some((1.0, 1.0)));
    }

    #[test]
    fn a_key_points_nowhere() {
        for sent in
            [&[("near.x", "0"), ("near.y", "0")][..], &[], &[("near.x", "5")], &[("near.x", "a"), ("near.y", "b")]]
        {
            assert_eq!(pressed(sent), None, "{sent:?}");
        }
    }
}
