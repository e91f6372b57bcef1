//! JSON for programs: the same verbs, the same errors.

use crate::answer::Fail;
use crate::house::House;
use crate::patience::{is_stalled, too_slow};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::request::Parts;
use serde::Serialize;
use serde::de::DeserializeOwned;
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

/// A JSON body.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned> FromRequest<House> for Body<T> {
    type Rejection = Response;
    async fn from_request(request: Request, house: &House) -> Result<Self, Response> {
        match axum::extract::Json::<T>::from_request(request, house).await {
            Ok(axum::extract::Json(value)) => Ok(Self(value)),
            Err(e) if is_stalled(&e) => Err(too_slow()),
            // Told by the guard, which knows the limit's status.
            Err(e) if e.status() == StatusCode::PAYLOAD_TOO_LARGE => Err(e.status().into_response()),
            Err(e) => {
                let sentence = format!("Nội dung JSON không đúng: {}", e.body_text());
                Err(Fail(Error::invalid("body", sentence)).into_response())
            }
        }
    }
}

/// The command id of an API write.
pub struct CommandKey(pub String);

impl FromRequestParts<House> for CommandKey {
    type Rejection = Fail;
    async fn from_request_parts(parts: &mut Parts, _: &House) -> Result<Self, Fail> {
        match parts.headers.get(COMMAND_HEADER).and_then(|value| value.to_str().ok()) {
            Some(key) => Ok(Self(key.to_owned())),
            None => Err(Fail(Error::invalid(
                COMMAND_HEADER,
                "Thiếu tiêu đề Idempotency-Key: mỗi lần ghi cần một mã lệnh riêng để không bị ghi hai lần.",
            ))),
        }
    }
}
