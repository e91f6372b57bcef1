//! What the world outside sees: citizens without signing in, programs with a token, and those who keep procedures.
//! Everything goes through the router, as a browser or program would.

mod api;
mod description;
mod follow;
mod keep;
mod limits;
mod pages;
mod rights;
mod stand_in;
mod words;
mod world;
