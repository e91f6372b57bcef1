//! One-stop dossiers (hồ sơ một cửa): received at the counter, moved along the procedure's steps, finished with a
//! result, delivered, and followed by the citizen.
//!
//! Reading order: [`status`] says what may follow what, [`verbs`] what can be done, [`procedure`] what a procedure
//! declares, [`due`] when a dossier is due and why, [`lists`] how one is found, [`access`] who may know of it, [`desk`]
//! what officers see.

pub mod access;
pub mod api;
pub mod checks;
pub mod citizen;
pub mod counting;
pub mod desk;
pub mod dossier;
pub mod due;
pub mod event;
pub mod figures;
pub mod intake;
mod jobs;
pub mod keep;
pub mod lists;
mod looked;
mod masked;
pub mod own_form;
pub mod procedure;
mod reindex;
pub mod sample;
pub mod services;
mod signed;
pub mod status;
pub mod stored;
pub mod track;
pub mod verbs;

#[cfg(test)]
mod tests;

use store::Migration;
use web::{Module, NavItem, Permission, Reach, Routes, Sample};

/// A permission that a post of a department has counts for its authority's dossiers: see [`access`].
const fn permission(name: &'static str, title: &'static str) -> Permission {
    Permission { name, title, reach: Reach::Authority }
}

/// See the dossiers of a unit and those below it.
pub static DOSSIERS_SEE: Permission = permission("dossiers.see", "Xem hồ sơ của đơn vị");
/// See restricted dossiers too.
pub static DOSSIERS_SEE_RESTRICTED: Permission =
    permission("dossiers.see-restricted", "Xem hồ sơ hạn chế (khiếu nại, tố cáo)");
/// Receive at the counter.
pub static DOSSIERS_RECEIVE: Permission = permission("dossiers.receive", "Tiếp nhận hồ sơ");
/// Work on the dossiers one holds.
pub static DOSSIERS_HANDLE: Permission = permission("dossiers.handle", "Xử lý hồ sơ được giao");
/// Give waiting work to another post: whoever leads answers for work that is stuck.
pub static DOSSIERS_REASSIGN: Permission = permission("dossiers.reassign", "Chuyển người xử lý hồ sơ");
/// Hand results over.
pub static DOSSIERS_DELIVER: Permission = permission("dossiers.deliver", "Trả kết quả");
/// See who looked at a dossier, to answer its party and to oversee.
pub static DOSSIERS_SEE_LOOKS: Permission = permission("dossiers.see-looks", "Xem ai đã xem hồ sơ");
/// Import and read procedure definitions, which hold nobody's data.
pub static PROCEDURES_KEEP: Permission =
    Permission { name: "dossiers.keep-procedures", title: "Quản lý thủ tục", reach: Reach::Unit };

/// The dossiers system as the house sees it.
pub static MODULE: Module = Module {
    name: "dossiers",
    title: "Hồ sơ một cửa",
    migrations: &[
        Migration::new(1, "create_dossiers", include_str!("../migrations/0001_create_dossiers.sql")),
        Migration {
            number: 2,
            name: "weigh_conditions",
            sqlite: include_str!("../migrations/0002_weigh_conditions.sqlite.sql"),
            postgres: include_str!("../migrations/0002_weigh_conditions.postgres.sql"),
        },
    ],
    permissions: &[
        &DOSSIERS_SEE,
        &DOSSIERS_SEE_RESTRICTED,
        &DOSSIERS_RECEIVE,
        &DOSSIERS_HANDLE,
        &DOSSIERS_REASSIGN,
        &DOSSIERS_DELIVER,
        &DOSSIERS_SEE_LOOKS,
        &PROCEDURES_KEEP,
    ],
    routes,
    navigation: &[
        NavItem { group: "Nghiệp vụ", title: "Tiếp nhận hồ sơ", icon: "stamp", path: "/tiep-nhan" },
        NavItem { group: "Nghiệp vụ", title: "Hồ sơ một cửa", icon: "files", path: "/ho-so" },
        NavItem {
            group: "Nghiệp vụ", title: "Số liệu", icon: "chart-column", path: desk::figures::FIGURES_PAGE
        },
        NavItem { group: "Quản trị", title: "Thủ tục", icon: "book-text", path: "/quan-tri/thu-tuc" },
    ],
    indicators: counting::INDICATORS,
    jobs: jobs::JOBS,
    events: &[
        "dossiers.received.v1",
        "dossiers.moved.v1",
        "dossiers.clock-stopped.v1",
        "dossiers.due-moved.v1",
        "dossiers.finished.v1",
        "dossiers.result-replaced.v1",
        "dossiers.ended.v1",
        "dossiers.delivered.v1",
    ],
    listeners: &[],
    samples,
    checks: checks::CHECKS,
    keeps: &[intake::KEPT, track::KEPT],
    sealed: &[dossier::SEALED],
    reindex: Some(reindex::reindex),
};

fn routes() -> Routes {
    Routes::new().and(citizen::routes()).and(desk::routes()).and(keep::routes()).and(api::routes())
}

fn samples() -> Vec<Sample> {
    [citizen::samples(), desk::samples(), keep::samples()].into_iter().flatten().collect()
}
