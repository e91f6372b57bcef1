//! GET /api/openapi.json : the interface's own description.

use super::{contents, deliveries, files, list, moves, permitted, procedures, read, receive, shown};
use axum::Json;
use utoipa::openapi::OpenApi as Document;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};
use web::Ctx;
use web::api::{ApiError, ApiFieldError};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Nhà Việc",
        description = "Dossiers and procedures of a locality. Ids are strings, moments RFC 3339 with Viet Nam's offset, \
            money whole đồng. Every write carries an Idempotency-Key: sent again, it answers what it answered before. \
            Messages are sentences in Vietnamese for the person at the screen; programs look at `code`.",
    ),
    paths(
        show, receive::receive, list::list, read::show, contents::show, moves::act, permitted::take_in, permitted::withdraw,
        permitted::give, deliveries::deliver, files::keep, procedures::list,
        procedures::show
    ),
    components(schemas(ApiError, ApiFieldError, shown::ApiId, shown::StatusWord)),
    modifiers(&Token)
)]
struct Interface;

struct Token;

impl Modify for Token {
    fn modify(&self, document: &mut Document) {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("nv_…").build();
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("token", SecurityScheme::Http(scheme));
    }
}

/// The whole description.
pub(super) fn document() -> Document {
    Interface::openapi()
}

/// This description.
#[utoipa::path(
    get, path = "/api/openapi.json", tag = "description", operation_id = "get_description",
    responses((status = 200, description = "The OpenAPI document", content_type = "application/json"))
)]
pub async fn show(_: Ctx) -> Json<Document> {
    Json(document())
}
