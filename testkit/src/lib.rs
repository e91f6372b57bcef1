//! What tests of the house need: fresh databases on both engines, a person at a browser, and laws over the schema.
//!
//! Everything here is synchronous: a store on PostgreSQL must not be opened inside a tokio runtime, and a test reads
//! better without one. [`Client`] runs the router on a runtime of its own.

mod authenticator;
mod checkout;
pub mod client;
mod clock;
mod database;
pub mod fuzzed;
pub mod laws;
pub mod postgres;
pub mod simulator;

pub use authenticator::{Authenticator, Slip};
pub use checkout::checkout;
pub use client::{Answer, Client, Form, Page, Part};
pub use clock::{clock, options, options_at};
pub use database::{TestDatabase, each_engine, fresh_command};
pub use simulator::Simulator;
