//! Signing by a service that holds the key and asks its owner's phone: the API of the Cloud Signature Consortium, version
//! 2.0.0.2, to which ETSI TS 119 432 binds its protocol in JSON.
//!
//! Its clauses are used so: 10.1 and 10.2 status codes and errors, 11.1 `info`, 11.2 `auth/login`, 11.4 `credentials/list`,
//! 11.5 `credentials/info`, 11.6 `credentials/authorize`, 11.7 `credentials/authorizeCheck`, 11.10 `signatures/signHash`,
//! 11.12 `signatures/signPolling`; 13.5 is the way of a key that a mobile application confirms. They were read in
//! transcriptions, and no service here was tried: what providers in Viet Nam do otherwise is not verified.
//!
//! The way of a signature: [`Account::credential`] tells certificate and algorithm, [`crate::prepare`] makes what is to be
//! signed, [`Job::new`] holds both together, [`Job::ask`] sends the hashes, and [`Job::poll`] asks, now and then, whether the
//! person has agreed. A [`Job`] can be stored between any two of these. When it is signed, [`Job::signatures`] go to
//! [`crate::finish`]. What the service answers is verified with the certificate that the document was prepared for; what it
//! says about itself counts for nothing.
//!
//! A [`TokenSource`] gives the bearer token; [`ClientCredentials`] is the office's own. A service that keeps the connection open until the
//! phone has answered does not fit, for nothing waits here.

mod check;
mod credential;
mod error;
mod job;
mod oauth;
mod service;
mod wire;

pub use credential::{Authorization, Credential, Wanted};
pub use error::RemoteError;
pub use job::{JOB_SIGNATURES_MAX, Job, Order, Proof, State, Wait};
pub use oauth::ClientCredentials;
pub use service::{ANSWER_BYTES_MAX, Account, Info, Service, Session, TokenSource, check_address};
