//! `nhaviec`: a locality's digital government in one executable.
//!
//! This crate is the list of modules, configuration and the command line: no business rules, no SQL of a system, no
//! pages but the front's own.

pub mod anchor;
pub mod backup;
pub mod bench;
pub mod commands;
pub mod demo;
pub mod front;
pub mod house;
pub mod jobs;
mod listen;
pub mod modules;
mod os;
pub mod progress;
pub mod roles;
pub mod secret;
pub mod settings;
pub mod setup;
pub mod tls;
pub mod upkeep;
pub mod vacant;
pub mod warnings;
