//! Remote signatures with a service that says what a script tells it to.

#[path = "pades/authority.rs"]
#[allow(dead_code, reason = "shared with the other tests, which use all of it")]
mod authority;
#[path = "pades/fixture.rs"]
#[allow(dead_code, reason = "shared with the other tests, which use all of it")]
mod fixture;
#[path = "elsewhere/http.rs"]
mod http;
#[path = "elsewhere/liars.rs"]
mod liars;
#[path = "elsewhere/remote.rs"]
mod remote;
#[path = "elsewhere/script.rs"]
mod script;
