//! Electronic signatures in PDF files: PAdES from B-B to B-LTA (ETSI EN 319 142-1).
//!
//! [`prepare`] appends an empty signature to a file and says what a key must sign; [`finish`] adds the timestamp and the
//! evidence and puts the signature in, perhaps days later. [`sign`] does both at once with a [`SigningKey`] that answers.
//! [`renew`] keeps an archived file alive. Nothing that is already in a file is rewritten, so that earlier signatures
//! stay valid.
//!
//! Number and date, which a clerk gives after a leader has signed, come onto the page through [`places`].
//!
//! [`verify::verify`] is given bytes and answers with a [`verify::Report`]: it does no I/O, and never panics on what it is
//! given. It reads files with a reader of its own, which repairs nothing.
//!
//! Keys that are not in this machine sign in [`tool`] (a token at the signer's own computer, through the government's desktop
//! tool) and [`remote`] (a service that asks the signer's phone).
//!
//! Signing and stamping block: time-stamping takes seconds to minutes, so that callers use a thread that may wait and ask at
//! most four times at once.

mod algorithm;
mod asn1;
mod base64;
mod certificate;
mod cms;
mod error;
mod evidence;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod fuzzing;
mod key;
mod late;
mod levels;
mod pdf;
pub mod places;
mod prepared;
pub mod remote;
mod timestamp;
pub mod tool;
mod transport;
pub mod trust;
pub mod verify;

pub use algorithm::{Algorithm, Hash};
pub use certificate::Certificate;
pub use error::SigningError;
pub use key::{Secret, SigningKey, SoftKey, TokenKey, TokenSettings, sign_checked};
pub use late::{add_signature_timestamp, proof_ends, takes_timestamp};
pub use levels::{Level, Services, add_document_timestamp, extend_long_term, finish, renew, sign, sign_basic};
pub use pdf::{PageSize, Placement, Rectangle, Shown, check_signable, page_sizes, shown_signatures};
pub use places::{Issue, Place, PlaceKind, Reserved};
pub use prepared::{HOLE_BYTES_PLAIN, HOLE_BYTES_TIMESTAMPED, Options, Outline, Prepared, prepare};
pub use timestamp::{Authority, stamp};
pub use transport::{Answer, Asking, HttpTransport, Transport};
