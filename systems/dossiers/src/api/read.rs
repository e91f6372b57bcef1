//! GET /api/v1/dossiers/{code} : one dossier.

use super::shown::{ShownDossier, load};
use crate::looked;
use crate::services::Services;
use axum::Json;
use records::look::What;
use web::api::ApiError;
use web::{Ctx, Outcome, Path};

/// One dossier with its papers, stops, results and history.
#[utoipa::path(
    get, path = "/api/v1/dossiers/{code}", tag = "dossiers", operation_id = "get_dossier",
    params(("code" = String, Path, description = "The dossier's code", example = "H55.62.05-261121-0001")),
    responses(
        (status = 200, description = "The dossier", body = ShownDossier),
        (status = 401, description = "No token, or an ended one", body = ApiError),
        (status = 404, description = "No such dossier, or the officer may not know of it", body = ApiError),
    ),
    security(("token" = []))
)]
pub async fn show(ctx: Ctx, Path(code): Path<String>) -> Outcome<Json<ShownDossier>> {
    again(&ctx, code).await
}

/// The dossier as it now is, after a verb.
pub(super) async fn again(ctx: &Ctx, code: String) -> Outcome<Json<ShownDossier>> {
    let (services, who) = (Services::of(&ctx.house), ctx.who.clone());
    let public_url = ctx.house.settings().public_url.clone();
    let (shown, why) = ctx.store().read(move |reader| load(reader, &services, &who, &code, &public_url)).await?;
    looked::note_why(ctx, shown.id, What::Program, why)?;
    Ok(Json(shown))
}
