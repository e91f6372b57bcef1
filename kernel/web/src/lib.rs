//! The web floor: what a module is, routes that say who may use them, the request's context, answers and errors as data.
//!
//! Knows no template: a handler answers a [`Page`] and the `ui` service draws the shell around it at response time.

pub mod allow;
pub mod answer;
pub mod api;
pub mod client;
pub mod cookies;
mod cross_site;
pub mod ctx;
pub mod extract;
pub mod guard;
pub mod headers;
pub mod house;
pub mod module;
pub mod page;
pub mod patience;
pub mod router;
pub mod routes;
pub mod tally;
mod unread;
pub mod who;

pub use allow::{Allow, Permission, Reach};
pub use answer::{Fail, Outcome, see, status};
pub use ctx::Ctx;
pub use extract::{Fields, Form, Path, Query};
pub use house::{House, Settings};
pub use module::{Check, Indicator, Job, Keep, Mark, Module, NavItem, Sealed, SealedColumn, Span};
pub use page::{Counts, Draw, Page, Sample, Surface};
pub use router::router;
pub use routes::{Route, Routes};
pub use who::{Gate, HeldPost, Officer, Who};

#[cfg(test)]
mod tests;
