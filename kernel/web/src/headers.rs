//! Headers that every answer carries.

use crate::house::House;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderName, HeaderValue, header};

/// Nothing inline, nothing from elsewhere. `data:` images are the design system's icons (CSS masks).
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; \
    img-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'";

const FIXED: [(HeaderName, &str); 6] = [
    // Most answers hold somebody's particulars; what may be kept (style sheets, fonts) says so itself.
    (header::CACHE_CONTROL, "private, no-store"),
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("permissions-policy"), "geolocation=(), microphone=(), camera=(self)"),
];

/// For a year a browser that was here over TLS asks over TLS only, whatever stands in a link or a typed address.
const TLS_ONLY: HeaderValue = HeaderValue::from_static("max-age=31536000; includeSubDomains");

/// Adds what is not there yet; a handler that serves a citizen's file may be stricter.
pub(crate) async fn add(State(house): State<House>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if house.settings().secure_cookies {
        response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, TLS_ONLY);
    }
    for (name, value) in FIXED {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}
