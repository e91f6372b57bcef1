//! The executable and its commands, as an administrator meets them.

mod backup;
mod copy;
mod deadline;
mod encrypted;
mod help;
mod import;
mod installing;
mod key_change;
mod key_file;
mod looks;
mod progress;
mod serving;
mod setup;
