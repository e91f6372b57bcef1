//! POST /api/v1/dossiers : a dossier is received.

use super::accept::{Asked, AskedPaper, Prepared, prepare};
use super::files;
use super::shown::{ApiId, StatusWord, tracking_url};
use crate::services::Services;
use crate::verbs;
use axum::Json;
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::Command;
use types::text::clean;
use types::{Id, Timestamp};
use utoipa::ToSchema;
use web::api::{ApiError, ApiFieldError, Body};
use web::{Ctx, Outcome};

/// A dossier to be received.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDossier {
    /// Code of the national catalogue.
    #[schema(example = "1.001193")]
    procedure: String,
    /// The case, for procedures that have several.
    case: Option<String>,
    /// How it came in: `counter`, `online` or `post`.
    #[schema(example = "counter")]
    channel: String,
    /// The receiving unit's electronic identifier; by default that of the officer's counter.
    #[schema(example = "H55.62.05")]
    unit: Option<String>,
    /// The procedure's form by field key, the party's particulars (`applicant_name`, …) among it.
    form: BTreeMap<String, String>,
    /// The papers that came with it.
    #[serde(default)]
    papers: Vec<NewPaper>,
    /// How the party wants the result: `counter`, `post` or `online`.
    #[serde(default = "at_counter")]
    #[schema(example = "counter", default = "counter")]
    return_way: String,
    /// The post that gets the next step; the best match when none is named.
    #[schema(value_type = Option<ApiId>)]
    next_post: Option<Id>,
}

/// A paper that came with a dossier.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPaper {
    /// The requirement's code in the procedure.
    #[schema(example = "giay-chung-sinh")]
    requirement: String,
    /// How many originals were filed.
    #[serde(default)]
    originals: i64,
    /// How many copies were filed.
    #[serde(default)]
    copies: i64,
    /// A scan that was uploaded before (`POST /api/v1/files`).
    #[schema(value_type = Option<ApiId>)]
    file_id: Option<Id>,
}

/// A dossier that was received.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReceivedDossier {
    #[schema(value_type = ApiId)]
    id: Id,
    /// The dossier's code.
    #[schema(example = "H55.62.05-261121-0001")]
    code: String,
    #[schema(value_type = String, format = DateTime)]
    received_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    due_at: Timestamp,
    status: StatusWord,
    /// The unguessable link for the party; it belongs on the receipt and nowhere else.
    tracking_url: String,
    /// What looks odd but may be right.
    warnings: Vec<ApiFieldError>,
}

/// A request before the write.
enum Ready {
    /// It was sent before, and this was answered.
    Received(verbs::receive::Received),
    Prepared(Command, Box<Prepared>),
}

fn at_counter() -> String {
    "counter".to_owned()
}

impl From<NewDossier> for Asked {
    fn from(new: NewDossier) -> Self {
        let paper = |p: NewPaper| AskedPaper {
            requirement: p.requirement,
            originals: p.originals,
            copies: p.copies,
            file: p.file_id,
        };
        Self {
            procedure: clean(&new.procedure),
            case: new.case.as_deref().map(clean),
            channel: clean(&new.channel),
            unit_code: new.unit.as_deref().map(clean),
            values: new.form,
            papers: new.papers.into_iter().map(paper).collect(),
            return_way: clean(&new.return_way),
            next_post: new.next_post,
        }
    }
}

/// Receives a dossier: it gets its code and its due time, and the clock starts.
#[utoipa::path(
    post, path = "/api/v1/dossiers", tag = "dossiers", operation_id = "receive_dossier",
    params(("Idempotency-Key" = String, Header, min_length = 8, max_length = 64, pattern = "^[A-Za-z0-9_-]+$", description = "8 to 64 letters, digits, - or _; the same key receives once, and with another body is refused (409)")),
    request_body = NewDossier,
    responses(
        (status = 201, description = "Received", body = ReceivedDossier),
        (status = 401, description = "No token, or an ended one", body = ApiError),
        (status = 403, description = "The officer may not receive here", body = ApiError),
        (status = 404, description = "No such procedure", body = ApiError),
        (status = 409, description = "The procedure is not in force, the key was used for something else, or nobody holds the next step", body = ApiError),
        (status = 413, description = "The body is too large", body = ApiError),
        (status = 422, description = "Something in the request is wrong; every mistake at once", body = ApiError),
        (status = 503, description = "Too busy; try again shortly with the same key", body = ApiError),
    ),
    security(("token" = []))
)]
pub async fn receive(ctx: Ctx, Body(key, new): Body<NewDossier>) -> Outcome {
    let (services, who, today) = (Services::of(&ctx.house), ctx.who.clone(), ctx.now().day());
    let officer = ctx.officer()?.id;
    let asked = Asked::from(new);
    // What was received stays so, whatever a newer definition would say of it: a repeated key is answered first.
    let command = key.command(&ctx, "dossiers.receive")?;
    let ready = ctx.store().read(move |reader| {
        if let Some(received) = store::command::answered(reader, &command)? {
            return Ok(Ready::Received(received));
        }
        files::check_own(reader, officer, asked.papers.iter().filter_map(|paper| paper.file))?;
        let prepared = prepare(reader, &services, &who, asked, today)?;
        Ok(Ready::Prepared(command.by(who.actor(prepared.post)), Box::new(prepared)))
    });
    let (received, warnings) = match ready.await? {
        Ready::Received(received) => (received, Vec::new()),
        Ready::Prepared(command, mut prepared) => {
            let warnings = std::mem::take(&mut prepared.warnings);
            let receive = prepared.received_at(command.at)?;
            (ctx.store().write(command, move |tx| verbs::receive::receive(tx, &receive)).await?, warnings)
        }
    };
    let location = format!("/api/v1/dossiers/{}", received.code);
    let warning = |w: types::FieldError| ApiFieldError { field: w.field, message: w.message };
    let body = ReceivedDossier {
        id: received.id,
        received_at: received.received_at,
        due_at: received.due_at,
        status: StatusWord::Received,
        tracking_url: tracking_url(&ctx, &received.track_token),
        warnings: warnings.into_iter().map(warning).collect(),
        code: received.code,
    };
    Ok(created(&location, Json(body)))
}

/// 201 with the address of what was made.
pub(super) fn created(location: &str, body: impl IntoResponse) -> Response {
    (StatusCode::CREATED, [(header::LOCATION, location)], body).into_response()
}
