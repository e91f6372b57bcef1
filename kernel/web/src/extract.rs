//! House extractors: what a request carries, with errors in the user's words.

use crate::answer::Fail;
use crate::house::House;
use crate::patience::{is_stalled, too_slow};
use crate::unread::told;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::request::Parts;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use types::Error;

/// The parts of the path. One that does not parse is an address that does not exist.
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<House> for Path<T> {
    type Rejection = Fail;
    async fn from_request_parts(parts: &mut Parts, house: &House) -> Result<Self, Fail> {
        match axum::extract::Path::<T>::from_request_parts(parts, house).await {
            // No address of ours has a NUL, which PostgreSQL keeps in no text.
            Ok(_) if parts.uri.path().contains("%00") => Err(Fail(Error::not_found("trang này"))),
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            Err(_) => Err(Fail(Error::not_found("trang này"))),
        }
    }
}

/// The question after `?`. What cannot be read is told, not guessed.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<House> for Query<T> {
    type Rejection = Fail;
    async fn from_request_parts(parts: &mut Parts, house: &House) -> Result<Self, Fail> {
        match axum::extract::Query::<T>::from_request_parts(parts, house).await {
            Ok(_) if parts.uri.query().is_some_and(|query| query.contains("%00")) => {
                Err(Fail(Error::invalid("query", "Địa chỉ không đúng: có ký tự không đọc được.")))
            }
            Ok(axum::extract::Query(value)) => Ok(Self(value)),
            Err(e) => {
                let said = e.body_text();
                let error = told("query", said.strip_prefix("Failed to deserialize query string: ").unwrap_or(&said));
                Err(Fail(Error::invalid(error.field, format!("Địa chỉ không đúng: {}", error.message))))
            }
        }
    }
}

/// A form with known fields.
pub struct Form<T>(pub T);

impl<T: DeserializeOwned> FromRequest<House> for Form<T> {
    type Rejection = Response;
    async fn from_request(request: Request, house: &House) -> Result<Self, Response> {
        match axum::extract::Form::<T>::from_request(request, house).await {
            Ok(axum::extract::Form(value)) => Ok(Self(value)),
            Err(e) => Err(unreadable(e.status(), &e)),
        }
    }
}

/// A form whose fields are declared elsewhere, such as a procedure's.
#[derive(Debug, Clone, Default)]
pub struct Fields(pub BTreeMap<String, Vec<String>>);

impl Fields {
    /// The first value of a field, trimmed; empty when it was not sent.
    pub fn text(&self, name: &str) -> &str {
        self.0.get(name).and_then(|values| values.first()).map_or("", |value| value.trim())
    }

    /// All values of a field, e.g. of ticked boxes.
    pub fn all(&self, name: &str) -> &[String] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }
}

impl FromRequest<House> for Fields {
    type Rejection = Response;
    async fn from_request(request: Request, house: &House) -> Result<Self, Response> {
        let pairs = axum::extract::Form::<Vec<(String, String)>>::from_request(request, house).await;
        let axum::extract::Form(pairs) = pairs.map_err(|e| unreadable(e.status(), &e))?;
        let mut fields = Self::default();
        for (name, value) in pairs {
            fields.0.entry(name).or_default().push(value);
        }
        Ok(fields)
    }
}

/// Too much and too slow are told by the guard, which knows their statuses; anything else is the form's own fault.
fn unreadable(status: StatusCode, error: &(dyn std::error::Error + 'static)) -> Response {
    if is_stalled(error) {
        return too_slow();
    }
    if status == StatusCode::PAYLOAD_TOO_LARGE {
        return status.into_response();
    }
    let sentence = "Biểu mẫu gửi lên không đọc được. Ông/bà hãy tải lại trang rồi gửi lại.";
    Fail(Error::invalid("form", sentence)).into_response()
}
