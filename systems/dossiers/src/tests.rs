//! Tests of the dossiers system, each on both engines.

mod counting;
mod faults;
mod finding;
mod house;
mod life;
mod pages;
mod pages_counter;
mod prints;
mod together;
mod world;
