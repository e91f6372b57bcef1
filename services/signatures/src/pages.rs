//! Pages: anybody checks a file; whoever keeps the list of trust keeps it.

mod check;
pub(crate) mod reading;
pub(crate) mod report;
mod trust;
mod trust_forms;

use crate::permissions::SIGNATURES_TRUST;
use web::{Allow, NavItem, Routes, Sample};

/// Where anybody checks the signatures of a file.
pub const CHECK: &str = "/kiem-tra-chu-ky";
/// Where the list of trust is kept.
const TRUST: &str = "/quan-tri/chung-thu-tin-cay";

const KEEP: Allow = Allow::staff(&SIGNATURES_TRUST);
const ANYBODY: Allow =
    Allow::anyone("whoever was handed a signed file may ask whether it is genuine; the file is not kept");

/// Bytes of a form that brings a file to be checked: the file with its frame.
pub const FORM_BYTES_MAX: usize = crate::FILE_BYTES_MAX + 64 * 1024;
/// A bundle of certificates has some kilobytes.
const TRUST_BYTES_MAX: usize = 512 * 1024;

/// All routes of this module.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/kiem-tra-chu-ky", check::show, ANYBODY)
        .post("/kiem-tra-chu-ky", check::check, ANYBODY)
        .body_max(FORM_BYTES_MAX)
        .get("/quan-tri/chung-thu-tin-cay", trust::list, KEEP)
        .get("/quan-tri/chung-thu-tin-cay/them", trust_forms::new, KEEP)
        .post("/quan-tri/chung-thu-tin-cay/them", trust_forms::add, KEEP)
        .body_max(TRUST_BYTES_MAX)
        .get("/quan-tri/chung-thu-tin-cay/{id}/bo", trust_forms::removing, KEEP)
        .post("/quan-tri/chung-thu-tin-cay/{id}/bo", trust_forms::remove, KEEP)
}

/// Lines of the navigation.
pub(crate) static NAVIGATION: &[NavItem] = &[
    NavItem { group: "Công cụ", title: "Kiểm tra chữ ký số", icon: "signature", path: CHECK },
    NavItem { group: "Quản trị", title: "Chứng thư tin cậy", icon: "stamp", path: TRUST },
];

/// Every page in its states.
pub(crate) fn samples() -> Vec<Sample> {
    [check::samples(), trust::samples(), trust_forms::samples()].into_iter().flatten().collect()
}
