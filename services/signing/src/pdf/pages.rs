//! How large the pages of a file are, for whoever places a signature on one.

use super::base::{Base, damaged};
use super::field::Rectangle;
use crate::SigningError;
use lopdf::{Dictionary, Object};

/// As deep as page trees get; one that goes round ends here too.
const DEPTH_MAX: usize = 64;

/// What is seen of a page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PageSize {
    /// The crop box within the media box, in the page's own coordinates in points. Without a crop box the media box.
    pub seen: Rectangle,
    /// By how many degrees the page is turned clockwise when it is shown: `/Rotate`, from 0 to 359. Readers turn by
    /// multiples of 90 only.
    pub rotate_degrees: u16,
}

impl Rectangle {
    /// Left, bottom, right, top: as `/Rect` of a PDF lists them.
    pub fn corners(&self) -> [f32; 4] {
        [self.left, self.bottom, self.right, self.top]
    }
}

impl From<[f32; 4]> for Rectangle {
    /// From left, bottom, right, top.
    fn from([left, bottom, right, top]: [f32; 4]) -> Self {
        Self { left, bottom, right, top }
    }
}

/// The size of every page, in order (ISO 32000-1, 7.7.3.3 and 14.11.2).
///
/// # Errors
/// What [`crate::prepare`] refuses a file for, so that a file with sizes can also be signed, and
/// [`SigningError::Damaged`] for a page without a size.
pub fn page_sizes(file: &[u8]) -> Result<Vec<PageSize>, SigningError> {
    let base = Base::open(file)?;
    base.document.page_iter().map(|page| size(&base, base.document.get_dictionary(page).map_err(damaged)?)).collect()
}

fn size(base: &Base<'_>, page: &Dictionary) -> Result<PageSize, SigningError> {
    let without = || SigningError::Damaged("a page without a size".to_owned());
    let media = rectangle(base, inherited(base, page, b"MediaBox")?)?.ok_or_else(without)?;
    let crop = rectangle(base, inherited(base, page, b"CropBox")?)?.unwrap_or(media);
    let both = Rectangle {
        left: crop.left.max(media.left),
        bottom: crop.bottom.max(media.bottom),
        right: crop.right.min(media.right),
        top: crop.top.min(media.top),
    };
    // Readers show the whole page where the crop box lies outside of it.
    let seen = if both.left < both.right && both.bottom < both.top { both } else { media };
    if seen.left >= seen.right || seen.bottom >= seen.top {
        return Err(without());
    }
    let rotate = match inherited(base, page, b"Rotate")? {
        Some(Object::Integer(degrees)) => *degrees,
        Some(Object::Real(degrees)) => *degrees as i64,
        _ => 0,
    };
    Ok(PageSize { seen, rotate_degrees: rotate.rem_euclid(360) as u16 })
}

/// An entry of the page or of what it hangs under.
fn inherited<'b>(base: &'b Base<'_>, page: &'b Dictionary, key: &[u8]) -> Result<Option<&'b Object>, SigningError> {
    let mut node = page;
    for _ in 0..DEPTH_MAX {
        if let Ok(found) = node.get(key) {
            return base.resolve(found).map(Some);
        }
        match base.dictionary(node, b"Parent")? {
            Some(parent) => node = parent,
            None => return Ok(None),
        }
    }
    Ok(None)
}

/// Four numbers; any two opposite corners may come first (7.9.5).
pub(super) fn rectangle(base: &Base<'_>, object: Option<&Object>) -> Result<Option<Rectangle>, SigningError> {
    let Some(Object::Array(items)) = object else { return Ok(None) };
    let mut numbers = [0.0_f32; 4];
    if items.len() != numbers.len() {
        return Err(SigningError::Damaged("a rectangle without four corners".to_owned()));
    }
    for (number, item) in numbers.iter_mut().zip(items) {
        *number = base.resolve(item)?.as_float().map_err(damaged)?;
    }
    let [a, b, c, d] = numbers;
    if numbers.iter().any(|number| !number.is_finite()) {
        return Err(SigningError::Damaged("a rectangle without end".to_owned()));
    }
    Ok(Some(Rectangle { left: a.min(c), bottom: b.min(d), right: a.max(c), top: b.max(d) }))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file of one page; `page` and `parent` are entries of the page and of what it hangs under.
    fn file(page: &str, parent: &str) -> Vec<u8> {
        let objects = [
            "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
            format!("<</Type/Pages/Count 1/Kids[3 0 R]{parent}>>"),
            format!("<</Type/Page/Parent 2 0 R{page}>>"),
            "[10 20 300.5 400]".to_owned(),
        ];
        let mut out = b"%PDF-1.7\n".to_vec();
        let mut table = format!("xref\n0 {}\n0000000000 65535 f\r\n", objects.len() + 1);
        for (index, object) in objects.iter().enumerate() {
            table += &format!("{:010} 00000 n\r\n", out.len());
            out.extend(format!("{} 0 obj\n{object}\nendobj\n", index + 1).into_bytes());
        }
        let (start, size) = (out.len(), objects.len() + 1);
        out.extend(format!("{table}trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n").into_bytes());
        out
    }

    fn only(page: &str, parent: &str) -> ([f32; 4], u16) {
        let sizes = page_sizes(&file(page, parent)).unwrap();
        assert_eq!(sizes.len(), 1);
        (sizes[0].seen.corners(), sizes[0].rotate_degrees)
    }

    #[test]
    fn sizes_and_turns_come_from_the_page_or_from_above_it() {
        assert_eq!(only("/MediaBox[0 0 595 842]", ""), ([0.0, 0.0, 595.0, 842.0], 0));
        assert_eq!(only("", "/MediaBox 4 0 R/Rotate 90"), ([10.0, 20.0, 300.5, 400.0], 90));
        assert_eq!(only("/Rotate -90", "/MediaBox 4 0 R/Rotate 90").1, 270);
        // Corners in any order.
        assert_eq!(only("/MediaBox[595 842 0 0]", "").0, [0.0, 0.0, 595.0, 842.0]);
    }

    #[test]
    fn the_crop_box_counts_as_far_as_it_lies_on_the_page() {
        let media = "/MediaBox[0 0 595 842]";
        assert_eq!(only("/CropBox[20 30 500 900]", media).0, [20.0, 30.0, 500.0, 842.0]);
        assert_eq!(only("/CropBox[600 0 700 100]", media).0, [0.0, 0.0, 595.0, 842.0]);
    }

    #[test]
    fn a_page_without_a_size_is_damaged() {
        for page in ["", "/MediaBox[0 0 595]", "/MediaBox[0 0 0 842]", "/MediaBox[0 0 /A 842]"] {
            assert!(matches!(page_sizes(&file(page, "")), Err(SigningError::Damaged(_))), "{page}");
        }
        assert!(matches!(page_sizes(b"no file"), Err(SigningError::Damaged(_))));
    }
}
