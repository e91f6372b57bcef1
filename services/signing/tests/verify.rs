//! Verification against material that other programs made: honest files, and a set of attacks with pyHanko's answer.

#[path = "verify/limits.rs"]
mod limits;
#[path = "verify/material.rs"]
mod material;
#[path = "verify/set.rs"]
mod set;
#[path = "verify/trust.rs"]
mod trust;
