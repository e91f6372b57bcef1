//! POST /api/v1/dossiers/{code}/moves : everything an officer does with a dossier between receipt and delivery.

mod run;

use super::acting::{Asked, Ready, ready};
use super::files;
use super::read::again;
use super::shown::{ApiId, ShownDossier};
use ::files::Kept;
use axum::Json;
use serde::Deserialize;
use types::{Error, Id, Result};
use utoipa::ToSchema;
use web::api::{ApiError, Body};
use web::{Ctx, Outcome, Path};

/// A move.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewMove {
    /// The state that was seen; another's change meanwhile is then a conflict.
    revision: Option<i64>,
    #[serde(flatten)]
    action: Action,
}

/// What is done.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "action", rename_all = "snake_case", deny_unknown_fields)]
pub enum Action {
    /// Takes a received dossier over.
    Take {},
    /// Passes it to the next step.
    Pass {
        /// The post; the best match when none is named.
        #[schema(value_type = Option<ApiId>)]
        to: Option<Id>,
        note: Option<String>,
        /// A draft that was uploaded before.
        #[schema(value_type = Option<ApiId>)]
        file_id: Option<Id>,
    },
    /// Puts another file into the place of a wrong result before it is handed out.
    ReplaceResult {
        #[schema(value_type = ApiId)]
        result_id: Id,
        name: String,
        number: Option<String>,
        /// A file that was uploaded before.
        #[schema(value_type = ApiId)]
        file_id: Id,
        reason: String,
    },
    /// Sends it back to the step before.
    SendBack { reason: String },
    /// Writes a note for the others.
    Note {
        text: String,
        #[schema(value_type = Option<ApiId>)]
        file_id: Option<Id>,
    },
    /// Stops the clock until the party completes its papers.
    RequestSupplement { reason: String },
    /// Stops the clock until the party pays.
    RequestPayment { reason: String },
    /// Lets the clock run again; the due time moves by the working time of the stop.
    Resume { note: Option<String> },
    /// The party takes its request back.
    Withdraw { reason: String },
    /// The agency ends it with reasons.
    Stop { reason: String },
    /// Attaches the result at the last step; the clock ends. Exactly one of `file` and `file_id`.
    Finish {
        name: String,
        /// Number and symbol of the result.
        number: Option<String>,
        note: Option<String>,
        file: Option<Content>,
        /// A file that was uploaded before (`POST /api/v1/files`).
        #[schema(value_type = Option<ApiId>)]
        file_id: Option<Id>,
        /// Further results, each a file that was uploaded before.
        #[serde(default)]
        more: Vec<FurtherResult>,
    },
}

/// A result beside the first.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FurtherResult {
    name: String,
    /// Number and symbol of the result.
    number: Option<String>,
    #[schema(value_type = ApiId)]
    file_id: Id,
}

/// A file within the request.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Content {
    #[schema(example = "giay-khai-sinh.pdf")]
    name: String,
    /// The bytes in base64, at most 20 MB of them.
    #[schema(value_type = String, format = Byte)]
    content: String,
}

impl Action {
    fn verb(&self) -> &'static str {
        match self {
            Self::Take {} => "dossiers.take",
            Self::Pass { .. } => "dossiers.pass",
            Self::SendBack { .. } => "dossiers.send-back",
            Self::Note { .. } => "dossiers.note",
            Self::RequestSupplement { .. } | Self::RequestPayment { .. } => "dossiers.stop-clock",
            Self::Resume { .. } => "dossiers.resume-clock",
            Self::Withdraw { .. } | Self::Stop { .. } => "dossiers.end",
            Self::ReplaceResult { .. } => "dossiers.replace-result",
            Self::Finish { .. } => "dossiers.finish",
        }
    }

    /// Files that were uploaded before.
    fn uploaded(&self) -> Vec<Id> {
        match self {
            Self::Pass { file_id, .. } | Self::Note { file_id, .. } => file_id.iter().copied().collect(),
            Self::Finish { file_id, more, .. } => {
                file_id.iter().copied().chain(more.iter().map(|r| r.file_id)).collect()
            }
            Self::ReplaceResult { file_id, .. } => vec![*file_id],
            _ => Vec::new(),
        }
    }

    /// The bytes that come along, kept on disk before the write begins.
    async fn keep(&mut self, ctx: &Ctx) -> Result<Option<Kept>> {
        let Self::Finish { file, file_id, .. } = self else { return Ok(None) };
        match (file.take(), file_id) {
            (Some(content), None) => Ok(Some(files::keep_content(ctx, content.name, content.content).await?)),
            (None, Some(_)) => Ok(None),
            _ => Err(Error::invalid("file", "Cần đúng một trong hai: file (nội dung) hoặc file_id (tệp đã tải lên).")),
        }
    }
}

/// Does something with a dossier; answers the dossier as it is then.
#[utoipa::path(
    post, path = "/api/v1/dossiers/{code}/moves", tag = "dossiers", operation_id = "move_dossier",
    params(
        ("code" = String, Path, description = "The dossier's code"),
        ("Idempotency-Key" = String, Header, min_length = 8, max_length = 64, pattern = "^[A-Za-z0-9_-]+$", description = "8 to 64 letters, digits, - or _; the same key acts once, and with another body is refused (409)"),
    ),
    request_body = NewMove,
    responses(
        (status = 200, description = "Done; the dossier as it is now", body = ShownDossier),
        (status = 401, description = "No token, or an ended one", body = ApiError),
        (status = 403, description = "The step is not the officer's", body = ApiError),
        (status = 404, description = "No such dossier, or the officer may not know of it", body = ApiError),
        (status = 409, description = "The dossier's state does not allow it; the message says what can be done", body = ApiError),
        (status = 413, description = "The body is too large", body = ApiError),
        (status = 422, description = "Something in the request is wrong", body = ApiError),
        (status = 503, description = "Too busy; try again shortly with the same key", body = ApiError),
    ),
    security(("token" = []))
)]
pub async fn act(ctx: Ctx, Path(code): Path<String>, Body(key, new): Body<NewMove>) -> Outcome<Json<ShownDossier>> {
    let NewMove { revision, mut action } = new;
    let command = key.command(&ctx, action.verb())?;
    let asked = Asked { code: code.clone(), revision, used: action.uploaded() };
    let ready = ready(&ctx, command, asked).await?;
    let Some(Ready { acting, command, .. }) = ready else { return again(&ctx, code).await };
    let kept = action.keep(&ctx).await?;
    ctx.store().write(command, move |tx| run::run(tx, &acting, &action, kept.as_ref())).await?;
    again(&ctx, code).await
}
