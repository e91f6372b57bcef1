//! From the list of modules to one router.

use crate::allow::Allow;
use crate::answer::Fail;
use crate::guard;
use crate::headers;
use crate::house::House;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::IntoResponse;
use std::convert::Infallible;
use std::time::Duration;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate};
use tower_http::csrf::CsrfLayer;
use tower_http::limit::RequestBodyLimitLayer;
use types::Error;

/// A request that takes longer than this is given up; uploads on a weak line need minutes.
const REQUEST_TIME: Duration = Duration::from_secs(300);

/// Everything but what is compressed already: fonts, pictures, prints.
fn compressible() -> impl Predicate {
    DefaultPredicate::new()
        .and(NotForContentType::const_new("font/"))
        .and(NotForContentType::const_new("application/pdf"))
}

/// All routes of all modules, each behind its guard.
pub fn router(house: &House) -> Router {
    let mut router = Router::<House>::new();
    for module in house.modules() {
        for route in (module.routes)().list() {
            let guarded = route
                .handler
                .clone()
                .layer::<_, Infallible>(DefaultBodyLimit::disable())
                .layer::<_, Infallible>(RequestBodyLimitLayer::new(route.body_max))
                .layer::<_, Infallible>(from_fn_with_state((house.clone(), route.allow), guard::watch));
            router = router.route(route.path, guarded);
        }
    }
    let nowhere = from_fn_with_state((house.clone(), Allow::anyone("an address that does not exist")), guard::watch);
    let fallback = axum::routing::any(|| async { Fail(Error::not_found("trang này")).into_response() });
    router
        .fallback_service(fallback.layer(nowhere))
        .layer(CsrfLayer::new())
        .layer(CompressionLayer::new().quality(tower_http::CompressionLevel::Fastest).compress_when(compressible()))
        .layer(from_fn(headers::add))
        .layer(CatchPanicLayer::new())
        .layer(tower_http::timeout::TimeoutLayer::with_status_code(http::StatusCode::REQUEST_TIMEOUT, REQUEST_TIME))
        .with_state(house.clone())
}
