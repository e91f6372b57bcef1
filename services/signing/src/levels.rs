//! The levels of PAdES (ETSI EN 319 142-1, 6): a signature, with a timestamp, with what proves it, and kept alive.

use crate::evidence::Collector;
use crate::key::{SigningKey, sign_checked};
use crate::pdf::{self, Kind};
use crate::prepared::{self, HOLE_BYTES_TIMESTAMPED, Options, Prepared, prepare};
use crate::timestamp::{self, Authority};
use crate::{Certificate, SigningError, Transport};
use serde::{Deserialize, Serialize};
use types::Clock;

/// How much a signature carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// B-B: the signature alone.
    Basic,
    /// B-T: with a timestamp over it.
    Timestamped,
    /// B-LT: with the certificates and their status in the file.
    LongTerm,
    /// B-LTA: with a document timestamp over all of that.
    Archive,
}

/// What signing needs of the world outside.
pub struct Services<'a> {
    /// How servers are asked.
    pub transport: &'a dyn Transport,
    /// What time it is.
    pub clock: &'a dyn Clock,
    /// Who stamps the time.
    pub authority: &'a Authority,
    /// Roots that chains must end in.
    pub roots: &'a [Certificate],
    /// CAs between, for files that do not carry them.
    pub intermediates: &'a [Certificate],
}

/// Signs at `level` in one go, with a key that answers at once. `options.certificate` must be the key's.
///
/// # Errors
/// What [`prepare`], the key and the later steps say.
pub fn sign(
    base: &[u8],
    options: &Options,
    key: &dyn SigningKey,
    level: Level,
    services: &Services<'_>,
) -> Result<Vec<u8>, SigningError> {
    if options.certificate != *key.certificate() || options.algorithm != key.algorithm() {
        return Err(SigningError::BadCertificate("not the certificate or algorithm of the key".to_owned()));
    }
    let prepared = prepare(base, options)?;
    let signature = sign_checked(key, prepared.to_sign())?;
    finish(&prepared, &signature, level, services)
}

/// Signs at B-B with a key that answers at once, and asks no server. A timestamp can come later:
/// [`crate::add_signature_timestamp`].
///
/// # Errors
/// What [`prepare`] and the key say.
pub fn sign_basic(base: &[u8], options: &Options, key: &dyn SigningKey) -> Result<Vec<u8>, SigningError> {
    if options.certificate != *key.certificate() || options.algorithm != key.algorithm() {
        return Err(SigningError::BadCertificate("not the certificate or algorithm of the key".to_owned()));
    }
    let prepared = prepare(base, options)?;
    // Checked where it is put together.
    let cms = prepared.assemble(&key.sign(prepared.to_sign())?, None)?;
    prepared.into_signed(&cms)
}

/// The second half of [`sign`], when the signature over [`Prepared::to_sign`] is there.
///
/// # Errors
/// [`SigningError::CertificateNotValidNow`] when it ran out while the document waited, [`SigningError::BadSignature`],
/// [`SigningError::Altered`], [`SigningError::HoleTooSmall`], and what timestamps and evidence are refused for. Nothing is
/// half done: the file comes at the level asked for, or not at all, and may be asked for again.
pub fn finish(
    prepared: &Prepared,
    signature: &[u8],
    level: Level,
    services: &Services<'_>,
) -> Result<Vec<u8>, SigningError> {
    if !prepared.certificate().is_valid_at(services.clock.now()) {
        return Err(SigningError::CertificateNotValidNow);
    }
    // Checked before a timestamp is spent on it.
    let plain = prepared.assemble(signature, None)?;
    if level == Level::Basic {
        return prepared.embed(&plain);
    }
    let token = timestamp::stamp(services.authority, &[signature], services.transport, services.clock)?;
    let file = prepared.embed(&prepared.assemble(signature, Some(&token))?)?;
    match level {
        Level::Basic | Level::Timestamped => Ok(file),
        Level::LongTerm => extend_long_term(&file, services),
        Level::Archive => renew(&file, services),
    }
}

/// Adds what proves every signature and timestamp in `file`, as an update of its own: B-T becomes B-LT. What a document
/// timestamp already covers together with its evidence is proved, and nobody is asked about it again.
///
/// # Errors
/// [`SigningError::Revoked`], [`SigningError::NoEvidence`], [`SigningError::Unreachable`],
/// [`SigningError::BadCertificate`], [`SigningError::BadSignature`], [`SigningError::BadTimestamp`].
pub fn extend_long_term(file: &[u8], services: &Services<'_>) -> Result<Vec<u8>, SigningError> {
    let now = services.clock.now();
    let collector = Collector::new(services.transport, services.roots, services.intermediates, now);
    pdf::append_dss(file, &collector.collect(file)?)
}

/// Adds a document timestamp over the whole file (`ETSI.RFC3161`, EN 319 142-1, 5.4.3).
///
/// # Errors
/// What [`crate::stamp`] says, and what the file is refused for.
pub fn add_document_timestamp(file: &[u8], services: &Services<'_>) -> Result<Vec<u8>, SigningError> {
    let field = pdf::Field {
        name: "DocumentTimestamp",
        kind: Kind::DocumentTimestamp,
        placement: None,
        hole_bytes: HOLE_BYTES_TIMESTAMPED,
    };
    let (document, hole) = pdf::append_field(file, &field)?;
    let around = prepared::around(&document, &hole)?;
    let token = timestamp::stamp(services.authority, &around, services.transport, services.clock)?;
    prepared::fill(document, &hole, &token)
}

/// B-LTA, and again before the last timestamp's certificate expires: proves what is not proved yet, the last document
/// timestamp included, and stamps the whole file anew.
///
/// # Errors
/// As [`extend_long_term`] and [`add_document_timestamp`].
pub fn renew(file: &[u8], services: &Services<'_>) -> Result<Vec<u8>, SigningError> {
    add_document_timestamp(&extend_long_term(file, services)?, services)
}
