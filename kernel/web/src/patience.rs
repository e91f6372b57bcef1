//! How long a request may take: never long without a byte, and as long in all as a weak line needs for its largest body.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use std::time::Duration;
use tower_http::timeout::{TimeoutBody, TimeoutError};

/// A body that brings nothing for so long is given up; radio in the hills comes back sooner.
const IDLE: Duration = Duration::from_secs(60);
/// For everything but the body: waiting in line, the database, a print.
const WORK: Duration = Duration::from_secs(120);
/// The weakest line that an upload still gets through, in bytes a second: 80 MB take less than three hours.
const LINE: u64 = 8 * 1024;

/// The patience with the requests of one route.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Patience {
    /// Between two pieces of the body.
    pub idle: Duration,
    /// For the whole request.
    pub total: Duration,
}

impl Patience {
    /// What a route deserves whose bodies have up to `body_max` bytes.
    pub(crate) fn with_bodies_of(body_max: usize) -> Self {
        Self { idle: IDLE, total: WORK + Duration::from_secs(body_max as u64 / LINE) }
    }

    /// The body, which now fails when it stalls.
    pub(crate) fn over(self, body: Body) -> Body {
        Body::new(TimeoutBody::new(self.idle, body))
    }
}

/// Whether an error came from a body that brought nothing for too long.
pub fn is_stalled(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if error.is::<TimeoutError>() {
            return true;
        }
        cause = error.source();
    }
    false
}

/// The answer to a request that took too long; the guard tells it in the form that was asked for.
pub(crate) fn too_slow() -> Response {
    StatusCode::REQUEST_TIMEOUT.into_response()
}
