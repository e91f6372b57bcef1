//! The house as a whole: laws over everything that stands in the list of modules, each with a control that it catches;
//! `nhaviec check` against planted damage; the executable and its commands; bad input over HTTP; what a node tells of
//! itself.

mod bad_input;
mod certificate_requests;
mod check;
mod commands;
mod laws {
    pub mod access;
    mod engines;
    mod events;
    mod figures;
    mod floors;
    mod pages;
    mod prose;
    mod routes;
    mod schema;
    mod tidy;
}
mod left_behind;
mod moving;
mod own_forms;
mod own_hours;
mod signed_files;
mod signing_at_desk;
mod signing_ends;
mod signing_flow;
mod signing_places;
mod signing_remote;
mod upkeep;
mod watching;
mod world;
