//! Passes for the tool, which carries no session: each is good for one document, one person and a short time.
//!
//! The caller keeps the [`Errand`] and writes every change of it in the transaction that read it, so that a pass is spent
//! once although two requests come at the same moment. Only hashes of the passes are kept.

use super::Command;
use crate::{Hash, SigningError, asn1};
use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};
use std::fmt;
use types::Timestamp;
use zeroize::Zeroizing;

/// Longest life of an errand, in seconds. A leader reads before signing; the tool itself takes seconds.
pub const LIFE_SECONDS_MAX: i64 = 3600;
/// Times that the tool may fetch the file: its own HTTP client asks again when a connection breaks.
pub const FETCHES_MAX: u8 = 3;

/// What somebody is to sign.
#[derive(Debug, Clone)]
pub struct Task<'a> {
    /// The document's name among the caller's.
    pub document: &'a str,
    /// Whose signature is waited for.
    pub person: &'a str,
    /// What the tool is asked.
    pub command: Command,
    /// The file as it will be fetched.
    pub original: &'a [u8],
}

/// A pass as it stands in an address: 256 random bits in base64url. It is wiped when dropped, and never printed.
pub struct Pass(Zeroizing<String>);

impl Pass {
    fn new() -> Result<Self, SigningError> {
        Ok(Self(Zeroizing::new(BASE64URL_NOPAD.encode(&asn1::random::<32>()?))))
    }

    /// The text, for the address that the tool is given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Pass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pass(…)")
    }
}

/// The two passes of an errand. They are not the same, so that who sees one address cannot use the other.
#[derive(Debug)]
pub struct Passes {
    /// For fetching the file.
    pub fetch: Pass,
    /// For handing in the signed one.
    pub hand_in: Pass,
}

/// A document out to be signed. The caller stores it; it tells nobody the passes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Errand {
    document: String,
    person: String,
    command: Command,
    #[serde(with = "crate::base64")]
    hash: Vec<u8>,
    given: Timestamp,
    until: Timestamp,
    #[serde(with = "crate::base64")]
    fetch: Vec<u8>,
    #[serde(with = "crate::base64")]
    hand_in: Vec<u8>,
    fetches: u8,
    used: Option<Timestamp>,
}

/// Why a pass is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// No such pass, or one for another document; which of them is not told.
    #[error("Liên kết ký không đúng. Hãy mở lại văn bản và bấm ký lần nữa.")]
    Unknown,
    /// Its time is over.
    #[error("Phiên ký đã hết hạn. Hãy mở lại văn bản và bấm ký lần nữa.")]
    Late,
    /// It was used already.
    #[error("Liên kết ký này đã được dùng. Hãy mở lại văn bản để xem kết quả; nếu chưa ký, hãy bấm ký lần nữa.")]
    Used,
    /// Another person, document or command than the errand's.
    #[error("Phiên ký này không phải của bạn hoặc không phải cho văn bản này.")]
    Stranger,
}

impl From<Denied> for types::Error {
    fn from(denied: Denied) -> Self {
        Self::Forbidden(denied.to_string())
    }
}

impl Errand {
    /// Sends a document out for so many seconds, [`LIFE_SECONDS_MAX`] at most.
    ///
    /// # Errors
    /// [`SigningError::Internal`] when the system gives no random bytes.
    pub fn new(task: &Task<'_>, now: Timestamp, seconds: i64) -> Result<(Self, Passes), SigningError> {
        let passes = Passes { fetch: Pass::new()?, hand_in: Pass::new()? };
        let errand = Self {
            document: task.document.to_owned(),
            person: task.person.to_owned(),
            command: task.command,
            hash: hash(task.original),
            given: now,
            until: now.plus_seconds(seconds.clamp(0, LIFE_SECONDS_MAX)),
            fetch: hash(passes.fetch.as_str().as_bytes()),
            hand_in: hash(passes.hand_in.as_str().as_bytes()),
            fetches: 0,
            used: None,
        };
        Ok((errand, passes))
    }

    /// The tool fetches `document`. Store the errand before giving the file.
    ///
    /// # Errors
    /// [`Denied::Unknown`], [`Denied::Late`], [`Denied::Used`] after [`FETCHES_MAX`] times or when the file was handed in.
    pub fn fetch(&mut self, pass: &str, document: &str, now: Timestamp) -> Result<(), Denied> {
        self.check(pass, &self.fetch, document, now)?;
        if self.fetches >= FETCHES_MAX {
            return Err(Denied::Used);
        }
        self.fetches += 1;
        Ok(())
    }

    /// The tool hands in `document`. The pass is spent, whatever comes of the file; store the errand before looking at it.
    ///
    /// # Errors
    /// [`Denied::Unknown`], [`Denied::Late`], [`Denied::Used`].
    pub fn hand_in(&mut self, pass: &str, document: &str, now: Timestamp) -> Result<(), Denied> {
        self.check(pass, &self.hand_in, document, now)?;
        self.used = Some(now);
        Ok(())
    }

    /// Where there is a session, at the beginning and when the page's script says that the tool is done.
    ///
    /// # Errors
    /// [`Denied::Stranger`].
    pub fn belongs_to(&self, person: &str, document: &str, command: Command) -> Result<(), Denied> {
        let own = self.person == person && self.document == document && self.command == command;
        if own { Ok(()) } else { Err(Denied::Stranger) }
    }

    /// Whether this is the file that was sent out, to the letter.
    pub fn is_over(&self, original: &[u8]) -> bool {
        same(&self.hash, &hash(original))
    }

    /// What the tool was asked.
    pub fn command(&self) -> Command {
        self.command
    }

    /// Whose signature is waited for.
    pub fn person(&self) -> &str {
        &self.person
    }

    /// When it was sent out: nothing that comes back was signed before.
    pub fn given(&self) -> Timestamp {
        self.given
    }

    /// Until when its passes are good.
    pub fn until(&self) -> Timestamp {
        self.until
    }

    /// When something was handed in.
    pub fn used(&self) -> Option<Timestamp> {
        self.used
    }

    fn check(&self, pass: &str, known: &[u8], document: &str, now: Timestamp) -> Result<(), Denied> {
        // Both are looked at whatever the other says.
        let (pass, document) = (same(&hash(pass.as_bytes()), known), self.document == document);
        if !(pass & document) {
            return Err(Denied::Unknown);
        }
        if now < self.given || now > self.until {
            return Err(Denied::Late);
        }
        if self.used.is_some() { Err(Denied::Used) } else { Ok(()) }
    }
}

fn hash(bytes: &[u8]) -> Vec<u8> {
    Hash::Sha256.of(&[bytes])
}

/// Compares in the same time wherever they differ.
fn same(a: &[u8], b: &[u8]) -> bool {
    let differing = a.iter().zip(b).fold(0u8, |sum, (a, b)| std::hint::black_box(sum | (a ^ b)));
    a.len() == b.len() && differing == 0
}

#[cfg(test)]
mod tests;
