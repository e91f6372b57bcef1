//! Answers and errors at the edge: the one place where an error gets its HTTP status.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use types::Error;

/// What handlers return: a page, a redirect or a file, or an error.
pub type Outcome<T = Response> = std::result::Result<T, Fail>;

/// An error on its way out.
#[derive(Debug, Clone)]
pub struct Fail(pub Error);

impl From<Error> for Fail {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

/// The status that an error answers with.
///
/// 401 nobody is signed in; 403 known but not allowed; 404 it is not there or one may not know of it;
/// 409 the state of things forbids it; 422 the input is wrong; 429 too many tries; 503 try again shortly.
pub fn status(error: &Error) -> StatusCode {
    match error {
        Error::NotFound(_) => StatusCode::NOT_FOUND,
        Error::Forbidden(_) => StatusCode::FORBIDDEN,
        Error::SignedOut => StatusCode::UNAUTHORIZED,
        Error::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Error::Conflict(_) => StatusCode::CONFLICT,
        Error::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
        Error::Busy(_) | Error::Unavailable { .. } => StatusCode::SERVICE_UNAVAILABLE,
        Error::Internal { .. } => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// An error that waits in a response to be told in the right form.
#[derive(Clone)]
pub(crate) struct Told(pub Error);

impl IntoResponse for Fail {
    fn into_response(self) -> Response {
        let mut response = status(&self.0).into_response();
        if matches!(self.0, Error::Busy(_)) {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
        }
        response.extensions_mut().insert(Told(self.0));
        response
    }
}

/// Sends the browser to `path` with a GET, after a write.
pub fn see(path: &str) -> Response {
    match HeaderValue::from_str(path) {
        Ok(location) => (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response(),
        Err(_) => Fail(Error::internal("a redirect to an impossible address")).into_response(),
    }
}
