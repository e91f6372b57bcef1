//! Pages where administrators keep calendars. One screen, one file.

mod decision_form;
mod form_page;
mod hours_form;
mod local_day_form;
mod months;
pub(crate) mod samples;
mod scope;
mod unit;
mod units;
mod year;
mod year_form;
mod years;

use crate::permissions::{CALENDAR_KEEP, CALENDAR_SEE};
use web::{Allow, NavItem, Routes};

const SEE: Allow = Allow::staff(&CALENDAR_SEE);
const KEEP: Allow = Allow::staff(&CALENDAR_KEEP);

/// Where the pages begin.
pub(crate) const TOP: &str = "/quan-tri/lich-lam-viec";
/// Where the country's years begin.
pub(crate) const YEARS: &str = "/quan-tri/lich-lam-viec/nam";

/// A year's file pasted or sent; the shipped ones have two kilobytes.
const YEAR_BYTES_MAX: usize = 256 * 1024;

/// All routes of this module.
pub(crate) fn routes() -> Routes {
    units().and(years())
}

fn units() -> Routes {
    Routes::new()
        .get("/quan-tri/lich-lam-viec", units::list, SEE)
        .get("/quan-tri/lich-lam-viec/{unit}", unit::show, SEE)
        .get("/quan-tri/lich-lam-viec/{unit}/gio", hours_form::new, KEEP)
        .post("/quan-tri/lich-lam-viec/{unit}/gio", hours_form::save, KEEP)
        .get("/quan-tri/lich-lam-viec/{unit}/gio/{from}/bo", hours_form::removing, KEEP)
        .post("/quan-tri/lich-lam-viec/{unit}/gio/{from}/bo", hours_form::remove, KEEP)
        .get("/quan-tri/lich-lam-viec/{unit}/ngay", local_day_form::new, KEEP)
        .post("/quan-tri/lich-lam-viec/{unit}/ngay", local_day_form::add, KEEP)
        .get("/quan-tri/lich-lam-viec/{unit}/ngay/{day}/bo", local_day_form::removing, KEEP)
        .post("/quan-tri/lich-lam-viec/{unit}/ngay/{day}/bo", local_day_form::remove, KEEP)
}

fn years() -> Routes {
    Routes::new()
        .get("/quan-tri/lich-lam-viec/nam", years::list, SEE)
        .get("/quan-tri/lich-lam-viec/nam/nhap", year_form::new, KEEP)
        .post("/quan-tri/lich-lam-viec/nam/nhap", year_form::enter, KEEP)
        .body_max(YEAR_BYTES_MAX)
        .get("/quan-tri/lich-lam-viec/nam/{year}", year::show, SEE)
        .get("/quan-tri/lich-lam-viec/nam/{year}/tep", year::file, SEE)
        .get("/quan-tri/lich-lam-viec/nam/{year}/bo", year_form::dropping, KEEP)
        .post("/quan-tri/lich-lam-viec/nam/{year}/bo", year_form::drop_year, KEEP)
        .get("/quan-tri/lich-lam-viec/nam/{year}/hoan-doi", decision_form::new_swap, KEEP)
        .post("/quan-tri/lich-lam-viec/nam/{year}/hoan-doi", decision_form::add_swap, KEEP)
        .get("/quan-tri/lich-lam-viec/nam/{year}/dot-nghi", decision_form::new_break, KEEP)
        .post("/quan-tri/lich-lam-viec/nam/{year}/dot-nghi", decision_form::add_break, KEEP)
        .get("/quan-tri/lich-lam-viec/nam/{year}/quyet-dinh/{id}/bo", decision_form::removing, KEEP)
        .post("/quan-tri/lich-lam-viec/nam/{year}/quyet-dinh/{id}/bo", decision_form::remove, KEEP)
}

/// Lines of the navigation.
pub(crate) static NAVIGATION: &[NavItem] =
    &[NavItem { group: "Quản trị", title: "Lịch làm việc", icon: "calendar-days", path: TOP }];
