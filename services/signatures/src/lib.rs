//! Signatures as the house uses them: whom this installation trusts, who signs with which certificate, the documents that
//! wait for a signature, and pages on which anybody checks a file.
//!
//! What a signature is, and whether one holds, is the crate `signing`'s; here are the registers, the flow and the pages.
//!
//! A system enters a [`document`] for its record. Whoever holds a task of the record signs it on this crate's pages, with a
//! certificate of the register ([`signer`]); then the agency's seal follows in the same way.

mod care;
mod checking;
mod completing;
pub mod document;
mod errand;
mod handed;
pub mod look;
mod looked;
mod means;
mod pages;
mod permissions;
mod remote_job;
mod request;
mod rights;
mod sign;
mod signer;
mod tries;
pub mod trusted;
mod trusting;
mod units;

pub use care::{Care, care};
pub use checking::{Checker, FILE_BYTES_MAX};
pub use handed::{Checked, Taken, check, take};
pub(crate) use means::Received;
pub use means::{Means, RemoteSettings};
pub use pages::{CHECK, DOCUMENT, FORM_BYTES_MAX, SIGN, sample_sealed};
pub use permissions::{SIGNATURES_REGISTER, SIGNATURES_SEAL, SIGNATURES_SIGN, SIGNATURES_SIGN_OWN, SIGNATURES_TRUST};
pub use sign::{Standing, fit_to_sign, standing};
pub use signer::{NewSigner, SignerKind, bring, enter};
pub use trusting::Trusting;

use store::Migration;
use web::{Check, Job, Module, Sealed, SealedColumn};

/// The module as the house sees it. `app` puts one [`Checker`], one [`Trusting`] and one [`Means`] among the house's services.
pub static MODULE: Module = Module {
    name: "signatures",
    title: "Chữ ký số",
    migrations: &[
        Migration::new(1, "create_signatures", include_str!("../migrations/0001_create_signatures.sql")),
        Migration::new(2, "create_signing", include_str!("../migrations/0002_create_signing.sql")),
        Migration::new(
            3,
            "create_certificate_requests",
            include_str!("../migrations/0003_create_certificate_requests.sql"),
        ),
    ],
    permissions: permissions::ALL,
    routes: pages::routes,
    navigation: pages::NAVIGATION,
    indicators: &[],
    jobs: &[
        Job { name: "signatures-complete", every_seconds: 5, run: completing::round },
        Job { name: "signatures-remote", every_seconds: 2, run: sign::remote_round },
    ],
    events: &[],
    listeners: &[],
    samples: pages::samples,
    checks: &[Check { title: "Chứng thư tin cậy còn nguyên vẹn", run: trusted::check }],
    keeps: &[],
    sealed: &[Sealed {
        table: "certificate_request",
        title: "đề nghị về chứng thư",
        id: "id",
        columns: &[SealedColumn { name: "identity", what: request::IDENTITY, mark: None }],
    }],
    reindex: None,
};

#[cfg(test)]
mod tests;
