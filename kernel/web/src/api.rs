//! JSON for programs: the same verbs, the same errors.

use crate::answer::Fail;
use crate::ctx::Ctx;
use crate::house::House;
use crate::patience::{is_stalled, too_slow};
use crate::unread;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, StatusCode, header};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use sha2::{Digest, Sha256};
use store::Command;
use types::{Error, FieldError};

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
        if !is_json(&parts.headers) {
            return Err(Fail(wrong("body", "thiếu tiêu đề Content-Type: application/json.")).into_response());
        }
        let whole = Request::from_parts(parts, body);
        let bytes = Bytes::from_request(whole, house).await.map_err(|e| cut(&e, e.status()))?;
        key.body = Some(Sha256::digest(&bytes).into());
        read(&bytes).map(|value| Self(key, value)).map_err(|e| Fail(e).into_response())
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

/// A body that did not arrive whole.
fn cut(error: &(dyn std::error::Error + 'static), status: StatusCode) -> Response {
    if is_stalled(error) {
        return too_slow();
    }
    if status == StatusCode::PAYLOAD_TOO_LARGE {
        // Told by the guard, which knows the limit.
        return status.into_response();
    }
    Fail(wrong("body", "đường truyền bị ngắt giữa chừng. Hãy gửi lại với cùng mã lệnh.")).into_response()
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> types::Result<T> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|e| unread(e.inner(), &e.to_string()))?;
    json.end().map_err(|e| unread(&e, &e.to_string()))?;
    Ok(value)
}

/// `said` names the place too, where one is known.
fn unread(error: &serde_json::Error, said: &str) -> Error {
    let (line, column) = (error.line(), error.column());
    match error.classify() {
        Category::Data => {
            let FieldError { field, message } = unread::told("body", said);
            wrong(&field, &message)
        }
        Category::Eof => wrong("body", &format!("bị cắt giữa chừng, hết ở dòng {line}, cột {column}.")),
        Category::Syntax | Category::Io => {
            wrong("body", &format!("không theo cú pháp JSON ở dòng {line}, cột {column}."))
        }
    }
}

fn wrong(field: &str, why: &str) -> Error {
    Error::invalid(field, format!("Nội dung JSON không đúng: {why}"))
}

/// The command id of a write by a program, and what it was sent with.
pub struct CommandKey {
    id: String,
    /// A hash of the JSON body; the same id with another body is refused. None where the body is a file, which the
    /// handler binds itself.
    body: Option<[u8; 32]>,
}

impl CommandKey {
    /// The command, in no post yet: whoever finds the post out sets it with [`Command::by`].
    pub fn command(&self, ctx: &Ctx, verb: &'static str) -> types::Result<Command> {
        let command = ctx.command(verb, &self.id, None)?;
        Ok(match &self.body {
            Some(hash) => command.about(hash),
            None => command,
        })
    }
}

impl FromRequestParts<House> for CommandKey {
    type Rejection = Fail;
    async fn from_request_parts(parts: &mut Parts, _: &House) -> Result<Self, Fail> {
        let mut sent = parts.headers.get_all(COMMAND_HEADER).iter();
        let (first, second) = (sent.next(), sent.next());
        if second.is_some() {
            let sentence = "Chỉ được gửi một tiêu đề Idempotency-Key: hai mã lệnh thì không biết ghi theo mã nào.";
            return Err(Fail(Error::invalid(COMMAND_HEADER, sentence)));
        }
        match first.and_then(|value| value.to_str().ok()) {
            Some(id) => Ok(Self { id: id.to_owned(), body: None }),
            None => Err(Fail(Error::invalid(
                COMMAND_HEADER,
                "Thiếu tiêu đề Idempotency-Key: mỗi lần ghi cần một mã lệnh riêng để không bị ghi hai lần.",
            ))),
        }
    }
}
