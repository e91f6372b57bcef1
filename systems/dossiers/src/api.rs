//! The JSON interface for kiosks, other systems and load tests: the same verbs as the desk, the same rights.
//!
//! A token names an officer ([`directory::api_token`]); every write carries an `Idempotency-Key`. Ids are strings,
//! moments RFC 3339 with Viet Nam's offset, money whole đồng.

mod accept;
mod acting;
mod contents;
mod deliveries;
mod document;
mod files;
mod list;
mod moves;
mod permitted;
mod procedures;
mod read;
mod receive;
mod shown;

use crate::{DOSSIERS_DELIVER, DOSSIERS_HANDLE, DOSSIERS_REASSIGN, DOSSIERS_RECEIVE, DOSSIERS_SEE};
use web::{Allow, Routes};

/// A receipt: a form with some papers.
const RECEIPT_BYTES_MAX: usize = 512 * 1024;
/// A move that brings a result along: a file of 20 MB in base64.
const MOVE_BYTES_MAX: usize = 28 * 1024 * 1024;
/// An upload: a file of 20 MB with its frame.
const UPLOAD_BYTES_MAX: usize = 21 * 1024 * 1024;

/// All routes of the interface.
pub fn routes() -> Routes {
    let public = Allow::anyone("procedures are public information");
    Routes::new()
        .get("/api/openapi.json", document::show, Allow::anyone("the description of the interface holds no data"))
        .post("/api/v1/dossiers", receive::receive, Allow::staff(&DOSSIERS_RECEIVE))
        .body_max(RECEIPT_BYTES_MAX)
        .get("/api/v1/dossiers", list::list, Allow::staff(&DOSSIERS_SEE))
        .get("/api/v1/dossiers/{code}", read::show, Allow::signed_in())
        .get("/api/v1/dossiers/{code}/files/{file}", contents::show, Allow::signed_in())
        .post("/api/v1/dossiers/{code}/moves", moves::act, Allow::staff(&DOSSIERS_HANDLE))
        .body_max(MOVE_BYTES_MAX)
        .post("/api/v1/dossiers/{code}/supplements", permitted::take_in, Allow::staff(&DOSSIERS_RECEIVE))
        .body_max(RECEIPT_BYTES_MAX)
        .post("/api/v1/dossiers/{code}/withdrawals", permitted::withdraw, Allow::staff(&DOSSIERS_RECEIVE))
        .post("/api/v1/dossiers/{code}/reassignments", permitted::give, Allow::staff(&DOSSIERS_REASSIGN))
        .post("/api/v1/dossiers/{code}/deliveries", deliveries::deliver, Allow::staff(&DOSSIERS_DELIVER))
        .post("/api/v1/files", files::keep, Allow::signed_in())
        .body_max(UPLOAD_BYTES_MAX)
        .get("/api/v1/procedures", procedures::list, public)
        .get("/api/v1/procedures/{code}", procedures::show, public)
}
