//! Requests that another site sends in a visitor's name are refused by a layer around the routes. Here the log is told.

use crate::guard::NOWHERE;
use crate::house::House;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::{Method, header};
use tower_http::csrf::ProtectionError;

/// Stands around the layer that refuses. Who asks is found out here, since a refused request never comes to its guard.
pub(crate) async fn tell(State(house): State<House>, request: Request, next: Next) -> Response {
    // What only reads is never refused; of the rest a copy of the head is kept.
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let kept = parts.clone();
    let response = next.run(Request::from_parts(parts, body)).await;
    let refused = response.extensions().get::<ProtectionError>().is_some();
    if refused {
        let who = house.gate().identify(&house, &kept).await.unwrap_or_default();
        let officer = who.officer.as_ref().map(|officer| officer.id.0);
        let route = kept.extensions.get::<MatchedPath>().map_or(NOWHERE, MatchedPath::as_str);
        // Written with its quotes: what another site says of itself begins no line of ours.
        let origin = kept.headers.get(header::ORIGIN);
        tracing::warn!(route, officer, ?origin, "a request from another site was refused");
    }
    response
}
