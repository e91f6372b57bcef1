//! A procedure (thủ tục hành chính) as data: what it asks for, how long it takes, what it costs, who handles it.
//!
//! Each procedure is one TOML file that a locality can read, correct and import. Every fact in it says where it
//! comes from, so that a page, the API and a receipt can mark what nobody has checked yet ("chưa kiểm chứng").
//! The format is described in `procedures/README.md`.

mod charge;
mod choice;
mod doubts;
mod reader;
mod rules;

pub mod catalogue;
pub mod coverage;
pub mod definition;
pub mod errors;
pub mod fees;
pub mod form;
pub mod provenance;
pub mod requirement;
pub mod step;
pub mod takes;

pub use definition::Definition;
pub use errors::{DefinitionError, DefinitionErrors};
pub use form::check;
pub use provenance::Provenance;

#[cfg(test)]
mod tests;
