//! Records and the tasks about them: the one list of everything that waits for an officer.
//!
//! Every dossier, document, meeting or report is entered once as a [`Record`]; whoever must act on it has a [`Task`]
//! that waits for a post or a person until a due time. Who looked at one is a [`look::Look`]. "My work" is one query over open tasks.

mod checks;
mod follow;
pub mod look;
pub mod pages;
pub mod record;
pub mod task;
mod term;
pub mod text;
pub mod unheld;
pub mod work;

pub use record::{NewRecord, Record};
pub use task::{Holder, Manner, NewTask, OpenTask, Pace, Task};
pub use term::{by_clock, in_working_time};
pub use work::{WorkCursor, WorkItem};

use store::Migration;
use web::{Allow, Check, Module, NavItem, Permission, Reach, Routes, Sample};

/// See the work of an authority that waits where nobody sits.
pub static RECORDS_SEE_UNHELD: Permission =
    Permission { name: "records.see-unheld", title: "Xem việc chưa có người giữ", reach: Reach::Authority };

/// The records service as the house sees it.
pub static MODULE: Module = Module {
    name: "records",
    title: "Việc và hồ sơ",
    migrations: &[
        Migration::new(1, "create_records", include_str!("../migrations/0001_create_records.sql")),
        Migration::new(2, "follow_moves", include_str!("../migrations/0002_follow_moves.sql")),
        Migration::new(3, "create_looks", include_str!("../migrations/0003_create_looks.sql")),
    ],
    permissions: &[&RECORDS_SEE_UNHELD],
    routes,
    navigation: &[
        NavItem { group: "Công việc", title: "Việc của tôi", icon: "inbox", path: "/viec-cua-toi" },
        NavItem {
            group: "Công việc",
            title: "Việc chưa có người giữ",
            icon: "user-round",
            path: "/viec-chua-co-nguoi",
        },
    ],
    indicators: &[],
    jobs: &[follow::JOB, look::JOB],
    events: &[],
    listeners: &[follow::LISTENER],
    samples,
    checks: &[
        Check { title: "Việc đang mở đều có người giữ", run: task::check_open_tasks },
        Check { title: "Sự kiện và số đếm chỉ nêu bản ghi có thật", run: checks::records_named },
    ],
    keeps: &[look::KEPT],
    sealed: &[],
    reindex: None,
};

fn routes() -> Routes {
    Routes::new().get("/viec-cua-toi", pages::my_work::show, Allow::signed_in()).get(
        "/viec-chua-co-nguoi",
        pages::unheld::show,
        Allow::staff(&RECORDS_SEE_UNHELD),
    )
}

fn samples() -> Vec<Sample> {
    pages::my_work::samples().into_iter().chain(pages::unheld::samples()).collect()
}

#[cfg(test)]
mod tests;
