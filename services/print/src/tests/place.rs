//! Where stamps go: on places of a template, and on pages of any shape and turn.

use crate::forms::StampKind;
use crate::{Area, At, Mark, POINTS_PER_MM, Print, Rectangle, Size, Spot, Turn};

const STAMP: Size = Size { width: 120.0, height: 40.0 };

#[track_caller]
fn near(found: Rectangle, corners: [f32; 4]) {
    assert!(found.corners().iter().zip(corners).all(|(a, b)| (a - b).abs() < 0.01), "{found:?} is not {corners:?}");
}

#[test]
fn a_stamp_never_leaves_the_page() {
    let places = [
        At::LowerRight,
        At::TopRight,
        At::Point { across: 0.0, down: 0.0 },
        At::Point { across: 1.0, down: 1.0 },
        At::Point { across: -7.0, down: 99.0 },
        At::Point { across: f32::NAN, down: f32::INFINITY },
    ];
    let crops = [[0.0, 0.0, 595.0, 842.0], [-50.0, 100.0, 250.0, 300.0], [10.0, 10.0, 90.0, 50.0]];
    for crop in crops {
        for degrees in [0, 90, 180, 270] {
            let area = Area::new(crop, degrees);
            for at in places {
                for stamp in [STAMP, Size { width: 1.0, height: 900.0 }, Size { width: 2000.0, height: 3.0 }] {
                    let found = area.place(at, stamp);
                    let inside = found.left >= crop[0] - 0.01
                        && found.bottom >= crop[1] - 0.01
                        && found.right <= crop[2] + 0.01
                        && found.top <= crop[3] + 0.01;
                    assert!(inside, "{found:?} in {crop:?} turned by {degrees} at {at:?}");
                    let (wanted, got) = (stamp.width / stamp.height, found.size().width / found.size().height);
                    assert!((wanted / got - 1.0).abs() < 0.02, "{wanted} became {got}");
                }
            }
            let (signature, seal) = (area.place(At::LowerRight, STAMP), Size { width: 60.0, height: 30.0 });
            for found in [area.seal_over(signature, seal), area.seal_beside(signature, seal)] {
                assert!(found.left >= crop[0] - 0.01 && found.right <= crop[2] + 30.0, "{found:?}");
            }
        }
    }
}

#[test]
fn corners_are_those_that_a_person_sees() {
    let mm = POINTS_PER_MM;
    let crop = [0.0, 0.0, 595.0, 842.0];
    let upright = Area::new(crop, 0);
    let (right, top) = (595.0 - 15.0 * mm, 842.0 - 7.0 * mm);
    near(upright.place(At::TopRight, STAMP), [right - 120.0, top - 40.0, right, top]);
    let right = 595.0 - 20.0 * mm;
    near(upright.place(At::LowerRight, STAMP), [right - 120.0, 25.0 * mm, right, 25.0 * mm + 40.0]);
    near(upright.place(At::Point { across: 0.25, down: 0.75 }, STAMP), [88.75, 190.5, 208.75, 230.5]);

    // Turned clockwise by 90 degrees, the page's own upper edge is seen at the right and its left edge above. The stamp
    // was typeset lying, and stands when it is seen.
    let turned = Area::new(crop, 90);
    assert_eq!(turned.turn(), Turn::Quarter);
    let lying = Turn::Quarter.of_size(STAMP);
    let (near_top, near_right) = (7.0 * mm, 842.0 - 15.0 * mm);
    near(turned.place(At::TopRight, lying), [near_top, near_right - 120.0, near_top + 40.0, near_right]);
    let around = Area::new(crop, -90);
    near(around.place(At::TopRight, lying), [595.0 - near_top - 40.0, 15.0 * mm, 595.0 - near_top, 15.0 * mm + 120.0]);
    near(Area::new(crop, 180).place(At::TopRight, STAMP), [15.0 * mm, 7.0 * mm, 15.0 * mm + 120.0, 7.0 * mm + 40.0]);
}

#[test]
fn a_turn_that_is_none_is_taken_as_none() {
    for (degrees, turn) in
        [(0, Turn::None), (450, Turn::Quarter), (-180, Turn::Half), (45, Turn::None), (630, Turn::ThreeQuarters)]
    {
        assert_eq!(Turn::of_degrees(degrees), turn, "{degrees}");
    }
}

#[test]
fn the_seal_covers_the_left_third_however_the_page_is_turned() {
    for area in [0, 90, 180, 270].map(|degrees| Area::new([0.0, 0.0, 595.0, 842.0], degrees)) {
        let (wide, seal) = (area.turn().of_size(STAMP), Size { width: 102.0, height: 102.0 });
        let signature = area.place(At::Point { across: 0.5, down: 0.5 }, wide);
        let covered = |seal: Rectangle| {
            let width = signature.right.min(seal.right) - signature.left.max(seal.left);
            let height = signature.top.min(seal.top) - signature.bottom.max(seal.bottom);
            width.max(0.0) * height.max(0.0) / (STAMP.width * STAMP.height)
        };
        let over = area.seal_over(signature, seal);
        assert!((covered(over) - 1.0 / 3.0).abs() < 0.001, "{}", covered(over));
        assert_eq!(covered(area.seal_beside(signature, seal)), 0.0);
        assert!((over.size().width - 102.0).abs() < 0.01, "of real size");
    }
    let a4 = Area::new([0.0, 0.0, 595.0, 842.0], 0);
    let signature = Rectangle { left: 300.0, bottom: 100.0, right: 420.0, top: 140.0 };
    near(a4.seal_over(signature, Size { width: 100.0, height: 100.0 }), [240.0, 70.0, 340.0, 170.0]);
}

fn print_with(spot: Spot, corners: [f32; 4]) -> Print {
    let [left, bottom, right, top] = corners;
    let mark = Mark { spot, page: 1, rectangle: Rectangle { left, bottom, right, top } };
    let page = Size { width: 595.0, height: 842.0 };
    Print { pdf: vec![], pages: vec![page, page], marks: vec![mark] }
}

#[test]
fn each_stamp_goes_to_its_own_place() {
    let room = print_with(Spot::Signature, [300.0, 100.0, 500.0, 160.0]);
    let place = room.place(StampKind::Person, STAMP).unwrap();
    assert_eq!(place.page, 1);
    near(place.rectangle, [340.0, 110.0, 460.0, 150.0]);
    // Smaller where it does not fit, never larger.
    near(
        room.place(StampKind::Person, Size { width: 400.0, height: 60.0 }).unwrap().rectangle,
        [300.0, 115.0, 500.0, 145.0],
    );
    assert_eq!(room.place(StampKind::Number, STAMP), None);
    assert_eq!(room.place(StampKind::Agency, STAMP), None);

    let point = print_with(Spot::Seal, [200.0, 200.0, 200.0, 200.0]);
    near(point.place(StampKind::Agency, STAMP).unwrap().rectangle, [140.0, 180.0, 260.0, 220.0]);

    // On the line: what goes below the baseline does so in the stamp too.
    let line = Size { width: 80.0, height: 11.35 };
    let point = print_with(Spot::Number, [150.0, 700.0, 150.0, 700.0]);
    near(point.place(StampKind::Number, line).unwrap().rectangle, [150.0, 697.75, 230.0, 709.1]);
    let boxed = print_with(Spot::Date, [150.0, 697.0, 250.0, 712.0]);
    near(boxed.place(StampKind::Date, line).unwrap().rectangle, [150.0, 697.0, 230.0, 708.35]);

    let copy = room.place(StampKind::Copy, STAMP).unwrap();
    assert_eq!((copy.page, room.place(StampKind::Attachment, STAMP)), (0, Some(copy)));
    assert_eq!(Print::default().place(StampKind::Copy, STAMP), None);
    assert_eq!(room.seal_over(crate::Place { page: 9, ..place }, STAMP), None);
}
