//! Finds the places that a template keeps for stamps: labelled boxes and blocks with their rectangles, labelled
//! metadata as points.

use print::{Mark, Rectangle, Size, Spot};
use typst::foundations::Label;
use typst::introspection::{MetadataElem, Tag};
use typst::layout::{Frame, FrameItem, GroupItem, Point, Transform};
use typst_layout::PagedDocument;

/// The size of each page, and the marks in the order of pages and of writing.
pub(crate) fn find(document: &PagedDocument) -> (Vec<Size>, Vec<Mark>) {
    let mut finder = Finder { page: 0, height: 0.0, marks: Vec::new() };
    let mut pages = Vec::new();
    for (index, page) in document.pages().iter().enumerate() {
        let size = page.frame.size();
        finder.page = index;
        finder.height = size.y.to_pt();
        finder.walk(&page.frame, Transform::identity());
        pages.push(Size { width: size.x.to_pt() as f32, height: size.y.to_pt() as f32 });
    }
    (pages, finder.marks)
}

struct Finder {
    page: usize,
    /// Of the page, in points: the typesetter counts from the top, a PDF from the bottom.
    height: f64,
    marks: Vec<Mark>,
}

impl Finder {
    fn walk(&mut self, frame: &Frame, here: Transform) {
        for (position, item) in frame.items() {
            match item {
                FrameItem::Group(group) => {
                    let inside =
                        here.pre_concat(Transform::translate(position.x, position.y)).pre_concat(group.transform);
                    self.group(group, inside);
                    self.walk(&group.frame, inside);
                }
                FrameItem::Tag(Tag::Start(element, _)) if element.is::<MetadataElem>() => {
                    if let Some(spot) = element.label().and_then(spot_of) {
                        let point = position.transform(here);
                        self.mark(spot, [point, point]);
                    }
                }
                _ => {}
            }
        }
    }

    fn group(&mut self, group: &GroupItem, inside: Transform) {
        if let Some(spot) = group.label.and_then(spot_of) {
            let opposite = group.frame.size().to_point().transform(inside);
            self.mark(spot, [Point::zero().transform(inside), opposite]);
        }
    }

    /// Adds the rectangle between two opposite corners.
    fn mark(&mut self, spot: Spot, [one, other]: [Point; 2]) {
        let across = [one.x.to_pt(), other.x.to_pt()];
        let up = [self.height - one.y.to_pt(), self.height - other.y.to_pt()];
        let rectangle = Rectangle {
            left: across[0].min(across[1]) as f32,
            bottom: up[0].min(up[1]) as f32,
            right: across[0].max(across[1]) as f32,
            top: up[0].max(up[1]) as f32,
        };
        self.marks.push(Mark { spot, page: self.page, rectangle });
    }
}

fn spot_of(label: Label) -> Option<Spot> {
    Spot::of_label(&label.resolve())
}
