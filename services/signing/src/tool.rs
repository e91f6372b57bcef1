//! Signing with the government's desktop tool (VGCA Sign Service): the key is in a token at the signer's own computer.
//!
//! The browser hands the tool one JSON string over `wss://127.0.0.1:8987/{command}` ([`Request`]). The tool fetches the
//! file, signs it, posts it back ([`UPLOAD_FIELD`], answered with [`Receipt`]) and tells the page's script ([`Callback`]).
//! It carries no session, so that both of its requests bear a pass that is good for one [`Errand`].
//!
//! Neither what the tool says nor that a file came counts as a signature: [`accept`] looks at the bytes first.
//!
//! Names of commands and keys: the office's reference of standards, 5.4, found in code that is in use; which of them an
//! installed version wants beyond these is not verified.

mod accept;
mod command;
mod errand;
mod message;
mod refusal;

pub use accept::{Accepted, Expectation, GROWTH_BYTES_MAX, Revocation, SignedAt, Writing, accept, returned_bytes_max};
pub use command::Command;
pub use errand::{Denied, Errand, FETCHES_MAX, LIFE_SECONDS_MAX, Pass, Passes, Task};
pub use message::{Callback, CallbackError, MetaData, Receipt, Request, UPLOAD_FIELD};
pub use refusal::Refusal;
