//! Where things stand on a page, as somebody chose it: the person's signature, number and date.

use print::{Area, At, Mark, POINTS_PER_MM, Rectangle, Size};
use std::borrow::Cow;
use types::{Error, Result};

/// Parts into which the width and the height of a page are divided for a point on it.
pub(crate) const PARTS: u16 = 1000;

/// Where the person's signature is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spot {
    /// At the lower right of the last page, where documents are signed.
    LastPage,
    /// The same of the first page.
    FirstPage,
    /// Nowhere: the file alone carries it.
    Nowhere,
    /// Around a point that somebody chose.
    Point(Point),
    /// In the room that a form of our own keeps for it, where its label is.
    Room(Room),
}

/// A rectangle on a page in the page's own coordinates, in hundredths of a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// From 0.
    pub page: usize,
    /// Left, bottom, right and top.
    pub corners: [i32; 4],
}

/// A point on a page as it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    /// From 0.
    pub page: usize,
    /// From the left, in thousandths of the page's width; at most all of them.
    pub across: u16,
    /// From the top, in thousandths of its height; at most all of them.
    pub down: u16,
}

impl Spot {
    /// Those that are named; a point is chosen on the page.
    pub const NAMED: [Self; 3] = [Self::LastPage, Self::FirstPage, Self::Nowhere];

    /// As it is kept.
    pub fn code(self) -> Cow<'static, str> {
        match self {
            Self::LastPage => "last-page".into(),
            Self::FirstPage => "first-page".into(),
            Self::Nowhere => "nowhere".into(),
            Self::Point(Point { page, across, down }) => format!("point {page} {across} {down}").into(),
            Self::Room(Room { page, corners: [left, bottom, right, top] }) => {
                format!("room {page} {left} {bottom} {right} {top}").into()
            }
        }
    }

    /// What people read.
    pub fn title(self) -> Cow<'static, str> {
        match self {
            Self::LastPage => "Góc dưới bên phải trang cuối".into(),
            Self::FirstPage => "Góc dưới bên phải trang đầu".into(),
            Self::Nowhere => "Không hiện trên trang, chỉ có trong tệp".into(),
            Self::Point(Point { page, .. }) => format!("Chỗ đã chọn trên trang {}", page + 1).into(),
            Self::Room(Room { page, .. }) => format!("Chỗ ký của mẫu, trang {}", page + 1).into(),
        }
    }

    /// The named spot with this code, as a form sends it.
    ///
    /// # Errors
    /// `Invalid` with the field `spot`.
    pub fn named(code: &str) -> Result<Self> {
        let found = Self::NAMED.into_iter().find(|spot| spot.code() == code);
        found.ok_or_else(|| Error::invalid("spot", "Chọn vị trí chữ ký."))
    }

    /// The spot with this code, as it is kept.
    pub(crate) fn of(code: &str) -> Result<Self> {
        Self::named(code).or_else(|_| {
            let chosen = Point::of(code).map(Self::Point).or_else(|| Room::of(code).map(Self::Room));
            chosen.ok_or_else(|| Error::internal(format!("«{code}» is no place on a page")))
        })
    }

    /// The page, of so many.
    pub(crate) fn page(self, pages: usize) -> Option<usize> {
        match self {
            Self::LastPage => pages.checked_sub(1),
            Self::FirstPage => Some(0).filter(|_| pages > 0),
            Self::Nowhere => None,
            Self::Point(Point { page, .. }) | Self::Room(Room { page, .. }) => Some(page).filter(|page| *page < pages),
        }
    }

    /// Where on its page a picture of this size goes.
    pub(super) fn rectangle(self, area: Area, picture: Size) -> Rectangle {
        match self {
            Self::LastPage | Self::FirstPage | Self::Nowhere => area.place(At::LowerRight, picture),
            Self::Point(Point { across, down, .. }) => {
                let part = |parts: u16| f32::from(parts) / f32::from(PARTS);
                area.place(At::Point { across: part(across), down: part(down) }, picture)
            }
            Self::Room(room) => room.mark().place(picture).rectangle,
        }
    }
}

impl Room {
    /// That of a label of the typesetter.
    pub(super) fn at(mark: &Mark) -> Self {
        #[expect(clippy::cast_possible_truncation, reason = "a page is some thousand points wide")]
        let corners = mark.rectangle.corners().map(|points| (points * 100.0).round() as i32);
        Self { page: mark.page, corners }
    }

    /// As the typesetter has it.
    fn mark(self) -> Mark {
        #[expect(clippy::cast_precision_loss, reason = "a page is some thousand points wide")]
        let [left, bottom, right, top] = self.corners.map(|hundredths| hundredths as f32 / 100.0);
        let rectangle = Rectangle { left, bottom, right, top };
        Mark { spot: print::Spot::Signature, page: self.page, rectangle }
    }

    fn of(code: &str) -> Option<Self> {
        let mut parts = code.strip_prefix("room ")?.split(' ');
        let page = parts.next()?.parse().ok()?;
        let corners: Vec<i32> = parts.map(str::parse).collect::<std::result::Result<_, _>>().ok()?;
        Some(Self { page, corners: corners.try_into().ok()? })
    }
}

impl Point {
    fn of(code: &str) -> Option<Self> {
        let mut parts = code.strip_prefix("point ")?.split(' ');
        let page = parts.next()?.parse().ok()?;
        let mut of_page = || parts.next()?.parse::<u16>().ok().filter(|parts| *parts <= PARTS);
        Some(Self { page, across: of_page()?, down: of_page()? })
    }
}

/// Where number and date go on the first page: millimetres from its left and upper edge to the left end of the line and to
/// its middle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Kept {
    pub number: (f32, f32),
    pub date: (f32, f32),
}

impl Kept {
    /// The largest page that an office prints on, in millimetres (A3): no place is further from an edge.
    pub const MM_MAX: f32 = 420.0;

    /// As it is kept: tenths of a millimetre.
    pub(crate) fn code(self) -> String {
        let Self { number, date } = self;
        [number.0, number.1, date.0, date.1].map(|mm| format!("{:.0}", mm * 10.0)).join(" ")
    }

    /// Of what was kept.
    pub(crate) fn of(code: &str) -> Result<Self> {
        let tenths: Vec<f32> = code.split(' ').filter_map(|tenths| tenths.parse().ok()).collect();
        let &[left, top, date_left, date_top] = &tenths[..] else {
            return Err(Error::internal(format!("«{code}» are no places for number and date")));
        };
        let mm = |tenths: f32| tenths / 10.0;
        Ok(Self { number: (mm(left), mm(top)), date: (mm(date_left), mm(date_top)) })
    }
}

/// A point on a page of this size in points, in millimetres from its left and upper edge.
pub(crate) fn in_mm((across, down): (u16, u16), size: print::Size) -> (f32, f32) {
    let mm = |parts: u16, points: f32| f32::from(parts) / f32::from(PARTS) * points / POINTS_PER_MM;
    (mm(across, size.width), mm(down, size.height))
}

#[cfg(test)]
mod tests {
    use super::{Kept, Point, Room, Spot};

    #[test]
    fn what_is_kept_is_read_back() {
        let point = Spot::Point(Point { page: 2, across: 0, down: 1000 });
        let room = Spot::Room(Room { page: 1, corners: [-1, 28_000, 51_234, 35_087] });
        for spot in Spot::NAMED.into_iter().chain([point, room]) {
            assert_eq!(Spot::of(&spot.code()).ok(), Some(spot), "{}", spot.code());
        }
        let kept = Kept { number: (42.0, 39.5), date: (125.0, 0.0) };
        assert_eq!(Kept::of(&kept.code()).ok(), Some(kept));
    }

    #[test]
    fn what_is_no_place_is_refused() {
        for wrong in [
            "",
            "point",
            "point 1 2",
            "point 1 2 1001",
            "point -1 2 3",
            "point 1 2 x",
            "room 0 1 2 3",
            "room 0 1 2 3 x",
            "room",
        ] {
            assert!(Spot::of(wrong).is_err(), "{wrong:?}");
        }
        for unnamed in ["point 0 500 500", "room 0 1 2 3 4"] {
            assert!(Spot::named(unnamed).is_err(), "a form names no {unnamed}");
        }
        for wrong in ["", "1 2 3", "1 2 3 4 5", "a b c d"] {
            assert!(Kept::of(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_page_that_is_not_there_shows_nothing() {
        let point = Spot::Point(Point { page: 2, across: 500, down: 500 });
        assert_eq!((point.page(2), point.page(3)), (None, Some(2)));
        assert_eq!((Spot::LastPage.page(0), Spot::LastPage.page(4)), (None, Some(3)));
    }
}
