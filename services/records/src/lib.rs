//! Records and the tasks about them: the one list of everything that waits for an officer.
//!
//! Every dossier, document, meeting or report is entered once as a [`Record`]; whoever must act on it has a [`Task`]
//! that waits for a post or a person until a due time. "My work" is one query over open tasks.

pub mod pages;
pub mod record;
pub mod task;
mod term;
pub mod text;

pub use record::{NewRecord, Record};
pub use task::{Holder, NewTask, OpenTask, Task, WorkItem};
pub use term::by_clock;

use store::Migration;
use web::{Allow, Check, Module, NavItem, Routes};

/// The records service as the house sees it.
pub static MODULE: Module = Module {
    name: "records",
    title: "Việc và hồ sơ",
    migrations: &[Migration::new(1, "create_records", include_str!("../migrations/0001_create_records.sql"))],
    permissions: &[],
    routes,
    navigation: &[NavItem { group: "Công việc", title: "Việc của tôi", icon: "inbox", path: "/viec-cua-toi" }],
    indicators: &[],
    jobs: &[],
    listeners: &[],
    samples: pages::my_work::samples,
    checks: &[Check { title: "Việc đang mở đều có người giữ", run: task::check_open_tasks }],
    reindex: None,
};

fn routes() -> Routes {
    Routes::new().get("/viec-cua-toi", pages::my_work::show, Allow::signed_in())
}

#[cfg(test)]
mod tests;
