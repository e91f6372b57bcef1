//! JSON for programs: the same verbs, the same errors.

use crate::answer::Fail;
use crate::ctx::Ctx;
use crate::house::House;
use crate::patience::{is_stalled, too_slow};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::StatusCode;
use http::request::Parts;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use store::Command;
use types::{Error, FieldError, Id};

/// The header under which a client gives its command id (the IETF's Idempotency-Key).
pub const COMMAND_HEADER: &str = "idempotency-key";

/// What an error looks like to a program.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ApiError {
    /// Stable: `not_found`, `forbidden`, `signed_out`, `invalid`, `conflict`, `busy`, `too_many`, `unavailable`, `internal`.
    pub code: String,
    /// For people, in Vietnamese.
    pub message: String,
    /// Fields that were wrong.
    pub fields: Vec<ApiFieldError>,
    /// The request's number, as the log has it.
    pub request: String,
}

/// A field that was wrong.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ApiFieldError {
    pub field: String,
    pub message: String,
}

impl ApiError {
    pub(crate) fn new(error: &Error, request: i64) -> Self {
        let fields = match error {
            Error::Invalid(fields) => fields.as_slice(),
            _ => &[],
        };
        let field = |f: &FieldError| ApiFieldError { field: f.field.clone(), message: f.message.clone() };
        Self {
            code: error.code().to_owned(),
            message: error.to_string(),
            fields: fields.iter().map(field).collect(),
            request: request.to_string(),
        }
    }
}

/// A JSON body under the command id of its write.
pub struct Body<T>(pub CommandKey, pub T);

impl<T: DeserializeOwned> FromRequest<House> for Body<T> {
    type Rejection = Response;
    async fn from_request(request: Request, house: &House) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let mut key = CommandKey::from_request_parts(&mut parts, house).await.map_err(IntoResponse::into_response)?;
        let whole = Request::from_parts(parts.clone(), body);
        let bytes = Bytes::from_request(whole, house).await.map_err(|e| refused(&e, e.status(), CUT))?;
        key.body = Some(Sha256::digest(&bytes).into());
        let whole = Request::from_parts(parts, bytes.into());
        match axum::extract::Json::<T>::from_request(whole, house).await {
            Ok(axum::extract::Json(value)) => Ok(Self(key, value)),
            Err(e) => Err(refused(&e, e.status(), &e.body_text())),
        }
    }
}

/// What is said of a body that did not arrive whole.
const CUT: &str = "đường truyền bị ngắt giữa chừng. Hãy gửi lại với cùng mã lệnh";

fn refused(error: &(dyn std::error::Error + 'static), status: StatusCode, text: &str) -> Response {
    if is_stalled(error) {
        return too_slow();
    }
    if status == StatusCode::PAYLOAD_TOO_LARGE {
        // Told by the guard, which knows the limit.
        return status.into_response();
    }
    let text = match status {
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "thiếu tiêu đề Content-Type: application/json",
        _ => text,
    };
    Fail(Error::invalid("body", format!("Nội dung JSON không đúng: {text}."))).into_response()
}

/// The command id of a write by a program, and what it was sent with.
pub struct CommandKey {
    id: String,
    /// A hash of the JSON body; the same id with another body is refused. None where the body is a file, which the
    /// handler binds itself.
    body: Option<[u8; 32]>,
}

impl CommandKey {
    /// The command. `post` is the post acted in.
    pub fn command(&self, ctx: &Ctx, verb: &'static str, post: Option<Id>) -> types::Result<Command> {
        let command = ctx.command(verb, &self.id, post)?;
        Ok(match &self.body {
            Some(hash) => command.about(hash),
            None => command,
        })
    }
}

impl FromRequestParts<House> for CommandKey {
    type Rejection = Fail;
    async fn from_request_parts(parts: &mut Parts, _: &House) -> Result<Self, Fail> {
        match parts.headers.get(COMMAND_HEADER).and_then(|value| value.to_str().ok()) {
            Some(id) => Ok(Self { id: id.to_owned(), body: None }),
            None => Err(Fail(Error::invalid(
                COMMAND_HEADER,
                "Thiếu tiêu đề Idempotency-Key: mỗi lần ghi cần một mã lệnh riêng để không bị ghi hai lần.",
            ))),
        }
    }
}
