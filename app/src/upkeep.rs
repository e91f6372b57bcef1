//! The care of the machine: backups that are made by themselves and rehearsed, and a page that says in plain words how the
//! machine stands and what is to be done.
//!
//! A commune has nobody who reads logs. So what would be noticed too late (a full disk, a stick that was pulled out, a
//! backup that cannot be restored, a key that nobody put away) stands on one page, each with what to do about it.

pub mod keeper;
mod pages;
mod plan;
mod rehearsal;
mod run;
mod sights;

pub use keeper::Keeper;

use directory::DIRECTORY_KEEP;
use store::Migration;
use web::{Allow, Module, NavItem, Routes};

/// Where the pages begin.
const TOP: &str = "/quan-tri/may";
/// Whoever keeps accounts and roles keeps the machine; the pages are for the highest units that do.
const KEEP: Allow = Allow::staff(&DIRECTORY_KEEP);

/// The care of the machine as a module.
pub static MODULE: Module = Module {
    name: "upkeep",
    title: "Kiểm tra máy",
    migrations: &[Migration::new(1, "create_backups", include_str!("../migrations/upkeep/0001_create_backups.sql"))],
    permissions: &[],
    routes,
    navigation: &[NavItem { group: "Quản trị", title: "Kiểm tra máy", icon: "shield-check", path: TOP }],
    indicators: &[],
    jobs: &[],
    events: &[],
    listeners: &[],
    samples: pages::samples,
    checks: &[],
    keeps: &[],
    sealed: &[],
    reindex: None,
};

fn routes() -> Routes {
    Routes::new()
        .get("/quan-tri/may", pages::look::show, KEEP)
        .post("/quan-tri/may/sao-luu-ngay", pages::look::back_up_now, KEEP)
        .get("/quan-tri/may/sao-luu", pages::plan_form::show, KEEP)
        .post("/quan-tri/may/sao-luu", pages::plan_form::save, KEEP)
        .get("/quan-tri/may/khoa", pages::key::ask, KEEP)
        .post("/quan-tri/may/khoa", pages::key::show, KEEP)
        .post("/quan-tri/may/khoa/da-cat", pages::key::put_away, KEEP)
}
