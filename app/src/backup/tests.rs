//! Backups and copies between both engines, whole or refused.

mod copying;
mod directions;
mod failures;
mod folder;
mod house;
mod sealed;
