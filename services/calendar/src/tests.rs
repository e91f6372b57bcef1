//! Tests of what is stored and shown; those of the computing half stand beside it.

mod cache;
mod importing;
mod inheritance;
mod pages;
mod pages_of_years;
mod world;
mod year_files;
