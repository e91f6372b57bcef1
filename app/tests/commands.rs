//! The executable and its commands, as an administrator meets them.

mod backup;
mod deadline;
mod help;
mod import;
mod installing;
mod serving;
