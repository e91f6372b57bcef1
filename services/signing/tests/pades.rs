//! Signs with every kind of key at every level and asks others whether they agree: pdfsig and pyHanko.

#[path = "pades/authority.rs"]
mod authority;
#[path = "elsewhere/desk.rs"]
#[allow(dead_code, reason = "shared with the other tests, which use all of it")]
mod desk;
#[path = "pades/documents.rs"]
mod documents;
#[path = "pades/fixture.rs"]
mod fixture;
#[path = "pades/foreign.rs"]
mod foreign;
#[path = "pades/issuers.rs"]
mod issuers;
#[path = "pades/late.rs"]
mod late;
#[path = "pades/levels.rs"]
mod levels;
#[path = "pades/locks.rs"]
mod locks;
#[path = "pades/number.rs"]
mod number;
#[path = "pades/number_refused.rs"]
mod number_refused;
#[path = "pades/oracle.rs"]
mod oracle;
#[path = "pades/paper.rs"]
mod paper;
#[path = "pades/refusals.rs"]
mod refusals;
#[path = "pades/status.rs"]
mod status;
#[path = "pades/store.rs"]
mod store;
#[path = "pades/timestamps.rs"]
mod timestamps;
#[path = "pades/tokens.rs"]
mod tokens;
#[path = "pades/two_steps.rs"]
mod two_steps;
