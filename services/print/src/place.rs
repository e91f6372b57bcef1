//! Where a stamp goes on a page: by the places that a template keeps, or on a page that was made elsewhere.
//!
//! The rules are those of Decree 30/2020/NĐ-CP, Annex I, for signatures and seals, attachments and copies.

use crate::forms::StampKind;
use crate::layout::{Mark, POINTS_PER_MM, Print, Rectangle, Size, Spot};

/// Free edge right of what stands in the upper corner: the right margin of a document.
const TOP_RIGHT_MM: f32 = 15.0;
/// Free edge above it; two or three lines of it end before the letterhead, which begins 20 mm below the edge.
const TOP_MM: f32 = 7.0;
/// Free edges of what stands in the lower corner: the margins of a document.
const LOWER_RIGHT_MM: f32 = 20.0;
/// The same, below.
const LOWER_MM: f32 = 25.0;
/// Room between a seal and a signature that stand side by side.
const BESIDE_MM: f32 = 2.0;
/// How much of the signature's picture the seal covers, at its left ("khoảng 1/3").
const SEAL_COVERS: f32 = 1.0 / 3.0;
/// How far a line of type goes above and below its baseline, in parts of its size. Same as in `places.typ`.
const LINE_ABOVE: f32 = 0.91;
/// The same, below.
const LINE_BELOW: f32 = 0.225;

/// A rectangle on a page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// Page, from 0.
    pub page: usize,
    /// Where on the page.
    pub rectangle: Rectangle,
}

/// By how much a page is turned when it is shown, clockwise: `/Rotate` (ISO 32000-1, table 30).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Turn {
    /// Not at all.
    #[default]
    None,
    /// By 90 degrees.
    Quarter,
    /// By 180 degrees.
    Half,
    /// By 270 degrees.
    ThreeQuarters,
}

impl Turn {
    /// From degrees; what is no multiple of 90 turns nothing, as readers do.
    pub fn of_degrees(degrees: i64) -> Self {
        match degrees.rem_euclid(360) {
            90 => Self::Quarter,
            180 => Self::Half,
            270 => Self::ThreeQuarters,
            _ => Self::None,
        }
    }

    /// Degrees, clockwise.
    pub fn degrees(self) -> u16 {
        match self {
            Self::None => 0,
            Self::Quarter => 90,
            Self::Half => 180,
            Self::ThreeQuarters => 270,
        }
    }

    /// A size as it is after the turn; the same for the turn back.
    pub fn of_size(self, size: Size) -> Size {
        match self {
            Self::None | Self::Half => size,
            Self::Quarter | Self::ThreeQuarters => Size { width: size.height, height: size.width },
        }
    }
}

/// What is seen of a page: its crop box in the page's own coordinates, and how it is turned when shown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Area {
    seen: Rectangle,
    turn: Turn,
}

/// Where on a page, as a person sees it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum At {
    /// Lower right, where a document is signed; for the last page.
    LowerRight,
    /// Upper right, above the text: attachments and copies, on the first page.
    TopRight,
    /// Around a point that a person chose: parts of the page's width from the left and of its height from the top,
    /// each from 0 to 1.
    Point {
        /// From the left.
        across: f32,
        /// From the top.
        down: f32,
    },
}

impl Area {
    /// The crop box as left, bottom, right, top in points, and `/Rotate` in degrees.
    pub fn new(crop: [f32; 4], rotate_degrees: i64) -> Self {
        let [left, bottom, right, top] = crop;
        Self { seen: Rectangle { left, bottom, right, top }, turn: Turn::of_degrees(rotate_degrees) }
    }

    /// A page of ours: it begins at nought and is not turned.
    pub fn of_size(size: Size) -> Self {
        Self { seen: Rectangle::at(0.0, 0.0, size), turn: Turn::None }
    }

    /// The turn with which a stamp for this page is to be typeset, so that it is upright when the page is shown.
    pub fn turn(&self) -> Turn {
        self.turn
    }

    /// The rectangle of a stamp. `stamp` is the size of its page as typeset with [`Area::turn`]. What is larger than the
    /// page becomes smaller; what would reach over the edge moves in.
    pub fn place(&self, at: At, stamp: Size) -> Rectangle {
        let page = self.turn.of_size(self.seen.size());
        let stamp = within(self.turn.of_size(stamp), page);
        let mm = POINTS_PER_MM;
        let (left, bottom) = match at {
            At::LowerRight => (page.width - LOWER_RIGHT_MM * mm - stamp.width, LOWER_MM * mm),
            At::TopRight => (page.width - TOP_RIGHT_MM * mm - stamp.width, page.height - TOP_MM * mm - stamp.height),
            At::Point { across, down } => {
                let part = |part: f32| if part.is_finite() { part } else { 0.5 };
                let (x, y) = (page.width * part(across), page.height * (1.0 - part(down)));
                (x - stamp.width / 2.0, y - stamp.height / 2.0)
            }
        };
        self.in_page(inside(Rectangle::at(left, bottom, stamp), page))
    }

    /// The seal over a signature: its right edge a third into the signature's picture, both at the same height. A seal is
    /// of real size, so that it only moves in from an edge.
    pub fn seal_over(&self, signature: Rectangle, seal: Size) -> Rectangle {
        self.seal(self.as_shown(signature), seal, |signature| signature.left + signature.size().width * SEAL_COVERS)
    }

    /// The seal left of a signature, where either is words: one over the other, nobody could read them.
    pub fn seal_beside(&self, signature: Rectangle, seal: Size) -> Rectangle {
        self.seal(self.as_shown(signature), seal, |signature| signature.left - BESIDE_MM * POINTS_PER_MM)
    }

    fn seal(&self, signature: Rectangle, seal: Size, right: impl Fn(Rectangle) -> f32) -> Rectangle {
        let page = self.turn.of_size(self.seen.size());
        let (seal, right) = (self.turn.of_size(seal), right(signature));
        let (_, middle) = signature.middle();
        self.in_page(inside(Rectangle::at(right - seal.width, middle - seal.height / 2.0, seal), page))
    }

    /// Where the middle of a rectangle is seen: the other way round of [`At::Point`].
    pub fn middle(&self, rectangle: Rectangle) -> (f32, f32) {
        let page = self.turn.of_size(self.seen.size());
        let (x, y) = self.as_shown(rectangle).middle();
        (x / page.width, 1.0 - y / page.height)
    }

    /// From the shown page's lower left corner to the page's own coordinates.
    fn in_page(&self, shown: Rectangle) -> Rectangle {
        let Size { width, height } = self.seen.size();
        let Rectangle { left, bottom, right, top } = shown;
        let turned = match self.turn {
            Turn::None => shown,
            Turn::Quarter => Rectangle { left: width - top, bottom: left, right: width - bottom, top: right },
            Turn::Half => {
                Rectangle { left: width - right, bottom: height - top, right: width - left, top: height - bottom }
            }
            Turn::ThreeQuarters => Rectangle { left: bottom, bottom: height - right, right: top, top: height - left },
        };
        shifted(turned, self.seen.left, self.seen.bottom)
    }

    /// The other way round.
    fn as_shown(&self, in_page: Rectangle) -> Rectangle {
        let Size { width, height } = self.seen.size();
        let own = shifted(in_page, -self.seen.left, -self.seen.bottom);
        let Rectangle { left, bottom, right, top } = own;
        match self.turn {
            Turn::None => own,
            Turn::Quarter => Rectangle { left: bottom, bottom: width - right, right: top, top: width - left },
            Turn::Half => {
                Rectangle { left: width - right, bottom: height - top, right: width - left, top: height - bottom }
            }
            Turn::ThreeQuarters => Rectangle { left: height - top, bottom: left, right: height - bottom, top: right },
        }
    }
}

impl Print {
    /// Where a stamp goes on this document: the first place that the template keeps for it, or the upper right of the
    /// first page for attachments and copies. `stamp` is the size of the stamp's page. Nothing where there is no place.
    pub fn place(&self, kind: StampKind, stamp: Size) -> Option<Place> {
        let spot = match kind {
            StampKind::Person => Spot::Signature,
            StampKind::Agency => Spot::Seal,
            StampKind::Number => Spot::Number,
            StampKind::Date => Spot::Date,
            StampKind::Attachment | StampKind::Copy => {
                let rectangle = Area::of_size(*self.pages.first()?).place(At::TopRight, stamp);
                return Some(Place { page: 0, rectangle });
            }
        };
        self.mark(spot).map(|mark| mark.place(stamp))
    }

    /// Where the seal goes that covers a third of a signature, both pictures: [`Area::seal_over`]. Nothing where there
    /// is no such page.
    pub fn seal_over(&self, signature: Place, seal: Size) -> Option<Place> {
        let area = Area::of_size(*self.pages.get(signature.page)?);
        Some(Place { rectangle: area.seal_over(signature.rectangle, seal), ..signature })
    }

    /// Where the seal goes when either is words: [`Area::seal_beside`]. Nothing where there is no such page.
    pub fn seal_beside(&self, signature: Place, seal: Size) -> Option<Place> {
        let area = Area::of_size(*self.pages.get(signature.page)?);
        Some(Place { rectangle: area.seal_beside(signature.rectangle, seal), ..signature })
    }
}

impl Mark {
    /// The rectangle of a stamp in this place: a signature in the middle, smaller where it does not fit; a seal in the
    /// middle, always of real size; number and date on the line, from its left.
    pub fn place(&self, stamp: Size) -> Place {
        let room = self.rectangle.size();
        let is_point = room.width <= 0.0 || room.height <= 0.0;
        let fitting = if is_point { stamp } else { within(stamp, room) };
        let (x, y) = self.rectangle.middle();
        let rectangle = match self.spot {
            Spot::Signature => Rectangle::around(x, y, fitting),
            Spot::Seal => Rectangle::around(x, y, stamp),
            Spot::Number | Spot::Date if is_point => {
                let below = stamp.height * LINE_BELOW / (LINE_ABOVE + LINE_BELOW);
                Rectangle::at(self.rectangle.left, self.rectangle.bottom - below, stamp)
            }
            Spot::Number | Spot::Date => Rectangle::at(self.rectangle.left, self.rectangle.bottom, fitting),
        };
        Place { page: self.page, rectangle }
    }
}

/// The size itself, or smaller in the same proportions.
fn within(size: Size, room: Size) -> Size {
    let factor = (room.width / size.width).min(room.height / size.height).min(1.0);
    Size { width: size.width * factor, height: size.height * factor }
}

/// Moved in from the edges of a page that begins at nought.
fn inside(rectangle: Rectangle, page: Size) -> Rectangle {
    let size = rectangle.size();
    let left = rectangle.left.min(page.width - size.width).max(0.0);
    let bottom = rectangle.bottom.min(page.height - size.height).max(0.0);
    Rectangle::at(left, bottom, size)
}

fn shifted(rectangle: Rectangle, right: f32, up: f32) -> Rectangle {
    Rectangle {
        left: rectangle.left + right,
        bottom: rectangle.bottom + up,
        right: rectangle.right + right,
        top: rectangle.top + up,
    }
}
