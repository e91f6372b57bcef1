//! Tests of the directory through the front door, on both engines.

mod accounts;
mod caches;
mod install;
mod keeping;
mod laws;
mod limits;
mod posts;
mod rights;
mod roles;
mod second_factor;
mod sessions;
mod sign_in;
mod stand_ins;
mod units;
mod world;
