//! Pages: anybody checks a file; officers sign, clerks seal, each with certificates of their own; whoever keeps the list of
//! trust keeps it.

mod check;
mod desk;
mod document;
mod place;
mod queue;
pub(crate) mod reading;
mod remote;
pub(crate) mod report;
mod request;
mod request_forms;
mod request_print;
mod requests;
mod signer_forms;
mod signers;
mod trust;
mod trust_forms;

use crate::permissions::{SIGNATURES_REGISTER, SIGNATURES_SEAL, SIGNATURES_SIGN_OWN, SIGNATURES_TRUST};
use web::{Allow, NavItem, Routes, Sample};

/// Where anybody checks the signatures of a file.
pub const CHECK: &str = "/kiem-tra-chu-ky";
/// What waits for this person's signature.
pub const SIGN: &str = "/ky-so";
/// What waits for the agency's seal.
pub const SEAL: &str = "/dong-dau";
/// A document that is signed here, by its id.
pub const DOCUMENT: &str = "/van-ban-ky";
/// The certificates with which this person signs.
const SIGNERS: &str = "/chung-thu-ky";
/// Those of all units of an administrator.
const REGISTER: &str = "/quan-tri/chung-thu-ky";
/// What this person asked for about certificates.
const REQUESTS: &str = "/chung-thu-ky/de-nghi";
/// What was asked in all units of an administrator.
const REQUESTS_REGISTER: &str = "/quan-tri/chung-thu-ky/de-nghi";
/// Where the list of trust is kept.
const TRUST: &str = "/quan-tri/chung-thu-tin-cay";

const KEEP: Allow = Allow::staff(&SIGNATURES_TRUST);
const TOOL: Allow =
    Allow::anyone("the tool on a signer's computer has no session, but a pass that is good for one document and once");
const ANYBODY: Allow =
    Allow::anyone("whoever was handed a signed file may ask whether it is genuine; the file is not kept");

/// Bytes of a form that brings a file to be checked: the file with its frame.
pub const FORM_BYTES_MAX: usize = crate::FILE_BYTES_MAX + 64 * 1024;
/// A key file with a picture, and their frame.
const SIGNER_BYTES_MAX: usize = 1200 * 1024;
/// What the tool hands in: the file, and what signing adds for the person and again for the agency.
const RETURNED_BYTES_MAX: usize = crate::FILE_BYTES_MAX + 2 * ::signing::tool::GROWTH_BYTES_MAX;
/// A bundle of certificates has some kilobytes.
const TRUST_BYTES_MAX: usize = 512 * 1024;

/// All routes of this module.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/kiem-tra-chu-ky", check::show, ANYBODY)
        .post("/kiem-tra-chu-ky", check::check, ANYBODY)
        .body_max(FORM_BYTES_MAX)
        .get("/ky-so", queue::to_sign, Allow::staff(&SIGNATURES_SIGN_OWN))
        .post("/ky-so", queue::sign, Allow::staff(&SIGNATURES_SIGN_OWN))
        .get("/dong-dau", queue::to_seal, Allow::staff(&SIGNATURES_SEAL))
        .post("/dong-dau", queue::seal, Allow::staff(&SIGNATURES_SEAL))
        .get("/ky-so/tren-may", desk::signed, Allow::staff(&SIGNATURES_SIGN_OWN))
        .get("/dong-dau/tren-may", desk::sealed, Allow::staff(&SIGNATURES_SEAL))
        .get("/ky-so/tu-xa/{id}", remote::signing, Allow::staff(&SIGNATURES_SIGN_OWN))
        .post("/ky-so/tu-xa/{id}/huy", remote::give_up_signing, Allow::staff(&SIGNATURES_SIGN_OWN))
        .get("/dong-dau/tu-xa/{id}", remote::sealing, Allow::staff(&SIGNATURES_SEAL))
        .post("/dong-dau/tu-xa/{id}/huy", remote::give_up_sealing, Allow::staff(&SIGNATURES_SEAL))
        .get("/cong-cu-ky/{id}/{pass}/{name}", desk::fetch, TOOL)
        .post("/cong-cu-ky/{id}/{pass}", desk::hand_in, TOOL)
        .body_max(RETURNED_BYTES_MAX + 64 * 1024)
        .get("/van-ban-ky/{id}", document::show, Allow::signed_in())
        .get("/van-ban-ky/{id}/tep", document::file, Allow::signed_in())
        .get("/van-ban-ky/{id}/xem-truoc", document::preview, Allow::signed_in())
        .get("/van-ban-ky/{id}/vi-tri", place::show, Allow::signed_in())
        .post("/van-ban-ky/{id}/vi-tri", place::place, Allow::signed_in())
        .get("/van-ban-ky/{id}/trang/{page}", place::picture, Allow::signed_in())
        .post("/van-ban-ky/{id}/bo-dau-thoi-gian", document::waive, Allow::signed_in())
        .post("/van-ban-ky/{id}/rut", document::withdraw, Allow::signed_in())
        .get("/chung-thu-ky", signers::own, Allow::signed_in())
        .get("/chung-thu-ky/them", signer_forms::new, Allow::signed_in())
        .post("/chung-thu-ky/them", signer_forms::add, Allow::signed_in())
        .body_max(SIGNER_BYTES_MAX)
        .get("/chung-thu-ky/{id}/ngung", signer_forms::ending, Allow::signed_in())
        .post("/chung-thu-ky/{id}/ngung", signer_forms::end, Allow::signed_in())
        .get("/quan-tri/chung-thu-ky", signers::register, Allow::staff(&SIGNATURES_REGISTER))
        .and(asking())
        .get("/quan-tri/chung-thu-tin-cay", trust::list, KEEP)
        .get("/quan-tri/chung-thu-tin-cay/them", trust_forms::new, KEEP)
        .post("/quan-tri/chung-thu-tin-cay/them", trust_forms::add, KEEP)
        .body_max(TRUST_BYTES_MAX)
        .get("/quan-tri/chung-thu-tin-cay/{id}/bo", trust_forms::removing, KEEP)
        .post("/quan-tri/chung-thu-tin-cay/{id}/bo", trust_forms::remove, KEEP)
}

/// Requests about certificates.
fn asking() -> Routes {
    let keep = || Allow::staff(&SIGNATURES_REGISTER);
    Routes::new()
        .get("/chung-thu-ky/de-nghi", requests::own, Allow::signed_in())
        .get("/chung-thu-ky/de-nghi/moi", request_forms::new, Allow::signed_in())
        .post("/chung-thu-ky/de-nghi/moi", request_forms::send, Allow::signed_in())
        .get("/chung-thu-ky/de-nghi/{id}", request::show, Allow::signed_in())
        .get("/chung-thu-ky/de-nghi/{id}/in.pdf", request_print::one, Allow::signed_in())
        .post("/chung-thu-ky/de-nghi/{id}/rut", request::take_back, Allow::signed_in())
        .get("/quan-tri/chung-thu-ky/de-nghi", requests::register, keep())
        .get("/quan-tri/chung-thu-ky/de-nghi/danh-sach.pdf", request_print::all, keep())
        .post("/quan-tri/chung-thu-ky/de-nghi/gui", requests::send, keep())
        .post("/quan-tri/chung-thu-ky/de-nghi/{id}/xac-nhan", request::confirm, keep())
        .post("/quan-tri/chung-thu-ky/de-nghi/{id}/tu-choi", request::refuse, keep())
        .post("/quan-tri/chung-thu-ky/de-nghi/{id}/xong", request::close, keep())
}

/// A document as it is when all is done, for the samples of whoever shows one; fictional.
pub fn sample_sealed() -> crate::document::Document {
    queue::sample_document(crate::document::State::Sealed)
}

/// Lines of the navigation.
pub(crate) static NAVIGATION: &[NavItem] = &[
    NavItem { group: "Công việc", title: "Ký số", icon: "signature", path: SIGN },
    NavItem { group: "Công việc", title: "Đóng dấu số", icon: "stamp", path: SEAL },
    NavItem { group: "Công cụ", title: "Kiểm tra chữ ký số", icon: "signature", path: CHECK },
    NavItem { group: "Quản trị", title: "Chứng thư ký số", icon: "signature", path: REGISTER },
    NavItem { group: "Quản trị", title: "Chứng thư tin cậy", icon: "stamp", path: TRUST },
    // Whoever has no certificate yet asks for the first one there.
    NavItem { group: "Cá nhân", title: "Chứng thư của tôi", icon: "key-round", path: SIGNERS },
];

/// Every page in its states.
pub(crate) fn samples() -> Vec<Sample> {
    [
        check::samples(),
        queue::samples(),
        desk::samples(),
        remote::samples(),
        document::samples(),
        place::samples(),
        signers::samples(),
        signer_forms::samples(),
        requests::samples(),
        request_forms::samples(),
        request::samples(),
        trust::samples(),
        trust_forms::samples(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
