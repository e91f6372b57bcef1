//! Tests of the dossiers system, each on both engines.

mod clock_back;
mod counting;
mod faults;
mod figures;
mod finding;
mod flat;
mod hands;
mod house;
mod life;
mod looks;
mod own_forms;
mod pages;
mod pages_acts;
mod pages_busy;
mod pages_counter;
mod pages_many;
mod prints;
mod procedures;
mod register;
mod sealed;
mod together;
mod world;
