//! Signs with every kind of key at every level and asks others whether they agree: pdfsig and pyHanko.

#[path = "pades/authority.rs"]
mod authority;
#[path = "pades/documents.rs"]
mod documents;
#[path = "pades/fixture.rs"]
mod fixture;
#[path = "pades/levels.rs"]
mod levels;
#[path = "pades/oracle.rs"]
mod oracle;
#[path = "pades/refusals.rs"]
mod refusals;
#[path = "pades/status.rs"]
mod status;
#[path = "pades/timestamps.rs"]
mod timestamps;
#[path = "pades/tokens.rs"]
mod tokens;
#[path = "pades/two_steps.rs"]
mod two_steps;
