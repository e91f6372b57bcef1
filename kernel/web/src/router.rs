//! From the list of modules to one router.

use crate::allow::Allow;
use crate::answer::Fail;
use crate::cross_site;
use crate::guard;
use crate::headers;
use crate::house::House;
use crate::patience::Patience;
use crate::tally;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::response::IntoResponse;
use std::convert::Infallible;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate};
use tower_http::csrf::CsrfLayer;
use tower_http::limit::RequestBodyLimitLayer;
use types::Error;

/// Everything but what is compressed already: fonts, pictures, prints.
fn compressible() -> impl Predicate {
    DefaultPredicate::new()
        .and(NotForContentType::const_new("font/"))
        .and(NotForContentType::const_new("application/pdf"))
}

/// All routes of all modules, each behind its guard.
pub fn router(house: &House) -> Router {
    router_with(house, Patience::with_bodies_of)
}

/// The same with this patience for a route, by the size of its largest body.
pub(crate) fn router_with(house: &House, patience: impl Fn(usize) -> Patience) -> Router {
    let mut router = Router::<House>::new();
    for module in house.modules() {
        for route in (module.routes)().list() {
            let guarded = route
                .handler
                .clone()
                .layer::<_, Infallible>(DefaultBodyLimit::disable())
                .layer::<_, Infallible>(RequestBodyLimitLayer::new(route.body_max))
                .layer::<_, Infallible>(from_fn_with_state(
                    (house.clone(), route.allow, patience(route.body_max)),
                    guard::watch,
                ));
            router = router.route(route.path, guarded);
        }
    }
    let nowhere = (house.clone(), Allow::anyone("an address that does not exist"), patience(0));
    let nowhere = from_fn_with_state(nowhere, guard::watch);
    let fallback = axum::routing::any(|| async { Fail(Error::not_found("trang này")).into_response() });
    router
        .fallback_service(fallback.layer(nowhere))
        .layer(CsrfLayer::new())
        .layer(from_fn_with_state(house.clone(), cross_site::tell))
        .layer(CompressionLayer::new().quality(tower_http::CompressionLevel::Fastest).compress_when(compressible()))
        .layer(CatchPanicLayer::new())
        // Outside of what catches a panic: its answer is drawn by a browser, too.
        .layer(from_fn_with_state(house.clone(), headers::add))
        .layer(from_fn_with_state(house.clone(), tally::count))
        .with_state(house.clone())
}
