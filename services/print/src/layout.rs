//! Where things stand in a print: its pages, and the places that its template keeps for stamps.

use serde::{Deserialize, Serialize};

/// Points (1/72 inch) in a millimetre.
pub const POINTS_PER_MM: f32 = 72.0 / 25.4;

/// A width and a height in points.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Size {
    /// Points across.
    pub width: f32,
    /// Points down.
    pub height: f32,
}

impl Size {
    /// From millimetres.
    pub fn of_mm(width: f32, height: f32) -> Self {
        Self { width: width * POINTS_PER_MM, height: height * POINTS_PER_MM }
    }
}

/// A rectangle on a page in points, in the page's own coordinates (ISO 32000-1, 8.3.2.3): from its lower left corner,
/// before any `/Rotate`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Rectangle {
    /// Left edge.
    pub left: f32,
    /// Lower edge.
    pub bottom: f32,
    /// Right edge.
    pub right: f32,
    /// Upper edge.
    pub top: f32,
}

impl Rectangle {
    /// The rectangle of this size around a point.
    pub fn around(x: f32, y: f32, size: Size) -> Self {
        Self::at(x - size.width / 2.0, y - size.height / 2.0, size)
    }

    /// The rectangle of this size with its lower left corner at a point.
    pub fn at(left: f32, bottom: f32, size: Size) -> Self {
        Self { left, bottom, right: left + size.width, top: bottom + size.height }
    }

    /// How wide and how high it is.
    pub fn size(&self) -> Size {
        Size { width: self.right - self.left, height: self.top - self.bottom }
    }

    /// Left, bottom, right, top: as `/Rect` of a PDF lists them.
    pub fn corners(&self) -> [f32; 4] {
        [self.left, self.bottom, self.right, self.top]
    }

    /// The point in the middle, across and up.
    pub(crate) fn middle(&self) -> (f32, f32) {
        (f32::midpoint(self.left, self.right), f32::midpoint(self.bottom, self.top))
    }
}

/// What a template keeps a place for, by a label: on a `box` or `block`, whose rectangle is the place, or on
/// `metadata`, which is a point. At the end of a paragraph the typesetter puts a point below it, so that lines take a
/// box; `places.typ` has one for each spot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Spot {
    /// The person's signature, between the title and the full name.
    Signature,
    /// The agency's seal, where it does not go with a person's signature.
    Seal,
    /// The number behind `Số:`. A point stands on the baseline.
    Number,
    /// The date behind the place name. A point stands on the baseline.
    Date,
}

impl Spot {
    /// Every spot.
    pub const ALL: [Self; 4] = [Self::Signature, Self::Seal, Self::Number, Self::Date];

    /// The label in a template, without its brackets.
    pub fn label(self) -> &'static str {
        match self {
            Self::Signature => "ky-nguoi-ky",
            Self::Seal => "dau-co-quan",
            Self::Number => "so-van-ban",
            Self::Date => "ngay-van-ban",
        }
    }

    /// The spot of a label.
    pub fn of_label(label: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|spot| spot.label() == label)
    }
}

/// A place that the template keeps.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Mark {
    /// For what.
    pub spot: Spot,
    /// Page, from 0.
    pub page: usize,
    /// Where on the page; without an area where the template marks a point.
    pub rectangle: Rectangle,
}

/// A document that was typeset.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Print {
    /// The file.
    pub pdf: Vec<u8>,
    /// How large each page is, in order.
    pub pages: Vec<Size>,
    /// The places that the template keeps, in the order of pages and of writing.
    pub marks: Vec<Mark>,
}

impl Print {
    /// The first place of this kind. A document that several people sign has several: see [`Print::marks`].
    pub fn mark(&self, spot: Spot) -> Option<&Mark> {
        self.marks.iter().find(|mark| mark.spot == spot)
    }
}
