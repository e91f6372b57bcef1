//! Pages for officers: receiving at the counter, finding dossiers, working on them, printing.
//!
//! A handler has four beats: load, allow, act, answer. Each page works without a script; forms carry a command id, so
//! that a form sent twice does one thing.

mod act;
mod actions;
mod batch;
mod choose;
mod counter;
pub mod figures;
mod list;
mod looks;
pub(crate) mod own_form;
mod papers;
mod people;
pub(crate) mod prints;
mod received;
mod samples;
mod show;
mod term;
mod tools;

pub use people::People;
pub use samples::samples;
pub use tools::{Opened, Tools, tools};

use crate::{DOSSIERS_DELIVER, DOSSIERS_HANDLE, DOSSIERS_REASSIGN, DOSSIERS_RECEIVE, DOSSIERS_SEE, DOSSIERS_SEE_LOOKS};
use web::{Allow, Routes};

/// Largest form with files, in bytes: some thirty scanned pages.
const UPLOAD_BYTES_MAX: usize = 80 * 1024 * 1024;

/// Where many dossiers are passed on at once.
pub const BATCH_PAGE: &str = "/ho-so/chuyen-nhieu";

/// The pages for officers.
pub fn routes() -> Routes {
    let (see, handle) = (Allow::staff(&DOSSIERS_SEE), Allow::staff(&DOSSIERS_HANDLE));
    let (receive, deliver) = (Allow::staff(&DOSSIERS_RECEIVE), Allow::staff(&DOSSIERS_DELIVER));
    Routes::new()
        .get("/tiep-nhan", choose::show, receive)
        .get("/tiep-nhan/{procedure}", counter::show, receive)
        .post("/tiep-nhan/{procedure}", counter::receive, receive)
        .body_max(UPLOAD_BYTES_MAX)
        .get("/tiep-nhan/{procedure}/quet", counter::show, receive)
        .post("/tiep-nhan/{procedure}/quet", counter::scan, receive)
        .body_max(UPLOAD_BYTES_MAX)
        .get(figures::FIGURES_PAGE, figures::show, see)
        .get("/so-lieu/ii-06.xlsx", figures::xlsx, see)
        .get("/so-lieu/ii-06.pdf", figures::pdf, see)
        .get("/ho-so", list::show, see)
        .get(list::register::ADDRESS, list::register::xlsx, see)
        .get(BATCH_PAGE, batch::show, handle)
        .post(BATCH_PAGE, batch::pass, handle)
        .get("/ho-so/{code}", show::show, see)
        .get("/ho-so/{code}/tiep-nhan", received::show, see)
        .get("/ho-so/{code}/giay-tiep-nhan.pdf", prints::receipt_pdf, see)
        .get("/ho-so/{code}/phieu-kiem-soat.pdf", prints::control_sheet_pdf, see)
        .get("/ho-so/{code}/luot-xem", looks::show, Allow::staff(&DOSSIERS_SEE_LOOKS))
        .get("/ho-so/{code}/tep/{file}", papers::download, see)
        .get("/ho-so/{code}/giay-to/{event}", own_form::show, see)
        .get("/ho-so/{code}/giay-to/{event}/tep.pdf", own_form::pdf, see)
        .post("/ho-so/{code}/giay-to/{event}/trinh-ky", own_form::send, handle)
        .post("/ho-so/{code}/giay-to/{event}/rut", own_form::take_back, handle)
        .post("/ho-so/{code}/giay-to/{event}/sua", own_form::correct, handle)
        .post("/ho-so/{code}/ghi-chu", act::note, see)
        .body_max(UPLOAD_BYTES_MAX)
        .post("/ho-so/{code}/nhan-xu-ly", act::take, handle)
        .post("/ho-so/{code}/chuyen", act::pass, handle)
        .body_max(UPLOAD_BYTES_MAX)
        .post("/ho-so/{code}/chuyen-nguoi", act::reassign, Allow::staff(&DOSSIERS_REASSIGN))
        .post("/ho-so/{code}/tra-lai", act::send_back, handle)
        .post("/ho-so/{code}/xin-loi", act::apologise, handle)
        .post("/ho-so/{code}/bo-sung", act::ask_supplement, handle)
        .post("/ho-so/{code}/nghia-vu", act::ask_payment, handle)
        .post("/ho-so/{code}/tiep-tuc", act::resume, handle)
        .post("/ho-so/{code}/nhan-bo-sung", act::supplement, receive)
        .body_max(UPLOAD_BYTES_MAX)
        .post("/ho-so/{code}/rut-tai-quay", act::withdraw_at_counter, receive)
        .post("/ho-so/{code}/ket-qua", act::finish, handle)
        .body_max(UPLOAD_BYTES_MAX)
        .post("/ho-so/{code}/thay-ket-qua", act::replace, handle)
        .body_max(UPLOAD_BYTES_MAX)
        .post("/ho-so/{code}/trinh-ky", act::submit, handle)
        .body_max(UPLOAD_BYTES_MAX)
        .post("/ho-so/{code}/rut", act::withdraw, handle)
        .post("/ho-so/{code}/dung", act::stop, handle)
        .post("/ho-so/{code}/tra-ket-qua", act::deliver, deliver)
}
