//! The door of plain http beside an encrypted one: it leads there, and offers the authority's certificate to whoever does not
//! trust it yet. Nothing else is answered, so that no password and no cookie ever comes by.

use super::Certificates;
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, Method, StatusCode, header};
use tower::ServiceExt;

/// The page that tells how to trust the authority, and below it the certificate.
pub const PAGE: &str = "/cai-chung-thu";
/// The certificate itself.
pub const FILE: &str = "/cai-chung-thu/nha-viec.crt";

#[derive(Clone)]
struct Leading {
    certificates: Certificates,
    house: Router,
    /// The address of the encrypted door, for hosts that no certificate is good for.
    public_url: String,
    /// The port of the encrypted door.
    port: u16,
}

/// The router of the plain door before a house whose encrypted door is at `port`.
pub fn router(certificates: &Certificates, house: Router, public_url: &str, port: u16) -> Router {
    let public_url = public_url.to_owned();
    let leading = Leading { certificates: certificates.clone(), house: without_hsts(house), public_url, port };
    Router::new().fallback(answer).with_state(leading)
}

/// The same house without the word that browsers shall come by TLS only for a year. That word is for https alone; and under
/// an authority of our own it would shut out, with no way around, every device that was not given the authority's next one.
pub fn without_hsts(house: Router) -> Router {
    house.layer(from_fn(async |request: Request, next: Next| {
        let mut response = next.run(request).await;
        response.headers_mut().remove(header::STRICT_TRANSPORT_SECURITY);
        response
    }))
}

async fn answer(State(leading): State<Leading>, request: Request) -> Response {
    let path = request.uri().path();
    let looks = matches!(*request.method(), Method::GET | Method::HEAD);
    if looks && (path == PAGE || path == FILE || path.starts_with("/assets/")) {
        let Ok(mut response) = leading.house.clone().oneshot(request).await;
        response.headers_mut().remove(header::SET_COOKIE);
        return response;
    }
    // A program that sends its token here must learn of it, instead of being led on and sending it again.
    if !looks || path.starts_with("/api/") || path == "/metrics" {
        return (StatusCode::FORBIDDEN, "Chỉ nhận qua https. / Only by https.\n").into_response();
    }
    let to = leading.to(&request);
    let mut response = Response::new(Body::empty());
    // Not for ever: an installation may give TLS up again.
    *response.status_mut() = StatusCode::TEMPORARY_REDIRECT;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(to) = HeaderValue::from_str(&to) {
        response.headers_mut().insert(header::LOCATION, to);
    }
    response
}

impl Leading {
    /// The same path behind the encrypted door, under the host that was asked for if the certificate is good for it.
    fn to(&self, request: &Request) -> String {
        let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
        let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
        let host = match host.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
            _ => host,
        };
        if host.is_empty() || !self.certificates.covers(host) {
            return format!("{}{path}", self.public_url);
        }
        let port = if self.port == 443 { String::new() } else { format!(":{}", self.port) };
        format!("https://{host}{port}{path}")
    }
}
