//! Signatures as the house uses them: whom this installation trusts, and pages on which anybody checks a file.
//!
//! What a signature is, and whether one holds, is the crate `signing`'s; here are the registers and the pages.

mod checking;
mod handed;
mod pages;
mod permissions;
pub mod trusted;
mod trusting;

pub use checking::{Checker, FILE_BYTES_MAX};
pub use handed::{Checked, Taken, check, take};
pub use pages::{CHECK, FORM_BYTES_MAX};
pub use permissions::SIGNATURES_TRUST;
pub use trusting::Trusting;

use store::Migration;
use web::{Check, Module};

/// The module as the house sees it. `app` puts one [`Checker`] and one [`Trusting`] among the house's services.
pub static MODULE: Module = Module {
    name: "signatures",
    title: "Chữ ký số",
    migrations: &[Migration::new(1, "create_signatures", include_str!("../migrations/0001_create_signatures.sql"))],
    permissions: permissions::ALL,
    routes: pages::routes,
    navigation: pages::NAVIGATION,
    indicators: &[],
    jobs: &[],
    events: &[],
    listeners: &[],
    samples: pages::samples,
    checks: &[Check { title: "Chứng thư tin cậy còn nguyên vẹn", run: trusted::check }],
    reindex: None,
};

#[cfg(test)]
mod tests;
