//! POST /api/v1/dossiers/{code}/moves : everything an officer does with a dossier between receipt and delivery.

use super::acting::{Ready, ready};
use super::files;
use super::read::again;
use super::shown::{ApiId, ShownDossier};
use crate::services::Services;
use crate::status::Status;
use crate::verbs::finish::Finish;
use crate::verbs::pass::Pass;
use crate::verbs::{Acting, end, finish, note, pass, send_back, stop};
use ::files::Kept;
use axum::Json;
use serde::Deserialize;
use store::Tx;
use types::{Error, Id, Result};
use utoipa::ToSchema;
use web::api::{ApiError, Body, CommandKey};
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
#[serde(tag = "action", rename_all = "snake_case")]
pub enum Action {
    /// Takes a received dossier over.
    Take,
    /// Passes it to the next step.
    Pass {
        /// The post; the best match when none is named.
        #[schema(value_type = Option<ApiId>)]
        to: Option<Id>,
        note: Option<String>,
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
    },
}

/// A file within the request.
#[derive(Debug, Deserialize, ToSchema)]
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
            Self::Take => "dossiers.take",
            Self::Pass { .. } => "dossiers.pass",
            Self::SendBack { .. } => "dossiers.send-back",
            Self::Note { .. } => "dossiers.note",
            Self::RequestSupplement { .. } | Self::RequestPayment { .. } => "dossiers.stop-clock",
            Self::Resume { .. } => "dossiers.resume-clock",
            Self::Withdraw { .. } | Self::Stop { .. } => "dossiers.end",
            Self::Finish { .. } => "dossiers.finish",
        }
    }

    /// A file that was uploaded before.
    fn uploaded(&self) -> Option<Id> {
        match self {
            Self::Note { file_id, .. } | Self::Finish { file_id, .. } => *file_id,
            _ => None,
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
        ("Idempotency-Key" = String, Header, description = "8 to 64 letters, digits, - or _; the same key acts once"),
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
pub async fn act(
    ctx: Ctx,
    Path(code): Path<String>,
    CommandKey(key): CommandKey,
    Body(new): Body<NewMove>,
) -> Outcome<Json<ShownDossier>> {
    let NewMove { revision, mut action } = new;
    let (services, who, officer) = (Services::of(&ctx.house), ctx.who.clone(), ctx.officer()?.id);
    let (dossier, uploaded) = (code.clone(), action.uploaded());
    let ready = ctx.store().read(move |reader| {
        let ready = ready(reader, &services, &who, dossier, revision)?;
        files::check_own(reader, officer, uploaded)?;
        Ok(ready)
    });
    let Ready { acting, post } = ready.await?;
    let kept = action.keep(&ctx).await?;
    let command = ctx.command(action.verb(), &key, post)?;
    ctx.store().write(command, move |tx| run(tx, &acting, &action, kept.as_ref())).await?;
    again(&ctx, code).await
}

fn run(tx: &mut Tx<'_>, acting: &Acting, action: &Action, kept: Option<&Kept>) -> Result<()> {
    match action {
        Action::Take => note::take(tx, acting),
        Action::Pass { to, note } => pass::pass(tx, acting, &Pass { to: *to, note: note.clone() }),
        Action::SendBack { reason } => send_back::send_back(tx, acting, reason),
        Action::Note { text, file_id } => note::note(tx, &acting.code, text, *file_id),
        Action::RequestSupplement { reason } => stop::begin(tx, acting, Status::SupplementRequested, reason),
        Action::RequestPayment { reason } => stop::begin(tx, acting, Status::PaymentRequested, reason),
        Action::Resume { note } => stop::resume(tx, acting, note.as_deref()),
        Action::Withdraw { reason } => end::end(tx, acting, Status::Withdrawn, reason),
        Action::Stop { reason } => end::end(tx, acting, Status::Stopped, reason),
        Action::Finish { name, number, note, file_id, .. } => {
            let file = match (kept, file_id) {
                (Some(kept), _) => ::files::enter(tx, kept)?,
                (None, Some(id)) => *id,
                (None, None) => return Err(Error::internal("a result without a file")),
            };
            let (name, number) = (types::text::clean(name), number.as_deref().map(types::text::clean));
            if name.is_empty() {
                return Err(Error::invalid("name", "Hãy ghi tên kết quả."));
            }
            let number = number.filter(|number| !number.is_empty());
            finish::finish(tx, acting, &Finish { name, number, file, note: note.clone() })
        }
    }
}
