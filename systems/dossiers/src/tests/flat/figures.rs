//! What people ask of form II.06 and of the lists behind its numbers.

use super::RARE;
use super::ask::Known;
use crate::figures::{By, Column};
use crate::procedure::catalogue;
use crate::tests::house::Site;
use crate::tests::world::{STATUS, World};

/// From the middle of a month to the middle of another, of the next year.
const ODD: &str = "tu=2025-08-17&den=2026-11-11";
/// A year up to the sample day.
const YEAR: &str = "tu=2025-11-21&den=2026-11-20";
/// A month up to it, which has all its days with few dossiers too.
const MONTH: &str = "tu=2026-10-21&den=2026-11-20";
/// The same for what is carried over: a list of next to nothing cannot be held against a full page.
const CARRIED: &str = "tu=2026-11-01&den=2026-11-20";
const DAY: &str = "tu=2026-11-19&den=2026-11-19";
/// Columns that are made of all kinds of ranges together.
const BROAD: [Column; 5] = [Column::Received, Column::Resolved, Column::InProgress, Column::Overdue, Column::Closed];

/// Who asks for which address.
pub fn questions(world: &World, known: &Known) -> Vec<(&'static str, String)> {
    let field = format!("&linh-vuc={}", catalogue::find(STATUS).unwrap().field.code);
    let (usual, rare) = (format!("&thu-tuc={STATUS}"), format!("&thu-tuc={}", RARE.0));
    let (commune, neighbour) = (format!("&don-vi={}", world.commune), format!("&don-vi={}", world.neighbour));
    let mut questions = Vec::new();
    for who in ["counter", "province"] {
        for period in [ODD, YEAR, "tu=2026-01-01&den=2026-12-31", "tu=2026-10-01&den=2026-10-31", DAY] {
            for by in By::ALL {
                questions.push((who, format!("/so-lieu?theo={}&{period}", by.code())));
            }
        }
        questions.push((who, format!("/so-lieu?theo=thu-tuc&{ODD}{field}")));
        questions.push((who, format!("/so-lieu?theo=linh-vuc&{ODD}{commune}")));
        let mut list = |column: Column, rest: &str| {
            questions.push((who, format!("/ho-so?so={}&{rest}", column.code())));
        };
        // A later page begins behind one that has ended: it has a place in the order of either day.
        let later = format!("&sau={}-0", known.ended);
        for column in Column::ALL {
            let period = if column == Column::Carried { CARRIED } else { YEAR };
            for scope in ["", &usual, &rare, &field] {
                list(column, &format!("{period}{scope}"));
            }
            list(column, &format!("{period}{later}"));
        }
        for column in BROAD {
            for period in [ODD, MONTH, DAY] {
                list(column, period);
            }
            for scope in [&usual, &rare, &field] {
                list(column, &format!("{YEAR}{scope}{later}"));
            }
            if who == "province" {
                // One unit; and two, of which one has nothing.
                for scope in [&commune, &neighbour, &format!("{commune}{rare}"), &format!("{neighbour}{field}")] {
                    list(column, &format!("{YEAR}{scope}"));
                }
            }
        }
    }
    questions
}

/// The lists whose work was measured are full where most dossiers are.
pub fn are_there(site: &Site) {
    let full = [Column::Direct, Column::Carried, Column::Resolved, Column::InProgress, Column::InTime, Column::Overdue];
    for who in ["counter", "province"] {
        for column in full.into_iter().chain([Column::Received, Column::Closed]) {
            let page = site.client(who).get(&format!("/ho-so?so={}&{YEAR}", column.code())).page();
            assert_eq!(page.texts("a.cell-link").len(), 50, "{column:?} of {who}");
        }
        let online = site.client(who).get(&format!("/ho-so?so={}&{YEAR}", Column::Online.code())).page();
        assert_eq!(online.texts("a.cell-link").len(), 1, "online of {who}");
    }
}
