//! POST /api/v1/dossiers/{code}/deliveries : the party has the result in hand.

use super::acting::{Asked, Ready, ready};
use super::read::again;
use super::receive::created;
use super::shown::ShownDossier;
use crate::verbs;
use serde::Deserialize;
use utoipa::ToSchema;
use web::api::{ApiError, Body};
use web::{Ctx, Outcome, Path};

/// The handing over of a result.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDelivery {
    /// Who took it.
    #[schema(example = "Lò Thị Mẩy")]
    receiver: String,
    /// The state that was seen.
    revision: Option<i64>,
}

/// Hands the result over.
#[utoipa::path(
    post, path = "/api/v1/dossiers/{code}/deliveries", tag = "dossiers", operation_id = "deliver_dossier",
    params(
        ("code" = String, Path, description = "The dossier's code"),
        ("Idempotency-Key" = String, Header, min_length = 8, max_length = 64, pattern = "^[A-Za-z0-9_-]+$", description = "8 to 64 letters, digits, - or _; the same key acts once, and with another body is refused (409)"),
    ),
    request_body = NewDelivery,
    responses(
        (status = 201, description = "Delivered; the dossier as it is now", body = ShownDossier),
        (status = 401, description = "No token, or an ended one", body = ApiError),
        (status = 403, description = "The result does not wait with this officer", body = ApiError),
        (status = 404, description = "No such dossier, or the officer may not know of it", body = ApiError),
        (status = 409, description = "There is no result to hand over", body = ApiError),
        (status = 422, description = "Something in the request is wrong", body = ApiError),
        (status = 503, description = "Too busy; try again shortly with the same key", body = ApiError),
    ),
    security(("token" = []))
)]
pub async fn deliver(ctx: Ctx, Path(code): Path<String>, Body(key, new): Body<NewDelivery>) -> Outcome {
    let command = key.command(&ctx, "dossiers.deliver")?;
    let asked = Asked { code: code.clone(), revision: new.revision, used: Vec::new() };
    let ready = ready(&ctx, command, asked).await?;
    if let Some(Ready { acting, command, .. }) = ready {
        ctx.store().write(command, move |tx| verbs::deliver::deliver(tx, &acting, &new.receiver)).await?;
    }
    let location = format!("/api/v1/dossiers/{code}");
    Ok(created(&location, again(&ctx, code).await?))
}
