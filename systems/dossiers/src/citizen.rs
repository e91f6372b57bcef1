//! What citizens see, without signing in and without a script: the front page, procedures, and how far a dossier is.

mod compare;
mod follow;
mod front;
pub(crate) mod kept_out;
mod marks;
mod paper;
mod procedure_list;
mod procedure_page;
mod seek;
mod seeker;
mod way;

pub(crate) use marks::doubt;

use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, header};
use web::{Allow, Page, Routes, Sample};

const PUBLIC: Allow = Allow::anyone("procedures are public information");
const FOLLOWING: Allow =
    Allow::anyone("a party follows its dossier by the receipt's link, or by code and a number only it knows");

/// All citizen routes of this module.
pub fn routes() -> Routes {
    Routes::new()
        .get("/", front::show, Allow::anyone("the front page"))
        .get("/thu-tuc", procedure_list::show, PUBLIC)
        .get("/thu-tuc/{code}", procedure_page::show, PUBLIC)
        .get("/tra-cuu", seek::show, FOLLOWING)
        .post("/tra-cuu", seek::look_up, FOLLOWING)
        .get("/theo-doi/{token}", follow::show, FOLLOWING)
        .get("/theo-doi/{token}/giay-to/{event}", paper::show, FOLLOWING)
        .post("/theo-doi/{token}/giay-to/{event}", paper::fetch, FOLLOWING)
        .get("/theo-doi/{token}/doi-chieu", compare::show, FOLLOWING)
        .post("/theo-doi/{token}/doi-chieu", compare::compare, FOLLOWING)
        .body_max(signatures::FORM_BYTES_MAX)
}

/// Each page in its states, for the law of templates.
pub fn samples() -> Vec<Sample> {
    [
        front::samples(),
        procedure_list::samples(),
        procedure_page::samples(),
        seek::samples(),
        follow::samples(),
        paper::samples(),
        compare::samples(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A page about one dossier: its address is a secret, so it goes into no referrer and no search engine. That nothing
/// keeps a copy is said on every page.
fn private(page: Page) -> Response {
    let headers = [
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex, nofollow")),
    ];
    (headers, page).into_response()
}
