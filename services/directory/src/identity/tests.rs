//! Numbers, dates, and cards as scanners type them under every keyboard that officers have.

mod cards;
mod numbers;
mod printed;
mod typed;
mod typing;
