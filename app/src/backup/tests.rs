//! Backups between both engines, whole or refused.

mod directions;
mod failures;
mod folder;
mod house;
