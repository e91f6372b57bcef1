//! What comes back from the desktop tool is taken when it is the original with one good signature, and not otherwise.

#[path = "elsewhere/accept.rs"]
mod accept;
#[path = "pades/authority.rs"]
#[allow(dead_code, reason = "shared with the other tests, which use all of it")]
mod authority;
#[path = "elsewhere/desk.rs"]
mod desk;
#[path = "pades/fixture.rs"]
#[allow(dead_code, reason = "shared with the other tests, which use all of it")]
mod fixture;
#[path = "elsewhere/hostile.rs"]
mod hostile;
